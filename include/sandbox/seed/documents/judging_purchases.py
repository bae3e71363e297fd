"""What must become of orders, receipts, bills, returns, vendors' credits and adjustments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.seed.documents.doc import ZERO, Body, cents
from sandbox.seed.documents.papers import Key, Papers
from sandbox.seed.documents.rules import (
    ADJUSTMENTS,
    FREIGHT,
    INVENTORY,
    PAYABLE,
    PURCHASE_TAX,
    Posting,
    Unfit,
    Verdict,
    day_of,
    in_cents,
    number,
    rows,
)
from sandbox.seed.judge import GO_LIVE


def _account(papers: Papers, item: Body, subsidiary: str, ordered: bool = False) -> str:
    """The line's own account, else that of its SKU's pricebook entry."""
    sku = papers.rules.skus.get(item.get("skuId") or 0)
    what = f"SKU {sku.code}" if sku else "the line"
    found = item.get("generalLedgerAccount") or (sku.purchase if sku else None)
    return papers.rules.account(found, subsidiary, what, on_item=ordered)


def _lines(papers: Papers, items: list[Body], subsidiary: str, ordered: bool) -> list[Posting]:
    made: list[Posting] = []
    for one in items:
        quantity, cost = number(one.get("quantity"), "quantity"), number(one.get("cost"), "cost")
        made.append((_account(papers, one, subsidiary, ordered), cents(quantity * cost)))
    return made


def _extras(papers: Papers, body: Body, subsidiary: str) -> list[Posting]:
    made: list[Posting] = []
    for field, role in (("taxAmount", PURCHASE_TAX), ("shippingAmount", FREIGHT)):
        amount = in_cents(body.get(field) or 0, field)
        if amount:
            made.append((papers.rules.account(role, subsidiary, field), amount))
    return made


def _live(day: date) -> None:
    if day < GO_LIVE:
        raise Unfit(f"before_go_live: dated {day}")


def purchase_order(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """An order, once something of it was received or billed."""
    if body.get("status") == "Canceled":
        raise Unfit("canceled: the order was canceled")
    named = [
        one
        for kind in ("receipt", "ap_bill")
        for one, held in papers.bodies(kind)
        if one.get("purchaseOrderId") == body["id"]
        and not held
        and one.get("active") is not False
        and one.get("status") != "Canceled"
    ]
    if not named:
        raise Unfit("not_received: nothing of it was received or billed")
    day = day_of(body.get("date"), "date")
    _live(day)
    subsidiary = papers.rules.subsidiary(body.get("businessUnitId"))
    papers.rules.vendor(body.get("vendorId"), subsidiary)
    items = rows(body.get("items"), "items")
    lines = _lines(papers, items, subsidiary, ordered=True)
    if not lines:
        raise Unfit("no_lines: the order has no lines")
    total = sum((amount for _, amount in lines), ZERO)
    return Verdict(True, "", f"{total:.2f}", "purchaseOrder", (), (), day.isoformat(), subsidiary)


def receipt(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A receipt by transform of its order; it books nothing, since items accrue nothing."""
    rules = papers.rules
    day = day_of(body.get("receivedOn"), "receivedOn")
    rules.open(day)
    key, ordered = papers.parent(body.get("purchaseOrderId"), "purchase_order")
    subsidiary = rules.subsidiary(body.get("businessUnitId"))
    if ordered.subsidiary != subsidiary:
        raise Unfit(f"several_subsidiaries: its order is of {ordered.subsidiary}")
    rules.vendor(body.get("vendorId"), subsidiary)
    items = rows(body.get("items"), "items")
    if not any(number(one.get("quantity"), "quantity") for one in items):
        raise Unfit("no_lines: nothing was received")
    _lines(papers, items, subsidiary, ordered=True)
    amount = in_cents(body.get("receiptAmount"), "receiptAmount")
    return Verdict(
        True, "", f"{amount:.2f}", "itemReceipt", (), (), day.isoformat(), subsidiary, (key,)
    )


