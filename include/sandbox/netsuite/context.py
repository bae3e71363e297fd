"""What a business rule may ask: the account's features, its settings and what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sandbox.netsuite.settings import Settings
from sandbox.netsuite.store import Document, Store
from sandbox.seed.books import Preferences

ENTITIES = ("customer", "vendor")


@dataclass(slots=True)
class Context:
    """One account, as rules see it."""

    store: Store
    preferences: Preferences
    settings: Settings = field(default_factory=Settings)
    groups: dict[str, str] = field(default_factory=dict)  # external-id group by record type

    @property
    def one_world(self) -> bool:
        """Whether the account has subsidiaries."""
        return self.preferences.one_world

    @staticmethod
    def now() -> str:
        """The moment, as records keep it: UTC to the second."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @staticmethod
    def today() -> str:
        """Today's date, ISO."""
        return date.today().isoformat()  # noqa: DTZ011 - the server's own calendar

    def resolve(self, target: str, record_id: str, external_id: str | None) -> str | None:
        """The internal id a reference means, None when nothing is there."""
        types = ENTITIES if target == "customer" else (target,)
        if target not in self.groups and target != "currency":
            return record_id or None
        for name in types:
            if external_id is not None:
                found = self.store.find(self.groups.get(name, name), external_id)
                if found is not None and found.type in types:
                    return found.id
            elif self.store.get(name, record_id) is not None:
                return record_id
        return None

    def entity(self, record_id: str) -> tuple[str, Document] | None:
        """A customer or vendor with its type."""
        for name in ENTITIES:
            document = self.store.get(name, record_id)
            if document is not None:
                return name, document
        return None

    def shares(self, document: Document, subsidiary: str | None) -> bool:
        """Whether a listed record (account, department ...) may be used in a subsidiary."""
        allowed = document.get("subsidiary") or []
        return not self.one_world or not allowed or subsidiary in allowed

    def subsidiaries(self) -> list[str]:
        """Every subsidiary's id."""
        return list(self.store.all("subsidiary"))

    def entity_subsidiaries(self, record_id: str, document: Document) -> set[str]:
        """The subsidiaries an entity may trade in: its own and those it is related to."""
        rows = self.store.db.execute(
            "SELECT subsidiary FROM p_customersubsidiaryrelationship WHERE entity = ?",
            (int(record_id),),
        )
        return {str(row[0]) for row in rows} | {str(document.get("subsidiary"))}
