"""What people do to documents that no worker holds: reset, accept, update, post again.

Each is a compare-and-set on `rejected` or `conflict`, kept for ever with the person's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import (
    ENTITIES,
    Cause,
    Json,
    MappingRow,
    Problem,
    State,
    canonical,
    external_id,
)
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger.engine import Ledger, Rows, change, run
from servicetitan_netsuite.ledger.mappings import put
from servicetitan_netsuite.ledger.moves import Actor, move

_RENEWED = re.compile(r"(st-.+)-r[1-9][0-9]?")
_RESETTABLE = (State.REJECTED, State.CONFLICT)


def find(ledger: Ledger, tenant_id: str, names: Sequence[str]) -> Rows:
    """Documents by number, source id or external id; every rejected or conflicting one for none.

    Raises:
        ConfigurationError: a name that no document of the tenant has.
    """
    if not names:
        return ledger.rows("actions/read_stopped", tenant_id=tenant_id)
    found = ledger.rows("actions/read_named", tenant_id=tenant_id, names=list(names))
    known = {name for row in found for name in _names(row)}
    missing = [name for name in names if name not in known]
    if missing:
        raise ConfigurationError(f"No document is called {', '.join(missing)}; nothing was done.")
    return found


def _names(row: Any) -> tuple[str, str, str]:
    return row.number, row.source_id, row.external_id


def reset(ledger: Ledger, tenant_id: str, names: Sequence[str], person: str) -> list[str]:
    """Put rejected and conflicting documents back in the queue; the numbers of those moved.

    Of several records of one number, a payment's and its further ones, those that stand still are
    meant. ServiceTitan shows them as pending again when the next run starts. A conflict is only
    compared again: nothing is sent over a record that differs.

    Raises:
        ConfigurationError: a named document is neither rejected nor in conflict.
    """
    found = find(ledger, tenant_id, names)
    rows = [row for row in found if row.state in _RESETTABLE]
    meant = {name for row in rows for name in _names(row)}
    wrong = [f"{row.number} is {row.state}" for row in found if meant.isdisjoint(_names(row))]
    if wrong:
        raise ConfigurationError(
            f"Only rejected and conflicting documents can be reset: {'; '.join(wrong)}. "
            "Nothing was done."
        )
    with ledger.writing() as connection:
        for row in rows:
            if row.document_type in ENTITIES and row.posted_version is not None:
                # No document may need it any more, so it is verified again rather than queued.
                actor = Actor(person=person)
                move(connection, row.id, row.state, State.POSTED, actor, _note("reset", ""))
                continue
            if row.state == State.CONFLICT and row.netsuite_id:
                change(connection, "documents/start_update", {"id": row.id})
            _requeue(connection, row, State(row.state), person, "reset")
    return [row.number for row in rows]


def accept(
    ledger: Ledger, row: Any, netsuite_id: str, held: Json, person: str, reason: str
) -> None:
    """Take NetSuite's record as it is for the document's; it is reported as synced, or is done."""
    actor = Actor(person=person)
    with ledger.writing() as connection:
        _hold(connection, row, netsuite_id, held, row.seen_version)
        move(connection, row.id, State.CONFLICT, State.POSTED, actor, _note("accepted", reason))
        change(connection, "documents/set_number", {"id": row.id, "netsuite_number": None})
        if row.document_type in ENTITIES:
            kind = str(row.document_type)
            link = MappingRow(kind, row.source_id, row.number, netsuite_id, row.number)
            put(connection, row.tenant_id, [link], person)
        if not change(connection, "documents/set_report", {"id": row.id, "report": "synced"}):
            move(connection, row.id, State.POSTED, State.CONFIRMED, actor)


def update(
    ledger: Ledger, row: Any, netsuite_id: str, held: Json, person: str, reason: str
) -> None:
    """Let the next run change NetSuite's record, as it is held now, to ServiceTitan's content."""
    with ledger.writing() as connection:
        _hold(connection, row, netsuite_id, held, row.posted_version)
        change(connection, "documents/start_update", {"id": row.id})
        _requeue(connection, row, State.CONFLICT, person, "update", reason)


def again(ledger: Ledger, row: Any, person: str, reason: str) -> str:
    """Let the next run post a new record under a new external id: the old one is deleted or void.

    The caller has shown that NetSuite no longer holds the old one.

    Returns:
        The new external id: the old one with `-r2`, `-r3`, ...
    """
    first = external_id(row.tenant_id, row.document_type, row.source_id, row.part)
    count = row.external_id.removeprefix(first).removeprefix("-r")
    renewed = f"{first}-r{int(count or 1) + 1}"
    with ledger.writing() as connection:
        change(connection, "actions/renew_document", {"id": row.id, "external_id": renewed})
        # Another record has lines of its own.
        change(connection, "order_lines/forget_lines", {"document_id": row.id})
        _unlink(connection, row, person)
        _requeue(connection, row, State.CONFLICT, person, "post again", reason)
    return renewed


def renewed(ledger: Ledger, tenant_id: str) -> dict[str, str]:
    """The external ids of records that were posted again, by those they had at first."""
    rows = ledger.rows("actions/read_renewed", tenant_id=tenant_id)
    found = ((_RENEWED.fullmatch(row.external_id), row.external_id) for row in rows)
    return {match[1]: name for match, name in found if match}


def _hold(
    connection: Connection, row: Any, netsuite_id: str, held: Json, version: int | None
) -> None:
    """What NetSuite holds now is what its next comparison starts from."""
    params = {
        "id": row.id,
        "netsuite_id": netsuite_id,
        "version": version,
        "canonical": canonical(held),
    }
    change(connection, "actions/hold_record", params)


def _unlink(connection: Connection, row: Any, person: str) -> None:
    """Take back our own link to an entity's record: while it stands, nobody asks for it again."""
    if row.document_type not in ENTITIES or not row.netsuite_id:
        return
    kind = str(row.document_type)
    where = {"tenant_id": row.tenant_id, "kind": kind, "source_key": row.source_id}
    link = run(connection, "mappings/read_mapping", where)
    if link and link[0].target == row.netsuite_id:
        put(
            connection,
            row.tenant_id,
            [MappingRow(kind, row.source_id, row.number, None)],
            person,
        )


def _requeue(
    connection: Connection, row: Any, from_state: State, person: str, deed: str, reason: str = ""
) -> None:
    actor = Actor(person=person)
    move(connection, row.id, from_state, State.PENDING, actor, _note(deed, reason))
    change(connection, "documents/set_report", {"id": row.id, "report": "in_progress"})


def _note(deed: str, reason: str) -> Problem:
    return Problem(Cause.DECIDED_BY_PERSON, f"{deed}: {reason}" if reason else deed, "")
