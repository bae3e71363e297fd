"""Decide what becomes of each vendor credit: a vendor credit with expense lines, or nothing yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from servicetitan_netsuite.documents import (
    AccountProfile,
    Cause,
    DocumentType,
    MappingRow,
    Problem,
    SourceDocument,
    State,
    external_id,
    to_cents,
)
from servicetitan_netsuite.mapping.account_rules import check_control
from servicetitan_netsuite.mapping.date_rules import PAYABLE
from servicetitan_netsuite.mapping.document_rules import before_go_live
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.mappings import MappingFrames, as_frames
from servicetitan_netsuite.mapping.paper import (
    LINE,
    OWN,
    check_paper,
    check_read,
    comes_to_nothing,
    without_posting,
)
from servicetitan_netsuite.mapping.paper_rules import (
    Checked,
    check_no_subledger,
    check_rows,
)
from servicetitan_netsuite.mapping.plan import unnameable
from servicetitan_netsuite.mapping.purchases_content import Catalogue
from servicetitan_netsuite.mapping.reading import Line
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.stamps import custom_fields
from servicetitan_netsuite.mapping.vendor_credits_content import (
    UNREADABLE,
    Credit,
    read_application,
    read_credit,
)
from servicetitan_netsuite.mapping.vendor_rules import vendor_problem
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.plans.purchases import ExpenseLine
from servicetitan_netsuite.plans.vendor_credits import VendorCreditPlan
from servicetitan_netsuite.tenants import Tenant

_LINE_COLUMNS = ("part", "target", "amount", "memo", "department", "class_", "location")
Planned = tuple[str, list[ExpenseLine]]


def validate_vendor_credits(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    catalogue: Catalogue,
    *,
    posted: Collection[str] = frozenset(),
) -> list[Verdict]:
    """One verdict per vendor credit of `chunk`, in its order; dirty content never raises.

    `catalogue` tells the accounts of lines that name none, or none by id; `posted` are the source
    ids of documents that are in NetSuite already: those are never skipped.
    """
    rules = Rules(as_frames(mappings), reference, tenant, profile)
    settled: dict[int, Verdict] = {}
    credits: dict[int, Credit] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        credit, own = read_credit(document, doc, catalogue, rules.mappings)
        reason = _reason_to_skip(credit, rules)
        if reason:
            settled[doc] = without_posting(credit.paper, reason, document.source_id in posted)
        else:
            credits[doc] = credit
            rows.extend(own)
    settled |= _judge(credits, rows, rules)
    return [settled[doc] for doc in range(len(chunk))]


def judge_application(document: SourceDocument) -> tuple[str, Decimal, tuple[Problem, ...]]:
    """A later application: the bill's id, with how much, and why it cannot be sent.

    Dirty content never raises.
    """
    bill, amount, paper = read_application(document)
    findings = Findings()
    check_read(0, paper, UNREADABLE, findings)
    return bill, amount, findings.of(0)


def _reason_to_skip(credit: Credit, rules: Rules) -> Problem | None:
    if credit.canceled and not credit.has_credits:
        return Problem(
            Cause.NO_LONGER_PENDING,
            "It was canceled in ServiceTitan.",
            "Nothing to do: nothing is posted.",
        )
    return before_go_live(credit.paper, rules.tenant.sync.from_) or comes_to_nothing(credit.paper)


def _judge(credits: Mapping[int, Credit], rows: Sequence[Line], rules: Rules) -> dict[int, Verdict]:
    """Apply every rule to all credits, plan those without problems."""
    findings = Findings()
    checked = check_rows(rows, rules, findings)
    lines = checked.lines
    check_control(lines, OWN, "AcctPay", findings)
    check_no_subledger(lines[lines["part"].eq(LINE)], "an expense line", findings)
    for doc, credit in credits.items():
        paper = credit.paper
        paper.dirty.update(unnameable(paper.document, rules.tenant, rules.profile))
        check_paper(doc, paper, UNREADABLE, PAYABLE, rules.reference, findings)
        _check_vendor(doc, credit, checked.subsidiaries.get(doc), rules, findings)
    problems = {doc: findings.of(doc) for doc in credits}
    planned = _planned(checked, [doc for doc, found in problems.items() if not found])
    return {
        doc: Verdict(credit.paper.document.source_id, State.BLOCKED, problems[doc])
        if problems[doc]
        else Verdict(
            credit.paper.document.source_id,
            State.READY,
            plan=_plan(credit, planned[doc], checked.subsidiaries.get(doc), rules),
            notes=credit.paper.notes,
        )
        for doc, credit in credits.items()
    }


def _check_vendor(
    doc: int, credit: Credit, subsidiary: str | None, rules: Rules, findings: Findings
) -> None:
    if "vendor" in credit.paper.dirty:
        return
    if credit.vendor is None:
        problem: Problem | None = Problem(
            Cause.VENDOR_MISSING, "It names no vendor.", credit.paper.correct
        )
    else:
        problem = vendor_problem(
            rules.mappings, rules.reference, credit.vendor, credit.vendor_name, subsidiary
        )
    if problem:
        findings.add(doc, problem)


def _planned(checked: Checked, ready: Collection[int]) -> dict[int, Planned]:
    """Payable account and expense lines of the `ready` documents, in the order they were read."""
    made: dict[int, Planned] = {}
    if not ready:
        return made
    wanted = checked.lines[checked.lines["doc"].isin(list(ready))].astype(object)
    wanted = wanted.where(wanted.notna(), None)
    for doc, part, account, amount, memo, *segments in zip(
        wanted["doc"].tolist(), *(wanted[name].tolist() for name in _LINE_COLUMNS), strict=True
    ):
        if part == OWN:
            made[doc] = (account, [])
        else:
            made[doc][1].append(ExpenseLine(account, -amount, memo, *segments))
    return made


def _plan(
    credit: Credit, planned: Planned, subsidiary: str | None, rules: Rules
) -> VendorCreditPlan:
    """The vendor credit of a document without problems; its date is known to lie in a period."""
    document = credit.paper.document
    vendor = rules.mappings.row("vendor", credit.vendor or "")
    assert vendor is not None
    assert vendor.target
    payable, lines = planned
    own = rules.tenant.servicetitan.tenant_id
    return VendorCreditPlan(
        **rules.header_of(document, subsidiary),
        vendor=vendor.target,
        payable=payable,
        memo=credit.paper.memo,
        lines=tuple(lines),
        applications=tuple(
            (external_id(own, DocumentType.VENDOR_BILL, bill), to_cents(amount))
            for bill, amount in sorted(credit.applied.items())
            if to_cents(amount)
        ),
        custom_fields=custom_fields(document.content["header"], rules.tenant),
    )
