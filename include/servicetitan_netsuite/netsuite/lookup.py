"""What NetSuite holds of ours: in bulk by external id, or one record by either id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus

from servicetitan_netsuite.documents import AccountProfile, DocumentType, Json, to_money
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.netsuite import canonical, goods, item
from servicetitan_netsuite.netsuite.applications import APPLYING, applied
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import Row, first, rows_in

_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_INTERNAL_ID = re.compile(r"[0-9]{1,18}")
_RECORDS = {
    DocumentType.JOURNAL_ENTRY.value: "journalEntry",
    DocumentType.CUSTOMER.value: "customer",
    DocumentType.ITEM.value: item.RECORD,
    DocumentType.PURCHASE_ITEM.value: item.PURCHASE_RECORD,
    DocumentType.INVOICE.value: "invoice",
    DocumentType.CREDIT_MEMO.value: "creditMemo",
    DocumentType.PAYMENT.value: "customerPayment",
    DocumentType.BANK_DEPOSIT.value: "journalEntry",
    DocumentType.PURCHASE_ORDER.value: "purchaseOrder",
    DocumentType.RECEIPT.value: "itemReceipt",
    DocumentType.VENDOR_BILL.value: "vendorBill",
    DocumentType.VENDOR_CREDIT.value: "vendorCredit",
    DocumentType.INVENTORY_ADJUSTMENT.value: "journalEntry",
}
_TRANSACTIONS = (
    "journalEntry",
    "invoice",
    "creditMemo",
    "customerPayment",
    "customerDeposit",
    "depositApplication",
    "customerRefund",
    "purchaseOrder",
    "itemReceipt",
    "vendorBill",
    "vendorCredit",
)
_BILL = "vendorBill"
_ANY_TRANSACTION = "SELECT t.id AS id FROM transaction t WHERE t.recordtype = ? ORDER BY t.id"
_ANY_ITEM = "SELECT i.id AS id FROM item i ORDER BY i.id"
_ANY = {
    "customer": "SELECT c.id AS id FROM customer c ORDER BY c.id",
    item.RECORD: _ANY_ITEM,
    item.PURCHASE_RECORD: _ANY_ITEM,
}
_FORMS = {name.lower(): name for name in _TRANSACTIONS} | {
    "journalentry": DocumentType.JOURNAL_ENTRY.value
}
"""The canonical form's type by SuiteQL's record type; of any other record, that itself."""
# Every transaction shares the ids' namespace, so the type is read and compared, not filtered by.
_HEADERS = (
    "SELECT t.id AS id, t.externalid AS externalid, t.tranid AS tranid, "
    "t.recordtype AS recordtype, t.entity AS entity, "
    "TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, t.postingperiod AS postingperiod, "
    "t.currency AS currency, t.posting AS posting, t.voided AS voided, "
    "TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS lastmodified "
    "FROM transaction t WHERE t.externalid IN ({values}) ORDER BY t.id"
)
_LINES = (
    "SELECT tal.transaction AS transaction, tal.transactionline AS line, tal.account AS account, "
    "tal.debit AS debit, tal.credit AS credit, tl.entity AS entity, "
    "tl.createdfrom AS createdfrom{dimensions} "
    "FROM transactionaccountingline tal JOIN transactionline tl "
    "ON tl.transaction = tal.transaction AND tl.id = tal.transactionline "
    "WHERE tal.account IS NOT NULL AND tal.accountingbook = ? AND tal.transaction IN ({values}) "
    "ORDER BY tal.transaction, tal.transactionline, tal.account"
)
_CUSTOMERS = (
    "SELECT c.id AS id, c.externalid AS externalid, c.entityid AS entityid, "
    "c.isperson AS isperson, c.companyname AS companyname, c.firstname AS firstname, "
    "c.lastname AS lastname{dimensions}, "
    "TO_CHAR(c.lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS lastmodified "
    "FROM customer c WHERE c.externalid IN ({values}) ORDER BY c.id"
)
_ITEMS = (
    "SELECT i.id AS id, i.externalid AS externalid, i.itemid AS itemid, "
    "i.incomeaccount AS incomeaccount, i.expenseaccount AS expenseaccount, "
    "TO_CHAR(i.lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS lastmodified "
    "FROM item i WHERE i.externalid IN ({values}) ORDER BY i.id"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A record as NetSuite holds it, in the form that `canonical.differences` compares.

    `last_modified` is ISO text in the NetSuite user's time zone, None where not known.
    """

    netsuite_id: str
    external_id: str
    tran_id: str | None
    canonical: Json = field(hash=False)
    last_modified: str | None = None


