"""What holds of every order, receipt and bill: its total to the cent, and that no dirt raises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import ONE_WORLD
from paper_books import named
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

from servicetitan_netsuite.documents import State, to_cents
from servicetitan_netsuite.netsuite import canonical, item_receipt, purchase_order, vendor_bill

QUICK = settings(max_examples=40, deadline=None)
ORDERED = [goods("1"), goods("2", cost="7.15"), goods("3", quantity="250", cost="0.4475")]
ANSWERS = [
    {"item": "901", "line": "1", "account": None},
    {"item": "902", "line": "2", "account": named("130")},
    {"item": "903", "line": "1", "account": None},
]
BUYER = Buyer(orders={"44": order_content(*ORDERED, received=ANSWERS)})

costs = st.integers(0, 10**7).map(lambda n: str(Decimal(n).scaleb(-4)))
quantities = st.integers(-5, 10**4).map(lambda n: str(Decimal(n).scaleb(-1)))
amounts = st.integers(-(10**6), 10**9).map(lambda n: str(Decimal(n).scaleb(-2)))
receipt_items = st.sampled_from([None, "901", "902", "903", "999"])


@st.composite
def bills(draw) -> Any:
    lines = draw(
        st.lists(
            st.builds(
                lambda q, c, of: bought(of=of, quantity=q, cost=c), quantities, costs, receipt_items
            )
            | st.builds(spent, amounts),
            min_size=1,
            max_size=6,
        )
    )
    order = draw(st.sampled_from([None, "44"]))
    tax, shipping = draw(amounts), draw(amounts)
    return document(BILL, *lines, order=order, tax=tax, shipping=shipping)


@QUICK
@given(st.lists(bills(), max_size=4))
def test_a_bill_is_booked_to_the_cent_whatever_is_linked_to_its_order(chunk):
    for one, verdict in zip(chunk, BUYER.judge(*chunk), strict=True):
        total = to_cents(Decimal(one.content["header"]["total"]))
        if verdict.plan is None:
            assert total < 0 or verdict.comes_to_nothing, verdict.problems
            continue
        plan = verdict.plan
        assert sum(line.amount for line in (*plan.lines, *plan.expenses)) == total
        assert len({line.of for line in plan.lines}) == len(plan.lines)
        assert all(line.quantity > 0 for line in plan.lines)
        form = vendor_bill.canonical(plan)
        assert sum(Decimal(line[-1]) for line in form["lines"]) == 0
        assert canonical.differences(form, form) == []
        body = vendor_bill.body(plan, ONE_WORLD)
        rows = [row for part in ("item", "expense") for row in body.get(part, {}).get("items", [])]
        assert sum(Decimal(repr(row["amount"])) for row in rows) == total


@QUICK
@given(st.lists(bills(), max_size=5), st.integers(0, 5))
def test_how_bills_are_cut_into_chunks_changes_nothing(chunk, place):
    whole = BUYER.judge(*chunk)
    assert whole == [*BUYER.judge(*chunk[:place]), *BUYER.judge(*chunk[place:])]


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.sampled_from(["1.00", "0", "130", "44", "\ud800", "\x00", "1e999999", "2026-13-99"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
PARTS = (
    "id",
    "sku",
    "description",
    "quantity",
    "cost",
    "amount",
    "account",
    "receipt_line",
    "place",
)
HEAD = ("total", "tax", "shipping", "memo", "vendor", "order", "business_unit", "due_date", "term")
MORE = ("place", "batch", "vendor_number", "canceled", "received")


@st.composite
def dirty(draw, kind) -> Any:
    lines = [bought(of="901"), spent()] if kind is BILL else [goods("901"), goods("902")]
    made = document(kind, *lines, order="44")
    header = dict(made.content["header"])
    for part in draw(st.lists(st.sampled_from([*HEAD, *MORE]), max_size=3)):
        header[part] = draw(json)
    rows = [dict(line) for line in lines]
    for row in rows:
        for part in draw(st.lists(st.sampled_from(PARTS), max_size=2)):
            row[part] = draw(json)
    whole = {"header": header, "lines": [*rows, *draw(st.lists(json, max_size=1))]}
    whole["received"] = draw(json | st.just(ANSWERS))
    content = draw(st.one_of(st.just(whole), json, st.fixed_dictionaries({"header": json})))
    return replace(made, content=content, number=draw(st.text(max_size=4) | st.just("7")))


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from([ORDER, RECEIPT, BILL]))
def test_no_dirt_raises_and_whatever_is_ready_can_be_sent(data, kind):
    chunk = data.draw(st.lists(dirty(kind), max_size=3))
    order = data.draw(json | st.just(BUYER.orders["44"]))
    orders = {"44": order} if isinstance(order, dict) else {}
    for verdict in replace(BUYER, orders=orders).judge(*chunk):
        assert (verdict.plan is not None) == (verdict.state is State.READY)
        assert bool(verdict.problems) == (verdict.state is not State.READY)
        if verdict.plan:
            bodies = {
                ORDER: purchase_order.body,
                RECEIPT: item_receipt.body,
                BILL: lambda plan: vendor_bill.body(plan, ONE_WORLD),
            }
            str(bodies[kind](verdict.plan)).encode()
        for problem in verdict.problems:
            for text in (problem.sentence, problem.key, problem.key_name, problem.advice):
                text.encode()
                assert "\x00" not in text
