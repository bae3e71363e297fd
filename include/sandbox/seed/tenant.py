"""What a seeded ServiceTitan tenant holds: accounts, business units, customers, journal entries.

Values only: `sandbox.seed` makes them from a seed number, the ServiceTitan stand-in stores them.
Identifiers are ServiceTitan's int64, except a journal entry's, which is a GUID.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Reference = tuple[int, str]  # id and name, or id and number
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class GlAccount:
    """A general ledger account as ServiceTitan keeps it; some have no number."""

    id: int
    number: str | None
    name: str
    type: str
    subtype: str
    default_type: str | None = None


@dataclass(frozen=True, slots=True)
class BusinessUnit:
    """A business unit; its name may or may not be the name of a NetSuite subsidiary."""

    id: int
    name: str
    trade: Reference


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a customer: Phone, Email, Fax or MobilePhone."""

    id: int
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; `external_data` holds (application GUID, key, value)."""

    id: int
    name: str
    type: str  # Residential or Commercial
    street: str
    unit: str | None
    city: str
    state: str
    zip: str
    active: bool = True
    merged_to: int | None = None
    contacts: tuple[Contact, ...] = ()
    external_data: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """The activity a journal line comes from."""

    id: int
    type: str
    ref_number: str
    day: date


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line; money as ServiceTitan says it: up to 19 decimals, sometimes negative."""

    account: int
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    memo: str | None = None
    business_unit: int | None = None
    customer: Reference | None = None
    vendor: Reference | None = None
    transaction: Transaction | None = None
    sku: tuple[int, str, str] | None = None  # id, type, code
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A journal entry with the seed's own knowledge of what must become of it.

    `valid` is True when NetSuite must hold it once after *Start Syncing* and a run with first-fill
    mappings; otherwise `why` names the reason, code first. `amount` is the total NetSuite shows:
    the debits in cents, negative ones counted on the other side.
    """

    id: str
    number: int
    name: str
    case: str
    post_date: date
    created_on: datetime
    lines: tuple[JournalLine, ...] = field(repr=False)
    valid: bool
    why: str
    amount: str
    status: str = "Open"
    sync_status: str = "NotSynced"
    version_id: int = 1
    last_sync_version_id: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant as seeded; `account_id` is the NetSuite account that keeps its books."""

    tenant_id: int
    short_name: str
    name: str
    city: str
    state: str
    detailed: bool
    account_id: str
    gl_accounts: tuple[GlAccount, ...]
    business_units: tuple[BusinessUnit, ...]
    customers: tuple[Customer, ...]
    journal_entries: tuple[JournalEntry, ...] = ()
