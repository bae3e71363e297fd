"""Inventory adjustments that are posted: a list that only grows, lines and all in one row."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime, tzinfo
from decimal import Decimal, localcontext

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, each_once
from servicetitan_netsuite.servicetitan.listing import (
    INVENTORY,
    POSTED,
    Listing,
    dated_since,
    modified_since,
)
from servicetitan_netsuite.servicetitan.selection import selected
from servicetitan_netsuite.servicetitan.shape import (
    an_object,
    business_day,
    decimal,
    identifier,
    iso,
    lines_of,
    linked,
    money,
    optional_id,
    plain,
    row_id,
    rows_of,
    text,
    text_or,
)
from servicetitan_netsuite.tenants import Tenant

ADJUSTMENTS = Listing(
    type=DocumentType.INVENTORY_ADJUSTMENT,
    module=INVENTORY,
    path="adjustments",
    any_state={"active": "Any"},
    number_field="number",
    by_number="number",
    watermarked=True,
)
_PENDING = {"syncStatuses": POSTED, "active": "True"}
_PRECISION = 80


def pending_adjustments(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    since: datetime | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Found, None]:
    """Every posted adjustment, once each; what cannot be taken over comes as `Unreadable`.

    The list only grows: of all of it, what is from before go-live is not asked for.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids.
        batch: only the batch of this number, id or name.
        since: only what was modified then or later, with a time zone.
        ids: exactly these ids, whatever else is asked for.
    """
    names, exact = list(documents), list(ids)
    filters = _PENDING | modified_since(since)
    if not (names or batch or exact or since):
        filters |= dated_since("dateOnOrAfter", tenant.sync.from_)
    rows = selected(client, ADJUSTMENTS, filters, names, batch, exact)
    return each_once(rows, ADJUSTMENTS, lambda row: document(row, tenant.zone))


def document(row: Json, zone: tzinfo) -> SourceDocument:
    """The document that a row makes, its lines in the order of their ids.

    Its amount is by how much the stock is worth more, or less, after it.

    Raises:
        Misshapen: naming line and field.
    """
    day = business_day(row.get("date"), "date", zone)
    id_ = row_id(row.get("id"), "id")
    lines = lines_of(rows_of(row.get("items"), "items"), _line)
    content: Json = {
        "header": {
            "id": id_,
            "number": identifier(text_or(row.get("number"), id_), "number"),
            "date": iso(day),
            "kind": text(row.get("type"), "type"),
            "memo": text(row.get("memo"), "memo"),
            "business_unit": _unit(row),
            "batch": linked(row.get("batch"), "batch", "number", "name"),
        },
        "lines": lines,
    }
    return document_of(DocumentType.INVENTORY_ADJUSTMENT, content, day, _moved(lines))


def _line(raw: object, where: str) -> Json | None:
    """A line; None for one that was taken off."""
    row = an_object(raw, where)
    if row.get("active") is False:
        return None
    sku = optional_id(row.get("skuId"), f"{where}: skuId")
    code = text(row.get("code"), f"{where}: code")
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        "sku": {"id": sku, "code": code} if sku else None,
        "description": text(row.get("description"), f"{where}: description"),
        "quantity": plain(decimal(text_or(row.get("quantity"), "0"), f"{where}: quantity")),
        "total_cost": plain(money(row.get("totalCost"), f"{where}: totalCost")),
    }


def _unit(row: Json) -> Json | None:
    unit = optional_id(row.get("businessUnitId"), "businessUnitId")
    return {"id": unit, "name": None} if unit else None


def _moved(lines: Iterable[Json]) -> Decimal:
    with localcontext() as context:
        context.prec = _PRECISION
        return abs(sum((Decimal(line["total_cost"]) for line in lines), Decimal(0)))
