"""Money of a customer that is for no invoice yet: `POST record/v1/customerDeposit`."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.customer_money import form, header, money_key, received
from servicetitan_netsuite.plans.payments import MoneyPlan


def body(plan: MoneyPlan) -> Json:
    """What is sent to create `plan`.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {**header(plan), **received(plan)}


def canonical(plan: MoneyPlan) -> Json:
    """The money comes in, the deposits go up; receivables stay as they are."""
    return form(plan, money_key(plan), (plan.liability or "", plan.customer, None, None, None))
