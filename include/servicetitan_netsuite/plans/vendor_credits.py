"""A vendor credit ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.plans.purchases import ExpenseLine

Day = date


@dataclass(frozen=True, slots=True)
class VendorCreditPlan:
    """A vendor credit ready to be built: checked, mapped, its lines equal to its total.

    `vendor` is an internal id; `payable` the account of the AP role; `applications` name bills by
    external id with the amount that each is paid by.
    """

    external_id: str
    date: Day
    period: str
    subsidiary: str | None
    currency: str | None
    vendor: str
    payable: str
    memo: str | None
    tran_id: str | None
    lines: tuple[ExpenseLine, ...]
    applications: tuple[tuple[str, Decimal], ...] = ()
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
