"""Adjustments, and returns with the AP credits that name them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from lists_fake import Lists, adjustment, counted, credit, goods, returned, split
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.adjustments import pending_adjustments
from servicetitan_netsuite.servicetitan.ap_credits import AP_CREDITS
from servicetitan_netsuite.servicetitan.exported import Mark, mark_exported
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.servicetitan.vendor_credits import (
    credits_of,
    pending_vendor_credits,
    still_pending,
)

TENANT = tenant()
SINCE = datetime(2026, 3, 1, tzinfo=UTC)


def adjustments(server: Lists, **options: Any) -> list[Any]:
    return with_client(
        server, lambda client: all_of(pending_adjustments(client, TENANT, **options))
    )


def credits(server: Lists, **options: Any) -> list[Any]:
    return with_client(
        server, lambda client: all_of(pending_vendor_credits(client, TENANT, **options))
    )


def books(returns: list[Any], ap_credits: list[Any]) -> Lists:
    return Lists(returns=returns, ap_credits=ap_credits)


def test_an_adjustment_is_worth_what_the_stock_gains_or_loses() -> None:
    items = [counted(1, 28.60), counted(2, -50.00), counted(3, 99, active=False)]
    (found,) = adjustments(Lists(adjustments=[adjustment(items=items)]))
    assert found.amount == Decimal("21.4")
    assert [line["total_cost"] for line in found.content["lines"]] == ["28.6", "-50"]
    assert found.content["header"]["business_unit"] == {"id": "1026", "name": None}


def test_only_what_was_modified_since_is_asked_for() -> None:
    served = Lists(adjustments=[adjustment(), adjustment(8802, modifiedOn="2026-03-02T00:00:00Z")])
    (found,) = adjustments(served, since=SINCE)
    assert found.source_id == "8802"


@pytest.mark.parametrize(
    "changes",
    [
        {"items": "none"},
        {"items": [None]},
        {"items": [counted(1, "unknown")]},
        {"date": 5},
        {"businessUnitId": "x"},
        {"syncStatus": None},
    ],
)
def test_a_dirty_adjustment_is_told_and_spoils_no_other(changes: Any) -> None:
    served = Lists(adjustments=[adjustment(), adjustment(8802)])
    served.rows["adjustments"][0] |= changes
    found = {one.source_id: one for one in adjustments(served)}
    assert isinstance(found["8802"], SourceDocument)
    assert not isinstance(found.get("8801"), SourceDocument)


def test_an_adjustment_without_lines_or_business_unit_is_left_to_the_rules() -> None:
    (found,) = adjustments(Lists(adjustments=[adjustment(items=None, businessUnitId=None)]))
    assert (found.content["lines"], found.content["header"]["business_unit"]) == ([], None)


def test_a_return_and_the_credit_naming_it_are_one_document() -> None:
    (found,) = credits(books([returned()], [credit()]))
    assert (found.source_id, found.number, found.amount) == ("7100", "RET-7100", Decimal("21.45"))
    assert found.content["header"]["applied"] == [{"to": "55100", "amount": "20"}]
    assert found.content["header"]["credited"] is None
    assert credits_of(found) == ["6001"]
    (line,) = found.content["lines"]
    assert line["account"] == {"id": None, "number": "1300", "name": "Account 1300"}


def test_a_return_without_a_credit_and_a_credit_without_a_return_are_one_each() -> None:
    alone, own = credits(books([returned()], [credit(of=None), credit(6002, of=0)]))[:2]
    assert (alone.source_id, credits_of(alone)) == ("7100", [])
    assert (own.source_id, own.number, own.content["lines"]) == ("credit_6001", "VC-6001", [])
    assert own.content["header"]["vendor"] == {"id": "3301", "name": "Ferguson"}


def test_of_the_whole_list_only_what_can_be_after_go_live_is_read() -> None:
    """`from` is 2026-01-01; a person who names an older one is told why it is not synced."""
    old, new = "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"
    served = Lists(
        adjustments=[adjustment(date=old), adjustment(8802, date=new)],
        returns=[returned(returnDate=old), returned(7101, returnDate=new)],
        ap_credits=[],
    )
    assert [one.source_id for one in adjustments(served)] == ["8802"]
    assert [one.source_id for one in credits(served)] == ["7101"]
    for named in ({"documents": ["ADJ-8801"]}, {"ids": ["8801"]}, {"batch": "7475"}):
        assert "8801" in [one.source_id for one in adjustments(served, **named)]
    assert [one.source_id for one in credits(served, documents=["RET-7100"])] == ["7100"]


def test_a_credit_posted_later_brings_its_return_along() -> None:
    served = books([returned()], [credit()])
    (found,) = credits(served, since=SINCE)
    assert found.source_id == "7100"
    served.rows["ap-credits"][0]["syncStatus"] = "Exported"
    assert credits(served, since=SINCE) == []


def test_an_exported_credit_still_belongs_to_its_return() -> None:
    before = credits(books([returned()], [credit()]))[0]
    after = credits(books([returned()], [credit(syncStatus="Exported")]))[0]
    assert before.version == after.version
    assert before.content == after.content


def test_what_a_credit_is_applied_to_makes_a_version_and_what_it_is_called_does_not() -> None:
    def version(*ap_credits: Any, **changes: Any) -> int:
        return int(credits(books([returned(**changes)], list(ap_credits)))[0].version)

    plain = version()
    assert version(credit(splits=[])) == plain
    assert version(credit(splits=[], number="VC-other")) == plain
    assert version(credit()) != plain
    assert version(credit(splits=[], amount=20)) != plain
    assert version(credit(status="Canceled")) == plain
    assert version(status="Canceled") != plain


def test_splits_of_several_credits_add_up_by_bill() -> None:
    one = credit(splits=[split(1, 6001, amount=5), split(2, 6001, amount=5, active=False)])
    one |= {"amount": 10}
    other = credit(6002, amount=11.45, splits=[split(3, 6002, amount=6.45), split(4, 6002, 9, 5)])
    (found,) = credits(books([returned()], [other, one]))
    assert found.content["header"]["applied"] == [
        {"to": "9", "amount": "5"},
        {"to": "55100", "amount": "11.45"},
    ]
    assert found.content["header"]["credited"] is None
    assert credits_of(found) == ["6001", "6002"]


def test_a_credit_whose_return_is_not_posted_or_gone_says_so() -> None:
    (waits,) = credits(books([returned(syncStatus="Pending")], [credit()]))
    assert waits.content["header"]["posted"] is False
    (gone,) = credits(books([], [credit()]))
    assert (gone.source_id, gone.content["header"]["return_gone"]) == ("7100", True)


def test_a_return_or_credit_is_found_by_its_number_id_or_batch() -> None:
    served = books(
        [returned(), returned(7101, batch=None, batchId=None)], [credit(), credit(6002, of=None)]
    )
    ids = {
        name: [one.source_id for one in credits(served, documents=[name])]
        for name in ("RET-7101", "7100", "VC-6001", "6001", "VC-6002", "credit_6002", "nobody")
    }
    assert ids == {
        "RET-7101": ["7101"],
        "7100": ["7100"],
        "VC-6001": ["7100"],
        "6001": ["7100"],
        "VC-6002": ["credit_6002"],
        "credit_6002": ["credit_6002"],
        "nobody": [],
    }
    assert [one.source_id for one in credits(served, batch="7481")] == ["7100", "credit_6002"]
    assert [one.source_id for one in credits(served, ids=["7101"])] == ["7101"]


def test_what_still_waits_is_the_return_or_a_credit_of_it() -> None:
    served = books(
        [returned(), returned(7101, syncStatus="Pending"), returned(7102, syncStatus="Pending")],
        [credit(of=7101), credit(6002, of=None), credit(6003, of=None, syncStatus="Exported")],
    )
    asked = ["7100", "7101", "7102", "credit_6002", "credit_6003", "1"]
    waits = with_client(served, lambda client: still_pending(client, asked))
    assert waits == {"7100", "7101", "credit_6002"}


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ("returns", {"returnAmount": None}),
        ("returns", {"items": [goods(1, quantity="ten")]}),
        ("returns", {"items": [None]}),
        ("returns", {"returnDate": "soon"}),
        ("returns", {"vendorId": "x"}),
        ("ap-credits", {"splits": [None]}),
        ("ap-credits", {"splits": [split(1, 1, bill=0, amount=5)]}),
        ("ap-credits", {"amount": "much"}),
    ],
)
def test_a_dirty_row_is_told_and_spoils_no_other(row: str, changes: Any) -> None:
    served = books([returned(), returned(7101)], [credit()])
    served.rows[row][0] |= changes
    found = {one.source_id: one for one in credits(served)}
    assert isinstance(found["7100"], Unreadable)
    assert isinstance(found["7101"], SourceDocument)


@pytest.mark.parametrize("row", [None, "x", {"id": 5, "syncStatus": "Odd", "active": True}])
def test_a_credit_that_does_not_say_what_it_is_spoils_nothing(row: Any) -> None:
    found = credits(books([returned()], [row]))
    assert [type(one).__name__ for one in found] in (
        ["Unreadable", "SourceDocument"],
        ["SourceDocument"],
    )


def test_credits_are_marked_by_their_id_alone() -> None:
    served = books([], [credit(), credit(6002, syncStatus="Exported")])
    marks = [Mark(id_, "st-x", "") for id_ in ("6001", "6002", "6003")]
    told = with_client(served, lambda client: mark_exported(client, AP_CREDITS, marks))
    assert [told[mark.source_id].reported for mark in marks] == [
        Reported.ACCEPTED,
        Reported.ACCEPTED,
        Reported.GONE,
    ]
