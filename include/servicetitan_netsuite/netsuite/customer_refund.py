"""Money given back of a deposit or of credit memos: `POST record/v1/customerRefund`.

NetSuite takes a deposit back through receivables: it makes a deposit application by itself.
"""

from __future__ import annotations

from decimal import Decimal

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.amounts import by_account
from servicetitan_netsuite.netsuite.customer_money import (
    form,
    header,
    money_key,
    receivable_key,
)
from servicetitan_netsuite.netsuite.transaction import ticked
from servicetitan_netsuite.plans.payments import MoneyPlan


def body(plan: MoneyPlan) -> Json:
    """What is sent to create `plan`; what is ticked makes its total.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    made = {**header(plan), "account": {"id": plan.account}, "arAcct": {"id": plan.receivable}}
    return made | {"deposit" if plan.source else "apply": ticked(_taken_from(plan))}


def canonical(plan: MoneyPlan) -> Json:
    """The receivables go up again, the money goes out.

    Of a deposit it tells in `through` what the application that NetSuite makes by itself moves.
    """
    made = form(plan, receivable_key(plan), money_key(plan), _taken_from(plan))
    if not plan.source:
        return made
    moved = ((plan.liability or "", plan.amount), (plan.receivable or "", -plan.amount))
    return {**made, "through": [[account, f"{amount:.2f}"] for account, amount in moved]}


def gl_effect(plan: MoneyPlan) -> list[Json]:
    """Debit and credit by account, with the deposit application that NetSuite makes by itself."""
    nothing = plan.amount - plan.amount
    debited = plan.liability if plan.source else plan.receivable
    return by_account(
        [(debited or "", plan.amount, nothing), (plan.account or "", nothing, plan.amount)]
    )


def _taken_from(plan: MoneyPlan) -> tuple[tuple[str, Decimal], ...]:
    return ((plan.source, plan.amount),) if plan.source else plan.applications
