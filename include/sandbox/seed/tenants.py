"""The seeded tenants' layout, and the three that sync journal entries, plain to awkward."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sandbox.seed import awkward, plain
from sandbox.seed.books import Books
from sandbox.seed.chart import CHART, DOCUMENT_CHART, Row
from sandbox.seed.customers import CustomerMaker
from sandbox.seed.drafting import Desk, Draft
from sandbox.seed.judge import Judge
from sandbox.seed.netsuite import ONE_WORLD, SINGLE, netsuite_books
from sandbox.seed.tenant import BusinessUnit, Customer, GlAccount, JournalEntry, Tenant

SIZES = {"small": 250, "month": 3000}
DOCUMENT_SIZES = {"small": 680, "month": 6000}
FIRST_NUMBER = 3001
FIRST_CREATED = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
CREATED_WITHIN_S = 1_500_000
HELD = {
    "Synced": "already synced before",
    "OutOfSync": "changed since it was synced before; only InProgress is pending",
    "Error": "in error: nobody has started its sync again",
    "Excluded": "excluded by a person",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How one tenant is set up; `groups` are the units of one subsidiary each."""

    tenant_id: int
    short_name: str
    name: str
    city: str
    state: str
    detailed: bool
    account_id: str
    groups: tuple[tuple[str, ...], ...]
    by_hand: tuple[str, ...] = ()
    chart: tuple[Row, ...] = CHART


_SEEDED = (
    Layout(
        1001, "ALB", "Albany Heating & Air", "Albany", "NY", False, ONE_WORLD,
        (("Albany Heating & Air",), ("Albany Plumbing",)),
        ("Commercial HVAC", "Plumbing Maintenance"),
    ),
    Layout(
        1002, "AUS", "Austin Comfort", "Austin", "TX", True, ONE_WORLD,
        (("Austin Comfort",),),
        ("Austin Install North", "Austin Service South"),
    ),
    Layout(
        1003, "BOI", "Boise Plumbing", "Boise", "ID", False, SINGLE,
        (("Boise Plumbing", "Boise Drains", "Boise Remodel"),),
    ),
)  # fmt: skip
DOCUMENTS = Layout(
    1004, "DEN", "Denver Home Services", "Denver", "CO", True, ONE_WORLD,
    (("Denver Home Services",), ("Boulder Electric",)),
    ("Denver Maintenance",),
    CHART + DOCUMENT_CHART,
)  # fmt: skip


def _layouts(asked: int) -> tuple[Layout, ...]:
    """The seeded ones and, up to the number asked for, more of the kind of ALB and of BOI."""
    kinds = (_SEEDED[0], _SEEDED[2])
    more = (
        replace(kind, tenant_id=1100 + i, short_name=f"T{i:02d}", name=f"{kind.name} {i}")
        for i in range(1, asked - len(_SEEDED) + 1)
        for kind in (kinds[i % 2],)
    )
    return (*_SEEDED, *more)


LAYOUTS = _layouts(int(os.environ.get("SANDBOX_TENANTS") or len(_SEEDED)))


def entry_count(size: str) -> int:
    """Journal entries for each tenant: `small`, `month`, or a number; else ValueError."""
    if size in SIZES:
        return SIZES[size]
    if size.isdecimal() and 1 <= int(size) <= 1_000_000:
        return int(size)
    raise ValueError("size must be small, month, or a number of journal entries for each tenant")


def document_count(size: str) -> int:
    """How many documents at most the tenant that syncs documents gets; as `entry_count`."""
    return DOCUMENT_SIZES.get(size) or entry_count(size)


def gl_accounts(layout: Layout) -> tuple[GlAccount, ...]:
    """The tenant's accounts."""
    first = layout.tenant_id * 100_000 + 1
    rows = [row for row in layout.chart if row.st_type]
    return tuple(
        GlAccount(first + i, r.number, r.name, r.st_type, r.st_subtype, r.default_type)
        for i, r in enumerate(rows)
    )


