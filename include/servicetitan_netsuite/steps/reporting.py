"""Tell ServiceTitan what became of its documents: a queue of its own, repeated until it is taken.

It never holds a NetSuite slot, and a report that is lost is repeated, never the posting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.servicetitan import report as journal_report
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.steps.work import Work

AT_ONCE = 16
_CHUNK = 200
_QUEUE = ("synced", "error", "in_progress")

log = logging.getLogger(__name__)


async def report(work: Work, client: ServiceTitan, only: str | None = None) -> int:
    """Report every outcome that is due, or only those of one kind; how many were taken.

    Raises:
        TransientError: some could not be reported now; they stay due.
    """
    after, taken, lost = 0, 0, 0
    while True:
        rows = await asyncio.to_thread(_due, work, after)
        if not rows:
            break
        after = rows[-1].id
        wanted = [row for row in rows if only in (None, row.report)]
        for start in range(0, len(wanted), AT_ONCE):
            sent = wanted[start : start + AT_ONCE]
            answers = await asyncio.gather(*(_one(work, client, row) for row in sent))
            told = [(row, kept) for row, kept in zip(sent, answers, strict=True) if kept]
            await work.writer.done(partial(_keep, of=work.run, told=told))
            taken += len(told)
            lost += len(sent) - len(told)
    if lost:
        raise TransientError(
            f"ServiceTitan did not take {lost} reports; they are repeated, the postings are not."
        )
    return taken


def _due(work: Work, after: int) -> Sequence[Any]:
    with work.ledger.reading() as connection:
        return sending.unreported(connection, work.tenant_id, after, _CHUNK)


def _keep(connection: Connection, of: Run, told: Sequence[tuple[Any, str]]) -> None:
    for row, kept in told:
        sending.reported(connection, of, row, kept)


async def _one(work: Work, client: ServiceTitan, row: Any) -> str | None:
    """What the ledger keeps of ServiceTitan's answer; None when the report has to be repeated."""
    try:
        answer = await _tell(work, client, row)
    except TransientError as error:
        log.warning("%s: not reported to ServiceTitan yet: %s", row.number, error)
        return None
    kept = {Reported.MOVED_ON: "moved_on", Reported.GONE: "gone"}
    return kept.get(answer, str(row.report))


async def _tell(work: Work, client: ServiceTitan, row: Any) -> Reported:
    if row.report == "synced":
        prefix = work.context.tenant.short_name
        number = row.netsuite_number or f"{prefix}-{row.number}"
        words = f"NetSuite journal entry {number} (internal id {row.netsuite_id})"
        return await journal_report.synced(client, row.source_id, row.posted_version, words)
    if row.report == "error":
        words = f"{row.sentence} {row.advice}"
        return await journal_report.failed(client, row.source_id, words, version=row.version)
    words = "Put back in the queue; the next sync takes it up."
    if row.state not in (State.PENDING, State.BLOCKED):
        return Reported.ACCEPTED
    return await journal_report.in_progress(client, row.source_id, words)
