"""The body of an invoice or credit memo, and what it does to the general ledger.

The two differ little: a credit memo has no due date and no terms, says what it is applied to, and
turns every side of the ledger around. Amounts are sent as they are, never as rate times quantity.
"""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.netsuite.transaction import (
    at,
    dated,
    filled,
    header,
    no_tax,
    segments,
    ticked,
)
from servicetitan_netsuite.plans.sales import SalesLine, SalesPlan

CREDIT_MEMO = "creditMemo"


def path(plan: SalesPlan) -> str:
    """Where `plan` is created."""
    return f"record/v1/{plan.record}"


def body(plan: SalesPlan, profile: AccountProfile) -> Json:
    """What is sent to create `plan`; fields without a value are left out.

    The sales tax is a line of ours, so NetSuite must add none: with SuiteTax its details are
    overridden by none at all, without it the lines are marked as not taxable. A customer, item or
    invoice that is still to be created stands as `{"externalId": ...}` until it is resolved.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    due = plan.due_date.isoformat() if plan.due_date else None
    return {
        **header(plan, entity=references.to(plan.customer)),
        **dated(plan),
        "account": {"id": plan.receivable},
        **filled(terms=at(plan.term), dueDate=due, memo=plan.memo),
        **plan.custom_fields,
        **no_tax(profile),
        "item": {"items": [_line(line, profile) for line in plan.lines]},
        **(_applied(plan) if plan.record == CREDIT_MEMO else {}),
    }


def canonical(plan: SalesPlan) -> Json:
    """The general ledger effect that NetSuite must hold once `plan` is posted."""
    sign = -1 if plan.record == CREDIT_MEMO else 1
    total = sum((line.amount for line in plan.lines), Decimal(0))
    own: forms.Key = (plan.receivable, plan.customer, None, None, None)
    lines = [(own, sign * total), *((_key(line), -sign * line.amount) for line in plan.lines)]
    applied = plan.applications or None
    return forms.planned_form(plan.record, plan, plan.customer, lines, applied)


def _applied(plan: SalesPlan) -> Json:
    """Nothing is applied but what ServiceTitan says; left to itself, NetSuite picks the oldest."""
    ticks = ticked(plan.applications) if plan.applications else None
    return {"autoApply": False, **filled(apply=ticks)}


def _line(line: SalesLine, profile: AccountProfile) -> Json:
    return {
        "item": references.to(line.item),
        "amount": number(line.amount),
        **filled(description=line.description),
        **({} if profile.suite_tax else {"isTaxable": False}),
        **segments(line),
    }


def _key(line: SalesLine) -> forms.Key:
    return line.account, None, line.department, line.class_, line.location
