"""Fill a tenant's mappings for the first time: by account number and exact name, never by guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from servicetitan_netsuite.documents import AccountProfile, MappingRow
from servicetitan_netsuite.mapping.reference import Reference, Row, label
from servicetitan_netsuite.mapping.sales_content import RECEIVABLE_ROLE


class Named(Protocol):
    """A GL account or business unit of ServiceTitan."""

    @property
    def id(self) -> str:
        """ServiceTitan's id."""

    @property
    def name(self) -> str | None:
        """As people call it."""


class Numbered(Named, Protocol):
    """A GL account of ServiceTitan; it may tell `default_account_type`, the role it is for."""

    @property
    def number(self) -> str | None:
        """As it stands in the chart of accounts."""


def first_fill(
    servicetitan_accounts: Iterable[Numbered],
    business_units: Iterable[Named],
    reference: Reference,
    existing: Sequence[MappingRow],
    profile: AccountProfile,
    roles: Collection[str] = (),
) -> list[MappingRow]:
    """New mapping rows for what `existing` does not know and that has exactly one counterpart.

    An account goes to the only active NetSuite account of its number, a business unit to the only
    active subsidiary of its name; without OneWorld every business unit gets a row without target.
    Of `roles` (ServiceTitan's names of default accounts) each goes where the one account that
    ServiceTitan uses for it is mapped to; receivables only to an accounts receivable account, and
    where ServiceTitan does not tell, to NetSuite's only one.
    """
    accounts = list(servicetitan_accounts)
    known = {(row.kind, row.source_key) for row in existing}
    numbered = list(_accounts(accounts, reference))
    targets = {row.source_key: row.target for row in numbered}
    targets |= {row.source_key: row.target for row in existing if row.kind == "gl_account"}
    made = [
        *numbered,
        *_roles(roles, accounts, targets, reference),
        *_business_units(business_units, reference, profile),
    ]
    fresh: dict[tuple[str, str], MappingRow] = {}
    for row in made:
        if (row.kind, row.source_key) not in known:
            fresh.setdefault((row.kind, row.source_key), row)
    return list(fresh.values())


def term_fill(terms: Iterable[Row], existing: Iterable[MappingRow]) -> list[MappingRow]:
    """A row for each active term of NetSuite whose name stands once: ServiceTitan's of that name.

    Documents of ServiceTitan tell their term by name alone, so that its own list is not needed.
    """
    known = {row.source_key for row in existing if row.kind == "term"}
    return [
        MappingRow("term", name, name, str(rows[0]["id"]), target_name=name)
        for name, rows in _active(terms, "name").items()
        if name and len(rows) == 1 and name not in known
    ]


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


def _roles(
    roles: Collection[str],
    accounts: Sequence[Numbered],
    targets: Mapping[str, str | None],
    reference: Reference,
) -> Iterator[MappingRow]:
    by_id = {str(row["id"]): row for row in reference.accounts if _usable(row)}
    receivables = [row for row in by_id.values() if row.get("type") == "AcctRec"]
    for role in roles:
        own = [a for a in accounts if getattr(a, "default_account_type", None) == role]
        found = by_id.get(targets.get(own[0].id) or "") if len(own) == 1 else None
        if role == RECEIVABLE_ROLE and (not found or found.get("type") != "AcctRec"):
            found = receivables[0] if len(receivables) == 1 and len(own) < 2 else None
        if found:
            yield MappingRow("account_role", role, role, str(found["id"]), target_name=label(found))


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


def _usable(account: Row) -> bool:
    return not account.get("inactive") and not account.get("summary")


def _active(rows: Iterable[Row], by: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.get("inactive"):
            found[str(row.get(by) or "").strip()].append(row)
    return found
