"""Put a finished record and its rows into the store."""

from __future__ import annotations

from sandbox.netsuite.context import Context
from sandbox.netsuite.custom_fields import packed
from sandbox.netsuite.records.base import RecordType, stamp
from sandbox.netsuite.store import Document, Rows
from sandbox.netsuite.suiteql.tables import tables

LINKS = "nexttransactionlinelink"


def save(context: Context, kind: RecordType, document: Document, new: bool) -> None:
    """Store a finished record; transactions it is linked to are noted as touched."""
    if LINKS in kind.tables and not new:
        context.touched |= linked(context, document["id"])
    rows = put(context, kind, document, new)
    context.touched |= {str(row["previousdoc"]) for row in rows.get(LINKS, [])}


def put(context: Context, kind: RecordType, document: Document, new: bool) -> Rows:
    """Store a record with its rows, and leave the records around it as they are."""
    rows = kind.rows(context, document)
    main = kind.tables[0]
    has_own = "custom" in tables()[main].stored
    for row in rows[main]:
        row.setdefault("lastmodifieddate", stamp(document["lastModifiedDate"]))
        if has_own:
            row["custom"] = packed(document)
    context.store.put(kind.name, kind.group, document, rows, new)
    return rows


def linked(context: Context, record_id: str) -> set[str]:
    """The earlier transactions that one refers to."""
    found = context.store.db.execute(
        f"SELECT previousdoc FROM p_{LINKS} WHERE nextdoc = ?", (int(record_id),)
    )
    return {str(row[0]) for row in found}
