"""A customer's money: payments and deposits, and the accounts it lands on."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.applying import (
    NOT_LISTED,
    TOO_MUCH,
    Application,
    auto_apply,
    complete_apply,
    shown_apply,
)
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.header import account_of
from sandbox.netsuite.records.journal_entry import MAX_AMOUNT
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.sale import INVOICE
from sandbox.netsuite.records.transaction import Transaction
from sandbox.netsuite.store import Document

MONEY_TYPES = ("Bank", "CredCard", "OthCurrAsset")
RECEIVABLE = ("AcctRec",)


class CustomerMoney(Transaction):
    """What payments and deposits have in common: `payment` on `account` or undeposited."""

    entity_field = "customer"
    applies_with = "arAcct"
    read_only = ("total", "applied", "unapplied", "status")

    def _receive(self, context: Context, document: Document) -> None:
        if document.get("payment") is None:
            raise missing("Payment Amount")
        document["payment"] = cents(money(document["payment"]))
        if not 0 < document["payment"] < MAX_AMOUNT:
            raise invalid_value(document["payment"], "payment")
        document["total"] = document["payment"]
        chosen = document.get("undepFunds")
        if chosen not in (None, "T", "F"):
            raise invalid_value(chosen, "undepFunds")
        undeposited = chosen == "T" or (chosen is None and document.get("account") is None)
        document["undepFunds"] = "T" if undeposited else "F"
        if undeposited:
            document["account"] = None
        document["moneyAccount"] = account_of(
            context, document, document.get("account"), "UndepFunds", MONEY_TYPES, "account"
        )
        if document["total"] < context.taken(document["id"]):
            raise user_error(TOO_MUCH)

    def _two(self, document: Document, credited: str) -> list[Entry]:
        total = money(document["total"])
        main = Entry(0, document["moneyAccount"], total, document, main=True, kind="PAYMENT")
        return [main, Entry(1, credited, -total, {})]

    def alter(self, document: Document) -> None:
        """Store a dollar too much."""
        for name in ("payment", "total", "unapplied"):
            document[name] = money(document[name]) + 1


class CustomerPayment(CustomerMoney):
    """The customerPayment record."""

    name = "customerPayment"
    code = "CustPymt"
    number_prefix = "PYMT"
    label = "Payment"
    keys = {"apply": "doc"}  # noqa: RUF012
    rule = Application((INVOICE,), "arAcct", "customer")
    statuses = {"B": "Not Deposited", "C": "Deposited"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """The money, the receivables account and the invoices it pays."""
        if document.get("credit") or document.get("deposit"):
            raise user_error(NOT_LISTED)
        self._receive(context, document)
        document["arAcct"] = account_of(
            context, document, document.get("arAcct"), "AcctRec", RECEIVABLE, "arAcct"
        )
        left = document["payment"] - context.taken(document["id"])
        auto = auto_apply(context, self.name, document)
        complete_apply(context, self.rule, document, left, auto)

    def entries(self, document: Document) -> list[Entry]:
        """The money comes in, the receivable goes down."""
        return self._two(document, document["arAcct"])

    def status(self, document: Document) -> str:
        """Deposited where it went to a bank account at once."""
        return "B" if document["undepFunds"] == "T" else "C"

    def shown(self, context: Context, document: Document) -> Document:
        """With every open invoice it could pay."""
        return {**document, "apply": shown_apply(context, self.rule, document)}


class CustomerDeposit(CustomerMoney):
    """The customerDeposit record: money taken before there is an invoice."""

    name = "customerDeposit"
    code = "CustDep"
    number_prefix = "CD"
    label = "Customer Deposit"
    statuses = {  # noqa: RUF012
        "A": "Not Deposited",
        "B": "Deposited",
        "C": "Fully Applied",
    }

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """The money, and the liability it is until it is applied."""
        self._receive(context, document)
        document["liability"] = account_of(context, document, None, "CustDep", (), "account")

    def entries(self, document: Document) -> list[Entry]:
        """The money comes in, the deposits go up; receivables stay."""
        return self._two(document, document["liability"])

    def status(self, document: Document) -> str:
        """Fully applied once nothing is left of it."""
        if money(document["unapplied"]) <= Decimal(0):
            return "C"
        return "A" if document["undepFunds"] == "T" else "B"
