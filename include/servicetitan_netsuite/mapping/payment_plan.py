"""Make the record that NetSuite is to hold from a document of a payment that passed every check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from servicetitan_netsuite.documents import (
    DocumentType,
    Problem,
    external_id,
    to_cents,
)
from servicetitan_netsuite.mapping.payment_content import (
    Paid,
    Role,
    allocated,
    in_cash,
)
from servicetitan_netsuite.mapping.payment_rules import (
    CUSTOMER_DEPOSITS,
    UNDEPOSITED,
    credit_of,
    no_deposits_account,
    own_account,
)
from servicetitan_netsuite.mapping.payment_targets import (
    Referred,
    Targets,
    receivables,
    several_receivables,
)
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.stamps import custom_fields
from servicetitan_netsuite.plans.journal import JournalPlan, PlannedLine
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord
from servicetitan_netsuite.tenants import Tenant

Used = Mapping[str, Mapping[str, Decimal]]
"""What each credit is used for, as ServiceTitan says now: by its id, the ids it is used on."""

_ZERO = Decimal(0)
_RECORDS = {
    Role.RECEIVED: MoneyRecord.PAYMENT,
    Role.KEPT: MoneyRecord.DEPOSIT,
    Role.REFUND: MoneyRecord.REFUND,
    Role.CREDIT: MoneyRecord.CREDIT_APPLICATION,
    Role.APPLIED: MoneyRecord.DEPOSIT_APPLICATION,
}


@dataclass(frozen=True, slots=True)
class PaymentRules(Rules):
    """With what payments refer to, and what each credit is used for."""

    targets: Targets
    used: Used


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a document is posted: what its rows were joined with."""

    subsidiary: str | None
    account: str | None
    receivable: str | None
    department: str | None
    class_: str | None
    location: str | None


def record_of(paid: Paid, referred: Referred, tenant: Tenant) -> MoneyRecord | None:
    """NetSuite's record of the document; None of one that becomes a journal."""
    if paid.role is Role.JOURNAL:
        return None
    if paid.role is Role.REFUND and referred.source is None:
        native = not paid.refunded and tenant.sync.refunds == "native"
        return MoneyRecord.REFUND if native else None
    return _RECORDS[paid.role]


def plan_of(
    paid: Paid, referred: Referred, placed: Placed, rules: PaymentRules
) -> MoneyPlan | JournalPlan | Problem:
    """The record of a document without problems; its date is known to lie in an open period."""
    record = record_of(paid, referred, rules.tenant)
    receivable = _receivable(paid, referred, placed, rules)
    if isinstance(receivable, Problem):
        return receivable
    if record is None:
        return _journal(paid, placed, receivable, rules)
    liability = own_account(CUSTOMER_DEPOSITS, placed.subsidiary, rules.reference)
    if liability is None and (record is MoneyRecord.DEPOSIT or referred.source):
        return no_deposits_account()
    account = rules.reference.account_by_id.get(placed.account or "", {})
    applications = _applications(paid, referred, rules)
    source = _source(paid, referred)
    return MoneyPlan(
        **rules.header_of(paid.document, placed.subsidiary),
        record=record,
        customer=customer_of(paid, rules),
        amount=_amount(paid, rules.tenant),
        account=placed.account,
        undeposited=account.get("special") == UNDEPOSITED,
        receivable=receivable,
        liability=str(liability["id"]) if liability else None,
        source=source,
        applications=applications,
        memo=paid.memo,
        check_number=paid.check_number,
        department=placed.department,
        class_=placed.class_,
        location=placed.location,
        custom_fields=custom_fields(paid.document.content["header"], rules.tenant),
    )


def _journal(paid: Paid, placed: Placed, receivable: str, rules: PaymentRules) -> JournalPlan:
    """Money of a type that exports so, or paid back: its account against receivables."""
    assert placed.account is not None
    segments = (placed.department, placed.class_, placed.location)
    lines = (
        PlannedLine(placed.account, paid.total, paid.memo, None, *segments),
        PlannedLine(receivable, -paid.total, paid.memo, customer_of(paid, rules), *segments),
    )
    return JournalPlan(
        **rules.header_of(paid.document, placed.subsidiary),
        memo=paid.memo,
        lines=lines if paid.total >= 0 else lines[::-1],
    )


def _receivable(
    paid: Paid, referred: Referred, placed: Placed, rules: PaymentRules
) -> str | Problem:
    """The account of what it is applied to; of what is applied to nothing, that of the role."""
    named = [] if paid.refunded else list(referred.shares.values())
    accounts = receivables(named, rules.reference)
    if len(accounts) > 1:
        return several_receivables(named)
    assert placed.receivable is not None
    return next(iter(accounts), placed.receivable)


def _amount(paid: Paid, tenant: Tenant) -> Decimal:
    if paid.role is Role.RECEIVED:
        keeps = tenant.sync.payment_remainder == "deposit"
        return paid.total - paid.open if keeps else paid.total
    return abs(to_cents(paid.document.amount))


def _applications(
    paid: Paid, referred: Referred, rules: PaymentRules
) -> tuple[tuple[str, Decimal], ...]:
    """What the record is applied to, by the names NetSuite will know, each once."""
    if paid.role is Role.RECEIVED:
        amounts = in_cash(paid.shares)
    elif paid.role is Role.CREDIT:
        own = credit_of(paid) or ""
        now = rules.used.get(own, {})
        amounts = {to: to_cents(now[to]) for to in allocated(paid.shares).get(own, {})}
    else:
        amounts = {}
        for share in paid.shares:
            amounts[share.to] = amounts.get(share.to, _ZERO) + abs(share.amount)
    named = ((referred.shares[to].external_id, amount) for to, amount in amounts.items())
    return tuple(sorted(named))


def _source(paid: Paid, referred: Referred) -> str | None:
    """The deposit that is used or paid back, or the credit memo that is used."""
    if paid.role is Role.CREDIT:
        return referred.shares[credit_of(paid) or ""].external_id
    return referred.source.external_id if referred.source else None


def customer_of(paid: Paid, rules: PaymentRules) -> str:
    """The customer: linked, or the external id of one to be created."""
    row = rules.mappings.row("customer", paid.customer or "")
    if row and row.target:
        return row.target
    own = rules.tenant.servicetitan.tenant_id
    return external_id(own, DocumentType.CUSTOMER, paid.customer or "")
