"""Vendor bills of expenses and vendor credits: ledger, refusals, locks, applications."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    COGS,
    CUSTOMER,
    FREIGHT,
    NOT_LISTED,
    OTHER_PAYABLE,
    OUTSIDE,
    REFERRED_TO,
    RESALE,
    SALE,
    SALES_TAX,
    SUITE_TAX,
    TOO_MUCH,
    bill,
    bought,
    held,
    items,
    ledger,
    of_order,
    on_site,
    ordered,
    refused,
    row,
    spent,
    status,
    ticked,
    transformed,
    vendor_credit,
)
from netsuite_site import EAST, OPEN, PAYABLE, RECEIVABLE, RECORD, Site

LINKED = "You cannot update linked transaction lines"


def test_a_bill_of_expenses_debits_their_accounts_and_credits_payables() -> None:
    async def check(site: Site) -> None:
        body = bill(spent(10.1), spent(-2, COGS), tranId="V 1", dueDate="2026-01-31")
        record = (await site.post("vendorBill", body)).id
        assert await ledger(site, record) == {PAYABLE: "-8.1", FREIGHT: "10.1", COGS: "-2"}
        columns = ("type", "status", "tranid", "duedate", "foreigntotal", "foreignamountunpaid")
        assert await row(site, record, *columns) == {
            "type": "VendBill",
            "status": "A",
            "tranid": "V 1",
            "duedate": "1/31/2026",
            "foreigntotal": "8.1",
            "foreignamountunpaid": "8.1",
        }

    on_site(check)


BILLS: dict[str, tuple[Any, str, str]] = {
    "customer": (bill(entity={"id": CUSTOMER}), "entity", "INVALID_CONTENT"),
    "inactive vendor": (bill(entity={"id": "62"}), "Invalid Field Value 62", "USER_ERROR"),
    "vendor elsewhere": (
        bill(entity={"id": "61"}),
        "Invalid combination of entity and subsidiary.",
        "USER_ERROR",
    ),
    "no vendor": (bill(entity=None), "Please enter value(s) for: Vendor.", "USER_ERROR"),
    "no lines": (bill(expense=items()), "at least one line item", "USER_ERROR"),
    "no account": (
        bill({"amount": 5}),
        "Please enter value(s) for: Account.",
        "USER_ERROR",
    ),
    "no amount": (
        bill({"account": {"id": FREIGHT}}),
        "Please enter a value for Amount.",
        "USER_ERROR",
    ),
    "receivables line": (bill(spent(5, RECEIVABLE)), "account", "INVALID_CONTENT"),
    "sale item": (
        bill(expense=None, item=items(bought(1, 5, SALE))),
        "item",
        "INVALID_CONTENT",
    ),
    "negative": (bill(spent(-5)), "The total of this transaction cannot be", "USER_ERROR"),
    "long number": (bill(tranId="x" * 46), "The field tranid contained", "USER_ERROR"),
}


@pytest.mark.parametrize("case", BILLS)
def test_a_bill_is_refused_for(case: str) -> None:
    body, words, code = BILLS[case]

    async def check(site: Site) -> None:
        await refused(await site.post("vendorBill", body), words, code)

    on_site(check)


def test_payables_lock_binds_bills_and_receipts_but_not_receivables() -> None:
    async def check(site: Site) -> None:
        await site.sandbox(f"periods/{OPEN}", {"aplocked": True})
        await refused(await site.post("vendorBill", bill()), OUTSIDE)
        await refused(await site.post("vendorCredit", vendor_credit()), OUTSIDE)
        source = await ordered(site)
        answer = await transformed(site, f"purchaseOrder/{source}", "itemReceipt", of_order())
        await refused(answer, OUTSIDE)
        await site.sandbox(f"periods/{OPEN}", {"aplocked": False, "arlocked": True})
        assert (await site.post("vendorBill", bill())).status == 204

    on_site(check)


def test_an_own_subsidiarys_vendor_serves_its_further_subsidiaries() -> None:
    async def check(site: Site) -> None:
        body = bill(subsidiary={"id": "1"})
        assert (await site.post("vendorBill", body)).status == 204
        derived = (await site.post("vendorBill", bill(subsidiary=None))).id
        assert (await held(site, derived))["subsidiary"] == EAST

    on_site(check)


def test_a_bill_of_another_vendors_order_is_refused() -> None:
    async def check(site: Site) -> None:
        new = {"companyName": "Other", "subsidiary": {"id": EAST}}
        other = {"id": (await site.post("vendor", new)).id}
        source = await ordered(site, bought(2, 10))
        key = {"orderDoc": {"id": source}, "orderLine": 1}
        foreign = bill(entity=other, expense=None, item=items(bought(2, 10, **key)))
        answer = await site.post("vendorBill", foreign)
        await refused(answer, "the entities on the transactions do not match.")
        wrong = bill(expense=None, item=items(bought(2, 10, RESALE, **key)))
        await refused(await site.post("vendorBill", wrong), "Linked items don't match")
        right = bill(expense=None, item=items(bought(2, 10, **key)))
        assert (await site.post("vendorBill", right)).status == 204

    on_site(check)


def test_suite_tax_recalculates_a_bill_unless_overridden() -> None:
    async def check(site: Site) -> None:
        taxed = (await site.post("vendorBill", bill(spent(100)))).id
        assert await ledger(site, taxed) == {PAYABLE: "-108", FREIGHT: "100", SALES_TAX: "8"}
        override = {"taxDetailsOverride": True, "taxDetails": {"items": []}}
        plain = (await site.post("vendorBill", bill(spent(100), **override))).id
        assert await ledger(site, plain) == {PAYABLE: "-100", FREIGHT: "100"}

    on_site(check, SUITE_TAX)


def test_a_vendor_credit_debits_payables_and_is_applied_to_its_bill() -> None:
    async def check(site: Site) -> None:
        owed = (await site.post("vendorBill", bill(spent(100)))).id
        body = vendor_credit(spent(40), apply=items(ticked(owed, 30)))
        record = (await site.post("vendorCredit", body)).id
        assert await ledger(site, record) == {PAYABLE: "40", FREIGHT: "-40"}
        truth = await held(site, record)
        assert (truth["applied"], truth["unapplied"], truth["status"]) == ("30.00", "10.00", "A")
        assert (await held(site, owed))["amount_remaining"] == "70.00"
        await refused(await site.call("DELETE", f"{RECORD}/vendorBill/{owed}"), REFERRED_TO)
        over = vendor_credit(spent(100), apply=items(ticked(owed, 71)))
        await refused(await site.post("vendorCredit", over), TOO_MUCH)

    on_site(check)


def test_a_vendor_credit_cannot_take_from_another_payables_account() -> None:
    async def check(site: Site) -> None:
        owed = (await site.post("vendorBill", bill(account={"id": OTHER_PAYABLE}))).id
        body = vendor_credit(spent(5), apply=items(ticked(owed, 5)))
        await refused(await site.post("vendorCredit", body), NOT_LISTED)

    on_site(check)


def test_a_bill_becomes_a_credit_that_pays_it() -> None:
    async def check(site: Site) -> None:
        owed = (await site.post("vendorBill", bill(spent(100)))).id
        body = {"tranDate": "2026-01-21", "autoApply": False}
        record = (await transformed(site, f"vendorBill/{owed}", "vendorCredit", body)).id
        assert (await held(site, record))["applied"] == "100.00"
        assert await status(site, owed) == "B"

    on_site(check)


def test_vendors_own_numbers_may_repeat_across_vendors_and_are_noted_within_one() -> None:
    async def check(site: Site) -> None:
        new = {"companyName": "Other", "subsidiary": {"id": EAST}}
        other = {"id": (await site.post("vendor", new)).id}
        bodies = (bill(tranId="9"), bill(tranId="9", entity=other), bill(tranId="9"))
        records = [(await site.post("vendorBill", body)).id for body in bodies]
        noted = [(await held(site, one))["duplicate_number"] for one in records]
        assert noted == [False, False, True]

    on_site(check)
