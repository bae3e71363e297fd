"""The two NetSuite accounts: one OneWorld, one with a single subsidiary."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date

from sandbox.seed.books import (
    Account,
    Books,
    Classification,
    Customer,
    Period,
    Preferences,
    Subsidiary,
)
from sandbox.seed.chart import CHART, DOCUMENT_CHART, Row
from sandbox.seed.netsuite_partners import TERMS, items, vendors, with_own

ONE_WORLD = "1234567_SB1"
SINGLE = "7654321"
CLOSED_MONTH = date(2026, 2, 1)
LOCKED_MONTH = date(2026, 3, 1)
AR_LOCKED_MONTH = date(2027, 1, 1)
AP_LOCKED_MONTH = date(2027, 2, 1)
LEGACY_CUSTOMERS = range(2001, 2013)
FOREIGN_LEGACY_CUSTOMER = "2013"
DENVER_LEGACY_CUSTOMERS = ("2021", "2022", "2023")

SUBSIDIARIES = (
    Subsidiary("1", "Northeast Home Services Holdings"),
    Subsidiary("2", "Albany Heating & Air", parent="1"),
    Subsidiary("3", "Albany Plumbing", parent="1"),
    Subsidiary("4", "Austin Comfort", parent="1"),
    Subsidiary("5", "Eliminations", parent="1", is_elimination=True),
    Subsidiary("6", "Old Albany Drains", parent="3", is_inactive=True),
    Subsidiary("7", "Denver Home Services", parent="1"),
    Subsidiary("8", "Boulder Electric", parent="1"),
)
_FIRST = ("Harriet", "Tom", "Ines", "Walter", "Priya", "Gus", "Lena", "Omar", "Ruth", "Sven")
_LAST = ("Vance", "Ortega", "Bell", "Nakamura", "Sharma", "Lindqvist", "Moreau", "Haddad", "Pike")


def _accounts(
    first_id: int, subsidiaries: tuple[Subsidiary, ...], chart: tuple[Row, ...] = CHART
) -> tuple[Account, ...]:
    ids = {s.name: s.id for s in subsidiaries}
    rows = [row for row in chart if row.ns_type and row.number]
    return tuple(
        Account(
            id=str(first_id + place),
            number=row.number or "",
            name=row.name,
            type=row.ns_type,
            subsidiaries=(ids[row.only],) if row.only in ids else (),
            is_inactive=row.inactive,
            is_summary=row.summary,
            special=row.special,
        )
        for place, row in enumerate(rows)
    )


def _month(number: int, year: int, month: int) -> Period:
    start = date(year, month, 1)
    closed = year < 2026 or start == CLOSED_MONTH
    locked = closed or start == LOCKED_MONTH
    return Period(
        id=str(number),
        name=start.strftime("%b %Y"),
        start=start,
        end=date(year, month, monthrange(year, month)[1]),
        closed=closed,
        all_locked=locked,
        ar_locked=locked or start == AR_LOCKED_MONTH,
        ap_locked=locked or start == AP_LOCKED_MONTH,
    )


def _periods() -> tuple[Period, ...]:
    made: list[Period] = []
    for year, months in ((2025, 12), (2026, 12), (2027, 3)):
        shut = year < 2026
        made.append(
            Period(str(len(made) + 1), f"FY {year}", date(year, 1, 1), date(year, 12, 31), True)
        )
        for month in range(1, months + 1):
            if month % 3 == 1:
                end = date(year, month + 2, monthrange(year, month + 2)[1])
                name = f"Q{month // 3 + 1} {year}"
                number = str(len(made) + 1)
                made.append(Period(number, name, date(year, month, 1), end, is_quarter=True))
            made.append(_month(len(made) + 1, year, month))
        if months == 12:
            day = date(year, 12, 31)
            number = str(len(made) + 1)
            made.append(
                Period(number, f"Adjust {year}", day, day, is_adjust=True, closed=shut,
                       all_locked=shut, ar_locked=shut, ap_locked=shut)
            )  # fmt: skip
    return tuple(made)


def _customers(rng: random.Random) -> tuple[Customer, ...]:
    made = []
    for number in LEGACY_CUSTOMERS:
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        made.append(
            Customer(
                id=str(number),
                entity_id=f"C-{number} {first} {last}",
                is_person=True,
                subsidiary="4",
                first_name=first,
                last_name=last,
                email=f"{first}.{last}{number}@example.com".lower(),
                phone=f"512-555-{number % 10000:04d}",
            )
        )
    wrong = FOREIGN_LEGACY_CUSTOMER
    made.append(Customer(wrong, f"C-{wrong} Hudson Diner", False, "2", company_name="Hudson Diner"))
    made.append(
        Customer("2014", "C-2014 Maria Lopez", True, "4", first_name="Maria", last_name="Lopez",
                 email="maria.lopez@example.com", phone="512-555-0199")
    )  # fmt: skip
    for known in DENVER_LEGACY_CUSTOMERS:
        name = f"Mountain Lodge {known}"
        made.append(Customer(known, f"C-{known} {name}", False, "7", company_name=name))
    return tuple(made)


def netsuite_books(seed: int = 1, size: str = "small") -> tuple[Books, ...]:
    """The OneWorld account's books, then the single-subsidiary account's.

    Both are the same for every `size`: what grows with it is the tenants' journal entries.
    """
    rng = random.Random(f"books {seed}")
    chart = with_own(_accounts(101, SUBSIDIARIES, CHART + DOCUMENT_CHART))
    one_world = Books(
        account_id=ONE_WORLD,
        preferences=Preferences(one_world=True, concurrency_limit=5),
        subsidiaries=SUBSIDIARIES,
        accounts=chart,
        departments=(
            Classification("1", "Service"),
            Classification("2", "Installation"),
            Classification("3", "Austin Office", subsidiaries=("4",)),
        ),
        classes=(Classification("1", "Residential"), Classification("2", "Commercial")),
        locations=(
            Classification("1", "Austin North", subsidiaries=("4",)),
            Classification("2", "Austin South", subsidiaries=("4",)),
            Classification("3", "Albany Yard", subsidiaries=("2", "3")),
            Classification("4", "Old Depot", is_inactive=True),
        ),
        periods=_periods(),
        customers=_customers(rng),
        vendors=vendors(SUBSIDIARIES),
        items=items(chart, ("2", "4", "7")),
        terms=TERMS,
    )
    single = Books(
        account_id=SINGLE,
        preferences=Preferences(one_world=False, concurrency_limit=5),
        accounts=_accounts(501, ()),
        departments=(Classification("1", "Plumbing"), Classification("2", "Drains")),
        classes=(Classification("1", "Residential"),),
        locations=(Classification("1", "Boise"),),
        periods=_periods(),
        customers=(Customer("901", "Treasure Valley Homes", False, "1",
                            company_name="Treasure Valley Homes"),),
        terms=TERMS,
    )  # fmt: skip
    return (one_world, single)
