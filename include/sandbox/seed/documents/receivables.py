"""Invoices and credit memos, from plain to awkward; each is named by its case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.seed.documents import skus
from sandbox.seed.documents.doc import Doc
from sandbox.seed.documents.invoices import (
    CONFIGURATIONS,
    Line,
    apply_memo,
    credit_memo,
    invoice,
)
from sandbox.seed.documents.shop import Shop

DENVER, BOULDER, BY_HAND = "Denver Home Services", "Boulder Electric", "Denver Maintenance"
DIAG = skus.BY_CODE["DIAG-1"]
COPPER = skus.BY_CODE["CU-34"]
FILTER = skus.BY_CODE["FILT-20"]
DAY = date(2026, 10, 13)


def lines(shop: Shop) -> list[Line]:
    """What an ordinary job sells: work, some parts, now and then a machine or a discount."""
    rng = shop.rng
    made = [Line(rng.choice(skus.SERVICES), Decimal(rng.choice(("1", "1", "2", "1.5"))))]
    for sku in rng.sample((*skus.STOCK, *skus.PARTS), rng.randrange(3)):
        made.append(Line(sku, Decimal(rng.randrange(1, 9))))
    if rng.random() < 0.15:
        made.append(Line(rng.choice(skus.EQUIPMENT_SKUS)))
    if rng.random() < 0.2:
        made.append(Line(skus.DISCOUNT, price=-shop.cash(5, 40)))
    return made


def plain_invoice(shop: Shop, like: Doc | None = None) -> Doc:
    """An ordinary invoice, of the same customer as another where one is given."""
    unit, customer = shop.unit(), None
    if like is not None:
        unit = shop.units[like.body["businessUnit"]["name"]]
        customer = shop.special[like.body["customer"]["name"]]
    zone = 1 if unit.name == BOULDER else shop.rng.choice((0, 0, 0, 2))
    return invoice(shop, lines(shop), unit=unit, customer=customer, zone=zone)


def plain_credit(shop: Shop, sold: Doc) -> None:
    """Something off an invoice: by a credit memo applied to it, or by an invoice below zero."""
    like: dict[str, Any] = {
        "unit": shop.units[sold.body["businessUnit"]["name"]],
        "customer": shop.special[sold.body["customer"]["name"]],
        "day": shop.later(date.fromisoformat(sold.body["invoiceDate"][:10])),
        "zone": 2,
    }
    off = [Line(DIAG, price=min(Decimal("40.00"), abs(Decimal(sold.body["balance"]))))]
    if shop.rng.random() < 0.5:
        back = [Line(off[0].sku, Decimal(-1), off[0].price)]
        invoice(shop, back, case="plain", adjustmentToId=sold.id, **like)
        return
    memo = credit_memo(shop, off, case="plain", **like)
    if Decimal(sold.body["balance"]) > 0:
        apply_memo(shop, memo, sold, memo.body["balance"], like["day"])


def _kinds(shop: Shop) -> None:
    """Every configuration, tax of every mixture, lines of every sign."""
    for configuration in CONFIGURATIONS:
        case = f"configuration_{configuration}"
        invoice(shop, lines(shop), case=case, configuration=configuration)
    mixed = [Line(DIAG, taxable=True), Line(COPPER, Decimal(3), taxable=False), Line(FILTER)]
    invoice(shop, mixed, case="tax_mixed")
    invoice(shop, [Line(DIAG), Line(FILTER)], case="tax_none", zone=2)
    third = [Line(skus.BY_CODE["WIRE-12"], Decimal("33.3333333333333333333")) for _ in range(3)]
    invoice(shop, third, case="quantities_of_19_decimals")
    unit = shop.units[BOULDER]
    invoice(shop, [Line(skus.ELECTRICAL)], case="account_in_its_subsidiary", unit=unit, zone=1)
    invoice(shop, [Line(DIAG) for _ in range(120)], case="lines_120")
    html = '<script>alert("x")</script><p>Replaced &amp; tested \u202eabc 東京 🔧</p>'
    invoice(shop, lines(shop), case="html_summary", summary=html)
    name = '=HYPERLINK("http://example.com","Pay")'
    special = shop.special[name]
    invoice(shop, lines(shop), case="formula_customer", unit=shop.units[DENVER], customer=special)
    for last in (date(2026, 10, 31), date(2026, 1, 1)):
        invoice(shop, lines(shop), case=f"dated_{last}", day=last)
    invoice(shop, [Line(DIAG, account=None)], case="account_from_the_pricebook")
    late = invoice(shop, lines(shop), case="stamp_with_a_time_of_day", day=date(2026, 10, 31))
    late.body["invoiceDate"] = "2026-11-01T04:30:00.0000000Z"


def _adjustments(shop: Shop) -> None:
    """Invoices below and at zero; the first takes back part of another."""
    unit = shop.units[DENVER]
    for quantity in (-1, -2):
        first = invoice(shop, [Line(DIAG, Decimal(3)), Line(FILTER, Decimal(2))], unit=unit)
        customer = next(c for c in shop.special.values() if c.id == first.body["customer"]["id"])
        back = [Line(DIAG, Decimal(quantity)), Line(FILTER, Decimal(-1))]
        invoice(
            shop, back, case="adjustment_negative", unit=unit, customer=customer,
            adjustmentToId=first.id,
        )  # fmt: skip
    invoice(shop, [Line(FILTER, Decimal(1)), Line(DIAG, Decimal(-2))], case="negative_mixed_signs")
    more = [Line(DIAG, Decimal(1)), Line(skus.DISCOUNT, price=Decimal("-9.00"))]
    invoice(shop, more, case="adjustment_positive", adjustmentToId=shop.made[0].id)
    invoice(shop, [Line(DIAG, price=Decimal(0))], case="zero_line_only")
    invoice(shop, [Line(DIAG), Line(DIAG, Decimal(-1))], case="zero_every_account_nets_to_zero")
    invoice(shop, [], case="zero_without_lines")
    free = [Line(DIAG), Line(skus.DISCOUNT, price=-DIAG.price)]
    invoice(shop, free, case="zero_total_accounts_differ", unit=unit, zone=2)


def _must_not_post(shop: Shop) -> None:
    """What blocks an invoice, one reason each."""
    unit = shop.units[DENVER]
    for sku, case in (
        (skus.UNMAPPED, "account_not_mapped"),
        (skus.INACTIVE, "account_inactive"),
        (skus.TO_BANK, "account_refused_on_items"),
        (skus.NO_ACCOUNT, "account_of_sku_missing"),
        (skus.NO_NUMBER, "account_without_number"),
        (skus.ELECTRICAL, "account_not_in_subsidiary"),
    ):
        invoice(shop, [Line(DIAG), Line(sku)], case=case, unit=unit)
    invoice(shop, lines(shop), case="business_unit_not_mapped", unit=shop.units[BY_HAND],
            customer=shop.customer(unit))  # fmt: skip
    invoice(shop, lines(shop), case="business_unit_missing", unit=unit, businessUnit=None)
    other = Line(DIAG, unit=shop.units[BOULDER])
    invoice(shop, [Line(DIAG), other], case="line_of_another_subsidiary", unit=unit)
    gone = {"id": 999_999_999, "name": "Gone For Good"}
    invoice(shop, lines(shop), case="customer_deleted", unit=unit).body["customer"] = gone
    invoice(shop, lines(shop), case="customer_missing", unit=unit).body["customer"] = None
    wrong = invoice(shop, lines(shop), case="total_off_by_a_cent", unit=unit)
    wrong.body["total"] = f"{Decimal(wrong.body['total']) + Decimal('0.01')}"


def _dates(shop: Shop) -> None:
    for day, case in (
        (date(2026, 2, 14), "period_closed"),
        (date(2026, 3, 10), "period_locked"),
        (date(2027, 1, 12), "period_ar_locked"),
        (date(2027, 2, 12), "period_ap_locked_is_open_here"),
        (date(2028, 1, 15), "period_missing"),
        (date(2025, 12, 31), "before_go_live"),
    ):
        invoice(shop, [Line(DIAG)], case=case, day=day)


def _states(shop: Shop) -> None:
    for _ in range(3):
        held = "not_pending: nobody batches it"
        invoice(shop, lines(shop), case="not_batched", held=held, reviewStatus="OnHold")
        held = "not_pending: exported before"
        old = {"id": 300_000_001, "number": "7001", "name": "AR 09/30/2026"}
        invoice(shop, lines(shop), case="exported_before", held=held, syncStatus="Exported",
                batch=old, exportId="88001", day=date(2026, 9, 29))  # fmt: skip
    held = "not_pending: deleted"
    invoice(shop, lines(shop), case="deleted", held=held, active=False)


def _people(shop: Shop) -> None:
    """Customers of awkward names, merged ones, and those NetSuite knows from before."""
    unit = shop.units[DENVER]
    for name in ("Merged Once", "Merged Twice", "Mountain Lodge 2021", "Mountain Lodge 2022",
                 "Hudson Diner", "Cher", "Lovelace, Ada", "李 小龍",
                 "O'Brien & Söhne <b>GmbH</b>"):  # fmt: skip
        case = "customer_merged" if name.startswith("Merged") else f"customer_{name}"
        invoice(shop, lines(shop), case=case, unit=unit, customer=shop.special[name])


def _memos(shop: Shop) -> None:
    """Credit memos: not applied, partly, wholly, over two invoices, and what blocks one."""
    unit, rng = shop.units[DENVER], shop.rng
    for parts, case in ((0, "memo_open"), (1, "memo_part_applied"), (1, "memo_applied"),
                        (2, "memo_over_two_invoices")):  # fmt: skip
        customer = shop.customer(unit)
        day = shop.day()
        memo = credit_memo(shop, [Line(FILTER, Decimal(2)), Line(DIAG)], case=case, unit=unit,
                           customer=customer, day=day)  # fmt: skip
        for place in range(parts):
            first = invoice(shop, [Line(DIAG, Decimal(4))], unit=unit, customer=customer, day=day)
            share = memo.body["balance"] if place == parts - 1 else Decimal("40.00")
            if case == "memo_part_applied":
                share = Decimal("25.50")
            apply_memo(shop, memo, first, share, shop.later(day))
    blocked = invoice(shop, [Line(skus.UNMAPPED, Decimal(3))], case="account_not_mapped", unit=unit)
    customer = next(c for c in shop.special.values() if c.id == blocked.body["customer"]["id"])
    memo = credit_memo(shop, [Line(DIAG)], case="memo_of_blocked_invoice", unit=unit,
                       customer=customer)  # fmt: skip
    apply_memo(shop, memo, blocked, Decimal("50.00"), DAY)
    credit_memo(shop, [Line(skus.UNMAPPED)], case="account_not_mapped", unit=unit)
    credit_memo(shop, [Line(DIAG)], case="before_go_live", day=date(2025, 11, 3))
    credit_memo(shop, [Line(DIAG)], case="period_ar_locked", day=date(2027, 1, 4))
    held = "not_pending: nobody batches it"
    credit_memo(shop, [Line(DIAG)], case="not_batched", held=held)
    credit_memo(shop, [Line(rng.choice(skus.STOCK), Decimal(3))], case="memo_open", zone=2)


GROUPS: tuple[Callable[[Shop], None], ...] = (
    _kinds, _adjustments, _must_not_post, _dates, _states, _people, _memos,
)  # fmt: skip


def awkward(shop: Shop) -> None:
    """Every awkward invoice and credit memo."""
    for group in GROUPS:
        group(shop)
