"""A vendor credit ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servicetitan_netsuite.plans.purchases import ExpenseLine
from servicetitan_netsuite.plans.transaction import PostingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCreditPlan(PostingPlan):
    """A vendor credit ready to be built, its lines equal to its total.

    `vendor` is an internal id; `payable` the account of the AP role; `applications` name bills by
    external id with the amount that each is paid by.
    """

    vendor: str
    payable: str
    lines: tuple[ExpenseLine, ...]
    applications: tuple[tuple[str, Decimal], ...] = ()
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
