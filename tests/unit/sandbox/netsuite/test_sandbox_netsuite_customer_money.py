"""Payments, deposits, their applications and refunds: ledger, remainders and refusals."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    CUSTOMER,
    DEPOSITS,
    EXPENSE,
    NOT_LISTED,
    OTHER_RECEIVABLE,
    OUTSIDE,
    REFERRED_TO,
    TOO_MUCH,
    UNDEPOSITED,
    applying,
    credit,
    deposit,
    held,
    invoice,
    items,
    ledger,
    on_site,
    patched,
    payment,
    refund,
    refused,
    row,
    shown,
    sold,
    ticked,
    transformed,
)
from netsuite_site import BANK, RECEIVABLE, RECORD, WEST, Site

ON_BANK = {"account": {"id": BANK}}


async def billed(site: Site, amount: Any = 100, **more: Any) -> str:
    return (await site.post("invoice", invoice(sold(amount), **more))).id


async def amounts(site: Site, record: str, *names: str) -> tuple[Any, ...]:
    truth = await held(site, record)
    return tuple(truth[name] for name in names)


def test_a_payment_debits_undeposited_funds_and_credits_receivables() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("customerPayment", payment(100))).id
        assert await ledger(site, record) == {RECEIVABLE: "-100", UNDEPOSITED: "100"}
        columns = ("type", "status", "entity", "foreigntotal", "foreignpaymentamountunused")
        assert await row(site, record, *columns) == {
            "type": "CustPymt",
            "status": "B",
            "entity": CUSTOMER,
            "foreigntotal": "100",
            "foreignpaymentamountunused": "100",
        }

    on_site(check)


def test_a_payment_on_a_bank_account_is_deposited_at_once() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("customerPayment", payment(100, **ON_BANK))).id
        assert await ledger(site, record) == {BANK: "100", RECEIVABLE: "-100"}
        assert await row(site, record, "status", "BUILTIN.DF(status) word") == {
            "status": "C",
            "word": "Payment : Deposited",
        }
        flagged = payment(100, undepFunds={"id": "T"}, **ON_BANK)
        kept = (await site.post("customerPayment", flagged)).id
        assert UNDEPOSITED in await ledger(site, kept)

    on_site(check)


def test_a_payment_over_several_invoices_pays_some_whole_and_some_in_part() -> None:
    async def check(site: Site) -> None:
        first, second = await billed(site, 60), await billed(site, 80)
        body = payment(100, ticked(first, 60), ticked(second, 30))
        record = (await site.post("customerPayment", body)).id
        assert await amounts(site, record, "applied", "unapplied") == ("90.00", "10.00")
        assert await amounts(site, first, "amount_remaining", "status") == ("0.00", "B")
        assert await amounts(site, second, "amount_remaining", "status") == ("50.00", "A")
        assert await row(site, second, "foreignamountpaid", "foreignamountunpaid") == {
            "foreignamountpaid": "30",
            "foreignamountunpaid": "50",
        }
        links = await site.rows(
            f"SELECT previousdoc, foreignamount FROM nexttransactionlinelink "
            f"WHERE nextdoc = {record} ORDER BY previousdoc"
        )
        assert links == [
            {"previousdoc": first, "foreignamount": "60"},
            {"previousdoc": second, "foreignamount": "30"},
        ]

    on_site(check)


def test_a_ticked_invoice_without_amount_takes_what_is_left() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 100)
        record = (await site.post("customerPayment", payment(70, ticked(bill)))).id
        assert await amounts(site, record, "applied") == ("70.00",)

    on_site(check)


PAYMENTS: dict[str, tuple[Any, str]] = {
    "more than the payment": (payment(10, ticked("{bill}", 11)), TOO_MUCH),
    "more than is due": (payment(500, ticked("{bill}", 101)), TOO_MUCH),
    "another customer": (payment(10, ticked("{bill}", 5), customer={"id": "53"}), NOT_LISTED),
    "another receivables account": (
        payment(10, ticked("{bill}", 5), arAcct={"id": OTHER_RECEIVABLE}),
        NOT_LISTED,
    ),
    "another subsidiary": (
        payment(10, ticked("{bill}", 5), customer={"id": "51"}, subsidiary={"id": WEST}),
        NOT_LISTED,
    ),
    "a line that is not there": (payment(10, ticked("{bill}", 5, line=7)), NOT_LISTED),
    "no amount": (payment(None), "Please enter value(s) for: Payment Amount."),
    "credits of the customer": (payment(10, credit=items(ticked("{bill}", 5))), NOT_LISTED),
    "receivables locked": (payment(10, tranDate="2026-04-02"), OUTSIDE),
}


@pytest.mark.parametrize("case", PAYMENTS)
def test_a_payment_is_refused_for(case: str) -> None:
    body, words = PAYMENTS[case]

    async def check(site: Site) -> None:
        bill = await billed(site, 100)
        for name in ("apply", "credit"):
            for line in body.get(name, {"items": []})["items"]:
                line["doc"] = {"id": bill}
        await refused(await site.post("customerPayment", body), words)
        assert await amounts(site, bill, "amount_remaining") == ("100.00",)

    on_site(check)


@pytest.mark.parametrize("body", [payment(0), payment(-5), payment(5, account={"id": EXPENSE})])
def test_a_payment_needs_money_and_a_place_for_it(body: Any) -> None:
    async def check(site: Site) -> None:
        answer = await site.post("customerPayment", body)
        await refused(answer, "Invalid Field Value", "INVALID_CONTENT")

    on_site(check)


def test_a_payment_pays_no_invoice_of_another_currency() -> None:
    async def check(site: Site) -> None:
        new = {"companyName": "Maple", "subsidiary": {"id": "2"}, "currency": {"id": "2"}}
        maple = {"id": (await site.post("customer", new)).id}
        foreign = await billed(site, 10, entity=maple, exchangeRate=0.75)
        assert await ledger(site, foreign) == {RECEIVABLE: "7.5", "4": "-7.5"}
        body = payment(10, ticked(foreign, 5), customer=maple, currency={"id": "1"})
        answer = await site.post("customerPayment", body)
        await refused(answer, "The transaction currency does not match the names currency")

    on_site(check)


def test_a_client_that_does_not_say_no_has_its_money_applied_to_the_oldest() -> None:
    async def check(site: Site) -> None:
        newer = await billed(site, 50, tranDate="2026-01-10")
        older = await billed(site, 50, tranDate="2026-01-02")
        body = payment(70, ticked(newer, 10), autoApply=None)
        await site.post("customerPayment", body)
        assert await amounts(site, older, "amount_remaining") == ("0.00",)
        assert await amounts(site, newer, "amount_remaining") == ("40.00",)

    on_site(check)


def test_a_deleted_payment_gives_its_invoices_back() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 100)
        record = (await site.post("customerPayment", payment(100, ticked(bill)))).id
        assert (await site.call("DELETE", f"{RECORD}/customerPayment/{record}")).status == 204
        assert await amounts(site, bill, "amount_remaining", "status") == ("100.00", "A")

    on_site(check)


def test_an_invoice_becomes_a_payment_of_all_that_is_due() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 100)
        body = {"autoApply": False, "tranDate": "2026-01-20"}
        record = (await transformed(site, f"invoice/{bill}", "customerPayment", body)).id
        assert await amounts(site, record, "total", "applied") == ("100.00", "100.00")
        again = await transformed(site, f"invoice/{bill}", "customerPayment", body)
        await refused(again, f"Invalid reference key [{bill}].")

    on_site(check)


def test_a_deposit_is_a_liability_and_leaves_receivables_alone() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("customerDeposit", deposit(100, **ON_BANK))).id
        assert await ledger(site, record) == {BANK: "100", DEPOSITS: "-100"}
        assert await amounts(site, record, "unapplied", "status") == ("100.00", "B")
        undeposited = (await site.post("customerDeposit", deposit(5))).id
        assert await amounts(site, undeposited, "status") == ("A",)

    on_site(check)


def test_an_applied_deposit_moves_from_the_liability_to_receivables() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 60)
        source = (await site.post("customerDeposit", deposit(100, externalId="d-1"))).id
        body = applying(ticked(bill, 40), externalId="a-1")
        path = "customerDeposit/eid:d-1"
        record = (await transformed(site, path, "depositApplication", body)).id
        assert await ledger(site, record) == {RECEIVABLE: "-40", DEPOSITS: "40"}
        assert await amounts(site, source, "applied", "unapplied", "status") == (
            "40.00",
            "60.00",
            "A",
        )
        assert await amounts(site, bill, "amount_remaining") == ("20.00",)
        document = await shown(site, f"depositApplication/{record}")
        assert (document["deposit"]["id"], document["total"]) == (source, 40.0)
        again = await transformed(site, path, "depositApplication", body)
        await refused(again, "This record already exists.")

    on_site(check)


def test_a_wholly_applied_deposit_is_closed_and_cannot_be_applied_again() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 100)
        source = (await site.post("customerDeposit", deposit(60))).id
        path = f"customerDeposit/{source}"
        too_much = await transformed(site, path, "depositApplication", applying(ticked(bill, 61)))
        await refused(too_much, TOO_MUCH)
        body = applying(ticked(bill))
        record = (await transformed(site, path, "depositApplication", body)).id
        assert await amounts(site, source, "status") == ("C",)
        again = await transformed(site, path, "depositApplication", body)
        await refused(again, f"Invalid reference key [{source}].")
        await refused(await site.call("DELETE", f"{RECORD}/{path}"), REFERRED_TO)
        gone = await site.call("DELETE", f"{RECORD}/depositApplication/{record}")
        assert gone.status == 204
        assert await amounts(site, source, "unapplied", "status") == ("60.00", "A")
        assert await amounts(site, bill, "amount_remaining") == ("100.00",)

    on_site(check)


def test_an_application_comes_of_a_deposit_only_and_applies_something() -> None:
    async def check(site: Site) -> None:
        body = {"customer": {"id": CUSTOMER}, "tranDate": "2026-01-20"}
        assert (await site.post("depositApplication", body)).status == 400
        source = (await site.post("customerDeposit", deposit(60))).id
        path = f"customerDeposit/{source}"
        await refused(await transformed(site, path, "depositApplication", applying()), TOO_MUCH)

    on_site(check)


def test_a_refund_of_a_credit_memo_debits_receivables_and_uses_it_up() -> None:
    async def check(site: Site) -> None:
        memo = (await site.post("creditMemo", credit(sold(40)))).id
        record = (await site.post("customerRefund", refund(ticked(memo, 30)))).id
        assert await ledger(site, record) == {BANK: "-30", RECEIVABLE: "30"}
        assert await amounts(site, record, "total", "status") == ("30.00", "R")
        assert await amounts(site, memo, "unapplied", "status") == ("10.00", "A")
        over = await site.post("customerRefund", refund(ticked(memo, 11)))
        await refused(over, TOO_MUCH)

    on_site(check)


def test_a_refund_of_a_payment_takes_what_was_not_applied() -> None:
    async def check(site: Site) -> None:
        bill = await billed(site, 60)
        paid = (await site.post("customerPayment", payment(100, ticked(bill)))).id
        await site.post("customerRefund", refund(ticked(paid)))
        assert await amounts(site, paid, "unapplied") == ("0.00",)
        await refused(await site.call("DELETE", f"{RECORD}/customerPayment/{paid}"), REFERRED_TO)

    on_site(check)


def test_a_refund_of_a_deposit_shows_as_an_application_and_its_list_stays_empty() -> None:
    async def check(site: Site) -> None:
        source = (await site.post("customerDeposit", deposit(100))).id
        body = refund(deposit=items(ticked(source, 25)))
        record = (await site.post("customerRefund", body)).id
        assert await amounts(site, source, "unapplied") == ("75.00",)
        document = await shown(site, f"customerRefund/{record}")
        assert document["deposit"]["items"] == []
        [line] = document["apply"]["items"]
        assert (line["type"], line["amount"]) == ("DepAppl", 25.0)
        application = line["doc"]["id"]
        assert await ledger(site, application) == {RECEIVABLE: "-25", DEPOSITS: "25"}
        assert await ledger(site, record) == {BANK: "-25", RECEIVABLE: "25"}
        assert (await site.call("DELETE", f"{RECORD}/customerRefund/{record}")).status == 204
        assert await amounts(site, source, "unapplied") == ("100.00",)
        assert await ledger(site, application) == {}

    on_site(check)


def test_a_deposit_becomes_a_refund_of_what_is_left() -> None:
    async def check(site: Site) -> None:
        source = (await site.post("customerDeposit", deposit(100))).id
        body = {"account": {"id": BANK}, "tranDate": "2026-01-20"}
        path = f"customerDeposit/{source}"
        record = (await transformed(site, path, "customerRefund", body)).id
        assert await amounts(site, record, "total") == ("100.00",)
        assert await amounts(site, source, "status") == ("C",)

    on_site(check)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (refund(account=None), "Please enter value(s) for: Account."),
        (refund(), "Please choose at least one transaction to refund."),
        (refund(deposit=items(ticked("999", 5))), ""),
    ],
)
def test_a_refund_needs_an_account_and_something_to_give_back(body: Any, words: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.post("customerRefund", body)
        assert answer.status == 400
        assert words in answer.detail

    on_site(check)


def test_refunded_deposits_cannot_be_added_to_a_refund_later() -> None:
    async def check(site: Site) -> None:
        source = (await site.post("customerDeposit", deposit(100))).id
        body = refund(deposit=items(ticked(source, 25)))
        record = (await site.post("customerRefund", body)).id
        answer = await patched(
            site, f"customerRefund/{record}", {"deposit": items(ticked(source, 5))}
        )
        await refused(answer, NOT_LISTED)

    on_site(check)
