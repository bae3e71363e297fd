"""What a transaction does to the ledger, and the rows SuiteQL shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.netsuite.records.base import cents, flag, money, stamp
from sandbox.netsuite.store import Document

DIMENSIONS = ("department", "class", "location")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a transaction: an amount, debit positive, on an account.

    `source` is where its dimensions and memo stand: the body for the main line, else the line.
    An entry without an account, or one that is not `posting`, leaves the ledger alone.
    """

    line: int
    account: str | None
    amount: Decimal
    source: Document
    main: bool = False
    tax: bool = False
    kind: str = ""  # accountinglinetype
    quantity: Decimal | None = None
    more: dict[str, Any] = field(default_factory=dict)  # further columns of the line's row


@dataclass(frozen=True, slots=True)
class Face:
    """What all rows of one transaction share."""

    document: Document
    entity: str | None
    posting: bool

    @property
    def rate(self) -> Decimal:
        """The exchange rate to the subsidiary's own currency."""
        return money(self.document["exchangeRate"])


def in_base(face: Face, entries: Sequence[Entry]) -> list[Decimal]:
    """The amounts in the subsidiary's currency; the first takes what rounding leaves."""
    amounts = [cents(entry.amount * face.rate) for entry in entries]
    balanced = bool(entries) and sum(entry.amount for entry in entries) == 0
    if balanced:
        amounts[0] = -sum(amounts[1:], Decimal(0))
    return amounts


def line_rows(face: Face, entries: Sequence[Entry]) -> list[Document]:
    """The rows of `transactionline`."""
    return [
        _line(face, entry, amount, place)
        for place, (entry, amount) in enumerate(zip(entries, in_base(face, entries), strict=True))
    ]


def _line(face: Face, entry: Entry, amount: Decimal, place: int) -> Document:
    document, source = face.document, entry.source
    foreign = float(entry.amount)
    row = {
        "id": entry.line,
        "transaction": int(document["id"]),
        "linesequencenumber": place,
        "uniquekey": int(document["id"]) * 100_000 + entry.line,
        "mainline": flag(entry.main),
        "taxline": flag(entry.tax),
        "iscogs": "F",
        "isclosed": flag(source.get("isClosed")),
        "isbillable": flag(source.get("isBillable")),
        "cleared": "F",
        "eliminate": "F",
        "entity": face.entity,
        "item": source.get("item") if isinstance(source.get("item"), str) else None,
        "subsidiary": document.get("subsidiary"),
        "memo": source.get("memo") or source.get("description"),
        "netamount": float(amount),
        "foreignamount": foreign,
        "debitforeignamount": foreign if foreign > 0 else None,
        "creditforeignamount": -foreign if foreign < 0 else None,
        "quantity": None if entry.quantity is None else float(entry.quantity),
        "rate": None if source.get("rate") is None else float(money(source["rate"])),
        "accountinglinetype": entry.kind or None,
        "linelastmodifieddate": stamp(document["lastModifiedDate"]),
    }
    return row | {name: source.get(name) for name in DIMENSIONS} | entry.more


def ledger_rows(face: Face, entries: Sequence[Entry]) -> list[Document]:
    """The rows of `transactionaccountingline`: one per line, debit or credit, the other NULL."""
    rows = []
    for entry, amount in zip(entries, in_base(face, entries), strict=True):
        number = float(amount)
        row = {
            "transaction": int(face.document["id"]),
            "transactionline": entry.line,
            "account": None if entry.account is None else int(entry.account),
            "accountingbook": 1,
            "amount": number,
            "debit": number if number > 0 else None,
            "credit": -number if number < 0 else None,
            "netamount": number,
            "exchangerate": float(face.rate),
            "posting": flag(face.posting and entry.account is not None),
        }
        rows.append(row)
    return rows
