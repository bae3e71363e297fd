"""What is sent of an order: each open line once, nothing beyond it, and all of what is billed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.netsuite import goods, purchase_order
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.netsuite.order_lines import (
    CODE,
    OF,
    HeldLine,
    Ordered,
    bill_lines,
    found_by_hand,
    held_lines,
    keys_before_change,
    matched,
    order_of,
    receipt_lines,
    transform_path,
)

QUICK = settings(max_examples=150, deadline=None)
ACCOUNTS = {"901": "73", "902": "74"}


def line(number: int, quantity: int = 10, **more) -> HeldLine:
    made = {
        "item": "901",
        "rate": Decimal("7.15"),
        "received": Decimal(0),
        "billed": Decimal(0),
        "closed": False,
    } | more
    return HeldLine(line=number, quantity=Decimal(quantity), **made)


def ordered(source: str, quantity: int = 10, rate: str = "7.15", code: str = "") -> Ordered:
    return Ordered(source, code or f"SKU-{source}", Decimal(quantity), Decimal(rate))


@st.composite
def orders(draw) -> list[HeldLine]:
    """An order as it may have come to stand; ids have gaps."""
    keys = draw(st.lists(st.integers(1, 40), unique=True, min_size=1, max_size=6))
    return [
        line(
            key,
            quantity,
            item=draw(st.sampled_from(["901", "902"])),
            received=Decimal(draw(st.integers(0, quantity))),
            billed=Decimal(draw(st.integers(0, quantity + 2))),
            closed=draw(st.integers(0, 4)) == 0,
        )
        for key in sorted(keys)
        for quantity in [draw(st.integers(1, 12))]
    ]


@QUICK
@given(orders(), st.data())
def test_a_receipt_names_every_open_line_once_and_never_more_than_is_left(held, data):
    wanted = data.draw(st.lists(st.sampled_from(held), unique_by=lambda one: one.line))
    asked = {one.line: data.draw(st.integers(1, 12)) for one in wanted}
    keys = {str(one.line): one.line for one in held}
    items = [{OF: str(key), CODE: "X", "quantity": float(n)} for key, n in asked.items()]
    body = {"externalId": "st-1", "item": {"items": items}}
    left = {one.line: 0 if one.closed else int(one.quantity - one.received) for one in held}
    fits = all(n <= left[key] for key, n in asked.items())
    if not fits:
        with pytest.raises(Blocked, match="left"):
            receipt_lines(body, keys, held, "PO-1")
        return
    made, came = receipt_lines(body, keys, held, "PO-1")
    rows = made["item"]["items"]
    named = [row["orderLine"] for row in rows]
    assert sorted(named) == sorted(key for key, rest in left.items() if rest)
    taken = {row["orderLine"]: row["quantity"] for row in rows if row["itemReceive"]}
    assert taken == asked
    assert sum(quantity for _, quantity in came) == sum(asked.values())
    assert not any(name in row for row in rows for name in (OF, CODE))


@QUICK
@given(orders(), st.data())
def test_a_bill_books_all_of_its_lines_and_bills_nothing_else(held, data):
    wanted = data.draw(st.lists(st.sampled_from(held), unique_by=lambda one: one.line))
    keys = {str(one.line): one.line for one in held}
    items = [
        {
            OF: str(one.line),
            CODE: "X",
            "quantity": 2.0,
            "rate": 3.5,
            "amount": 7.0,
            "account": {"id": data.draw(st.sampled_from(["73", "74"]))},
            "memo": "words",
        }
        for one in wanted
    ]
    items += [{OF: "unknown", CODE: "Y", "quantity": 1.0, "amount": 5.0, "account": {"id": "73"}}]
    body = {
        "item": {"items": items},
        "expense": {"items": [{"account": {"id": "9"}, "amount": 1.0}]},
    }
    mine = {
        one.line
        for one, row in zip(wanted, items, strict=False)
        if ACCOUNTS[one.item] == row["account"]["id"]
    }
    shut = {one.line for one in held if one.closed or one.billed >= one.quantity}
    if mine & shut:
        with pytest.raises(Blocked, match="closed or billed in full"):
            bill_lines(body, keys, held, ACCOUNTS, "PO-1")
        return
    made = bill_lines(body, keys, held, ACCOUNTS, "PO-1")
    rows = made.get("item", {}).get("items", [])
    assert sorted(row["orderLine"] for row in rows) == sorted(
        one.line for one in held if one.line not in shut
    )
    assert {row["orderLine"] for row in rows if row["quantity"]} == mine
    everything = [*rows, *made["expense"]["items"]]
    assert sum(row["amount"] for row in everything) == 7.0 * len(wanted) + 6.0
    assert not any(name in row for row in everything for name in (OF, CODE))


def test_lines_are_found_by_their_place_and_proved_by_quantity_and_rate():
    held = [line(2), line(5, 3), line(9, 4)]
    lines = [ordered("a"), ordered("b", 3)]
    assert matched(lines, held, {}, "PO-1") == {"a": 2, "b": 5}
    assert matched([*lines, ordered("r7", 4)], held, {"a": 2, "b": 5}, "PO-1") == {"r7": 9}
    for wrong in (ordered("b", 3, "7.16"), ordered("b", 4)):
        with pytest.raises(Blocked, match="no line that is certainly the one of SKU-b"):
            matched([ordered("a"), wrong], held, {}, "PO-1")


def test_lines_of_an_order_made_by_hand_are_found_without_doubt_or_not_at_all():
    held = [line(1, words="CU-34 pipe"), line(2, words="CU-34 more"), line(3, 4, words="odd")]
    lines = [ordered("a", code="CU-34"), ordered("b", 4, code="FILT"), ordered("c", 10, code="NO")]
    assert found_by_hand(lines, held) == {"b": 3}
    assert found_by_hand([ordered("a", 4, code="CU-34")], held) == {"a": 3}


def test_a_line_taken_from_an_order_that_is_posted_is_never_guessed():
    held = [line(1), line(2)]
    assert keys_before_change([ordered("a", 30), ordered("b")], held, {}, "PO-1") == {
        "a": 1,
        "b": 2,
    }
    assert keys_before_change([ordered("a"), ordered("b"), ordered("r1")], held, {"b": 2}, "P") == {
        "a": 1,
        "b": 2,
    }
    for lines, known in (([ordered("a")], {}), ([ordered("b")], {"a": 1, "b": 2})):
        with pytest.raises(Blocked, match="A line was taken from purchase order PO-1"):
            keys_before_change(lines, held, known, "PO-1")


def test_the_path_of_a_transform_names_order_and_record():
    for order in ("st-1004-purchase_order-44", "9001"):
        path = transform_path(order, "itemReceipt")
        assert order_of(path) == (order, "itemReceipt")
    assert order_of("record/v1/vendorBill") is None


def test_a_changed_order_keeps_its_lines_and_adds_the_new_ones():
    items = [
        {OF: "a", "item": {"id": "901"}, "quantity": 30.0, "rate": 9.9999, "amount": 300.0},
        {OF: "r1", "item": {"id": "902"}, "quantity": 2.0, "rate": 1.0, "amount": 2.0},
    ]
    body = {"externalId": "st-1", "entity": {"id": "1"}, "tranDate": "2026-03-02"}
    made = purchase_order.changed({**body, "item": {"items": items}}, {"a": 4})
    assert made == {
        "memo": None,
        "tranDate": "2026-03-02",
        "item": {
            "items": [
                {"line": 4, "item": {"id": "901"}, "quantity": 30.0, "rate": 9.9999},
                {"item": {"id": "902"}, "quantity": 2.0, "rate": 1.0, "amount": 2.0},
            ]
        },
    }


def test_a_record_that_netsuite_shows_is_read_line_by_line():
    shown = {
        "line": 3,
        "item": {"id": "901", "refName": "Stores"},
        "quantity": 10.0,
        "rate": 9.9999,
        "quantityReceived": 4.0,
        "isClosed": False,
        "description": "CU-34",
    }
    (found,) = held_lines({"item": {"items": [shown]}})
    assert (found.line, found.received, found.billed) == (3, Decimal(4), Decimal(0))
    assert "CU-34" in found.words.split()


def test_an_order_is_compared_by_its_amounts_whichever_way_it_is_read():
    header = {"recordtype": "purchaseorder", "entity": "8", "trandate": "2026-03-02"}
    line = {"item": "901", "quantity": "3", "rate": "0.335"}
    told = [goods.form(header, [{**line, "amount": amount}]) for amount in ("-1.01", "1.00")]
    record = {"entity": {"id": "8"}, "tranDate": "2026-03-02"}
    shown = [
        purchase_order.held({**record, "item": {"items": [{**line, "amount": amount}]}})
        for amount in (1.01, 1.00)
    ]
    sent = shown[0]
    for right, wrong in (told, shown):
        assert differences(sent, right) == []
        (found,) = differences(sent, wrong)
        assert found == "the amount of item 901 at 0.335 is 1.00 in NetSuite, 1.01 was sent"
        # What was sent before amounts were kept is compared as it was.
        assert differences({**sent, "items": [["901", "3", "0.335"]]}, wrong) == []
