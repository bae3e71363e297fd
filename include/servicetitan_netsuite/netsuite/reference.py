"""The master data that validation needs, read by SuiteQL and given as plain Python values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import Row, rows

_ACCOUNTS = (
    "SELECT a.id AS id, a.acctnumber AS acctnumber, "
    "a.accountsearchdisplaynamecopy AS name, a.accttype AS accttype, a.isinactive AS isinactive, "
    "a.issummary AS issummary, a.sspecacct AS sspecacct, a.includechildren AS includechildren "
    "FROM account a ORDER BY a.id"
)
_SUBSIDIARIES = (
    "SELECT s.id AS id, s.name AS name, s.parent AS parent, s.currency AS currency, "
    "s.isinactive AS isinactive, s.iselimination AS iselimination FROM subsidiary s ORDER BY s.id"
)
_DEPARTMENTS = (
    "SELECT d.id AS id, d.fullname AS name, d.isinactive AS isinactive, "
    "d.includechildren AS includechildren FROM department d ORDER BY d.id"
)
_CLASSES = (
    "SELECT c.id AS id, c.fullname AS name, c.isinactive AS isinactive, "
    "c.includechildren AS includechildren FROM classification c ORDER BY c.id"
)
_LOCATIONS = (
    "SELECT l.id AS id, l.fullname AS name, l.isinactive AS isinactive, "
    "l.includechildren AS includechildren FROM location l ORDER BY l.id"
)
# Years and quarters only group base periods; an adjustment period shares its days with one.
_PERIODS = (
    "SELECT p.id AS id, p.periodname AS name, TO_CHAR(p.startdate, 'YYYY-MM-DD') AS startdate, "
    "TO_CHAR(p.enddate, 'YYYY-MM-DD') AS enddate, p.closed AS closed, p.alllocked AS alllocked, "
    "p.arlocked AS arlocked, p.aplocked AS aplocked FROM accountingperiod p "
    "WHERE p.isyear = 'F' AND p.isquarter = 'F' AND p.isadjust = 'F' AND p.isposting = 'T' "
    "ORDER BY p.startdate, p.id"
)
_ACCOUNT_MAP = (
    "SELECT m.account AS item, m.subsidiary AS subsidiary FROM accountsubsidiarymap m "
    "ORDER BY m.account, m.subsidiary"
)
_DEPARTMENT_MAP = (
    "SELECT m.department AS item, m.subsidiary AS subsidiary FROM departmentsubsidiarymap m "
    "ORDER BY m.department, m.subsidiary"
)
_CLASS_MAP = (
    "SELECT m.classification AS item, m.subsidiary AS subsidiary "
    "FROM classificationsubsidiarymap m ORDER BY m.classification, m.subsidiary"
)
_LOCATION_MAP = (
    "SELECT m.location AS item, m.subsidiary AS subsidiary FROM locationsubsidiarymap m "
    "ORDER BY m.location, m.subsidiary"
)
# For accounts without that table: a location names the one subsidiary it belongs to.
_LOCATION_OWNER = (
    "SELECT l.id AS item, l.subsidiary AS subsidiary FROM location l "
    "WHERE l.subsidiary IS NOT NULL ORDER BY l.id"
)

Rows = tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Master data of one NetSuite account; ids are text, flags bool, days dates.

    Attributes:
        accounts: id, number, name, type, inactive, summary, special, subsidiaries.
        subsidiaries: id, name, parent, currency, inactive, elimination.
        departments, classes, locations: id, name, inactive, subsidiaries.
        periods: id, name, start, end, closed, all_locked, ar_locked, ap_locked; base periods
            only, by start.
        vendors: as `netsuite.vendors` gives them, where the run needs them.
        vendor_names: what ServiceTitan calls its vendors, by its ids, where the run needs them.
        unit_names: what ServiceTitan calls its business units, by its ids.

    `subsidiaries` of a row is a tuple of ids with sub-subsidiaries included; empty means that
    every subsidiary may use it. What a row does not have is None.
    """

    accounts: Rows = field(hash=False)
    subsidiaries: Rows = field(hash=False)
    departments: Rows = field(hash=False)
    classes: Rows = field(hash=False)
    locations: Rows = field(hash=False)
    periods: Rows = field(hash=False)
    vendors: Rows = field(default=(), hash=False)
    vendor_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit_names: Mapping[str, str] = field(default_factory=dict, hash=False)


