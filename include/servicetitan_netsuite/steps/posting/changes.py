"""A journal entry that changed after it was posted updates the same journal, or nothing at all."""

from __future__ import annotations

import json
from typing import Any

from servicetitan_netsuite.documents import Cause, DocumentType, Json, Problem, State
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.netsuite import lookup, update
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.steps.posting.desk import Desk


async def prepare_update(desk: Desk, row: Any, new: Json) -> bool:
    """Whether `row` may be sent as an update: NetSuite must hold exactly what was last posted.

    Equal to the new form already: posted without sending. Anything else: a conflict that names
    what differs. Both are written down here.
    """
    run = desk.work.run
    async with desk.slots:
        record = await lookup.by_id(desk.netsuite, DocumentType.JOURNAL_ENTRY, row.netsuite_id)
    if record is None:
        await desk.write(sending.conflict, run, row.id, State.READY, deleted(row.netsuite_id))
        return False
    held = update.journal_from_record(record)
    if not differences(new, held):
        await desk.write(
            sending.posted, run, row.id, State.READY, row.netsuite_id, row.seen_version, new
        )
        desk.changed.set()
        return False
    last = json.loads(row.posted_canonical) if row.posted_canonical else None
    found = differences(last, held) if last else differences(new, held)
    if found:
        await desk.write(sending.conflict, run, row.id, State.READY, edited(found))
        return False
    return True


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
        "Accept NetSuite's record, or let the next run update it to ServiceTitan's content.",
    )


def different(found: list[str]) -> Problem:
    """The record found under our external id is not what was sent."""
    return Problem(
        Cause.CONTENT_DIFFERS,
        f"NetSuite holds a record under its external id that differs: {'; '.join(found[:5])}.",
        "Look at both; accept NetSuite's record, or update it to what ServiceTitan shows.",
    )


def hidden() -> Problem:
    """NetSuite says that the record exists, yet never shows it."""
    return Problem(
        Cause.EXISTS_BUT_HIDDEN,
        "NetSuite says that a record with this external id or name exists, but does not show it.",
        "Another record has its name, or the role may not see it: correct that, then reset.",
    )
