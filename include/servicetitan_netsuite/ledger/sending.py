"""What posting writes: intent before a byte leaves, then what became of it.

Every function here runs inside a write transaction that has checked the worker's fence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Json,
    MappingRow,
    Operation,
    Problem,
    State,
    canonical,
    content_hash,
)
from servicetitan_netsuite.ledger.engine import Rows, change, run
from servicetitan_netsuite.ledger.mappings import put
from servicetitan_netsuite.ledger.moves import Actor, StateChanged, move
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.seen import insert_problems
from servicetitan_netsuite.ledger.verdicts import parent_problems


@dataclass(frozen=True, slots=True)
class Answer:
    """What is kept of a response: never its body."""

    outcome: str
    http_status: int | None = None
    error_code: str | None = None
    detail: str | None = None
    operation_id: str | None = None
    response_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """One attempt, committed: what is sent, and what NetSuite must hold if it lands."""

    document_id: int
    attempt_id: int
    document_type: DocumentType
    source_id: str
    external_id: str
    number: str
    operation: Operation
    version: int
    path: str
    body: Json
    canonical: Json
    netsuite_id: str | None


def orphans_to_uncertain(
    connection: Connection, tenant_id: str, fence: int, settle_s: float, actor: Actor
) -> int:
    """Turn what an earlier worker left `sending` into `uncertain`; how many there were.

    Settle counts from now, not from the attempt: an intent may have waited for its turn, but
    nothing leaves the earlier worker any more once its lease is taken.
    """
    rows = run(connection, "queue/read_orphans", {"tenant_id": tenant_id, "fence": fence})
    for row in rows:
        _doubt(connection, row.id, settle_s, actor)
    return len(rows)


def ready(connection: Connection, of: Run, limit: int) -> Rows:
    """The next documents of this run that may be sent: seen at this version, parents posted."""
    return run(connection, "queue/read_ready", {"run_id": of.id, "limit": limit})


def begin(
    connection: Connection,
    of: Run,
    fence: int,
    row: Any,
    path: str,
    body: Json,
    held_form: Json,
    changes: str | None = None,
) -> Intent:
    """Commit to sending one document: compare-and-set and an immutable attempt.

    `changes` is the internal id of the record that is changed, if it is not the document's own.

    Raises:
        StateChanged: it is not ready any more, or not at the version this run saw.
    """
    changes = changes or (row.netsuite_id if row.operation == Operation.UPDATE else None)
    actor = Actor(run_id=of.id)
    where = {"id": row.id, "run_id": of.id, "version": row.seen_version}
    if not run(connection, "queue/read_still_ready", where):
        raise StateChanged(f"{row.number} is no longer ready at the version this run saw.")
    move(connection, row.id, State.READY, State.SENDING, actor)
    made = run(
        connection,
        "attempts/insert_attempt",
        {
            "document_id": row.id,
            "operation": Operation.UPDATE if changes else Operation.CREATE,
            "version": row.seen_version,
            "path": path,
            "body": canonical(body),
            "canonical": canonical(held_form),
            "canonical_hash": content_hash(held_form),
            "fence": fence,
            "run_id": of.id,
        },
    )
    return Intent(
        document_id=row.id,
        attempt_id=made[0].id,
        document_type=DocumentType(row.document_type),
        source_id=row.source_id,
        external_id=row.external_id,
        number=row.number,
        operation=Operation.UPDATE if changes else Operation.CREATE,
        version=row.seen_version,
        path=path,
        body=body,
        canonical=held_form,
        netsuite_id=changes,
    )


def note_answer(connection: Connection, attempt_id: int, answer: Answer) -> None:
    """Keep what came back of an attempt."""
    change(
        connection,
        "attempts/insert_result",
        {
            "attempt_id": attempt_id,
            "outcome": answer.outcome,
            "http_status": answer.http_status,
            "error_code": answer.error_code,
            "detail": (answer.detail or "")[:2000] or None,
            "operation_id": answer.operation_id,
            "response_hash": answer.response_hash,
        },
    )


def posted(
    connection: Connection,
    of: Run,
    document_id: int,
    from_state: State,
    netsuite_id: str,
    version: int,
    held_form: Json,
) -> None:
    """NetSuite holds the document under `netsuite_id`, in the form that was sent."""
    change(
        connection,
        "documents/set_netsuite",
        {
            "id": document_id,
            "netsuite_id": netsuite_id,
            "version": version,
            "canonical": canonical(held_form),
        },
    )
    move(connection, document_id, from_state, State.POSTED, Actor(run_id=of.id))


def link_entity(
    connection: Connection, of: Run, kind: str, source_id: str, name: str, netsuite_id: str
) -> None:
    """Keep which NetSuite record a customer or item is, unless a person said so before."""
    row = MappingRow(kind, source_id, name, netsuite_id, name)
    known = run(
        connection,
        "mappings/read_mapping",
        {"tenant_id": of.tenant_id, "kind": kind, "source_key": source_id},
    )
    if not known or not known[0].target:
        put(connection, of.tenant_id, [row], f"created by run {of.id}")


def not_sent(connection: Connection, of: Run, document_id: int) -> None:
    """The request certainly was not taken: the document is ready again."""
    move(connection, document_id, State.SENDING, State.READY, Actor(run_id=of.id))


def rejected(connection: Connection, of: Run, document_id: int, problem: Problem) -> None:
    """NetSuite said no; ServiceTitan is told in the report queue."""
    move(connection, document_id, State.SENDING, State.REJECTED, Actor(run_id=of.id), problem)
    change(connection, "documents/set_report", {"id": document_id, "report": "error"})


def blocked(connection: Connection, of: Run, document_id: int, problem: Problem) -> None:
    """It cannot be sent as things are in NetSuite; nothing was sent."""
    move(connection, document_id, State.READY, State.BLOCKED, Actor(run_id=of.id), problem)


def unknown(connection: Connection, of: Run, intent: Intent, settle_s: float) -> None:
    """Nobody knows whether it landed: looked up now, decided when settle is over."""
    _doubt(connection, intent.document_id, settle_s, Actor(run_id=of.id))


def _doubt(connection: Connection, document_id: int, settle_s: float, actor: Actor) -> None:
    after = run(connection, "queue/settle_from_now", {"settle_s": settle_s})[0].check_after
    problem = unknown_problem()
    move(connection, document_id, State.SENDING, State.UNCERTAIN, actor, problem, after)


def uncertain(connection: Connection, tenant_id: str, after: int, limit: int) -> Rows:
    """Documents whose outcome is not known, with whether their settle time is over."""
    params = {"tenant_id": tenant_id, "after": after, "limit": limit}
    return run(connection, "queue/read_uncertain", params)


def attempts_of(connection: Connection, document_id: int) -> Rows:
    """Every attempt on a document that may have landed, newest first."""
    return run(connection, "attempts/read_attempts", {"document_id": document_id})


def absent(connection: Connection, of: Run, document_id: int) -> None:
    """Looked for everywhere after settle and not there: it may be sent again, same external id.

    Raises:
        StateChanged: it is not uncertain any more, or its settle time is not over.
    """
    if not change(connection, "documents/take_up_seen_version", {"id": document_id}):
        raise StateChanged(f"Document {document_id} is not to be decided yet; nothing was done.")
    move(connection, document_id, State.UNCERTAIN, State.READY, Actor(run_id=of.id))


def conflict(
    connection: Connection,
    of: Run,
    document_id: int,
    from_state: State,
    problem: Problem,
    netsuite_id: str | None = None,
) -> None:
    """What NetSuite holds is not what was sent; only a person can decide.

    `netsuite_id` is the record found, where it was not known before: after a reset it is compared
    again, and the document can no longer count as one that never came into NetSuite.
    """
    if netsuite_id:
        found = {"id": document_id, "netsuite_id": netsuite_id}
        change(connection, "documents/set_found", found)
    move(connection, document_id, from_state, State.CONFLICT, Actor(run_id=of.id), problem)
    change(connection, "documents/set_report", {"id": document_id, "report": "error"})


def unverified(connection: Connection, tenant_id: str, after: int, limit: int) -> Rows:
    """Posted documents that nobody has compared with NetSuite's own record yet."""
    params = {"tenant_id": tenant_id, "after": after, "limit": limit}
    return run(connection, "queue/read_unverified", params)


