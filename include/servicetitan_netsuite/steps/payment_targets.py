"""What payments refer to: from the ledger, this run, opening documents and ServiceTitan."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from servicetitan_netsuite.documents import DocumentType, external_id
from servicetitan_netsuite.ledger import targets as ledger
from servicetitan_netsuite.ledger.engine import run as query
from servicetitan_netsuite.mapping.payment_content import Paid, Role, allocated, read_payment
from servicetitan_netsuite.mapping.payment_rules import credit_of
from servicetitan_netsuite.mapping.payment_targets import Targets
from servicetitan_netsuite.netsuite import applications
from servicetitan_netsuite.netsuite.references import OURS
from servicetitan_netsuite.plans.payments import MoneyRecord, Target
from servicetitan_netsuite.servicetitan.payments import using_credit
from servicetitan_netsuite.servicetitan.receivable import CREDIT_MEMOS
from servicetitan_netsuite.servicetitan.receivable import document as receivable_document
from servicetitan_netsuite.servicetitan.selection import rows_by_id
from servicetitan_netsuite.servicetitan.shape import Misshapen
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.work import Work

_APPLIED_TO = (DocumentType.INVOICE, DocumentType.CREDIT_MEMO)
_RECORDS = {
    name.lower(): name
    for name in ("invoice", "creditMemo", *(record.value for record in MoneyRecord))
}

_NOT_POSTED = ("skipped", "withdrawn", "pending", "ready", "blocked", "rejected")

Used = dict[str, dict[str, Decimal]]


async def gather(work: Work, checks: Checks, payments: Sequence[Paid]) -> Targets:
    """Every document that these payments refer to, as far as it is known."""
    applied = {share.to for paid in payments for share in paid.shares}
    paid_back = {paid.refunded or paid.document.source_id for paid in payments}
    found = await asyncio.to_thread(
        lambda: [
            *ledger.targets(work.ledger, work.run, _APPLIED_TO, applied),
            *ledger.targets(work.ledger, work.run, (DocumentType.PAYMENT,), paid_back),
        ]
    )
    # What never came into NetSuite by the ledger's account may be there by a link.
    known = {
        (one.type, one.source_id)
        for one in found
        if one.state not in _NOT_POSTED
        or (one.state != "skipped" and one.external_id not in checks.openings)
    }
    wanted = [(kind, id_) for kind in _APPLIED_TO for id_ in applied]
    wanted += [(DocumentType.PAYMENT, id_) for id_ in paid_back]
    missing = [each for each in wanted if each not in known]
    return Targets([*found, *await _openings(work, checks, missing)])


async def _openings(
    work: Work, checks: Checks, wanted: Iterable[tuple[DocumentType, str]]
) -> list[Target]:
    """Those that a person linked to what NetSuite holds from before go-live."""
    linked = {
        (kind, id_): str(checks.openings[name]["id"])
        for kind, id_ in wanted
        if (name := external_id(work.tenant_id, kind, id_)) in checks.openings
    }
    if not linked:
        return []
    async with checks.customers.slot:
        held = await applications.records(checks.customers.netsuite, set(linked.values()))
    return [
        Target(
            kind, id_, "", name, id_, "opening",
            form={
                "type": _RECORDS.get(held[name][0], held[name][0]),
                "entity": held[name][1],
                "lines": [],
            },
        )
        for (kind, id_), name in linked.items()
        if name in held
    ]  # fmt: skip


async def credits_used(
    work: Work, checks: Checks, payments: Sequence[Paid], targets: Targets
) -> Used:
    """What each credit of these payments is used for, as ServiceTitan says now, by the ids of both.

    A credit memo says so itself; of an invoice below zero the payments say it that use it.
    """
    wanted = {
        credit
        for paid in payments
        if paid.role is Role.CREDIT and (credit := credit_of(paid)) is not None
    }
    by_type: defaultdict[DocumentType, set[str]] = defaultdict(set)
    for credit in wanted:
        found = targets.applied(credit)
        if found is not None:
            by_type[found.type].add(credit)
    used = await _of_memos(work, checks, by_type[DocumentType.CREDIT_MEMO])
    for invoice in sorted(by_type[DocumentType.INVOICE]):
        used[invoice] = await _of_invoice(work, checks, invoice)
    return used


async def _of_memos(work: Work, checks: Checks, ids: Collection[str]) -> Used:
    made: Used = {}
    rows = await rows_by_id(checks.customers.servicetitan, CREDIT_MEMOS, sorted(ids))
    for id_, row in rows.items():
        try:
            memo = receivable_document(CREDIT_MEMOS, row, [], work.context.tenant.zone)
        except Misshapen:
            continue  # what it is used for is not known, so nothing can rest on it
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for one in memo.content["header"]["applied_to"]:
            sums[one["to"]] += Decimal(one["amount"])
        made[id_] = dict(sums)
    return made


async def _of_invoice(work: Work, checks: Checks, id_: str) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    async for payment in using_credit(checks.customers.servicetitan, work.context.tenant, id_):
        for to, amount in allocated(read_payment(payment).shares).get(id_, {}).items():
            sums[to] += amount
    return dict(sums)


async def internal_ids(work: Work, names: Iterable[str | None]) -> dict[str, str]:
    """NetSuite's ids of records of ours that it has already, by external id."""
    ours = sorted({name for name in names if name and name.startswith(OURS)})
    if not ours:
        return {}

    def read() -> dict[str, str]:
        with work.ledger.reading() as connection:
            rows = query(connection, "documents/read_netsuite_ids", {"external_ids": ours})
            return {row.external_id: row.netsuite_id for row in rows}

    return await asyncio.to_thread(read)
