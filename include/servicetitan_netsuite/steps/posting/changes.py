"""Changes of records that are there: a journal's new version, what a credit memo is applied to.

Before one is sent NetSuite must hold what was there before it; anything else is a conflict.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import UPDATABLE, Cause, DocumentType, Json, Problem, State
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.netsuite import credit_application, update
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.steps.posting.desk import Desk, RecordRefused, held_form, shown_record
from servicetitan_netsuite.steps.posting.links import link


async def prepare_update(desk: Desk, row: Any, body: Json, new: Json) -> bool:
    """Whether `row` may be sent as an update: NetSuite must hold exactly what was last posted.

    Equal to the new form already: posted without sending, unless a journal's memos changed.
    Anything else: a conflict that names what differs, and so is a customer that differs: only
    journal entries and purchase orders are ever changed. Both are written down here.
    """
    run, kind = desk.work.run, DocumentType(row.document_type)
    record = await _record(desk, row, row.path, row.netsuite_id)
    if record is None:
        return False
    held = held_form(kind, record, row.path)
    if held is None:
        listed = await desk.look_up(kind, [row.external_id])
        held = listed[row.external_id].canonical if listed else None
    if held is None:
        await desk.write(sending.conflict, run, row.id, State.READY, hidden())
        return False
    found = differences(new, held)
    if not found:
        if kind is DocumentType.JOURNAL_ENTRY and await _worded_otherwise(desk, row, body):
            return True
        await desk.write(_found_equal, run, row, row.netsuite_id, new)
        desk.changed.set()
        return False
    problem = different(found)
    if kind in UPDATABLE:
        last = json.loads(row.posted_canonical) if row.posted_canonical else None
        found = differences(last, held) if last else found
        problem = edited(found)
    if found:
        await desk.write(sending.conflict, run, row.id, State.READY, problem)
    return not found


async def _worded_otherwise(desk: Desk, row: Any, body: Json) -> bool:
    """Whether what was sent last differs in what is not compared: numbers aside, the memos."""
    attempts = await desk.read(sending.attempts_of, row.id)
    if not attempts:
        return False
    return update.update_body(json.loads(attempts[0].body)) != update.update_body(body)


async def _record(desk: Desk, row: Any, of: str, netsuite_id: str) -> Json | None:
    """The record to be changed; None after a conflict was written down where it is not shown."""
    try:
        record = await shown_record(desk, of, netsuite_id)
        problem = deleted(netsuite_id)
    except RecordRefused as refused:
        record, problem = None, not_shown(refused)
    if record is None:
        await desk.write(sending.conflict, desk.work.run, row.id, State.READY, problem)
    return record


async def prepare_application(desk: Desk, row: Any, path: str, new: Json) -> Json | None:
    """The form to commit to for what a credit memo is to be applied to; None if nothing is sent.

    Applied so already: posted without sending. Applied to more: a conflict, as ServiceTitan says
    what is applied. Both are written down here.
    """
    run, netsuite_id = desk.work.run, update.record_id(path)
    record = await _record(desk, row, path, netsuite_id)
    if record is None:
        return None
    held = credit_application.held(new, record)
    found = differences(new, held)
    if not found:
        await desk.write(_found_equal, run, row, netsuite_id, new)
        desk.changed.set()
        return None
    if credit_application.exceeds(held, new):
        await desk.write(sending.conflict, run, row.id, State.READY, edited(found))
        return None
    return credit_application.with_before(new, held)


def held_and_before(row: Any, sent: Json, record: Json) -> tuple[Json, Json | None]:
    """What NetSuite's record holds of a change `sent`, and what it held before, where known."""
    if credit_application.is_application(sent):
        return credit_application.held(sent, record), credit_application.before(sent)
    before = json.loads(row.posted_canonical) if row.posted_canonical else None
    held = held_form(DocumentType(row.document_type), record)
    return held or update.journal_from_record(record), before


def _found_equal(connection: Connection, of: Run, row: Any, netsuite_id: str, form: Json) -> None:
    version = row.seen_version
    sending.posted(connection, of, row.id, State.READY, netsuite_id, version, form)
    link(connection, of, row, netsuite_id)


def deleted(netsuite_id: str) -> Problem:
    """The journal is gone from NetSuite."""
    return Problem(
        Cause.DELETED_IN_NETSUITE,
        f"Its NetSuite record {netsuite_id} was deleted there.",
        "If it shall be in the books, resolve it with `--again`; else exclude it in ServiceTitan.",
    )


def edited(found: list[str]) -> Problem:
    """The record in NetSuite is not what was posted last."""
    return Problem(
        Cause.CHANGED_IN_NETSUITE,
        f"Its NetSuite record was changed there: {'; '.join(found[:5])}.",
        "Accept NetSuite's record, or have a journal entry or purchase order updated to "
        "ServiceTitan's content; anything else: correct it in NetSuite, then reset it.",
    )


def different(found: list[str]) -> Problem:
    """The record found under our external id is not what was sent."""
    return Problem(
        Cause.CONTENT_DIFFERS,
        f"NetSuite holds a record under its external id that differs: {'; '.join(found[:5])}.",
        "Look at both; accept NetSuite's record, or have a journal entry or purchase order "
        "updated to what ServiceTitan shows; anything else: correct it in NetSuite, then reset it.",
    )


def not_shown(refused: RecordRefused) -> Problem:
    """NetSuite refuses to show the record."""
    return Problem(
        Cause.EXISTS_BUT_HIDDEN,
        f"NetSuite does not show its record: {refused}",
        "Correct what NetSuite names, then reset it.",
    )


def hidden() -> Problem:
    """NetSuite says that the record exists, yet never shows it."""
    return Problem(
        Cause.EXISTS_BUT_HIDDEN,
        "NetSuite says that a record with this external id or name exists, but does not show it.",
        "Another record has its name, or the role may not see it: correct that, then reset.",
    )
