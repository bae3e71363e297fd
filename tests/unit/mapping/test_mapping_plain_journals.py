"""What becomes of bank deposits and inventory adjustments: a journal, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import ONE_WORLD, SINGLE
from paper_books import (
    REFERENCE,
    Judge,
    adjustment,
    causes,
    counted,
    deposit,
    effect,
    paid,
    with_row,
)

from servicetitan_netsuite.documents import (
    DocumentType,
    MappingRow,
    SourceDocument,
    State,
    to_cents,
)
from servicetitan_netsuite.mapping.reference import frames
from servicetitan_netsuite.netsuite import canonical, journal

JUDGE = Judge()
QUICK = settings(max_examples=40, deadline=None)


def test_a_deposit_debits_bank_and_fees_and_credits_what_each_payment_is_on() -> None:
    verdict = JUDGE.deposit(paid("100.00"), paid("50.25", "120", id="10"), fees="3.15")
    assert causes(verdict) == ["account_needs_entity"]
    verdict = JUDGE.deposit(paid("100.00"), paid("50.25", "400", id="10"), fees="3.15")
    assert verdict.state is State.READY
    assert effect(verdict) == {
        "11": Decimal("147.10"),
        "72": Decimal("3.15"),
        "12": Decimal("-100.00"),
        "15": Decimal("-50.25"),
    }
    assert verdict.plan.subsidiary == "2"
    assert (verdict.plan.tran_id, verdict.plan.memo) == ("ALB-7701", "Deposit 03/02/2026")


def test_a_refund_in_a_deposit_debits_its_account() -> None:
    verdict = JUDGE.deposit(paid("100.00"), paid("-12.00", id="10"))
    assert effect(verdict) == {"11": Decimal("88.00"), "12": Decimal("-88.00")}
    assert [line.amount for line in verdict.plan.lines] == [
        Decimal("88.00"),
        Decimal("-100.00"),
        Decimal("12.00"),
    ]


def test_bank_and_fees_carry_what_the_payments_units_have_in_common() -> None:
    same = JUDGE.deposit(paid("1.00", of="1"), paid("2.00", of="1", id="10"), fees="0.10")
    assert {line.department for line in same.plan.lines} == {"21"}
    mixed = JUDGE.deposit(paid("1.00", of="1"), paid("2.00", of="2", id="10"))
    assert [line.department for line in mixed.plan.lines] == [None, "21", None]


def test_a_deposit_of_different_departments_is_blocked_where_each_line_needs_one() -> None:
    mappings = with_row(MappingRow("business_unit", "2", "Other", "2", department="23"))
    reference = departments_for_all()
    judge = Judge(
        profile=replace(ONE_WORLD, mandatory=("DEPARTMENT",)),
        mappings=mappings,
        reference=reference,
    )
    verdict = judge.deposit(paid("1.00", of="1"), paid("2.00", of="2", id="10"))
    assert causes(verdict) == ["classification_missing"]
    assert "different department" in verdict.problems[0].sentence


def departments_for_all() -> Any:
    open_to_all = tuple({**row, "subsidiaries": ()} for row in REFERENCE.departments)
    return frames(replace(REFERENCE, departments=open_to_all))


def test_a_payment_without_a_business_unit_takes_the_only_one_of_the_deposit() -> None:
    assert JUDGE.deposit(paid(), paid(of=None, id="10")).state is State.READY
    several = JUDGE.deposit(paid(of="1"), paid(of="2", id="10"), paid(of=None, id="11"))
    assert causes(several) == ["business_unit_missing"]
    assert causes(JUDGE.deposit(paid(of=None))) == ["business_unit_missing"]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ({"gross": "110.00"}, "not_balanced"),
        ({"net": "99.99"}, "not_balanced"),
        ({"gross": "110.00", "net": "110.00"}, "not_balanced"),
        ({"day": date(2026, 1, 5)}, "period_closed"),
        ({"day": date(2026, 2, 5)}, "period_closed"),
        ({"day": date(2031, 2, 5)}, "period_missing"),
        ({"day": None}, "date_missing"),
        ({"bank_account": None}, "account_not_mapped"),
        ({"bank_account": {"id": "777", "name": "?"}}, "account_not_mapped"),
        ({"bank_account": {"id": "410", "name": "?"}}, "account_inactive"),
        ({"fees": "1.00", "fee_account": None}, "account_not_mapped"),
    ],
)
def test_a_deposit_that_does_not_fit_is_blocked_with_its_cause(words: Any, cause: str) -> None:
    verdict = JUDGE.deposit(**words)
    assert verdict.state is State.BLOCKED
    assert cause in causes(verdict)
    assert all(problem.sentence and problem.advice for problem in verdict.problems)


def test_more_decimals_are_rounded_only_where_the_deposit_still_balances() -> None:
    fits = JUDGE.deposit(paid("50.004"), paid("49.996", id="10"))
    assert effect(fits) == {"11": Decimal("100.00"), "12": Decimal("-100.00")}
    off = JUDGE.deposit(paid("50.005"), paid("49.995", id="10"))
    assert causes(off) == ["too_many_decimals"]


def test_locks_of_receivables_and_payables_alone_do_not_hold_up_journals() -> None:
    for day in (date(2026, 4, 2), date(2026, 5, 2)):
        assert JUDGE.deposit(day=day).state is State.READY
        assert JUDGE.adjustment(counted(), day=day).state is State.READY


def test_a_deposit_of_two_subsidiaries_is_blocked() -> None:
    verdict = JUDGE.deposit(paid(of="2"), paid(of="3", id="10"))
    assert causes(verdict) == ["several_subsidiaries"]


def test_a_deposit_of_nothing_is_blocked() -> None:
    assert causes(JUDGE.deposits(deposit(gross="0"))[0]) == ["no_lines"]


def test_money_that_goes_back_to_the_account_it_is_on_is_nothing_to_post() -> None:
    verdict = JUDGE.deposit(paid("10.00", "100"))
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, ["zero_amount"])
    assert verdict.comes_to_nothing


def test_netsuites_own_undeposited_funds_is_refused_with_advice() -> None:
    verdict = JUDGE.deposit(paid("10.00", "149"))
    assert causes(verdict) == ["account_not_postable"]
    assert "ordinary current asset account" in verdict.problems[0].advice


def test_what_is_dated_before_go_live_is_skipped_unless_it_is_in_netsuite() -> None:
    early = date(2025, 12, 30)
    assert causes(JUDGE.deposit(day=early)) == ["before_go_live"]
    posted = Judge(posted=frozenset({"7701", "8801"}))
    assert causes(posted.deposit(day=early)) == ["update_not_possible"]
    assert causes(posted.adjustment(day=early)) == ["update_not_possible"]


def test_more_payments_than_a_journal_takes_are_blocked() -> None:
    judge = Judge(profile=replace(ONE_WORLD, max_journal_lines=3))
    assert judge.deposit(paid(), paid(id="10")).state is State.READY
    assert causes(judge.deposit(paid(), paid(id="10"), paid(id="11"))) == ["too_many_lines"]


def test_an_adjustment_up_debits_the_asset_and_one_down_credits_it() -> None:
    up = JUDGE.adjustment(counted("28.60"))
    assert effect(up) == {"12": Decimal("28.60"), "74": Decimal("-28.60")}
    down = JUDGE.adjustment(counted("-21.45"), counted("-20.00", id="6"))
    assert effect(down) == {"12": Decimal("-41.45"), "74": Decimal("41.45")}
    assert {line.department for line in up.plan.lines} == {"21"}


def test_a_sku_without_an_asset_account_is_on_the_role_inventory() -> None:
    for sku in ("3", "99", None):
        verdict = JUDGE.adjustment(counted("5.00", sku))
        assert effect(verdict) == {"73": Decimal("5.00"), "74": Decimal("-5.00")}


def test_an_asset_account_that_is_not_one_account_blocks_and_names_the_sku() -> None:
    verdict = JUDGE.adjustment(counted("5.00", "2"))
    assert causes(verdict) == ["account_not_mapped"]
    assert "TWICE" in verdict.problems[0].sentence


def test_what_is_found_and_lost_on_one_account_is_nothing_to_post() -> None:
    for lines in ((counted("5.00"), counted("-5.00", id="6")), (counted("0"),), ()):
        verdict = JUDGE.adjustment(*lines)
        assert (verdict.state, causes(verdict)) == (State.SKIPPED, ["zero_amount"])


def test_what_moves_from_one_asset_account_to_another_is_posted() -> None:
    verdict = JUDGE.adjustment(counted("5.00", "1"), counted("-5.00", "3", id="6"))
    assert effect(verdict) == {"12": Decimal("5.00"), "73": Decimal("-5.00")}


def test_an_adjustment_without_a_business_unit_or_role_is_blocked() -> None:
    assert causes(JUDGE.adjustment(counted(), of=None)) == ["business_unit_missing"]
    judge = Judge(mappings=with_row(MappingRow("account_role", "InventoryAdjustments", "", None)))
    verdict = judge.adjustment(counted())
    assert causes(verdict) == ["account_not_mapped"]
    assert "role InventoryAdjustments" in verdict.problems[0].sentence


def test_without_oneworld_no_subsidiary_is_sent() -> None:
    judge = Judge(profile=SINGLE)
    for verdict in (judge.deposit(), judge.adjustment(counted())):
        assert verdict.state is State.READY
        assert verdict.plan.subsidiary is None


DIRT = st.sampled_from([None, "", "x", 1, True, [], {}, "1.2.3", {"id": None}, {"id": 5}, ["a"]])


@QUICK
@given(st.data())
def test_dirt_is_named_and_never_raised(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([deposit(paid()), adjustment(counted())]))
    content = {
        "header": dict(whole.content["header"]),
        "lines": [dict(line) for line in whole.content["lines"]],
    }
    place = data.draw(st.sampled_from(["header", "line", "lines", "whole"]))
    if place == "whole":
        content = data.draw(st.one_of(DIRT, st.just({}), st.just({"header": 1})))
    elif place == "lines":
        content["lines"] = data.draw(DIRT)
    else:
        target = content["header"] if place == "header" else content["lines"][0]
        target[data.draw(st.sampled_from(sorted(target)))] = data.draw(DIRT)
    dirty = replace(whole, content=content)
    kind = whole.type is DocumentType.BANK_DEPOSIT
    (verdict,) = JUDGE.deposits(dirty) if kind else JUDGE.adjustments(dirty)
    if verdict.state is not State.READY:
        assert verdict.problems
        assert all(problem.sentence and problem.advice for problem in verdict.problems)


cents = st.integers(-(10**7), 10**7).map(lambda n: str(Decimal(n).scaleb(-2)))


@QUICK
@given(
    st.lists(st.tuples(cents, st.sampled_from(["119", "400", "130"])), min_size=1, max_size=6),
    st.integers(0, 5000).map(lambda n: str(Decimal(n).scaleb(-2))),
)
def test_every_deposit_that_adds_up_is_a_balanced_journal_of_its_gross(
    payments: list[tuple[str, str]], fees: str
) -> None:
    lines = [paid(total, account, id=str(n)) for n, (total, account) in enumerate(payments)]
    document = deposit(*lines, fees=fees)
    (verdict,) = JUDGE.deposits(document)
    gross = Decimal(document.content["header"]["gross"])
    if verdict.state is State.SKIPPED:
        return
    assert verdict.state is State.READY
    check_journal(verdict, document)
    sums = effect(verdict)
    assert sums.get("11", Decimal(0)) + sums.get("72", Decimal(0)) == gross
    assert -sum(sums.get(one, Decimal(0)) for one in ("12", "15", "73")) == gross


@QUICK
@given(st.lists(st.tuples(cents, st.sampled_from(["1", "3", None])), max_size=6))
def test_every_adjustment_balances_and_moves_what_its_lines_cost(
    moves: list[tuple[str, str | None]],
) -> None:
    lines = [counted(cost, sku, id=str(n)) for n, (cost, sku) in enumerate(moves)]
    document = adjustment(*lines)
    (verdict,) = JUDGE.adjustments(document)
    wanted = {"12": Decimal(0), "73": Decimal(0)}
    for cost, sku in moves:
        wanted["12" if sku == "1" else "73"] += Decimal(cost)
    if not any(wanted.values()):
        assert verdict.state is State.SKIPPED
        return
    check_journal(verdict, document)
    sums = effect(verdict)
    assert {key: sums.get(key, Decimal(0)) for key in wanted} == wanted


def check_journal(verdict: Any, document: SourceDocument) -> None:
    body = journal.body(verdict.plan)
    form = canonical.journal(body)
    assert sum(Decimal(line[-1]) for line in form["lines"]) == 0
    assert all(line.amount and line.amount == to_cents(line.amount) for line in verdict.plan.lines)
    assert body["externalId"] == f"st-1001-{document.type}-{document.source_id}"
