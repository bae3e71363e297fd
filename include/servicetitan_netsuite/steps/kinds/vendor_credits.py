"""Vendor credits: a return and the AP credits naming it are one record; AP credits are marked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Draft, SourceDocument, State
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.paper import Verdict
from servicetitan_netsuite.mapping.purchases_content import (
    PAYABLE_ROLE,
    SHIPPING_ROLE,
    TAX_ROLE,
    Catalogue,
    skus_without_account,
)
from servicetitan_netsuite.mapping.vendor_credits import validate_vendor_credits
from servicetitan_netsuite.netsuite import sales, vendor_credit
from servicetitan_netsuite.netsuite.references import rename, waits_for
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.servicetitan.vendor_credits import (
    AP_CREDITS,
    credits_of,
    pending_vendor_credits,
    still_pending,
)
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Asked, Kept, Kind, Known
from servicetitan_netsuite.steps.kinds.plain_journals import in_netsuite, name_of, stopped
from servicetitan_netsuite.steps.work import Work

log = logging.getLogger(__name__)
_pending = partial(listed.pending, pending_vendor_credits)
_KEPT = {Reported.MOVED_ON: "moved_on", Reported.GONE: "gone"}


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows of which neither the return nor an AP credit waits to be synced any more."""
    waits = await still_pending(client, [row.source_id for row in rows])
    return {row.id for row in rows if row.source_id not in waits}


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per credit; the bills it is applied to must be in NetSuite first."""
    await checks.pricebook.prepare(
        sku for document in documents for sku in skus_without_account(document)
    )
    found = validate_vendor_credits(
        documents,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        Catalogue(checks.pricebook.chart, checks.pricebook.skus),
        posted=in_netsuite(known),
    )
    return [
        _decision(work, checks, document, verdict, known.get((document.source_id, document.part)))
        for document, verdict in zip(documents, found, strict=True)
    ]


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: Verdict, known: Any
) -> Decision:
    name = name_of(work, document, known)
    if verdict.state is not State.READY:
        return stopped(work, document, verdict, name)
    plan = replace(verdict.plan, external_id=name)
    body = rename(vendor_credit.body(plan, checks.profile), checks.names)
    form = vendor_credit.canonical(plan)
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        draft=Draft(vendor_credit.PATH, body, form, checks.named(sales.gl_effect(form))),
        notes="; ".join(verdict.notes),
        parents=waits_for(body),
    )


async def report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Mark the AP credits of each row exported, if they still say what was posted.

    A return takes no mark: one without AP credits has nothing to tell, until one names it.
    """
    try:
        shown = await _shown(work, client, rows)
        current = {
            row.source_id: document
            for row in rows
            if (document := shown.get(row.source_id)) and document.version == row.posted_version
        }
        marks = [
            Mark(credit, row.external_id, "")
            for row in rows
            if row.source_id in current
            for credit in credits_of(current[row.source_id])
        ]
        answers = await mark_exported(client, AP_CREDITS, marks)
    except TransientError as error:
        log.warning("%d vendor credits not marked exported yet: %s", len(rows), error)
        return [None] * len(rows)
    return [_kept(row, current.get(row.source_id), answers) for row in rows]


async def _shown(
    work: Work, client: ServiceTitan, rows: Sequence[Any]
) -> dict[str, SourceDocument]:
    ids = tuple(row.source_id for row in rows)
    return {
        found.source_id: found
        async for found in _pending(client, work, Asked(ids=ids))
        if isinstance(found, SourceDocument)
    }


def _kept(row: Any, document: SourceDocument | None, answers: dict[str, Marked]) -> str | None:
    if document is None:
        return _KEPT[Reported.MOVED_ON]
    for credit in credits_of(document):
        answer = answers[credit]
        if answer.reported is None:
            log.warning("AP credit of %s is not marked exported: %s", row.number, answer.refused)
            return None
        if answer.reported is not Reported.ACCEPTED:
            return _KEPT[answer.reported]
    return "synced"


VENDOR_CREDITS = Kind(
    DocumentType.VENDOR_CREDIT,
    pending=_pending,
    withdrawn=withdrawn,
    judge=judge,
    report=report,
    roles=(PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE),
    watermarked=True,
    vendors=True,
)
