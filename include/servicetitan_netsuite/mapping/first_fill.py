"""Fill a tenant's mappings for the first time: by account number and exact name, never by guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from servicetitan_netsuite.documents import AccountProfile, MappingRow
from servicetitan_netsuite.mapping.reference import Reference, Row, label


class Named(Protocol):
    """A GL account or business unit of ServiceTitan."""

    @property
    def id(self) -> str:
        """ServiceTitan's id."""

    @property
    def name(self) -> str | None:
        """As people call it."""


class Numbered(Named, Protocol):
    """A GL account of ServiceTitan."""

    @property
    def number(self) -> str | None:
        """As it stands in the chart of accounts."""


def first_fill(
    servicetitan_accounts: Iterable[Numbered],
    business_units: Iterable[Named],
    reference: Reference,
    existing: Sequence[MappingRow],
    profile: AccountProfile,
) -> list[MappingRow]:
    """New mapping rows for what `existing` does not know and that has exactly one counterpart.

    An account goes to the only active NetSuite account of its number, a business unit to the only
    active subsidiary of its name; without OneWorld every business unit gets a row without target.
    """
    known = {(row.kind, row.source_key) for row in existing}
    made = [
        *_accounts(servicetitan_accounts, reference),
        *_business_units(business_units, reference, profile),
    ]
    fresh: dict[tuple[str, str], MappingRow] = {}
    for row in made:
        if (row.kind, row.source_key) not in known:
            fresh.setdefault((row.kind, row.source_key), row)
    return list(fresh.values())


def _accounts(accounts: Iterable[Numbered], reference: Reference) -> Iterator[MappingRow]:
    by_number = _active(reference.accounts, "number")
    for account in accounts:
        number = (account.number or "").strip()
        found = by_number.get(number, [])
        if number and len(found) == 1 and not found[0].get("summary"):
            name = f"{number} {(account.name or '').strip()}".strip()
            yield MappingRow(
                "gl_account", account.id, name, str(found[0]["id"]), target_name=label(found[0])
            )


def _business_units(
    units: Iterable[Named], reference: Reference, profile: AccountProfile
) -> Iterator[MappingRow]:
    by_name = _active((s for s in reference.subsidiaries if not s.get("elimination")), "name")
    for unit in units:
        name = (unit.name or "").strip()
        if not profile.one_world:
            yield MappingRow("business_unit", unit.id, name, None)
        elif name and len(by_name.get(name, [])) == 1:
            found = by_name[name][0]
            yield MappingRow(
                "business_unit", unit.id, name, str(found["id"]), target_name=label(found)
            )


def _active(rows: Iterable[Row], by: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.get("inactive"):
            found[str(row.get(by) or "").strip()].append(row)
    return found
