"""What a seeded NetSuite account holds before anything is posted to it.

Values only: `sandbox.seed` makes them from a seed number, the NetSuite stand-in stores them.
Every id is a string of digits, as NetSuite's internal ids are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Subsidiary:
    """A legal entity of a OneWorld account; `parent` is None for the root."""

    id: str
    name: str
    parent: str | None = None
    currency: str = "1"
    is_elimination: bool = False
    is_inactive: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A general ledger account; no `subsidiaries` means that every subsidiary may use it."""

    id: str
    number: str
    name: str
    type: str  # NetSuite's acctType id: Bank, AcctRec, AcctPay, Income, COGS, Expense, ...
    subsidiaries: tuple[str, ...] = ()
    is_inactive: bool = False
    is_summary: bool = False
    special: str | None = None  # sSpecAcct: AcctRec, AcctPay, UndepFunds, CustDep, ...
    fields: tuple[tuple[str, bool | str], ...] = ()  # the account's own fields: name, value


@dataclass(frozen=True, slots=True)
class Classification:
    """A department, class or location; no `subsidiaries` means that every subsidiary may use it."""

    id: str
    name: str
    subsidiaries: tuple[str, ...] = ()
    is_inactive: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting period; base periods are neither year nor quarter."""

    id: str
    name: str
    start: date
    end: date
    is_year: bool = False
    is_quarter: bool = False
    is_adjust: bool = False
    closed: bool = False
    all_locked: bool = False
    ar_locked: bool = False
    ap_locked: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer that was in NetSuite before the sync."""

    id: str
    entity_id: str
    is_person: bool
    subsidiary: str
    company_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    is_inactive: bool = False


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor that was in NetSuite before; `subsidiaries` has its own first, then further ones."""

    id: str
    name: str
    subsidiaries: tuple[str, ...]
    is_inactive: bool = False
    terms: str | None = None
    email: str | None = None
    phone: str | None = None
    fields: tuple[tuple[str, bool | str], ...] = ()  # the account's own fields: name, value


@dataclass(frozen=True, slots=True)
class Item:
    """A non-inventory item: `kind` is Sale, Purchase or Resale, as its accounts are given."""

    id: str
    name: str
    kind: str
    income_account: str | None = None
    expense_account: str | None = None
    subsidiaries: tuple[str, ...] = ()
    accrues: bool = False
    is_inactive: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Terms of payment: net in so many days."""

    id: str
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Preferences:
    """Account preferences that business rules depend on."""

    one_world: bool = True
    suite_tax: bool = False
    departments_mandatory: bool = False
    classes_mandatory: bool = False
    locations_mandatory: bool = False
    max_journal_lines: int = 1000
    concurrency_limit: int = 5
    allow_transaction_number_override: bool = True


@dataclass(frozen=True, slots=True)
class Books:
    """One NetSuite account as seeded."""

    account_id: str
    preferences: Preferences
    currencies: tuple[tuple[str, str], ...] = (("1", "USD"),)  # internal id, symbol
    subsidiaries: tuple[Subsidiary, ...] = ()
    accounts: tuple[Account, ...] = ()
    departments: tuple[Classification, ...] = ()
    classes: tuple[Classification, ...] = ()
    locations: tuple[Classification, ...] = ()
    periods: tuple[Period, ...] = ()
    customers: tuple[Customer, ...] = field(default=())
    vendors: tuple[Vendor, ...] = ()
    items: tuple[Item, ...] = ()
    terms: tuple[Term, ...] = ()
