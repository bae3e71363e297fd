"""A tenant's ledger, told through the functions that the steps use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Problem,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.ledger import runs, sending, verdicts
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.engine import run as query
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.ledger.seen import Seeing, record_unreadable, unseen, withdraw
from servicetitan_netsuite.ledger.verdicts import Decision

TENANT = "1001"
PATH = "record/v1/journalEntry"
JOURNAL = DocumentType.JOURNAL_ENTRY


def account_missing(key: str, name: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"Account {name} is not mapped.",
        "Map it under Mappings.",
        key=key,
        key_name=name,
    )


def refusal(words: str) -> Problem:
    return Problem(Cause.REFUSED_BY_NETSUITE, f"NetSuite refused it: {words}", "Correct it.")


def form(period: str, subsidiary: str | None, *lines: tuple[str, str]) -> dict:
    """The canonical form of a journal: account and signed amount a line."""
    return {
        "type": "journal_entry",
        "date": "2026-09-10",
        "period": period,
        "subsidiary": subsidiary,
        "currency": None,
        "posting": True,
        "total": f"{sum(max(Decimal(a), Decimal(0)) for _, a in lines):.2f}",
        "lines": [[account, None, None, None, None, amount] for account, amount in lines],
    }


class Story:
    """One run after another on one tenant's ledger."""

    def __init__(self, url: str, tenant_id: str = TENANT) -> None:
        migrate(url)
        self.ledger = Ledger(url)
        self.tenant_id = tenant_id
        self.runs = 0

    def start(self, *, dry_run: bool = False, dag_id: str = "dag", run_id: str = "") -> runs.Run:
        self.runs += 1
        return runs.open_run(
            self.ledger,
            self.tenant_id,
            dag_id,
            run_id or f"run {self.runs}",
            dry_run=dry_run,
            params={"dry_run": dry_run},
        )

    def see(self, of: runs.Run, **amounts: str) -> None:
        """Entries pending in ServiceTitan: `e1="10.00"` is number E1, source id e1."""
        seeing = Seeing(of, retry_rejected=False, mappings_changed_at=None)
        documents = [
            SourceDocument(
                JOURNAL, name, name.upper(), 1, date(2026, 9, 10), Decimal(amount), {"id": name}
            )
            for name, amount in amounts.items()
        ]
        with self.ledger.writing() as connection:
            seeing.record(documents)(connection)

    def unreadable(self, of: runs.Run, name: str) -> None:
        with self.ledger.writing() as connection:
            record_unreadable(connection, of, JOURNAL, name, name.upper(), "it has no lines")

    def withdraw_missing(self, of: runs.Run) -> None:
        with self.ledger.writing() as connection:
            for row in unseen(connection, of, JOURNAL, 0):
                withdraw(connection, of, row)

    def judge(
        self, of: runs.Run, state: State, *names: str, problems: tuple = (), after: tuple = ()
    ) -> None:
        """Record a verdict; `after` are source ids of documents that must be posted first."""
        decisions = [
            Decision(
                JOURNAL,
                name,
                state,
                external_id(self.tenant_id, JOURNAL, name),
                problems,
                draft=Draft(PATH, {"name": name}, {}) if state == State.READY else None,
                parents=tuple(external_id(self.tenant_id, JOURNAL, parent) for parent in after),
            )
            for name in names
        ]
        with self.ledger.writing() as connection:
            verdicts.record(of, decisions)(connection)

    def post(self, of: runs.Run, **forms: dict) -> None:
        for name, held in forms.items():
            intent = self.send(of, name, held)
            with self.ledger.writing() as connection:
                sending.posted(connection, of, intent.document_id, State.SENDING, "77", 1, held)

    def send(self, of: runs.Run, name: str, held: dict) -> sending.Intent:
        with self.ledger.writing() as connection:
            row = next(r for r in sending.ready(connection, of, 1000) if r.source_id == name)
            return sending.begin(connection, of, 1, row, PATH, {}, held)

    def refuse(self, of: runs.Run, name: str, words: str) -> None:
        intent = self.send(of, name, {})
        with self.ledger.writing() as connection:
            sending.rejected(connection, of, intent.document_id, refusal(words))

    def orphans(self, of: runs.Run) -> None:
        """Block what waits for documents that did not come into NetSuite."""
        with self.ledger.writing() as connection:
            sending.block_orphaned_children(connection, of)

    def lose(self, of: runs.Run, name: str) -> None:
        intent = self.send(of, name, {})
        with self.ledger.writing() as connection:
            sending.unknown(connection, of, intent, 900)

    def verify(self, of: runs.Run) -> None:
        with self.ledger.writing() as connection:
            for row in sending.unverified(connection, self.tenant_id, 0, 1000):
                sending.verified(connection, of, row, "J1")
            for row in sending.unreported(connection, self.tenant_id, 0, 1000):
                if row.report == "synced":
                    sending.reported(connection, of, row, "synced")

    def state(self, name: str) -> str:
        params = {"tenant_id": self.tenant_id, "document_type": JOURNAL, "source_ids": [name]}
        with self.ledger.reading() as connection:
            return query(connection, "documents/read_known", params)[0].state
