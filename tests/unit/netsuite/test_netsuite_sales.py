"""Invoices, credit memos and sale items: what is sent, and the ledger effect it is compared by."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netsuite_fake import Server, reply, run

from servicetitan_netsuite.documents import AccountProfile
from servicetitan_netsuite.netsuite import canonical, item, lookup, references, sales
from servicetitan_netsuite.plans.entities import ItemPlan
from servicetitan_netsuite.plans.sales import SalesLine, SalesPlan

LEGACY = AccountProfile(one_world=True, suite_tax=False)
SUITE_TAX = AccountProfile(one_world=True, suite_tax=True)
CUSTOMER, ITEM, PAID = "st-1-customer-9", "st-1-item-40", "st-1-invoice-3"
INVOICE = SalesPlan(
    external_id="st-1-invoice-7",
    record="invoice",
    date=date(2026, 3, 5),
    due_date=date(2026, 4, 4),
    period="21",
    subsidiary="3",
    currency="1",
    customer=CUSTOMER,
    receivable="12",
    memo="Repair",
    tran_id="ALB-7",
    lines=(
        SalesLine("40", ITEM, Decimal("100.10"), "Work", "2", "4", "5"),
        SalesLine("41", "88", Decimal("-10.00")),
        SalesLine("22", "89", Decimal("7.40"), "Sales tax"),
    ),
    term="6",
    custom_fields={"custbody_batch": "7475"},
)
CREDIT_MEMO = replace(
    INVOICE,
    external_id="st-1-credit_memo-8",
    record="creditMemo",
    due_date=None,
    term=None,
    applications=((PAID, Decimal("30.00")),),
)


def test_an_invoice_is_sent_with_every_reference_explicit():
    assert sales.path(INVOICE) == "record/v1/invoice"
    assert sales.body(INVOICE, LEGACY) == {
        "externalId": "st-1-invoice-7",
        "tranId": "ALB-7",
        "entity": {"externalId": CUSTOMER},
        "subsidiary": {"id": "3"},
        "currency": {"id": "1"},
        "tranDate": "2026-03-05",
        "postingPeriod": {"id": "21"},
        "account": {"id": "12"},
        "terms": {"id": "6"},
        "dueDate": "2026-04-04",
        "memo": "Repair",
        "custbody_batch": "7475",
        "item": {
            "items": [
                {
                    "item": {"externalId": ITEM},
                    "amount": 100.1,
                    "description": "Work",
                    "isTaxable": False,
                    "department": {"id": "2"},
                    "class": {"id": "4"},
                    "location": {"id": "5"},
                },
                {"item": {"id": "88"}, "amount": -10.0, "isTaxable": False},
                {
                    "item": {"id": "89"},
                    "amount": 7.4,
                    "description": "Sales tax",
                    "isTaxable": False,
                },
            ]
        },
    }


def test_a_credit_memo_is_applied_as_told_and_never_by_netsuite():
    made = sales.body(CREDIT_MEMO, LEGACY)
    assert sales.path(CREDIT_MEMO) == "record/v1/creditMemo"
    assert not {"dueDate", "terms"} & set(made)
    assert made["autoApply"] is False
    assert made["apply"] == {
        "items": [{"doc": {"externalId": PAID}, "apply": True, "amount": 30.0}]
    }
    free = sales.body(replace(CREDIT_MEMO, applications=()), LEGACY)
    assert free["autoApply"] is False
    assert "apply" not in free


def test_with_suitetax_netsuites_own_tax_is_overridden_by_none():
    made = sales.body(INVOICE, SUITE_TAX)
    assert (made["taxDetailsOverride"], made["taxDetails"]) == (True, {"items": []})
    assert all("isTaxable" not in line for line in made["item"]["items"])
    assert "taxDetailsOverride" not in sales.body(INVOICE, LEGACY)


def test_what_a_plan_does_not_say_is_not_sent():
    bare = replace(
        INVOICE,
        subsidiary=None,
        currency=None,
        due_date=None,
        memo=None,
        tran_id=None,
        term=None,
        custom_fields={},
    )
    assert set(sales.body(bare, LEGACY)) == {
        "externalId",
        "entity",
        "tranDate",
        "postingPeriod",
        "account",
        "item",
    }


@pytest.mark.parametrize("amount", ["0.001", "12345678901234567.89"])
def test_an_amount_that_cannot_be_sent_exactly_is_refused(amount):
    line = SalesLine("40", "88", Decimal(amount))
    with pytest.raises(ValueError, match=r"cents|exactly"):
        sales.body(replace(INVOICE, lines=(line,)), LEGACY)


def test_the_canonical_form_is_the_effect_on_the_ledger():
    form = sales.canonical(INVOICE)
    assert form == {
        "type": "invoice",
        "entity": CUSTOMER,
        "date": "2026-03-05",
        "period": "21",
        "subsidiary": "3",
        "currency": "1",
        "posting": True,
        "total": "107.50",
        "lines": [
            ["12", CUSTOMER, None, None, None, "97.50"],
            ["22", None, None, None, None, "-7.40"],
            ["40", None, "2", "4", "5", "-100.10"],
            ["41", None, None, None, None, "10.00"],
        ],
    }
    assert canonical.gl_effect(form) == [
        {"account": "12", "debit": "97.50", "credit": "0.00"},
        {"account": "22", "debit": "0.00", "credit": "7.40"},
        {"account": "40", "debit": "0.00", "credit": "100.10"},
        {"account": "41", "debit": "10.00", "credit": "0.00"},
    ]


def test_a_credit_memo_turns_every_side_around():
    form = sales.canonical(CREDIT_MEMO)
    assert form["type"] == "creditMemo"
    assert form["lines"] == [
        [*line[:-1], f"{-Decimal(line[-1]):.2f}"] for line in sales.canonical(INVOICE)["lines"]
    ]


def test_a_zero_invoice_has_no_receivable_line_but_its_accounts():
    lines = (SalesLine("40", "1", Decimal(5)), SalesLine("41", "2", Decimal(-5)))
    form = sales.canonical(replace(INVOICE, lines=lines))
    assert [line[0] for line in form["lines"]] == ["40", "41"]
    assert form["total"] == "5.00"


@given(
    st.lists(
        st.builds(
            SalesLine,
            account=st.sampled_from(["12", "40", "41"]),
            item=st.just("1"),
            amount=st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-2)),
            department=st.sampled_from([None, "1"]),
        ),
        max_size=8,
    ),
    st.sampled_from(["invoice", "creditMemo"]),
)
def test_every_form_balances_and_every_amount_survives_the_wire(lines, record):
    plan = replace(INVOICE, record=record, lines=tuple(lines))
    assert sum(Decimal(line[-1]) for line in sales.canonical(plan)["lines"]) == 0
    text = json.dumps(sales.body(plan, LEGACY))
    sent = json.loads(text, parse_float=Decimal)["item"]["items"]
    assert [line["amount"] for line in sent] == [line.amount for line in lines]


def test_all_that_must_exist_first_is_named_and_then_resolved():
    body = sales.body(CREDIT_MEMO, LEGACY)
    assert references.waits_for(body) == (CUSTOMER, ITEM, PAID)
    links = {CUSTOMER: "55", ITEM: "66", PAID: "77"}
    resolved = references.resolve(body, links)
    assert resolved["externalId"] == "st-1-credit_memo-8"
    assert resolved["entity"] == {"id": "55"}
    assert resolved["item"]["items"][0]["item"] == {"id": "66"}
    assert resolved["apply"]["items"][0]["doc"] == {"id": "77"}
    assert references.waits_for(resolved) == ()
    assert body["entity"] == {"externalId": CUSTOMER}
    with pytest.raises(KeyError):
        references.resolve(body, {CUSTOMER: "55"})


def test_a_form_is_resolved_with_its_body():
    form = sales.canonical(INVOICE)
    resolved = references.resolve_form(form, {CUSTOMER: "55"})
    assert resolved == sales.canonical(replace(INVOICE, customer="55"))
    assert references.resolve_form(resolved, {}) == resolved
    assert form["entity"] == CUSTOMER
    with pytest.raises(KeyError):
        references.resolve_form(form, {})


def test_records_found_in_netsuite_take_the_place_of_planned_ones():
    linked, merged = {CUSTOMER: {"id": "55"}}, {CUSTOMER: {"externalId": "st-1-customer-10"}}
    body, form = sales.body(INVOICE, LEGACY), sales.canonical(INVOICE)
    assert references.rename(body, linked)["entity"] == {"id": "55"}
    assert references.waits_for(references.rename(body, merged)) == ("st-1-customer-10", ITEM)
    for names, customer in ((linked, "55"), (merged, "st-1-customer-10")):
        renamed = references.rename(form, names)
        assert renamed == sales.canonical(replace(INVOICE, customer=customer))
    assert references.rename(body, {}) == body


def test_what_differs_is_told_in_sentences():
    sent = sales.canonical(replace(INVOICE, customer="55"))
    held = {
        **sent,
        "entity": "56",
        "lines": [
            ["12", "56", "9", None, None, "97.50"],
            ["22", "56", None, None, None, "-7.40"],
            ["40", "56", "2", "4", "5", "-100.10"],
            ["41", "56", None, None, None, "10.00"],
        ],
    }
    assert canonical.differences(sent, held) == [
        "the customer or vendor is 56 in NetSuite, 55 was sent",
        "account 12 (entity 55) is 0.00 in NetSuite, 97.50 was sent",
        "account 12 (entity 56) is 97.50 in NetSuite, 0.00 was sent",
    ]
    other = {**sent, "type": "creditMemo"}
    assert canonical.differences(sent, other) == [
        "it is a creditMemo in NetSuite, a invoice was sent"
    ]


def test_a_sale_item_stands_for_one_account_wherever_it_is_used():
    plan = ItemPlan(ITEM, "ServiceTitan 4000 Revenue - ALB", "40", "1", ("5",))
    assert item.PATH == "record/v1/nonInventorySaleItem"
    assert item.body(plan) == {
        "externalId": ITEM,
        "itemId": "ServiceTitan 4000 Revenue - ALB",
        "incomeAccount": {"id": "40"},
        "subsidiary": {"items": [{"id": "1"}, {"id": "5"}]},
        "includeChildren": True,
    }
    assert set(item.body(replace(plan, subsidiary=None))) == {
        "externalId",
        "itemId",
        "incomeAccount",
    }
    shown = {"id": "7", "itemId": plan.name, "incomeAccount": {"id": "40", "refName": "Revenue"}}
    assert canonical.differences(item.canonical(plan), item.held(shown)) == []
    moved = {**shown, "incomeAccount": {"id": "41"}}
    assert canonical.differences(item.canonical(plan), item.held(moved)) == [
        "the income account is 41 in NetSuite, 40 was sent"
    ]


@pytest.mark.parametrize(
    ("named", "record"),
    [
        ("record/v1/creditMemo", "creditMemo"),
        ("invoice", "invoice"),
        ("credit_memo", "creditMemo"),
        ("item", "nonInventorySaleItem"),
    ],
)
def test_a_record_is_asked_for_by_type_or_by_the_path_it_was_created_at(named, record):
    server = Server(reply(200, {"id": "5"}))
    assert run(server, lambda c: lookup.by_eid(c, named, "st-1")) == "5"
    assert server.requests[0].path.endswith(f"/record/v1/{record}/eid:st-1")


def test_a_record_that_is_not_read_here_is_refused():
    with pytest.raises(ValueError, match="is not a record type"):
        lookup.record_name("salesOrder")


def test_an_items_name_fits_with_its_whole_end_whatever_the_account_is_called():
    assert item.named("ServiceTitan 4000  Service", " - ALB") == "ServiceTitan 4000 Service - ALB"
    long = item.named("ServiceTitan 4000 " + "x" * 400, " - ALB")
    assert (len(long), long[-6:]) == (250, " - ALB")
