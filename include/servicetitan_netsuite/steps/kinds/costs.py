"""Cost of sales: the part `cogs` of an invoice, a journal entry that waits for the invoice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import replace
from typing import Any

from servicetitan_netsuite.documents import (
    COST_OF_SALES,
    Cause,
    Draft,
    SourceDocument,
    State,
)
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.cost_of_sales import (
    skus_without_cost_account,
    validate_cost_of_sales,
)
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.netsuite import canonical, journal
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.cost_of_sales import cost_of_sales
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.listing import Listing
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Asked, Known
from servicetitan_netsuite.steps.kinds.plain_journals import in_netsuite, name_of
from servicetitan_netsuite.steps.work import Work


async def pending(
    read: listed.Reader, client: ServiceTitan, work: Work, asked: Asked
) -> AsyncGenerator[Found, None]:
    """Invoices, each followed by its cost of sales where it has some."""
    async for found in listed.pending(read, client, work, asked):
        yield found
        part = cost_of_sales(found) if isinstance(found, SourceDocument) else None
        if part is not None:
            yield part


async def withdrawn(
    listing: Listing, read: listed.Reader, client: ServiceTitan, work: Work, rows: Sequence[Any]
) -> set[int]:
    """The rows whose invoice is no longer posted, and parts that their invoice has no longer."""
    gone = await listed.withdrawn(listing, client, work, rows)
    parts = [row for row in rows if row.part and row.id not in gone]
    if not parts:
        return gone
    still: set[tuple[str, str]] = set()
    unread: set[str] = set()
    ids = tuple({row.source_id for row in parts})
    async for found in pending(read, client, work, Asked(ids=ids)):
        if isinstance(found, SourceDocument):
            still.add((found.source_id, found.part))
        else:
            unread.add(found.source_id)
    return gone | {
        row.id
        for row in parts
        if (row.source_id, row.part) not in still and row.source_id not in unread
    }


async def judge(
    work: Work,
    checks: Checks,
    documents: Sequence[SourceDocument],
    known: Known,
    alone: Collection[str],
) -> list[Decision]:
    """One decision per part; `alone` are the invoices that come to nothing, hence have no record.

    Goods that were given away have a cost all the same.
    """
    await checks.pricebook.prepare(
        sku for document in documents for sku in skus_without_cost_account(document)
    )
    found = validate_cost_of_sales(
        documents,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        checks.pricebook.skus,
        posted=in_netsuite(known, COST_OF_SALES),
    )
    return [
        _decision(work, checks, document, verdict, known, alone)
        for document, verdict in zip(documents, found, strict=True)
    ]


def _decision(
    work: Work,
    checks: Checks,
    document: SourceDocument,
    verdict: Verdict,
    known: Known,
    alone: Collection[str],
) -> Decision:
    own = known.get((document.source_id, document.part))
    name = name_of(work, document, own)
    decision = Decision(
        document.type,
        document.source_id,
        verdict.state,
        name,
        verdict.problems,
        notes="; ".join(verdict.notes),
        part=document.part,
    )
    if verdict.state is not State.READY:
        return decision
    body = journal.body(replace(verdict.plan, external_id=name))
    gl = checks.named(journal.gl_effect(body))
    draft = Draft(journal.PATH, body, canonical.journal(body), gl)
    return replace(decision, draft=draft, parents=_parents(work, document, known, alone))


def _parents(
    work: Work, document: SourceDocument, known: Known, alone: Collection[str]
) -> tuple[str, ...]:
    """The invoice's external id, where the invoice has a record."""
    invoice = known.get((document.source_id, ""))
    if document.source_id in alone:
        return ()
    if invoice is None:
        return (name_of(work, replace(document, part=""), None),)
    nothing = invoice.state == State.SKIPPED and invoice.cause == Cause.ZERO_AMOUNT
    return () if nothing else (invoice.external_id,)
