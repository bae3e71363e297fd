"""Journal entries: balance, accounts, subsidiaries, periods, and their effect on the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.netsuite import periods
from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, not_valid_here, user_error
from sandbox.netsuite.records.base import RecordType, check_lengths, flag, money
from sandbox.netsuite.store import Document, Rows

LINE_LIMITS = {"memo": 4000}
BODY_LIMITS = {"memo": 4000, "tranId": 45}
DECIMALS = 2
MAX_AMOUNT = Decimal(10) ** 13
MAX_RATE = Decimal(10) ** 9
DIMENSIONS = {
    "department": ("department", "departments_mandatory", "Department"),
    "class": ("classification", "classes_mandatory", "Class"),
    "location": ("location", "locations_mandatory", "Location"),
}
NAMED = {"AcctRec": "customer", "AcctPay": "vendor"}
PENDING = "1"
APPROVED = "2"


class JournalEntry(RecordType):
    """The journalEntry record."""

    name = "journalEntry"
    group = "Transactions"
    sequence = "transaction"
    tables = ("transaction", "transactionline", "transactionaccountingline")
    statuses = {"A": "Pending Approval", "B": "Approved for Posting"}  # noqa: RUF012
    keys = {"line": "line"}  # noqa: RUF012

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check a journal and fill in its defaults."""
        _header(context, document, old)
        check_lengths(document, BODY_LIMITS)
        lines = document.get("line") or []
        limit = context.settings.max_journal_lines
        if not lines:
            raise user_error("You must enter at least one line item for this transaction.")
        if len(lines) > limit:
            raise user_error(f"Journal Entries can have a maximum of {limit} lines.")
        number_lines(lines)
        for position, line in enumerate(lines):
            _line(context, document, line, position)
        _balance(lines)
        _period(context, document, old)
        return document

    def rows(self, context: Context, document: Document) -> Rows:
        """The journal, its lines and its effect on the ledger."""
        posting = flag(document["approved"])
        stamp = document["lastModifiedDate"].replace("T", " ").rstrip("Z")
        total = sum((money(line.get("debit")) for line in document["line"]), Decimal(0))
        header = {
            "id": int(document["id"]),
            "tranid": document["tranId"],
            "transactionnumber": document["transactionNumber"],
            "externalid": document.get("externalId"),
            "type": "Journal",
            "recordtype": "journalentry",
            "abbrevtype": "GENJRNL",
            "trandate": document["tranDate"],
            "createddate": document["createdDate"].replace("T", " ").rstrip("Z"),
            "lastmodifieddate": stamp,
            "status": "B" if document["approved"] else "A",
            "approvalstatus": document["approvalStatus"],
            "memo": document.get("memo"),
            "currency": document["currency"],
            "exchangerate": float(document["exchangeRate"]),
            "foreigntotal": float(total),
            "postingperiod": document["postingPeriod"],
            "posting": posting,
            "void": "F",
            "voided": "F",
            "isreversal": "F",
            "reversaldate": document.get("reversalDate"),
            "trandisplayname": f"Journal #{document['tranId']}",
            "subsidiary": document.get("subsidiary"),
        }
        lines = [_line_row(document, line, n, stamp) for n, line in enumerate(document["line"])]
        ledger = [_ledger_row(document, line, posting) for line in document["line"]]
        return {
            "transaction": [header],
            "transactionline": lines,
            "transactionaccountingline": ledger,
        }

    def check_delete(self, context: Context, document: Document) -> None:
        """A journal in a closed period stays."""
        periods.require_open(context, document["postingPeriod"], True, ())

    def alter(self, document: Document) -> None:
        """Store both sides a dollar too high: balanced, and wrong."""
        for side in ("debit", "credit"):
            line = next(line for line in document["line"] if line.get(side) is not None)
            line[side] = money(line[side]) + 1

    def summary(self, document: Document) -> Document:
        """Number, total debit and the lines."""
        lines = document["line"]
        total = sum((money(line.get("debit")) for line in lines), Decimal(0))
        shown = ("account", "debit", "credit", "entity", *DIMENSIONS, "memo")
        return {
            "tran_id": document["tranId"],
            "total": f"{total:.2f}",
            "date": document["tranDate"],
            "subsidiary": document.get("subsidiary"),
            "lines": [{key: line.get(key) for key in shown} for line in lines],
        }


def number_lines(lines: list[Document]) -> None:
    """Give every new line the next key; gaps left by removed lines stay."""
    following = max(
        (int(line["line"]) for line in lines if line.get("line") is not None), default=-1
    )
    for line in lines:
        if line.get("line") is None:
            following += 1
            line["line"] = following


def _header(context: Context, document: Document, old: Document | None) -> None:
    settings = context.settings
    if context.one_world:
        if document.get("subsidiary") is None:
            raise user_error("Please enter a value for subsidiary.")
        subsidiary = context.store.all("subsidiary")[document["subsidiary"]]
        if subsidiary.get("isInactive"):
            raise invalid_value(document["subsidiary"], "subsidiary")
        if old is not None and old.get("subsidiary") != document["subsidiary"]:
            raise invalid_value(document["subsidiary"], "subsidiary")
    document["tranDate"] = document.get("tranDate") or context.today()
    document["currency"] = document.get("currency") or "1"
    document["exchangeRate"] = document.get("exchangeRate") or 1
    if not 0 < money(document["exchangeRate"]) < MAX_RATE:
        raise invalid_value(document["exchangeRate"], "exchangeRate")
    chosen = document.get("tranId") if settings.allow_transaction_number_override else None
    kept = old["tranId"] if old is not None else None
    number = old["transactionNumber"] if old is not None else None
    if number is None:
        number = f"JOURNAL{context.store.next_id('journal number')}"
    document["transactionNumber"] = number
    document["tranId"] = chosen or kept or number
    if document.get("approvalStatus") is None:
        document["approvalStatus"] = PENDING if document.get("approved") is False else APPROVED
    document["approved"] = document["approvalStatus"] == APPROVED


