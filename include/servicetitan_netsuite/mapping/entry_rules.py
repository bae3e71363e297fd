"""Rules about a journal entry as a whole: skipped, readable, in balance, in an open period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from servicetitan_netsuite.documents import AccountProfile, Cause, Problem, to_cents
from servicetitan_netsuite.mapping.date_rules import JOURNAL, check_date
from servicetitan_netsuite.mapping.entry_content import Entry
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.tenants import Method, Tenant

AP_TYPES = frozenset({"Bill", "VendorCredit", "Receipt", "InventoryReturn"})
"""Transactions that reach NetSuite as documents of their own where AP documents are synced."""

_UNREADABLE = {
    "header": "its header is missing",
    "detail": "it is neither a summary nor a detailed entry",
    "lines": "its lines are missing",
    "line": "one of its lines is not a line",
    "amount": "the debit or credit of a line is missing or not an amount of money",
    "account": "a line names no account, or names it without a valid id",
    "business_unit": "a line names its business unit without a valid id",
    "customer": "a line names its customer without a valid id",
    "vendor": "a line names its vendor without a valid id",
    "memo": "its name or the memo of a line is not text",
    "is_empty": "it is marked empty but has lines",
    "number": "its number is missing, or longer than NetSuite takes with the prefix",
    "id": "its id holds characters that NetSuite's external ids do not take",
}
SINCE_POSTED = {
    Cause.BEFORE_GO_LIVE: "it is now dated before go-live",
    Cause.NO_LINES: "it has no lines any more",
    Cause.ZERO_AMOUNT: "its lines are all zero now",
}
"""What a reason to skip means for an entry whose journal is in NetSuite."""
_CORRECT = "Correct the journal entry in ServiceTitan, or exclude it there."


def reason_to_skip(entry: Entry, from_: date) -> Problem | None:
    """Why nothing of this entry is posted, or None where it has to be."""
    day = entry.document.business_date
    if day is not None and day < from_:
        return Problem(
            Cause.BEFORE_GO_LIVE,
            f"It is dated before go-live, {from_.isoformat()}.",
            "Nothing to do: entries from before go-live stay in ServiceTitan.",
        )
    if entry.empty:
        return Problem(Cause.NO_LINES, "It has no lines.", "Nothing to do: nothing is posted.")
    if entry.nothing_to_post:
        return Problem(
            Cause.ZERO_AMOUNT, "All its lines are zero.", "Nothing to do: nothing is posted."
        )
    return None


def not_updatable(change: str) -> Problem:
    """Why a journal that is in NetSuite already cannot follow `change` of its entry."""
    return Problem(
        Cause.UPDATE_NOT_POSSIBLE,
        f"This journal entry was synced before, and {change}.",
        "Correct or delete the journal in NetSuite by hand, "
        "then set the entry's status in ServiceTitan.",
    )


def check_entry(
    entry: Entry, tenant: Tenant, profile: AccountProfile, reference: ReferenceFrames
) -> Iterator[Problem]:
    """All that is wrong with the entry as a whole."""
    for part in sorted(entry.dirty):
        told = _UNREADABLE[part]
        yield Problem(
            Cause.DIRTY_DATA, f"This journal entry cannot be read: {told}.", _CORRECT, part, part
        )
    yield from _check_type(entry, tenant)
    # Locks of receivables or payables alone do not hold up journals.
    yield from check_date(entry.document.business_date, JOURNAL, reference)
    if entry.amounts_read:
        yield from _check_balance(entry)
    if entry.kept > profile.max_journal_lines:
        yield Problem(
            Cause.TOO_MANY_LINES,
            f"It has {entry.kept} lines; NetSuite takes {profile.max_journal_lines} in a journal.",
            "Use summary journal entries, or let ServiceTitan make them by day and business unit.",
        )


def _check_type(entry: Entry, tenant: Tenant) -> Iterator[Problem]:
    if tenant.sync.method is not Method.JOURNAL_ENTRIES_AND_AP:
        return
    for kind in sorted(entry.transaction_types & AP_TYPES):
        yield Problem(
            Cause.TYPE_NOT_ALLOWED,
            f"It holds a transaction of type {kind}, which this tenant syncs as a document of "
            "its own: it would be posted twice.",
            "Leave payables out of journal entries in ServiceTitan, or exclude this entry there.",
            kind,
            kind,
        )


def _check_balance(entry: Entry) -> Iterator[Problem]:
    if entry.exact:
        side = "debit" if not entry.has_debit else "credit" if not entry.has_credit else ""
        lacks = f" It has no {side} line." if side else ""
        yield Problem(
            Cause.NOT_BALANCED,
            f"Debits and credits differ by {abs(entry.exact):f}.{lacks}",
            _CORRECT,
        )
    elif entry.rounded or entry.rounded_debits != to_cents(entry.debits):
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            "Its lines have more than two decimals; rounded to the cent they no longer balance "
            "or no longer come to the entry's total.",
            _CORRECT,
        )
