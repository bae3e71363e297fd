"""What must become of invoices and credit memos."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import Body
from sandbox.seed.documents.papers import Papers
from sandbox.seed.documents.rules import (
    INVENTORY,
    RECEIVABLE,
    TAX,
    Posting,
    Rules,
    Unfit,
    Verdict,
    day_of,
    in_cents,
    rows,
)


def _account(rules: Rules, item: Body, field: str, subsidiary: str) -> str:
    """The line's account, else that of its SKU in the pricebook."""
    found = item.get(field)
    sku = rules.skus.get(item.get("skuId") or 0)
    what = f"SKU {sku.code}" if sku else "the line"
    return rules.account(found or (sku.income if sku else None), subsidiary, what, on_item=True)


def _sold(rules: Rules, items: list[Body], field: str, subsidiary: str) -> list[Posting]:
    made: list[Posting] = []
    for item in items:
        rules.same(item.get("businessUnit"), subsidiary)
        amount = in_cents(item.get("total"), "a line's total")
        if amount:
            made.append((_account(rules, item, field, subsidiary), -amount))
    return made


def _header(total: Decimal, tax: Decimal, lines: list[Posting]) -> list[Posting]:
    """The document's postings as an invoice; a credit memo's are turned round."""
    made = [(RECEIVABLE, total), *lines]
    if tax:
        made.append((TAX, -tax))
    return made


def _cost_of_sales(rules: Rules, items: list[Body], subsidiary: str) -> tuple[Posting, ...]:
    made: list[Posting] = []
    for item in items:
        cost = in_cents(item.get("totalCost") or "0", "a line's cost")
        if item.get("inventory") is True and cost:
            account = rules.account(item.get("costOfSaleAccount"), subsidiary, "cost of sale")
            asset = rules.account(item.get("assetAccount") or INVENTORY, subsidiary, "asset")
            made += [(account, cost), (asset, -cost)]
    return rules.balanced(made, "cost of sales")


def invoice(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """An invoice, a credit memo when its total is negative, nothing when all of it is zero."""
    rules = papers.rules
    day = day_of(body.get("invoiceDate"), "invoiceDate")
    rules.open(day, "ar_locked")
    subsidiary = rules.subsidiary(body.get("businessUnit"))
    rules.customer(body.get("customer"), subsidiary)
    items = rows(body.get("items"), "items")
    total = in_cents(body.get("total"), "total")
    tax = in_cents(body.get("salesTax"), "salesTax")
    lines = _sold(rules, items, "generalLedgerAccount", subsidiary)
    if not lines and (total or tax):
        raise Unfit("no_lines: the invoice has no lines")
    gl = rules.balanced(_header(total, tax, lines), "the invoice")
    if not total and not gl:
        raise Unfit("zero_amount: every account nets to zero; marked exported and skipped")
    becomes = "creditMemo" if total < 0 else "invoice"
    cogs = _cost_of_sales(rules, items, subsidiary)
    return Verdict(True, "", f"{abs(total):.2f}", becomes, gl, cogs, day.isoformat(), subsidiary)


def credit_memo(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A credit memo, applied to the invoices it names, which must be there first."""
    rules = papers.rules
    day = day_of(body.get("date"), "date")
    rules.open(day, "ar_locked")
    subsidiary = rules.subsidiary(body.get("businessUnit"))
    customer = rules.customer(body.get("customer"), subsidiary)
    items = rows(hidden.get("items"), "items")
    total = in_cents(body.get("total"), "total")
    tax = in_cents(body.get("salesTax"), "salesTax")
    lines = _sold(rules, items, "revenueGeneralLedgerAccount", subsidiary)
    gl = rules.balanced(_header(total, tax, lines), "the credit memo")
    if not gl:
        raise Unfit("zero_amount: every account nets to zero")
    parents = applied(papers, body, subsidiary, customer)
    turned = tuple((account, -amount) for account, amount in gl)
    return Verdict(
        True, "", f"{total:.2f}", "creditMemo", turned, (), day.isoformat(), subsidiary, parents
    )


def applied(
    papers: Papers, body: Body, subsidiary: str, customer: int, *more: str
) -> tuple[tuple[str, int], ...]:
    """The documents it is applied to: of the same customer and subsidiary, and in NetSuite."""
    found: list[tuple[str, int]] = []
    for one in rows(body.get("appliedTo"), "appliedTo"):
        in_cents(one.get("appliedAmount"), "appliedAmount")
        key, verdict = papers.parent(one.get("appliedTo"), "invoice", *more)
        if verdict.subsidiary != subsidiary:
            raise Unfit(f"several_subsidiaries: {key[0]} {key[1]} is of {verdict.subsidiary}")
        theirs: Any = papers.body(*key)
        if papers.rules.customer(theirs.get("customer"), subsidiary) != customer:
            raise Unfit(f"customer_missing: {key[0]} {key[1]} is another customer's")
        found.append(key)
    return tuple(dict.fromkeys(found))
