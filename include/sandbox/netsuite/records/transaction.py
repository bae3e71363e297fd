"""What the transactions of the batch documents have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sandbox.netsuite import periods
from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.records.base import RecordType, flag, money, stamp
from sandbox.netsuite.records.header import complete_header
from sandbox.netsuite.records.posting import (
    DIMENSIONS,
    Entry,
    Face,
    ledger_rows,
    line_rows,
)
from sandbox.netsuite.store import Document, Rows

REFERRED_TO = (
    "This transaction cannot be deleted because it is referred to by other transactions. It may be "
    "a bill or an invoice that has been paid or an expense that has been reimbursed."
)
NEGATIVE = "The total of this transaction cannot be negative."
SHOWN = ("line", "item", "account", "quantity", "rate", "amount", "description", "memo")


class Transaction(RecordType):
    """A transaction with one entity; its first entry is the main line."""

    group = "Transactions"
    sequence = "transaction"
    tables = (
        "transaction",
        "transactionline",
        "transactionaccountingline",
        "nexttransactionlinelink",
        "nexttransactionlink",
    )
    code: str
    number_prefix: str
    label: str
    entity_field = "entity"
    entity_type = "customer"
    typed_number = False  # the number is the other party's and NetSuite gives none
    locks: tuple[str, ...] = ("arLocked",)
    posting = True
    lists: tuple[str, ...] = ()  # sublists of lines
    applies_with: str | None = None  # the field of the account that applied money moves on
    owed = False  # money still to come in or go out; else money still to be used

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check a transaction and fill in its defaults."""
        if old is not None and old.get("voided"):
            raise user_error("This transaction has been voided and cannot be changed.")
        complete_header(self, context, document, old)
        self.fill(context, document, old)
        if self.posting:
            changes = old is not None and self._effect(document) != self._effect(old)
            document["postingPeriod"] = periods.settled(context, document, old, changes, self.locks)
        self.settle(context, document)
        return document

    @abstractmethod
    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Check the lines, work out the amounts and apply what is to be applied."""

    @abstractmethod
    def entries(self, document: Document) -> list[Entry]:
        """What it does to the ledger, the main line first."""

    @abstractmethod
    def status(self, document: Document) -> str:
        """The letter of its status."""

    def links(self, document: Document) -> list[Document]:
        """Its rows of `nexttransactionlinelink`; those of what it applies to."""
        return [
            self.link(document, str(line["doc"]), line["docType"], "Payment", money(line["amount"]))
            for line in document.get("apply") or []
        ]

    def link(
        self, document: Document, doc: str, doc_type: str, link_type: str, amount: Decimal
    ) -> Document:
        """One link from an earlier transaction to this one."""
        return {
            "previousdoc": int(doc),
            "previousline": 0,
            "previoustype": doc_type,
            "nextdoc": int(document["id"]),
            "nextline": 0,
            "nexttype": self.code,
            "linktype": link_type,
            "foreignamount": float(amount),
            "lastmodifieddate": stamp(document["lastModifiedDate"]),
        }

    def settle(self, context: Context, document: Document) -> None:
        """Work out what is open and the status."""
        taken = context.taken(document["id"])
        total = Decimal(0) if document.get("voided") else money(document["total"])
        if self.owed:
            document["amountPaid"] = taken
            document["amountRemaining"] = total - taken
        else:
            document["applied"] = applied_by(document) + taken
            document["unapplied"] = total - document["applied"]
        document["status"] = "V" if document.get("voided") else self.status(document)

    def _effect(self, document: Document) -> list[Any]:
        """What a closed period protects: date, period, accounts and amounts."""
        lines = [
            (entry.account, entry.amount, *(entry.source.get(name) for name in DIMENSIONS))
            for entry in self.entries(document)
        ]
        return [document["tranDate"], document.get("postingPeriod"), *lines]

    def rows(self, context: Context, document: Document) -> Rows:
        """The transaction, its lines, its effect on the ledger and its links."""
        entries, links = self.entries(document), self.links(document)
        if document.get("voided"):
            entries = [replace(entry, amount=Decimal(0)) for entry in entries]
            links = []
        face = Face(document, document.get(self.entity_field), self.posting)
        lines = line_rows(face, entries)
        ledger = ledger_rows(face, entries)
        open_columns = self._open(document)
        lines[0] |= {f"foreign{name}": value for name, value in open_columns.items()}
        ledger[0] |= open_columns
        heads = {(row["previousdoc"], row["linktype"]): row for row in links}
        names = ("previousdoc", "previoustype", "nextdoc", "nexttype", "linktype")
        return {
            "transaction": [self._header(document, open_columns)],
            "transactionline": lines,
            "transactionaccountingline": ledger,
            "nexttransactionlinelink": links,
            "nexttransactionlink": [{n: row[n] for n in names} for row in heads.values()],
        }

    def _open(self, document: Document) -> Document:
        if self.owed:
            names = {"amountpaid": "amountPaid", "amountunpaid": "amountRemaining"}
        elif self.applies_with is not None:
            names = {"paymentamountused": "applied", "paymentamountunused": "unapplied"}
        else:
            names = {}
        return {column: float(money(document.get(name))) for column, name in names.items()}

    def _header(self, document: Document, open_columns: Document) -> Document:
        voided = flag(document.get("voided"))
        total = Decimal(0) if document.get("voided") else money(document["total"])
        number = document["tranId"] or document["transactionNumber"]
        header = {
            "id": int(document["id"]),
            "tranid": document["tranId"],
            "transactionnumber": document["transactionNumber"],
            "externalid": document.get("externalId"),
            "type": self.code,
            "recordtype": self.name.lower(),
            "abbrevtype": self.number_prefix,
            "trandate": document["tranDate"],
            "duedate": document.get("dueDate"),
            "createddate": stamp(document["createdDate"]),
            "lastmodifieddate": stamp(document["lastModifiedDate"]),
            "status": document["status"],
            "approvalstatus": document.get("approvalStatus"),
            "memo": document.get("memo"),
            "entity": document.get(self.entity_field),
            "currency": document["currency"],
            "exchangerate": float(money(document["exchangeRate"])),
            "foreigntotal": float(total),
            "terms": document.get("terms"),
            "otherrefnum": document.get("otherRefNum"),
            "postingperiod": document.get("postingPeriod"),
            "posting": flag(self.posting),
            "void": voided,
            "voided": voided,
            "isreversal": "F",
            "trandisplayname": f"{self.label} #{number}",
            "typebaseddocumentnumber": number,
            "subsidiary": document.get("subsidiary"),
        }
        return header | {f"foreign{name}": value for name, value in open_columns.items()}

    def check_delete(self, context: Context, document: Document) -> None:
        """What others refer to stays, and so does what stands in a closed period."""
        if context.is_linked(document["id"]):
            raise user_error(REFERRED_TO)
        if self.posting:
            periods.require_open(context, document["postingPeriod"], True, self.locks)

    def alter(self, document: Document) -> None:
        """Store the first line a dollar too high: balanced, and wrong."""
        line = next(line for name in self.lists for line in document.get(name) or [])
        line["amount"] = money(line["amount"]) + 1
        for name in ("total", "amountRemaining" if self.owed else "unapplied"):
            if name in document:
                document[name] = money(document[name]) + 1

    def summary(self, document: Document) -> Document:
        """Number, amounts, status, entity, lines and what is applied to what."""
        lines = [
            {"sublist": name, **{key: _plain(line.get(key)) for key in (*SHOWN, *DIMENSIONS)}}
            for name in self.lists
            for line in document.get(name) or []
        ]
        applied = [
            {"doc": line["doc"], "amount": _plain(money(line["amount"]))}
            for line in document.get("apply") or []
        ]
        amounts = {
            name: f"{money(document[key]):.2f}"
            for name, key in (
                ("total", "total"),
                ("amount_paid", "amountPaid"),
                ("amount_remaining", "amountRemaining"),
                ("applied", "applied"),
                ("unapplied", "unapplied"),
            )
            if document.get(key) is not None
        }
        return {
            "tran_id": document["tranId"],
            "date": document["tranDate"],
            "due_date": document.get("dueDate"),
            "entity": document.get(self.entity_field),
            "subsidiary": document.get("subsidiary"),
            "status": document["status"],
            "memo": document.get("memo"),
            "duplicate_number": bool(document.get("duplicateNumber")),
            "created_from": document.get("createdFrom") or document.get("deposit"),
            "lines": lines,
            "apply": applied,
            **amounts,
        }


def set_total(document: Document, total: Decimal) -> None:
    """Keep the total; raises Refusal on a negative one."""
    if total < 0:
        raise user_error(NEGATIVE)
    document["total"] = total


def applied_by(document: Document) -> Decimal:
    """What a transaction applies to earlier ones."""
    return sum((money(line["amount"]) for line in document.get("apply") or []), Decimal(0))


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
