"""What the bodies and the ledger effect of customers' money have in common."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references, transaction
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.plans.payments import MoneyPlan

_UNDEPOSITED = {"id": "T"}


def path(plan: MoneyPlan) -> str:
    """Where a record that stands by itself is created."""
    return f"record/v1/{plan.record}"


def header(plan: MoneyPlan) -> Json:
    """The fields that every record of its own has; those without a value are left out."""
    return {
        **transaction.header(plan, customer=references.to(plan.customer)),
        **dated(plan),
        **transaction.segments(plan),
        **transaction.filled(checkNumber=plan.check_number),
        **plan.custom_fields,
    }


def dated(plan: MoneyPlan) -> Json:
    """Date, posting period and memo."""
    return transaction.dated(plan) | transaction.filled(memo=plan.memo)


def received(plan: MoneyPlan) -> Json:
    """The money and where it goes: an account, or NetSuite's own one for undeposited funds.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    place: Json = {"undepFunds": _UNDEPOSITED} if plan.undeposited else {}
    place = place or {"account": {"id": plan.account}}
    return {"payment": number(plan.amount), **place}


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
    lines = [(debit, plan.amount), (credit, -plan.amount)]
    return forms.planned_form(plan.record.value, plan, plan.customer, lines, applied)