def _line(context: Context, document: Document, line: Document, position: int) -> None:
    subsidiary = document.get("subsidiary")
    path = f"line.items[{position}]"
    if line.get("account") is None:
        raise missing("Account")
    account = context.store.all("account")[line["account"]]
    if account.get("isInactive") or account.get("isSummary") or account["acctType"] == "NonPosting":
        raise invalid_value(account["id"], "account", f"{path}.account")
    if not context.shares(account, subsidiary):
        raise user_error(
            f"Invalid account reference key {account['id']} for subsidiary {subsidiary}."
        )
    _amount(line, path)
    _entity(context, line, account, subsidiary)
    _dimensions(context, line, subsidiary)
    check_lengths(line, LINE_LIMITS)


def _amount(line: Document, path: str) -> None:
    sides = [side for side in ("debit", "credit") if line.get(side) is not None]
    if len(sides) == 2 and all(money(line[side]) != 0 for side in sides):
        raise invalid_value(line["credit"], "credit", f"{path}.credit")
    if not sides:
        raise user_error("Please enter a value for Amount.")
    for side in sides:
        amount = money(line[side])
        if not 0 <= amount < MAX_AMOUNT:
            raise invalid_value(amount, side, f"{path}.{side}")
        if amount != round(amount, DECIMALS):
            raise user_error(
                "The debits and credits are not balanced on this transaction because amounts "
                "entered include more decimal places than are supported for this currency. Please "
                f"round off the amount of each line to a maximum of {DECIMALS} decimal places."
            )


def _entity(context: Context, line: Document, account: Document, subsidiary: str | None) -> None:
    wanted = NAMED.get(account["acctType"])
    entity = line.get("entity")
    if entity is None:
        if wanted is not None:
            raise user_error(
                "Please choose a name on each line that posts to an account of type "
                f"Accounts {'Receivable' if wanted == 'customer' else 'Payable'}."
            )
        return
    found = context.entity(entity)
    if found is None or found[1].get("isInactive") or wanted not in (None, found[0]):
        raise not_valid_here(entity, "entity")
    if context.one_world and subsidiary not in context.entity_subsidiaries(entity, found[1]):
        raise user_error(f"Invalid entity reference key {entity} for subsidiary {subsidiary}.")


def _dimensions(context: Context, line: Document, subsidiary: str | None) -> None:
    absent = []
    for name, (record_type, preference, label) in DIMENSIONS.items():
        value = line.get(name)
        if value is None:
            if getattr(context.settings, preference):
                absent.append(label)
            continue
        document = context.store.all(record_type)[value]
        if document.get("isInactive") or not context.shares(document, subsidiary):
            raise not_valid_here(value, name)
    if absent:
        raise missing(*absent)


def _balance(lines: list[Document]) -> None:
    debit = sum((money(line.get("debit")) for line in lines), Decimal(0))
    credit = sum((money(line.get("credit")) for line in lines), Decimal(0))
    if debit != credit:
        raise user_error("The amounts in the journal entry must balance.")
    if not all(any(line.get(side) is not None for line in lines) for side in ("debit", "credit")):
        raise user_error("A journal entry needs at least one debit and one credit line.")


def _ledger(document: Document) -> list[Any]:
    body = [document[name] for name in ("tranDate", "postingPeriod", "approved")]
    lines = [
        (line["account"], money(line.get("debit")) - money(line.get("credit")), line.get("entity"))
        for line in document["line"]
    ]
    return [*body, *lines]


def _period(context: Context, document: Document, old: Document | None) -> None:
    changes = old is not None and _ledger(document) != _ledger(old)
    document["postingPeriod"] = periods.settled(context, document, old, changes, ())


def _line_row(document: Document, line: Document, position: int, stamp: str) -> Document:
    debit, credit = line.get("debit"), line.get("credit")
    amount = float(money(debit) - money(credit))
    return {
        "id": line["line"],
        "transaction": int(document["id"]),
        "linesequencenumber": position,
        "uniquekey": int(document["id"]) * 100_000 + int(line["line"]),
        "mainline": flag(position == 0),
        "taxline": "F",
        "iscogs": "F",
        "isclosed": "F",
        "isbillable": "F",
        "cleared": "F",
        "eliminate": flag(line.get("eliminate")),
        "entity": line.get("entity"),
        "class": line.get("class"),
        "department": line.get("department"),
        "location": line.get("location"),
        "subsidiary": document.get("subsidiary"),
        "memo": line.get("memo"),
        "netamount": amount,
        "foreignamount": amount,
        "debitforeignamount": None if debit is None else float(money(debit)),
        "creditforeignamount": None if credit is None else float(money(credit)),
        "linelastmodifieddate": stamp,
    }


def _ledger_row(document: Document, line: Document, posting: str) -> Document:
    debit, credit = line.get("debit"), line.get("credit")
    amount = float(money(debit) - money(credit))
    return {
        "transaction": int(document["id"]),
        "transactionline": line["line"],
        "account": int(line["account"]),
        "accountingbook": 1,
        "amount": amount,
        "debit": None if debit is None else float(money(debit)),
        "credit": None if credit is None else float(money(credit)),
        "netamount": amount,
        "exchangerate": float(document["exchangeRate"]),
        "posting": posting,
    }
