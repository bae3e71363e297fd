"""Payments and bank deposits, from plain to awkward; each is named by its case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sandbox.seed.documents import skus
from sandbox.seed.documents.doc import ZERO, Doc, cents
from sandbox.seed.documents.invoices import Line, apply_memo, credit_memo, invoice
from sandbox.seed.documents.payments import (
    apply,
    bank_deposit,
    pay,
    payment,
    refund,
    refund_credit,
)
from sandbox.seed.documents.receivables import BOULDER, DAY, DENVER, DIAG, FILTER
from sandbox.seed.documents.shop import Shop

BATCHLESS = "not_pending: nobody batches it"


def _invoices(shop: Shop, count: int, **words: Any) -> list[Doc]:
    """Invoices of one customer of Denver."""
    unit = shop.units[DENVER]
    customer = words.pop("customer", None) or shop.customer(unit)
    lines = words.pop("lines", [Line(DIAG, Decimal(2)), Line(FILTER, Decimal(3))])
    return [invoice(shop, lines, unit=unit, customer=customer, **words) for _ in range(count)]


def _payments(shop: Shop) -> None:
    for kind in ("Check", "Credit Card", "Cash", "ACH"):
        pay(shop, *_invoices(shop, 1), kind=kind, case=f"paid_by_{kind}")
    pay(shop, *_invoices(shop, 1), share=Decimal("40.00"), case="paid_in_part")
    pay(shop, *_invoices(shop, 3), case="paid_over_three_invoices")
    (first,) = _invoices(shop, 1)
    for share in ("50.00", "75.25"):
        pay(shop, first, share=Decimal(share), case="paid_by_instalments")
    pay(shop, first, case="paid_by_instalments")
    (over,) = _invoices(shop, 1)
    more = payment(shop, over, Decimal(over.body["total"]) + 25, case="overpaid")
    apply(shop, more, over, Decimal(over.body["total"]))
    for kind in ("Bad Debt", "Financing Fee"):
        pay(shop, *_invoices(shop, 1), kind=kind, case="exports_as_journal")
    for _ in range(3):
        (open_,) = _invoices(shop, 1)
        payment(shop, open_, shop.cash(), case="unapplied")
    for _ in range(3):
        (open_,) = _invoices(shop, 1)
        made = payment(shop, open_, Decimal(open_.body["total"]), case="unapplied_later_applied")
        made.hidden["later"] = [[open_.id, open_.body["total"]]]
    (open_,) = _invoices(shop, 1)
    payment(shop, open_, ZERO, kind="Applied Credit", case="zero_of_nothing")


def _credits(shop: Shop) -> None:
    """Credits used by payments of nothing, and money back of every kind."""
    unit = shop.units[DENVER]
    customer = shop.customer(unit)
    (bill,) = _invoices(shop, 1, customer=customer)
    (back,) = _invoices(shop, 1, customer=customer, lines=[Line(DIAG, Decimal(-1))],
                        case="adjustment_negative")  # fmt: skip
    used = payment(shop, bill, ZERO, kind="Applied Credit", case="zero_applies_negative_invoice")
    apply(shop, used, bill, Decimal("60.00"))
    apply(shop, used, back, Decimal("-60.00"))
    memo = credit_memo(shop, [Line(DIAG)], unit=unit, customer=customer, case="memo_used")
    apply_memo(shop, memo, bill, Decimal("30.00"), DAY)
    used = payment(shop, bill, ZERO, kind="Applied Credit", case="zero_applies_credit_memo")
    for target, amount in ((bill, "30.00"), (memo, "-30.00")):
        owed = target.body["balance"]
        apply(shop, used, target, Decimal(amount))
        target.body["balance"] = owed  # the memo's own application has moved it already
    paid = pay(shop, *_invoices(shop, 1), case="refunded_payment")
    refund(shop, paid, Decimal("45.10"), kind="Refund Check", case="refund_of_payment", day=DAY)
    (open_,) = _invoices(shop, 1)
    kept = payment(shop, open_, Decimal("300.00"), case="refunded_deposit", day=date(2026, 10, 5))
    for amount in ("100.00", "200.00"):
        refund(shop, kept, Decimal(amount), kind="Credit Card", case="refund_of_deposit", day=DAY)
    open_memo = credit_memo(shop, [Line(DIAG)], unit=unit, case="memo_refunded", day=DAY)
    refund_credit(shop, open_memo, Decimal("64.00"), kind="Refund Check",
                  case="refund_of_credit_memo")  # fmt: skip
    (below,) = _invoices(shop, 1, lines=[Line(DIAG, Decimal(-2))], case="adjustment_negative")
    refund_credit(shop, below, Decimal("178.00"), kind="Refund Check",
                  case="refund_of_negative_invoice")  # fmt: skip
    (lost,) = _invoices(shop, 1)
    payment(shop, lost, Decimal("-20.00"), case="refund_of_nothing", kind="Refund Check")
    payment(shop, lost, Decimal("-20.00"), case="refund_of_unknown", kind="Refund Check",
            refundedPaymentId=999_999_999)  # fmt: skip


def _must_not_post(shop: Shop) -> None:
    blocked = _invoices(shop, 1, lines=[Line(skus.UNMAPPED, Decimal(2))], case="account_not_mapped")
    failed = pay(shop, *blocked, case="of_blocked_invoice")
    refund(shop, failed, Decimal("10.00"), kind="Refund Check", case="refund_of_blocked_payment")
    good, bad = _invoices(shop, 1)[0], blocked[0]
    unit = shop.units[DENVER]
    customer = next(c for c in shop.special.values() if c.id == bad.body["customer"]["id"])
    good.body["customer"] = bad.body["customer"]
    both = invoice(shop, [Line(skus.INACTIVE)], case="account_inactive", unit=unit,
                   customer=customer)  # fmt: skip
    pay(shop, good, both, case="of_good_and_blocked_invoice")
    old = _invoices(shop, 1, day=date(2025, 12, 20), case="before_go_live")
    pay(shop, *old, day=date(2026, 1, 5), case="of_invoice_before_go_live")
    known = _invoices(shop, 1, day=date(2026, 9, 20), case="exported_before",
                      held="not_pending: exported before", syncStatus="Exported")  # fmt: skip
    pay(shop, *known, day=date(2026, 10, 2), case="of_invoice_exported_before")
    pay(shop, *_invoices(shop, 1), day=date(2027, 1, 8), case="period_ar_locked")
    pay(shop, *_invoices(shop, 1), day=date(2026, 2, 8), case="period_closed")
    other = invoice(shop, [Line(DIAG)], unit=shop.units[BOULDER], zone=1)
    mixed = pay(shop, other, case="of_invoice_in_another_subsidiary")
    mixed.body["businessUnit"] = {"id": unit.id, "name": unit.name}
    (open_,) = _invoices(shop, 1)
    gone = pay(shop, open_, case="of_deleted_invoice")
    open_.body |= {"balance": open_.body["total"], "paidOn": None}
    gone.body["appliedTo"][0]["appliedTo"] = 999_999_998
    stranger = pay(shop, *_invoices(shop, 1), case="customer_missing")
    stranger.body["customer"] = None
    lost = pay(shop, *_invoices(shop, 1), case="account_missing")
    lost.body["generalLedgerAccount"] = None
    pay(shop, *_invoices(shop, 1), case="not_batched", held=BATCHLESS)
    pay(shop, *_invoices(shop, 1), case="deleted", held="not_pending: deleted", active=False)


def _deposits(shop: Shop) -> None:
    def some(count: int) -> list[Doc]:
        return [pay(shop, *_invoices(shop, 1), kind="Check", day=DAY) for _ in range(count)]

    bank_deposit(shop, some(3), case="deposit_without_fees")
    bank_deposit(shop, some(2), fees=Decimal("6.17"), case="deposit_with_fees")
    wrong = bank_deposit(shop, some(2), fees=Decimal("3.00"), case="deposit_of_wrong_gross")
    wrong.body["grossAmount"] += Decimal("10.00")
    wrong.body["netAmount"] += Decimal("10.00")
    uneven = bank_deposit(shop, some(1), fees=Decimal("3.00"), case="deposit_net_off_by_a_cent")
    uneven.body["netAmount"] += Decimal("0.01")
    bank_deposit(shop, some(1), day=date(2026, 2, 3), case="period_closed")
    bank_deposit(shop, some(1), day=date(2027, 1, 9), case="period_ar_locked_is_open_here")
    bank_deposit(shop, some(1), day=date(2025, 12, 30), case="before_go_live")
    bank_deposit(shop, [], day=DAY, case="deposit_of_nothing", netAmount=ZERO)
    other = pay(shop, invoice(shop, [Line(DIAG)], unit=shop.units[BOULDER], zone=1), kind="Cash")
    bank_deposit(shop, [*some(1), other], case="deposit_of_two_subsidiaries")
    both = some(1)
    back = refund(
        shop, both[0], Decimal("12.00"), kind="Credit Card", day=DAY, case="refund_of_payment"
    )
    bank_deposit(shop, [*both, back], case="deposit_with_refund")
    bank_deposit(shop, some(1), case="not_batched", held=BATCHLESS, depositStatus="Open",
                 reviewStatus="NeedsReview", reviewedOn=None)  # fmt: skip


def awkward(shop: Shop) -> None:
    """Every awkward payment and bank deposit."""
    for group in (_payments, _credits, _must_not_post, _deposits):
        group(shop)


def plain_money(shop: Shop, sold: Doc, same: list[Doc]) -> None:
    """What becomes of an ordinary invoice: mostly paid, at once or together with others."""
    rng, total = shop.rng, Decimal(sold.body["balance"])
    fate = rng.random()
    if total <= 0:
        return
    if fate < 0.5:
        pay(shop, sold, *same)
    elif fate < 0.62:
        pay(shop, sold, share=cents(total / rng.randrange(2, 5)))
    elif fate < 0.7:
        payment(shop, sold, shop.cash(50, 400), case="unapplied")
    elif fate < 0.76:
        over = payment(shop, sold, total + shop.cash(5, 50))
        apply(shop, over, sold, total)
    elif fate < 0.8:
        refund(shop, pay(shop, sold), cents(total / 2), kind="Refund Check")
    elif fate < 0.83:
        pay(shop, sold, kind="Bad Debt")


def plain_deposits(shop: Shop) -> None:
    """Bring to the bank, day by day and subsidiary by subsidiary, what was taken in."""
    waiting = [
        one
        for one in shop.made
        if one.type == "payment"
        and one.case == "payment"
        and not one.body["deposit"]
        and one.body["type"] in ("Check", "Credit Card", "Cash")
    ]

    def place(one: Doc) -> tuple[str, str]:
        return one.body["date"], one.body["businessUnit"]["name"]

    for _, group in groupby(sorted(waiting, key=place), key=place):
        if shop.rng.random() < 0.85:
            taken = list(group)
            fees = cents(len(taken) * Decimal("0.35")) if shop.rng.random() < 0.5 else ZERO
            bank_deposit(shop, taken, fees=fees)
