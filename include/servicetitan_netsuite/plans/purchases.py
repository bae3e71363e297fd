"""Purchase orders, receipts and vendor bills ready to be built.

A vendor is an internal id; an order its external id, or its internal id where it is linked as an
opening document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servicetitan_netsuite.plans.transaction import Day, PostingPlan, TransactionPlan


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderPlan(TransactionPlan):
    """A purchase order ready to be built; it does not touch the general ledger."""

    vendor: str
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """So much of one line of the order came; `of` is that line by ServiceTitan's id."""

    of: str
    code: str
    quantity: Decimal
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPlan(PostingPlan):
    """An item receipt ready to be made of its order."""

    order: str
    vendor: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPlan(PostingPlan):
    """A vendor bill ready to be made of its order, or to stand alone (`order` None, no `lines`)."""

    order: str | None
    due_date: Day | None
    vendor: str
    payable: str
    term: str | None
    lines: tuple[BilledLine, ...]
    expenses: tuple[ExpenseLine, ...]
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
