"""Read journal entries as ServiceTitan sent them: whatever is odd is named, nothing is raised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import SourceDocument, to_cents
from servicetitan_netsuite.mapping.values import (
    HEADER_MEMO,
    LINE_MEMO,
    Dirty,
    memo,
    money,
    reference,
)

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = (
    "doc",
    "account",
    "account_name",
    "unit",
    "unit_name",
    "customer",
    "customer_name",
    "vendor",
    "vendor_name",
    "amount",
    "memo",
)

Line = tuple[Any, ...]
_ZERO = Decimal(0)
# Amounts are bounded below to 13 digits before and 30 after the point: sums in 60 are exact.
EXACT = Context(prec=60)


@dataclass(slots=True)
class Entry:
    """One journal entry as read: its header, and what its lines add up to.

    `dirty` names the parts that could not be read. `balance` is exact, `rounded_balance` the sum of
    the lines rounded to the cent; debits are positive. Only lines that are not zero are `kept`.
    """

    document: SourceDocument
    detailed: bool = False
    memo: str | None = None
    synced_before: bool = False
    empty: bool = False
    dirty: set[str] = field(default_factory=set)
    transaction_types: set[str] = field(default_factory=set)
    types_known: bool = True
    kept: int = 0
    zero_lines: int = 0
    cut_memos: int = 0
    balance: Decimal = _ZERO
    debits: Decimal = _ZERO
    rounded_balance: Decimal = _ZERO
    rounded_debits: Decimal = _ZERO
    has_debit: bool = False
    has_credit: bool = False

    @property
    def nothing_to_post(self) -> bool:
        """Every amount was read, and to the cent they come to nothing."""
        rest = to_cents(self.debits) or to_cents(self.balance)
        return self.amounts_read and not self.kept and not rest

    @property
    def amounts_read(self) -> bool:
        """Whether the sums hold every line."""
        return not self.dirty & {"amount", "line", "lines"}


def read_entry(document: SourceDocument, doc: int, detail: str) -> tuple[Entry, list[Line]]:
    """The journal entry in `document.content` and its lines that are not zero, as `COLUMNS`.

    `doc` is the document's place in its chunk; `detail` the tenant's journal detail, used where the
    content does not say.
    """
    entry = Entry(document)
    content: Any = document.content if isinstance(document.content, dict) else {}
    _read_header(entry, content, detail)
    lines = content.get("lines")
    if lines is None and entry.empty:
        lines = []
    if not isinstance(lines, list):
        entry.dirty.add("lines")
        lines = []
    units: dict[str, str] = {}
    rows: list[Line] = []
    for raw in lines:
        row = _read_line(entry, raw, doc, units)
        if row is not None:
            rows.append(row)
    if entry.empty and rows:
        entry.dirty.add("is_empty")
    entry.empty = not lines and "lines" not in entry.dirty
    entry.kept = len(rows)
    if len(units) == 1:
        rows = [_with_unit(row, *next(iter(units.items()))) for row in rows]
    return entry, rows


def lines_frame(rows: Iterable[Line], columns: Sequence[str] = COLUMNS) -> DataFrame:
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


def _read_header(entry: Entry, content: dict[str, Any], detail: str) -> None:
    header = content.get("header")
    if not isinstance(header, dict):
        entry.dirty.add("header")
        header = {}
    stated = content.get("detail", detail)
    if stated not in ("summary", "detailed"):
        entry.dirty.add("detail")
        stated = detail
    entry.detailed = stated == "detailed"
    entry.empty = header.get("is_empty") is True
    entry.synced_before = header.get("last_sync_version_id") is not None
    entry.memo = _memo(entry, header.get("name"), HEADER_MEMO)
    types = header.get("transaction_types")
    if isinstance(types, list):
        entry.transaction_types.update(t for t in types if isinstance(t, str))
    entry.types_known = entry.detailed or isinstance(types, list)


def _read_line(entry: Entry, raw: object, doc: int, units: dict[str, str]) -> Line | None:
    if not isinstance(raw, dict):
        entry.dirty.add("line")
        return None
    unit, unit_name = reference(entry.dirty, raw, "business_unit")
    if unit is not None:
        units[unit] = min(units.get(unit, unit_name), unit_name)
    transaction = raw.get("transaction")
    if isinstance(transaction, dict) and isinstance(transaction.get("type"), str):
        entry.transaction_types.add(transaction["type"])
    amount = _read_amount(entry, raw)
    if amount is not None and not amount:
        entry.zero_lines += 1
        return None
    account, account_name = reference(entry.dirty, raw, "account")
    if account is None:
        entry.dirty.add("account")
    customer, customer_name = reference(entry.dirty, raw, "customer")
    vendor, vendor_name = reference(entry.dirty, raw, "vendor")
    return (
        doc,
        account,
        account_name,
        unit,
        unit_name,
        customer,
        customer_name,
        vendor,
        vendor_name,
        amount,
        _memo(entry, raw.get("memo"), LINE_MEMO),
    )


def _read_amount(entry: Entry, raw: dict[str, Any]) -> Decimal | None:
    """Debit less credit, rounded to the cent; the exact sums are kept in `entry`."""
    try:
        debit, credit = money(raw.get("debit")), money(raw.get("credit"))
    except Dirty:
        entry.dirty.add("amount")
        return None
    exact = EXACT.subtract(debit, credit)
    rounded = to_cents(exact)
    entry.balance = EXACT.add(entry.balance, exact)
    entry.rounded_balance += rounded
    if exact > 0:
        entry.debits = EXACT.add(entry.debits, exact)
        entry.rounded_debits += rounded
        entry.has_debit = True
    elif exact < 0:
        entry.has_credit = True
    return rounded


def _memo(entry: Entry, value: object, limit: int) -> str | None:
    text, short = memo(entry.dirty, value, limit)
    entry.cut_memos += short
    return text


def _with_unit(row: Line, unit: str, name: str) -> Line:
    return row if row[3] is not None else (*row[:3], unit, name, *row[5:])