async def reference(client: NetSuite, profile: AccountProfile) -> Reference:
    """Everything validation needs to know of the account.

    Raises:
        ConfigurationError: the role sees no accounts or no periods; names the permission to grant.
    """
    subsidiaries = await _optional(client, _SUBSIDIARIES) if profile.one_world else []
    below = _descendants(subsidiaries)

    async def listed(used: bool, sql: str, *maps: str) -> Rows:
        found = await _optional(client, sql) if used else []
        usable = await _usable_in(client, profile, found, maps, below)
        return tuple(_classification(row, usable) for row in found)

    accounts = await _required(client, _ACCOUNTS, "accounts", "Lists > Accounts (View)")
    usable = await _usable_in(client, profile, accounts, (_ACCOUNT_MAP,), below)
    periods = await _required(
        client, _PERIODS, "accounting periods", "Setup > Manage Accounting Periods (View)"
    )
    return Reference(
        accounts=tuple(_account(row, usable) for row in accounts),
        subsidiaries=tuple(_subsidiary(row) for row in subsidiaries),
        departments=await listed(profile.departments, _DEPARTMENTS, _DEPARTMENT_MAP),
        classes=await listed(profile.classes, _CLASSES, _CLASS_MAP),
        locations=await listed(profile.locations, _LOCATIONS, _LOCATION_MAP, _LOCATION_OWNER),
        periods=tuple(_period(row) for row in periods),
    )


async def _optional(client: NetSuite, sql: str) -> list[Row]:
    """The rows, none where the feature is off or the role may not see the table."""
    try:
        return await rows(client, sql)
    except ReadRefused:
        return []


async def _first_filled(client: NetSuite, maps: tuple[str, ...]) -> list[Row]:
    for sql in maps:
        if found := await _optional(client, sql):
            return found
    return []


async def _required(client: NetSuite, sql: str, what: str, permission: str) -> list[Row]:
    advice = (
        f"NetSuite connection {client.credentials.connection!r}: the role sees no {what}. "
        f"Grant it the permission {permission}."
    )
    try:
        found = await rows(client, sql)
    except ReadRefused as refused:
        raise ConfigurationError(f"{advice} NetSuite said: {refused}") from refused
    if not found:
        raise ConfigurationError(advice)
    return found


async def _usable_in(
    client: NetSuite,
    profile: AccountProfile,
    found: list[Row],
    maps: tuple[str, ...],
    below: dict[str, set[str]],
) -> dict[str, tuple[str, ...]]:
    """Which subsidiaries may use a row, by its id; rows missing here are for all of them.

    `maps` are queries for the same thing; the first that has rows is taken.
    """
    if not profile.one_world or not found:
        return {}
    usable: defaultdict[str, set[str]] = defaultdict(set)
    with_children = {row["id"] for row in found if row.get("includechildren") == "T"}
    for row in await _first_filled(client, maps):
        usable[row["item"]].add(row["subsidiary"])
        if row["item"] in with_children:
            usable[row["item"]] |= below.get(row["subsidiary"], set())
    return {item: tuple(sorted(ids, key=_by_number)) for item, ids in usable.items()}


def _descendants(subsidiaries: list[Row]) -> dict[str, set[str]]:
    """Every subsidiary's own and further children, by its id."""
    parents = {row["id"]: row.get("parent") for row in subsidiaries}
    below: defaultdict[str, set[str]] = defaultdict(set)
    for child in parents:
        seen = {child}
        above = parents[child]
        while above and above not in seen:
            below[above].add(child)
            seen.add(above)
            above = parents.get(above)
    return dict(below)


def _account(row: Row, usable: dict[str, tuple[str, ...]]) -> Json:
    return {
        "id": row["id"],
        "number": row.get("acctnumber"),
        "name": row.get("name", ""),
        "type": row.get("accttype"),
        "inactive": _flag(row, "isinactive"),
        "summary": _flag(row, "issummary"),
        "special": row.get("sspecacct"),
        "subsidiaries": usable.get(row["id"], ()),
    }


def _subsidiary(row: Row) -> Json:
    return {
        "id": row["id"],
        "name": row.get("name", ""),
        "parent": row.get("parent"),
        "currency": row.get("currency"),
        "inactive": _flag(row, "isinactive"),
        "elimination": _flag(row, "iselimination"),
    }


def _classification(row: Row, usable: dict[str, tuple[str, ...]]) -> Json:
    return {
        "id": row["id"],
        "name": row.get("name", ""),
        "inactive": _flag(row, "isinactive"),
        "subsidiaries": usable.get(row["id"], ()),
    }


def _period(row: Row) -> Json:
    return {
        "id": row["id"],
        "name": row.get("name", ""),
        "start": date.fromisoformat(row["startdate"]),
        "end": date.fromisoformat(row["enddate"]),
        "closed": _flag(row, "closed"),
        "all_locked": _flag(row, "alllocked"),
        "ar_locked": _flag(row, "arlocked"),
        "ap_locked": _flag(row, "aplocked"),
    }


def _flag(row: Row, name: str) -> bool:
    return row.get(name) == "T"


def _by_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)
