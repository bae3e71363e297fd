"""The body of an invoice or credit memo, and what it does to the general ledger.

The two differ little: a credit memo has no due date and no terms, says what it is applied to, and
turns every side of the ledger around. Amounts are sent as they are, never as rate times quantity.
"""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import AccountProfile, Json, to_money
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import by_account, number
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
    made: Json = {"externalId": plan.external_id}
    if plan.tran_id:
        made["tranId"] = plan.tran_id
    made["entity"] = references.to(plan.customer)
    if plan.subsidiary:
        made["subsidiary"] = {"id": plan.subsidiary}
    if plan.currency:
        made["currency"] = {"id": plan.currency}
    made["tranDate"] = plan.date.isoformat()
    made["postingPeriod"] = {"id": plan.period}
    made["account"] = {"id": plan.receivable}
    if plan.term:
        made["terms"] = {"id": plan.term}
    if plan.due_date:
        made["dueDate"] = plan.due_date.isoformat()
    if plan.memo:
        made["memo"] = plan.memo
    made |= plan.custom_fields
    if profile.suite_tax:
        made |= {"taxDetailsOverride": True, "taxDetails": {"items": []}}
    made["item"] = {"items": [_line(line, profile) for line in plan.lines]}
    if plan.record == CREDIT_MEMO:
        made |= _applied(plan)
    return made


def canonical(plan: SalesPlan) -> Json:
    """The general ledger effect that NetSuite must hold once `plan` is posted."""
    sign = -1 if plan.record == CREDIT_MEMO else 1
    total = sum((line.amount for line in plan.lines), Decimal(0))
    own: forms.Key = (plan.receivable, plan.customer, None, None, None)
    lines = [(own, sign * total), *((_key(line), -sign * line.amount) for line in plan.lines)]
    return forms.transaction_form(
        plan.record,
        entity=plan.customer,
        date=plan.date.isoformat(),
        period=plan.period,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        debits=sum((max(amount, Decimal(0)) for _, amount in lines), Decimal(0)),
        lines=lines,
    )


def gl_effect(form: Json) -> list[Json]:
    """Debit and credit by account of a canonical form, for display; rows as a journal's."""
    amounts = ((line[0], to_money(line[-1])) for line in form["lines"])
    return by_account(
        (account, max(amount, Decimal(0)), max(-amount, Decimal(0))) for account, amount in amounts
    )


def _applied(plan: SalesPlan) -> Json:
    """Nothing is applied but what ServiceTitan says; left to itself, NetSuite picks the oldest."""
    made: Json = {"autoApply": False}
    if plan.applications:
        made["apply"] = {
            "items": [
                {"doc": references.to(name), "apply": True, "amount": number(amount)}
                for name, amount in plan.applications
            ]
        }
    return made


def _line(line: SalesLine, profile: AccountProfile) -> Json:
    made: Json = {"item": references.to(line.item), "amount": number(line.amount)}
    if line.description:
        made["description"] = line.description
    if not profile.suite_tax:
        made["isTaxable"] = False
    dimensions = {"department": line.department, "class": line.class_, "location": line.location}
    made.update({name: {"id": value} for name, value in dimensions.items() if value})
    return made


def _key(line: SalesLine) -> forms.Key:
    return line.account, None, line.department, line.class_, line.location
