"""Check every document of the run against mappings and NetSuite's own master data, in one pass."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import (
    AccountProfile,
    Cause,
    DocumentType,
    Json,
    Problem,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.ledger import mappings, profiles, runs, verdicts
from servicetitan_netsuite.ledger.engine import run as query
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.first_fill import first_fill
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.mapping.validation import Verdict, validate
from servicetitan_netsuite.netsuite import journal
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.servicetitan import reference as field_service
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps import extract_pending
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.customers import Customers, with_entities
from servicetitan_netsuite.steps.work import Work, working

if TYPE_CHECKING:
    from servicetitan_netsuite.mapping.first_fill import Numbered

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


@dataclass(frozen=True, slots=True)
class _Checks:
    """What documents are checked against, the same for the whole run."""

    mappings: MappingFrames
    reference: ReferenceFrames
    profile: AccountProfile
    account_names: dict[str, str]
    shut_periods: dict[str, str]
    customers: Customers


async def _validate(work: Work) -> None:
    context = work.context
    counted = work.ledger.rows(
        "run_documents/count_seen", run_id=work.run.id, document_type=DocumentType.JOURNAL_ENTRY
    )
    total = int(counted[0].n)
    if not total:
        return
    own = servicetitan_credentials(context.servicetitan, work.tenant_id)
    async with (
        ServiceTitan(own, context.on_secret) as servicetitan,
        NetSuite(
            netsuite_credentials(context.netsuite), times(context.netsuite), context.on_secret
        ) as netsuite,
    ):
        checks = await _checks(work, servicetitan, netsuite)
        done, after = 0, ""
        while rows := await asyncio.to_thread(_chunk, work, after):
            await _judge(work, checks, rows)
            after = rows[-1].source_id
            done += len(rows)
            work.progress(done, total)


async def _checks(work: Work, servicetitan: ServiceTitan, netsuite: NetSuite) -> _Checks:
    profile = await _profile(work, netsuite)
    reference, accounts, units = await asyncio.gather(
        master.reference(netsuite, profile),
        field_service.gl_accounts(servicetitan),
        field_service.business_units(servicetitan),
    )
    rows = await _filled(work, accounts, units, reference, profile)
    links = {r.source_key: r.target for r in rows if r.kind == "customer" and r.target}
    return _Checks(
        mappings=MappingFrames(rows),
        reference=frames(reference),
        profile=profile,
        account_names={
            a["id"]: f"{a['number'] or ''} {a['name']}".strip() for a in reference.accounts
        },
        shut_periods={
            p["id"]: p["name"] for p in reference.periods if p["closed"] or p["all_locked"]
        },
        customers=Customers(work, servicetitan, netsuite, links),
    )


async def _profile(work: Work, netsuite: NetSuite) -> AccountProfile:
    """What the account is like: as its last Test found it, else found now and kept."""
    connection_id = work.context.netsuite.id
    known = profiles.read(work.ledger, connection_id)
    if known:
        return known
    found = await account.discover(netsuite)
    if not work.run.dry_run:
        profiles.store(work.ledger, connection_id, found)
    return found


async def _filled(
    work: Work,
    accounts: Sequence[Numbered],
    units: Sequence[Any],
    reference: master.Reference,
    profile: AccountProfile,
) -> list[Any]:
    """The tenant's mappings with the first fill; a dry run only notes what it would fill in."""
    known = mappings.read(work.ledger, work.tenant_id)
    new = first_fill(accounts, units, reference, known, profile)
    if new:
        log.info("First fill: %d mappings by account number and exact name.", len(new))
    if work.run.dry_run:
        await work.writer.done(lambda c: runs.note_would(c, work.run, new))
    else:
        person = f"first fill, run {work.run.id}"
        await work.writer.done(lambda c: mappings.put(c, work.tenant_id, new, person))
    return [*known, *new]


def _chunk(work: Work, after: str) -> Sequence[Any]:
    with work.ledger.reading() as connection:
        return verdicts.seen_chunk(connection, work.run, DocumentType.JOURNAL_ENTRY, after, CHUNK)


async def _judge(work: Work, checks: _Checks, rows: Sequence[Any]) -> None:
    known = await asyncio.to_thread(_known, work, rows)
    posted = {
        row.source_id: json.loads(row.posted_canonical).get("subsidiary")
        for row in known.values()
        if row.posted_canonical
    }
    documents = [_document(row) for row in rows]
    found = validate(
        documents, checks.mappings, checks.reference, work.context.tenant, checks.profile, posted
    )
    await checks.customers.prepare(
        (customer, verdict.plan.subsidiary)
        for verdict in found
        if verdict.plan
        for customer in verdict.customers
    )
    decided = [
        _decision(work, checks, document, verdict, known.get(document.source_id))
        for document, verdict in zip(documents, found, strict=True)
    ]
    await work.writer.done(verdicts.record(work.run, decided))


def _known(work: Work, rows: Sequence[Any]) -> dict[str, Any]:
    params = {
        "tenant_id": work.tenant_id,
        "document_type": DocumentType.JOURNAL_ENTRY,
        "source_ids": [row.source_id for row in rows],
    }
    with work.ledger.reading() as connection:
        return {row.source_id: row for row in query(connection, "documents/read_known", params)}


def _document(row: Any) -> SourceDocument:
    return SourceDocument(
        type=DocumentType.JOURNAL_ENTRY,
        source_id=row.source_id,
        number=row.number,
        version=row.version,
        business_date=date.fromisoformat(row.business_date) if row.business_date else None,
        amount=Decimal(row.amount_cents) / 100,
        content=json.loads(row.content),
        part=row.part,
        url=row.url,
    )


def _decision(
    work: Work, checks: _Checks, document: SourceDocument, verdict: Verdict, known: Any
) -> Decision:
    name = external_id(work.tenant_id, document.type, document.source_id)
    name = known.external_id if known is not None else name
    problems = (
        verdict.problems
        or _customer_problems(checks, verdict)
        or _old_period_problems(checks, known)
    )
    if verdict.plan is None or problems:
        state = verdict.state if verdict.plan is None else State.BLOCKED
        return Decision(
            document.type,
            document.source_id,
            state,
            name,
            problems,
            notes="; ".join(verdict.notes),
        )
    body = journal.body(replace(verdict.plan, external_id=name))
    body = with_entities(body, checks.customers.entities)
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        body=body,
        gl=[_named(line, checks.account_names) for line in journal.gl_effect(body)],
        notes="; ".join(verdict.notes),
        parents=journal.waits_for(body),
    )


def _customer_problems(checks: _Checks, verdict: Verdict) -> tuple[Problem, ...]:
    names = (checks.customers.external_id(customer) for customer in verdict.customers)
    return tuple(checks.customers.problems[n] for n in names if n in checks.customers.problems)


def _old_period_problems(checks: _Checks, known: Any) -> tuple[Problem, ...]:
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


def _named(line: Json, names: dict[str, str]) -> Json:
    return {**line, "account_name": names.get(line["account"], "")}
