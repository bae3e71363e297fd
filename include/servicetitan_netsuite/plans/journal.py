"""A journal entry ready to be built."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from servicetitan_netsuite.plans.transaction import PostingPlan


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of a journal, every reference a NetSuite internal id; debit positive.

    `entity` names a customer or vendor: an internal id, or an external id (`st-...`) while the
    record is still to be created.
    """

    account: str
    amount: Decimal
    memo: str | None = None
    entity: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPlan(PostingPlan):
    """A journal entry ready to be built, balanced to the cent."""

    lines: tuple[PlannedLine, ...]
