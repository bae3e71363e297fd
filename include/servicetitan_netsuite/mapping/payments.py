"""Decide what becomes of each payment: money with what it is applied to, a deposit, a refund.

What a payment refers to decides as much as the payment: refunds of deposits and of credits are
native refunds, all others journals. So documents are judged against `Targets`, and a verdict says
which of them must be in NetSuite first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import (
    DEPOSIT,
    AccountProfile,
    MappingRow,
    Problem,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.account_rules import check_accounts, check_control
from servicetitan_netsuite.mapping.account_rules import check_places as check_account_places
from servicetitan_netsuite.mapping.entity_rules import customer_missing
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.mappings import MappingFrames, as_frames
from servicetitan_netsuite.mapping.payment_content import (
    Paid,
    Role,
    read_payment,
)
from servicetitan_netsuite.mapping.payment_plan import (
    PaymentRules,
    Placed,
    Used,
    customer_of,
    plan_of,
    record_of,
)
from servicetitan_netsuite.mapping.payment_rules import (
    check_money_account,
    check_payment,
    moves_money,
    reason_to_skip,
)
from servicetitan_netsuite.mapping.payment_targets import (
    Referred,
    Targets,
    check_places,
    check_shares,
    refer,
)
from servicetitan_netsuite.mapping.plan import (
    subsidiary_currency,
    unnameable,
)
from servicetitan_netsuite.mapping.reading import Line, lines_frame
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_content import COLUMNS, RECEIVABLE, RECEIVABLE_ROLE
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

MONEY = "money"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MoneyVerdict(Verdict):
    """What becomes of one document of a payment, what it refers to, and the customers, by
    ServiceTitan id, that its plan needs to be created first.
    """

    plan: MoneyPlan | JournalPlan | None = None
    part: str = ""
    referred: Referred | None = None
    customers: tuple[str, ...] = ()


def validate_payments(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    targets: Targets,
    used: Used,
) -> list[MoneyVerdict]:
    """One verdict per document of `chunk`, in its order; dirt never raises."""
    rules = PaymentRules(as_frames(mappings), reference, tenant, profile, targets, used)
    settled: dict[int, MoneyVerdict] = {}
    payments: dict[int, Paid] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        paid = read_payment(document)
        reason = reason_to_skip(paid, tenant.sync.from_)
        if reason is None:
            payments[doc] = paid
            rows += _rows(paid, doc)
        else:
            settled[doc] = _verdict(paid, State.SKIPPED, (reason,))
    judged = _judge(payments, lines_frame(rows, COLUMNS), rules)
    return [settled[doc] if doc in settled else judged[doc] for doc in range(len(chunk))]


def _rows(paid: Paid, doc: int) -> list[Line]:
    """The document's rows: the role of its receivables, and the account of its money."""
    unit = (paid.unit, paid.unit_name, _ZERO, None)
    made: list[Line] = [(doc, RECEIVABLE, RECEIVABLE_ROLE, f"role {RECEIVABLE_ROLE}", *unit)]
    if moves_money(paid):
        made.append((doc, MONEY, paid.account, paid.account_name, *unit))
    return made


def _judge(
    payments: Mapping[int, Paid], lines: DataFrame, rules: PaymentRules
) -> dict[int, MoneyVerdict]:
    """Join the rows, apply every rule to all documents, plan those without problems."""
    findings = Findings()
    lines = rules.joined(lines, lines["part"].eq(MONEY))
    check_accounts(lines, findings)
    check_units(lines, rules.mappings, rules.reference, rules.profile, findings)
    check_account_places(lines, rules.reference, findings)
    check_control(lines, RECEIVABLE, "AcctRec", findings)
    subsidiaries = check_one_subsidiary(lines, rules.reference, findings)
    placed = _placed(lines, subsidiaries)
    made: dict[int, MoneyVerdict] = {}
    for doc, paid in payments.items():
        referred = _check(doc, paid, placed[doc], rules, findings)
        problems = findings.of(doc)
        if problems:
            made[doc] = _verdict(paid, State.BLOCKED, problems)
            continue
        plan = plan_of(paid, referred, placed[doc], rules)
        made[doc] = (
            _verdict(paid, State.BLOCKED, (plan,))
            if isinstance(plan, Problem)
            else _ready(paid, plan, referred, rules)
        )
    return made


def _placed(lines: DataFrame, subsidiaries: Mapping[int, str]) -> dict[int, Placed]:
    plain = lines.astype(object).where(lines.notna(), None)
    names = ("doc", "part", "target", "department", "class_", "location")
    found: dict[int, dict[str, Any]] = {}
    for doc, part, target, *segments in zip(*(plain[n].tolist() for n in names), strict=True):
        found.setdefault(doc, {"segments": segments})[part] = target
    return {
        doc: Placed(subsidiaries.get(doc), one.get(MONEY), one.get(RECEIVABLE), *one["segments"])
        for doc, one in found.items()
    }


def _check(
    doc: int, paid: Paid, placed: Placed, rules: PaymentRules, findings: Findings
) -> Referred:
    """Note all that is wrong with one document; what it refers to."""
    paid.dirty.update(unnameable(paid.document, rules.tenant, rules.profile))
    referred, problems = refer(paid, rules.targets)
    currency = subsidiary_currency(_known(placed, rules), rules.profile, rules.reference)
    for found in (
        problems,
        check_payment(paid, rules.used, rules.reference),
        check_shares(paid, referred),
        check_places(referred, placed.subsidiary, currency, rules.reference),
    ):
        for problem in found:
            findings.add(doc, problem)
    row = rules.mappings.row("customer", paid.customer or "")
    if paid.customer and not (row and row.target) and not rules.tenant.sync.customers.create:
        findings.add(doc, customer_missing(paid.customer, paid.customer_name))
    account = rules.reference.account_by_id.get(placed.account or "")
    if account is not None and record_of(paid, referred, rules.tenant) is not None:
        for problem in check_money_account(account, paid.account_name):
            findings.add(doc, problem)
    return referred


def _known(placed: Placed, rules: PaymentRules) -> str | None:
    known = placed.subsidiary in rules.reference.subsidiary_by_id
    return placed.subsidiary if known else None


def _ready(
    paid: Paid, plan: MoneyPlan | JournalPlan, referred: Referred, rules: PaymentRules
) -> MoneyVerdict:
    notes = [*paid.notes]
    if isinstance(plan, MoneyPlan) and plan.record is MoneyRecord.REFUND and plan.source:
        notes.append("NetSuite takes the deposit back through an application of its own")
    if paid.role is Role.RECEIVED and paid.open and paid.document.part != DEPOSIT:
        kept = rules.tenant.sync.payment_remainder
        notes.append(f"{paid.open} left: {'a deposit' if kept == 'deposit' else 'unapplied'}")
    waits = customer_of(paid, rules).startswith("st-") and paid.customer
    return MoneyVerdict(
        paid.document.source_id,
        State.READY,
        plan=plan,
        part=paid.document.part,
        referred=referred,
        customers=(paid.customer,) if waits and paid.customer else (),
        notes=tuple(notes),
    )


def _verdict(paid: Paid, state: State, problems: tuple[Problem, ...]) -> MoneyVerdict:
    return MoneyVerdict(paid.document.source_id, state, problems, part=paid.document.part)