def ap_bill(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A vendor bill, of its order where it has one."""
    rules = papers.rules
    if body.get("status") == "Canceled":
        raise Unfit("canceled: the bill was canceled")
    day = day_of(body.get("postDate"), "postDate")
    rules.open(day, "ap_locked")
    subsidiary = rules.subsidiary(body.get("businessUnit"))
    rules.vendor(body.get("vendor"), subsidiary)
    parents: tuple[Key, ...] = ()
    if body.get("purchaseOrderId") is not None:
        parents = (papers.parent(body["purchaseOrderId"], "purchase_order")[0],)
    items = rows(body.get("items"), "items")
    gl = _lines(papers, items, subsidiary, ordered=bool(parents))
    for one in rows(body.get("expenseItems"), "expenseItems"):
        rules.same(one.get("businessUnit"), subsidiary)
        account = rules.account(one.get("generalLedgerAccount"), subsidiary, "an expense")
        gl.append((account, in_cents(one.get("amount"), "an expense's amount")))
    gl += _extras(papers, body, subsidiary)
    total = in_cents(body.get("billAmount"), "billAmount")
    if not gl:
        raise Unfit("no_lines: the bill has no lines")
    kept = rules.balanced([*gl, (PAYABLE, -total)], "the bill")
    if not kept:
        raise Unfit("zero_amount: the bill books nothing")
    return Verdict(
        True, "", f"{total:.2f}", "vendorBill", kept, (), day.isoformat(), subsidiary, parents
    )


def vendor_return(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A vendor credit, applied to the bills that the credit naming the return is split over."""
    rules = papers.rules
    if body.get("status") == "Canceled":
        raise Unfit("canceled: the return was canceled")
    day = day_of(body.get("returnDate"), "returnDate")
    rules.open(day, "ap_locked")
    subsidiary = rules.subsidiary(body.get("businessUnitId"))
    rules.vendor(body.get("vendorId"), subsidiary)
    items = [one for one in rows(body.get("items"), "items") if one.get("active") is not False]
    lines = _lines(papers, items, subsidiary, ordered=False) + _extras(papers, body, subsidiary)
    if not lines:
        raise Unfit("no_lines: nothing was returned")
    total = in_cents(body.get("returnAmount"), "returnAmount")
    gl = [(account, -amount) for account, amount in lines]
    kept = rules.balanced([*gl, (PAYABLE, total)], "the return")
    bills = [
        split["inventoryBillId"]
        for credit, held in papers.bodies("ap_credit")
        if credit.get("inventoryReturnId") == body["id"] and not held
        for split in rows(credit.get("splits"), "splits")
        if split.get("active") is not False
    ]
    parents = tuple(dict.fromkeys(papers.parent(one, "ap_bill")[0] for one in bills))
    return Verdict(
        True, "", f"{total:.2f}", "vendorCredit", kept, (), day.isoformat(), subsidiary, parents
    )


def ap_credit(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """The other half of a return, which stands for both."""
    if body.get("status") == "Canceled":
        raise Unfit("canceled: the credit was canceled")
    returned = body.get("inventoryReturnId")
    if returned is None:
        raise Unfit("no_lines: the credit names no return, and no role is set for it")
    key, verdict = papers.parent(returned, "return")
    amount = in_cents(body.get("amount"), "amount")
    return Verdict(
        True, "", f"{amount:.2f}", verdict.becomes, (), (), verdict.day, verdict.subsidiary,
        verdict.parents, key,
    )  # fmt: skip


def adjustment(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A journal entry: what was found more debits the asset, what was found less credits it."""
    rules = papers.rules
    day = day_of(body.get("date"), "date")
    rules.open(day)
    subsidiary = rules.subsidiary(body.get("businessUnitId"))
    gl: list[Posting] = []
    for one in rows(body.get("items"), "items"):
        amount = in_cents(one.get("totalCost"), "totalCost")
        sku = rules.skus.get(one.get("skuId") or 0)
        asset = rules.account((sku and sku.asset) or INVENTORY, subsidiary, "asset")
        offset = rules.account(ADJUSTMENTS, subsidiary, "inventory adjustments")
        gl += [(asset, amount), (offset, -amount)]
    kept = rules.balanced(gl, "the adjustment")
    if not kept:
        raise Unfit("zero_amount: the adjustment books nothing")
    total = sum((amount for _, amount in kept if amount > 0), Decimal(0))
    return Verdict(True, "", f"{total:.2f}", "journalEntry", kept, (), day.isoformat(), subsidiary)
