"""One seeded document, as ServiceTitan shows it, and the words its fields are written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Body = dict[str, Any]
CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(slots=True)
class Doc:
    """A document of `type`: `body` is what ServiceTitan shows, `hidden` what only it knows.

    `held` says why nobody ever batches it; `times` how often a list shows it.
    """

    type: str
    case: str
    body: Body
    hidden: Body = field(default_factory=dict)
    held: str = ""
    times: int = 1

    @property
    def id(self) -> int:
        """ServiceTitan's id."""
        return int(self.body["id"])


def cents(value: Decimal | int) -> Decimal:
    """An amount in cents, halves up."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal | int) -> str:
    """Money as invoices, payments and bills say it: a string with two decimals."""
    return f"{cents(value):f}"


def scaled(value: Decimal | int, places: int) -> str:
    """A number as a string with that many decimals."""
    return f"{Decimal(value):.{places}f}"


def midnight(day: date) -> str:
    """A business date: midnight UTC, which is never converted."""
    return f"{day.isoformat()}T00:00:00Z"
