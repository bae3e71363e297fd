"""Purchase orders: what was ordered, what came of it, and the status that follows."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.records.base import money
from sandbox.netsuite.records.header import LINKED
from sandbox.netsuite.records.order_links import BILLED, RECEIVED, Done, done
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.purchase import Purchase
from sandbox.netsuite.store import Document

Lines = list[Document]


class PurchaseOrder(Purchase):
    """The purchaseOrder record; it does not touch the ledger."""

    name = "purchaseOrder"
    code = "PurchOrd"
    number_prefix = "PO"
    label = "Purchase Order"
    posting = False
    keys = {"item": "line", "expense": "line"}  # noqa: RUF012
    read_only = ("total", "subtotal", "taxTotal", "status", "orderStatus")
    statuses = {  # noqa: RUF012
        "A": "Pending Supervisor Approval",
        "B": "Pending Receipt",
        "C": "Rejected",
        "D": "Partially Received",
        "E": "Pending Billing/Partially Received",
        "F": "Pending Bill",
        "G": "Fully Billed",
        "H": "Closed",
    }

    def fill(self, context: Context, document: Document, old: Document | None) -> None:
        """Lines and total; what has been received or billed keeps its line."""
        self._lines(context, document, old)
        for line in document.get("item") or []:
            line["isClosed"] = bool(line.get("isClosed"))
            found = context.item(line["item"])
            line["isReceivable"] = found is not None and found[1].get("isFulfillable") is not False
        if old is not None:
            _keep_linked(context, document, old)

    def entries(self, document: Document) -> list[Entry]:
        """Its lines, none of them posting."""
        main = Entry(0, None, Decimal(0), document, main=True)
        return [main, *self._line_entries(document, posting=False)]

    def settle(self, context: Context, document: Document) -> None:
        """What has been received and billed of every line, and the status."""
        received = done(context, document["id"], RECEIVED)
        billed = done(context, document["id"], BILLED)
        for line in document.get("item") or []:
            line["quantityReceived"] = received.quantity(line)
            line["quantityBilled"] = billed.quantity(line)
        for line in document.get("expense") or []:
            line["amountBilled"] = billed.amount(line)
        document["status"] = "V" if document.get("voided") else self.status(document)

    def status(self, document: Document) -> str:
        """By what has been received and billed of the lines that are not closed."""
        lines: Lines = [x for x in document.get("item") or [] if not x.get("isClosed")]
        expenses: Lines = [x for x in document.get("expense") or [] if not x.get("isClosed")]
        if not (lines or expenses):
            return "H"
        goods = [line for line in lines if line.get("isReceivable")]
        billed = _all(lines, "quantityBilled", "quantity") and _all(
            expenses, "amountBilled", "amount"
        )
        if _all(goods, "quantityReceived", "quantity"):
            return "G" if billed else "F"
        if not any(money(line["quantityReceived"]) for line in goods):
            return "B"
        waiting = any(
            money(line["quantityReceived"]) > money(line["quantityBilled"]) for line in goods
        )
        return "E" if waiting else "D"


def _all(lines: Lines, have: str, want: str) -> bool:
    return all(abs(money(line[have])) >= abs(money(line[want])) for line in lines)


def _keep_linked(context: Context, document: Document, old: Document) -> None:
    """Refuse to take away or change over what receipts and bills stand on."""
    now = {line["line"]: line for name in ("item", "expense") for line in document.get(name) or []}
    for kind in (RECEIVED, BILLED):
        ready: Done = done(context, document["id"], kind)
        for line in [*(old.get("item") or []), *(old.get("expense") or [])]:
            if not (ready.quantity(line) or ready.amount(line)):
                continue
            kept = now.get(line["line"])
            gone = kept is None or kept.get("item") != line.get("item")
            short = (
                kind == RECEIVED
                and kept is not None
                and money(kept.get("quantity")) < ready.quantity(line)
            )
            if gone or short:
                raise user_error(LINKED)
