"""What validation writes: each document's verdict, its body, its problems, and its parents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Operation,
    Problem,
    SourceDocument,
    State,
    canonical,
    stopped_parent,
)
from servicetitan_netsuite.ledger.engine import Rows, change, run
from servicetitan_netsuite.ledger.moves import Actor, created, explanation, move
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.seen import insert_problems

Key = tuple[str, str]
"""Source id and part of a document."""

_NAMES = 1000
"""So many names are asked for at a time: databases bound the values of a statement."""
_JUDGED = (State.PENDING, State.READY, State.BLOCKED, State.SKIPPED)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one document: ready with its draft, or stopped with its problems.

    `parents` are external ids of documents that must be in NetSuite first. `tell` has ServiceTitan
    told that a skipped document is dealt with, though it has no record in NetSuite.
    """

    document_type: DocumentType
    source_id: str
    state: State
    external_id: str
    problems: tuple[Problem, ...] = ()
    draft: Draft | None = None
    notes: str = ""
    parents: tuple[str, ...] = ()
    part: str = ""
    tell: bool = False

    @property
    def key(self) -> Key:
        """Source id and part: what a document is called within its type."""
        return self.source_id, self.part


@dataclass(frozen=True, slots=True)
class NewParent:
    """A customer or item that must be created first: everything its page shows."""

    document_type: DocumentType
    source_id: str
    name: str
    external_id: str
    draft: Draft
    notes: str = ""


def seen_chunk(
    connection: Connection, of: Run, document_type: DocumentType, after: Key, limit: int
) -> Rows:
    """The next documents of a run that are to be judged, by source id and part after `after`."""
    params = {
        "run_id": of.id,
        "document_type": document_type,
        "after": after[0],
        "after_part": after[1],
        "limit": limit,
    }
    return run(connection, "run_documents/read_seen_chunk", params)


def seen_document(kind: DocumentType, row: Any) -> SourceDocument:
    """The document that a row of a run's page shows, as ServiceTitan had it."""
    return SourceDocument(
        type=kind,
        source_id=row.source_id,
        number=row.number,
        version=row.version,
        business_date=date.fromisoformat(row.business_date) if row.business_date else None,
        amount=Decimal(row.amount_cents) / 100,
        content=json.loads(row.content),
        part=row.part,
        url=row.url,
    )


def record(of: Run, decisions: Sequence[Decision]) -> Callable[[Connection], None]:
    """The change that records a batch of decisions on documents of one type."""
    return lambda connection: _record(connection, of, decisions)


def _record(connection: Connection, of: Run, decisions: Sequence[Decision]) -> None:
    if not decisions:
        return
    truth = {} if of.dry_run else _truth(connection, of, decisions)
    for some in _parents_first(decisions):
        _record_some(connection, of, some, truth)


def _parents_first(decisions: Sequence[Decision]) -> Iterator[list[Decision]]:
    """The decisions in groups, none in the same group as a parent of its own."""
    left = list(decisions)
    while left:
        names = {decision.external_id for decision in left}
        waiting = [decision for decision in left if not names.isdisjoint(decision.parents)]
        if len(waiting) == len(left):  # a circle: each is told of the other as it stands
            waiting = []
        held = {id(decision) for decision in waiting}
        yield [decision for decision in left if id(decision) not in held]
        left = waiting


def _record_some(
    connection: Connection, of: Run, decisions: Sequence[Decision], truth: Mapping[Key, Any]
) -> None:
    pages: list[dict[str, Any]] = []
    parents = _parents(connection, of, decisions)
    for decision in decisions:
        decision = _never_skipped(truth.get(decision.key), decision)
        stopped = _stopped_by_parent(connection, of, decision, parents)
        judged = stopped or decision
        pages.append(_page(of, judged))
        insert_problems(connection, pages[-1], judged.problems)
    change(connection, "run_documents/put_verdict", pages)
    for decision, page in zip(decisions, pages, strict=True):
        row = truth.get(decision.key)
        if row is not None:
            _move(connection, of, row, decision, page)


