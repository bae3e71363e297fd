"""Receipts that wait to be synced: posted in ServiceTitan, never reported back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import date, datetime, tzinfo
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, each_once
from servicetitan_netsuite.servicetitan.listing import (
    EXPORTED,
    INVENTORY,
    POSTED,
    Listing,
    dated_since,
    modified_since,
)
from servicetitan_netsuite.servicetitan.markup import plain_text
from servicetitan_netsuite.servicetitan.purchase import amount, by_id, goods
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, PAGE, pieces, selected
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
    account_called,
    an_object,
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

RECEIPTS = Listing(
    type=DocumentType.RECEIPT,
    module=INVENTORY,
    path="receipts",
    any_state={"active": "Any"},
    number_field="number",
    by_number="number",
    watermarked=True,
)
_PENDING = {"syncStatuses": POSTED, "active": "True"}


def pending_receipts(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
    since: datetime | None = None,
) -> AsyncGenerator[Found, None]:
    """Every posted receipt, once each; what cannot be taken over comes as `Unreadable`.

    The list only grows: of all of it, what is from before go-live is not asked for.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids.
        batch: only the batch of this id.
        ids: exactly these ids, whatever else is asked for.
        since: only what was modified then or later, with a time zone.
    """
    names, exact = list(documents), list(ids)
    if names or batch or exact or since:
        filters = _PENDING | modified_since(since)
        rows = selected(client, RECEIPTS, filters, names, batch, exact)
    else:
        rows = _since_go_live(client, tenant.sync.from_)
    return each_once(rows, RECEIPTS, lambda row: document(row, tenant.zone))


async def _since_go_live(client: ServiceTitan, day: date) -> AsyncGenerator[Any, None]:
    """Rows of what was received on `day` or later, and of what has no such date.

    A receipt need not say when it came, and no query asks for those that do not: they are looked
    for among what was modified since. One that is given its date later is modified then.
    """
    dated = _PENDING | dated_since("receivedOnOrAfter", day)
    async for row in selected(client, RECEIPTS, dated):
        yield row
    touched = _PENDING | dated_since("modifiedOnOrAfter", day)
    async for row in selected(client, RECEIPTS, touched):
        if not isinstance(row, dict) or not isinstance(row.get("receivedOn"), str):
            yield row


async def receipts_of(
    client: ServiceTitan, orders: Iterable[str], zone: tzinfo
) -> dict[str, list[Json]]:
    """Contents of the receipts of each order that are posted or exported, by order id.

    A receipt that cannot be read is left out: where it is read for its own sake it is named.
    """
    found: dict[str, dict[str, Json]] = {order: {} for order in orders}
    for piece in pieces(list(found), IDS_A_CALL):
        filters = {"purchaseOrderIds": ",".join(piece), "active": "True"}
        async for rows in client.pages(INVENTORY, RECEIPTS.path, filters, PAGE):
            for row in rows:
                content = _counted(row, zone)
                if content is not None and content["header"]["order"] in found:
                    header = content["header"]
                    found[header["order"]][header["id"]] = content
    return {order: [held[each] for each in sorted(held, key=int)] for order, held in found.items()}


def _counted(row: Any, zone: tzinfo) -> Json | None:
    if not isinstance(row, dict) or row.get("active") is False:
        return None
    if row.get("syncStatus") not in (POSTED, EXPORTED):
        return None
    try:
        return document(row, zone).content
    except Misshapen:
        return None


def document(row: Json, zone: tzinfo) -> SourceDocument:
    """The receipt that a row makes: what came of which line of which order.

    Raises:
        Misshapen: naming line and field.
    """
    id_ = row_id(row.get("id"), "id")
    day = business_day(row.get("receivedOn"), "receivedOn", zone)
    total = amount(row.get("receiptAmount"), "receiptAmount")
    items = rows_of(row.get("items"), "items")
    content: Json = {
        "header": {
            "id": id_,
            "number": identifier(text_or(row.get("number"), id_), "number"),
            "date": iso(day),
            "total": plain(total),
            "memo": plain_text(row.get("memo"), "memo"),
            "vendor_number": text(row.get("vendorInvoiceNumber"), "vendorInvoiceNumber"),
            "order": optional_id(row.get("purchaseOrderId"), "purchaseOrderId"),
            "vendor": by_id(row.get("vendorId"), "vendorId"),
            "business_unit": by_id(row.get("businessUnitId"), "businessUnitId"),
            "place": optional_id(row.get("inventoryLocationId"), "inventoryLocationId"),
            "batch": by_id(row.get("batchId"), "batchId"),
        },
        "lines": lines_of(items, _line),
    }
    return document_of(DocumentType.RECEIPT, content, day, total)


def _line(raw: object, where: str) -> Json:
    row = an_object(raw, where)
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        **goods(row, where, "code"),
        "account": account_called(
            row.get("generalLedgerAccount"), f"{where}: generalLedgerAccount"
        ),
        "order_line": optional_id(row.get("purchaseOrderItemId"), f"{where}: purchaseOrderItemId"),
    }
