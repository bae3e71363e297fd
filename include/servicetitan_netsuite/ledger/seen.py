"""What extraction writes: each document as this run saw it, and what that does to the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import (
    UNRESOLVED,
    UPDATABLE,
    Cause,
    DocumentType,
    Operation,
    Problem,
    SourceDocument,
    State,
    canonical,
    content_hash,
    external_id,
    to_cents,
)
from servicetitan_netsuite.ledger.engine import change, run
from servicetitan_netsuite.ledger.moves import Actor, created, explanation, move
from servicetitan_netsuite.ledger.runs import Run


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of a document that ServiceTitan shows as pending."""

    state: State
    posted_version: int | None
    version: int
    state_since: str
    reported: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What seeing a document does: look into it or hold it, and where it moves, if anywhere."""

    verdict: str
    to_state: State | None = None
    update: bool = False
    report_again: bool = False


SEEN = Sight("seen")
HELD = Sight("held")
AGAIN = Sight("seen", State.PENDING)
CHANGED = Sight("seen", State.PENDING, update=True)
SPOILED = Sight("held", State.CONFLICT)
_CHANGED_AFTER_POSTING = Problem(
    Cause.CHANGED_AFTER_POSTING,
    "It was posted to NetSuite, then changed and posted again in ServiceTitan.",
    "Correct NetSuite's record by hand and accept it, or take the change back in ServiceTitan.",
)


def sight(
    known: Known | None,
    version: int,
    *,
    retry_rejected: bool,
    mappings_changed_at: str | None,
    updatable: bool = True,
) -> Sight:
    """Decide what seeing `version` of a document pending in ServiceTitan means.

    Only an `updatable` type follows a newer version; of any other it is a conflict to resolve.
    """
    if known is None or known.state in (State.PENDING, State.BLOCKED, State.SKIPPED, *UNRESOLVED):
        return SEEN
    if known.state in (State.READY, State.WITHDRAWN):
        return AGAIN
    if known.state in (State.POSTED, State.CONFIRMED):
        if version != known.posted_version:
            return CHANGED if updatable else SPOILED
        return Sight("held", report_again=known.reported)
    if known.state == State.REJECTED:
        # Seen pending after the refusal was reported: a person pressed Start Syncing again.
        mappings_moved = (mappings_changed_at or "") > known.state_since
        worth_it = version != known.version or mappings_moved or known.reported
        return AGAIN if worth_it or retry_rejected else HELD
    # A conflict seen pending after it was told: started again there, it waits for a person here.
    return Sight("held", report_again=known.reported)


@dataclass(frozen=True, slots=True)
class Seeing:
    """Records what one run sees; a dry run fills its own page and leaves the truth alone."""

    run: Run
    retry_rejected: bool
    mappings_changed_at: str | None

    def record(self, documents: Sequence[SourceDocument]) -> Callable[[Connection], None]:
        """The change that records a batch of documents of one type."""
        return lambda connection: self._record(connection, documents)

    def _record(self, connection: Connection, documents: Sequence[SourceDocument]) -> None:
        if not documents:
            return
        rows = run(
            connection,
            "documents/read_known",
            {
                "tenant_id": self.run.tenant_id,
                "document_type": documents[0].type,
                "source_ids": [document.source_id for document in documents],
            },
        )
        known = {(row.source_id, row.part): row for row in rows}
        pages: list[dict[str, Any]] = []
        contents: list[dict[str, Any]] = []
        for document in documents:
            row = known.get((document.source_id, document.part))
            seen = sight(
                _known(row),
                document.version,
                retry_rejected=self.retry_rejected,
                mappings_changed_at=self.mappings_changed_at,
                updatable=document.type in UPDATABLE,
            )
            contents.append(
                {"hash": content_hash(document.content), "body": canonical(document.content)}
            )
            pages.append(self._page(document, row, seen, contents[-1]["hash"]))
            if not self.run.dry_run:
                self._change_truth(connection, document, row, seen)
        change(connection, "run_documents/insert_content", contents)
        change(connection, "run_documents/put_run_document", pages)

    def _page(self, document: SourceDocument, row: Any, seen: Sight, hashed: str) -> dict[str, Any]:
        why = explanation(_CHANGED_AFTER_POSTING if seen is SPOILED else None)
        if seen.verdict == "held" and seen is not SPOILED:
            why = {"cause": row.cause, "sentence": _held_sentence(row), "advice": row.advice}
        return {
            **_columns(document),
            "run_id": self.run.id,
            "content_hash": hashed,
            "verdict": seen.verdict,
            "outcome": None if self.run.dry_run else seen.to_state or (row and row.state),
            **why,
            "external_id": row.external_id if row else _external_id(self.run, document),
            "netsuite_id": row.netsuite_id if row else None,
        }

    def _change_truth(
        self, connection: Connection, document: SourceDocument, row: Any, seen: Sight
    ) -> None:
        actor = Actor(run_id=self.run.id)
        if row is None:
            made = run(
                connection,
                "documents/insert_document",
                {
                    **_columns(document),
                    "tenant_id": self.run.tenant_id,
                    "run_id": self.run.id,
                    "external_id": _external_id(self.run, document),
                },
            )
            created(connection, made[0].id, actor)
            return
        if seen.verdict == "held" or row.state in UNRESOLVED:
            values = {"id": row.id, "version": document.version, "run_id": self.run.id}
            change(connection, "documents/see_unresolved", values)
        else:
            values = {**_columns(document), "id": row.id, "run_id": self.run.id}
            change(connection, "documents/see_again", values)
        if seen.report_again and row.state == State.CONFLICT:
            change(connection, "documents/set_report", {"id": row.id, "report": "error"})
        elif seen.report_again:
            change(connection, "documents/report_again", {"id": row.id})
        if seen.to_state:
            problem = _CHANGED_AFTER_POSTING if seen is SPOILED else None
            move(connection, row.id, row.state, seen.to_state, actor, problem)
        if seen.update:
            change(connection, "documents/start_update", {"id": row.id})


def forget_seen(connection: Connection, of: Run) -> None:
    """Empty the page of what an earlier try of this extraction saw: it may be pending no more."""
    where = {"run_id": of.id}
    change(connection, "run_documents/forget_problems", where)
    change(connection, "run_documents/forget_seen", where)


def record_not_found(
    connection: Connection, of: Run, document_type: DocumentType, names: Sequence[str]
) -> None:
    """Keep on the run's page which of `names`, chosen by a person, it has no document of.

    `document_type` is the type under which they are shown.
    """
    rows = run(connection, "run_documents/read_names", {"run_id": of.id})
    known = {value.lower() for row in rows for value in (row.number, row.source_id) if value}
    for name in names:
        if name.strip().lower() not in known:
            problem = Problem(
                Cause.NOT_FOUND,
                f"No document called {name} waits to be synced in ServiceTitan.",
                "Check its number, and that ServiceTitan shows it as pending or in a posted batch.",
                key=name,
                key_name=name,
            )
            _record_without_content(connection, of, document_type, name, name, problem)


def record_unreadable(
    connection: Connection,
    of: Run,
    document_type: DocumentType,
    source_id: str,
    number: str,
    reason: str,
) -> None:
    """Keep a document that could not be read, with the reason, on the run's page."""
    problem = Problem(
        Cause.DIRTY_DATA,
        f"ServiceTitan's answer about this document cannot be used: {reason}.",
        "Open it in ServiceTitan and correct it; the next run reads it again.",
    )
    _record_without_content(connection, of, document_type, source_id, number, problem)