def record_name(record: str) -> str:
    """NetSuite's name of a record type: from that name, a DocumentType, or the path to create one.

    Of an invoice or payment only the path tells: a negative invoice is a credit memo in NetSuite.
    A transform's path names the record it makes at its end, a change's path the one it changes.

    Raises:
        ValueError: not a record this room reads.
    """
    path = _RECORDS.get(record, record).removeprefix("record/v1/").rpartition("!transform/")[2]
    name = path.partition("/")[0]
    if name not in _TRANSACTIONS and name not in _ANY:
        raise ValueError(f"{record!r} is not a record type read here")
    return name


async def transactions(
    client: NetSuite, profile: AccountProfile, external_ids: Sequence[str]
) -> dict[str, Held]:
    """Every transaction found under these external ids, by external id, of whatever type."""
    headers = await rows_in(client, _HEADERS, external_ids)
    if not headers:
        return {}
    lines: defaultdict[str, list[Row]] = defaultdict(list)
    statement = _LINES.replace("{dimensions}", _line_columns(profile))
    ids = [header["id"] for header in headers]
    for line in await rows_in(client, statement, ids, [profile.primary_book]):
        lines[line["transaction"]].append(line)
    money = [h["id"] for h in headers if h.get("recordtype", "").lower() in APPLYING]
    links = await applied(client, money) if money else {}
    moved = [h["id"] for h in headers if h.get("recordtype", "").lower() in goods.GOODS]
    received = await goods.item_lines(client, profile, moved) if moved else {}
    return {
        h["externalid"]: _held_goods(h, received.get(h["id"], []))
        if h["id"] in moved
        else _held_transaction(
            h, lines[h["id"]], links.get(h["id"], []) if h["id"] in money else None
        )
        for h in headers
    }


journals = transactions
"""Journals are found like any transaction."""


async def customers(
    client: NetSuite, profile: AccountProfile, external_ids: Sequence[str]
) -> dict[str, Held]:
    """Every customer found under these external ids, by external id."""
    columns = ", c.subsidiary AS subsidiary" if profile.one_world else ""
    found = await rows_in(client, _CUSTOMERS.replace("{dimensions}", columns), external_ids)
    return {row["externalid"]: _held_customer(row) for row in found}


async def items(
    client: NetSuite, profile: AccountProfile, external_ids: Sequence[str]
) -> dict[str, Held]:
    """Every item found under these external ids, by external id."""
    del profile  # items are looked up alike in every account
    found = await rows_in(client, _ITEMS, external_ids)
    return {row["externalid"]: _held_item(row) for row in found}


async def by_eid(client: NetSuite, record_type: str, external_id: str) -> str | None:
    """Internal id of the record with this external id; None if NetSuite says it does not exist.

    Raises:
        ReadRefused: the role may not read such records.
    """
    if not _EXTERNAL_ID.fullmatch(external_id):
        raise ValueError(f"{external_id!r} is not an external id")
    record = await _get(client, f"record/v1/{record_name(record_type)}/eid:{external_id}", {})
    if record is None:
        return None
    if not record.get("id"):
        raise TransientError(f"NetSuite showed {external_id} without its id.")
    return str(record["id"])


async def by_id(client: NetSuite, record_type: str, netsuite_id: str) -> Json | None:
    """The whole record with its lines; None if NetSuite says it does not exist."""
    if not _INTERNAL_ID.fullmatch(netsuite_id):
        raise ValueError(f"{netsuite_id!r} is not an internal id")
    path = f"record/v1/{record_name(record_type)}/{netsuite_id}"
    return await _get(client, path, {"expandSubResources": "true"})


