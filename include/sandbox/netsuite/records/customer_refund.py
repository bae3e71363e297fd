"""Customer refunds: money given back out of deposits, credit memos and payments."""

from __future__ import annotations

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import missing, user_error
from sandbox.netsuite.records.applying import (
    NOT_LISTED,
    TOO_MUCH,
    Application,
    Target,
    complete_apply,
    open_amount,
    shown_apply,
)
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.customer_money import MONEY_TYPES, RECEIVABLE
from sandbox.netsuite.records.deposit_application import DepositApplication, draft_of
from sandbox.netsuite.records.header import account_of
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.transaction import Transaction, applied_by
from sandbox.netsuite.saving import save
from sandbox.netsuite.store import Document

APPLICATIONS = DepositApplication()
CREDIT = Target("creditMemo", "CustCred", "account")
PAYMENT = Target("customerPayment", "CustPymt", "arAcct", "customer")
DEPOSIT = Target("depositApplication", "DepAppl", "arAcct", "customer")


class CustomerRefund(Transaction):
    """The customerRefund record; what it takes from deposits is written once and never shown."""

    name = "customerRefund"
    code = "CustRfnd"
    number_prefix = "RFND"
    label = "Customer Refund"
    entity_field = "customer"
    keys = {"apply": "doc"}  # noqa: RUF012
    read_only = ("total", "status", "balance")
    rule = Application((CREDIT, PAYMENT, DEPOSIT), "arAcct", "customer")
    statuses = {"R": "Refunded", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """What is ticked makes the total; each deposit gets an application of its own."""
        if document.get("account") is None:
            raise missing("Account")
        account_of(context, document, document["account"], "", MONEY_TYPES, "account")
        document["arAcct"] = account_of(
            context, document, document.get("arAcct"), "AcctRec", RECEIVABLE, "arAcct"
        )
        deposits = [line for line in document.pop("deposit", None) or [] if line.get("apply")]
        if deposits and old is not None:
            raise user_error(NOT_LISTED)
        made = [self._applied(context, document, line) for line in deposits]
        document["apply"] = [*(document.get("apply") or []), *made]
        document["total"] = complete_apply(context, self.rule, document, None, auto=False)
        if old is None:
            document["applications"] = [line["doc"] for line in made]
        if not document["total"]:
            raise user_error("Please choose at least one transaction to refund.")

    def _applied(self, context: Context, document: Document, line: Document) -> Document:
        """Make the deposit application a refund of a deposit goes through; its apply line."""
        deposit = context.store.get("customerDeposit", str(line.get("doc")))
        names = ("customer", "subsidiary", "currency")
        if deposit is None or any(deposit.get(n) != document.get(n) for n in names):
            raise user_error(NOT_LISTED)
        left = open_amount(context, deposit)
        amount = left if line.get("amount") is None else cents(money(line["amount"]))
        if not 0 < amount <= left:
            raise user_error(TOO_MUCH)
        now = context.now()
        dated = {"tranDate": document["tranDate"], "postingPeriod": document.get("postingPeriod")}
        made = {
            **draft_of(deposit, left),
            **dated,
            "id": context.store.next_id(APPLICATIONS.sequence),
            "arAcct": document["arAcct"],
            "refunded": amount,
            "createdDate": now,
            "lastModifiedDate": now,
        }
        save(context, APPLICATIONS, APPLICATIONS.complete(context, made, None), new=True)
        return {"doc": made["id"], "apply": True, "amount": amount}

    def entries(self, document: Document) -> list[Entry]:
        """The receivable goes up again, the money goes out."""
        total = money(document["total"])
        main = Entry(0, document["account"], -total, document, main=True)
        return [main, Entry(1, document["arAcct"], total, {})]

    def status(self, document: Document) -> str:
        """Refunded."""
        return "R"

    def shown(self, context: Context, document: Document) -> Document:
        """With every open credit of the customer; refunded deposits are applications there."""
        return {**document, "apply": shown_apply(context, self.rule, document), "deposit": []}

    def removed(self, context: Context, document: Document) -> None:
        """The applications made for it go too, which gives the deposits back."""
        for record_id in document.get("applications") or []:
            application = context.store.get(APPLICATIONS.name, record_id)
            if application is not None:
                context.touched.add(application["deposit"])
                context.store.remove(APPLICATIONS.name, record_id, list(APPLICATIONS.tables))

    def alter(self, document: Document) -> None:
        """Store another memo: an amount would not fit what it refunds."""
        document["memo"] = f"{document.get('memo') or ''} (altered)"

    def summary(self, document: Document) -> Document:
        """With the sum it gives back."""
        return super().summary(document) | {"applied": f"{applied_by(document):.2f}"}
