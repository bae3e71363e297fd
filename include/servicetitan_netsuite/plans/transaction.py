"""What the plans of all transactions have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

Day = date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPlan:
    """A transaction ready to be built: checked and mapped.

    `subsidiary` is None in an account without subsidiaries, `currency` where the account has just
    one, `tran_id` where NetSuite numbers.
    """

    external_id: str
    date: Day
    subsidiary: str | None
    currency: str | None
    memo: str | None
    tran_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPlan(TransactionPlan):
    """One that moves the general ledger, or stock, in a period."""

    period: str


class Placed(Protocol):
    """A line, or a plan, with the segments of a business unit."""

    @property
    def department(self) -> str | None:
        """Its department, if it has one."""

    @property
    def class_(self) -> str | None:
        """Its class, if it has one."""

    @property
    def location(self) -> str | None:
        """Its location, if it has one."""
