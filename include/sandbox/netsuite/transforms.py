"""What one record becomes: the draft NetSuite makes of it, and what a request changes in that."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, user_error
from sandbox.netsuite.records.applying import NOT_LISTED
from sandbox.netsuite.records.base import money
from sandbox.netsuite.records.deposit_application import draft_of
from sandbox.netsuite.records.posting import DIMENSIONS
from sandbox.netsuite.store import Document

NOT_ALLOWED = (
    "That type of record transformation is not allowed. Please see the documentation for a list of "
    "supported transformation types"
)
COPIED = ("subsidiary", "currency", "exchangeRate", "department", "class", "location", "memo")
EXPENSE = ("account", "amount", "memo", "department", "class", "location")
LINE = ("item", "quantity", "rate", "amount", "description", "department", "class", "location")
Draft = Callable[[Context, Document], Document]


def draft(context: Context, source: str, target: str, document: Document) -> Document:
    """The target as NetSuite would fill it in; raises Refusal."""
    make = PAIRS.get((source, target))
    if make is None:
        raise user_error(NOT_ALLOWED)
    if document.get("voided"):
        raise wrong_state(document)
    return make(context, document)


def wrong_state(document: Document) -> Exception:
    """The refusal of a source with nothing left to transform."""
    return user_error(f"Invalid reference key [{document['id']}].")


def copied(document: Document) -> Document:
    """What every target takes over from a transaction."""
    kept = {name: document[name] for name in COPIED if document.get(name) is not None}
    return {**kept, "createdFrom": document["id"]}


def _payment_of_invoice(context: Context, invoice: Document) -> Document:
    due = money(invoice["amountRemaining"])
    if due <= 0:
        raise wrong_state(invoice)
    apply = [{"doc": invoice["id"], "line": 0, "apply": True}]
    body = {"customer": invoice["entity"], "arAcct": invoice["account"], "payment": due}
    kept = {k: v for k, v in copied(invoice).items() if k not in ("memo", "createdFrom")}
    return {**kept, **body, "apply": apply}


def _credit_of_invoice(context: Context, invoice: Document) -> Document:
    lines = [
        {name: line[name] for name in (*LINE, "line", "isTaxable") if line.get(name) is not None}
        for line in invoice["item"]
    ]
    body = {"entity": invoice["entity"], "account": invoice["account"], "item": lines}
    return {**copied(invoice), **body}


def _application_of_deposit(context: Context, deposit: Document) -> Document:
    left = money(deposit["unapplied"])
    if left <= 0:
        raise wrong_state(deposit)
    return draft_of(deposit, left)


def _refund_of_deposit(context: Context, deposit: Document) -> Document:
    left = money(deposit["unapplied"])
    if left <= 0:
        raise wrong_state(deposit)
    names = ("customer", "subsidiary", "currency", "exchangeRate")
    kept = {name: deposit[name] for name in names if deposit.get(name) is not None}
    return {**kept, "deposit": [{"doc": deposit["id"], "apply": True, "amount": left}]}


def _receipt_of_order(context: Context, order: Document) -> Document:
    lines = []
    for line in order.get("item") or []:
        left = money(line["quantity"]) - money(line["quantityReceived"])
        if left > 0 and line.get("isReceivable") and not line.get("isClosed"):
            kept = {name: line[name] for name in DIMENSIONS if line.get(name) is not None}
            fixed = {"orderLine": line["line"], "itemReceive": True, "quantity": left}
            lines.append({**kept, **fixed, "item": line["item"]})
    if not lines:
        raise wrong_state(order)
    return {**copied(order), "entity": order["entity"], "item": lines}


def _bill_of_order(context: Context, order: Document) -> Document:
    early = context.settings.bill_in_advance_of_receipt
    lines, expenses = [], []
    for line in order.get("item") or []:
        ready = line["quantity"]
        if not early and line.get("isReceivable"):
            ready = line["quantityReceived"]
        left = money(ready) - money(line["quantityBilled"])
        if left > 0 and not line.get("isClosed"):
            kept = {name: line[name] for name in LINE if line.get(name) is not None}
            changed = {} if left == money(line["quantity"]) else {"quantity": left, "amount": None}
            lines.append({**kept, **changed, **_order_key(order, line)})
    for line in order.get("expense") or []:
        due = money(line["amount"]) - money(line["amountBilled"])
        if due > 0 and not line.get("isClosed"):
            kept = {name: line[name] for name in EXPENSE if line.get(name) is not None}
            expenses.append({**kept, "amount": due, **_order_key(order, line)})
    if not (lines or expenses):
        raise wrong_state(order)
    body = {"entity": order["entity"], "terms": order.get("terms")}
    return {**copied(order), **body, "item": lines, "expense": expenses}


def _order_key(order: Document, line: Document) -> Document:
    return {"orderDoc": order["id"], "orderLine": line["line"]}


def _credit_of_bill(context: Context, bill: Document) -> Document:
    lists = {
        "item": [{n: x[n] for n in LINE if x.get(n) is not None} for x in bill.get("item") or []],
        "expense": [
            {n: x[n] for n in EXPENSE if x.get(n) is not None} for x in bill.get("expense") or []
        ],
    }
    body = {"entity": bill["entity"], "account": bill["account"]}
    due = money(bill["amountRemaining"]) > 0
    apply = [{"doc": bill["id"], "line": 0, "apply": True}] if due else []
    return {**copied(bill), **body, **lists, "apply": apply}


def _for_entity(field: str) -> Draft:
    def make(context: Context, document: Document) -> Document:
        names = ("subsidiary", "currency", "terms")
        kept = {name: document[name] for name in names if document.get(name) is not None}
        if field == "customer":
            kept.pop("terms", None)
        return {**kept, field: document["id"]}

    return make


PAIRS: dict[tuple[str, str], Draft] = {
    ("invoice", "customerPayment"): _payment_of_invoice,
    ("invoice", "creditMemo"): _credit_of_invoice,
    ("customerDeposit", "depositApplication"): _application_of_deposit,
    ("customerDeposit", "customerRefund"): _refund_of_deposit,
    ("purchaseOrder", "itemReceipt"): _receipt_of_order,
    ("purchaseOrder", "vendorBill"): _bill_of_order,
    ("vendorBill", "vendorCredit"): _credit_of_bill,
    ("customer", "invoice"): _for_entity("entity"),
    ("customer", "customerPayment"): _for_entity("customer"),
    ("vendor", "purchaseOrder"): _for_entity("entity"),
    ("vendor", "vendorBill"): _for_entity("entity"),
}


def merged(old: Document, sent: Document, lists: set[str], replace: set[str]) -> Document:
    """A draft with a request's changes.

    A line of the request changes the draft's line it names, by `orderLine`, `line` or `doc`; one
    that names none is added. A sublist in `replace` (lower case) holds the request's lines alone.
    """
    document = {**old}
    for name, value in sent.items():
        if name in lists and isinstance(value, list) and value and name.lower() not in replace:
            document[name] = _lines(old.get(name) or [], value, name)
        else:
            document[name] = value
    return document


def _lines(drafted: list[Document], sent: list[Document], name: str) -> list[Document]:
    lines = [dict(line) for line in drafted]
    for position, line in enumerate(sent):
        found = _named(lines, line, f"{name}.items[{position}]")
        if found is None:
            lines.append(dict(line))
        else:
            _change(found, line)
    return lines


def _named(lines: list[Document], line: Document, path: str) -> Document | None:
    """The drafted line a line of the request means; raises Refusal when there is none such."""
    if "doc" in line:
        return next((one for one in lines if one.get("doc") == line["doc"]), None)
    keys = [line[key] for key in ("orderLine", "line") if line.get(key) is not None]
    if not keys:
        return None
    if any(key != keys[0] for key in keys):
        raise invalid_value(keys[0], "orderLine", f"{path}.orderLine")
    for one in lines:
        if one.get("orderLine", one.get("line")) == keys[0]:
            return one
    raise user_error(NOT_LISTED)


def _change(found: Document, line: Document) -> None:
    """Put a request's values in a drafted line, whose amount follows rate and quantity."""
    worked_out = any(line.get(name) is not None for name in ("quantity", "rate"))
    if worked_out and line.get("amount") is None and found.get("rate") is not None:
        found["amount"] = None
    elif line.get("amount") is not None and line.get("rate") is None:
        found["rate"] = None
    found.update({key: value for key, value in line.items() if key != "line"})
