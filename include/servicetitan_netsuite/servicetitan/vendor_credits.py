"""Vendor credits: a return and the AP credits that name it are one document, keyed by the return.

Returns never leave Posted, so their list only grows; AP credits do, once they are marked. An AP
credit without a return is a document of its own, keyed by itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal, localcontext

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.ap_credits import AP_CREDITS, CreditList, broken, own_id
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, unreadable
from servicetitan_netsuite.servicetitan.listing import (
    INVENTORY,
    POSTED,
    Listing,
    dated_since,
    is_posted,
    known_id,
    known_number,
    modified_since,
    row_key,
)
from servicetitan_netsuite.servicetitan.purchase import amount, goods
from servicetitan_netsuite.servicetitan.selection import rows_by_id, selected
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
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
)
from servicetitan_netsuite.tenants import Tenant

RETURNS = Listing(
    type=DocumentType.VENDOR_CREDIT,
    module=INVENTORY,
    path="returns",
    any_state={"active": "Any"},
    number_field="number",
    by_number="number",
    watermarked=True,
)
_PENDING = {"syncStatuses": POSTED, "active": "True"}
_CANCELED = "Canceled"
_PRECISION = 80


async def pending_vendor_credits(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    since: datetime | None = None,
    ids: Iterable[str] = (),
    ap_credits: CreditList | None = None,
) -> AsyncGenerator[Found, None]:
    """Every posted return with its AP credits, and every posted AP credit without one, once each.

    A return that is not posted comes along where an AP credit that names it is. What cannot be
    taken over comes as `Unreadable`. Of the whole list of returns, which only grows, those from
    before go-live are not asked for.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids, of returns or AP credits.
        batch: only what has its return or AP credit in the batch of this number, id or name.
        since: only what was modified then or later, with a time zone; and whatever has an AP
            credit that waits to be synced.
        ids: exactly these source ids, whatever else is asked for.
        ap_credits: what this step has read of the AP credits before.
    """
    exact = list(dict.fromkeys(ids))
    names = exact or [each.strip() for each in documents if each.strip()]
    batch = None if exact else batch
    credits = await (ap_credits or CreditList()).now(client, exact)
    for odd in () if exact else credits.broken:
        yield odd
    seen: set[str] = set()
    filters = _PENDING | modified_since(since)
    if not (names or batch or since):
        filters |= dated_since("returnDateOnOrAfter", tenant.sync.from_)
    async for row in selected(client, RETURNS, filters, names, batch, exact):
        key = row_key(row)
        if key not in seen:
            seen.add(key)
            # A row that is nothing is an unreadable return, not an AP credit that has none.
            yield _read({} if row is None else row, credits.of(key), tenant.zone)
    due = [key for key in exact if key in credits.due] if exact else credits.chosen(names, batch)
    further = [key for key in due if key not in seen]
    rows = await rows_by_id(client, RETURNS, further)
    for key in further:
        yield _read(rows.get(key), credits.of(key), tenant.zone)


async def still_pending(
    client: ServiceTitan, ids: Iterable[str], ap_credits: CreditList | None = None
) -> set[str]:
    """Those of the documents `ids` that wait to be synced: the return, or an AP credit of it."""
    wanted = set(ids)
    credits = await (ap_credits or CreditList()).now(client, wanted)
    rows = await rows_by_id(client, RETURNS, wanted)
    return {key for key, row in rows.items() if _waits(row)} | (wanted & set(credits.due))


def credits_of(document: SourceDocument) -> list[str]:
    """Ids of the AP credits of a document."""
    return [str(one["id"]) for one in document.content["credits"]]


def _waits(row: Json) -> bool:
    try:
        return is_posted(row)
    except Misshapen:
        return False


def _read(row: object, credits: Sequence[Json], zone: tzinfo) -> Found:
    """The document of a return and its credits, or of the one credit that has no return."""
    try:
        if row is None:
            return _without_return(credits[0], zone)
        return _document(an_object(row, "the row"), credits, zone)
    except Misshapen as error:
        if row is None:
            return broken(credits[0], error)
        return unreadable(row, str(error), RETURNS.number_field)


def _document(row: Json, credits: Sequence[Json], zone: tzinfo) -> SourceDocument:
    day = business_day(row.get("returnDate"), "returnDate", zone)
    id_ = row_id(row.get("id"), "id")
    lines = lines_of(rows_of(row.get("items"), "items"), _line)
    vendor, unit = (optional_id(row.get(name), name) for name in ("vendorId", "businessUnitId"))
    header = {
        "id": id_,
        "number": identifier(text_or(row.get("number"), id_), "number"),
        "date": iso(day),
        "reference": text(row.get("referenceNumber"), "referenceNumber"),
        "memo": text(row.get("memo"), "memo"),
        "vendor": {"id": vendor, "name": None} if vendor else None,
        "business_unit": {"id": unit, "name": None} if unit else None,
        "total": plain(money(row.get("returnAmount"), "returnAmount")),
        "tax": plain(amount(row.get("taxAmount"), "taxAmount")),
        "shipping": plain(amount(row.get("shippingAmount"), "shippingAmount")),
        "posted": is_posted(row),
        "canceled": row.get("status") == _CANCELED,
        "batch": linked(row.get("batch"), "batch", "number", "name"),
    }
    return _made(header, lines, credits, day)


def _without_return(row: Json, zone: tzinfo) -> SourceDocument:
    """The document of an AP credit whose return there is none of, or which is gone."""
    day = business_day(row.get("date"), "date", zone)
    id_ = row_id(row.get("id"), "id")
    of = optional_id(row.get("inventoryReturnId"), "inventoryReturnId")
    header = {
        "id": of or own_id(id_),
        "number": identifier(text_or(row.get("number"), id_), "number"),
        "date": iso(day),
        "reference": text(row.get("referenceNumber"), "referenceNumber"),
        "memo": text(row.get("memo"), "memo"),
        "vendor": linked(row.get("vendor"), "vendor", "name"),
        "business_unit": linked(row.get("businessUnit"), "businessUnit", "name"),
        "total": plain(money(row.get("amount"), "amount")),
        "tax": "0",
        "shipping": "0",
        "posted": is_posted(row),
        "canceled": row.get("status") == _CANCELED,
        "batch": linked(row.get("batch"), "batch", "number", "name"),
        "return_gone": of is not None,
    }
    return _made(header, [], [row], day)


def _made(
    header: Json, lines: list[Json], credits: Sequence[Json], day: date | None
) -> SourceDocument:
    """The document; what its credits are called makes no new version, what they say does.

    `applied` adds up their splits by bill; `credited` is their amount where they do not say the
    same as the return.
    """
    kept = [one for one in credits if one.get("status") != _CANCELED]
    applied, credited = _applied(kept), _credited(kept)
    total = Decimal(header["total"])
    told = None if not kept or credited == total else plain(credited)
    content: Json = {
        "header": {**header, "applied": applied, "credited": told},
        "lines": lines,
        "credits": [
            {"id": known_id(one), "number": known_number(one, AP_CREDITS.number_field)}
            for one in kept
        ],
    }
    return document_of(DocumentType.VENDOR_CREDIT, content, day, total)


def _line(raw: object, where: str) -> Json | None:
    """A line; None for one that was taken off."""
    row = an_object(raw, where)
    if row.get("active") is False:
        return None
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        **goods(row, where, "code"),
        "account": account_called(
            row.get("generalLedgerAccount"), f"{where}: generalLedgerAccount"
        ),
    }


def _applied(credits: Iterable[Json]) -> list[Json]:
    """What the credits' splits give to each bill, by its id."""
    sums: dict[str, Decimal] = {}
    with localcontext() as context:
        context.prec = _PRECISION
        for credit in credits:
            for to, share in _splits(credit):
                sums[to] = sums.get(to, Decimal(0)) + share
    return [{"to": to, "amount": plain(sums[to])} for to in sorted(sums, key=int) if sums[to]]


def _splits(credit: Json) -> Iterator[tuple[str, Decimal]]:
    for n, raw in enumerate(rows_of(credit.get("splits"), "splits"), 1):
        row = an_object(raw, f"split {n}")
        share = amount(row.get("amount"), f"split {n}: amount")
        to = optional_id(row.get("inventoryBillId"), f"split {n}: inventoryBillId")
        if row.get("active") is False or (not share and to is None):
            continue
        if to is None:
            raise Misshapen(f"split {n}: inventoryBillId", row.get("inventoryBillId"), "a bill")
        yield to, share


def _credited(credits: Iterable[Json]) -> Decimal:
    with localcontext() as context:
        context.prec = _PRECISION
        return sum((money(one.get("amount"), "amount") for one in credits), Decimal(0))
