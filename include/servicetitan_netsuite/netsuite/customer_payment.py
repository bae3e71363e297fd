"""A customer's payment, applied to invoices: `POST record/v1/customerPayment`."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.customer_money import (
    form,
    header,
    money_key,
    receivable_key,
    received,
)
from servicetitan_netsuite.netsuite.transaction import ticked
from servicetitan_netsuite.plans.payments import MoneyPlan


def body(plan: MoneyPlan) -> Json:
    """What is sent to create `plan`: nothing is applied but what it says.

    NetSuite would else apply by itself, as it did for the payment before.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    made = {**header(plan), **received(plan), "arAcct": {"id": plan.receivable}, "autoApply": False}
    return made | ({"apply": ticked(plan.applications)} if plan.applications else {})


def canonical(plan: MoneyPlan) -> Json:
    """The money comes in, the receivables go down."""
    return form(plan, money_key(plan), receivable_key(plan), plan.applications)
