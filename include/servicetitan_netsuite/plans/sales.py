"""Invoices and credit memos ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Day = date


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


@dataclass(frozen=True, slots=True)
class SalesPlan:
    """An invoice or credit memo ready to be built: checked, mapped, its lines equal to its total.

    `record` is `invoice` or `creditMemo`; amounts are positive in the record's own direction.
    `customer` is an internal or an external id; `receivable` the account of the AR role;
    `applications` name documents by external id with the amount a credit memo is applied to each;
    `term` is an invoice's payment term.
    """

    external_id: str
    record: str
    date: Day
    due_date: Day | None
    period: str
    subsidiary: str | None
    currency: str | None
    customer: str
    receivable: str
    memo: str | None
    tran_id: str | None
    lines: tuple[SalesLine, ...]
    applications: tuple[tuple[str, Decimal], ...] = ()
    term: str | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
