"""The body of a vendor credit, and what it does to the general ledger."""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.expenses import expense, key
from servicetitan_netsuite.netsuite.transaction import dated, filled, header, no_tax, ticked
from servicetitan_netsuite.plans.payments import MoneyRecord
from servicetitan_netsuite.plans.vendor_credits import VendorCreditPlan

RECORD = "vendorCredit"
PATH = f"record/v1/{RECORD}"


def body(plan: VendorCreditPlan, profile: AccountProfile) -> Json:
    """What is sent to create `plan`; fields without a value are left out.

    It is applied as ServiceTitan says and to nothing else; under SuiteTax its lines carry no tax
    but ours. A bill that is still to be created stands as `{"externalId": ...}`.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {
        **header(plan, entity=references.to(plan.vendor)),
        **dated(plan),
        "account": {"id": plan.payable},
        **filled(memo=plan.memo),
        **plan.custom_fields,
        **no_tax(profile),
        "expense": {"items": [expense(line) for line in plan.lines]},
        "autoApply": False,
        **filled(apply=ticked(plan.applications) if plan.applications else None),
    }


def application_path(credit: str) -> str:
    """The vendor credit of this external id, which a later application changes."""
    return f"{PATH}/eid:{credit}"


def application_body(bill: str, amount: Decimal) -> Json:
    """What is sent to apply a vendor credit to `bill`, an external id, with `amount` in all.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {"autoApply": False, "apply": ticked([(bill, amount)])}


def application_canonical(bill: str, amount: Decimal, date: str | None) -> Json:
    """What the vendor credit must then be applied to; nothing moves in the general ledger."""
    return forms.transaction_form(
        MoneyRecord.CREDIT_APPLICATION.value,
        entity=None,
        date=date,
        period=None,
        subsidiary=None,
        currency=None,
        posting=True,
        debits=Decimal(0),
        lines=(),
        applied=[(bill, amount)],
    )


def canonical(plan: VendorCreditPlan) -> Json:
    """The general ledger effect that NetSuite must hold once `plan` is posted."""
    total = sum((line.amount for line in plan.lines), Decimal(0))
    own: forms.Key = (plan.payable, plan.vendor, None, None, None)
    lines = [(own, total), *((key(line), -line.amount) for line in plan.lines)]
    return forms.planned_form(RECORD, plan, plan.vendor, lines, plan.applications or None)
