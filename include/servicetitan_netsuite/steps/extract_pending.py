"""Read what is pending in ServiceTitan onto the run's page, and into the ledger's truth."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument, State
from servicetitan_netsuite.ledger import mappings, runs
from servicetitan_netsuite.ledger.moves import StateChanged
from servicetitan_netsuite.ledger.seen import (
    Seeing,
    forget_seen,
    record_unreadable,
    unseen,
    withdraw,
)
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials
from servicetitan_netsuite.servicetitan.journal_entries import Header, headers, pending
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.reporting import report
from servicetitan_netsuite.steps.work import Work, working

STEP = "extract_pending"
BATCH = 100

log = logging.getLogger(__name__)


def run(context: RunContext) -> dict[str, int]:
    """Extract; how many of the run's documents have each verdict so far.

    Raises:
        Waiting: ServiceTitan or the ledger is away, or another worker has the tenant.
        ConfigurationError: a connection or permission is wrong; nothing was changed.
    """
    with working(context, STEP) as work:
        asyncio.run(_extract(work))
        counts = runs.verdict_counts(work.ledger, work.run)
        log.info("%s: read %s", context.tenant.short_name, counts or "nothing pending")
        return counts


async def _extract(work: Work) -> None:
    context = work.context
    if not _wanted(context):
        return
    own = credentials(context.servicetitan, work.tenant_id)
    async with ServiceTitan(own, context.on_secret) as client:
        if not work.run.dry_run:
            await report(work, client, only="in_progress")
        await work.writer.done(partial(forget_seen, of=work.run))
        await _read(work, client)
        if not context.params.documents:
            await _withdraw_missing(work, client)


def _wanted(context: RunContext) -> bool:
    types = context.params.document_types
    return not types or DocumentType.JOURNAL_ENTRY in types


def _chosen(context: RunContext) -> tuple[str, ...]:
    """The chosen documents as ServiceTitan calls them: without the tenant's prefix."""
    prefix = f"{context.tenant.short_name}-".lower()
    return tuple(
        name[len(prefix) :] if name.lower().startswith(prefix) else name
        for name in context.params.documents
    )


async def _read(work: Work, client: ServiceTitan) -> None:
    seeing = Seeing(
        run=work.run,
        retry_rejected=work.context.params.retry_rejected,
        mappings_changed_at=mappings.changed_at(work.ledger, work.tenant_id),
    )
    batch: list[SourceDocument] = []
    done = 0
    tenant, documents = work.context.tenant, _chosen(work.context)
    async for found in pending(client, tenant, documents=documents):
        if isinstance(found, SourceDocument):
            batch.append(found)
        else:
            await work.writer.done(
                partial(
                    record_unreadable,
                    of=work.run,
                    source_id=found.source_id or f"unreadable-{found.number or done}",
                    number=found.number,
                    reason=found.reason,
                )
            )
        done += 1
        if len(batch) >= BATCH:
            await work.writer.done(seeing.record(batch))
            batch = []
            work.progress(done, done)
    await work.writer.done(seeing.record(batch))
    work.progress(done, done)


async def _withdraw_missing(work: Work, client: ServiceTitan) -> None:
    """Ask by id for every unsent document that the list did not show."""
    after = 0
    while True:
        rows = await work.writer.done(
            partial(unseen, of=work.run, document_type=DocumentType.JOURNAL_ENTRY, after=after)
        )
        if not rows:
            return
        now = await headers(client, [row.source_id for row in rows])
        for row in rows:
            if _is_withdrawn(work, row, now.get(row.source_id)):
                # A person who reset it meanwhile was first: the next run asks for it again.
                with contextlib.suppress(StateChanged):
                    await work.writer.done(partial(withdraw, of=work.run, row=row))
        after = rows[-1].id


def _is_withdrawn(work: Work, row: Any, header: Header | None) -> bool:
    if header is None:
        return True
    if row.state == State.REJECTED and header.sync_status == "Error":
        return False  # we set it so ourselves: it waits for a person, not for the queue
    return header.sync_status not in work.context.tenant.sync.pending
