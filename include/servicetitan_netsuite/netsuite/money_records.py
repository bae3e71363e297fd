"""Which record of customers' money is built how."""

from __future__ import annotations

from collections.abc import Callable

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import (
    credit_application,
    customer_deposit,
    customer_money,
    customer_payment,
    customer_refund,
    deposit_application,
)
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord

Build = tuple[Callable[[MoneyPlan], str], Callable[[MoneyPlan], Json], Callable[[MoneyPlan], Json]]
_PLAIN = customer_money.path
BUILDERS: dict[MoneyRecord, Build] = {
    MoneyRecord.PAYMENT: (_PLAIN, customer_payment.body, customer_payment.canonical),
    MoneyRecord.DEPOSIT: (_PLAIN, customer_deposit.body, customer_deposit.canonical),
    MoneyRecord.REFUND: (_PLAIN, customer_refund.body, customer_refund.canonical),
    MoneyRecord.DEPOSIT_APPLICATION: (
        deposit_application.path,
        deposit_application.body,
        deposit_application.canonical,
    ),
    MoneyRecord.CREDIT_APPLICATION: (
        credit_application.path,
        credit_application.body,
        credit_application.canonical,
    ),
}
"""How each record is made: its path, its body, its canonical form."""
