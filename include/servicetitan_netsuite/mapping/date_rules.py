"""Rules about a document's accounting day: there is one, in a period NetSuite takes postings in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from servicetitan_netsuite.documents import Cause, Problem
from servicetitan_netsuite.mapping.reference import ReferenceFrames, Row


@dataclass(frozen=True, slots=True)
class Dated:
    """What the day of a document type is called, and which locks of a period hold it up."""

    day: str
    correct: str
    lock: str | None = None


JOURNAL = Dated("post date", "Correct the journal entry in ServiceTitan, or exclude it there.")
RECEIVABLE = Dated("date", "Give it a date in ServiceTitan.", lock="ar_locked")
PAYABLE = Dated("date", "Give it a date in ServiceTitan.", lock="ap_locked")
PLAIN = Dated("date", "Give it a date in ServiceTitan.")
"""Of what becomes a journal: locks of receivables or payables alone do not hold it up."""

_LOCKED = {"ar_locked": "locked for receivables", "ap_locked": "locked for payables"}


def check_date(day: date | None, dated: Dated, reference: ReferenceFrames) -> Iterator[Problem]:
    """Why nothing can be posted on `day`; at most one reason."""
    if day is None:
        yield Problem(Cause.DATE_MISSING, f"It has no {dated.day}.", dated.correct)
        return
    period = reference.period(day)
    if period is None:
        month = day.strftime("%Y-%m")
        yield Problem(
            Cause.PERIOD_MISSING,
            f"NetSuite has no accounting period for {month}.",
            "Set up the accounting period in NetSuite.",
            month,
            month,
        )
        return
    state = _state(period, dated.lock)
    if state:
        yield _shut(period, state, dated)


def _state(period: Row, lock: str | None) -> str:
    if period.get("closed"):
        return "closed"
    if period.get("all_locked"):
        return "locked"
    return _LOCKED[lock] if lock and period.get(lock) else ""


def _shut(period: Row, state: str, dated: Dated) -> Problem:
    name = str(period.get("name") or period["id"])
    return Problem(
        Cause.PERIOD_CLOSED,
        f"Accounting period {name} is {state} in NetSuite.",
        f"Reopen the period in NetSuite, or change the {dated.day} in ServiceTitan; "
        "dates are never moved by the sync.",
        str(period["id"]),
        name,
    )