def _record_without_content(
    connection: Connection,
    of: Run,
    document_type: DocumentType,
    source_id: str,
    number: str,
    problem: Problem,
) -> None:
    page = {
        "run_id": of.id,
        "document_type": document_type,
        "source_id": source_id,
        "part": "",
        "number": number,
        "url": None,
        "version": 0,
        "business_date": None,
        "amount_cents": 0,
        "content_hash": None,
        "verdict": "unreadable",
        "outcome": None,
        "external_id": None,
        "netsuite_id": None,
        **explanation(problem),
    }
    change(connection, "run_documents/put_run_document", page)
    insert_problems(connection, page, (problem,))


def insert_problems(
    connection: Connection, page: dict[str, Any], problems: Sequence[Problem]
) -> None:
    """Replace the problems of one document on one run's page."""
    where = {name: page[name] for name in ("run_id", "document_type", "source_id", "part")}
    change(connection, "run_documents/delete_problems", where)
    rows = [
        {
            **where,
            "problem_key": problem.key,
            "key_name": problem.key_name,
            **explanation(problem),
        }
        for problem in problems
    ]
    change(connection, "run_documents/insert_problem", rows)


def unseen(connection: Connection, of: Run, document_type: DocumentType, after: int) -> list[Any]:
    """Up to 500 unsent documents, by id after `after`, that are not in this run's list."""
    params = {
        "tenant_id": of.tenant_id,
        "document_type": document_type,
        "run_id": of.id,
        "after": after,
    }
    return list(run(connection, "documents/read_unseen", params))


