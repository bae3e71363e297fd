"""What becomes of orders, receipts and bills, and in which words they are stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from mapping_books import tenant
from paper_books import ROWS, named, unit
from purchase_books import (
    BILL,
    ORDER,
    RECEIPT,
    Buyer,
    bought,
    document,
    goods,
    order_content,
    spent,
)

from servicetitan_netsuite.documents import Cause, MappingRow, State
from servicetitan_netsuite.mapping.mappings import MappingFrames

ANSWER = {"item": "901", "line": "1", "account": named("130")}
BUYER = Buyer(orders={"44": order_content(goods(), received=[ANSWER])})


def causes(verdict):
    return {problem.cause for problem in verdict.problems}


def receipt_line(key="901", **more):
    return goods(key, order_line="1", account=None, **more)


def test_an_order_goes_through_the_purchase_item_of_its_skus_account():
    verdict = BUYER.one(ORDER, goods(quantity="2.5", cost="41.6667"))
    (line,) = verdict.plan.lines
    assert (line.item, line.quantity, line.rate) == ("973", Decimal("2.5"), Decimal("41.6667"))
    assert line.amount == Decimal("104.17")
    assert (verdict.plan.vendor, verdict.plan.tran_id) == ("601", "ALB-N-55")


def test_an_account_without_an_item_has_one_created():
    verdict = Buyer(items={}).one(ORDER, goods())
    assert verdict.accounts == ("73",)
    assert verdict.plan.lines[0].item == "st-1001-purchase_item-73"


def test_the_receipts_account_comes_before_the_pricebooks_and_is_found_by_its_number():
    by_number = {"id": None, "number": "N600", "name": "Fees"}
    order = document(ORDER, goods())
    answer = {"item": "901", "line": "1", "account": by_number}
    (verdict,) = BUYER.judge(replace(order, content={**order.content, "received": [answer]}))
    assert verdict.plan.lines[0].account == "72"


@pytest.mark.parametrize(
    ("sku", "words"),
    [("3", "A line of SKU BARE names no purchase account"), ("2", "not exactly one account")],
)
def test_a_sku_without_a_purchase_account_blocks_and_is_named(sku, words):
    code = {"3": "BARE", "2": "TWICE"}[sku]
    verdict = BUYER.one(ORDER, goods(sku={"id": sku, "code": code}))
    assert verdict.state is State.BLOCKED
    (problem,) = verdict.problems
    assert (problem.cause, words in problem.sentence) == (Cause.ACCOUNT_NOT_MAPPED, True)


def test_a_receipt_says_how_much_of_which_line_of_its_order_came():
    verdict = BUYER.one(RECEIPT, receipt_line(), receipt_line(quantity="1"), order="44")
    assert [(line.of, line.quantity) for line in verdict.plan.lines] == [("1", Decimal(3))]
    assert verdict.plan.order == "st-1001-purchase_order-44"
    assert verdict.plan.period == "53"


def test_a_receipt_of_an_order_that_nobody_shows_is_blocked_naming_it():
    verdict = BUYER.one(RECEIPT, receipt_line(), order="45")
    assert causes(verdict) == {Cause.PARENT_BLOCKED}
    assert "purchase order 45" in verdict.problems[0].sentence


def test_an_order_linked_as_an_opening_document_is_used():
    buyer = replace(BUYER, held={"44": "9001"})
    assert buyer.one(RECEIPT, receipt_line(), order="44").plan.order == "9001"


def test_a_bill_of_an_order_names_its_lines_and_what_else_it_holds_as_expenses():
    verdict = BUYER.one(
        BILL, bought(of="901", cost="11"), spent(), order="44", tax="1.50", shipping="2.00"
    )
    plan = verdict.plan
    (line,) = plan.lines
    assert (line.of, line.quantity, line.rate) == ("1", Decimal(2), Decimal(11))
    assert [(e.account, e.amount) for e in plan.expenses] == [
        ("72", Decimal("5.00")),
        ("75", Decimal("1.50")),
        ("76", Decimal("2.00")),
    ]
    assert verdict.notes == ("variance: PART billed at 11, ordered at 10.00",)
    assert (plan.payable, plan.tran_id) == ("14", "INV-9")


def test_a_bill_before_any_receipt_finds_its_lines_by_sku_and_cost():
    order = order_content(goods("1", cost="9"), goods("2", cost="10.00"))
    verdict = replace(BUYER, orders={"44": order}).one(BILL, bought(), order="44")
    assert [line.of for line in verdict.plan.lines] == ["2"]


def test_two_lines_of_one_order_line_are_billed_together():
    answers = [ANSWER, {"item": "902", "line": "1", "account": None}]
    buyer = replace(BUYER, orders={"44": order_content(goods(), received=answers)})
    verdict = buyer.one(BILL, bought(of="901"), bought("72", of="902", cost="12"), order="44")
    (line,) = verdict.plan.lines
    assert (line.quantity, line.rate, line.amount) == (Decimal(4), None, Decimal("44.00"))


def test_without_purchase_orders_a_bill_has_expense_lines_only():
    alone = tenant(method="documents", cost_of_sales="journal", purchase_orders=False)
    verdict = Buyer(tenant=alone).one(BILL, bought(of="901"), order="44")
    assert (verdict.plan.order, verdict.plan.lines) == (None, ())
    assert [(e.account, e.amount) for e in verdict.plan.expenses] == [("73", Decimal("20.00"))]


def test_bill_numbers_are_prefixed_only_where_the_tenant_file_says_so():
    sync = {"method": "documents", "cost_of_sales": "journal", "prefix_bill_numbers": True}
    assert Buyer(tenant=tenant(**sync)).one(BILL, spent()).plan.tran_id == "ALB-INV-9"
    assert BUYER.one(BILL, spent(), vendor_number=None).plan.tran_id is None


def test_a_mapped_warehouse_is_the_location_and_a_term_is_mapped_by_name():
    more = (
        MappingRow("inventory_location", "501", "", "41"),
        MappingRow("term", "Net 30", "", "9"),
    )
    buyer = replace(BUYER, mappings=MappingFrames((*ROWS, *more)))
    assert buyer.one(ORDER, goods(), place="501").plan.lines[0].location == "41"
    assert buyer.one(BILL, spent(), term="Net 30").plan.term == "9"


@pytest.mark.parametrize(
    ("kind", "lines", "header", "cause"),
    [
        (ORDER, [goods()], {"vendor": None}, Cause.VENDOR_MISSING),
        (ORDER, [goods()], {"vendor": {"id": "8009"}}, Cause.VENDOR_MISSING),
        (ORDER, [goods()], {"vendor": {"id": "8002"}}, Cause.VENDOR_MISSING),
        (ORDER, [goods()], {"vendor": {"id": "8003"}}, Cause.SUBSIDIARY_INVALID),
        (ORDER, [goods()], {"canceled": True}, Cause.NO_LONGER_PENDING),
        (ORDER, [], {}, Cause.NO_LINES),
        (ORDER, [goods(quantity="-1")], {}, Cause.DIRTY_DATA),
        (ORDER, [goods(quantity="0.1234567")], {}, Cause.TOO_MANY_DECIMALS),
        (ORDER, [goods()], {"day": None}, Cause.DATE_MISSING),
        (ORDER, [goods()], {"business_unit": None}, Cause.BUSINESS_UNIT_MISSING),
        (RECEIPT, [receipt_line()], {"order": "44", "day": date(2026, 5, 2)}, Cause.PERIOD_CLOSED),
        (RECEIPT, [receipt_line("999")], {"order": "44"}, Cause.PARENT_BLOCKED),
        (RECEIPT, [receipt_line()], {"order": None}, Cause.PARENT_BLOCKED),
        (BILL, [spent()], {"day": date(2026, 5, 2)}, Cause.PERIOD_CLOSED),
        (BILL, [spent()], {"total": "5.01"}, Cause.NOT_BALANCED),
        (BILL, [spent("5.004"), spent("4.996")], {"total": "10.00"}, None),
        (BILL, [spent("5.005"), spent("4.995")], {"total": "10.00"}, Cause.TOO_MANY_DECIMALS),
        (BILL, [spent("-5.00")], {}, Cause.TYPE_NOT_ALLOWED),
        (BILL, [spent(account="120")], {}, Cause.ACCOUNT_NOT_POSTABLE),
        (BILL, [spent(account="777")], {}, Cause.ACCOUNT_NOT_MAPPED),
        (BILL, [spent(business_unit=unit("3"))], {}, Cause.SEVERAL_SUBSIDIARIES),
        (BILL, [], {"total": "1"}, Cause.NO_LINES),
        (BILL, [spent()], {"vendor_number": "x" * 46}, Cause.DIRTY_DATA),
        (BILL, [bought()], {"order": "44", "vendor": {"id": "8003"}}, Cause.SUBSIDIARY_INVALID),
    ],
)
def test_what_cannot_be_posted_is_stopped_with_its_cause(kind, lines, header, cause):
    verdict = BUYER.one(kind, *lines, **header)
    if cause is None:
        assert verdict.state is State.READY
        return
    assert verdict.state is State.BLOCKED
    assert cause in causes(verdict), verdict.problems
    for problem in verdict.problems:
        assert problem.sentence.endswith((".", "?"))
        assert problem.advice


def test_a_payable_role_on_another_kind_of_account_is_refused():
    rows = tuple(r for r in ROWS if r.source_key != "AccountsPayable")
    mapped = (*rows, MappingRow("account_role", "AccountsPayable", "", "11"))
    verdict = replace(BUYER, mappings=MappingFrames(mapped)).one(BILL, spent())
    assert causes(verdict) == {Cause.ACCOUNT_NOT_POSTABLE}


def test_what_comes_to_nothing_is_skipped_and_what_is_posted_never_is():
    nothing = [spent("5.00"), spent("-5.00")]
    verdict = BUYER.one(BILL, *nothing, total="0.00")
    assert (verdict.state, verdict.comes_to_nothing) == (State.SKIPPED, True)
    posted = replace(BUYER, posted=frozenset({"55"}))
    assert causes(posted.one(BILL, *nothing, total="0.00")) == {Cause.UPDATE_NOT_POSSIBLE}
    assert BUYER.one(ORDER, goods(), day=date(2025, 12, 31)).state is State.SKIPPED


def test_a_bill_of_another_vendor_than_its_orders_is_blocked():
    rows = (*ROWS, MappingRow("vendor", "8004", "Parts Two", "601"))
    other = order_content(goods(), received=[ANSWER], vendor={"id": "8003"})
    same = order_content(goods(), received=[ANSWER], vendor={"id": "8004"})
    for order, blocked in ((other, True), (same, False)):
        buyer = replace(BUYER, mappings=MappingFrames(rows), orders={"44": order})
        verdict = buyer.one(BILL, bought(of="901"), order="44")
        assert (verdict.state is State.BLOCKED) == blocked
