"""Decisions on purchase orders, receipts and vendor bills, each with its record built."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from servicetitan_netsuite.documents import (
    DocumentType,
    Draft,
    Json,
    SourceDocument,
    State,
)
from servicetitan_netsuite.ledger import orders
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.mappings import OPENING
from servicetitan_netsuite.mapping.purchases import (
    PurchaseRules,
    PurchaseVerdict,
    validate_purchases,
)
from servicetitan_netsuite.mapping.purchases_content import Catalogue
from servicetitan_netsuite.mapping.reading import skus_without_account
from servicetitan_netsuite.netsuite import item_receipt, purchase_order, vendor_bill
from servicetitan_netsuite.netsuite.canonical import gl_effect
from servicetitan_netsuite.netsuite.references import rename, rename_path, waits_for
from servicetitan_netsuite.plans.purchases import BillPlan, PurchaseOrderPlan, ReceiptPlan
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds.kind import Known
from servicetitan_netsuite.steps.kinds.plain_journals import in_netsuite, name_of
from servicetitan_netsuite.steps.work import Work

OPENING_ORDER = f"{OPENING}{DocumentType.PURCHASE_ORDER}"


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per document; the purchase items an order needs are planned first."""
    await checks.pricebook.prepare(
        sku for document in documents for sku in skus_without_account(document)
    )
    found = validate_purchases(documents, await _rules(work, checks, documents, known))
    await checks.purchase_items.prepare(
        account for verdict in found if verdict.plan for account in verdict.accounts
    )
    return [
        _decision(work, checks, document, verdict, known.get((document.source_id, document.part)))
        for document, verdict in zip(documents, found, strict=True)
    ]


async def _rules(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> PurchaseRules:
    return PurchaseRules(
        mappings=checks.mappings,
        reference=checks.reference,
        tenant=work.context.tenant,
        profile=checks.profile,
        catalogue=Catalogue(checks.pricebook.chart, checks.pricebook.skus),
        items=checks.purchase_items.refs,
        orders=await asyncio.to_thread(_orders, work, documents),
        held={
            key: row.target
            for key, row in checks.mappings.rows(OPENING_ORDER).items()
            if row.target
        },
        posted=in_netsuite(known),
    )


def _orders(work: Work, documents: Sequence[SourceDocument]) -> dict[str, Json]:
    """What this run read of the orders that the documents belong to."""
    ids = {order for document in documents if (order := orders.order_in(document.content))}
    with work.ledger.reading() as connection:
        return orders.contents(connection, work.run, DocumentType.PURCHASE_ORDER, sorted(ids))


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: PurchaseVerdict, known: Any
) -> Decision:
    name = name_of(work, document, known)
    notes = "; ".join(verdict.notes)
    if verdict.plan is None:
        return Decision(
            document.type,
            document.source_id,
            verdict.state,
            name,
            verdict.problems,
            notes=notes,
            tell=work.context.tenant.sync.mark_zero_exported and verdict.comes_to_nothing,
        )
    draft = _draft(replace(verdict.plan, external_id=name), checks)
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        draft=draft,
        notes=notes,
        parents=waits_for(draft.body, draft.path),
    )


def _draft(plan: PurchaseOrderPlan | ReceiptPlan | BillPlan, checks: Checks) -> Draft:
    """Orders and receipts do nothing to the ledger: only a bill shows debits and credits."""
    names = checks.names
    if isinstance(plan, PurchaseOrderPlan):
        body, form = purchase_order.body(plan), purchase_order.canonical(plan)
        return Draft(purchase_order.PATH, rename(body, names), rename(form, names))
    if isinstance(plan, ReceiptPlan):
        body, form = item_receipt.body(plan), item_receipt.canonical(plan)
        path = rename_path(item_receipt.path(plan), names)
        return Draft(path, rename(body, names), rename(form, names))
    body, form = vendor_bill.body(plan, checks.profile), vendor_bill.canonical(plan)
    form = rename(form, names)
    gl = checks.named(gl_effect(form))
    return Draft(rename_path(vendor_bill.path(plan), names), rename(body, names), form, gl)
