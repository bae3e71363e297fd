"""Deposit applications: a customer deposit set against invoices, or given back."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import missing, user_error
from sandbox.netsuite.records.applying import (
    TOO_MUCH,
    Application,
    complete_apply,
    open_amount,
    shown_apply,
)
from sandbox.netsuite.records.base import money
from sandbox.netsuite.records.header import account_of
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.sale import INVOICE
from sandbox.netsuite.records.transaction import Transaction, applied_by
from sandbox.netsuite.store import Document


class DepositApplication(Transaction):
    """The depositApplication record; it comes of a deposit, never by itself."""

    name = "depositApplication"
    code = "DepAppl"
    number_prefix = "DEPAPPL"
    label = "Deposit Application"
    entity_field = "customer"
    applies_with = "arAcct"
    keys = {"apply": "doc"}  # noqa: RUF012
    read_only = ("deposit", "depositDate", "customer", "currency", "subsidiary", "total",
                 "applied", "unapplied", "status", "exchangeRate")  # fmt: skip
    rule = Application((INVOICE,), "arAcct", "customer")
    statuses = {"Y": "Undefined", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """What is applied, at most what is left of the deposit."""
        deposit = context.store.get("customerDeposit", str(document.get("deposit")))
        if deposit is None:
            raise missing("Deposit")
        document["arAcct"] = account_of(
            context, document, document.get("arAcct"), "AcctRec", ("AcctRec",), "arAcct"
        )
        document["liability"] = deposit["liability"]
        document["depositDate"] = deposit["tranDate"]
        left = open_amount(context, deposit, document["id"])
        if document.get("refunded"):
            if document.get("apply"):
                raise user_error(TOO_MUCH)
            document["total"] = money(document["refunded"])
        else:
            complete_apply(context, self.rule, document, left, auto=False)
            document["total"] = applied_by(document)
        if not 0 < document["total"] <= left:
            raise user_error(TOO_MUCH)

    def entries(self, document: Document) -> list[Entry]:
        """The deposits go down, the receivable too."""
        total = money(document["total"])
        main = Entry(0, document["liability"], total, document, main=True)
        return [main, Entry(1, document["arAcct"], -total, {})]

    def links(self, document: Document) -> list[Document]:
        """To the deposit and to the invoices."""
        amount = money(document["total"])
        taken = self.link(document, document["deposit"], "CustDep", "DepAppl", amount)
        return [taken, *super().links(document)]

    def status(self, document: Document) -> str:
        """It has none to speak of."""
        return "Y"

    def shown(self, context: Context, document: Document) -> Document:
        """With every open invoice it could be applied to."""
        return {**document, "apply": shown_apply(context, self.rule, document)}

    def alter(self, document: Document) -> None:
        """Store another memo: an amount would not fit the invoices."""
        document["memo"] = f"{document.get('memo') or ''} (altered)"


def draft_of(deposit: Document, left: Decimal) -> Document:
    """What an application takes over from its deposit."""
    names = ("customer", "subsidiary", "currency", "exchangeRate", "department", "class",
             "location")  # fmt: skip
    kept = {name: deposit[name] for name in names if deposit.get(name) is not None}
    return {**kept, "deposit": deposit["id"], "total": left}
