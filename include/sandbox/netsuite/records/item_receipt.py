"""Item receipts: what came of a purchase order."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.applying import NOT_LISTED
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.header import (
    account_of,
    check_dimensions,
    require_dimensions,
)
from sandbox.netsuite.records.order_links import RECEIVED, done, order_line
from sandbox.netsuite.records.posting import DIMENSIONS, Entry
from sandbox.netsuite.records.transaction import Transaction
from sandbox.netsuite.store import Document

TOO_MANY = "You may not receive a larger quantity than you shipped."


class ItemReceipt(Transaction):
    """The itemReceipt record; it comes of an order, and its lines are the order's."""

    name = "itemReceipt"
    code = "ItemRcpt"
    number_prefix = "IR"
    label = "Item Receipt"
    entity_type = "vendor"
    lists = ("item",)
    locks = ("apLocked",)
    keys = {"item": "line"}  # noqa: RUF012
    read_only = ("createdFrom", "entity", "subsidiary", "currency")
    statuses = {"Y": "Undefined", "V": "Voided"}  # noqa: RUF012

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Refuse one that comes of nothing."""
        if document.get("createdFrom") is None:
            raise missing("Entity")
        return super().complete(context, document, old)

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """The lines received, at the order's prices."""
        order = context.store.get("purchaseOrder", document["createdFrom"])
        if order is None:
            raise missing("Entity")
        ready = done(context, order["id"], RECEIVED, document["id"])
        kept = []
        for position, line in enumerate(document.get("item") or []):
            ordered = order_line(order, line.get("orderLine"))
            if ordered is None or not ordered.get("item"):
                raise user_error(NOT_LISTED)
            if line.get("item") not in (None, ordered["item"]):
                raise invalid_value(line["item"], "item", f"item.items[{position}].item")
            if line.get("itemReceive") is not False and money(line.get("quantity")):
                left = money(ordered["quantity"]) - ready.quantity(ordered)
                kept.append(self._received(context, document, line, ordered, left))
        if not kept:
            raise user_error("You must enter at least one line item for this transaction.")
        for number, line in enumerate(kept, 1):
            line["line"] = number
        require_dimensions(context, kept)
        document["item"] = kept
        document["total"] = cents(sum((money(line["amount"]) for line in kept), Decimal(0)))
        self._accounts(context, document)

    def _received(
        self, context: Context, document: Document, line: Document, ordered: Document, left: Decimal
    ) -> Document:
        quantity = money(line["quantity"])
        if not 0 < quantity <= left:
            raise user_error(TOO_MANY)
        found = context.item(ordered["item"])
        dims = {n: line.get(n) or document.get(n) or ordered.get(n) for n in DIMENSIONS}
        check_dimensions(context, dims, document.get("subsidiary"))
        rate = money(ordered["amount"]) / money(ordered["quantity"])
        return {
            **line,
            **dims,
            "item": ordered["item"],
            "account": ordered["account"],
            "description": line.get("description") or ordered.get("description"),
            "orderDoc": document["createdFrom"],
            "orderLine": ordered["line"],
            "itemReceive": True,
            "quantity": quantity,
            "rate": round(rate, 8),
            "amount": cents(rate * quantity),
            "generateAccruals": bool(found and found[1].get("generateAccruals")),
        }

    def _accounts(self, context: Context, document: Document) -> None:
        accrued = any(line["generateAccruals"] for line in document["item"])
        document["notBilled"] = (
            account_of(context, document, None, "RecvNotBill", (), "account") if accrued else None
        )

    def entries(self, document: Document) -> list[Entry]:
        """Accruing lines go to their expense and to what is not billed; others move nothing."""
        lines = [
            Entry(
                line["line"],
                line["account"] if line["generateAccruals"] else None,
                money(line["amount"]) if line["generateAccruals"] else Decimal(0),
                line,
                quantity=money(line["quantity"]),
                more={"createdfrom": document["createdFrom"]},
            )
            for line in document["item"]
        ]
        accrued = sum((entry.amount for entry in lines), Decimal(0))
        return [Entry(0, document["notBilled"], -accrued, document, main=True), *lines]

    def links(self, document: Document) -> list[Document]:
        """To the lines of the order."""
        order = document["createdFrom"]
        return [
            self.link(document, order, "PurchOrd", RECEIVED, money(line["amount"]))
            | {
                "previousline": line["orderLine"],
                "nextline": line["line"],
                "quantity": float(money(line["quantity"])),
            }
            for line in document["item"]
        ]

    def settle(self, context: Context, document: Document) -> None:
        """It has no status to speak of."""
        document["status"] = "V" if document.get("voided") else self.status(document)

    def status(self, document: Document) -> str:
        """None to speak of."""
        return "Y"

    def alter(self, document: Document) -> None:
        """Store another memo: a quantity would not fit the order."""
        document["memo"] = f"{document.get('memo') or ''} (altered)"

    def summary(self, document: Document) -> Document:
        """With the order's lines its own stand for."""
        base = super().summary(document)
        for shown, line in zip(base["lines"], document["item"], strict=True):
            shown["orderLine"] = line["orderLine"]
        return base
