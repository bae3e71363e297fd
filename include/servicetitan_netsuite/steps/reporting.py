"""Tell ServiceTitan what became of its documents: a queue of its own, repeated until it is taken.

It never holds a NetSuite slot, and a report that is lost is repeated, never the posting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.servicetitan import report as journal_report
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.steps.work import Work

AT_ONCE = 32
_CHUNK = 200
_QUEUE = ("synced", "error", "in_progress")

log = logging.getLogger(__name__)


async def report(work: Work, client: ServiceTitan, only: str | None = None) -> int:
    """Report every outcome that is due, or only those of one kind; how many were taken.

    Raises:
        TransientError: some could not be reported now; they stay due.
    """
    after, taken, lost = 0, 0, 0
    at_once = asyncio.Semaphore(AT_ONCE)
    more = True
    while more:
        rows = await asyncio.to_thread(_due, work, after)
        more = len(rows) == _CHUNK
        after = rows[-1].id if rows else after
        wanted = [row for row in rows if only in (None, row.report)]
        jobs = (_told(work, client, row, at_once) for row in wanted)
        # One that fails for good must not make the others' answers forgotten.
        told = await asyncio.gather(*jobs, return_exceptions=True)
        for each in told:
            if isinstance(each, BaseException):
                raise each
        taken += told.count(True)
        lost += told.count(False)
    if lost:
        raise TransientError(
            f"ServiceTitan did not take {lost} reports; they are repeated, the postings are not."
        )
    return taken


def _due(work: Work, after: int) -> Sequence[Any]:
    with work.ledger.reading() as connection:
        return sending.unreported(connection, work.tenant_id, after, _CHUNK)


async def _told(work: Work, client: ServiceTitan, row: Any, at_once: asyncio.Semaphore) -> bool:
    """Report one outcome and keep the answer; whether it was taken."""
    async with at_once:
        kept = await _one(work, client, row)
    if kept:
        await work.writer.done(lambda c: sending.reported(c, work.run, row, kept))
    return kept is not None


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
