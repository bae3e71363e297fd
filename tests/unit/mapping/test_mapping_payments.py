"""What becomes of payments: one record of customers' money, a journal, or a named reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from payment_books import PAYMENT, MoneyDesk, form, share, target

from servicetitan_netsuite.documents import Cause, State
from servicetitan_netsuite.netsuite import credit_application
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord

INVOICES = (target("1"), target("2"))
MEMO = target("5", "creditMemo")
DEPOSIT = target("600", "customerDeposit", PAYMENT)


def record(verdict):
    assert verdict.state is State.READY, verdict.problems
    return verdict.plan.record if isinstance(verdict.plan, MoneyPlan) else "journalEntry"


def causes(verdict):
    assert verdict.state is State.BLOCKED
    return {problem.cause for problem in verdict.problems}


def test_money_applied_becomes_a_payment_applied_as_servicetitan_says():
    verdict = MoneyDesk(INVOICES).one(share("1", "60.00"), share("2", "30.00"), share("1", "5.00"))
    plan = verdict.plan
    assert record(verdict) is MoneyRecord.PAYMENT
    assert (plan.amount, plan.account, plan.receivable) == (Decimal("100.00"), "11", "13")
    assert plan.applications == (
        ("st-1001-invoice-1", Decimal("65.00")),
        ("st-1001-invoice-2", Decimal("30.00")),
    )
    assert [one.external_id for one in verdict.referred.all] == [t.external_id for t in INVOICES]


def test_money_applied_to_nothing_becomes_a_deposit_on_netsuites_own_account():
    verdict = MoneyDesk().one()
    assert record(verdict) is MoneyRecord.DEPOSIT
    assert verdict.plan.liability == "71"


def test_the_rest_stays_unapplied_or_is_a_deposit_as_the_tenant_file_says():
    desk = MoneyDesk(INVOICES)
    assert desk.one(share("1", "60.00")).plan.amount == Decimal("100.00")
    desk.settings["payment_remainder"] = "deposit"
    assert desk.one(share("1", "60.00")).plan.amount == Decimal("60.00")


def test_netsuites_own_undeposited_funds_are_named_as_such():
    from servicetitan_netsuite.documents import MappingRow
    from servicetitan_netsuite.mapping.mappings import MappingFrames

    rows = [MappingRow("gl_account", "149", "Undeposited", "72")]
    from sales_books import ROWS

    desk = MoneyDesk(mappings=MappingFrames([*ROWS, *rows]))
    plan = desk.one(account={"id": "149", "name": "Undeposited"}).plan
    assert plan.undeposited
    assert not MoneyDesk().one().plan.undeposited


def test_a_type_that_exports_as_journal_debits_its_account_and_credits_receivables():
    verdict = MoneyDesk(INVOICES).one(
        share("1", "100.00"), exports_as="journal", account={"id": "400", "name": "Bad debt"}
    )
    assert record(verdict) == "journalEntry"
    assert [(line.account, line.amount, line.entity) for line in verdict.plan.lines] == [
        ("15", Decimal("100.00"), None),
        ("13", Decimal("-100.00"), "501"),
    ]


@pytest.mark.parametrize(
    ("known", "payment", "becomes"),
    [
        ((DEPOSIT,), {"refunded_payment": "600"}, MoneyRecord.REFUND),
        ((target("600", "customerPayment", PAYMENT),), {"refunded_payment": "600"}, "journalEntry"),
        ((target("600", "journal_entry", PAYMENT),), {"refunded_payment": "600"}, "journalEntry"),
    ],
)
def test_a_refund_of_a_deposit_is_native_and_of_any_other_payment_a_journal(
    known, payment, becomes
):
    verdict = MoneyDesk(known).one(total="-40.00", **payment)
    assert record(verdict) == becomes
    assert verdict.referred.all == known


def test_a_refund_that_makes_an_invoice_owed_again_is_a_journal():
    verdict = MoneyDesk((DEPOSIT, *INVOICES)).one(
        share("1", "-40.00"), total="-40.00", refunded_payment="600"
    )
    assert isinstance(verdict.plan, JournalPlan)
    assert [line.amount for line in verdict.plan.lines] == [Decimal("40.00"), Decimal("-40.00")]
    assert [line.account for line in verdict.plan.lines] == ["13", "11"]


def test_a_refund_of_a_credit_is_native_unless_the_tenant_file_says_journal():
    desk = MoneyDesk((MEMO,))
    assert record(desk.one(share("5", "-40.00"), total="-40.00")) is MoneyRecord.REFUND
    desk.settings["refunds"] = "journal"
    assert record(desk.one(share("5", "-40.00"), total="-40.00")) == "journalEntry"


def test_a_journal_never_gives_a_deposit_back():
    desk = MoneyDesk((DEPOSIT,), settings={"refunds": "journal"})
    assert record(desk.one(total="-40.00", refunded_payment="600")) is MoneyRecord.REFUND


def test_a_payment_of_nothing_sets_the_credit_to_what_servicetitan_shows():
    desk = MoneyDesk((*INVOICES, MEMO), {"5": {"1": Decimal("70.00")}})
    verdict = desk.one(share("1", "30.00"), share("5", "-30.00"), total="0.00")
    assert record(verdict) is MoneyRecord.CREDIT_APPLICATION
    assert verdict.plan.source == MEMO.external_id
    assert verdict.plan.applications == (("st-1001-invoice-1", Decimal("70.00")),)


def test_a_credit_that_servicetitan_does_not_show_as_used_blocks():
    desk = MoneyDesk((*INVOICES, MEMO), {"5": {"1": Decimal("10.00")}})
    verdict = desk.one(share("1", "30.00"), share("5", "-30.00"), total="0.00")
    assert causes(verdict) == {Cause.NOT_BALANCED}


def test_no_more_is_left_of_a_payment_than_there_was():
    itself = target("700", "customerPayment", PAYMENT)
    desk = MoneyDesk((*INVOICES, itself), settings={"payment_remainder": "deposit"})
    for left, state in (("60.00", State.READY), ("987654321012345.67", State.BLOCKED)):
        verdict = desk.one(total="100.00", part="deposit", amount=left)
        assert verdict.state is state


def test_a_credit_shown_with_more_than_two_decimals_is_used_to_the_cent():
    desk = MoneyDesk((*INVOICES, MEMO), {"5": {"1": Decimal("30.0004")}})
    verdict = desk.one(share("1", "30.00"), share("5", "-30.00"), total="0.00")
    assert verdict.plan.applications == (("st-1001-invoice-1", Decimal("30.00")),)
    assert credit_application.body(verdict.plan)["apply"]["items"][0]["amount"] == 30.0


def test_a_credit_shown_with_more_than_can_be_sent_exactly_blocks():
    desk = MoneyDesk((*INVOICES, MEMO), {"5": {"1": Decimal(10) ** 14}})
    verdict = desk.one(share("1", "30.00"), share("5", "-30.00"), total="0.00")
    assert causes(verdict) == {Cause.DIRTY_DATA}


@pytest.mark.parametrize("total", ["0.00", "20.00"])
def test_a_further_credit_waits_for_its_payment_whether_that_has_money_or_not(total):
    other = target("6", "creditMemo")
    itself = target("700", "application" if total == "0.00" else "customerPayment", PAYMENT)
    used = {"5": {"1": Decimal("30.00")}, "6": {"1": Decimal("20.00")}}
    shares = (share("1", "50.00"), share("5", "-30.00"), share("6", "-20.00", "92"))
    part = {"part": "application-92", "amount": "20.00", "credit": "92"}
    verdict = MoneyDesk((*INVOICES, MEMO, other, itself), used).one(*shares, total=total, **part)
    assert record(verdict) is MoneyRecord.CREDIT_APPLICATION
    assert itself in verdict.referred.all


def test_a_payment_of_nothing_for_nothing_is_skipped():
    verdict = MoneyDesk().one(total="0.00")
    assert (verdict.state, verdict.problems[0].cause) == (State.SKIPPED, Cause.ZERO_AMOUNT)


def test_a_later_application_takes_from_the_deposit_on_its_own_day():
    desk = MoneyDesk((*INVOICES, target("700", "customerDeposit", PAYMENT)))
    verdict = desk.one(share("1", "30.00"), part="application-91", amount="30.00")
    plan = verdict.plan
    assert record(verdict) is MoneyRecord.DEPOSIT_APPLICATION
    assert (plan.source, plan.amount, plan.liability) == (
        "st-1001-payment-700",
        Decimal("30.00"),
        "71",
    )


@pytest.mark.parametrize(
    ("shares", "payment", "cause"),
    [
        ((share("1", "60.00"),), {"unapplied": "39.99"}, Cause.NOT_BALANCED),
        ((share("1", "120.00"),), {}, Cause.NOT_BALANCED),
        ((share("1", "-5.00"),), {"refunded_payment": "600"}, Cause.PARENT_BLOCKED),
        ((share("1", "-5.00"),), {}, Cause.NOT_BALANCED),
        ((share("1", "50.005"), share("2", "49.995")), {}, Cause.TOO_MANY_DECIMALS),
        ((share("9", "60.00"),), {}, Cause.PARENT_BLOCKED),
        ((), {"total": "-5.00"}, Cause.PARENT_BLOCKED),
        ((), {"total": "-5.00", "refunded_payment": "44"}, Cause.PARENT_BLOCKED),
        ((share("1", "-5.00"),), {"total": "-5.00"}, Cause.PARENT_BLOCKED),
        ((), {"account": None}, Cause.ACCOUNT_NOT_MAPPED),
        ((), {"account": {"id": "777", "name": "New"}}, Cause.ACCOUNT_NOT_MAPPED),
        ((), {"account": {"id": "400", "name": "Revenue"}}, Cause.ACCOUNT_NOT_POSTABLE),
        ((), {"customer": None}, Cause.CUSTOMER_MISSING),
        ((), {"customer": {"id": "7009", "name": "Bo"}}, Cause.CUSTOMER_MISSING),
        ((), {"business_unit": None}, Cause.BUSINESS_UNIT_MISSING),
        ((share("1", "60.00"),), {"total": None}, Cause.DIRTY_DATA),
        ((), {"exports_as": None}, Cause.DIRTY_DATA),
        ((), {"day": None}, Cause.DATE_MISSING),
    ],
)
def test_what_is_wrong_with_a_payment_blocks_it_by_name(shares, payment, cause):
    assert cause in causes(MoneyDesk(INVOICES).one(*shares, **payment))


def test_what_is_not_in_netsuite_yet_is_waited_for_by_name():
    blocked = replace(target("1", None), state="blocked", sentence="No account.")
    verdict = MoneyDesk((blocked,)).one(share("1", "60.00"))
    (problem,) = verdict.problems
    assert problem.sentence == "It waits for invoice N1, which is blocked: No account."


def test_an_invoice_of_another_subsidiary_blocks():
    other = target("1", form=form("invoice", subsidiary="3"))
    verdict = MoneyDesk((other,)).one(share("1", "60.00"))
    assert causes(verdict) == {Cause.SEVERAL_SUBSIDIARIES}


def test_invoices_on_different_receivable_accounts_are_not_paid_by_one_payment():
    other = target("2", form=form("invoice", "64"))
    verdict = MoneyDesk((INVOICES[0], other)).one(share("1", "60.00"), share("2", "40.00"))
    assert causes(verdict) == {Cause.ACCOUNT_NOT_POSTABLE}


def test_a_payment_from_before_go_live_is_skipped():
    from datetime import date

    verdict = MoneyDesk().one(day=date(2020, 1, 1))
    assert (verdict.state, verdict.problems[0].cause) == (State.SKIPPED, Cause.BEFORE_GO_LIVE)
