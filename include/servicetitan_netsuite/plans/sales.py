"""Invoices and credit memos ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servicetitan_netsuite.plans.transaction import Day, PostingPlan


@dataclass(frozen=True, slots=True)
class SalesLine:
    """One line of an invoice or credit memo: `amount` through the sale item of `account`.

    `item` is an internal id, or an external id (`st-...`) while the item is still to be created.
    """

    account: str
    item: str
    amount: Decimal
    description: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesPlan(PostingPlan):
    """An invoice or credit memo ready to be built, its lines equal to its total.

    `record` is `invoice` or `creditMemo`; amounts are positive in the record's own direction.
    `customer` is an internal or an external id; `receivable` the account of the AR role;
    `applications` name documents by external id with the amount a credit memo is applied to each;
    `term` is an invoice's payment term.
    """

    record: str
    due_date: Day | None
    customer: str
    receivable: str
    lines: tuple[SalesLine, ...]
    applications: tuple[tuple[str, Decimal], ...] = ()
    term: str | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
