"""What becomes of invoices and credit memos: every rule, each told to a bookkeeper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from mapping_books import SINGLE, tenant
from sales_books import CREDIT_MEMO, ITEMS, Desk, sale, sold, with_role

from servicetitan_netsuite.documents import AccountProfile, Cause, DocumentType, SkuAccounts, State
from servicetitan_netsuite.mapping.item_rules import item_note
from servicetitan_netsuite.mapping.problems import grouped
from servicetitan_netsuite.mapping.reading import skus_without_account
from servicetitan_netsuite.mapping.sales import validate_sales
from servicetitan_netsuite.netsuite import sales
from servicetitan_netsuite.plans.sales import SalesLine

DESK = Desk()
CREATING = Desk(
    tenant=tenant(method="documents", cost_of_sales="journal", customers={"create": True})
)


def causes(verdict):
    return [(problem.cause, problem.key) for problem in verdict.problems]


def told(verdict):
    assert verdict.state is State.BLOCKED
    assert verdict.plan is None
    return " ".join(problem.sentence for problem in verdict.problems)


def amounts(verdict):
    return [(line.account, line.amount) for line in verdict.plan.lines]


def test_an_invoice_becomes_an_invoice_by_account_with_its_tax_as_a_line():
    verdict = DESK.one(
        sold("100.00"),
        sold("20.00", "450", unit="2", description=None),
        tax="8.25",
        tax_code={"id": "18050", "name": "Travis County"},
        due_date="2026-04-01",
        term="Net 30",
        memo="Repair",
    )
    assert (verdict.state, verdict.problems) == (State.READY, ())
    plan = verdict.plan
    assert (plan.external_id, plan.record, plan.tran_id) == (
        "st-1001-invoice-303",
        "invoice",
        "ALB-680-1",
    )
    assert (plan.date, plan.due_date, plan.period) == (date(2026, 3, 2), date(2026, 4, 1), "53")
    assert (plan.subsidiary, plan.customer, plan.receivable) == ("2", "501", "13")
    assert (plan.memo, plan.term, plan.currency, plan.applications) == ("Repair", "9", None, ())
    assert plan.lines == (
        SalesLine("15", "915", Decimal("100.00"), "Diagnostic", department="21"),
        SalesLine("62", "st-1001-item-62", Decimal("20.00")),
        SalesLine("61", "961", Decimal("8.25"), "Sales tax Travis County", department="21"),
    )
    assert (verdict.customers, verdict.accounts, verdict.notes) == ((), (), ())


def test_lines_of_one_account_stay_apart_and_zero_lines_are_dropped_and_counted():
    verdict = DESK.one(sold("10"), sold("0.00"), sold("0.004"), sold("5"))
    assert amounts(verdict) == [("15", Decimal("10.00")), ("15", Decimal("5.00"))]
    assert verdict.notes == ("zero lines dropped: 2",)


def test_a_negative_invoice_becomes_a_credit_memo_with_every_line_turned():
    verdict = DESK.one(sold("-100"), sold("30", "450"), tax="-5.50", due_date="2026-04-01")
    plan = verdict.plan
    assert (plan.record, plan.external_id, plan.due_date) == (
        "creditMemo",
        "st-1001-invoice-303",
        None,
    )
    assert amounts(verdict) == [
        ("15", Decimal("100.00")),
        ("62", Decimal("-30.00")),
        ("61", Decimal("5.50")),
    ]


def test_a_credit_memo_is_applied_only_as_servicetitan_says():
    applied = [
        {"to": "11", "amount": "30.00", "date": "2026-03-02"},
        {"to": "12", "amount": "10.00", "date": "2026-03-02"},
        {"to": "11", "amount": "2.50", "date": "2026-03-03"},
        {"to": "13", "amount": "0", "date": "2026-03-03"},
    ]
    verdict = DESK.one(sold("50"), kind=CREDIT_MEMO, applied_to=applied)
    assert verdict.plan.record == "creditMemo"
    assert verdict.plan.external_id == "st-1001-credit_memo-303"
    assert verdict.plan.applications == (
        ("st-1001-invoice-11", Decimal("32.50")),
        ("st-1001-invoice-12", Decimal("10.00")),
    )
    assert amounts(verdict) == [("15", Decimal("50.00"))]
    assert DESK.one(sold("50"), kind=CREDIT_MEMO).plan.applications == ()


def test_what_is_applied_beyond_the_total_or_below_nothing_blocks():
    much = DESK.one(sold("50"), kind=CREDIT_MEMO, applied_to=[{"to": "11", "amount": "50.01"}])
    assert "applied to invoices with 50.01, more than its total of 50.00" in told(much)
    less = DESK.one(sold("50"), kind=CREDIT_MEMO, applied_to=[{"to": "11", "amount": "-1"}])
    assert "less than nothing" in told(less)
    fine = DESK.one(sold("50"), kind=CREDIT_MEMO, applied_to=[{"to": "11", "amount": "0.001"}])
    assert causes(fine) == [(Cause.TOO_MANY_DECIMALS, "applied_to")]
    odd = DESK.one(sold("50"), kind=CREDIT_MEMO, applied_to=[{"to": "11"}, 7])
    assert causes(odd) == [(Cause.DIRTY_DATA, "applied_to")]


def test_a_negative_credit_memo_blocks():
    assert "its total is negative" in told(DESK.one(sold("-5"), kind=CREDIT_MEMO))


def test_an_invoice_that_nets_to_zero_on_every_account_is_skipped():
    verdict = DESK.one(sold("10"), sold("-10", unit="3"), sold("0", "777"))
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, [(Cause.ZERO_AMOUNT, "")])
    assert verdict.notes == ("zero lines dropped: 1",)
    empty = DESK.judge(sale())[0]
    assert (empty.state, causes(empty)) == (State.SKIPPED, [(Cause.ZERO_AMOUNT, "")])


def test_a_zero_total_that_moves_money_between_accounts_is_posted():
    verdict = DESK.one(sold("10"), sold("-10", "450"))
    assert (verdict.state, verdict.plan.record) == (State.READY, "invoice")
    assert amounts(verdict) == [("15", Decimal(10)), ("62", Decimal(-10))]
    against_tax = DESK.one(sold("-10"), tax="10")
    assert amounts(against_tax) == [("15", Decimal(-10)), ("61", Decimal(10))]
    memo = DESK.one(sold("10"), sold("-10", "450"), kind=CREDIT_MEMO)
    assert memo.plan.record == "creditMemo"


def test_an_unknown_account_is_never_taken_for_nothing_to_post():
    verdict = DESK.one(sold("10"), sold("-10", account={"id": 5}))
    assert (Cause.DIRTY_DATA, "account") in causes(verdict)
    bare = DESK.one(sold("10", account=None), sold("-10", account=None))
    assert causes(bare) == [(Cause.ACCOUNT_NOT_MAPPED, "sku:DIAG-1")]


def test_lines_that_do_not_come_to_the_total_block():
    verdict = DESK.one(sold("10"), sold("5"), tax="1.00", total="15.50")
    assert causes(verdict) == [(Cause.NOT_BALANCED, "")]
    assert told(verdict) == "Its lines and sales tax come to 16.00, but its total is 15.50."


def test_decimals_that_round_to_another_total_block_and_others_are_rounded():
    thirds = [sold("0.335"), sold("0.335"), sold("0.33")]
    blocked = DESK.one(*thirds, total="1.00")
    assert causes(blocked) == [(Cause.TOO_MANY_DECIMALS, "")]
    taken = DESK.one(sold("8.2500000000000000000"), tax="0.684", total="8.93")
    assert amounts(taken) == [("15", Decimal("8.25")), ("61", Decimal("0.68"))]


def test_a_missing_tax_counts_as_none_and_the_total_decides():
    assert DESK.one(sold("10"), tax=None, total="10.00").state is State.READY
    assert causes(DESK.one(sold("10"), tax=None, total="10.80")) == [(Cause.NOT_BALANCED, "")]


def test_all_problems_come_in_one_pass():
    verdict = DESK.one(
        sold("10", "777", unit="3"),
        sold("x", "402"),
        total="10.00",
        day=date(2026, 2, 3),
        customer={"id": "7009", "name": "Bob"},
        due_date="soon",
    )
    assert causes(verdict) == [
        (Cause.ACCOUNT_NOT_MAPPED, "402"),
        (Cause.ACCOUNT_NOT_MAPPED, "777"),
        (Cause.SEVERAL_SUBSIDIARIES, "2,3"),
        (Cause.CUSTOMER_MISSING, "7009"),
        (Cause.DIRTY_DATA, "amount"),
        (Cause.DIRTY_DATA, "due_date"),
        (Cause.PERIOD_CLOSED, "52"),
    ]
    for problem in verdict.problems:
        assert problem.sentence
        assert problem.advice


@pytest.mark.parametrize(
    ("role", "target", "expected", "words"),
    [
        ("AccountsReceivable", None, Cause.ACCOUNT_NOT_MAPPED, "role AccountsReceivable is not"),
        ("AccountsReceivable", "12", Cause.ACCOUNT_NOT_POSTABLE, "not an accounts receivable"),
        ("AccountsReceivable", "64", Cause.ACCOUNT_NOT_IN_SUBSIDIARY, "may not use"),
        ("AccountsReceivable", "999", Cause.ACCOUNT_MISSING, "does not have"),
        ("SalesTaxPayable", None, Cause.ACCOUNT_NOT_MAPPED, "role SalesTaxPayable is not mapped"),
        ("SalesTaxPayable", "16", Cause.ACCOUNT_INACTIVE, "inactive"),
    ],
)
def test_the_roles_must_lead_to_usable_accounts(role, target, expected, words):
    verdict = Desk(mappings=with_role(role, target)).one(sold("10"), tax="1")
    assert [problem.cause for problem in verdict.problems] == [expected]
    assert words in told(verdict)


def test_the_tax_role_is_not_asked_for_where_there_is_no_tax():
    assert Desk(mappings=with_role("SalesTaxPayable", None)).one(sold("10")).state is State.READY


def test_the_mapping_of_an_account_is_not_the_mapping_of_a_role():
    verdict = DESK.one(sold("10", account={"id": "SalesTaxPayable", "name": "x"}))
    assert causes(verdict) == [(Cause.ACCOUNT_NOT_MAPPED, "SalesTaxPayable")]


def test_accounts_without_an_item_ask_for_one():
    verdict = Desk(items={"15": "915"}).one(sold("10"), sold("5", "450"), tax="1")
    assert verdict.accounts == ("61", "62")
    assert [line.item for line in verdict.plan.lines] == [
        "915",
        "st-1001-item-62",
        "st-1001-item-61",
    ]
    assert verdict.notes == (), "what an item needs is told once, on the item's own page"


def test_an_items_page_says_what_netsuite_needs_for_its_account():
    tax = {"id": "61", "number": "2200", "name": "Sales Tax", "type": "OthCurrLiab"}
    assert item_note(DocumentType.ITEM, tax) == (
        "NetSuite takes account 2200 Sales Tax on an item only with the preference "
        "Expand Account Lists"
    )
    income = {**tax, "type": "Income"}
    assert item_note(DocumentType.ITEM, income) == ""
    assert "Expand Account Lists" in item_note(DocumentType.PURCHASE_ITEM, income)


@pytest.mark.parametrize(("account_id", "kind"), [("120", "AcctRec"), ("100", "Bank")])
def test_an_account_that_no_item_takes_blocks_by_name_unless_a_person_linked_an_item(
    account_id, kind
):
    verdict = DESK.one(sold("10", account_id))
    assert [problem.cause for problem in verdict.problems] == [Cause.ACCOUNT_NOT_POSTABLE]
    assert f"of type {kind}" in told(verdict)
    linked = Desk(items={**ITEMS, "11": "77", "13": "78"})
    assert linked.one(sold("10", account_id)).state is State.READY


def test_a_customer_to_be_created_is_named_by_external_id():
    customer = {"id": "7009", "name": "Bob"}
    verdict = CREATING.one(customer=customer)
    assert (verdict.plan.customer, verdict.customers) == ("st-1001-customer-7009", ("7009",))
    assert CREATING.one().customers == ()
    assert "Customer Bob is not linked" in told(DESK.one(customer=customer))
    assert "names no customer" in told(CREATING.one(customer=None))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 5), (Cause.PERIOD_CLOSED, "51")),
        (date(2026, 2, 5), (Cause.PERIOD_CLOSED, "52")),
        (date(2026, 4, 5), (Cause.PERIOD_CLOSED, "54")),
        (date(2026, 6, 5), (Cause.PERIOD_MISSING, "2026-06")),
        (None, (Cause.DATE_MISSING, "")),
    ],
)
def test_the_period_must_be_open_for_receivables(day, expected):
    verdict = DESK.one(day=day)
    if expected is None:
        assert (verdict.state, causes(verdict)) == (State.SKIPPED, [(Cause.BEFORE_GO_LIVE, "")])
    else:
        assert (verdict.state, causes(verdict)) == (State.BLOCKED, [expected])


def test_a_lock_of_payables_does_not_hold_up_receivables():
    assert DESK.one(day=date(2026, 5, 5)).plan.period == "55"
    locked = DESK.one(day=date(2026, 4, 5))
    assert "Apr 2026 is locked for receivables" in told(locked)


def test_the_headers_unit_gives_the_subsidiary_and_the_lines_their_segments():
    verdict = DESK.one(sold("1", unit="2"), sold("2", unit="1"), sold("3"), tax="1")
    assert verdict.plan.subsidiary == "2"
    assert [line.department for line in verdict.plan.lines] == [None, "21", "21", "21"]


def test_a_header_without_unit_has_no_subsidiary_and_blocks():
    only = DESK.one(sold("1", unit="2"), sold("2", unit="2"), business_unit=None)
    assert causes(only) == [(Cause.BUSINESS_UNIT_MISSING, "")]
    two = DESK.one(sold("1", unit="2"), sold("2", unit="1"), business_unit=None)
    assert causes(two) == [(Cause.BUSINESS_UNIT_MISSING, "")]


def test_a_line_of_another_subsidiary_blocks():
    verdict = DESK.one(sold("1", unit="3"))
    assert causes(verdict) == [(Cause.SEVERAL_SUBSIDIARIES, "2,3")]
    assert "Nothing is posted between companies" in verdict.problems[0].advice


def test_without_oneworld_there_is_no_subsidiary():
    verdict = Desk(profile=SINGLE).one(sold("1", unit="3"))
    assert (verdict.state, verdict.plan.subsidiary) == (State.READY, None)


def test_mandatory_segments_are_asked_for_by_line():
    strict = AccountProfile(one_world=True, suite_tax=False, mandatory=("class",))
    verdict = Desk(profile=strict).one(sold("1"))
    assert causes(verdict) == [(Cause.CLASSIFICATION_MISSING, "1:class")]


def test_the_currency_of_the_business_unit_must_be_the_subsidiarys():
    two = AccountProfile(one_world=True, suite_tax=False, currencies={"1": "USD", "2": "CAD"})
    desk = Desk(profile=two)
    assert desk.one(currency="USD").plan.currency == "1"
    verdict = desk.one(business_unit={"id": "1", "name": "Unit 1", "currency": "CAD"})
    assert causes(verdict) == [(Cause.CURRENCY_DIFFERS, "CAD:2")]
    assert told(verdict) == "It is in CAD, but subsidiary East LLC keeps its books in USD."


def test_names_follow_the_tenants_and_the_accounts_settings():
    plain = Desk(tenant=tenant(method="documents", cost_of_sales="journal", naming=False))
    assert plain.one().plan.tran_id == "680-1"
    own = AccountProfile(one_world=True, suite_tax=False, number_override=False)
    assert Desk(profile=own).one(number="").plan.tran_id is None
    assert causes(DESK.one(number="")) == [(Cause.DIRTY_DATA, "number")]


def test_what_is_in_netsuite_already_is_never_skipped():
    desk = Desk(posted=frozenset({"303"}))
    gone = desk.one(sold("1"), sold("-1"))
    assert (gone.state, causes(gone)) == (State.BLOCKED, [(Cause.UPDATE_NOT_POSSIBLE, "")])
    assert "This invoice was synced before, and it comes to nothing now." in told(gone)
    assert "before go-live" in told(desk.one(day=date(2025, 1, 1)))


def test_a_term_that_is_not_mapped_is_left_to_netsuite():
    assert DESK.one(term="Net 60").plan.term is None
    assert DESK.one(term={"id": "4", "name": "Net 30"}).plan.term == "9"
    assert DESK.one(sold("-1"), term="Net 30").plan.term is None


def test_a_chunk_keeps_its_order_and_no_document_touches_another():
    chunk = [
        sale(sold("1"), source_id="1"),
        sale(sold("0"), source_id="2"),
        sale(sold("1", "777"), source_id="3"),
        sale(sold("-1"), source_id="4"),
        sale(sold("1"), source_id="5", kind=CREDIT_MEMO),
    ]
    verdicts = DESK.judge(*chunk)
    assert [(v.source_id, v.state) for v in verdicts] == [
        ("1", State.READY),
        ("2", State.SKIPPED),
        ("3", State.BLOCKED),
        ("4", State.READY),
        ("5", State.READY),
    ]
    assert [v.plan.record for v in verdicts if v.plan] == ["invoice", "creditMemo", "creditMemo"]
    (row,) = grouped(verdicts)
    assert (row.cause, row.key, row.documents) == (Cause.ACCOUNT_NOT_MAPPED, "777", ("3",))
    assert DESK.judge() == []
    assert validate_sales([], (), DESK.reference, DESK.tenant, DESK.profile, {}) == []


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    "total", ["1000000000000000.00", "9999999999999.99", "3333333333333.33", "1e15", "0.01"]
)
def test_amounts_are_sent_exactly_or_the_document_is_blocked(total, many):
    verdict = DESK.one(*(sold(total) for _ in range(many)))
    if verdict.plan is None:
        assert told(verdict)
        return
    lines = sales.body(verdict.plan, DESK.profile)["item"]["items"]
    assert [Decimal(repr(line["amount"])) for line in lines] == [Decimal(total)] * many


BARE = {"account": None, "sku": {"id": "288", "code": "DIAG-1"}}


def with_pricebook(skus, **line):
    document = sale(sold(**{**BARE, **line}))
    assert list(skus_without_account(document)) == ["288"]
    return validate_sales(
        [document], DESK.mappings, DESK.reference, DESK.tenant, DESK.profile, DESK.items, skus=skus
    )[0]


def test_a_line_without_account_takes_the_one_of_its_sku():
    income = {"id": "450", "number": "4500", "name": "Other"}
    verdict = with_pricebook({"288": SkuAccounts("DIAG-1", {"income": income})})
    assert amounts(verdict) == [("62", Decimal("100.00"))]


def test_a_sku_that_the_pricebook_gives_no_account_is_named():
    verdict = with_pricebook({"288": SkuAccounts("DIAG-1")})
    assert "SKU DIAG-1 names no general ledger account, and neither does its pri" in told(verdict)
    unclear = with_pricebook({"288": SkuAccounts("DIAG-1", {}, {"income": "Sales"})})
    assert "'Sales', which is not exactly one account" in told(unclear)
    assert causes(verdict) == [(Cause.ACCOUNT_NOT_MAPPED, "sku:DIAG-1")]
