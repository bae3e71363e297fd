"""Journal entries: read by summary or details, judged by their lines, reported by sync status."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Problem,
    SourceDocument,
    State,
)
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.entries import EntryVerdict, validate_entries
from servicetitan_netsuite.netsuite import canonical, journal
from servicetitan_netsuite.netsuite.references import rename, waits_for
from servicetitan_netsuite.servicetitan import report as journal_report
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.journal_entries import headers
from servicetitan_netsuite.servicetitan.journal_entries import pending as pending_entries
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds.kind import Asked, Kept, Kind, Known
from servicetitan_netsuite.steps.kinds.plain_journals import name_of
from servicetitan_netsuite.steps.work import Work

log = logging.getLogger(__name__)


def pending(client: ServiceTitan, work: Work, asked: Asked) -> AsyncGenerator[Found, None]:
    """Entries with one of the tenant's pending statuses."""
    return pending_entries(client, work.context.tenant, documents=asked.documents)


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows whose entry is gone or no longer pending."""
    now = await headers(client, [row.source_id for row in rows])
    found: set[int] = set()
    for row in rows:
        header = now.get(row.source_id)
        # A rejected entry is in Error because we set it so: it waits for a person.
        ours = row.state == State.REJECTED and header and header.sync_status == "Error"
        pending = header and header.sync_status in work.context.tenant.sync.pending
        if not ours and not pending:
            found.add(row.id)
    return found


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per entry; customers it needs are found or planned first."""
    posted = {
        row.source_id: json.loads(row.posted_canonical).get("subsidiary")
        for row in known.values()
        if row.posted_canonical
    }
    found = validate_entries(
        documents, checks.mappings, checks.reference, work.context.tenant, checks.profile, posted
    )
    await checks.customers.prepare(
        (customer, verdict.plan.subsidiary)
        for verdict in found
        if verdict.plan
        for customer in verdict.customers
    )
    return [
        _decision(work, checks, document, verdict, known.get((document.source_id, document.part)))
        for document, verdict in zip(documents, found, strict=True)
    ]


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: EntryVerdict, known: Any
) -> Decision:
    name = name_of(work, document, known)
    notes = "; ".join(verdict.notes)
    problems = (
        verdict.problems
        or checks.customers.problems_of(verdict.customers)
        or _old_period_problems(checks, known)
    )
    if verdict.plan is None or problems:
        state = verdict.state if verdict.plan is None else State.BLOCKED
        return Decision(document.type, document.source_id, state, name, problems, notes=notes)
    body = rename(journal.body(replace(verdict.plan, external_id=name)), checks.names)
    gl = checks.named(journal.gl_effect(body))
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        draft=Draft(journal.PATH, body, canonical.journal(body), gl),
        notes=notes,
        parents=waits_for(body),
    )


def _old_period_problems(checks: Checks, known: Any) -> tuple[Problem, ...]:
    """An update takes the old amounts out of their period, so that one must be open as well."""
    if known is None or not known.posted_canonical:
        return ()
    period = json.loads(known.posted_canonical).get("period")
    if period not in checks.shut_periods:
        return ()
    name = checks.shut_periods[period]
    return (
        Problem(
            Cause.PERIOD_CLOSED,
            f"Its journal is in period {name}, which is closed or locked in NetSuite, "
            "so it cannot be updated.",
            "Reopen the period in NetSuite, or correct the books there by hand and exclude "
            "the journal entry in ServiceTitan.",
            key=period,
            key_name=name,
        ),
    )


async def report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Set each entry Synced, Error or InProgress, side by side; one's failure is its own."""
    told = (_one(work, client, row) for row in rows)
    return list(await asyncio.gather(*told, return_exceptions=True))


async def _one(work: Work, client: ServiceTitan, row: Any) -> str | None:
    try:
        answer = await _tell(work, client, row)
    except TransientError as error:
        log.warning("%s: not reported to ServiceTitan yet: %s", row.number, error)
        return None
    kept = {Reported.MOVED_ON: "moved_on", Reported.GONE: "gone"}
    return kept.get(answer, str(row.report))


async def _tell(work: Work, client: ServiceTitan, row: Any) -> Reported:
    if row.report == "synced":
        number = row.netsuite_number or f"{work.context.tenant.short_name}-{row.number}"
        words = f"NetSuite journal entry {number} (internal id {row.netsuite_id})"
        return await journal_report.synced(client, row.source_id, row.posted_version, words)
    if row.report == "error":
        words = f"{row.sentence} {row.advice}"
        # A conflict stands whatever newer version was seen since; a rejection is of its own.
        version = row.seen_version if row.state == State.CONFLICT else row.version
        return await journal_report.failed(client, row.source_id, words, version=version)
    if row.state not in (State.PENDING, State.BLOCKED):
        return Reported.ACCEPTED
    words = "Put back in the queue; the next sync takes it up."
    return await journal_report.in_progress(client, row.source_id, words)


JOURNAL_ENTRIES = Kind(
    DocumentType.JOURNAL_ENTRY, pending, withdrawn, judge, report, batched=False, vendors=True
)
