"""What a credit memo is applied to, changed to what ServiceTitan says: it is no record of its own.

The memo's apply list is sent with absolute amounts, so that sending twice does nothing more. Only
the invoices named are touched; what is applied to others stays.
"""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import Json, to_money
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite.references import OURS
from servicetitan_netsuite.netsuite.transaction import ticked
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord

RECORD = "creditMemo"
_BEFORE = "before"


def path(plan: MoneyPlan) -> str:
    """The credit memo, which stands by external id until it is resolved."""
    source = plan.source or ""
    named = f"eid:{source}" if source.startswith(OURS) else source
    return f"record/v1/{RECORD}/{named}"


def body(plan: MoneyPlan) -> Json:
    """What is sent to change the credit memo.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {"autoApply": False, "apply": ticked(plan.applications)}


def canonical(plan: MoneyPlan) -> Json:
    """What the credit memo must then be applied to; nothing moves in the general ledger."""
    return forms.transaction_form(
        plan.record.value,
        entity=plan.customer,
        date=plan.date.isoformat(),
        period=None,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        debits=Decimal(0),
        lines=(),
        applied=plan.applications,
    )


def is_application(form: Json) -> bool:
    """Whether a canonical form is of such a change."""
    return form.get("type") == MoneyRecord.CREDIT_APPLICATION.value


def held(sent: Json, record: Json) -> Json:
    """The same of the credit memo as NetSuite's GET shows it: of the invoices in `sent`."""
    named = {document for document, _ in sent["applied"]}
    lines = (record.get("apply") or {}).get("items") or []
    amounts = (
        (forms.reference(line.get("doc")) or "", to_money(line.get("amount") or 0))
        for line in lines
        if line.get("apply")
    )
    return {**sent, "applied": forms.applied_form(each for each in amounts if each[0] in named)}


def with_before(sent: Json, found: Json) -> Json:
    """`sent`, with what the memo was applied to before: what a lost answer is judged by."""
    return {**sent, _BEFORE: found["applied"]}


def before(sent: Json) -> Json:
    """The form from before `sent` was sent."""
    return {**sent, "applied": sent.get(_BEFORE, [])}


def exceeds(found: Json, sent: Json) -> bool:
    """Whether more is applied to an invoice than was to be."""
    wanted = {document: Decimal(amount) for document, amount in sent["applied"]}
    return any(Decimal(amount) > wanted[document] for document, amount in found["applied"])
