"""What becomes of returns and AP credits: a vendor credit, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import ONE_WORLD, SINGLE
from paper_books import Judge, causes, credit, goods, with_row

from servicetitan_netsuite.documents import MappingRow, State, to_cents
from servicetitan_netsuite.netsuite import vendor_credit

JUDGE = Judge()
QUICK = settings(max_examples=40, deadline=None)


def test_a_return_credits_its_lines_accounts_and_debits_the_payable() -> None:
    verdict = JUDGE.credit(goods(), goods("1", "10", "N400", id="6"), tax="1.89", shipping="2.00")
    assert verdict.state is State.READY
    plan = verdict.plan
    assert [(line.account, line.amount) for line in plan.lines] == [
        ("73", Decimal("21.45")),
        ("15", Decimal("10.00")),
        ("75", Decimal("1.89")),
        ("76", Decimal("2.00")),
    ]
    assert (plan.vendor, plan.payable, plan.subsidiary) == ("601", "14", "2")
    assert (plan.tran_id, plan.memo) == ("ALB-RET-7100", "RMA-9")
    form = vendor_credit.canonical(plan)
    assert form["total"] == "35.34"
    assert ["14", "601", None, None, None, "35.34"] in form["lines"]
    assert {line.department for line in plan.lines} == {"21"}


def test_it_is_applied_to_the_bills_its_ap_credits_name_and_to_nothing_else() -> None:
    verdict = JUDGE.credit(applied=[("55101", "5.5"), ("55100", "10")])
    body = vendor_credit.body(verdict.plan, ONE_WORLD)
    assert body["autoApply"] is False
    assert body["apply"]["items"] == [
        {"doc": {"externalId": "st-1001-vendor_bill-55100"}, "apply": True, "amount": 10.0},
        {"doc": {"externalId": "st-1001-vendor_bill-55101"}, "apply": True, "amount": 5.5},
    ]
    open_ = vendor_credit.body(JUDGE.credit().plan, ONE_WORLD)
    assert "apply" not in open_
    assert open_["autoApply"] is False


def test_under_suitetax_no_tax_is_added() -> None:
    body = vendor_credit.body(JUDGE.credit().plan, replace(ONE_WORLD, suite_tax=True))
    assert body["taxDetailsOverride"] is True
    assert body["taxDetails"] == {"items": []}


def test_a_line_without_an_account_takes_the_pricebooks() -> None:
    verdict = JUDGE.credit(goods(number=None))
    assert [line.account for line in verdict.plan.lines] == ["73"]
    for sku, code in (("3", "BARE"), ("2", "TWICE"), ("99", "gone")):
        verdict = JUDGE.credit(goods(number=None, sku={"id": sku, "code": code}))
        assert causes(verdict) == ["account_not_mapped"]
        assert code in verdict.problems[0].sentence


def test_an_account_number_that_is_not_one_account_is_named() -> None:
    verdict = JUDGE.credit(goods(number="Ntwice"))
    assert causes(verdict) == ["account_not_mapped"]
    assert "Ntwice" in verdict.problems[0].sentence


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ({"vendor": None}, "vendor_missing"),
        ({"vendor": {"id": "8009", "name": "New"}}, "vendor_missing"),
        ({"vendor": {"id": "8002", "name": "Gone"}}, "vendor_missing"),
        ({"vendor": {"id": "8003", "name": "West"}}, "subsidiary_invalid"),
        ({"day": date(2026, 5, 4)}, "period_closed"),
        ({"day": date(2026, 1, 4)}, "period_closed"),
        ({"day": None}, "date_missing"),
        ({"total": "21.46"}, "not_balanced"),
        ({"credited": "20"}, "not_balanced"),
        ({"applied": [("55100", "21.46")]}, "not_balanced"),
        ({"applied": [("55100", "-1")]}, "dirty_data"),
        ({"applied": [("55100", "1.005")]}, "dirty_data"),
        ({"posted": False}, "parent_blocked"),
        ({"return_gone": True}, "parent_blocked"),
        ({"business_unit": None}, "business_unit_missing"),
        ({"canceled": True}, "no_longer_pending"),
    ],
)
def test_what_does_not_fit_is_blocked_with_its_cause(words: Any, cause: str) -> None:
    verdict = JUDGE.credit(**words)
    assert verdict.state is State.BLOCKED
    assert cause in causes(verdict)
    assert all(problem.sentence and problem.advice for problem in verdict.problems)


def test_a_period_locked_for_receivables_alone_is_open_for_vendors() -> None:
    assert JUDGE.credit(day=date(2026, 4, 4)).state is State.READY


def test_what_is_canceled_with_its_credits_or_early_is_skipped() -> None:
    for words, cause in (
        ({"canceled": True, "credits": ()}, "no_longer_pending"),
        ({"day": date(2025, 12, 31)}, "before_go_live"),
    ):
        verdict = JUDGE.credit(**words)
        assert (verdict.state, causes(verdict)) == (State.SKIPPED, [cause])
        posted = Judge(posted=frozenset({"7100"})).credit(**words)
        assert (posted.state, causes(posted)) == (State.BLOCKED, ["update_not_possible"])


def test_nothing_returned_is_blocked_and_nothing_worth_anything_is_skipped() -> None:
    assert causes(JUDGE.credits(credit(total="5"))[0]) == ["no_lines"]
    verdict = JUDGE.credit(goods("0"))
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, ["zero_amount"])


@pytest.mark.parametrize("lines", [(goods("-3"),), (goods("1"), goods("-1", number="N400"))])
def test_a_credit_of_nothing_or_less_is_blocked(lines: Any) -> None:
    assert causes(JUDGE.credit(*lines)) == ["type_not_allowed"]


def test_an_ap_credit_without_a_return_needs_its_role() -> None:
    alone = credit(source_id="credit_6001", total="75.00")
    (verdict,) = JUDGE.credits(alone)
    assert causes(verdict) == ["no_lines"]
    assert "role VendorCredit" in verdict.problems[0].advice
    judge = Judge(mappings=with_row(MappingRow("account_role", "VendorCredit", "", "15")))
    (verdict,) = judge.credits(alone)
    assert [(line.account, line.amount) for line in verdict.plan.lines] == [
        ("15", Decimal("75.00"))
    ]
    assert verdict.plan.external_id == "st-1001-vendor_credit-credit_6001"
    assert judge.credit().plan.lines[0].account == "73"


def test_a_payable_role_of_another_type_and_lines_on_subledgers_are_refused() -> None:
    judge = Judge(mappings=with_row(MappingRow("account_role", "AccountsPayable", "", "12")))
    assert causes(judge.credit()) == ["account_not_postable"]
    assert causes(JUDGE.credit(goods(number="N200"))) == ["account_needs_entity"]


def test_without_oneworld_no_subsidiary_is_sent() -> None:
    body = vendor_credit.body(Judge(profile=SINGLE).credit().plan, SINGLE)
    assert "subsidiary" not in body


DIRT = st.sampled_from([None, "", "x", 1, True, [], {}, "1.2.3", {"id": None}, {"id": 5}, ["a"]])


@QUICK
@given(st.data())
def test_dirt_is_named_and_never_raised(data: st.DataObject) -> None:
    whole = credit(goods(), applied=[("55100", "5")])
    content: Any = {
        "header": dict(whole.content["header"]),
        "lines": [dict(line) for line in whole.content["lines"]],
        "credits": list(whole.content["credits"]),
    }
    place = data.draw(st.sampled_from(["header", "line", "lines", "credits", "whole"]))
    if place == "whole":
        content = data.draw(st.one_of(DIRT, st.just({}), st.just({"header": 1})))
    elif place in ("lines", "credits"):
        content[place] = data.draw(DIRT)
    else:
        target = content["header"] if place == "header" else content["lines"][0]
        target[data.draw(st.sampled_from(sorted(target)))] = data.draw(DIRT)
    (verdict,) = JUDGE.credits(replace(whole, content=content))
    if verdict.state is not State.READY:
        assert verdict.problems
        assert all(problem.sentence and problem.advice for problem in verdict.problems)


@QUICK
@given(
    st.lists(
        st.tuples(
            st.integers(1, 500).map(lambda n: str(Decimal(n).scaleb(-1))),
            st.integers(0, 10**6).map(lambda n: str(Decimal(n).scaleb(-4))),
            st.sampled_from(["N130", "N400", "N119", None]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 9999).map(lambda n: str(Decimal(n).scaleb(-2))),
)
def test_every_return_that_adds_up_is_a_balanced_credit_of_its_total(
    moves: list[tuple[str, str, str | None]], tax: str
) -> None:
    lines = [goods(q, cost, number, id=str(n)) for n, (q, cost, number) in enumerate(moves)]
    worth = [to_cents(Decimal(q) * Decimal(cost)) for q, cost, _ in moves]
    total = sum(worth, Decimal(tax))
    (verdict,) = JUDGE.credits(credit(*lines, tax=tax, total=str(total)))
    if not total:
        assert verdict.state is State.SKIPPED
        return
    assert verdict.state is State.READY
    form = vendor_credit.canonical(verdict.plan)
    assert sum(Decimal(line[-1]) for line in form["lines"]) == 0
    assert sum(line.amount for line in verdict.plan.lines) == total
    body = vendor_credit.body(verdict.plan, ONE_WORLD)
    sent = sum(Decimal(repr(line["amount"])) for line in body["expense"]["items"])
    assert sent == total
