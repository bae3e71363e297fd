"""What any document must satisfy: the seed's own reading of the accounting rules.

Judged under the defaults of the tenant's file: method `documents`, go-live on 2026-01-01, days of
Denver, mappings as the first fill makes them (accounts by number, business units by exact name of
a subsidiary, roles by ServiceTitan's default account types, vendors by external data or exact
name), customers created on first use, refunds native, cost of sales as journals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.seed.books import Account, Books, Period
from sandbox.seed.documents.doc import Body, cents
from sandbox.seed.documents.skus import Sku
from sandbox.seed.judge import GO_LIVE, LEGACY_GUID, LEGACY_KEY
from sandbox.seed.tenant import Customer, Tenant
from sandbox.seed.vendors import VendorRow

ZONE = ZoneInfo("America/Denver")
RECEIVABLE, PAYABLE, TAX, DEPOSITS = "1200", "2000", "2200", "2399"
INVENTORY, ADJUSTMENTS, FREIGHT, PURCHASE_TAX = "1300", "5050", "5030", "5040"
MOST = Decimal("999999999999")
NOT_ON_ITEMS = ("Bank", "AcctRec", "AcctPay")
Posting = tuple[str, Decimal]  # account number, debit less credit


class Unfit(Exception):
    """Why a document must not post: a code, then words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must become of a document.

    `becomes` is NetSuite's record type; `gl` what it debits less credits by account number, `cogs`
    the same of its cost of sales; `day` and `subsidiary` where it posts; `parents` the documents
    that must be there first; `posts_as` the document that stands for this one.
    """

    valid: bool
    why: str
    amount: str
    becomes: str = ""
    gl: tuple[Posting, ...] = ()
    cogs: tuple[Posting, ...] = ()
    day: str | None = None
    subsidiary: str | None = None
    parents: tuple[tuple[str, int], ...] = ()
    posts_as: tuple[str, int] | None = None


def number(value: Any, what: str) -> Decimal:
    """A number, be it a string; raises Unfit."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise InvalidOperation
        found = Decimal(value)
    except InvalidOperation as error:
        raise Unfit(f"dirty: {what} is not a number") from error
    if not found.is_finite() or abs(found) > MOST:
        raise Unfit(f"dirty: {what} is out of range")
    return found


def day_of(value: Any, what: str) -> date:
    """A business date; a stamp with a time of day is a date in the accounting time zone."""
    text = value if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError as error:
        raise Unfit(f"dirty: {what} is not a date") from error
    if moment.tzinfo is None or not (moment.hour or moment.minute or moment.second):
        return moment.date()
    return moment.astimezone(ZONE).date()


