"""Read what is pending in ServiceTitan onto the run's page, and into the ledger's truth."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial

from servicetitan_netsuite.documents import SourceDocument
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
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.kinds import kinds_of
from servicetitan_netsuite.steps.kinds.kind import Kind
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
    kinds = kinds_of(context)
    own = credentials(context.servicetitan, work.tenant_id)
    async with ServiceTitan(own, context.on_secret) as client:
        if not work.run.dry_run:
            await report(work, client, only="in_progress")
        await work.writer.done(partial(forget_seen, of=work.run))
        for kind in kinds:
            await _read(work, client, kind)
            if not context.params.documents:
                await _withdraw_missing(work, client, kind)


def _chosen(context: RunContext) -> tuple[str, ...]:
    """The chosen documents as ServiceTitan calls them: without the tenant's prefix."""
    prefix = f"{context.tenant.short_name}-".lower()
    return tuple(
        name[len(prefix) :] if name.lower().startswith(prefix) else name
        for name in context.params.documents
    )


async def _read(work: Work, client: ServiceTitan, kind: Kind) -> None:
    seeing = Seeing(
        run=work.run,
        retry_rejected=work.context.params.retry_rejected,
        mappings_changed_at=mappings.changed_at(work.ledger, work.tenant_id),
    )
    batch: dict[str, SourceDocument] = {}
    done = 0
    async for found in kind.pending(client, work, _chosen(work.context)):
        if isinstance(found, SourceDocument):
            batch[found.source_id] = found  # a list that shifts may show a document twice
        else:
            await work.writer.done(
                partial(
                    record_unreadable,
                    of=work.run,
                    document_type=kind.type,
                    source_id=found.source_id or f"unreadable-{found.number or done}",
                    number=found.number,
                    reason=found.reason,
                )
            )
        done += 1
        if len(batch) >= BATCH:
            await work.writer.done(seeing.record(list(batch.values())))
            batch = {}
            work.progress(done, done)
    await work.writer.done(seeing.record(list(batch.values())))
    work.progress(done, done)


async def _withdraw_missing(work: Work, client: ServiceTitan, kind: Kind) -> None:
    """Ask by id for every unsent document that the list did not show."""
    after = 0
    while True:
        rows = await work.writer.done(
            partial(unseen, of=work.run, document_type=kind.type, after=after)
        )
        if not rows:
            return
        gone = await kind.withdrawn(client, work, rows)
        for row in rows:
            if row.source_id in gone:
                # A person who reset it meanwhile was first: the next run asks for it again.
                with contextlib.suppress(StateChanged):
                    await work.writer.done(partial(withdraw, of=work.run, row=row))
        after = rows[-1].id
