"""A desk to draft journal entries at: the tenant's accounts by number, its units by name."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sandbox.seed.tenant import (
    ZERO,
    BusinessUnit,
    Customer,
    GlAccount,
    JournalLine,
    Reference,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal entry before it has a number."""

    case: str
    post_date: date
    lines: tuple[JournalLine, ...]
    name: str = ""
    status: str = "Open"
    sync_status: str = "NotSynced"
    version_id: int = 1
    last_sync_version_id: int | None = None
    message: str | None = None


@dataclass(slots=True)
class Desk:
    """What drafting needs to know of a tenant; `subsidiaries` groups units that may be mixed."""

    rng: random.Random
    detailed: bool
    accounts: dict[str, GlAccount]
    groups: tuple[tuple[BusinessUnit, ...], ...]
    by_hand: tuple[BusinessUnit, ...]
    customers: list[Customer]
    special: dict[str, Customer] = field(default_factory=dict)
    month: date | None = None  # plain entries all in this month
    _next_transaction: int = 7_000_000

    @property
    def receivable(self) -> str:
        """Number of the account that invoices debit: AR itself needs customers on its lines."""
        return "1200" if self.detailed else "1205"

    def transaction(self, kind: str, day: date) -> Transaction:
        """A new transaction of that kind."""
        self._next_transaction += 1
        number = self._next_transaction
        return Transaction(number, kind, str(number % 1_000_000), day)

    def customer(self) -> Reference:
        """Any ordinary customer."""
        chosen = self.rng.choice(self.customers)
        return (chosen.id, chosen.name)

    def unit(self) -> BusinessUnit:
        """Any business unit that the first fill maps."""
        return self.rng.choice(self.rng.choice(self.groups))

    def money(self, low: int = 5, high: int = 2500) -> Decimal:
        """An amount in cents, `low` to `high` dollars."""
        return Decimal(self.rng.randrange(low * 100, high * 100)) / 100

    def line(
        self,
        number: str,
        debit: Decimal | str | int = ZERO,
        credit: Decimal | str | int = ZERO,
        *,
        unit: BusinessUnit | None = None,
        customer: Reference | None = None,
        memo: str | None = None,
        transaction: Transaction | None = None,
        vendor: Reference | None = None,
        sku: tuple[int, str, str] | None = None,
    ) -> JournalLine:
        """One line on the account of that number."""
        return JournalLine(
            account=self.accounts[number].id,
            debit=Decimal(debit),
            credit=Decimal(credit),
            memo=memo,
            business_unit=unit.id if unit else None,
            customer=customer,
            vendor=vendor,
            transaction=transaction,
            sku=sku,
            quantity=Decimal(1) if sku else None,
        )

    def day(self) -> date:
        """A day when the books are open, mostly of the last four months."""
        if self.month is not None:
            return self.month.replace(day=self.rng.randrange(1, 29))
        months = (1, 4, 5, 6, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 10, 11, 11, 11)
        month = self.rng.choice(months)
        return date(2026, month, self.rng.randrange(1, 20 if month == 11 else 29))