def _truth(connection: Connection, of: Run, decisions: Sequence[Decision]) -> dict[Key, Any]:
    params = {
        "tenant_id": of.tenant_id,
        "document_type": decisions[0].document_type,
        "source_ids": [decision.source_id for decision in decisions],
    }
    rows = run(connection, "documents/read_known", params)
    return {(row.source_id, row.part): row for row in rows}


def _page(of: Run, decision: Decision) -> dict[str, Any]:
    first = decision.problems[0] if decision.problems else None
    why = explanation(first)
    if len(decision.problems) > 1:
        why["sentence"] = f"{why['sentence']} And {len(decision.problems) - 1} more."
    return {
        "run_id": of.id,
        "document_type": decision.document_type,
        "source_id": decision.source_id,
        "part": decision.part,
        "verdict": decision.state,
        "external_id": decision.external_id,
        **_sent(decision.draft),
        "notes": decision.notes,
        **why,
    }


def _sent(draft: Draft | None) -> dict[str, str | None]:
    if draft is None:
        return dict.fromkeys(("path", "body", "canonical", "gl"))
    return {
        "path": draft.path,
        "body": canonical(draft.body),
        "canonical": canonical(draft.canonical),
        "gl": canonical(list(draft.gl)) if draft.gl else None,
    }


def _move(
    connection: Connection, of: Run, row: Any, decision: Decision, page: dict[str, Any]
) -> None:
    """Bring the truth to the verdict.

    A document with an unresolved attempt, or one that waits for a person, is left alone and shown
    as it stands; so is one that a later run has seen, whose own verdict counts.
    """
    if row.seen_run != of.id:
        return
    if row.state not in _JUDGED:
        stands = {"cause": row.cause, "sentence": row.sentence, "advice": row.advice}
        shown = {"id": row.id, "run_id": of.id, "to_state": row.state, **stands}
        change(connection, "run_documents/set_outcome", shown)
        return
    target = State(page["verdict"])
    problem = None
    if page["cause"]:
        problem = Problem(Cause(page["cause"]), page["sentence"], page["advice"])
    if row.state == target:
        why = explanation(problem)
        change(connection, "documents/explain_document", {"id": row.id, "state": target, **why})
        outcome = {"id": row.id, "run_id": of.id, "to_state": target, **why}
        change(connection, "run_documents/set_outcome", outcome)
    else:
        actor = Actor(run_id=of.id)
        if row.state != State.PENDING:
            move(connection, row.id, row.state, State.PENDING, actor)
        move(connection, row.id, State.PENDING, target, actor, problem)
    if target == State.SKIPPED and decision.tell:
        change(connection, "documents/set_report", {"id": row.id, "report": "synced"})
    change(connection, "documents/delete_dependencies", {"document_id": row.id})
    if target == State.READY and decision.parents:
        params = {"document_id": row.id, "external_ids": list(decision.parents)}
        change(connection, "documents/insert_dependencies", params)


def _never_skipped(row: Any, decision: Decision) -> Decision:
    """What is in NetSuite already cannot be skipped: its record would stay as it was, unseen."""
    if row is None or row.operation == Operation.CREATE or decision.state != State.SKIPPED:
        return decision
    return replace(decision, state=State.BLOCKED)


@dataclass(frozen=True, slots=True)
class _Parents:
    """The parents that decisions name: those that are stopped by name, and the names known."""

    stopped: dict[str, Any] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


def _parents(connection: Connection, of: Run, decisions: Sequence[Decision]) -> _Parents:
    found = _Parents()
    names = sorted({name for each in decisions for name in each.parents})
    for start in range(0, len(names), _NAMES):
        params = {"external_ids": names[start : start + _NAMES], "run_id": of.id}
        stopped = run(connection, "documents/read_stopped_parents", params)
        found.stopped.update((row.external_id, row) for row in stopped)
        known = run(connection, "documents/read_known_parents", params)
        found.known.update(row.external_id for row in known)
    return found


def _stopped_by_parent(
    connection: Connection, of: Run, decision: Decision, known: _Parents
) -> Decision | None:
    """The decision turned into blocked when one of its parents cannot come into NetSuite."""
    if decision.state != State.READY:
        return None
    parents = [known.stopped[name] for name in decision.parents if name in known.stopped]
    missing = [name for name in decision.parents if name not in known.known]
    if not parents and not missing:
        return None
    return replace(
        decision,
        state=State.BLOCKED,
        problems=(*parent_problems(connection, of, parents), *map(_missing_parent, missing)),
        draft=None,
        parents=(),
    )


