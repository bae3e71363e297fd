"""Bank deposits that wait to be synced, each with the payments that were brought to the bank."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import tzinfo

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, document_of, unreadable
from servicetitan_netsuite.servicetitan.listing import POSTED, Listing, is_posted, row_key
from servicetitan_netsuite.servicetitan.parallel import in_parallel
from servicetitan_netsuite.servicetitan.selection import PAGE, rows_by_id, selected
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
    an_object,
    business_day,
    iso,
    lines_of,
    linked,
    money,
    plain,
    row_id,
    text,
    text_or,
)
from servicetitan_netsuite.servicetitan.wire import Nonsense
from servicetitan_netsuite.tenants import Tenant

BANK_DEPOSITS = Listing(
    type=DocumentType.BANK_DEPOSIT,
    path="bank-deposits",
    number_field="id",
    marked_by="ids",
    answers_marks=False,
)
_PENDING = {"syncStatus": POSTED}
_AT_ONCE = 8
_TRIES = 4
_MOST_PAGES = 50


async def pending_bank_deposits(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Found, None]:
    """Every posted deposit, once each; what cannot be taken over comes as `Unreadable`.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these ids.
        batch: only the batch of this number, id or name.
        ids: exactly these ids, whatever else is asked for.
    """

    async def read(row: object) -> Found | None:
        try:
            return await _read(client, an_object(row, "the row"), tenant.zone)
        except (Misshapen, Nonsense, Refused) as error:
            return unreadable(row, str(error), "name")

    async for found in in_parallel(_rows(client, documents, batch, ids), read, _AT_ONCE):
        if found is not None:
            yield found


async def _rows(
    client: ServiceTitan, documents: Iterable[str], batch: str | None, ids: Iterable[str]
) -> AsyncGenerator[object, None]:
    """Each row of the list once; a row that is nothing at all stands as an empty one."""
    seen: set[str] = set()
    async for row in selected(client, BANK_DEPOSITS, _PENDING, documents, batch, ids):
        key = row_key(row)
        if key not in seen:
            seen.add(key)
            yield row if row is not None else {}


async def _read(client: ServiceTitan, row: Json, zone: tzinfo) -> Found | None:
    """The deposit, taken only if it stayed the same while its payments were read.

    Raises:
        Misshapen: it, or one of its payments, is not what the contract says.
    """
    before: Json | None = row
    for _ in range(_TRIES):
        if before is None or not is_posted(before):
            return None
        id_ = row_id(before.get("id"), "id")
        lines = await _transactions(client, id_)
        now = (await rows_by_id(client, BANK_DEPOSITS, [id_])).get(id_)
        if now == before:
            return document(now, lines, zone)
        before = now
    return unreadable(row, "it keeps changing while it is read", "name")


async def _transactions(client: ServiceTitan, id_: str) -> list[Json]:
    """The payments in a deposit; a page that repeats repeats payments, which count once."""
    found: dict[str, Json] = {}
    pages = 0
    path = f"{BANK_DEPOSITS.path}/{id_}/transactions"
    async for rows in client.pages(BANK_DEPOSITS.module, path, None, PAGE):
        pages += 1
        if pages > _MOST_PAGES:
            raise Misshapen(
                "the number of payments", f"over {_MOST_PAGES * PAGE}", "a sensible one"
            )
        for raw in rows:
            row = an_object(raw, "a payment")
            key = row_id(row.get("id"), "a payment's id")
            if found.setdefault(key, row) != row:
                raise Misshapen(f"payment {key}", "two different payments", "one")
    return [row for row in found.values() if row.get("active") is not False]


def document(row: Json, transactions: Sequence[Json], zone: tzinfo) -> SourceDocument:
    """The document that a deposit and its payments make, the payments in the order of their ids.

    ServiceTitan gives deposits a name that need not be theirs alone, and no number: the id is the
    number.

    Raises:
        Misshapen: naming payment and field.
    """
    day = business_day(row.get("depositDate"), "depositDate", zone)
    gross = money(row.get("grossAmount"), "grossAmount")
    id_ = row_id(row.get("id"), "id")
    content: Json = {
        "header": {
            "id": id_,
            "number": id_,
            "date": iso(day),
            "gross": plain(gross),
            "net": plain(money(row.get("netAmount"), "netAmount")),
            "fees": plain(money(text_or(row.get("fees"), "0"), "fees")),
            "bank_account": _account(row, "bankAccount", "bankAccount"),
            "fee_account": _account(row, "feeAccount", "feeAccount"),
            "memo": text(row.get("name"), "name"),
            "batch": linked(row.get("batch"), "batch", "number", "name"),
        },
        "lines": lines_of(transactions, _line, "payment"),
    }
    return document_of(DocumentType.BANK_DEPOSIT, content, day, gross)


def _line(row: Json, where: str) -> Json:
    id_ = row_id(row.get("id"), f"{where}: id")
    return {
        "id": id_,
        "number": text(row.get("referenceNumber"), f"{where}: referenceNumber") or id_,
        "type": text(row.get("type"), f"{where}: type"),
        "total": plain(money(row.get("total"), f"{where}: total")),
        "account": _account(row, "generalLedgerAccount", f"{where}: generalLedgerAccount"),
        "customer": linked(row.get("customer"), f"{where}: customer", "name"),
        "business_unit": linked(row.get("businessUnit"), f"{where}: businessUnit", "name"),
    }


def _account(row: Json, field: str, where: str) -> Json | None:
    return linked(row.get(field), where, "number", "name", "type")
