"""What the bodies and the ledger effect of customers' money have in common."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.plans.payments import MoneyPlan

_UNDEPOSITED = {"id": "T"}


def path(plan: MoneyPlan) -> str:
    """Where a record that stands by itself is created."""
    return f"record/v1/{plan.record}"


def header(plan: MoneyPlan) -> Json:
    """The fields that every record of its own has; those without a value are left out."""
    made: Json = {"externalId": plan.external_id}
    if plan.tran_id:
        made["tranId"] = plan.tran_id
    made["customer"] = references.to(plan.customer)
    if plan.subsidiary:
        made["subsidiary"] = {"id": plan.subsidiary}
    if plan.currency:
        made["currency"] = {"id": plan.currency}
    made |= dated(plan)
    segments = {"department": plan.department, "class": plan.class_, "location": plan.location}
    made.update({name: {"id": value} for name, value in segments.items() if value})
    if plan.check_number:
        made["checkNumber"] = plan.check_number
    return {**made, **plan.custom_fields}


def dated(plan: MoneyPlan) -> Json:
    """Date, posting period and memo."""
    made: Json = {"tranDate": plan.date.isoformat(), "postingPeriod": {"id": plan.period}}
    return {**made, "memo": plan.memo} if plan.memo else made


def received(plan: MoneyPlan) -> Json:
    """The money and where it goes: an account, or NetSuite's own one for undeposited funds.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    place: Json = {"undepFunds": _UNDEPOSITED} if plan.undeposited else {}
    place = place or {"account": {"id": plan.account}}
    return {"payment": number(plan.amount), **place}


def ticked(applications: Iterable[tuple[str, Decimal]]) -> Json:
    """A sublist with these documents ticked, each with its amount.

    Raises:
        ValueError: as `received`.
    """
    return {
        "items": [
            {"doc": references.to(name), "apply": True, "amount": number(amount)}
            for name, amount in applications
        ]
    }


def money_key(plan: MoneyPlan) -> forms.Key:
    """The side of the money: its account, with the segments the body carries."""
    return plan.account or "", None, plan.department, plan.class_, plan.location


def receivable_key(plan: MoneyPlan) -> forms.Key:
    """The side of the receivables, which names the customer."""
    return plan.receivable or "", plan.customer, None, None, None


def form(
    plan: MoneyPlan,
    debit: forms.Key,
    credit: forms.Key,
    applied: Iterable[tuple[str, Decimal]] | None = None,
) -> Json:
    """The canonical form of a record that moves `plan.amount` from one account to another."""
    return forms.transaction_form(
        plan.record.value,
        entity=plan.customer,
        date=plan.date.isoformat(),
        period=plan.period,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        debits=plan.amount,
        lines=[(debit, plan.amount), (credit, -plan.amount)],
        applied=applied,
    )
