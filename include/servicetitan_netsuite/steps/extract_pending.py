"""Read what is pending in ServiceTitan onto the run's page, and into the ledger's truth."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.ledger import mappings, runs, watermarks
from servicetitan_netsuite.ledger.moves import StateChanged
from servicetitan_netsuite.ledger.seen import (
    Seeing,
    forget_seen,
    record_not_found,
    record_unreadable,
    unseen,
    withdraw,
)
from servicetitan_netsuite.ledger.watermarks import Watermark
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.kinds import kinds_of
from servicetitan_netsuite.steps.kinds.kind import Asked, Kind
from servicetitan_netsuite.steps.reporting import report
from servicetitan_netsuite.steps.work import Work, working

STEP = "extract_pending"
BATCH = 100
OVERLAP = timedelta(hours=1)
"""So much before the watermark is read again: clocks differ, and stamps come late."""
SWEEP_AFTER = timedelta(days=7)

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
        asked = _asked(context)
        seen = 0
        for kind in sorted(kinds, key=lambda kind: kind.named_by_others):
            reading = _Reading(work, client, kind, seen)
            await reading.run(asked)
            seen += reading.done
        if asked.documents and kinds:
            kind_shown = kinds[0].type
            change = partial(
                record_not_found, of=work.run, document_type=kind_shown, names=asked.documents
            )
            await work.writer.done(change)


def _asked(context: RunContext) -> Asked:
    """What a person chose; documents as ServiceTitan calls them: without the tenant's prefix."""
    prefix = f"{context.tenant.short_name}-".lower()
    documents = tuple(
        name[len(prefix) :] if name.lower().startswith(prefix) else name
        for name in context.params.documents
    )
    return Asked(documents, context.params.batch)


@dataclass(slots=True)
class _Reading:
    """One type being read; `before` counts what was read of others."""

    work: Work
    client: ServiceTitan
    kind: Kind
    before: int = 0
    done: int = 0
    unreadable: int = 0

    async def run(self, asked: Asked) -> None:
        if asked.documents or asked.batch:
            if self.kind.batched or not asked.batch:
                await self._read(asked)
            return
        known, started = await asyncio.to_thread(self._watermark), datetime.now(UTC)
        since = known.read_at - OVERLAP if known else None
        await self._read(replace(asked, since=since))
        if since:
            await self._each_unseen(self._read_again)
        await self._each_unseen(self._withdraw)
        # What could not be read is in no ledger: it is read again until it can be.
        if self.kind.watermarked and not self.unreadable and not self.work.run.dry_run:
            mark = Watermark(started, known.swept_at if known else started)
            change = partial(
                watermarks.put, tenant_id=self.work.tenant_id, kind=self.kind.type, mark=mark
            )
            await self.work.writer.done(change)

    def _watermark(self) -> Watermark | None:
        """How far the list is known; None where the whole of it is to be read."""
        if not self.kind.watermarked:
            return None
        known = watermarks.read(self.work.ledger, self.work.tenant_id, self.kind.type)
        now = datetime.now(UTC)
        # One in the future was written by a clock that ran ahead: what it skipped nobody knows.
        fresh = known and known.read_at <= now and known.swept_at > now - SWEEP_AFTER
        return known if fresh else None

    async def _read(self, asked: Asked) -> None:
        work = self.work
        seeing = Seeing(
            run=work.run,
            retry_rejected=work.context.params.retry_rejected,
            mappings_changed_at=mappings.changed_at(work.ledger, work.tenant_id),
        )
        batch: dict[tuple[str, str], SourceDocument] = {}
        async for found in self.kind.pending(self.client, work, asked):
            if isinstance(found, SourceDocument):
                # A list that shifts may show a document twice.
                batch[found.source_id, found.part] = found
            else:
                await self._unreadable(found.source_id, found.number, found.reason)
            self.done += 1
            if len(batch) >= BATCH:
                await work.writer.done(seeing.record(list(batch.values())))
                batch = {}
                work.progress(self.before + self.done, self.before + self.done)
        await work.writer.done(seeing.record(list(batch.values())))
        work.progress(self.before + self.done, self.before + self.done)

    async def _unreadable(self, source_id: str | None, number: str, reason: str) -> None:
        self.unreadable += 1
        change = partial(
            record_unreadable,
            of=self.work.run,
            document_type=self.kind.type,
            source_id=source_id or f"unreadable-{number or self.done}",
            number=number,
            reason=reason,
        )
        await self.work.writer.done(change)

    async def _each_unseen(self, deal: Callable[[Sequence[Any]], Awaitable[None]]) -> None:
        """Deal with every unsent document that this run has not seen, some at a time."""
        after = 0
        while rows := await self.work.writer.done(
            partial(unseen, of=self.work.run, document_type=self.kind.type, after=after)
        ):
            await deal(rows)
            after = rows[-1].id

    async def _read_again(self, rows: Sequence[Any]) -> None:
        """Unchanged, so not listed, but still to be posted."""
        await self._read(Asked(ids=tuple(dict.fromkeys(row.source_id for row in rows))))

    async def _withdraw(self, rows: Sequence[Any]) -> None:
        gone = await self.kind.withdrawn(self.client, self.work, rows)
        for row in rows:
            if row.id in gone:
                # A person who reset it meanwhile was first: the next run asks for it again.
                with contextlib.suppress(StateChanged):
                    await self.work.writer.done(partial(withdraw, of=self.work.run, row=row))
