"""Mappings and links, with every change kept: who, when, from what, to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import MappingRow, canonical
from servicetitan_netsuite.ledger.engine import Ledger, change, run


def read(ledger: Ledger, tenant_id: str) -> list[MappingRow]:
    """Every mapping of a tenant, by kind and key."""
    return [_row(row) for row in ledger.rows("mappings/read_mappings", tenant_id=tenant_id)]


def changed_at(ledger: Ledger, tenant_id: str) -> str | None:
    """When an account's or a business unit's mapping last changed, None when never."""
    rows = ledger.rows("mappings/read_changed_at", tenant_id=tenant_id)
    return str(rows[0].changed_at) if rows[0].changed_at else None


def save(ledger: Ledger, tenant_id: str, rows: Iterable[MappingRow], person: str) -> int:
    """Insert or change mappings in one transaction; how many really changed."""
    with ledger.writing() as connection:
        return put(connection, tenant_id, rows, person)


def put(
    connection: Connection,
    tenant_id: str,
    rows: Iterable[MappingRow],
    person: str,
    *,
    only_new: bool = False,
) -> int:
    """As `save`, within an open transaction; `only_new` changes none that is there already.

    What is filled in without a person was decided by what was read a while ago: a person who has
    saved the same mapping meanwhile was right.
    """
    changed = 0
    for row in rows:
        where = {"tenant_id": tenant_id, "kind": row.kind, "source_key": row.source_key}
        found = run(connection, "mappings/read_mapping", where)
        old = _row(found[0]) if found else None
        if old == row or (only_new and old):
            continue
        change(
            connection,
            "mappings/put_mapping",
            {
                **where,
                "source_name": row.source_name,
                "target": row.target,
                "target_name": row.target_name,
                "department": row.department,
                "class": row.class_,
                "location": row.location,
                "person": person,
            },
        )
        change(
            connection,
            "mappings/insert_mapping_event",
            {
                **where,
                "old_value": canonical(asdict(old)) if old else None,
                "new_value": canonical(asdict(row)),
                "person": person,
            },
        )
        changed += 1
    return changed


def links(
    connection: Connection, tenant_id: str, kind: str, source_keys: Sequence[str]
) -> dict[str, str]:
    """NetSuite ids of those ServiceTitan customers or vendors that are linked."""
    if not source_keys:
        return {}
    params = {"tenant_id": tenant_id, "kind": kind, "source_keys": list(source_keys)}
    return {row.source_key: row.target for row in run(connection, "mappings/read_links", params)}


def _row(row: Any) -> MappingRow:
    return MappingRow(
        kind=row.kind,
        source_key=row.source_key,
        source_name=row.source_name,
        target=row.target,
        target_name=row.target_name,
        department=row.department,
        class_=row._mapping["class"],
        location=row.location,
    )
