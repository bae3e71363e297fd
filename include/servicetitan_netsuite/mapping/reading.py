"""A document as far as it could be read: what is odd is named, nothing is raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument, to_cents
from servicetitan_netsuite.mapping.values import HEADER_MEMO, Dirty, memo, money, sku_id

if TYPE_CHECKING:
    from pandas import DataFrame

Line = tuple[Any, ...]
"""A row of a document, as the columns of its kind."""
# Amounts are bounded below to 13 digits before and 30 after the point: sums in 60 are exact.
EXACT = Context(prec=60)
_ZERO = Decimal(0)
_NOUNS = {
    DocumentType.INVOICE: "invoice",
    DocumentType.CREDIT_MEMO: "credit memo",
    DocumentType.PAYMENT: "payment",
    DocumentType.PURCHASE_ORDER: "purchase order",
    DocumentType.RECEIPT: "receipt",
    DocumentType.VENDOR_BILL: "bill",
    DocumentType.VENDOR_CREDIT: "vendor credit",
    DocumentType.BANK_DEPOSIT: "bank deposit",
    DocumentType.INVENTORY_ADJUSTMENT: "inventory adjustment",
}


@dataclass(slots=True)
class Reading:
    """What reading any document gives.

    `dirty` names the parts that could not be read. `exact` is the sum of what was added up,
    `rounded` the same with each amount rounded to the cent.
    """

    document: SourceDocument
    dirty: set[str] = field(default_factory=set)
    memo: str | None = None
    exact: Decimal = _ZERO
    rounded: Decimal = _ZERO
    zero_lines: int = 0
    cut_memos: int = 0

    @property
    def noun(self) -> str:
        """What people call the document."""
        return _NOUNS.get(self.document.type, "document")

    @property
    def correct(self) -> str:
        """What to do about a document that cannot be posted as it is."""
        return f"Correct the {self.noun} in ServiceTitan, and post it there again."

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of the document."""
        notes = []
        if self.zero_lines:
            notes.append(f"zero lines dropped: {self.zero_lines}")
        if self.cut_memos:
            notes.append(f"memos shortened: {self.cut_memos}")
        return tuple(notes)

    @property
    def content(self) -> Json:
        """The document's content, empty where it is none."""
        content: Any = self.document.content
        return content if isinstance(content, dict) else {}

    def header(self) -> dict[str, Any]:
        """The header of the content, its memo read; empty where there is none."""
        found = self.content.get("header")
        if not isinstance(found, dict):
            self.dirty.add("header")
            return {}
        self.memo = self.words(found.get("memo"), HEADER_MEMO)
        return found

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines that are lines."""
        lines = self.content.get("lines")
        if not isinstance(lines, list):
            self.dirty.add("lines")
            return
        for line in lines:
            if isinstance(line, dict):
                yield line
            else:
                self.dirty.add("line")

    def known_amount(self, value: object, part: str) -> Decimal | None:
        """An amount, None where it cannot be read."""
        try:
            return money(value)
        except Dirty:
            self.dirty.add(part)
            return None

    def amount(self, value: object, part: str) -> Decimal:
        """An amount, zero where it cannot be read."""
        return self.known_amount(value, part) or _ZERO

    def add(self, amount: Decimal) -> Decimal:
        """`amount` rounded to the cent, after it was added to the sums."""
        rounded = to_cents(amount)
        self.exact = EXACT.add(self.exact, amount)
        self.rounded += rounded
        return rounded

    def words(self, value: object, limit: int) -> str | None:
        """A memo in at most `limit` characters, counted where it was cut."""
        kept, short = memo(self.dirty, value, limit)
        self.cut_memos += short
        return kept

    def day(self, value: object, part: str) -> date | None:
        """A day in ISO's form, with or without a time; None where there is none."""
        if value is None:
            return None
        try:
            return date.fromisoformat(value[:10] if isinstance(value, str) else "")
        except ValueError:
            self.dirty.add(part)
            return None


def skus_without_account(document: SourceDocument) -> Iterator[str]:
    """The SKU ids of lines that name no account themselves."""
    lines = Reading(document).content.get("lines")
    for line in lines if isinstance(lines, list) else []:
        if isinstance(line, dict) and line.get("account") is None and (sku := sku_id(line)):
            yield sku


def with_unit(row: Line, columns: Sequence[str], unit: str | None, name: str) -> Line:
    """The row with this business unit, unless it names one of its own."""
    at = columns.index("unit")
    return row if row[at] is not None else (*row[:at], unit, name, *row[at + 2 :])


def lines_frame(rows: Iterable[Line], columns: Sequence[str]) -> DataFrame:
    """Rows of `columns` as a frame: `doc` an integer, all else objects, None where nothing is."""
    import pandas as pd

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    frame = pd.DataFrame(
        {
            name: pd.Series(column, dtype=object)
            for name, column in zip(columns, values, strict=True)
        }
    )
    frame["doc"] = frame["doc"].astype("int64")
    return frame
