"""What orders, receipts and bills of vendors have in common, in the one form the sync keeps."""

from __future__ import annotations

from decimal import Decimal, localcontext

from servicetitan_netsuite.documents import Json, to_cents
from servicetitan_netsuite.servicetitan.markup import plain_text
from servicetitan_netsuite.servicetitan.shape import (
    decimal,
    money,
    optional_id,
    plain,
    text,
    text_or,
)

_PRECISION = 80


def by_id(value: object, field: str) -> Json | None:
    """A reference of which the list tells the id alone; None for null and 0."""
    found = optional_id(value, field)
    return {"id": found} if found else None


def amount(value: object, field: str) -> Decimal:
    """Money, nothing where it is null or blank."""
    return money(text_or(value, "0"), field)


def goods(row: Json, where: str, code: str) -> Json:
    """SKU, description, quantity and cost of a line; `code` is what its SKU's code is called."""
    quantity = decimal(row.get("quantity"), f"{where}: quantity")
    cost = money(row.get("cost"), f"{where}: cost")
    sku = optional_id(row.get("skuId"), f"{where}: skuId")
    return {
        "sku": sku and {"id": sku, "code": text(row.get(code), f"{where}: {code}")},
        "description": plain_text(row.get("description"), f"{where}: description"),
        "quantity": plain(quantity),
        "cost": plain(cost),
    }


def value_of(line: Json) -> Decimal:
    """Quantity times cost of a line, in cents."""
    with localcontext() as context:
        context.prec = _PRECISION
        return to_cents(Decimal(line["quantity"]) * Decimal(line["cost"]))
