"""Vendor bills and vendor credits."""

from __future__ import annotations

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
from sandbox.netsuite.records.order_links import BILLED, RECEIVED, done, order_line
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.purchase import Purchase
from sandbox.netsuite.records.sale import due_date
from sandbox.netsuite.store import Document

BILL = Target("vendorBill", "VendBill", "account")
DIFFERENT_ENTITIES = (
    "You are attempting to link transactions, but the entities on the transactions do not match."
)


class Payable(Purchase):
    """What bills and credits have in common: the payable on `account`."""

    typed_number = True
    applies_with = "account"

    def _payable(self, context: Context, document: Document) -> None:
        document["account"] = account_of(
            context, document, document.get("account"), "AcctPay", ("AcctPay",), "account"
        )

    def entries(self, document: Document) -> list[Entry]:
        """The payable, then the lines and the tax."""
        total = -self.sign * money(document["total"])
        main = Entry(0, document["account"], total, document, main=True, kind="ACCOUNTSPAYABLE")
        return [main, *self._line_entries(document)]


class VendorBill(Payable):
    """The vendorBill record."""

    name = "vendorBill"
    code = BILL.code
    number_prefix = "VENDBILL"
    label = "Bill"
    owed = True
    keys = {"item": "line", "expense": "line"}  # noqa: RUF012
    read_only = ("total", "taxTotal", "createdFrom", "status", "userTotal")
    statuses = {"A": "Open", "B": "Paid In Full", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Lines, links to orders, total and due date."""
        self._payable(context, document)
        self._lines(context, document, old)
        for name in self.lists:
            for line in document.get(name) or []:
                if line.get("orderDoc") is not None and line.get("orderLine") is not None:
                    self._link_line(context, document, line)
        if money(document["total"]) < context.taken(document["id"]):
            raise user_error(TOO_MUCH)
        vendor = context.store.get("vendor", document["entity"]) or {}
        document["terms"] = document.get("terms") or vendor.get("terms")
        due_date(context, document, old)

    def _link_line(self, context: Context, document: Document, line: Document) -> None:
        order = context.store.get("purchaseOrder", str(line["orderDoc"]))
        ordered = order_line(order, line["orderLine"]) if order is not None else None
        if order is None or ordered is None:
            raise user_error(f"Invalid reference key [{line['orderDoc']}].")
        if order["entity"] != document["entity"]:
            raise user_error(DIFFERENT_ENTITIES)
        if ordered.get("item") != line.get("item"):
            raise user_error("Linked items don't match")
        if line.get("item") is None:
            return
        received = done(context, order["id"], RECEIVED).quantity(ordered)
        if not context.settings.bill_in_advance_of_receipt and ordered.get("isReceivable"):
            billed = done(context, order["id"], BILLED, document["id"]).quantity(ordered)
            if money(line["quantity"]) > received - billed:
                raise user_error("You cannot bill a larger quantity than you have received.")
        found = context.item(line["item"])
        if received and found is not None and found[1].get("generateAccruals"):
            line["ledgerAccount"] = account_of(
                context, document, None, "RecvNotBill", (), "account"
            )

    def links(self, document: Document) -> list[Document]:
        """To the order lines it bills."""
        return [
            self.link(document, str(line["orderDoc"]), "PurchOrd", BILLED, money(line["amount"]))
            | {
                "previousline": int(line["orderLine"]),
                "nextline": line["line"],
                "quantity": float(money(line.get("quantity"))),
            }
            for name in self.lists
            for line in document.get(name) or []
            if line.get("orderDoc") is not None and line.get("orderLine") is not None
            if money(line["amount"]) or money(line.get("quantity"))
        ]

    def status(self, document: Document) -> str:
        """Open while money is due."""
        return "A" if money(document["amountRemaining"]) > 0 else "B"

    def summary(self, document: Document) -> Document:
        """With the orders its lines bill."""
        base = super().summary(document)
        lines = [line for name in self.lists for line in document.get(name) or []]
        for shown, line in zip(base["lines"], lines, strict=True):
            shown |= {"orderDoc": line.get("orderDoc"), "orderLine": line.get("orderLine")}
        return base


class VendorCredit(Payable):
    """The vendorCredit record."""

    name = "vendorCredit"
    code = "VendCred"
    number_prefix = "VENDCRED"
    label = "Bill Credit"
    sign = -1
    keys = {"item": "line", "expense": "line", "apply": "doc"}  # noqa: RUF012
    read_only = ("total", "taxTotal", "createdFrom", "status", "applied", "unapplied", "userTotal")
    rule = Application((BILL,), "account", "entity")
    statuses = {"A": "Open", "B": "Fully Applied", "V": "Voided"}  # noqa: RUF012

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Lines, total and the bills it is applied to."""
        self._payable(context, document)
        self._lines(context, document, old)
        left = money(document["total"]) - context.taken(document["id"])
        auto = auto_apply(context, self.name, document)
        complete_apply(context, self.rule, document, left, auto)

    def status(self, document: Document) -> str:
        """Open while something is left to apply."""
        return "A" if money(document["unapplied"]) > 0 else "B"

    def shown(self, context: Context, document: Document) -> Document:
        """With every open bill it could be applied to."""
        return {**document, "apply": shown_apply(context, self.rule, document)}
