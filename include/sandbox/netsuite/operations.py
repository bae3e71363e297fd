"""Create, change and delete records: body, rules, uniqueness and storage in one step.

Nothing here waits, so that two requests at once meet one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.netsuite import transforms
from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import not_found, user_error
from sandbox.netsuite.payload import Reader
from sandbox.netsuite.records import REGISTRY
from sandbox.netsuite.records.base import RecordType
from sandbox.netsuite.records.transaction import REFERRED_TO
from sandbox.netsuite.saving import LINKS, linked, put, save
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
        with self._transaction():
            return self._store(kind, sent, change)

    def transform(
        self, source: RecordType, source_id: str, target: RecordType, change: Change
    ) -> str:
        """Store what becomes of a record and return the new id; raises Refusal."""
        sent = self._read(target, change)
        with self._transaction():
            document = self.context.store.get(source.name, source_id)
            if document is None:
                raise not_found()
            draft = transforms.draft(self.context, source.name, target.name, document)
            lists = set(self.context.shape(target.name).lists)
            merged_draft = transforms.merged(draft, sent, lists, change.replace)
            return self._store(target, merged_draft, change)

    def _store(self, kind: RecordType, draft: Document, change: Change) -> str:
        now = self.context.now()
        fixed = {"id": self.context.store.next_id(kind.sequence), "createdDate": now}
        document = {**draft, **fixed, "lastModifiedDate": now}
        self._unique(kind, document)
        document = kind.complete(self.context, document, None)
        self._save(kind, document, change, new=True)
        return str(document["id"])

    def update(self, kind: RecordType, record_id: str, change: Change) -> None:
        """Change a record; raises Refusal."""
        sent = self._read(kind, change)
        store = self.context.store
        with self._transaction():
            old = store.get(kind.name, record_id)
            if old is None:
                raise not_found()
            lists = set(self.context.shape(kind.name).lists)
            document = merged(old, sent, lists, kind.keys, change.replace)
            document["lastModifiedDate"] = self.context.now()
            self._unique(kind, document)
            document = kind.complete(self.context, document, old)
            self._save(kind, document, change, new=False)

    def delete(self, kind: RecordType, record_id: str) -> None:
        """Delete a record, which frees its external id; raises Refusal."""
        store = self.context.store
        with self._transaction():
            document = store.get(kind.name, record_id)
            if document is None:
                raise not_found()
            kind.check_delete(self.context, document)
            if LINKS in kind.tables:
                self.context.touched |= linked(self.context, record_id)
            store.remove(kind.name, record_id, list(kind.tables))
            kind.removed(self.context, document)
            self._settle_touched()
            self.on_write()

    def void(self, record_id: str) -> None:
        """Void a transaction, as somebody may do on screen; raises Refusal."""
        with self._transaction():
            found = self.context.transaction(record_id)
            if found is None or LINKS not in REGISTRY[found[0]].tables:
                raise not_found()
            if self.context.is_linked(record_id):
                raise user_error(REFERRED_TO)
            kind, document = REGISTRY[found[0]], found[1]
            document |= {"voided": True, "memo": "VOID", "apply": []}
            document["lastModifiedDate"] = self.context.now()
            kind.settle(self.context, document)
            save(self.context, kind, document, new=False)
            self._settle_touched()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.context.touched.clear()
        with self.context.store.transaction():
            yield

    def _read(self, kind: RecordType, change: Change) -> Document:
        reader = Reader(self.context.resolve, change.mode, change.warnings)
        sent = reader.read(self.context.shape(kind.name), change.body)
        fixed = (*READ_ONLY, *kind.read_only)
        return {name: value for name, value in sent.items() if name not in fixed}

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
        self._settle_touched()
        self.on_write()

    def _settle_touched(self) -> None:
        """Bring the transactions up to date whose links have changed."""
        touched, self.context.touched = self.context.touched, set()
        for record_id in sorted(touched, key=int):
            found = self.context.transaction(record_id)
            if found is None:
                continue
            kind, document = REGISTRY[found[0]], found[1]
            kind.settle(self.context, document)
            document["lastModifiedDate"] = self.context.now()
            put(self.context, kind, document, new=False)
