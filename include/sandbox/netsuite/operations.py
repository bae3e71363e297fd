"""Create, change and delete records: body, rules, uniqueness and storage in one step.

Nothing here waits, so that two requests at once meet one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import not_found
from sandbox.netsuite.payload import Reader
from sandbox.netsuite.records.base import RecordType
from sandbox.netsuite.shapes import shape
from sandbox.netsuite.store import Document
from sandbox.netsuite.sublists import merged

READ_ONLY = ("id", "createdDate", "lastModifiedDate", "dateCreated", "transactionNumber")


@dataclass(slots=True)
class Change:
    """One request to write: the body and how to read it."""

    body: object
    mode: str = "warning"
    replace: set[str] = field(default_factory=set)  # lower-case names of sublists
    altered: Callable[[], bool] = lambda: False  # whether to store something else than was sent
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Operations:
    """Writes to one account; `on_write` is told of each inside its transaction."""

    context: Context
    on_write: Callable[[], None]

    def locate(self, kind: RecordType, key: str) -> str | None:
        """The internal id that a path's last part (an id or `eid:...`) means."""
        store = self.context.store
        if key.lower().startswith("eid:"):
            found = store.find(kind.group, key[4:])
            return found.id if found is not None and found.type == kind.name else None
        return key if store.get(kind.name, key) is not None else None

    def create(self, kind: RecordType, change: Change, external_id: str | None = None) -> str:
        """Store a new record and return its id; raises Refusal."""
        sent = self._read(kind, change)
        if external_id is not None:
            sent["externalId"] = external_id
        with self.context.store.transaction():
            now = self.context.now()
            fixed = {"id": self.context.store.next_id(kind.sequence), "createdDate": now}
            document = {**sent, **fixed, "lastModifiedDate": now}
            self._unique(kind, document)
            document = kind.complete(self.context, document, None)
            self._save(kind, document, change, new=True)
        return str(document["id"])

    def update(self, kind: RecordType, record_id: str, change: Change) -> None:
        """Change a record; raises Refusal."""
        sent = self._read(kind, change)
        store = self.context.store
        with store.transaction():
            old = store.get(kind.name, record_id)
            if old is None:
                raise not_found()
            lists = set(shape(kind.name, self.context.preferences).lists)
            document = merged(old, sent, lists, kind.keys, change.replace)
            document["lastModifiedDate"] = self.context.now()
            self._unique(kind, document)
            document = kind.complete(self.context, document, old)
            self._save(kind, document, change, new=False)

    def delete(self, kind: RecordType, record_id: str) -> None:
        """Delete a record, which frees its external id; raises Refusal."""
        store = self.context.store
        with store.transaction():
            document = store.get(kind.name, record_id)
            if document is None:
                raise not_found()
            kind.check_delete(self.context, document)
            store.remove(kind.name, record_id, list(kind.tables))
            self.on_write()

    def _read(self, kind: RecordType, change: Change) -> Document:
        reader = Reader(self.context.resolve, change.mode, change.warnings)
        sent = reader.read(shape(kind.name, self.context.preferences), change.body)
        return {name: value for name, value in sent.items() if name not in READ_ONLY}

    def _unique(self, kind: RecordType, document: Document) -> None:
        external = document.get("externalId")
        if not external:
            return
        found = self.context.store.find(kind.group, external)
        if found is not None and (found.type, found.id) != (kind.name, document["id"]):
            raise kind.duplicate()

    def _save(self, kind: RecordType, document: Document, change: Change, new: bool) -> None:
        if change.altered():
            kind.alter(document)
        save(self.context, kind, document, new)
        self.on_write()


def save(context: Context, kind: RecordType, document: Document, new: bool) -> None:
    """Store a finished record with its rows."""
    rows = kind.rows(context, document)
    stamp = document["lastModifiedDate"].replace("T", " ").rstrip("Z")
    for row in rows[kind.tables[0]]:
        row.setdefault("lastmodifieddate", stamp)
    context.store.put(kind.name, kind.group, document, rows, new)
