"""Documents that hold what they should not; some can be posted all the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import Body, Doc
from sandbox.seed.documents.invoices import Line, credit_memo, invoice
from sandbox.seed.documents.payments import bank_deposit, pay, payment
from sandbox.seed.documents.purchase_lines import Want
from sandbox.seed.documents.purchases import bill, order, receipt, wanted
from sandbox.seed.documents.receivables import DENVER, DIAG, FILTER
from sandbox.seed.documents.returns import adjustment
from sandbox.seed.documents.shop import Shop

DAY = date(2026, 10, 8)
HUGE = "123456789012345678901234567890.00"


def _invoice(shop: Shop, case: str, **changes: Any) -> Doc:
    lines = [Line(DIAG), Line(FILTER, Decimal(2))]
    made = invoice(shop, lines, case=f"dirty_{case}", unit=shop.units[DENVER], day=DAY)
    made.body |= changes
    return made


def _first(doc: Doc, name: str = "items") -> Body:
    found: Body = doc.body[name][0]
    return found


def _invoices(shop: Shop) -> None:
    for case, changes in (
        ("items_null", {"items": None}),
        ("items_text", {"items": "see attachment"}),
        ("total_text", {"total": "a lot"}),
        ("total_null", {"total": None}),
        ("total_huge", {"total": HUGE}),
        ("date_null", {"invoiceDate": None}),
        ("date_text", {"invoiceDate": "next Tuesday"}),
        ("customer_text", {"customer": "Acme LLC"}),
        ("configuration_unknown", {"invoiceConfiguration": "LoyaltyInvoice"}),
        ("review_status_unknown", {"reviewStatus": "Archived"}),
        ("tax_rate_text", {"salesTaxCode": {"id": 18050, "name": "Denver", "taxRate": "8%"}}),
    ):
        _invoice(shop, case, **changes)
    one = _invoice(shop, "total_is_a_number")
    one.body["total"] = Decimal(one.body["total"])
    _invoice(shop, "item_null").body["items"].insert(0, None)
    _first(_invoice(shop, "item_total_text"))["total"] = "n/a"
    _first(_invoice(shop, "item_type_unknown"))["type"] = "Bundle"
    _first(_invoice(shop, "item_account_null"))["generalLedgerAccount"] = None
    del _invoice(shop, "business_unit_absent").body["businessUnit"]
    one = _invoice(shop, "item_id_twice")
    one.body["items"][1]["id"] = one.body["items"][0]["id"]
    _invoice(shop, "listed_twice").times = 2
    for case, totals in (
        ("decimals_that_fit", ("10.0040", "9.9960")),
        ("decimals_that_do_not", ("10.0050", "9.9950")),
    ):
        one = _invoice(
            shop, case, total="20.00", balance="20.00", subTotal="20.00", salesTax="0.00"
        )
        for item, total in zip(one.body["items"], totals, strict=True):
            item["total"] = total


def _money(shop: Shop) -> None:
    def paid(case: str) -> Doc:
        sold = invoice(shop, [Line(DIAG)], unit=shop.units[DENVER], day=DAY)
        return pay(shop, sold, case=f"dirty_{case}", day=DAY)

    paid("unapplied_null").body["unappliedAmount"] = None
    _first(paid("applied_text"), "appliedTo")["appliedAmount"] = "all of it"
    paid("applied_item_null").body["appliedTo"].append(None)
    paid("payment_total_huge").body["total"] = HUGE
    paid("payment_type_unknown").body.update(type="Barter", typeId="zz")
    paid("payment_listed_twice").times = 2
    sold = invoice(shop, [Line(DIAG)], unit=shop.units[DENVER], day=DAY)
    payment(shop, sold, Decimal("12.00"), case="dirty_applied_null", day=DAY).body["appliedTo"] = (
        None
    )
    memo = credit_memo(shop, [Line(DIAG)], case="dirty_memo_applied_null", day=DAY)
    memo.body["appliedTo"] = None
    credit_memo(shop, [Line(DIAG)], case="dirty_memo_total_text", day=DAY).body["total"] = "1.2.3"
    bank_deposit(shop, [paid("of_dirty_deposit")], case="dirty_fees_text", fees=Decimal(1)).body[
        "fees"
    ] = "3%"


def _purchases(shop: Shop) -> None:
    unit = shop.units[DENVER]
    want = [Want(FILTER, Decimal(3))]

    def billed(case: str, **changes: Any) -> Doc:
        made = bill(shop, want, case=f"dirty_{case}", unit=unit, day=DAY)
        made.body |= changes
        return made

    billed("bill_without_lines", items=None, expenseItems=None)
    billed("bill_vendor_null", vendor=None)
    billed("bill_post_date_null", postDate=None)
    billed("bill_status_unknown", status="Disputed")
    _first(billed("bill_quantity_text"))["quantity"] = "ten"
    _first(billed("bill_cost_huge"))["cost"] = HUGE
    billed("bill_listed_twice").times = 2
    ordered = order(shop, want, case="dirty_order_of_null_item", unit=unit, day=DAY)
    came = receipt(shop, ordered, wanted(ordered), case="dirty_receipt_item_null", day=DAY)
    came.body["items"].append(None)
    wrong = adjustment(shop, [(FILTER, Decimal(1))], case="dirty_cost_text", unit=unit, day=DAY)
    _first(wrong)["totalCost"] = "unknown"
    adjustment(shop, [(FILTER, Decimal(1))], case="dirty_type_unknown", unit=unit, day=DAY,
               type="Act of God")  # fmt: skip


def awkward(shop: Shop) -> None:
    """Every dirty document."""
    for group in (_invoices, _money, _purchases):
        group(shop)