async def shown(client: NetSuite, record: str) -> bool:
    """Whether the role is shown to see records of this type.

    NetSuite hides rows from a role without saying so; only a role that sees some may be believed
    when it does not find ours. Where there are none at all, as in new books, NetSuite's catalogue
    of what this role may read decides.
    """
    name = record_name(record)
    sql = _ANY.get(name)
    any_row = await (first(client, sql) if sql else first(client, _ANY_TRANSACTION, [name.lower()]))
    if any_row is not None:
        return True
    path = f"record/v1/metadata-catalog/{name}"
    try:
        schema = await client.read("GET", path, headers={"Accept": "application/schema+json"})
    except ReadRefused:
        return False
    return bool(schema.get("properties"))


async def _get(client: NetSuite, path: str, params: dict[str, str]) -> Json | None:
    try:
        return await client.read("GET", path, params=params)
    except ReadRefused as refused:
        if refused.status == HTTPStatus.NOT_FOUND and refused.code == "NONEXISTENT_ID":
            return None
        raise


def _line_columns(profile: AccountProfile) -> str:
    wanted = {
        "department": profile.departments,
        "class": profile.classes,
        "location": profile.locations,
        "subsidiary": profile.one_world,
    }
    return "".join(f", tl.{name} AS {name}" for name, used in wanted.items() if used)


def _held_transaction(
    header: Row, lines: list[Row], applications: Sequence[tuple[str, Decimal]] | None
) -> Held:
    amounts = [_signed(line) for line in lines]
    keyed = zip(map(_key, lines), amounts, strict=True)
    subsidiaries = sorted({line["subsidiary"] for line in lines if "subsidiary" in line})
    kind = header.get("recordtype", "")
    form = canonical.transaction_form(
        _FORMS.get(kind.lower(), kind),
        entity=header.get("entity"),
        date=header.get("trandate"),
        period=header.get("postingperiod"),
        subsidiary=", ".join(subsidiaries) or None,
        currency=header.get("currency"),
        posting=header.get("posting") != "F" and header.get("voided") != "T",
        debits=sum((max(amount, Decimal(0)) for amount in amounts), Decimal(0)),
        lines=keyed,
        applied=applications,
    )
    if form["type"] == _BILL:
        form["order"] = goods.created_from(lines)
    return _held(header, form)


def _held_goods(header: Row, lines: list[Row]) -> Held:
    return _held(header, goods.form(header, lines))


def _held(header: Row, form: Json) -> Held:
    return Held(
        netsuite_id=header["id"],
        external_id=header["externalid"],
        tran_id=header.get("tranid"),
        canonical=form,
        last_modified=header.get("lastmodified"),
    )


def _key(line: Row) -> canonical.Key:
    get = line.get
    return line["account"], get("entity"), get("department"), get("class"), get("location")


def _signed(line: Row) -> Decimal:
    return to_money(line.get("debit") or "0") - to_money(line.get("credit") or "0")


def _held_item(row: Row) -> Held:
    record = {
        "itemId": row.get("itemid"),
        "incomeAccount": row.get("incomeaccount"),
        "expenseAccount": row.get("expenseaccount"),
    }
    return Held(
        netsuite_id=row["id"],
        external_id=row["externalid"],
        tran_id=row.get("itemid"),
        canonical=item.held(record),
        last_modified=row.get("lastmodified"),
    )


def _held_customer(row: Row) -> Held:
    record = {
        "isPerson": row.get("isperson") == "T",
        "companyName": row.get("companyname"),
        "firstName": row.get("firstname"),
        "lastName": row.get("lastname"),
        "subsidiary": row.get("subsidiary"),
    }
    return Held(
        netsuite_id=row["id"],
        external_id=row["externalid"],
        tran_id=row.get("entityid"),
        canonical=canonical.customer(record),
        last_modified=row.get("lastmodified"),
    )
