"""What holds of every invoice and credit memo: its total to the cent, a balanced ledger."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import ONE_WORLD, tenant
from sales_books import CREDIT_MEMO, INVOICE, Desk, sale, sold

from servicetitan_netsuite.documents import State, to_cents
from servicetitan_netsuite.netsuite import canonical, sales

QUICK = settings(max_examples=40, deadline=None)
DESK = Desk(tenant=tenant(method="documents", cost_of_sales="journal", customers={"create": True}))
ACCOUNTS = ("400", "400", "450", "250", "100", "120", "410", "420", "777")
UNITS = (None, None, "1", "2", "3", "9", "66")

cents = st.integers(-(10**9), 10**9).map(lambda n: str(Decimal(n).scaleb(-2)))
fractions = st.decimals(-1000, 1000, places=5, allow_nan=False).map(str)


@st.composite
def one_line(draw, amounts, accounts=ACCOUNTS, units=UNITS):
    made = sold(draw(amounts), draw(st.sampled_from(accounts)), draw(st.sampled_from(units)))
    made["description"] = draw(st.sampled_from([None, "", "work", "x" * 5000]))
    return made


@st.composite
def documents(draw, amounts=cents, **choice):
    lines = draw(st.lists(one_line(amounts, **choice), max_size=6))
    tax = draw(st.one_of(st.just("0.00"), amounts))
    exact = sum((Decimal(line["total"]) for line in lines), Decimal(tax))
    if draw(st.booleans()):
        lines.append(sold(str(-exact), draw(st.sampled_from(choice.get("accounts", ACCOUNTS)))))
        exact = Decimal(0)
    return sale(
        *lines,
        tax=tax,
        total=str(to_cents(exact)),
        kind=draw(st.sampled_from([INVOICE, CREDIT_MEMO])),
        source_id=draw(st.uuids().map(str)),
        customer={"id": draw(st.sampled_from(["7001", "7009"])), "name": "Ann"},
    )


def ledger(plan):
    return [Decimal(line[-1]) for line in sales.canonical(plan)["lines"]]


def check(document, verdict):
    """What must hold of any plan: the total, its side, and a balanced ledger."""
    plan = verdict.plan
    total = to_cents(Decimal(document.content["header"]["total"]))
    lines = sum(line.amount for line in plan.lines)
    turned = document.type is INVOICE and total < 0
    assert lines == (-total if turned else total)
    credit = turned or document.type is CREDIT_MEMO
    assert plan.record == ("creditMemo" if credit else "invoice")
    assert all(line.amount and line.amount == to_cents(line.amount) for line in plan.lines)
    form = sales.canonical(plan)
    assert sum(ledger(plan)) == 0
    receivable = sum(Decimal(line[-1]) for line in form["lines"] if line[0] == plan.receivable)
    assert receivable == (total if document.type is INVOICE else -total)
    body = sales.body(plan, ONE_WORLD)
    sent = sum(Decimal(repr(line["amount"])) for line in body["item"]["items"])
    assert sent == lines


@QUICK
@given(st.lists(documents(accounts=("400", "450", "250"), units=(None, "1", "2")), max_size=5))
def test_every_clean_document_is_planned_to_the_cent_and_its_ledger_balances(chunk):
    for document, verdict in zip(chunk, DESK.judge(*chunk), strict=True):
        total = Decimal(document.content["header"]["total"])
        if document.type is CREDIT_MEMO and total < 0:
            assert verdict.state is State.BLOCKED
        elif verdict.plan:
            check(document, verdict)
        else:
            assert verdict.state is State.SKIPPED
            assert total == 0


@QUICK
@given(documents(accounts=("400", "450"), units=(None,)))
def test_by_account_netsuite_gets_what_servicetitan_says(document):
    (verdict,) = DESK.judge(document)
    if verdict.plan is None:
        return
    expected: dict[str, Decimal] = {}
    for line in document.content["lines"]:
        target = {"400": "15", "450": "62"}[line["account"]["id"]]
        expected[target] = expected.get(target, Decimal(0)) + Decimal(line["total"])
    tax = Decimal(document.content["header"]["sales_tax"])
    expected["61"] = expected.get("61", Decimal(0)) + tax
    side = 1 if document.type is CREDIT_MEMO else -1
    found = {account: Decimal(0) for account in expected}
    for account, *_, amount in sales.canonical(verdict.plan)["lines"]:
        if account != "13":
            found[account] += Decimal(amount)
    assert found == {account: side * amount for account, amount in expected.items()}


@QUICK
@given(documents(amounts=fractions, accounts=("400", "450"), units=(None,)))
def test_whatever_is_ready_despite_fractions_keeps_its_total(document):
    (verdict,) = DESK.judge(document)
    if verdict.plan:
        check(document, verdict)


@QUICK
@given(st.lists(documents(), max_size=6), st.integers(0, 6))
def test_how_documents_are_cut_into_chunks_changes_nothing(chunk, place):
    whole = DESK.judge(*chunk)
    assert whole == [*DESK.judge(*chunk[:place]), *DESK.judge(*chunk[place:])]


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.sampled_from(["1.00", "0", "400", "1", "\ud800", "\x00", "1e999999", "=1+1", "2026-13-99"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
LINE_PARTS = ("sku", "description", "total", "account", "business_unit", "inventory", "total_cost")
HEADER_PARTS = (
    "total",
    "sales_tax",
    "tax_code",
    "term",
    "memo",
    "customer",
    "business_unit",
    "due_date",
    "currency",
    "applied_to",
    "batch",
)


@st.composite
def dirty(draw) -> Any:
    document = draw(documents())
    content = document.content
    header = dict(content["header"])
    lines = [dict(line) for line in content["lines"]]
    header["applied_to"] = draw(
        json | st.lists(st.fixed_dictionaries({"to": json, "amount": json}), max_size=2)
    )
    for part in draw(st.lists(st.sampled_from(HEADER_PARTS), max_size=3)):
        header[part] = draw(json)
    for line in lines:
        for part in draw(st.lists(st.sampled_from(LINE_PARTS), max_size=2)):
            if draw(st.booleans()):
                line[part] = draw(json)
            else:
                line.pop(part, None)
    whole = {"header": header, "lines": [*lines, *draw(st.lists(json, max_size=1))]}
    made = draw(st.one_of(st.just(whole), json, st.fixed_dictionaries({"header": json})))
    return replace(document, content=made, number=draw(st.text(max_size=4) | st.just("7")))


@settings(max_examples=200, deadline=None)
@given(st.lists(dirty(), max_size=3))
def test_no_dirt_raises_and_whatever_is_ready_balances(chunk):
    clean = sale(sold("10"), source_id="clean")
    verdicts = DESK.judge(*chunk, clean)
    assert verdicts[-1].state is State.READY
    for document, verdict in zip([*chunk, clean], verdicts, strict=True):
        assert (verdict.plan is not None) == (verdict.state is State.READY)
        assert bool(verdict.problems) == (verdict.state is not State.READY)
        if verdict.plan:
            assert sum(ledger(verdict.plan)) == 0
            assert sum(line.amount for line in verdict.plan.lines) == abs(
                to_cents(Decimal(document.content["header"]["total"]))
            )
            str(sales.body(verdict.plan, ONE_WORLD)).encode()
            form = sales.canonical(verdict.plan)
            assert canonical.differences(form, form) == []
        for problem in verdict.problems:
            for text in (problem.sentence, problem.key, problem.key_name, problem.advice):
                text.encode()
                assert "\x00" not in text
