"""Read journal entries as ServiceTitan sent them: whatever is odd is named, nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import SourceDocument, to_cents, to_money

if TYPE_CHECKING:
    from pandas import DataFrame

HEADER_MEMO = 999
"""NetSuite's limit is nowhere in its REST schema; its forms and CSV import take 999 characters."""
LINE_MEMO = 4000
"""Memos of 4000 characters are taken by live accounts."""
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
_EXACT = Context(prec=60)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Dirty(Exception):
    """A value that is not what ServiceTitan's contract says."""


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


def lines_frame(rows: Iterable[Line]) -> DataFrame:
    """Rows of `COLUMNS` as a frame: `doc` an integer, all else objects, None where nothing is."""
    import pandas as pd

    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    frame = pd.DataFrame(
        {
            name: pd.Series(column, dtype=object)
            for name, column in zip(COLUMNS, columns, strict=True)
        }
    )
    frame["doc"] = frame["doc"].astype("int64")
    return frame


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units, which is how NetSuite counts."""
    if len(text) * 2 <= limit:
        return text
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")


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
    unit, unit_name = _reference(entry, raw, "business_unit")
    if unit is not None:
        units[unit] = min(units.get(unit, unit_name), unit_name)
    transaction = raw.get("transaction")
    if isinstance(transaction, dict) and isinstance(transaction.get("type"), str):
        entry.transaction_types.add(transaction["type"])
    amount = _read_amount(entry, raw)
    if amount is not None and not amount:
        entry.zero_lines += 1
        return None
    account, account_name = _reference(entry, raw, "account")
    if account is None:
        entry.dirty.add("account")
    customer, customer_name = _reference(entry, raw, "customer")
    vendor, vendor_name = _reference(entry, raw, "vendor")
    memo = _memo(entry, raw.get("memo"), LINE_MEMO)
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
        memo,
    )


def _read_amount(entry: Entry, raw: dict[str, Any]) -> Decimal | None:
    """Debit less credit, rounded to the cent; the exact sums are kept in `entry`."""
    try:
        debit, credit = _money(raw.get("debit")), _money(raw.get("credit"))
    except _Dirty:
        entry.dirty.add("amount")
        return None
    exact = _EXACT.subtract(debit, credit)
    rounded = to_cents(exact)
    entry.balance = _EXACT.add(entry.balance, exact)
    entry.rounded_balance += rounded
    if exact > 0:
        entry.debits = _EXACT.add(entry.debits, exact)
        entry.rounded_debits += rounded
        entry.has_debit = True
    elif exact < 0:
        entry.has_credit = True
    return rounded


def _money(value: object) -> Decimal:
    if isinstance(value, str):
        if len(value) > 64:
            raise _Dirty
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _Dirty  # a float has lost cents before it came here
    try:
        amount = to_money(value)
    except ValueError as error:
        raise _Dirty from error
    if not amount:
        return _ZERO
    if amount.adjusted() > 12 or int(amount.as_tuple().exponent) < -30:
        raise _Dirty
    return amount


def _reference(entry: Entry, raw: dict[str, Any], part: str) -> tuple[str | None, str]:
    """Id and name of what a line refers to; the id None where it refers to nothing."""
    value = raw.get(part)
    if value is None:
        return None, ""
    key = value.get("id") if isinstance(value, dict) else None
    if not isinstance(key, str) or not _ID.fullmatch(key):
        entry.dirty.add(part)
        return None, ""
    name = _text(value.get("name"))
    number = _text(value.get("number")) if part == "account" else ""
    return key, f"{number} {name}".strip() or key


def _memo(entry: Entry, value: object, limit: int) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        entry.dirty.add("memo")
        return None
    cleaned = _CONTROL.sub("�", value)
    short = cut(cleaned, limit)
    if short != cleaned:
        entry.cut_memos += 1
    return short


def _text(value: object) -> str:
    return _CONTROL.sub("�", value[:200]).strip() if isinstance(value, str) else ""


def _with_unit(row: Line, unit: str, name: str) -> Line:
    return row if row[3] is not None else (*row[:3], unit, name, *row[5:])