_BACK_TO_POSTED = {
    State.READY: (State.POSTED,),
    State.PENDING: (State.READY, State.POSTED),
    State.BLOCKED: (State.PENDING, State.READY, State.POSTED),
    State.REJECTED: (State.PENDING, State.READY, State.POSTED),
}


def withdraw(connection: Connection, of: Run, row: Any) -> None:
    """Take an unsent document out of the queue: it is no longer pending in ServiceTitan.

    A change to what is posted already is dropped, and the document stands as posted again. What
    shall only be compared with a record that was found has nothing to go back to, and waits.
    """
    changed = row.operation == Operation.UPDATE
    if changed and row.posted_canonical is None:
        return
    kept = f"; NetSuite keeps record {row.netsuite_id} as it was posted" if changed else ""
    problem = Problem(
        Cause.NO_LONGER_PENDING,
        f"It is no longer pending in ServiceTitan, so it is not sent{kept}.",
        "To sync it after all, select it in ServiceTitan and press Start Syncing.",
    )
    page = {
        "run_id": of.id,
        "document_type": row.document_type,
        "source_id": row.source_id,
        "part": row.part,
        "number": row.number,
        "url": row.url,
        "version": row.version,
        "business_date": row.business_date,
        "amount_cents": row.amount_cents,
        "content_hash": None,
        "verdict": "withdrawn",
        "outcome": None,
        "external_id": row.external_id,
        "netsuite_id": row.netsuite_id,
        **explanation(problem),
    }
    change(connection, "run_documents/put_run_document", page)
    if of.dry_run:
        return
    at = row.state
    for to in _BACK_TO_POSTED[at] if changed else (State.WITHDRAWN,):
        move(connection, row.id, at, to, Actor(run_id=of.id), problem)
        at = to


def _known(row: Any) -> Known | None:
    if row is None:
        return None
    return Known(
        state=State(row.state),
        posted_version=row.posted_version,
        version=row.version,
        state_since=row.state_since,
        reported=row.reported_at is not None,
    )


def _held_sentence(row: Any) -> str:
    if row.state == State.POSTED:
        return "It is in NetSuite already and waits to be confirmed."
    if row.state == State.CONFIRMED:
        return "It is in NetSuite already, at this version; only the report is repeated."
    return str(row.sentence)


def _external_id(of: Run, document: SourceDocument) -> str:
    return external_id(of.tenant_id, document.type, document.source_id, document.part)


def _columns(document: SourceDocument) -> dict[str, Any]:
    day = document.business_date
    return {
        "document_type": document.type,
        "source_id": document.source_id,
        "part": document.part,
        "number": document.number,
        "url": document.url,
        "version": document.version,
        "business_date": day.isoformat() if day else None,
        "amount_cents": int(to_cents(document.amount) * 100),
    }
