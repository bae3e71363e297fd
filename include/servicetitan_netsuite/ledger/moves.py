"""The only way a document changes state: compare-and-set, with an event that stays for ever."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from servicetitan_netsuite.documents import Problem, State
from servicetitan_netsuite.errors import SyncError
from servicetitan_netsuite.ledger.engine import change


class StateChanged(SyncError):
    """Somebody else moved this document first; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves a document: a run, or a person."""

    run_id: int | None = None
    person: str | None = None


def move(
    connection: Connection,
    document_id: int,
    from_state: State | str,
    to_state: State,
    actor: Actor,
    problem: Problem | None = None,
    check_after: str | None = None,
) -> None:
    """Move one document from one state to another, or nothing at all.

    Raises:
        StateChanged: it is not in `from_state` any more.
    """
    why = explanation(problem)
    moved = change(
        connection,
        "documents/move_document",
        {
            "id": document_id,
            "from_state": from_state,
            "to_state": to_state,
            "check_after": check_after,
            **why,
        },
    )
    if not moved:
        raise StateChanged(f"Document {document_id} is no longer {from_state}; nothing was done.")
    change(
        connection,
        "documents/insert_event",
        {
            "id": document_id,
            "from_state": from_state,
            "to_state": to_state,
            "cause": why["cause"],
            "sentence": why["sentence"],
            "run_id": actor.run_id,
            "person": actor.person,
        },
    )
    if actor.run_id is not None:
        change(
            connection,
            "run_documents/set_outcome",
            {"id": document_id, "run_id": actor.run_id, "to_state": to_state, **why},
        )


def created(connection: Connection, document_id: int, actor: Actor) -> None:
    """Note the first event of a document that was just inserted as pending."""
    change(
        connection,
        "documents/insert_event",
        {
            "id": document_id,
            "from_state": None,
            "to_state": State.PENDING,
            "cause": None,
            "sentence": None,
            "run_id": actor.run_id,
            "person": actor.person,
        },
    )


def explanation(problem: Problem | None) -> dict[str, str | None]:
    """The three columns that say why, from a problem or from none."""
    if problem is None:
        return {"cause": None, "sentence": None, "advice": None}
    return {
        "cause": problem.cause,
        "sentence": problem.sentence[:2000],
        "advice": problem.advice[:2000],
    }
