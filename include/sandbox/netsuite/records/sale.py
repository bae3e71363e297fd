"""Invoices and credit memos: what a customer owes, and what is taken off."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.records.applying import (
    TOO_MUCH,
    Application,
    Target,
    auto_apply,
    complete_apply,
    shown_apply,
)
from sandbox.netsuite.records.base import money
from sandbox.netsuite.records.header import account_of
from sandbox.netsuite.records.item_lines import SALE, complete_lines
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.taxes import complete_tax, tax_entry
from sandbox.netsuite.records.transaction import Transaction, set_total
from sandbox.netsuite.store import Document

INVOICE = Target("invoice", "CustInvc", "account")
KEYS = {"item": "line", "apply": "doc"}


class Sale(Transaction):
    """What invoices and credit memos have in common; `sign` is +1 where the customer owes."""

    lists = ("item",)
    keys = KEYS
    applies_with = "account"
    sign: int

    def _lines(self, context: Context, document: Document, old: Document | None) -> None:
        document["account"] = account_of(
            context, document, document.get("account"), "AcctRec", ("AcctRec",), "account"
        )
        document["subtotal"] = complete_lines(context, document, old, SALE, self.lists)
        tax = complete_tax(context, document, is_sale=True)
        set_total(document, document["subtotal"] + tax)

    def entries(self, document: Document) -> list[Entry]:
        """The receivable, each item's income and the tax."""
        total = self.sign * money(document["total"])
        kind = "ACCOUNTSRECEIVABLE"
        entries = [Entry(0, document["account"], total, document, main=True, kind=kind)]
        lines = document["item"]
        entries += [
            Entry(
                line["line"],
                line["account"],
                -self.sign * money(line["amount"]),
                line,
                kind="INCOME",
                quantity=-self.sign * money(line["quantity"]),
            )
            for line in lines
        ]
        following = 1 + max(entry.line for entry in entries)
        return entries + tax_entry(document, following, -self.sign)


class Invoice(Sale):
    """The invoice record."""

    name = "invoice"
    code = INVOICE.code
    number_prefix = "INV"
    label = "Invoice"
    owed = True
    sign = 1
    read_only = ("amountPaid", "amountRemaining", "total", "subtotal", "taxTotal", "createdFrom")
    statuses = {"A": "Open", "B": "Paid In Full", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Lines, tax, total and due date."""
        self._lines(context, document, old)
        if money(document["total"]) < context.taken(document["id"]):
            raise user_error(TOO_MUCH)
        due_date(context, document, old)

    def status(self, document: Document) -> str:
        """Open while money is due."""
        return "A" if money(document["amountRemaining"]) > 0 else "B"


class CreditMemo(Sale):
    """The creditMemo record."""

    name = "creditMemo"
    code = "CustCred"
    number_prefix = "CM"
    label = "Credit Memo"
    sign = -1
    rule = Application((INVOICE,), "account", "entity")
    read_only = ("applied", "unapplied", "total", "subtotal", "taxTotal", "createdFrom",
                 "amountRemaining", "amountPaid")  # fmt: skip
    statuses = {"A": "Open", "B": "Fully Applied", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Lines, tax, total and what it is applied to."""
        self._lines(context, document, old)
        left = money(document["total"]) - context.taken(document["id"])
        if left < 0:
            raise user_error(TOO_MUCH)
        complete_apply(context, self.rule, document, left, auto_apply(context, self.name, document))

    def settle(self, context: Context, document: Document) -> None:
        """What is left to apply, under both of its names."""
        super().settle(context, document)
        document["amountRemaining"] = document["unapplied"]
        document["amountPaid"] = document["applied"]

    def status(self, document: Document) -> str:
        """Open while something is left to apply."""
        return "A" if money(document["unapplied"]) > 0 else "B"

    def shown(self, context: Context, document: Document) -> Document:
        """With every open invoice it could be applied to."""
        return {**document, "apply": shown_apply(context, self.rule, document)}


def due_date(context: Context, document: Document, old: Document | None) -> None:
    """The due date: as sent, else by the terms, else the date itself."""
    same = old is not None and all(
        old.get(name) == document.get(name) for name in ("dueDate", "tranDate", "terms")
    )
    kept = old is not None and old.get("dueDate") == document.get("dueDate")
    if document.get("dueDate") is not None and (same or not kept):
        return
    term = context.store.get("term", str(document.get("terms"))) or {}
    days = int(term.get("daysUntilNetDue") or 0)
    day = date.fromisoformat(document["tranDate"]) + timedelta(days=days)
    document["dueDate"] = day.isoformat()
