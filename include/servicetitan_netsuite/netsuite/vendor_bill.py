"""The body of a vendor bill, made of its order or standing alone, and what it does to the ledger.

A bill of an order keeps the link to its lines; until it is sent a line names the order's line as
ServiceTitan does (`orders.OF`). Tax, shipping and what has no line on the order are expense lines.
"""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite.amounts import exact, number
from servicetitan_netsuite.netsuite.expenses import expense, key
from servicetitan_netsuite.netsuite.order_lines import CODE, OF, transform_path
from servicetitan_netsuite.plans.purchases import BilledLine, BillPlan, ExpenseLine

RECORD = "vendorBill"


def path(plan: BillPlan) -> str:
    """Where `plan` is created, or made of its order."""
    return transform_path(plan.order, RECORD) if plan.order else f"record/v1/{RECORD}"


def body(plan: BillPlan, profile: AccountProfile) -> Json:
    """What is sent to create `plan`, but for the keys of the order's lines.

    Tax is a line of ours, so NetSuite must add none: with SuiteTax its details are overridden by
    none at all.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    made = {"externalId": plan.external_id, **_parties(plan)}
    made["tranDate"] = plan.date.isoformat()
    made["postingPeriod"] = {"id": plan.period}
    made["account"] = {"id": plan.payable}
    if plan.term:
        made["terms"] = {"id": plan.term}
    if plan.due_date:
        made["dueDate"] = plan.due_date.isoformat()
    if plan.memo:
        made["memo"] = plan.memo
    made |= plan.custom_fields
    if profile.suite_tax:
        made |= {"taxDetailsOverride": True, "taxDetails": {"items": []}}
    if plan.lines:
        made["item"] = {"items": [_line(line) for line in plan.lines]}
    if plan.expenses:
        made["expense"] = {"items": [expense(line) for line in plan.expenses]}
    return made


def canonical(plan: BillPlan) -> Json:
    """The general ledger effect that NetSuite must hold once `plan` is posted."""
    spent = [*map(_as_expense, plan.lines), *plan.expenses]
    own: forms.Key = (plan.payable, plan.vendor, None, None, None)
    total = sum((line.amount for line in spent), Decimal(0))
    lines = [(own, -total), *((key(line), line.amount) for line in spent)]
    form = forms.transaction_form(
        RECORD,
        entity=plan.vendor,
        date=plan.date.isoformat(),
        period=plan.period,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        debits=sum((max(amount, Decimal(0)) for _, amount in lines), Decimal(0)),
        lines=lines,
    )
    return {**form, "order": plan.order if plan.lines else None}


def _parties(plan: BillPlan) -> Json:
    """Its number, and what a bill of an order has from that."""
    given: Json = {"tranId": plan.tran_id}
    if plan.order is None:
        linked = {
            "entity": plan.vendor,
            "subsidiary": plan.subsidiary,
            "currency": plan.currency,
        }
        given |= {name: {"id": value} for name, value in linked.items() if value}
    return {name: value for name, value in given.items() if value}


def _line(line: BilledLine) -> Json:
    """The line as an expense, and what makes it a line of the order instead."""
    made = {OF: line.of, CODE: line.code, "quantity": exact(line.quantity)}
    if line.rate is not None:
        made["rate"] = exact(line.rate)
    return {**made, **expense(_as_expense(line)), "amount": number(line.amount)}


def _as_expense(line: BilledLine) -> ExpenseLine:
    return ExpenseLine(
        line.account, line.amount, line.memo, line.department, line.class_, line.location
    )
