"""Vendor bills that wait to be synced: one type, read from ServiceTitan's newer list of bills.

That list shows one kind of bill at a time: those of purchase orders, and those without. The older
list shows fewer fields of the same bills; it is read only where the app may not read the newer one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import NotAllowed, ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported
from servicetitan_netsuite.servicetitan.found import Found, document_of, each_once
from servicetitan_netsuite.servicetitan.listing import POSTED, Listing, is_posted
from servicetitan_netsuite.servicetitan.markup import plain_text
from servicetitan_netsuite.servicetitan.purchase import amount, goods
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.servicetitan.selection import rows_by_id, selected
from servicetitan_netsuite.servicetitan.shape import (
    account_called,
    an_object,
    business_day,
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
    version_of,
)
from servicetitan_netsuite.tenants import Tenant

CANCELED = "Canceled"
_KINDS = ("Procurement", "ApBill")
_OLDER = "older_list"
"""In a bill's content: read from the older list. It is no part of the version."""
BILLS = Listing(
    type=DocumentType.VENDOR_BILL,
    path="ap-bills",
    id_field="billId",
    by_number="billNumber",
    named_marks=False,
    marked_by="billIds",
)
OLDER_BILLS = replace(
    BILLS,
    path="inventory-bills/paginated",
    id_field="inventoryBillId",
    marked_by="inventoryBillIds",
    marks_path="inventory-bills",
)


async def pending_bills(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Found, None]:
    """Every posted bill that is not canceled, once each; what is unreadable comes as such.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids.
        batch: only the batch of this number, id or name.
        ids: exactly these ids, whatever else is asked for.
    """

    def read(row: Json) -> SourceDocument:
        bill = document(row, tenant.zone)
        return replace(bill, content={**bill.content, _OLDER: True}) if older else bill

    seen: set[str] = set()
    asked, exactly = list(documents), list(ids)
    kind = await _readable(client)
    older = kind is OLDER_BILLS
    for bill_type in _KINDS:
        filters = {"syncStatuses": POSTED, "billType": bill_type}
        rows = selected(client, kind, filters, asked, batch, exactly)
        async for found in each_once(rows, kind, read, waits=_waits, seen=seen):
            yield found


async def still_pending(client: ServiceTitan, ids: Sequence[str]) -> set[str]:
    """Those of the bills `ids` that still wait to be synced; of an unreadable one nobody knows."""
    kind = await _readable(client)
    found: set[str] = set()
    for bill_type in _KINDS:
        rows = await rows_by_id(client, _showing(kind, bill_type), ids)
        found.update(id_ for id_, row in rows.items() if _waits(row))
    return found


async def mark_bills(client: ServiceTitan, marks: Sequence[Mark]) -> dict[str, Marked]:
    """Mark bills exported; what became of each, by source id, as `mark_exported` tells."""
    kind = await _readable(client)
    found = await mark_exported(client, _showing(kind, _KINDS[0]), marks)
    # A bill that was refused and is not of the first kind has to be looked for among the others.
    left = [mark for mark in marks if found[mark.source_id].reported is Reported.GONE]
    if left:
        found |= await mark_exported(client, _showing(kind, _KINDS[1]), left)
    return found


def document(row: Json, zone: tzinfo) -> SourceDocument:
    """The bill that a row makes: what was bought by SKU, and other expenses by account.

    Raises:
        Misshapen: naming line and field.
    """
    id_ = row_id(row.get("id"), "id")
    day = business_day(row.get("postDate"), "postDate", zone)
    total = money(row.get("billAmount"), "billAmount")
    content: Json = {"header": _header(row, id_, zone), "lines": _lines(row)}
    content["header"] |= {"date": iso(day), "total": plain(total)}
    return document_of(DocumentType.VENDOR_BILL, content, day, total)


def as_posted(bill: SourceDocument, posted: Json, version: int) -> SourceDocument:
    """The bill, at the `version` it was posted at where only the list that shows it is another.

    Args:
        bill: as ServiceTitan shows it now.
        posted: the content it was posted with.
        version: the version of that.
    """
    now_older, then_older = (bool(content.get(_OLDER)) for content in (bill.content, posted))
    if bill.version == version or now_older == then_older:
        return bill
    if now_older:
        return replace(bill, version=version) if _told_less(posted) == bill.version else bill
    # What the older list did not tell of expenses is not in NetSuite.
    unknown = any(Decimal(line["amount"]) for line in bill.content["lines"] if _is_expense(line))
    same = not unknown and _told_less(bill.content) == version
    return replace(bill, version=version) if same else bill


def _told_less(content: Json) -> int:
    """The version of a bill of the newer list as the older one would show it."""
    lines = [line | {"place": None} for line in content["lines"] if not _is_expense(line)]
    return version_of({"header": content["header"], "lines": lines})


def _is_expense(line: Json) -> bool:
    return "amount" in line


async def _readable(client: ServiceTitan) -> Listing:
    """The list of bills that the app may read."""
    try:
        await client.page(BILLS.module, BILLS.path, None, 1, 1)
    except NotAllowed:
        await client.page(OLDER_BILLS.module, OLDER_BILLS.path, None, 1, 1)
        return OLDER_BILLS
    return BILLS


def _showing(kind: Listing, bill_type: str) -> Listing:
    return replace(kind, any_state={"billType": bill_type})


def _waits(row: Json) -> bool:
    return is_posted(row) and row.get("status") != CANCELED


def _header(row: Json, id_: str, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": id_,
        "number": identifier(text_or(row.get("referenceNumber"), id_), "referenceNumber"),
        "vendor_number": text(row.get("vendorNumber"), "vendorNumber"),
        "due_date": iso(business_day(row.get("dueDate"), "dueDate", zone)),
        "tax": plain(amount(row.get("taxAmount"), "taxAmount")),
        "shipping": plain(amount(row.get("shippingAmount"), "shippingAmount")),
        "term": text(row.get("termName"), "termName"),
        "memo": plain_text(row.get("summary"), "summary"),
        "vendor": linked(row.get("vendor"), "vendor", "name"),
        "business_unit": linked(row.get("businessUnit"), "businessUnit", "name"),
        "order": optional_id(row.get("purchaseOrderId"), "purchaseOrderId"),
        "batch": linked(row.get("batch"), "batch", "number", "name"),
    }


def _lines(row: Json) -> list[Json]:
    """What was bought, then other expenses, each by id."""
    items = rows_of(row.get("items"), "items")
    expenses = rows_of(row.get("expenseItems"), "expenseItems")
    return lines_of(items, _item) + lines_of(expenses, _expense, "expense")


def _item(raw: object, where: str) -> Json:
    row = an_object(raw, where)
    place = row.get("inventoryLocation")
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        **goods(row, where, "skuCode"),
        "account": account_called(
            row.get("generalLedgerAccount"), f"{where}: generalLedgerAccount"
        ),
        "receipt_line": optional_id(row.get("receiptItemId"), f"{where}: receiptItemId"),
        # The older list tells a location by name alone.
        "place": optional_id(place.get("id"), f"{where}: inventoryLocation")
        if isinstance(place, dict)
        else None,
    }


def _expense(raw: object, where: str) -> Json:
    row = an_object(raw, where)
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        "amount": plain(money(row.get("amount"), f"{where}: amount")),
        "description": plain_text(row.get("description"), f"{where}: description"),
        "account": account_called(
            row.get("generalLedgerAccount"), f"{where}: generalLedgerAccount"
        ),
        "business_unit": linked(row.get("businessUnit"), f"{where}: businessUnit", "name"),
    }
