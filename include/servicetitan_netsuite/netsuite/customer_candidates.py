"""NetSuite's customers that a new one may be the same as: of equal name, phone or e-mail.

For people to look at before a first run creates customers; nothing is ever linked by them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.customer import person_names
from servicetitan_netsuite.netsuite.suiteql import Row, rows_in
from servicetitan_netsuite.plans.entities import CustomerPlan

_CUSTOMERS = (
    "SELECT c.id AS id, c.entityid AS entityid, c.altname AS altname, c.phone AS phone, "
    "c.email AS email FROM customer c WHERE {column} IN ({values}) ORDER BY c.id"
)
_COLUMNS = {"name": "UPPER(c.altname)", "phone": "c.phone", "e-mail": "UPPER(c.email)"}
_LOCAL_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer of NetSuite, and what it has in common: name, phone, e-mail."""

    netsuite_id: str
    name: str
    equal: tuple[str, ...]


async def candidates(
    client: NetSuite, plans: Sequence[CustomerPlan]
) -> dict[str, tuple[Candidate, ...]]:
    """Candidates by the planned customer's external id; none where the role sees no customers.

    Names and e-mails are compared without regard to case, phones in the ways people write them.

    Raises:
        TransientError: NetSuite was not to be had.
    """
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for what, column in _COLUMNS.items():
        wanted = _wanted(what, plans)
        for row in await _rows(client, _CUSTOMERS.replace("{column}", column), wanted):
            names[row["id"]] = row.get("altname") or row.get("entityid") or row["id"]
            for owner in wanted.get(_value(what, row), ()):
                found[owner, row["id"]].add(what)
    told: defaultdict[str, list[Candidate]] = defaultdict(list)
    for (owner, id_), equal in sorted(found.items()):
        told[owner].append(Candidate(id_, names[id_], tuple(sorted(equal))))
    return {owner: tuple(some) for owner, some in told.items()}


async def _rows(client: NetSuite, sql: str, wanted: Mapping[str, object]) -> list[Row]:
    try:
        return await rows_in(client, sql, list(wanted)) if wanted else []
    except ReadRefused:
        return []


def _wanted(what: str, plans: Sequence[CustomerPlan]) -> dict[str, list[str]]:
    """External ids of planned customers by each value to look for."""
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for plan in plans:
        for value in dict.fromkeys(_looked_for(what, plan)):
            wanted[value].append(plan.external_id)
    return dict(wanted)


def _looked_for(what: str, plan: CustomerPlan) -> Iterable[str]:
    if what == "name":
        first, last = person_names(plan.name)
        name = f"{first} {last}" if plan.is_person else plan.name
        return [" ".join(name.split()).upper()]
    if what == "e-mail":
        return [plan.email.strip().upper()] if plan.email else []
    return _as_written(plan.phone or "")


def _as_written(phone: str) -> list[str]:
    digits = re.sub(r"\D", "", phone)
    local = digits[-_LOCAL_DIGITS:]
    if len(local) < _LOCAL_DIGITS:
        return [phone.strip()] if digits else []
    area, three, four = local[:3], local[3:6], local[6:]
    return [
        phone.strip(),
        local,
        f"1{local}",
        f"+1{local}",
        f"({area}) {three}-{four}",
        f"({area}){three}-{four}",
        f"{area}-{three}-{four}",
        f"1-{area}-{three}-{four}",
        f"+1 {area}-{three}-{four}",
        f"{area}.{three}.{four}",
        f"{area} {three} {four}",
    ]


def _value(what: str, row: Row) -> str:
    column = {"name": "altname", "phone": "phone", "e-mail": "email"}[what]
    value = row.get(column, "")
    return value if what == "phone" else value.upper()
