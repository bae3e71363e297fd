from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from receivables_fake import Receivables, memo, memo_item
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.credit_memos import pending_credit_memos
from servicetitan_netsuite.servicetitan.found import Unreadable

TENANT = tenant()


def read(server: Any, **options: Any) -> list[Any]:
    return with_client(
        server, lambda client: all_of(pending_credit_memos(client, TENANT, **options))
    )


def books(count: int, **options: Any) -> Receivables:
    made = Receivables(**options)
    made.rows["credit-memos"] = [memo(n) for n in range(1, count + 1)]
    made.items = [memo_item(n * 10, n) for n in range(1, count + 1)]
    return made


def numbers(found: list[Any]) -> list[str]:
    return [each.number for each in found]


def test_posted_memos_are_picked_from_the_list_and_read_with_their_lines() -> None:
    served = books(5)
    served.row(2)["syncStatus"] = "Exported"
    served.row(3)["syncStatus"] = "Pending"
    served.row(4)["active"] = False
    found = read(served)
    assert numbers(found) == ["CM-1", "CM-5"]
    assert [line["id"] for each in found for line in each.content["lines"]] == ["10", "50"]


def test_lines_are_read_for_fifty_memos_a_call() -> None:
    served = books(120, page_limit=40)
    assert len(read(served)) == 120
    asked = {call.split("&page=")[0] for call in served.calls if "credit-memo-items" in call}
    assert len(asked) == 3


def test_memos_that_repeat_on_later_pages_come_once() -> None:
    served = books(120)
    served.rows["credit-memos"] += served.rows["credit-memos"][:30]
    assert len(read(served)) == 120


def test_only_what_was_modified_since_is_asked_for() -> None:
    served = books(2)
    served.row(2)["modifiedOn"] = "2026-03-01T00:00:00Z"
    found = read(served, since=datetime(2026, 2, 20, 12, tzinfo=UTC))
    assert numbers(found) == ["CM-2"]
    assert "modifiedOnOrAfter=2026-02-20T12:00:00.000000Z" in served.calls[0]


def test_a_memo_that_changes_while_it_is_read_is_read_again() -> None:
    served = books(2)

    def change_once() -> None:
        served.on_items = lambda: None
        served.row(1)["total"] = 60
        served.items[0]["total"] = 55.87

    served.on_items = change_once
    by_number = {each.number: each for each in read(served)}
    assert by_number["CM-1"].content["header"]["total"] == "60"
    assert by_number["CM-1"].content["lines"][0]["total"] == "55.87"
    assert "CM-2" in by_number


def test_a_memo_that_is_unposted_while_it_is_read_is_left_out() -> None:
    served = books(2)
    served.on_items = lambda: served.row(1).update(syncStatus="Pending")
    assert numbers(read(served)) == ["CM-2"]


def test_a_memo_that_never_stands_still_is_told() -> None:
    served = books(2)
    served.on_items = lambda: served.row(1).update(balance=len(served.calls))
    found = {each.number: each for each in read(served)}
    assert isinstance(found["CM-2"], SourceDocument)
    assert found["CM-1"].reason == "it keeps changing while it is read"


@pytest.mark.parametrize(
    "dirt",
    [{"total": None}, {"id": "x"}, {"revenueGeneralLedgerAccount": []}, {"quantity": "many"}],
)
def test_a_dirty_line_spoils_only_its_own_memo(dirt: dict[str, Any]) -> None:
    served = books(7)
    served.items[4].update(dirt)
    found = read(served)
    assert len(found) == 7
    assert [each.number for each in found if isinstance(each, Unreadable)] == ["CM-5"]


def test_lines_on_pages_that_repeat_count_once() -> None:
    served = books(1)
    served.items = [memo_item(n, 1) for n in (1, 2, 2, 3, 1)]
    (found,) = read(served)
    assert [line["id"] for line in found.content["lines"]] == ["1", "2", "3"]


def test_a_line_that_comes_twice_and_differs_is_told() -> None:
    served = books(1)
    served.items = [memo_item(1, 1), memo_item(1, 1, total=7)]
    (found,) = read(served)
    assert "two different lines" in found.reason


def test_removed_lines_are_left_out() -> None:
    served = books(1)
    served.items.append(memo_item(11, 1, active=False))
    (found,) = read(served)
    assert len(found.content["lines"]) == 1


def test_dirty_rows_are_told_and_the_rest_is_read() -> None:
    served = books(2)
    dirty = [None, 7, {"id": 3, "syncStatus": None}, memo(4, total={}), memo(5, appliedTo="x")]
    served.rows["credit-memos"][1:1] = dirty
    found = read(served)
    told = [each for each in found if isinstance(each, Unreadable)]
    assert [each.source_id for each in told] == ["", "", "3", "4", "5"]
    assert sorted(each.number for each in found if isinstance(each, SourceDocument)) == [
        "CM-1",
        "CM-2",
    ]


def test_chosen_memos_are_found_by_id_and_by_number() -> None:
    served = books(6)
    assert sorted(numbers(read(served, documents=("3", "cm-5", "CM-99")))) == ["CM-3", "CM-5"]


def test_memos_chosen_by_id_need_no_list() -> None:
    served = books(6)
    assert numbers(read(served, documents=("3",))) == ["CM-3"]
    assert all("ids=3" in call or "creditMemoIds=3" in call for call in served.calls)


def test_one_batch_is_read() -> None:
    served = books(3)
    served.row(2)["batch"] = {"id": 300, "number": "B-7", "name": "AR March"}
    assert numbers(read(served, batch="b-7")) == ["CM-2"]
