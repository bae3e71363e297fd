"""Purchasing and inventory, from plain to awkward; each document is named by its case."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.seed.documents import skus
from sandbox.seed.documents.doc import ZERO, Doc, money
from sandbox.seed.documents.purchase_lines import Want
from sandbox.seed.documents.purchases import bill, of_receipt, order, receipt, wanted
from sandbox.seed.documents.receivables import BOULDER, BY_HAND, DENVER
from sandbox.seed.documents.returns import adjustment, ap_credit, ap_payment, vendor_return
from sandbox.seed.documents.shop import Shop

COPPER, FILTER, WIRE = (skus.BY_CODE[code] for code in ("CU-34", "FILT-20", "WIRE-12"))
LOCAL = ("Rocky Mountain HVAC Supply", "Front Range Plumbing Wholesale",
         "Mile High Electric Supply", "Ferguson Branch 12", "Håndværk & Söhne <GmbH>")  # fmt: skip
BATCHLESS = "not_pending: nobody batches it"


def _order(shop: Shop, case: str, **words: Any) -> Doc:
    wants = [Want(COPPER, Decimal(20)), Want(FILTER, Decimal(12)), Want(WIRE, Decimal(250))]
    words.setdefault("unit", shop.units[DENVER])
    return order(shop, wants, case=case, **words)


def _whole(shop: Shop, case: str, **words: Any) -> tuple[Doc, Doc, Doc]:
    """An order, all of it received, all of that billed."""
    ordered = _order(shop, f"order_{case}", **words)
    received = receipt(shop, ordered, wanted(ordered), case=f"receipt_{case}")
    billed = bill(shop, of_receipt(received), ordered=ordered, received=received,
                  case=f"bill_{case}")  # fmt: skip
    return ordered, received, billed


def _orders(shop: Shop) -> None:
    _order(shop, "order_not_received")
    _order(shop, "order_canceled", status="Canceled")
    for vendor in LOCAL:
        _whole(shop, f"of {vendor}", vendor=vendor)
    ordered = _order(shop, "order_part_received")
    part = receipt(shop, ordered, wanted(ordered, Decimal("0.5")), case="receipt_of_half")
    bill(shop, of_receipt(part), ordered=ordered, received=part, case="bill_of_half")
    ordered = _order(shop, "order_in_two_receipts")
    for _ in range(2):
        half = receipt(shop, ordered, wanted(ordered, Decimal("0.5")), case="receipt_one_of_two")
        bill(shop, of_receipt(half), ordered=ordered, received=half, case="bill_one_of_two")
    ordered = _order(shop, "order_billed_once_for_two_receipts")
    halves = [receipt(shop, ordered, wanted(ordered, Decimal("0.5")), case="receipt_one_of_two")
              for _ in range(2)]  # fmt: skip
    wants = [one for half in halves for one in of_receipt(half)]
    bill(shop, wants, ordered=ordered, received=halves[0], case="bill_of_two_receipts")
    halves[1].body["billId"] = halves[0].body["billId"]
    ordered = _order(shop, "order_one_line_received")
    receipt(shop, ordered, wanted(ordered)[:1], case="receipt_of_one_line")
    ordered = _order(shop, "order_over_received")
    more = receipt(shop, ordered, wanted(ordered, Decimal("1.5")), case="receipt_of_too_much")
    bill(shop, of_receipt(more), ordered=ordered, received=more, case="bill_of_too_much")
    ordered = _order(shop, "order_lacking_a_line")
    other = [*wanted(ordered), Want(skus.BY_CODE["CAP-45"], Decimal(2))]
    odd = receipt(shop, ordered, other, case="receipt_of_a_line_not_ordered")
    bill(shop, of_receipt(odd), ordered=ordered, received=odd, case="bill_of_a_line_not_ordered")
    ordered = _order(shop, "order_billed_before_receipt")
    bill(shop, wanted(ordered), ordered=ordered, case="bill_before_receipt")


def _bills(shop: Shop) -> None:
    ordered = _order(shop, "order_of_dearer_bill")
    received = receipt(shop, ordered, wanted(ordered), case="receipt_of_dearer_bill")
    bill(shop, of_receipt(received, Decimal("0.75")), ordered=ordered, received=received,
         case="bill_costs_differ")  # fmt: skip
    ordered = _order(shop, "order_with_tax", tax=Decimal("31.20"), shipping=Decimal("18.00"))
    received = receipt(shop, ordered, wanted(ordered), case="receipt_with_tax",
                       tax=Decimal("31.20"), shipping=Decimal("18.00"))  # fmt: skip
    bill(shop, of_receipt(received), ordered=ordered, received=received, tax=Decimal("31.20"),
         shipping=Decimal("18.00"), case="bill_with_tax_and_shipping")  # fmt: skip
    unit = shop.units[DENVER]
    rent: dict[str, Any] = {"unit": unit, "vendor": "Larimer Properties"}
    bill(shop, expenses=[("6040", Decimal("4200.00"))], case="bill_of_rent", **rent)
    two = [("6060", Decimal("310.15")), ("6010", Decimal("42.50"))]
    bill(shop, expenses=two, tax=Decimal("28.90"), case="bill_of_two_expenses", unit=unit)
    bill(shop, [Want(COPPER, Decimal(5))], case="bill_of_items_without_order", unit=unit)
    bill(shop, [Want(FILTER, Decimal(4), account=False)], case="bill_account_from_the_pricebook",
         unit=unit)  # fmt: skip
    same = bill(shop, expenses=two, case="bill_of_vendor_number_used_twice", unit=unit)
    bill(shop, expenses=two, case="bill_of_vendor_number_used_twice", unit=unit,
         vendorNumber=same.body["vendorNumber"])  # fmt: skip
    bill(shop, expenses=two, case="bill_without_vendor_number", unit=unit, vendorNumber=None)
    ap_payment(shop, same, date(2026, 10, 28))
    bill(shop, expenses=two, case="period_ap_locked", unit=unit, day=date(2027, 2, 3))
    bill(shop, expenses=two, case="period_ar_locked_is_open_here", unit=unit,
         day=date(2027, 1, 20))  # fmt: skip
    bill(shop, expenses=two, case="before_go_live", unit=unit, day=date(2025, 12, 12))
    bill(shop, expenses=two, case="bill_canceled", unit=unit, status="Canceled",
         dateCanceled="2026-10-20T17:00:00.0000000Z")  # fmt: skip
    bill(shop, expenses=two, case="not_batched", unit=unit, held=BATCHLESS, status="Unreconciled")
    bill(shop, [Want(skus.NO_ACCOUNT, Decimal(2), account=False)], case="account_of_sku_missing",
         unit=unit)  # fmt: skip
    bill(shop, expenses=[("8888", Decimal("10.00"))], case="account_not_mapped", unit=unit)
    bill(shop, expenses=two, case="business_unit_not_mapped", unit=shop.units[BY_HAND])
    split = bill(shop, expenses=two, case="line_of_another_subsidiary", unit=unit)
    other = shop.units[BOULDER]
    split.body["expenseItems"][1]["businessUnit"] = {"id": other.id, "name": other.name}
    wrong = bill(shop, expenses=two, case="total_off_by_a_cent", unit=unit)
    wrong.body["billAmount"] = money(Decimal(wrong.body["billAmount"]) + Decimal("0.01"))
    for vendor in ("Corner Hardware", "Pueblo Tool Rental", "Old Boiler Parts", "Twin Peaks Parts",
                   "Albany Sheet Metal"):  # fmt: skip
        bill(shop, expenses=two, case=f"vendor {vendor}", unit=unit, vendor=vendor)
    rent["unit"] = shop.units[BOULDER]
    bill(shop, expenses=[("6040", Decimal("10.00"))], case="vendor_of_other_subsidiary", **rent)


def _parents(shop: Shop) -> None:
    """Orders that fail, with what hangs on them."""
    _whole(shop, "of unknown vendor", vendor="Corner Hardware")
    old = _order(shop, "order_before_go_live", day=date(2025, 12, 18))
    late = receipt(shop, old, wanted(old), case="receipt_after_go_live", day=date(2026, 1, 6))
    bill(shop, of_receipt(late), ordered=old, received=late, day=date(2026, 1, 8),
         case="bill_after_go_live")  # fmt: skip
    odd = order(shop, [Want(skus.NO_ACCOUNT, Decimal(4))], case="order_of_sku_without_account",
                unit=shop.units[DENVER])  # fmt: skip
    receipt(shop, odd, [Want(skus.NO_ACCOUNT, Decimal(4), order_line=odd.body["items"][0]["id"],
                             account=False)], case="receipt_of_sku_without_account")  # fmt: skip
    ordered = _order(shop, "order_received_twice_once_deleted")
    receipt(shop, ordered, wanted(ordered), case="receipt_deleted", active=False,
            held="not_pending: deleted")  # fmt: skip
    receipt(shop, ordered, wanted(ordered), case="receipt_again")
    lost = receipt(shop, ordered, [], case="receipt_of_unknown_order")
    lost.body["purchaseOrderId"] = 999_999_997
    ordered = _order(shop, "order_not_batched")
    receipt(shop, ordered, wanted(ordered), case="not_batched", held=BATCHLESS)


def _returns(shop: Shop) -> None:
    ordered, received, billed = _whole(shop, "then returned")
    some = [Want(COPPER, Decimal(3), receipt_line=of_receipt(received)[0].receipt_line)]
    for applied, case in ((Decimal("10.00"), "part_applied"), (Decimal("21.45"), "applied"),
                          (ZERO, "open")):  # fmt: skip
        back = vendor_return(shop, some, ordered=ordered, case=f"return_{case}")
        ap_credit(shop, back, billed=billed if applied else None, applied=applied,
                  case=f"credit_{case}")  # fmt: skip
    unit = shop.units[DENVER]
    vendor_return(shop, some, unit=unit, case="return_without_credit")
    taxed = vendor_return(shop, some, unit=unit, case="return_with_tax", tax=Decimal("1.89"))
    ap_credit(shop, taxed, case="credit_with_tax")
    bare = [Want(FILTER, Decimal(1), account=False)]
    vendor_return(shop, bare, unit=unit, case="return_account_from_the_pricebook")
    ap_credit(shop, None, amount=Decimal("75.00"), case="credit_without_return")
    gone = vendor_return(shop, some, unit=unit, case="return_canceled", status="Canceled",
                         canceledReason="VendorIssue")  # fmt: skip
    ap_credit(shop, gone, case="credit_canceled", status="Canceled")
    gone.body["status"] = "Canceled"
    vendor_return(shop, some, unit=unit, case="not_returned_yet", status="Pending",
                  returnedOn=None, held=BATCHLESS)  # fmt: skip
    vendor_return(shop, some, unit=unit, case="period_ap_locked", day=date(2027, 2, 9))
    vendor_return(shop, some, unit=unit, case="vendor_missing", vendor="Corner Hardware")
    _, _, blocked = _whole(shop, "blocked, then returned", vendor="Old Boiler Parts")
    back = vendor_return(shop, some, unit=unit, case="return_of_blocked_bill")
    ap_credit(shop, back, billed=blocked, applied=Decimal("5.00"), case="credit_of_blocked_bill")


def _adjustments(shop: Shop) -> None:
    unit = shop.units[DENVER]
    for moves, case in (
        ([(COPPER, Decimal(4))], "adjustment_up"),
        ([(COPPER, Decimal(-3)), (FILTER, Decimal(-2))], "adjustment_down"),
        ([(COPPER, Decimal(2)), (FILTER, Decimal(-5))], "adjustment_both_ways"),
        ([(COPPER, Decimal(5)), (COPPER, Decimal(-5))], "adjustment_nets_to_zero"),
        ([(COPPER, Decimal(0))], "adjustment_of_nothing"),
        ([], "adjustment_without_lines"),
    ):
        adjustment(shop, moves, case=case, unit=unit)
    move = [(COPPER, Decimal(1))]
    adjustment(shop, move, case="business_unit_not_mapped", unit=shop.units[BY_HAND])
    adjustment(shop, move, case="business_unit_missing", businessUnitId=None)
    adjustment(shop, move, case="period_closed", day=date(2026, 2, 20))
    adjustment(shop, move, case="before_go_live", day=date(2025, 12, 31))
    adjustment(shop, move, case="not_batched", held=BATCHLESS)
    adjustment(shop, move, case="adjustment_deleted", active=False, held="not_pending: deleted")
    adjustment(shop, [(skus.BY_CODE["HP-3TON"], Decimal(-1))], case="adjustment_down", unit=unit)


def awkward(shop: Shop) -> None:
    """Every awkward document of purchasing and inventory."""
    for group in (_orders, _bills, _parents, _returns, _adjustments):
        group(shop)


def plain_purchase(shop: Shop) -> None:
    """An ordinary order with what comes of it, a standalone bill, or a count."""
    rng = shop.rng
    unit = shop.units[BOULDER] if rng.random() < 0.15 else shop.units[DENVER]
    fate = rng.random()
    if fate < 0.15:
        expenses = [(rng.choice(("6010", "6020", "6030", "6060")), shop.cash())]
        bill(shop, expenses=expenses, unit=unit, vendor=rng.choice(LOCAL))
        return
    if fate < 0.25:
        moves = [(rng.choice(skus.STOCK), Decimal(rng.choice((-2, -1, 1, 3))))]
        adjustment(shop, moves, unit=unit)
        return
    picked = rng.sample((*skus.STOCK, *skus.PARTS), rng.randrange(1, 5))
    wants = [Want(one, Decimal(2 * rng.randrange(1, 20))) for one in picked]
    ordered = order(shop, wants, unit=unit, vendor=rng.choice(LOCAL))
    if fate < 0.32:
        return
    day = date.fromisoformat(ordered.body["date"][:10]) + timedelta(days=rng.randrange(3))
    for share in (Decimal("0.5"),) * 2 if fate < 0.5 else (Decimal(1),):
        came = receipt(shop, ordered, wanted(ordered, share), day=day)
        if fate < 0.9:
            shipping = shop.cash(5, 30) if rng.random() < 0.3 else ZERO
            billed = bill(shop, of_receipt(came), ordered=ordered, received=came,
                          shipping=shipping)  # fmt: skip
    if 0.85 < fate < 0.9:
        back = vendor_return(shop, of_receipt(came)[:1], ordered=ordered, day=shop.later(day))
        ap_credit(shop, back, billed=billed, applied=min(
            back.body["returnAmount"], Decimal(billed.body["billAmount"])))  # fmt: skip
