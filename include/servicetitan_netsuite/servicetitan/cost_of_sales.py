"""The cost of what an invoice sold out of the inventory: a further record of the same invoice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from servicetitan_netsuite.documents import COST_OF_SALES, Json, SourceDocument
from servicetitan_netsuite.servicetitan.shape import MOST_MONEY, plain, version_of


def cost_of_sales(invoice: SourceDocument) -> SourceDocument | None:
    """The part `cogs` of an invoice; None where no inventory line of it has a cost.

    Its content holds only what it needs, so that it stays as it is when prices change; its amount
    is the cost of all lines, what was taken back less.
    """
    lines = [line for line in map(_line, invoice.content["lines"]) if line is not None]
    if not lines:
        return None
    # Costs that cannot be are refused line by line; their sum must not stop the others' ledger.
    amount = sum((Decimal(line["total_cost"]) for line in lines), Decimal(0))
    header = {name: invoice.content["header"][name] for name in ("id", "date", "business_unit")}
    content: Json = {"header": {**header, "invoice": invoice.number}, "lines": lines}
    return replace(
        invoice,
        part=COST_OF_SALES,
        number=f"{invoice.number}-COGS",
        content=content,
        version=version_of(content),
        amount=amount if abs(amount) < MOST_MONEY else Decimal(0),
    )


def _line(line: Json) -> Json | None:
    """What its cost needs of a line; the cost of a negative quantity is negative."""
    cost = Decimal(line["total_cost"] or 0)
    if not line["inventory"] or not cost:
        return None
    returned = Decimal(line["quantity"] or 0) < 0
    kept = ("id", "sku", "cost_of_sale_account", "asset_account", "business_unit")
    return {
        **{name: line[name] for name in kept},
        "total_cost": plain(-abs(cost) if returned else cost),
    }