def rows(value: Any, what: str) -> list[Body]:
    """A list of objects; null is an empty one; raises Unfit for anything else."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unfit(f"dirty: {what} holds what is no line")
    return value


def _id(ref: Any) -> int | None:
    found = ref.get("id") if isinstance(ref, dict) else ref
    return found if isinstance(found, int) else None


class Rules:
    """Knows the tenant's master data and the books it posts to."""

    def __init__(
        self, tenant: Tenant, vendors: dict[int, VendorRow], skus: dict[int, Sku], books: Books
    ) -> None:
        self._books = books
        self._units = {one.id: one.name for one in tenant.business_units}
        self._customers = {one.id: one for one in tenant.customers}
        self._vendors = vendors
        self.skus = skus
        self._by_number = {one.number: one for one in books.accounts}
        self._subsidiaries = {one.name: one.id for one in books.subsidiaries}
        self._entities = {one.id: one.subsidiary for one in books.customers}

    def subsidiary(self, unit: Any) -> str:
        """Name of the subsidiary a business unit stands for."""
        number_ = _id(unit)
        if number_ is None:
            raise Unfit("business_unit_missing: the document names none")
        name = self._units.get(number_, "")
        if name not in self._subsidiaries:
            raise Unfit(f"business_unit_not_mapped: no subsidiary is called {name!r}")
        return name

    def same(self, unit: Any, subsidiary: str) -> None:
        """A line's own business unit must lie in the document's subsidiary."""
        if unit is not None and self.subsidiary(unit) != subsidiary:
            raise Unfit("several_subsidiaries: a line belongs to another subsidiary")

    def open(self, day: date, *locks: str) -> None:
        """The day's period takes postings of that kind (`ar_locked`, `ap_locked`)."""
        if day < GO_LIVE:
            raise Unfit(f"before_go_live: dated {day}")
        period = self._period(day)
        if period is None:
            raise Unfit(f"period_missing: no accounting period holds {day}")
        if any(getattr(period, name) for name in ("closed", "all_locked", *locks)):
            raise Unfit(f"period_closed: {period.name}")

    def _period(self, day: date) -> Period | None:
        for one in self._books.periods:
            base = not (one.is_year or one.is_quarter or one.is_adjust)
            if base and one.start <= day <= one.end:
                return one
        return None

    def account(self, ref: Any, subsidiary: str, what: str, on_item: bool = False) -> str:
        """Number of a postable account; `ref` is a number or what a document shows."""
        wanted = ref.get("number") if isinstance(ref, dict) else ref
        found: Account | None = self._by_number.get(wanted or "")
        if found is None:
            raise Unfit(f"account_not_mapped: {what} {wanted or 'names no account'}")
        if found.is_inactive:
            raise Unfit(f"account_inactive: {found.number} {found.name}")
        if found.is_summary or (on_item and found.type in NOT_ON_ITEMS):
            raise Unfit(f"account_not_postable: {found.number} is of type {found.type}")
        allowed = found.subsidiaries
        if allowed and self._subsidiaries[subsidiary] not in allowed:
            raise Unfit(f"account_not_in_subsidiary: {found.number} {found.name}")
        return found.number

    def customer(self, ref: Any, subsidiary: str) -> int:
        """The customer a document is booked to, mergers followed."""
        found = self._customers.get(_id(ref) or 0)
        while found is not None and found.merged_to is not None:
            found = self._customers.get(found.merged_to)
        if found is None:
            raise Unfit("customer_missing: ServiceTitan does not know the customer")
        self._belongs(found, subsidiary)
        return found.id

    def _belongs(self, customer: Customer, subsidiary: str) -> None:
        for guid, key, value in customer.external_data:
            known = (guid, key) == (LEGACY_GUID, LEGACY_KEY)
            if known and self._entities.get(value) != self._subsidiaries[subsidiary]:
                raise Unfit(f"subsidiary_invalid: {customer.name} belongs to another subsidiary")

    def vendor(self, ref: Any, subsidiary: str) -> None:
        """The vendor must be linked to one of NetSuite's that serves the subsidiary."""
        row = self._vendors.get(_id(ref) or 0)
        usable = row is not None and row.netsuite_id and row.available and not row.inactive
        if row is None or not usable or row.name == "Twin Peaks Parts":
            raise Unfit("vendor_missing: no vendor of NetSuite is linked")
        if subsidiary not in row.subsidiaries:
            raise Unfit(f"subsidiary_invalid: {row.name} does not serve {subsidiary}")

    def balanced(self, gl: list[Posting], what: str) -> tuple[Posting, ...]:
        """The postings by account, zero ones dropped; raises Unfit unless they sum to zero."""
        off = sum(amount for _, amount in gl)
        if off:
            raise Unfit(f"not_balanced: {what} is off by {off}")
        sums: dict[str, Decimal] = {}
        for account, amount in gl:
            sums[account] = sums.get(account, Decimal(0)) + amount
        return tuple((account, amount) for account, amount in sums.items() if amount)


def in_cents(value: Any, what: str) -> Decimal:
    """Money in cents; raises Unfit."""
    return cents(number(value, what))
