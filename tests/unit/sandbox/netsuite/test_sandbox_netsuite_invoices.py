"""Invoices: lines, tax, totals, due dates and what they do to the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    ALONE,
    CUSTOMER,
    GONE_ITEM,
    NET30,
    OUTSIDE,
    PREFIX,
    PURCHASE,
    SALE,
    SALES_TAX,
    SUITE_TAX,
    VENDOR,
    WEST_ITEM,
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
)
from netsuite_site import INCOME, OPEN, RECEIVABLE, Site


def test_an_invoice_debits_receivables_and_credits_the_items_income() -> None:
    async def check(site: Site) -> None:
        body = invoice(sold(100.1), sold(-20.05), externalId="st-1", tranId="ST-1")
        record = (await site.post("invoice", body)).id
        assert await ledger(site, record) == {RECEIVABLE: "80.05", INCOME: "-80.05"}
        truth = await held(site, record)
        assert (truth["total"], truth["amount_remaining"], truth["status"]) == (
            "80.05",
            "80.05",
            "A",
        )
        assert (truth["external_id"], truth["tran_id"], truth["entity"]) == ("st-1", "ST-1", "50")
        assert [line["amount"] for line in truth["lines"]] == ["100.10", "-20.05"]

    on_site(check)


def test_the_sent_amount_stands_and_rate_times_quantity_only_fills_in_for_it() -> None:
    async def check(site: Site) -> None:
        odd = sold(10, quantity=3)
        filled = sold(None, quantity=3, rate=2.335)
        record = (await site.post("invoice", invoice(odd, filled))).id
        lines = (await shown(site, f"invoice/{record}"))["item"]["items"]
        assert [(line["line"], line["quantity"], line["amount"]) for line in lines] == [
            (1, 3.0, 10.0),
            (2, 3.0, 7.01),
        ]

    on_site(check)


INVOICES: dict[str, tuple[Any, str]] = {
    "no lines": (invoice(item=items()), "You must enter at least one line item"),
    "no customer": (invoice(entity=None), "Please enter value(s) for: Customer."),
    "no item": (invoice({"amount": 5}), "Please enter value(s) for: Item."),
    "no amount": (invoice(sold(None)), "Please enter a value for Amount."),
    "inactive customer": (invoice(entity={"id": "52"}), "Invalid Field Value 52"),
    "customer elsewhere": (
        invoice(entity={"id": "51"}),
        "Invalid combination of entity and subsidiary.",
    ),
    "item elsewhere": (invoice(sold(item=WEST_ITEM)), "for the following field: item."),
    "department elsewhere": (
        invoice(sold(department={"id": "2"})),
        "Invalid Field Value 2 for the following field: department.",
    ),
    "negative total": (invoice(sold(-1)), "The total of this transaction cannot be negative."),
    "number too long": (invoice(tranId="x" * 46), "The field tranid contained more than"),
    "receivables locked": (invoice(tranDate="2026-04-10"), OUTSIDE),
    "foreign currency": (
        invoice(currency={"id": "2"}),
        "The transaction currency does not match the names currency",
    ),
}


@pytest.mark.parametrize("case", INVOICES)
def test_an_invoice_is_refused_for(case: str) -> None:
    body, words = INVOICES[case]

    async def check(site: Site) -> None:
        answer = await site.post("invoice", body)
        await refused(answer, words)
        assert answer.detail.startswith(PREFIX)
        assert (await site.rows("SELECT COUNT(*) n FROM transaction")) == [{"n": "0"}]

    on_site(check)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (invoice(sold(item="999")), "item.items[0].item"),
        (invoice(sold(), sold(item=PURCHASE)), "item.items[1].item"),
        (invoice(sold(item=GONE_ITEM)), "item.items[0].item"),
        (invoice(account={"id": INCOME}), "account"),
        (invoice(entity={"id": VENDOR}), "entity"),
    ],
)
def test_an_invoice_refuses_a_reference_by_its_path(body: Any, path: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.post("invoice", body)
        await refused(answer, "Invalid Field Value", "INVALID_CONTENT")
        assert answer.json["o:errorDetails"][0]["o:errorPath"] == path

    on_site(check)


def test_lines_that_are_not_marked_non_taxable_are_taxed() -> None:
    async def check(site: Site) -> None:
        body = invoice(sold(100, isTaxable=None), sold(50))
        record = (await site.post("invoice", body)).id
        assert await ledger(site, record) == {
            RECEIVABLE: "158",
            INCOME: "-150",
            SALES_TAX: "-8",
        }
        lines = await site.rows(
            f"SELECT taxline, mainline, foreignamount FROM transactionline "
            f"WHERE transaction = {record} ORDER BY linesequencenumber"
        )
        assert [line["taxline"] for line in lines] == ["F", "F", "F", "T"]

    on_site(check)


def test_suite_tax_recalculates_unless_empty_details_override_it() -> None:
    async def check(site: Site) -> None:
        line = sold(100, isTaxable=None)
        taxed = (await site.post("invoice", invoice(line))).id
        override = {"taxDetailsOverride": True, "taxDetails": {"items": []}}
        plain = (await site.post("invoice", invoice(line, **override))).id
        assert (await held(site, taxed))["total"] == "108.00"
        assert (await held(site, plain))["total"] == "100.00"

    on_site(check, SUITE_TAX)


def test_an_account_that_demands_tax_codes_refuses_lines_without() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"tax_codes_mandatory": True})
        await refused(await site.post("invoice", invoice()), "value(s) for: Tax Code.")
        assert (await site.post("invoice", invoice(sold(taxCode={"id": "5"})))).status == 204

    on_site(check)


def test_mandatory_classifications_bind_lines_which_inherit_those_of_the_body() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"departments_mandatory": True})
        await refused(await site.post("invoice", invoice()), "value(s) for: Department.")
        record = (await site.post("invoice", invoice(department={"id": "1"}))).id
        assert (await held(site, record))["lines"][0]["department"] == "1"

    on_site(check)


def test_terms_give_the_due_date_and_a_sent_one_stands() -> None:
    async def check(site: Site) -> None:
        terms = {"id": NET30}
        by_terms = (await site.post("invoice", invoice(terms=terms))).id
        sent = (await site.post("invoice", invoice(terms=terms, dueDate="2026-01-20"))).id
        assert (await held(site, by_terms))["due_date"] == "2026-02-14"
        assert await row(site, sent, "duedate", "terms", "BUILTIN.DF(terms) name") == {
            "duedate": "1/20/2026",
            "terms": NET30,
            "name": "Net 30",
        }

    on_site(check)


def test_suiteql_tells_total_open_amount_status_and_lines() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("invoice", invoice(sold(60, quantity=2), memo="m"))).id
        columns = ("type", "recordtype", "status", "BUILTIN.DF(status) word", "foreigntotal",
                   "foreignamountunpaid", "entity", "postingperiod", "posting")  # fmt: skip
        assert await row(site, record, *columns) == {
            "type": "CustInvc",
            "recordtype": "invoice",
            "status": "A",
            "word": "Invoice : Open",
            "foreigntotal": "60",
            "foreignamountunpaid": "60",
            "entity": CUSTOMER,
            "postingperiod": OPEN,
            "posting": "T",
        }
        lines = await site.rows(
            "SELECT id, mainline, item, quantity, rate, foreignamount FROM transactionline "
            f"WHERE transaction = {record} ORDER BY linesequencenumber"
        )
        assert lines == [
            {"id": "0", "mainline": "T", "foreignamount": "60"},
            {"id": "1", "mainline": "F", "item": SALE, "quantity": "-2", "rate": "30",
             "foreignamount": "-60"},
        ]  # fmt: skip

    on_site(check)


def test_an_account_without_one_world_needs_no_subsidiary() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("invoice", invoice(subsidiary=None))).id
        assert await ledger(site, record) == {RECEIVABLE: "100", INCOME: "-100"}

    on_site(check, ALONE)


def test_own_body_fields_are_kept_where_the_account_has_them() -> None:
    async def check(site: Site) -> None:
        strict = {"X_NetSuite_PropertyNameValidation": "Error"}
        body = invoice(custbody_st_batch="B-7")
        record = (await site.post("invoice", body, **strict)).id
        assert (await site.get(f"invoice/{record}")).json["custbody_st_batch"] == "B-7"
        assert await row(site, record, "custbody_st_batch") == {"custbody_st_batch": "B-7"}
        unknown = await site.post("invoice", invoice(custbody_other="x"), **strict)
        assert unknown.code == "INVALID_CONTENT"
        await site.sandbox("settings", {"custom_fields": ["custbody_other"]})
        assert (await site.post("invoice", invoice(custbody_other="x"), **strict)).status == 204

    on_site(check)


def test_a_number_used_twice_is_stored_and_noted() -> None:
    async def check(site: Site) -> None:
        first = (await site.post("invoice", invoice(tranId="7"))).id
        second = (await site.post("invoice", invoice(tranId="7"))).id
        noted = [(await held(site, one))["duplicate_number"] for one in (first, second)]
        assert noted == [False, True]

    on_site(check)


def test_transactions_of_every_type_share_their_external_ids() -> None:
    async def check(site: Site) -> None:
        await site.post("invoice", invoice(externalId="st-1"))
        answer = await site.post("creditMemo", credit(externalId="ST-1"))
        await refused(answer, "This record already exists.")
        assert (await site.post("customer", {"companyName": "New", "subsidiary": {"id": "2"},
                                             "externalId": "st-1"})).status == 204  # fmt: skip

    on_site(check)


def test_a_patched_line_changes_amount_total_and_ledger() -> None:
    async def check(site: Site) -> None:
        record = (await site.post("invoice", invoice(sold(100), sold(50)))).id
        body = {"item": items({"line": 2, "amount": 70})}
        assert (await patched(site, f"invoice/{record}", body)).status == 204
        assert await ledger(site, record) == {RECEIVABLE: "170", INCOME: "-170"}
        replaced = await patched(site, f"invoice/{record}?replace=item", {"item": items(sold(5))})
        assert replaced.status == 204
        [line] = (await held(site, record))["lines"]
        assert (line["line"], line["amount"]) == (3, "5.00")

    on_site(check)
