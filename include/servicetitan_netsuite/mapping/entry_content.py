"""Read journal entries as ServiceTitan sent them: whatever is odd is named, nothing is raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import SourceDocument, to_cents
from servicetitan_netsuite.mapping.reading import EXACT, Line, Reading, with_unit
from servicetitan_netsuite.mapping.values import HEADER_MEMO, LINE_MEMO, Dirty, money, reference

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

_ZERO = Decimal(0)


@dataclass(slots=True)
class Entry(Reading):
    """One journal entry as read: its header, and what its lines add up to.

    Debits are positive in `exact` and `rounded`, which are zero where the entry is in balance.
    Only lines that are not zero are `kept`.
    """

    detailed: bool = False
    synced_before: bool = False
    empty: bool = False
    transaction_types: set[str] = field(default_factory=set)
    types_known: bool = True
    kept: int = 0
    debits: Decimal = _ZERO
    rounded_debits: Decimal = _ZERO
    has_debit: bool = False
    has_credit: bool = False

    @property
    def nothing_to_post(self) -> bool:
        """Every amount was read, and to the cent they come to nothing."""
        rest = to_cents(self.debits) or to_cents(self.exact)
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
    _read_header(entry, detail)
    lines = entry.content.get("lines")
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
        rows = [with_unit(row, COLUMNS, *next(iter(units.items()))) for row in rows]
    return entry, rows


def _read_header(entry: Entry, detail: str) -> None:
    header = entry.content.get("header")
    if not isinstance(header, dict):
        entry.dirty.add("header")
        header = {}
    stated = entry.content.get("detail", detail)
    if stated not in ("summary", "detailed"):
        entry.dirty.add("detail")
        stated = detail
    entry.detailed = stated == "detailed"
    entry.empty = header.get("is_empty") is True
    entry.synced_before = header.get("last_sync_version_id") is not None
    entry.memo = entry.words(header.get("name"), HEADER_MEMO)
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
        entry.words(raw.get("memo"), LINE_MEMO),
    )


def _read_amount(entry: Entry, raw: dict[str, Any]) -> Decimal | None:
    """Debit less credit, rounded to the cent; the exact sums are kept in `entry`."""
    try:
        debit, credit = money(raw.get("debit")), money(raw.get("credit"))
    except Dirty:
        entry.dirty.add("amount")
        return None
    exact = EXACT.subtract(debit, credit)
    rounded = entry.add(exact)
    if exact > 0:
        entry.debits = EXACT.add(entry.debits, exact)
        entry.rounded_debits += rounded
        entry.has_debit = True
    elif exact < 0:
        entry.has_credit = True
    return rounded
