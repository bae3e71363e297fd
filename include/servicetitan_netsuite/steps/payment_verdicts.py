"""Judge payments: what they refer to first, then refunds, which depend on what others become."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Json,
    Problem,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.ledger import targets as ledger
from servicetitan_netsuite.ledger.verdicts import Decision, seen_document
from servicetitan_netsuite.mapping.payment_content import Role, read_payment
from servicetitan_netsuite.mapping.payment_targets import Targets, another_customer
from servicetitan_netsuite.mapping.payments import MoneyVerdict, validate_payments
from servicetitan_netsuite.netsuite import canonical, customer_refund, journal
from servicetitan_netsuite.netsuite.money_records import BUILDERS
from servicetitan_netsuite.netsuite.references import OURS, rename, waits_for
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord, Target
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.payment_targets import credits_used, gather, internal_ids
from servicetitan_netsuite.steps.work import Work

if TYPE_CHECKING:
    from servicetitan_netsuite.steps.kinds.kind import Known


async def decide(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per document of `documents`, in their order."""
    verdicts = await _verdicts(work, checks, documents)
    planned = [(one, one.plan) for one in verdicts if one.plan]
    await checks.customers.prepare(
        (customer, plan.subsidiary) for verdict, plan in planned for customer in verdict.customers
    )
    links = await _links(work, checks, verdicts)
    return [
        _decision(
            work, checks, document, verdict, known.get((document.source_id, document.part)), links
        )
        for document, verdict in zip(documents, verdicts, strict=True)
    ]


async def _verdicts(
    work: Work, checks: Checks, documents: Sequence[SourceDocument]
) -> list[MoneyVerdict]:
    """Refunds are judged last: what is paid back decides what they become."""
    read = [(one, read_payment(one)) for one in documents]
    refunds = [one for one, paid in read if paid.role is Role.REFUND]
    others = [one for one, paid in read if paid.role is not Role.REFUND]
    along = await asyncio.to_thread(_paid_back, work, refunds, documents)
    payments = [*(paid for _, paid in read), *map(read_payment, along)]
    targets = await gather(work, checks, payments)
    used = await credits_used(work, checks, payments, targets)

    def judged(chunk: Sequence[SourceDocument], known: Targets) -> list[MoneyVerdict]:
        return validate_payments(
            chunk,
            checks.mappings,
            checks.reference,
            work.context.tenant,
            checks.profile,
            known,
            used,
        )

    first = judged([*others, *along], targets)
    made = [_target(work, targets, verdict) for verdict in first]
    second = judged(refunds, targets.with_more(one for one in made if one))
    found = {(one.source_id, one.part): one for one in (*first, *second)}
    return [found[one.source_id, one.part] for one in documents]


def _paid_back(
    work: Work, refunds: Sequence[SourceDocument], documents: Sequence[SourceDocument]
) -> list[SourceDocument]:
    """What refunds pay back and this run has still to judge, or has judged already."""
    here = {one.source_id for one in documents}
    wanted = {read_payment(one).refunded for one in refunds}
    rows = ledger.seen(
        work.ledger, work.run, DocumentType.PAYMENT, {one for one in wanted if one} - here
    )
    return [seen_document(DocumentType.PAYMENT, row) for row in rows]


def _target(work: Work, targets: Targets, verdict: MoneyVerdict) -> Target | None:
    """The payment as a refund finds it; None where NetSuite has it already, as the ledger knows."""
    known = targets.payment(verdict.source_id, verdict.part)
    if known and known.state in ledger.SENT:
        return None
    name = external_id(work.tenant_id, DocumentType.PAYMENT, verdict.source_id, verdict.part)
    first = verdict.problems[0] if verdict.problems else None
    return Target(
        DocumentType.PAYMENT,
        verdict.source_id,
        verdict.part,
        known.external_id if known else name,
        known.number if known else verdict.source_id,
        verdict.state,
        cause=first.cause if first else None,
        sentence=first.sentence if first else "",
        waits=tuple(
            problem
            for problem in verdict.problems
            if problem.cause is Cause.PARENT_BLOCKED and problem.key.startswith(OURS)
        ),
        form=_form(verdict.plan) if verdict.plan else None,
    )


def _form(plan: MoneyPlan | JournalPlan) -> Json:
    if isinstance(plan, JournalPlan):
        return canonical.journal(journal.body(plan))
    return BUILDERS[plan.record][2](plan)


async def _links(work: Work, checks: Checks, verdicts: Sequence[MoneyVerdict]) -> dict[str, str]:
    """Customers as NetSuite knows them, by the name that stands in a plan or form."""
    named = {_customer(one.plan) for one in verdicts}
    named |= {t.entity for one in verdicts if one.referred for t in one.referred.all}
    names = checks.names
    links = {
        name: str(names[name].get("id") or names[name]["externalId"])
        for name in named
        if name and name in names
    }
    found = await internal_ids(work, [*named, *links.values()])
    return {name: found.get(links.get(name, name), links.get(name, name)) for name in named if name}


def _customer(plan: MoneyPlan | JournalPlan | None) -> str | None:
    if isinstance(plan, JournalPlan):
        return next((line.entity for line in plan.lines if line.entity), None)
    return plan.customer if plan else None


def _decision(
    work: Work,
    checks: Checks,
    document: SourceDocument,
    verdict: MoneyVerdict,
    known: Any,
    links: Mapping[str, str],
) -> Decision:
    name = external_id(work.tenant_id, document.type, document.source_id, document.part)
    name = known.external_id if known is not None else name
    notes = "; ".join(verdict.notes)
    problems = (
        verdict.problems
        or checks.customers.problems_of(verdict.customers)
        or _strangers(verdict, links)
    )
    draft = parents = None
    if verdict.plan and not problems:
        draft = _draft(replace(verdict.plan, external_id=name), checks)
        parents = _parents(verdict, draft)
    stopped = State.BLOCKED if verdict.plan and problems else verdict.state
    return Decision(
        document.type,
        document.source_id,
        stopped,
        name,
        problems,
        draft=draft,
        notes=notes,
        parents=parents or (),
        part=document.part,
    )


def _strangers(verdict: MoneyVerdict, links: Mapping[str, str]) -> tuple[Problem, ...]:
    """What the payment refers to and is another customer's."""
    own = links.get(_customer(verdict.plan) or "")
    others = verdict.referred.all if own and verdict.referred else ()
    return tuple(
        another_customer(one) for one in others if one.entity and links.get(one.entity) != own
    )


def _draft(plan: MoneyPlan | JournalPlan, checks: Checks) -> Draft:
    names = checks.names
    if isinstance(plan, JournalPlan):
        body = rename(journal.body(plan), names)
        gl = journal.gl_effect(body)
        return Draft(journal.PATH, body, canonical.journal(body), checks.named(gl))
    path, made, form_of = BUILDERS[plan.record]
    form = rename(form_of(plan), names)
    native = plan.record is MoneyRecord.REFUND
    gl = customer_refund.gl_effect(plan) if native else canonical.gl_effect(form)
    return Draft(path(plan), rename(made(plan), names), form, checks.named(gl))


def _parents(verdict: MoneyVerdict, draft: Draft) -> tuple[str, ...]:
    """All that must be in NetSuite first: what is named in the body, and what it refers to."""
    named = [*waits_for(draft.body, draft.path)]
    if verdict.referred:
        named += [one.external_id for one in verdict.referred.all]
    return tuple(dict.fromkeys(name for name in named if name.startswith(OURS)))
