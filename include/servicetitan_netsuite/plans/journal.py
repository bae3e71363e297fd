"""A journal entry ready to be built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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


@dataclass(frozen=True, slots=True)
class JournalPlan:
    """A journal entry ready to be built: checked, mapped, balanced to the cent.

    `subsidiary` is None in an account without subsidiaries; `tran_id` None where NetSuite numbers.
    """

    external_id: str
    date: date
    period: str
    subsidiary: str | None
    currency: str | None
    memo: str | None
    tran_id: str | None
    lines: tuple[PlannedLine, ...]