def verified(connection: Connection, of: Run, row: Any, netsuite_number: str | None) -> None:
    """NetSuite's record equals what was sent: it may be reported, or is done.

    Raises:
        StateChanged: it is not posted any more.
    """
    params = {"id": row.id, "netsuite_number": netsuite_number}
    if not change(connection, "documents/set_number", params):
        raise StateChanged(f"{row.number} is no longer posted; nothing was done.")
    if not change(connection, "documents/set_report", {"id": row.id, "report": "synced"}):
        move(connection, row.id, State.POSTED, State.CONFIRMED, Actor(run_id=of.id))


def unreported(connection: Connection, tenant_id: str, after: int, limit: int) -> Rows:
    """Documents whose outcome ServiceTitan has not been told."""
    params = {"tenant_id": tenant_id, "after": after, "limit": limit}
    return run(connection, "queue/read_unreported", params)


def reported(connection: Connection, of: Run, row: Any, report: str) -> None:
    """ServiceTitan took the report, or says that the entry `moved_on` or is `gone`.

    Where a person decided otherwise meanwhile, another report is due by now and stays due.
    """
    told = {"id": row.id, "due": row.report, "report": report}
    if not change(connection, "documents/report_done", told):
        return
    if row.state == State.POSTED and report in ("synced", "gone"):
        move(connection, row.id, State.POSTED, State.CONFIRMED, Actor(run_id=of.id))


def block_orphaned_children(connection: Connection, of: Run) -> int:
    """Block this run's ready documents whose parent did not come into NetSuite, naming it."""
    actor, blocked = Actor(run_id=of.id), 0
    # A child that is blocked stops its own children in the next round.
    while rows := run(connection, "queue/read_children_of_stopped", {"run_id": of.id}):
        for row in rows:
            problems = parent_problems(connection, of, [row])
            move(connection, row.id, State.READY, State.BLOCKED, actor, problems[0])
            page = {"document_type": row.child_type, "source_id": row.source_id, "part": row.part}
            insert_problems(connection, {"run_id": of.id, **page}, problems)
        blocked += len(rows)
    return blocked


def unknown_problem() -> Problem:
    """The words for a document whose outcome nobody knows yet."""
    return Problem(
        Cause.OUTCOME_UNKNOWN,
        "It was sent, but NetSuite's answer did not arrive, so it may be there or not.",
        "Nothing to do: it is looked up in NetSuite and then confirmed or sent again.",
    )