def _missing_parent(external_id: str) -> Problem:
    called = " ".join(external_id.split("-", 3)[2:]).replace("_", " ") or external_id
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It waits for {called} (ServiceTitan's id), which this sync has not seen.",
        f"Post the batch of {called} in ServiceTitan; what waits for it then goes on by itself.",
        key=external_id,
        key_name=called,
    )


def parent_problems(connection: Connection, of: Run, parents: Sequence[Any]) -> list[Problem]:
    """Why documents wait for `parents`, rows that say why these are stopped.

    A parent that waits itself is told by what it waits for: the root of a chain, once.
    """
    waiting = [row.external_id for row in parents if row.cause == Cause.PARENT_BLOCKED]
    roots = root_problems(connection, of, waiting)
    found = [
        problem
        for row in parents
        for problem in roots.get(row.external_id)
        or [
            stopped_parent(
                row.document_type, row.number, row.external_id, row.state, row.cause, row.sentence
            )
        ]
    ]
    return list({problem.key: problem for problem in found}.values())


def root_problems(
    connection: Connection, of: Run, external_ids: Sequence[str]
) -> dict[str, list[Problem]]:
    """What these documents of the run wait for, at the root of it, by their external ids."""
    found: dict[str, list[Problem]] = {}
    if not external_ids:
        return found
    params = {"run_id": of.id, "external_ids": list(external_ids)}
    for row in run(connection, "run_documents/read_waits", params):
        problem = Problem(
            Cause.PARENT_BLOCKED, row.sentence, row.advice, row.problem_key, row.key_name
        )
        found.setdefault(row.external_id, []).append(problem)
    return found


def add_parents(
    of: Run, parents: Sequence[NewParent], *, retry_rejected: bool = False
) -> Callable[[Connection], None]:
    """The change that puts entities to be created on the run's page, and into the truth.

    With `retry_rejected` those that NetSuite refused before are sent again.
    """
    return lambda connection: _add_parents(connection, of, parents, retry_rejected)


def _add_parents(
    connection: Connection, of: Run, parents: Sequence[NewParent], retry_rejected: bool
) -> None:
    for parent in parents:
        columns = {
            "document_type": parent.document_type,
            "source_id": parent.source_id,
            "part": "",
            "number": parent.name,
            "url": None,
            "version": 1,
            "business_date": None,
            "amount_cents": 0,
            "external_id": parent.external_id,
        }
        page = {
            **columns,
            "run_id": of.id,
            "content_hash": None,
            "verdict": "seen",
            "outcome": None,
            "netsuite_id": None,
            **explanation(None),
        }
        change(connection, "run_documents/put_run_document", page)
        if not of.dry_run:
            _add_parent_to_truth(connection, of, columns, retry_rejected)
    decisions = [
        Decision(
            p.document_type, p.source_id, State.READY, p.external_id, draft=p.draft, notes=p.notes
        )
        for p in parents
    ]
    _record(connection, of, decisions)


def _add_parent_to_truth(
    connection: Connection, of: Run, columns: dict[str, Any], retry_rejected: bool
) -> None:
    where = {
        "tenant_id": of.tenant_id,
        "document_type": columns["document_type"],
        "source_ids": [columns["source_id"]],
    }
    actor = Actor(run_id=of.id)
    known = run(connection, "documents/read_known", where)
    if not known:
        values = {**columns, "tenant_id": of.tenant_id, "run_id": of.id}
        made = run(connection, "documents/insert_document", values)
        created(connection, made[0].id, actor)
    else:
        state = known[0].state
        if state == State.REJECTED and retry_rejected:
            move(connection, known[0].id, State.REJECTED, State.PENDING, actor)
            state = State.PENDING
        again = "see_again" if state in _JUDGED else "see_unresolved"
        change(connection, f"documents/{again}", {**columns, "id": known[0].id, "run_id": of.id})
