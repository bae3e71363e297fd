"""Credit memos: applications to invoices, voiding, deleting, locks and transformations."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    NOT_LISTED,
    OTHER_RECEIVABLE,
    REFERRED_TO,
    TOO_MUCH,
    credit,
    held,
    invoice,
    items,
    ledger,
    on_site,
    patched,
    refused,
    row,
    shown,
    sold,
    ticked,
    transformed,
)
from netsuite_site import AR_LOCKED, INCOME, OPEN, RECEIVABLE, RECORD, WEST, Site


def test_a_credit_memo_credits_receivables_and_stays_open_until_applied() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("creditMemo", credit(sold(40)))).id
        assert await ledger(site, record) == {RECEIVABLE: "-40", INCOME: "40"}
        columns = ("type", "status", "foreigntotal", "foreignpaymentamountunused")
        assert await row(site, record, *columns) == {
            "type": "CustCred",
            "status": "A",
            "foreigntotal": "40",
            "foreignpaymentamountunused": "40",
        }

    on_site(check)


def test_a_credit_memo_applied_at_creation_takes_from_the_invoice() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice(sold(100)))).id
        body = credit(sold(40), apply=items(ticked(bill, 30)))
        record = (await site.post("creditMemo", body)).id
        memo, owed = await held(site, record), await held(site, bill)
        assert (memo["applied"], memo["unapplied"], memo["status"]) == ("30.00", "10.00", "A")
        assert (owed["amount_paid"], owed["amount_remaining"], owed["status"]) == (
            "30.00",
            "70.00",
            "A",
        )
        links = await site.rows(
            "SELECT previousdoc, nextdoc, previoustype, nexttype, linktype, foreignamount "
            "FROM nexttransactionlinelink"
        )
        assert links == [
            {"previousdoc": bill, "nextdoc": record, "previoustype": "CustInvc",
             "nexttype": "CustCred", "linktype": "Payment", "foreignamount": "30"}
        ]  # fmt: skip

    on_site(check)


def test_a_repeated_application_overwrites_and_an_unticked_one_frees_the_invoice() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice(sold(100)))).id
        record = (await site.post("creditMemo", credit(sold(100)))).id
        for amount, left, status in ((100, "0.00", "B"), (60, "40.00", "A")):
            body = {"apply": items(ticked(bill, amount))}
            assert (await patched(site, f"creditMemo/{record}", body)).status == 204
            owed = await held(site, bill)
            assert (owed["amount_remaining"], owed["status"]) == (left, status)
        off = {"apply": items({"doc": {"id": bill}, "apply": False})}
        assert (await patched(site, f"creditMemo/{record}", off)).status == 204
        assert (await held(site, bill))["amount_remaining"] == "100.00"
        assert (await held(site, record))["apply"] == []

    on_site(check)


def test_a_credit_cannot_take_more_than_is_due_or_than_it_has() -> None:
    async def check(site: Site) -> None:
        small = (await site.post("invoice", invoice(sold(10)))).id
        big = (await site.post("invoice", invoice(sold(100)))).id
        over_due = credit(sold(40), apply=items(ticked(small, 20)))
        await refused(await site.post("creditMemo", over_due), TOO_MUCH)
        over_total = credit(sold(40), apply=items(ticked(small, 10), ticked(big, 31)))
        await refused(await site.post("creditMemo", over_total), TOO_MUCH)

    on_site(check)


@pytest.mark.parametrize(
    "more",
    [
        {"entity": {"id": "53"}},
        {"account": {"id": OTHER_RECEIVABLE}},
        {"entity": {"id": "51"}, "subsidiary": {"id": WEST}},
    ],
    ids=["customer", "receivables account", "subsidiary"],
)
def test_invoices_of_another_cannot_be_ticked(more: dict[str, Any]) -> None:
    async def check(site: Site) -> None:
        other = (await site.post("invoice", invoice(**more))).id
        body = credit(sold(10), apply=items(ticked(other, 10)))
        await refused(await site.post("creditMemo", body), NOT_LISTED)

    on_site(check)


def test_get_shows_what_is_ticked_and_all_that_could_be() -> None:
    async def check(site: Site) -> None:
        first = (await site.post("invoice", invoice(sold(10), tranId="1"))).id
        second = (await site.post("invoice", invoice(sold(20), tranId="2"))).id
        body = credit(sold(5), apply=items(ticked(second, 5)))
        record = (await site.post("creditMemo", body)).id
        lines = (await shown(site, f"creditMemo/{record}"))["apply"]["items"]
        assert [(x["doc"]["id"], x["apply"], x.get("amount"), x["due"]) for x in lines] == [
            (second, True, 5.0, 20.0),
            (first, False, None, 10.0),
        ]

    on_site(check)


def test_money_is_applied_by_itself_until_a_client_says_no_and_then_it_stays_so() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice(sold(100)))).id
        await site.post("creditMemo", credit(sold(10), autoApply=None))
        assert (await held(site, bill))["amount_remaining"] == "90.00"
        await site.post("creditMemo", credit(sold(10), autoApply=False))
        await site.post("creditMemo", credit(sold(10), autoApply=None))
        assert (await held(site, bill))["amount_remaining"] == "90.00"

    on_site(check)


def test_a_paid_invoice_stays_until_what_paid_it_is_deleted() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice(sold(100)))).id
        body = credit(sold(100), apply=items(ticked(bill)))
        record = (await site.post("creditMemo", body)).id
        answer = await site.call("DELETE", f"{RECORD}/invoice/{bill}")
        await refused(answer, REFERRED_TO)
        lower = await patched(site, f"invoice/{bill}", {"item": items({"line": 1, "amount": 99})})
        await refused(lower, TOO_MUCH)
        assert (await site.call("DELETE", f"{RECORD}/creditMemo/{record}")).status == 204
        assert (await held(site, bill))["status"] == "A"
        assert (await site.call("DELETE", f"{RECORD}/invoice/{bill}")).status == 204
        assert await site.rows("SELECT COUNT(*) n FROM transactionaccountingline") == [{"n": "0"}]

    on_site(check)


def test_a_voided_invoice_leaves_the_ledger_empty_and_cannot_be_changed() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("invoice", invoice())).id
        await site.sandbox(f"void/{record}", {})
        assert await ledger(site, record) == {}
        assert await row(site, record, "status", "voided") == {"status": "V", "voided": "T"}
        await refused(await patched(site, f"invoice/{record}", {"memo": "x"}), "voided")

    on_site(check)


def test_receivables_lock_forbids_changing_and_deleting_what_stands_there() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("invoice", invoice())).id
        await site.sandbox(f"periods/{OPEN}", {"arlocked": True})
        change = {"item": items({"line": 1, "amount": 5})}
        words = "You cannot change the G/L impact of a transaction in a closed period."
        await refused(await patched(site, f"invoice/{record}", change), words)
        await refused(await site.call("DELETE", f"{RECORD}/invoice/{record}"), words)
        await site.sandbox(f"periods/{AR_LOCKED}", {"arlocked": False})
        assert (await site.post("invoice", invoice(tranDate="2026-04-10"))).status == 204

    on_site(check)


def test_an_invoice_becomes_a_credit_memo_with_its_lines() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice(sold(100), sold(20)))).id
        body = {"autoApply": False, "tranDate": "2026-01-16",
                "apply": items(ticked(bill))}  # fmt: skip
        record = (await transformed(site, f"invoice/{bill}", "creditMemo", body)).id
        truth = await held(site, record)
        assert (truth["total"], truth["applied"], truth["created_from"]) == (
            "120.00",
            "120.00",
            bill,
        )
        assert (await held(site, bill))["status"] == "B"

    on_site(check)


def test_a_transformation_netsuite_does_not_have_is_refused() -> None:
    async def check(site: Site) -> None:
        bill = (await site.post("invoice", invoice())).id
        answer = await transformed(site, f"invoice/{bill}", "invoice")
        await refused(answer, "That type of record transformation is not allowed.")
        missing = await transformed(site, "invoice/99999", "creditMemo")
        assert missing.status == 404

    on_site(check)


def test_the_alter_fault_stores_another_amount_that_balances() -> None:
    async def check(site: Site) -> None:
        await site.fault("alter", route="record/invoice")
        record = (await site.post("invoice", invoice(sold(100)))).id
        assert await ledger(site, record) == {RECEIVABLE: "101", INCOME: "-101"}
        assert (await held(site, record))["amount_remaining"] == "101.00"

    on_site(check)
