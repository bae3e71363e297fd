"""Purchase orders, receipts and vendor bills ready to be built."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """An amount on a general ledger account, positive in its record's own direction."""

    account: str
    amount: Decimal
    memo: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None
