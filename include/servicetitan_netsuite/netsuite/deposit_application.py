"""A deposit set against an invoice: made by transform of the deposit, and in no other way."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.customer_money import dated, form, receivable_key
from servicetitan_netsuite.netsuite.references import OURS
from servicetitan_netsuite.netsuite.transaction import ticked
from servicetitan_netsuite.plans.payments import MoneyPlan


def path(plan: MoneyPlan) -> str:
    """The transform of the deposit, which stands by external id until it is resolved."""
    source = plan.source or ""
    named = f"eid:{source}" if source.startswith(OURS) else source
    return f"record/v1/customerDeposit/{named}/!transform/{plan.record}"


def body(plan: MoneyPlan) -> Json:
    """What is sent to create `plan`; customer, subsidiary and currency are the deposit's.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {
        "externalId": plan.external_id,
        **dated(plan),
        "arAcct": {"id": plan.receivable},
        "apply": ticked(plan.applications),
    }


def canonical(plan: MoneyPlan) -> Json:
    """The deposits go down, and so do the receivables; it is applied to nothing else."""
    deposits = (plan.liability or "", plan.customer, None, None, None)
    return form(plan, deposits, receivable_key(plan), plan.applications)
