"""Customers' money ready to be built: payments, deposits, applications, refunds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from servicetitan_netsuite.documents import DocumentType, Json, Problem
from servicetitan_netsuite.plans.transaction import PostingPlan


class MoneyRecord(StrEnum):
    """NetSuite's records of customers' money, and the change of a credit memo's applications."""

    PAYMENT = "customerPayment"
    DEPOSIT = "customerDeposit"
    DEPOSIT_APPLICATION = "depositApplication"
    REFUND = "customerRefund"
    CREDIT_APPLICATION = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPlan(PostingPlan):
    """A record of customers' money ready to be built.

    `customer` and the documents in `applications`, each with a positive amount, are internal or
    external ids. `account` takes or gives the money; with `undeposited` it is NetSuite's own one
    for what was not brought to the bank. `receivable` is the account of what it is applied to,
    `liability` NetSuite's own account for deposits. `source` is the deposit that is applied or
    paid back, or the credit memo that is applied.
    """

    record: MoneyRecord
    customer: str
    amount: Decimal
    account: str | None = None
    undeposited: bool = False
    receivable: str | None = None
    liability: str | None = None
    source: str | None = None
    applications: tuple[tuple[str, Decimal], ...] = ()
    check_number: str | None = None
    department: str | None = None
    class_: str | None = None
    location: str | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A document that money refers to: what it is applied to, or what is paid back.

    `state` is that of the ledger, or the run's verdict on it; `cause` and `sentence` tell why it
    is stopped, if it is, and `waits` what it waits for itself.
    `form` is its canonical form, None where it has none; `external_id` what NetSuite knows it by,
    or an internal id where a person linked it.
    """

    type: DocumentType
    source_id: str
    part: str
    external_id: str
    number: str
    state: str
    cause: str | None = None
    sentence: str = ""
    waits: tuple[Problem, ...] = ()
    form: Json | None = field(default=None, hash=False)

    @property
    def record(self) -> str:
        """NetSuite's record, as the canonical form names it; empty where there is no form."""
        return str(self.form["type"]) if self.form else ""

    @property
    def entity(self) -> str | None:
        """Its customer in NetSuite, an internal or external id, where it is known."""
        return self.form.get("entity") if self.form else None