def units(layout: Layout) -> tuple[BusinessUnit, ...]:
    """The tenant's business units."""
    first = layout.tenant_id * 100 + 1
    names = [name for group in layout.groups for name in group] + list(layout.by_hand)
    trade = (2, "Plumbing") if layout.short_name == "BOI" else (1, "HVAC")
    return tuple(BusinessUnit(first + i, name, trade) for i, name in enumerate(names))


def _customers(layout: Layout, rng: random.Random) -> tuple[list[Customer], list[Customer]]:
    """Ordinary customers, and those that entries of their own are made for."""
    maker = CustomerMaker(rng, layout.tenant_id * 1_000_000, layout.city, layout.state)
    if not layout.detailed:
        return maker.ordinary(25), []
    ordinary = maker.ordinary(48) + maker.legacy()
    return ordinary, [*maker.special(), *maker.merged(), maker.foreign()]


def _numbered(
    drafts: Sequence[Draft], rng: random.Random, judge: Judge, layout: Layout
) -> Iterable[JournalEntry]:
    step = min(97.0, CREATED_WITHIN_S / len(drafts))
    for place, one in enumerate(drafts):
        verdict = judge.verdict(one.post_date, one.lines)
        held = HELD.get(one.sync_status)
        stamp = FIRST_CREATED + timedelta(seconds=place * step, microseconds=rng.randrange(10**6))
        yield JournalEntry(
            id=str(UUID(int=rng.getrandbits(128), version=4)),
            number=FIRST_NUMBER + place,
            name=one.name or f"{layout.short_name} {one.post_date:%m/%d/%Y}",
            case=one.case,
            post_date=one.post_date,
            created_on=stamp,
            lines=one.lines,
            valid=verdict.valid and held is None,
            why=f"not_pending: {held}" if held else verdict.why,
            amount=verdict.amount,
            status=one.status,
            sync_status=one.sync_status,
            version_id=one.version_id,
            last_sync_version_id=one.last_sync_version_id,
            message=one.message,
        )


def _drafts(desk: Desk, one_world: bool, count: int) -> list[Draft]:
    made = awkward.drafts(desk, one_world)
    made += [plain.draft(desk) for _ in range(max(0, count - len(made)))]
    desk.rng.shuffle(made)
    return made[:count]


def _tenant(layout: Layout, books: Books, seed: int, size: str) -> Tenant:
    rng = random.Random(f"{layout.short_name} {seed}")
    accounts, all_units = gl_accounts(layout), units(layout)
    ordinary, special = _customers(layout, rng)
    by_name = {unit.name: unit for unit in all_units}
    tenant = Tenant(
        tenant_id=layout.tenant_id,
        short_name=layout.short_name,
        name=layout.name,
        city=layout.city,
        state=layout.state,
        detailed=layout.detailed,
        account_id=layout.account_id,
        gl_accounts=accounts,
        business_units=all_units,
        customers=(*ordinary, *special),
    )
    desk = Desk(
        rng=rng,
        detailed=layout.detailed,
        accounts={account.number or "": account for account in accounts},
        groups=tuple(tuple(by_name[name] for name in group) for group in layout.groups),
        by_hand=tuple(by_name[name] for name in layout.by_hand),
        customers=ordinary,
        special={customer.name: customer for customer in special},
        month=None if size == "small" else date(2026, 10, 1),
    )
    drafts = _drafts(desk, books.preferences.one_world, entry_count(size))
    entries = _numbered(drafts, rng, Judge(tenant, books), layout)
    return replace(tenant, journal_entries=tuple(entries))


def servicetitan_tenants(seed: int = 1, size: str = "small") -> tuple[Tenant, ...]:
    """The tenants ALB, AUS and BOI, the same for the same seed and size.

    Raises:
        ValueError: size is neither `small`, `month` nor a number of entries for each tenant.
    """
    books = {one.account_id: one for one in netsuite_books(seed, size)}
    return tuple(_tenant(layout, books[layout.account_id], seed, size) for layout in LAYOUTS)
