"""Payments that wait to be synced, and earlier ones to which something may have been added."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import tzinfo
from functools import partial

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, each_once
from servicetitan_netsuite.servicetitan.listing import EXPORTED, POSTED, Listing, known_id
from servicetitan_netsuite.servicetitan.selection import PAGE, rows_by_id, selected
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
    an_object,
    business_day,
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

PAYMENTS = Listing(
    type=DocumentType.PAYMENT,
    path="payments",
    any_state={"activeState": "All"},
    marked_by="paymentIds",
    marks_at="payments/status",
    marks_with={"status": EXPORTED},
    answers_marks=False,
)
JOURNAL, PAYMENT = "journal", "payment"
# A payment does not show how its type exports; the list can be asked for each way.
_EXPORTS_AS = {"ReceivePayment": PAYMENT, "JournalEntry": JOURNAL, "Undefined": None}
_PENDING = {"statuses": POSTED, "activeState": "ActiveOnly"}
_COUNTED = (POSTED, EXPORTED)


async def pending_payments(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Found, None]:
    """Every posted payment, once each; what cannot be taken over comes as `Unreadable`.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids.
        batch: only the batch of this number, id or name.
        ids: exactly these, by id.
    """
    names, wanted = list(documents), list(ids)
    seen: set[str] = set()
    for asked, exports_as in _EXPORTS_AS.items():
        filters = {**_PENDING, "transactionType": asked}
        rows = selected(client, PAYMENTS, filters, names, batch, wanted)
        read = partial(document, exports_as=exports_as, zone=tenant.zone)
        async for found in each_once(rows, PAYMENTS, read, seen=seen):
            yield found


async def payments_now(
    client: ServiceTitan, tenant: Tenant, ids: Iterable[str]
) -> dict[str, SourceDocument]:
    """The payments `ids` as they are, posted or exported, by id; all as money received.

    What is gone, not active any more, unposted (a person is changing it) or cannot be read is
    absent.
    """
    found: dict[str, SourceDocument] = {}
    for id_, row in (await rows_by_id(client, PAYMENTS, ids)).items():
        if row.get("active") is not False and row.get("syncStatus") in _COUNTED:
            try:
                found[id_] = document(row, PAYMENT, tenant.zone)
            except Misshapen:
                continue
    return found


async def using_credit(
    client: ServiceTitan, tenant: Tenant, invoice: str
) -> AsyncGenerator[SourceDocument, None]:
    """The synced or posted payments applied to the invoice of this id, of any readable form."""
    seen: set[str] = set()
    params = {"appliedToInvoiceIds": invoice, "activeState": "ActiveOnly"}
    async for rows in client.pages(PAYMENTS.module, PAYMENTS.path, params, PAGE):
        for row in rows:
            key = known_id(row)
            if not key or key in seen or row.get("syncStatus") not in _COUNTED:
                continue
            seen.add(key)
            try:
                yield document(row, PAYMENT, tenant.zone)
            except Misshapen:
                continue


def document(row: Json, exports_as: str | None, zone: tzinfo) -> SourceDocument:
    """The document that a row makes: its header, and as lines what it is applied to.

    Lines stand in the order of their ids; null is none. `exports_as` is `payment` or `journal`.

    Raises:
        Misshapen: naming the field.
    """
    applied = rows_of(row.get("appliedTo"), "appliedTo")
    day = business_day(row.get("date"), "date", zone)
    total = money(row.get("total"), "total")
    open_ = row.get("unappliedAmount")
    id_ = row_id(row.get("id"), "id")
    header: Json = {
        "id": id_,
        "number": text(text_or(row.get("referenceNumber"), id_), "referenceNumber"),
        "date": iso(day),
        "total": plain(total),
        "unapplied": None if open_ is None else plain(money(open_, "unappliedAmount")),
        "payment_type": _payment_type(row),
        "exports_as": exports_as,
        "memo": text(row.get("memo"), "memo"),
        "check_number": text(row.get("checkNumber"), "checkNumber"),
        "customer": linked(row.get("customer"), "customer", "name"),
        "business_unit": linked(row.get("businessUnit"), "businessUnit", "name"),
        "batch": linked(row.get("batch"), "batch", "number", "name"),
        "account": linked(
            row.get("generalLedgerAccount"), "generalLedgerAccount", "number", "name", "type"
        ),
        "refunded_payment": optional_id(row.get("refundedPaymentId"), "refundedPaymentId"),
        "url": None,
    }
    lines = lines_of(applied, partial(_application, zone=zone), "appliedTo")
    return document_of(DocumentType.PAYMENT, {"header": header, "lines": lines}, day, total)


def _payment_type(row: Json) -> Json | None:
    id_ = row.get("typeId")
    name = text(row.get("type"), "type")
    return None if id_ is None and name is None else {"id": str(id_ or name), "name": name}


def _application(raw: object, where: str, zone: tzinfo) -> Json:
    row = an_object(raw, where)
    day = business_day(row.get("appliedOn"), f"{where}: appliedOn", zone)
    return {
        "id": row_id(row.get("appliedId"), f"{where}: appliedId"),
        "to": {
            "id": row_id(row.get("appliedTo"), f"{where}: appliedTo"),
            "number": text(row.get("appliedToReferenceNumber"), f"{where}: reference number"),
        },
        "amount": plain(money(row.get("appliedAmount"), f"{where}: appliedAmount")),
        "date": iso(day),
    }
