"""Purchase orders, receipts and vendor bills ready to be built.

A vendor is an internal id; an order its external id, or its internal id where it is linked as an
opening document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Day = date


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """An amount on a general ledger account, positive in its record's own direction."""

    account: str
    amount: Decimal
    memo: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One line of an order: through the purchase item of `account`, an internal or external id.

    `of` is what ServiceTitan calls the line.
    """

    of: str
    account: str
    item: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal
    description: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class PurchaseOrderPlan:
    """A purchase order ready to be built; it does not touch the general ledger."""

    external_id: str
    date: Day
    subsidiary: str | None
    currency: str | None
    vendor: str
    memo: str | None
    tran_id: str | None
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """So much of one line of the order came; `of` is that line by ServiceTitan's id."""

    of: str
    code: str
    quantity: Decimal
    location: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptPlan:
    """An item receipt ready to be made of its order."""

    external_id: str
    order: str
    date: Day
    period: str
    subsidiary: str | None
    currency: str | None
    vendor: str
    memo: str | None
    tran_id: str | None
    lines: tuple[ReceivedLine, ...]


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What is billed of one line of the order; `rate` None where it was billed at several costs."""

    of: str
    code: str
    account: str
    quantity: Decimal
    rate: Decimal | None
    amount: Decimal
    memo: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class BillPlan:
    """A vendor bill ready to be made of its order, or to stand alone (`order` None, no `lines`)."""

    external_id: str
    order: str | None
    date: Day
    due_date: Day | None
    period: str
    subsidiary: str | None
    currency: str | None
    vendor: str
    payable: str
    memo: str | None
    tran_id: str | None
    term: str | None
    lines: tuple[BilledLine, ...]
    expenses: tuple[ExpenseLine, ...]
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
