"""The two servers as the ledger's machine believes them: dictionaries, nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field

from servicetitan_netsuite.ledger.sending import Intent


@dataclass
class Entry:
    """One journal entry in ServiceTitan."""

    version: int = 1
    status: str = "InProgress"


@dataclass
class Record:
    """One journal in NetSuite."""

    id: str
    external_id: str
    held: dict
    live: bool = True


@dataclass
class NetSuite:
    """What NetSuite holds, and what is under way to it and may land late."""

    records: list[Record] = field(default_factory=list)
    late: list[Intent] = field(default_factory=list)

    def by_name(self, external_id: str) -> Record | None:
        return next((r for r in self.records if r.live and r.external_id == external_id), None)

    def by_id(self, netsuite_id: str | None) -> Record | None:
        return next((r for r in self.records if r.live and r.id == netsuite_id), None)

    def take(self, intent: Intent) -> Record | None:
        """Do what a request asks; None when NetSuite refuses it."""
        if intent.operation == "update":
            record = self.by_id(intent.netsuite_id)
            if record:
                record.held = intent.canonical
            return record
        if self.by_name(intent.external_id):
            return None
        made = Record(str(len(self.records) + 100), intent.external_id, intent.canonical)
        self.records.append(made)
        return made
