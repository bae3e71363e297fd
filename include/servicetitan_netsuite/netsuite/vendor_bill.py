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
from servicetitan_netsuite.netsuite.transaction import at, dated, filled, header, no_tax
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
    due = plan.due_date.isoformat() if plan.due_date else None
    lines = {
        "item": [_line(line) for line in plan.lines],
        "expense": [expense(line) for line in plan.expenses],
    }
    return {
        **_names(plan),
        **dated(plan),
        "account": {"id": plan.payable},
        **filled(terms=at(plan.term), dueDate=due, memo=plan.memo),
        **plan.custom_fields,
        **no_tax(profile),
        **{name: {"items": items} for name, items in lines.items() if items},
    }


def canonical(plan: BillPlan) -> Json:
    """The general ledger effect that NetSuite must hold once `plan` is posted."""
    spent = [*map(_as_expense, plan.lines), *plan.expenses]
    own: forms.Key = (plan.payable, plan.vendor, None, None, None)
    total = sum((line.amount for line in spent), Decimal(0))
    lines = [(own, -total), *((key(line), line.amount) for line in spent)]
    form = forms.planned_form(RECORD, plan, plan.vendor, lines)
    return {**form, "order": plan.order if plan.lines else None}


def _names(plan: BillPlan) -> Json:
    """A bill of an order has vendor, subsidiary and currency from that."""
    if plan.order is None:
        return header(plan, entity={"id": plan.vendor})
    return {"externalId": plan.external_id, **filled(tranId=plan.tran_id)}


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
