"""What holds of every payment: nothing raises, shares come to the total, the ledger balances."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from payment_books import PAYMENT, MoneyDesk, paid, share, target

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.mapping.payment_content import allocated, in_cash, read_payment
from servicetitan_netsuite.netsuite import canonical, journal
from servicetitan_netsuite.netsuite.money_records import BUILDERS
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.plans.payments import MoneyRecord

QUICK = settings(max_examples=60, deadline=None)
KNOWN = (
    target("1"), target("2"), target("5", "creditMemo"), target("6", "creditMemo"),
    target("600", "customerDeposit", PAYMENT), target("601", "customerPayment", PAYMENT),
)  # fmt: skip
USED = {memo: {"1": Decimal(10**9), "2": Decimal(10**9)} for memo in ("5", "6")}

cents = st.integers(-(10**7), 10**7).map(lambda n: f"{Decimal(n).scaleb(-2):f}")
odd = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.lists(st.none(), max_size=2))


@st.composite
def payments(draw):
    shares = [
        share(draw(st.sampled_from(["1", "2", "5", "6"])), draw(cents), str(n))
        for n in range(1, draw(st.integers(0, 4)) + 1)
    ]
    used = sum((Decimal(one["amount"]) for one in shares), Decimal(0))
    total = draw(st.sampled_from([str(used), "0.00", "500.00", "-40.00"]))
    return paid(
        *shares,
        total=total,
        refunded_payment=draw(st.sampled_from([None, "600", "601", "602"])),
        exports_as=draw(st.sampled_from(["payment", "payment", "journal"])),
    )


@QUICK
@given(payments(), st.sampled_from(["unapplied", "deposit"]))
def test_a_payment_that_is_ready_is_applied_within_its_amount_and_balances(document, remainder):
    desk = MoneyDesk(KNOWN, USED, {"payment_remainder": remainder})
    (verdict,) = desk.judge(document)
    if verdict.state is not State.READY:
        assert verdict.problems
        return
    plan = verdict.plan
    total = abs(Decimal(document.content["header"]["total"]))
    if isinstance(plan, JournalPlan):
        form = canonical.journal(journal.body(plan))
        assert sum(line.amount for line in plan.lines) == 0
        assert Decimal(form["total"]) == total
        return
    form = BUILDERS[plan.record][2](plan)
    assert sum(Decimal(line[-1]) for line in form["lines"]) == 0
    if plan.record is MoneyRecord.PAYMENT:
        applied = sum(amount for _, amount in plan.applications)
        left = Decimal(document.content["header"]["unapplied"])
        assert applied == total - left
        assert plan.amount == (total - left if remainder == "deposit" else total)
        assert all(amount > 0 for _, amount in plan.applications)
    if plan.record in (MoneyRecord.DEPOSIT, MoneyRecord.REFUND):
        assert plan.amount == total
    BUILDERS[plan.record][1](plan)  # every amount goes on the wire exactly


@QUICK
@given(payments())
def test_credits_are_used_no_further_than_they_reach_and_cash_takes_the_rest(document):
    shares = read_payment(document).shares
    taken = {share.to: Decimal(0) for share in shares if share.amount < 0}
    for one in shares:
        if one.amount < 0:
            taken[one.to] -= one.amount
    used = allocated(shares)
    for credit, documents in used.items():
        assert 0 < sum(documents.values()) <= taken[credit]
    positive = sum((one.amount for one in shares if one.amount > 0), Decimal(0))
    by_credit = sum((sum(each.values()) for each in used.values()), Decimal(0))
    assert sum(in_cash(shares).values()) == positive - by_credit


@QUICK
@given(st.dictionaries(st.sampled_from(
    ["total", "unapplied", "account", "customer", "business_unit", "exports_as", "memo",
     "refunded_payment", "check_number", "batch"]), odd), st.lists(odd, max_size=3))  # fmt: skip
def test_dirt_never_raises_and_never_stops_the_others(header, lines):
    document = paid()
    dirty = {"header": {**document.content["header"], **header}, "lines": lines}
    document.content.update(dirty)
    first, second = MoneyDesk(KNOWN, USED).judge(document, paid(source_id="701"))
    assert second.state is State.READY
    assert first.state in (State.READY, State.BLOCKED, State.SKIPPED)
