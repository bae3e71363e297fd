"""Check every document of the run against mappings and NetSuite's own master data, in one pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from servicetitan_netsuite.ledger import runs, verdicts
from servicetitan_netsuite.ledger.engine import run as query
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps import extract_pending, openings, vendors
from servicetitan_netsuite.steps.checks import Checks, read_checks
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.customer_places import CustomerPlaces
from servicetitan_netsuite.steps.kinds import kinds_of, name_terms, roles_of
from servicetitan_netsuite.steps.kinds.kind import Kind, Known
from servicetitan_netsuite.steps.work import Work, working

STEP = "validate_mappings"
CHUNK = 500

log = logging.getLogger(__name__)


def run(context: RunContext) -> dict[str, int]:
    """Validate; how many of the run's documents have each verdict.

    Raises:
        Waiting: a server or the ledger is away, or another worker has the tenant.
        ConfigurationError: a connection or permission is wrong.
    """
    with working(context, STEP, (extract_pending.run,)) as work:
        asyncio.run(_validate(work))
        counts = runs.verdict_counts(work.ledger, work.run)
        log.info("%s: %s", context.tenant.short_name, counts or "nothing to validate")
        return counts


async def _validate(work: Work) -> None:
    context = work.context
    kinds = kinds_of(context)
    total = sum(_count(work, kind) for kind in kinds)
    if not total:
        return
    own = servicetitan_credentials(context.servicetitan, work.tenant_id)
    async with (
        ServiceTitan(own, context.on_secret) as servicetitan,
        NetSuite(
            netsuite_credentials(context.netsuite), times(context.netsuite), context.on_secret
        ) as netsuite,
    ):
        checks = await read_checks(
            work,
            servicetitan,
            netsuite,
            roles_of(kinds),
            with_vendors=vendors.needed(context.tenant, kinds),
            with_terms=name_terms(kinds),
        )
        places = CustomerPlaces(work, netsuite, checks.reference, checks.customers.places)
        done = 0
        for kind in kinds:
            after = ("", "")
            while rows := await asyncio.to_thread(_chunk, work, kind, after):
                await _judge(work, checks, kind, rows, places)
                after = (rows[-1].source_id, rows[-1].part)
                done += len(rows)
                work.progress(done, total)


def _count(work: Work, kind: Kind) -> int:
    params = {"run_id": work.run.id, "document_type": kind.type}
    return int(work.ledger.rows("run_documents/count_seen", **params)[0].n)


def _chunk(work: Work, kind: Kind, after: verdicts.Key) -> Sequence[Any]:
    with work.ledger.reading() as connection:
        return verdicts.seen_chunk(connection, work.run, kind.type, after, CHUNK)


async def _judge(
    work: Work, checks: Checks, kind: Kind, rows: Sequence[Any], places: CustomerPlaces
) -> None:
    known = await asyncio.to_thread(_known, work, kind, rows)
    documents = [verdicts.seen_document(kind.type, row) for row in rows]
    linked = openings.linked(work, checks, documents, known)
    own = [each for each in documents if (each.source_id, each.part) not in linked]
    decided = await kind.judge(work, checks, own, known) if own else []
    if checks.profile.one_world:
        decided = await places.checked(decided)
    await work.writer.done(verdicts.record(work.run, [*linked.values(), *decided]))


def _known(work: Work, kind: Kind, rows: Sequence[Any]) -> Known:
    params = {
        "tenant_id": work.tenant_id,
        "document_type": kind.type,
        "source_ids": [row.source_id for row in rows],
    }
    with work.ledger.reading() as connection:
        rows = query(connection, "documents/read_known", params)
        return {(row.source_id, row.part): row for row in rows}
