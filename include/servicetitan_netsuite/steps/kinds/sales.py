"""Invoices and credit memos: posted in a batch, one native record each, marked exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Draft, SourceDocument, State
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.plain_content import INVENTORY_ROLE
from servicetitan_netsuite.mapping.reading import skus_without_account
from servicetitan_netsuite.mapping.sales import SalesVerdict, validate_sales
from servicetitan_netsuite.mapping.sales_content import RECEIVABLE_ROLE, TAX_ROLE
from servicetitan_netsuite.netsuite import sales as sales_record
from servicetitan_netsuite.netsuite.canonical import gl_effect
from servicetitan_netsuite.netsuite.references import rename, waits_for
from servicetitan_netsuite.servicetitan.credit_memos import pending_credit_memos
from servicetitan_netsuite.servicetitan.invoices import pending_invoices
from servicetitan_netsuite.servicetitan.receivable import RECEIVABLES
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds import costs, listed
from servicetitan_netsuite.steps.kinds.kind import Kind, Known
from servicetitan_netsuite.steps.kinds.marking import report_exported
from servicetitan_netsuite.steps.kinds.plain_journals import in_netsuite, name_of
from servicetitan_netsuite.steps.work import Work


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per document; customers and items it needs are found or planned first."""
    sales = [document for document in documents if not document.part]
    decided, alone = await _judge_sales(work, checks, sales, known)
    parts = [document for document in documents if document.part]
    decided += await costs.judge(work, checks, parts, known, alone) if parts else []
    by_key = {decision.key: decision for decision in decided}
    return [by_key[document.source_id, document.part] for document in documents]


async def _judge_sales(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> tuple[list[Decision], set[str]]:
    """The decisions, and the source ids of documents that come to nothing."""
    await checks.pricebook.prepare(
        sku for document in documents for sku in skus_without_account(document)
    )
    found = validate_sales(
        documents,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        checks.items.refs,
        posted=in_netsuite(known),
        skus=checks.pricebook.skus,
    )
    planned = [(verdict, verdict.plan) for verdict in found if verdict.plan]
    await checks.customers.prepare(
        (customer, plan.subsidiary) for verdict, plan in planned for customer in verdict.customers
    )
    await checks.items.prepare(account for verdict, _ in planned for account in verdict.accounts)
    decided = [
        _decision(work, checks, document, verdict, known.get((document.source_id, "")))
        for document, verdict in zip(documents, found, strict=True)
    ]
    return decided, {verdict.source_id for verdict in found if verdict.comes_to_nothing}


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: SalesVerdict, known: Any
) -> Decision:
    name = name_of(work, document, known)
    notes = "; ".join(verdict.notes)
    problems = verdict.problems or checks.customers.problems_of(verdict.customers)
    if verdict.plan is None or problems:
        state = verdict.state if verdict.plan is None else State.BLOCKED
        return Decision(
            document.type,
            document.source_id,
            state,
            name,
            problems,
            notes=notes,
            tell=work.context.tenant.sync.mark_zero_exported and verdict.comes_to_nothing,
        )
    plan = replace(verdict.plan, external_id=name)
    names = checks.names
    body = rename(sales_record.body(plan, checks.profile), names)
    form = rename(sales_record.canonical(plan), names)
    gl = checks.named(gl_effect(form))
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        draft=Draft(sales_record.path(plan), body, form, gl),
        notes=notes,
        parents=waits_for(body),
    )


_INVOICES = RECEIVABLES[DocumentType.INVOICE]
_CREDIT_MEMOS = RECEIVABLES[DocumentType.CREDIT_MEMO]
_pending = partial(costs.pending, pending_invoices)
_pending_credits = partial(listed.pending, pending_credit_memos)
INVOICES = Kind(
    DocumentType.INVOICE,
    pending=_pending,
    withdrawn=partial(costs.withdrawn, _INVOICES, pending_invoices),
    judge=judge,
    report=partial(report_exported, _pending, partial(listed.mark, _INVOICES)),
    roles=(RECEIVABLE_ROLE, TAX_ROLE, INVENTORY_ROLE),
)
CREDIT_MEMOS = Kind(
    DocumentType.CREDIT_MEMO,
    pending=_pending_credits,
    withdrawn=partial(listed.withdrawn, _CREDIT_MEMOS),
    judge=judge,
    report=partial(report_exported, _pending_credits, partial(listed.mark, _CREDIT_MEMOS)),
    roles=(RECEIVABLE_ROLE, TAX_ROLE),
    watermarked=True,
)
