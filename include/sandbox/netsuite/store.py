"""What one NetSuite account holds: records as documents, and the rows SuiteQL reads.

Every change of a record replaces its rows in the same transaction. Small lists (accounts,
subsidiaries, periods ...) are mirrored in memory, because every rule asks them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.netsuite.suiteql.tables import affinity, create, indexes, tables
from sandbox.server import open_state

Document = dict[str, Any]
Rows = dict[str, list[dict[str, Any]]]

MIRRORED = (
    "account",
    "subsidiary",
    "department",
    "classification",
    "location",
    "accountingPeriod",
    "currency",
)
_DDL = (
    """CREATE TABLE IF NOT EXISTS record (type TEXT, id INTEGER, grp TEXT, extkey TEXT,
       body TEXT, PRIMARY KEY (type, id)) WITHOUT ROWID""",
    """CREATE UNIQUE INDEX IF NOT EXISTS record_external ON record (grp, extkey)
       WHERE extkey IS NOT NULL""",
    "CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, expires REAL) WITHOUT ROWID",
)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot store {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Found:
    """Where an external id leads."""

    type: str
    id: str


class Store:
    """One account's state in one SQLite file; not safe for use from several threads."""

    def __init__(self, path: Path | str) -> None:
        self.db: sqlite3.Connection = open_state(path)
        for statement in _DDL:
            self.db.execute(statement)
        self._lay_out()
        self._insert = {
            t.name: "INSERT INTO {} ({}) VALUES ({})".format(
                t.physical,
                ", ".join(f'"{c}"' for c in t.stored),
                ", ".join("?" * len(t.stored)),
            )
            for t in tables().values()
        }
        self._lists: dict[str, dict[str, Document]] = {}
        self._touched = False
        self.reload()

    def _lay_out(self) -> None:
        """Create what is not there yet; a file of an older version gets its new columns."""
        for table in tables().values():
            self.db.execute(create(table))
            present = {r[1] for r in self.db.execute(f"PRAGMA table_info({table.physical})")}
            for column in set(table.stored) - present:
                kind = affinity(table, column)
                self.db.execute(f'ALTER TABLE {table.physical} ADD COLUMN "{column}" {kind}')
        for statement in indexes():
            self.db.execute(statement)

    def reload(self) -> None:
        """Fill the mirror of the small lists from the file."""
        self._touched = False
        self._lists = {name: {} for name in MIRRORED}
        query = "SELECT body FROM record WHERE type = ? ORDER BY id"
        for name in MIRRORED:
            for (text,) in self.db.execute(query, (name,)):
                document = json.loads(text)
                self._lists[name][document["id"]] = document

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an exception undoes every change within, the mirror included."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            if self._touched:
                self.reload()
            raise
        self.db.execute("COMMIT")
        self._touched = False

    def clear(self) -> None:
        """Forget everything but the tokens."""
        for name in ("record", "sequence", "meta", *(t.physical for t in tables().values())):
            self.db.execute(f"DELETE FROM {name}")
        self.reload()

    def next_id(self, sequence: str) -> str:
        """The next id of a sequence, as a string."""
        row = self.db.execute(
            """INSERT INTO sequence VALUES (?, 1)
               ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value""",
            (sequence,),
        ).fetchone()
        return str(row[0])

    def reserve(self, sequence: str, used: int) -> None:
        """Let a sequence go on after `used`."""
        self.db.execute(
            """INSERT INTO sequence VALUES (?, ?)
               ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)""",
            (sequence, used),
        )

    def all(self, record_type: str) -> dict[str, Document]:
        """Every record of a type by id, in order of id."""
        if record_type in self._lists:
            return self._lists[record_type]
        query = "SELECT body FROM record WHERE type = ? ORDER BY id"
        found = (json.loads(text) for (text,) in self.db.execute(query, (record_type,)))
        return {document["id"]: document for document in found}

    def get(self, record_type: str, record_id: str) -> Document | None:
        """One record; a mirrored one must not be changed in place."""
        if record_type in self._lists:
            return self._lists[record_type].get(record_id)
        if not record_id.isdecimal() or len(record_id) > 18:
            return None
        row = self.db.execute(
            "SELECT body FROM record WHERE type = ? AND id = ?", (record_type, int(record_id))
        ).fetchone()
        return json.loads(row[0]) if row else None

    def find(self, group: str, external_id: str) -> Found | None:
        """The record of a group with this external id, whatever its case."""
        row = self.db.execute(
            "SELECT type, id FROM record WHERE grp = ? AND extkey = ?", (group, external_id.lower())
        ).fetchone()
        return Found(row[0], str(row[1])) if row else None

    def put(self, record_type: str, group: str, document: Document, rows: Rows, new: bool) -> None:
        """Store a record and its rows; raises sqlite3.IntegrityError on a taken external id."""
        number = int(document["id"])
        external = document.get("externalId")
        key = external.lower() if external else None
        body = json.dumps(document, default=_plain, separators=(",", ":"), ensure_ascii=False)
        self.db.execute(
            """INSERT INTO record VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (type, id) DO UPDATE
               SET extkey = excluded.extkey, body = excluded.body""",
            (record_type, number, group, key, body),
        )
        if not new:
            self._delete_rows(list(rows), number)
        for name, entries in rows.items():
            stored = tables()[name].stored
            self.db.executemany(
                self._insert[name], [[entry.get(c) for c in stored] for entry in entries]
            )
        if record_type in self._lists:
            self._touched = True
            self._lists[record_type][document["id"]] = json.loads(body)

    def remove(self, record_type: str, record_id: str, row_tables: list[str]) -> None:
        """Delete a record and its rows."""
        number = int(record_id)
        self.db.execute("DELETE FROM record WHERE type = ? AND id = ?", (record_type, number))
        self._delete_rows(row_tables, number)
        if record_type in self._lists:
            self._touched = True
            self._lists[record_type].pop(record_id, None)

    def _delete_rows(self, names: list[str], owner: int) -> None:
        for name in names:
            table = tables()[name]
            statement = f'DELETE FROM {table.physical} WHERE "{table.owner}" = ?'
            self.db.execute(statement, (owner,))

    def remember(self, name: str, value: object) -> None:
        """Keep a small value under a name."""
        self.db.execute(
            """INSERT INTO meta VALUES (?, ?)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
            (name, json.dumps(value)),
        )

    def recall(self, name: str, default: Any = None) -> Any:
        """A small value kept earlier."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else default
