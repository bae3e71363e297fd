"""Accounting periods: which one a date falls in, and whether it may be posted to."""

from __future__ import annotations

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.store import Document

OUTSIDE = (
    "The transaction date you specified is not within the date range of your accounting period."
)
NO_PERIOD = "There are no Accounting Periods that cover this transaction date."
CLOSED_EDIT = "This transaction is in a period that has been closed. You may not edit it."
CLOSED_LEDGER = "You cannot change the G/L impact of a transaction in a closed period."


def is_base(period: Document) -> bool:
    """Whether transactions post to it: neither a year nor a quarter."""
    return not period.get("isYear") and not period.get("isQuarter")


def is_open(period: Document, locks: tuple[str, ...] = ()) -> bool:
    """Whether an ordinary role may post; `locks` are the further locks that bind a record type."""
    return not any(period.get(name) for name in ("closed", "allLocked", *locks))


def posting_period(context: Context, day: str, chosen: str | None, locks: tuple[str, ...]) -> str:
    """The id of the period a new posting goes to; raises Refusal when there is none open."""
    periods = context.store.all("accountingPeriod")
    if chosen is not None:
        candidates = [periods[chosen]]
    else:
        candidates = [
            p
            for p in periods.values()
            if is_base(p) and not p.get("isAdjust") and p["startDate"] <= day <= p["endDate"]
        ]
        if not candidates:
            raise user_error(NO_PERIOD)
    period = candidates[0]
    covers = period["startDate"] <= day <= period["endDate"]
    if not (covers and is_base(period) and is_open(period, locks)):
        raise user_error(OUTSIDE)
    return str(period["id"])


def settled(
    context: Context,
    document: Document,
    old: Document | None,
    changes: bool,
    locks: tuple[str, ...],
) -> str:
    """The period a new or changed transaction posts to; raises Refusal.

    `changes` says whether a change of an old one reaches the ledger.
    """
    day, chosen = document["tranDate"], document.get("postingPeriod")
    if old is not None:
        require_open(context, old["postingPeriod"], changes, locks)
        if day != old["tranDate"] and chosen == old["postingPeriod"]:
            period = context.store.all("accountingPeriod")[chosen]
            if not period["startDate"] <= day <= period["endDate"]:
                chosen = None
    return posting_period(context, day, chosen, locks)


def require_open(
    context: Context, period_id: str, ledger_changes: bool, locks: tuple[str, ...]
) -> None:
    """Refuse to edit or delete what stands in a closed or locked period."""
    if not is_open(context.store.all("accountingPeriod")[period_id], locks):
        raise user_error(CLOSED_LEDGER if ledger_changes else CLOSED_EDIT)
