"""Purchase orders, never listed: read by id once a receipt or bill names them.

An order is kept as what NetSuite has to hold: how far it has come (status, quantities received,
stamps) is no part of it. Where more was received than ordered, or something that was not on the
order, the order counts as grown by that, because NetSuite receives and bills by the order's lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal, localcontext
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, unreadable
from servicetitan_netsuite.servicetitan.listing import INVENTORY, Listing
from servicetitan_netsuite.servicetitan.markup import plain_text
from servicetitan_netsuite.servicetitan.purchase import by_id, goods, value_of
from servicetitan_netsuite.servicetitan.receipts import receipts_of
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, pieces, rows_by_id
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
    business_day,
    identifier,
    iso,
    lines_of,
    optional_id,
    plain,
    row_id,
    rows_of,
    text,
    text_or,
)
from servicetitan_netsuite.tenants import Tenant

ORDERS = Listing(
    type=DocumentType.PURCHASE_ORDER,
    module=INVENTORY,
    path="purchase-orders",
    number_field="number",
    by_number="number",
)
CANCELED = "Canceled"
RECEIVED = "r"
"""How the id begins of a line that only a receipt has: the rest is the receipt line's id."""
_PRECISION = 80


async def orders(
    client: ServiceTitan, tenant: Tenant, ids: Iterable[str]
) -> AsyncGenerator[Found, None]:
    """The purchase orders `ids`; what is not there is left out."""
    for piece in pieces(list(dict.fromkeys(ids)), IDS_A_CALL):
        rows = await rows_by_id(client, ORDERS, piece)
        received = await receipts_of(client, rows, tenant.zone)
        for id_, row in rows.items():
            try:
                yield document(row, received[id_], tenant.zone)
            except Misshapen as error:
                yield unreadable(row, str(error), ORDERS.number_field)


def document(row: Json, receipts: Sequence[Json], zone: tzinfo) -> SourceDocument:
    """The order that a row and the contents of its receipts make.

    Its content names in `received` what each line of a receipt answers to; that is no part of its
    version.

    Raises:
        Misshapen: naming line and field.
    """
    id_ = row_id(row.get("id"), "id")
    day = business_day(row.get("date"), "date", zone)
    lines = lines_of(rows_of(row.get("items"), "items"), _line)
    lines, received = _grown(lines, [line for each in receipts for line in each["lines"]])
    content: Json = {
        "header": {
            "id": id_,
            "number": identifier(text_or(row.get("number"), id_), "number"),
            "date": iso(day),
            "canceled": row.get("status") == CANCELED,
            "memo": plain_text(row.get("summary"), "summary"),
            "vendor": by_id(row.get("vendorId"), "vendorId"),
            "business_unit": by_id(row.get("businessUnitId"), "businessUnitId"),
            "place": optional_id(row.get("inventoryLocationId"), "inventoryLocationId"),
            "batch": None,
        },
        "lines": lines,
        "received": received,
    }
    amount = sum((value_of(line) for line in lines), Decimal(0))
    return document_of(DocumentType.PURCHASE_ORDER, content, day, amount)


def _line(raw: object, where: str) -> Json:
    if not isinstance(raw, dict):
        raise Misshapen(where, raw, "a record")
    name = text(raw.get("skuName"), f"{where}: skuName")
    line = {"id": row_id(raw.get("id"), f"{where}: id"), **goods(raw, where, "skuCode")}
    return line | {"description": line["description"] or name}


def _grown(lines: list[Json], received: Sequence[Json]) -> tuple[list[Json], list[Json]]:
    """The lines with what was received beyond them, and which line each receipt line is of."""
    own = {line["id"]: line for line in lines}
    came: defaultdict[str, Decimal] = defaultdict(Decimal)
    answers: list[Json] = []
    further: list[Json] = []
    with localcontext() as context:
        context.prec = _PRECISION
        for one in received:
            key = one["order_line"] if one["order_line"] in own else f"{RECEIVED}{one['id']}"
            came[key] += Decimal(one["quantity"])
            answers.append({"item": one["id"], "line": key, "account": one["account"]})
            if key not in own:
                kept: dict[str, Any] = {
                    n: one[n] for n in ("sku", "description", "quantity", "cost")
                }
                further.append({"id": key, **kept})
    grown = [
        line | {"quantity": plain(max(Decimal(line["quantity"]), came[line["id"]]))}
        for line in lines
    ]
    further.sort(key=lambda line: int(line["id"].removeprefix(RECEIVED)))
    answers.sort(key=lambda answer: int(answer["item"]))
    return [*grown, *further], answers
