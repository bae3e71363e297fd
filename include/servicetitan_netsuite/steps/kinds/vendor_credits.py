"""Vendor credits: a return and the AP credits naming it are one record; AP credits are marked."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from servicetitan_netsuite.documents import (
    DocumentType,
    Draft,
    Json,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.purchases_content import (
    PAYABLE_ROLE,
    SHIPPING_ROLE,
    TAX_ROLE,
    Catalogue,
)
from servicetitan_netsuite.mapping.reading import skus_without_account
from servicetitan_netsuite.mapping.vendor_credits import judge_application, validate_vendor_credits
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.netsuite import vendor_credit
from servicetitan_netsuite.netsuite.canonical import gl_effect
from servicetitan_netsuite.netsuite.references import rename, waits_for
from servicetitan_netsuite.servicetitan.ap_credits import AP_CREDITS, CreditList
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.servicetitan.vendor_credit_parts import GRANTED, records_since
from servicetitan_netsuite.servicetitan.vendor_credits import (
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
_LISTS: WeakKeyDictionary[ServiceTitan, CreditList] = WeakKeyDictionary()
"""What each step's client has read of the AP credits: their list is read whole once a step."""
_KEPT = {Reported.MOVED_ON: "moved_on", Reported.GONE: "gone"}


@dataclass(slots=True)
class _Settled:
    """What the ledger knows of one credit.

    `version` and `content` are those it was posted with, None where it was not; `parts` its later
    applications with the version each was posted at, if it was.
    """

    version: int | None = None
    content: Json | None = None
    parts: dict[str, int | None] = field(default_factory=dict)


def pending(client: ServiceTitan, work: Work, asked: Asked) -> AsyncGenerator[Found, None]:
    """Every credit that waits, and the bills it is applied to since it was posted."""
    read = partial(pending_vendor_credits, ap_credits=_ap_credits(client))
    found = listed.pending(read, client, work, asked)
    return listed.in_groups(found, partial(_with_applications, work))


def _ap_credits(client: ServiceTitan) -> CreditList:
    return _LISTS.setdefault(client, CreditList())


async def _with_applications(
    work: Work, documents: Sequence[SourceDocument]
) -> list[SourceDocument]:
    known = await _settled(work, [document.source_id for document in documents])
    made: list[SourceDocument] = []
    for document in documents:
        own = known.get(document.source_id)
        if own is None or own.version is None:
            made.append(document)
        else:
            made += records_since(document, own.content, own.version, own.parts)
    return made


async def _settled(work: Work, source_ids: Sequence[str]) -> dict[str, _Settled]:
    """What is known of these credits, by source id."""
    rows = await listed.read_posted(work, DocumentType.VENDOR_CREDIT, source_ids)
    found: dict[str, _Settled] = {}
    for row in rows:
        known = found.setdefault(row.source_id, _Settled())
        if row.part:
            known.parts[row.part] = row.posted_version
        elif row.netsuite_id:
            known.version = row.posted_version
            known.content = json.loads(row.content) if row.content else None
    return found


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows of which neither return nor AP credit waits, and applications that are gone."""
    ids = [row.source_id for row in rows]
    waits = await still_pending(client, ids, _ap_credits(client))
    return {row.id for row in rows if row.part or row.source_id not in waits}


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per credit; the bills it is applied to must be in NetSuite first."""
    credits = [document for document in documents if not document.part]
    await checks.pricebook.prepare(
        sku for document in credits for sku in skus_without_account(document)
    )
    found = validate_vendor_credits(
        credits,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        Catalogue(checks.pricebook.chart, checks.pricebook.skus),
        posted=in_netsuite(known),
    )
    verdicts = {verdict.source_id: verdict for verdict in found}
    return [
        _application(work, checks, document, known)
        if document.part
        else _decision(work, checks, document, verdicts[document.source_id], known)
        for document in documents
    ]


def _application(work: Work, checks: Checks, document: SourceDocument, known: Known) -> Decision:
    """The decision on a later application: the credit it changes is in NetSuite already."""
    own, itself = (known.get((document.source_id, part)) for part in (document.part, ""))
    source_id, amount, problems = judge_application(document)
    if problems:
        name = name_of(work, document, own)
        return Decision(
            document.type,
            document.source_id,
            State.BLOCKED,
            name,
            problems,
            part=document.part,
        )
    bill = external_id(work.tenant_id, DocumentType.VENDOR_BILL, source_id)
    credit = name_of(work, replace(document, part=""), itself)
    day = document.business_date.isoformat() if document.business_date else None
    path = vendor_credit.application_path(credit)
    body = rename(vendor_credit.application_body(bill, amount), checks.names)
    form = rename(vendor_credit.application_canonical(bill, amount, day), checks.names)
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name_of(work, document, own),
        draft=Draft(path, body, form),
        parents=waits_for(body, path),
        part=document.part,
    )


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: Verdict, known: Known
) -> Decision:
    name = name_of(work, document, known.get((document.source_id, document.part)))
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
        draft=Draft(vendor_credit.PATH, body, form, checks.named(gl_effect(form))),
        notes="; ".join(verdict.notes),
        parents=waits_for(body),
    )


async def report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Mark the AP credits of each row exported, if NetSuite holds what they say now.

    A return takes no mark: one without AP credits has nothing to tell, until one names it. AP
    credits of which an application is still to be posted are marked by a later run.
    """
    try:
        current, waiting = await _shown(work, client, rows)
        marks = [
            Mark(credit, row.external_id, "")
            for row in rows
            if row.source_id in current and row.source_id not in waiting
            for credit in credits_of(current[row.source_id])
        ]
        answers = await mark_exported(client, AP_CREDITS, marks)
    except TransientError as error:
        log.warning("%d vendor credits not marked exported yet: %s", len(rows), error)
        return [None] * len(rows)
    return [
        "synced" if row.source_id in waiting else _kept(row, current.get(row.source_id), answers)
        for row in rows
    ]


async def _shown(
    work: Work, client: ServiceTitan, rows: Sequence[Any]
) -> tuple[dict[str, SourceDocument], set[str]]:
    """Credits that are as they were posted, and those of which something is still to come.

    That is an application to be posted, or a further AP credit.
    """
    due = {row.source_id: row.posted_version for row in rows}
    known = await _settled(work, list(due))
    current: dict[str, SourceDocument] = {}
    waiting: set[str] = set()
    async for found in pending(client, work, Asked(ids=tuple(due))):
        if not isinstance(found, SourceDocument):
            continue
        if not found.part and found.version == due.get(found.source_id):
            current[found.source_id] = found
            if GRANTED in found.content:
                waiting.add(found.source_id)
        elif found.part and known[found.source_id].parts.get(found.part) != found.version:
            waiting.add(found.source_id)
    return current, waiting


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
    pending=pending,
    withdrawn=withdrawn,
    judge=judge,
    report=report,
    roles=(PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE),
    watermarked=True,
    vendors=True,
)
