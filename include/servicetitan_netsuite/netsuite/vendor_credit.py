"""The body of a vendor credit, and what it does to the general ledger."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.netsuite.expenses import expense, key
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
    made: Json = {"externalId": plan.external_id}
    if plan.tran_id:
        made["tranId"] = plan.tran_id
    made["entity"] = references.to(plan.vendor)
    if plan.subsidiary:
        made["subsidiary"] = {"id": plan.subsidiary}
    if plan.currency:
        made["currency"] = {"id": plan.currency}
    made["tranDate"] = plan.date.isoformat()
    made["postingPeriod"] = {"id": plan.period}
    made["account"] = {"id": plan.payable}
    if plan.memo:
        made["memo"] = plan.memo
    made |= plan.custom_fields
    if profile.suite_tax:
        made |= {"taxDetailsOverride": True, "taxDetails": {"items": []}}
    made["expense"] = {"items": [expense(line) for line in plan.lines]}
    made["autoApply"] = False
    if plan.applications:
        made |= _applied(plan.applications)
    return made


def application_path(credit: str) -> str:
    """The vendor credit of this external id, which a later application changes."""
    return f"{PATH}/eid:{credit}"


def application_body(bill: str, amount: Decimal) -> Json:
    """What is sent to apply a vendor credit to `bill`, an external id, with `amount` in all.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {"autoApply": False, **_applied([(bill, amount)])}


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
    return forms.transaction_form(
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


def _applied(applications: Iterable[tuple[str, Decimal]]) -> Json:
    lines = [
        {"doc": references.to(bill), "apply": True, "amount": number(amount)}
        for bill, amount in applications
    ]
    return {"apply": {"items": lines}}
