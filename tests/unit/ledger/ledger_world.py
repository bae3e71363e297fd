"""A tenant's ledger, moved by the functions that the steps use and read by plain SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import inspect, text

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Json,
    Problem,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.ledger import runs, sending, verdicts
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.moves import Actor
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.seen import Seeing, unseen, withdraw
from servicetitan_netsuite.ledger.sending import Answer, Intent
from servicetitan_netsuite.ledger.verdicts import Decision, NewParent

T = TypeVar("T")
TENANT = "1001"
PATH = "record/v1/journalEntry"


def _draft(source: str) -> Draft:
    return Draft(PATH, {"id": source}, {})


JOURNAL = DocumentType.JOURNAL_ENTRY
CUSTOMER = DocumentType.CUSTOMER
TRUTH = ("document", "attempt", "attempt_result", "document_event", "mapping", "mapping_event")
TRUTH_TABLES = (*TRUTH, "dependency", "lease", "account_profile")
PERSON = "Ann Accountant"

UNMAPPED = Problem(
    Cause.ACCOUNT_NOT_MAPPED, "Account 4000 is not mapped.", "Map it.", "7", "4000 Sales"
)
ZERO = Problem(Cause.ZERO_AMOUNT, "There is nothing to post: it is zero.", "Nothing to do.")
REFUSED = Problem(Cause.REFUSED_BY_NETSUITE, "NetSuite refused it: Invalid.", "Correct it.")
DIFFERS = Problem(Cause.CONTENT_DIFFERS, "NetSuite holds something else.", "Look at both.")


def name_of(source: str, kind: DocumentType = JOURNAL) -> str:
    return external_id(TENANT, kind, source)


def entry(source: str, version: int = 1, amount: str = "10.00") -> SourceDocument:
    return SourceDocument(
        JOURNAL,
        source,
        f"JE-{source}",
        version,
        date(2026, 9, 10),
        Decimal(amount),
        {"id": source, "version": version},
        url=f"https://example.test/{source}",
    )


def form(version: int = 1) -> Json:
    """What NetSuite holds of an entry at `version`."""
    return {"type": "journal_entry", "content": version}


class World:
    """Everything that can happen to the documents of one tenant."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.fence = 1
        self._runs = 0

    # --- reading, past the code ---------------------------------------------------------------

    def sql(self, statement: str, **params: Any) -> list[Any]:
        with self.ledger.reading() as connection:
            return list(connection.execute(text(statement), params).all())

    def run_sql(self, statement: str, **params: Any) -> None:
        with self.ledger.writing() as connection:
            connection.execute(text(statement), params)

    def document(self, source: str = "e1", kind: DocumentType = JOURNAL) -> Any:
        where = "document_type = :kind AND source_id = :source"
        return self.sql(f"SELECT * FROM document WHERE {where}", kind=kind.value, source=source)[0]

    def state(self, source: str = "e1", kind: DocumentType = JOURNAL) -> str:
        return str(self.document(source, kind).state)

    def events(self, source: str = "e1", kind: DocumentType = JOURNAL) -> list[Any]:
        return self.sql(
            "SELECT * FROM document_event WHERE document_id = :id ORDER BY id",
            id=self.document(source, kind).id,
        )

    def steps(self, source: str = "e1") -> list[tuple[str | None, str]]:
        return [(event.from_state, event.to_state) for event in self.events(source)]

    def page(self, of: Run, source: str = "e1", kind: DocumentType = JOURNAL) -> Any:
        where = "run_id = :run AND document_type = :kind AND source_id = :source"
        found = self.sql(
            f"SELECT * FROM run_document WHERE {where}", run=of.id, kind=kind.value, source=source
        )
        return found[0]

    def attempts(self, source: str = "e1") -> list[Any]:
        return self.sql(
            "SELECT * FROM attempt WHERE document_id = :id ORDER BY number",
            id=self.document(source).id,
        )

    def dump(self, tables: Sequence[str] = TRUTH_TABLES) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: sorted((tuple(row) for row in self.sql(f"SELECT * FROM {table}")), key=repr)
            for table in tables
        }

    def tables(self) -> list[str]:
        return sorted(inspect(self.ledger.engine).get_table_names())

    # --- the steps' own deeds -----------------------------------------------------------------

    def write(self, change: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.ledger.writing() as connection:
            return change(connection, *args, **named)

    def start(self, *, dry_run: bool = False, tenant_id: str = TENANT) -> Run:
        self._runs += 1
        name = f"run {self._runs}"
        return runs.open_run(self.ledger, tenant_id, "dag", name, dry_run=dry_run, params={})

    def see(
        self,
        of: Run,
        *documents: SourceDocument | str,
        retry_rejected: bool = False,
        mappings_changed_at: str | None = None,
    ) -> None:
        seeing = Seeing(of, retry_rejected, mappings_changed_at)
        found = [d if isinstance(d, SourceDocument) else entry(d) for d in documents]
        self.write(seeing.record(found))

    def judge(
        self,
        of: Run,
        source: str = "e1",
        state: State = State.READY,
        *problems: Problem,
        parents: tuple[str, ...] = (),
    ) -> None:
        ready = state == State.READY
        known = self.sql(
            "SELECT external_id FROM document WHERE source_id = :source", source=source
        )
        name = known[0].external_id if known else name_of(source)
        decision = Decision(
            JOURNAL,
            source,
            state,
            name,
            problems,
            _draft(source) if ready else None,
            "",
            parents,
        )
        self.write(verdicts.record(of, [decision]))

    def parents(self, of: Run, *sources: str) -> None:
        found = [
            NewParent(CUSTOMER, s, f"Customer {s}", name_of(s, CUSTOMER), _draft(s))
            for s in sources
        ]
        self.write(verdicts.add_parents(of, found))

    def withdraw_missing(self, of: Run) -> list[str]:
        def missing(connection: Any) -> list[str]:
            rows = unseen(connection, of, JOURNAL, 0)
            for row in rows:
                withdraw(connection, of, row)
            return [row.source_id for row in rows]

        return self.write(missing)

    def ready(self, of: Run) -> list[Any]:
        return list(self.write(sending.ready, of, 100))

    def send(self, of: Run, source: str = "e1", held: Json | None = None) -> Intent:
        row = next(row for row in self.ready(of) if row.source_id == source)
        body = {"id": source}
        held = held or form(row.seen_version)
        return self.write(sending.begin, of, self.fence, row, PATH, body, held)

    def post(
        self, of: Run, intent: Intent, netsuite_id: str = "77", from_state: State = State.SENDING
    ) -> None:
        self.write(
            sending.posted,
            of,
            intent.document_id,
            from_state,
            netsuite_id,
            intent.version,
            intent.canonical,
        )

    def answer(self, intent: Intent, outcome: str) -> None:
        self.write(sending.note_answer, intent.attempt_id, Answer(outcome))

    def doubt(self, of: Run, intent: Intent, settle_s: float = 0.0) -> None:
        self.write(sending.unknown, of, intent, settle_s)

    def take_over(self, of: Run, settle_s: float = 0.0) -> int:
        """A new worker's lease: what an older fence left sending is uncertain."""
        self.fence += 1
        actor = Actor(run_id=of.id)
        return self.write(sending.orphans_to_uncertain, TENANT, self.fence, settle_s, actor)

    def verify(self, of: Run, source: str = "e1", kind: DocumentType = JOURNAL) -> None:
        rows = self.write(sending.unverified, TENANT, 0, 100)
        row = next(r for r in rows if (r.source_id, r.document_type) == (source, kind))
        self.write(sending.verified, of, row, "J-1")

    def due(self) -> list[Any]:
        return list(self.write(sending.unreported, TENANT, 0, 100))

    def report(self, of: Run, taken_as: str | None = None) -> None:
        for row in self.due():
            self.write(sending.reported, of, row, taken_as or row.report)

    # --- a document in a given state ----------------------------------------------------------

    def reach(self, state: State, source: str = "e1", version: int = 1) -> Run:
        """A run that has brought `source` from nothing to `state`."""
        of = self.start()
        self.see(of, entry(source, version))
        getattr(self, f"_to_{state.value}")(of, source)
        assert self.state(source) == state
        return of

    def _to_pending(self, of: Run, source: str) -> None:
        return None

    def _to_blocked(self, of: Run, source: str) -> None:
        self.judge(of, source, State.BLOCKED, UNMAPPED)

    def _to_skipped(self, of: Run, source: str) -> None:
        self.judge(of, source, State.SKIPPED, ZERO)

    def _to_ready(self, of: Run, source: str) -> None:
        self.judge(of, source)

    def _to_withdrawn(self, of: Run, source: str) -> None:
        self.withdraw_missing(self.start())

    def _to_sending(self, of: Run, source: str) -> Intent:
        self.judge(of, source)
        return self.send(of, source)

    def _to_posted(self, of: Run, source: str) -> None:
        self.post(of, self._to_sending(of, source))

    def _to_confirmed(self, of: Run, source: str) -> None:
        self._to_posted(of, source)
        self.verify(of, source)
        self.report(of)

    def _to_rejected(self, of: Run, source: str) -> None:
        intent = self._to_sending(of, source)
        self.write(sending.rejected, of, intent.document_id, REFUSED)

    def _to_uncertain(self, of: Run, source: str) -> None:
        self.doubt(of, self._to_sending(of, source))

    def _to_conflict(self, of: Run, source: str) -> None:
        self._to_uncertain(of, source)
        self.write(sending.conflict, of, self.document(source).id, State.UNCERTAIN, DIFFERS)
