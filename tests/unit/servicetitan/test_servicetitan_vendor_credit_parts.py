"""What became of a vendor credit since it was posted: later applications, or plainly a change."""

from __future__ import annotations

from typing import Any

from lists_fake import Lists, credit, returned, split
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.vendor_credit_parts import records_since
from servicetitan_netsuite.servicetitan.vendor_credits import pending_vendor_credits


def shown(*ap_credits: Any, **changes: Any) -> SourceDocument:
    served = Lists(returns=[returned(**changes)], ap_credits=list(ap_credits))
    (found,) = with_client(served, lambda client: all_of(pending_vendor_credits(client, tenant())))
    assert isinstance(found, SourceDocument)
    return found


def granted(*splits: tuple[int, float]) -> dict[str, Any]:
    made = [split(n, 6001, bill, amount) for n, (bill, amount) in enumerate(splits, 1)]
    return credit(splits=made)


def since(now: SourceDocument, posted: SourceDocument, **parts: int | None) -> Any:
    known = {name.replace("_", "-"): version for name, version in parts.items()}
    return records_since(now, posted.content, posted.version, known)


def told(records: list[SourceDocument]) -> list[tuple[str, str]]:
    return [(one.part, one.content["lines"][0]["amount"]) for one in records if one.part]


def test_what_has_not_changed_is_itself_alone() -> None:
    for one in (shown(), shown(granted((55100, 20)))):
        assert since(one, one) == [one]


def test_a_credit_granted_later_is_an_application_of_the_same_credit() -> None:
    before, after = shown(), shown(granted((55100, 10), (55101, 5)))
    itself, *parts = since(after, before)
    assert itself.version == before.version
    assert itself.content["header"]["applied"] == []
    assert [one["id"] for one in itself.content["credits"]] == ["6001"]
    assert told(parts) == [("application-55100", "10"), ("application-55101", "5")]
    assert len({one.version for one in parts}) == 2


def test_only_what_is_applied_to_more_than_before_is_an_application() -> None:
    before, after = shown(granted((1, 10), (2, 5))), shown(granted((1, 10), (2, 7), (3, 4.45)))
    itself, *parts = since(after, before)
    assert itself.version == before.version
    assert told(parts) == [("application-2", "7"), ("application-3", "4.45")]


def test_applied_to_less_or_changed_otherwise_is_a_change() -> None:
    before = shown(granted((1, 10), (2, 5)))
    for after in (
        shown(granted((1, 10))),
        shown(granted((1, 9), (2, 5))),
        shown(granted((1, 10), (2, 6)), returnDate="2026-02-13T00:00:00Z"),
    ):
        assert since(after, before) == [after]
        assert after.version != before.version


def test_what_is_not_known_to_be_posted_with_is_a_change() -> None:
    before, after = shown(), shown(granted((1, 10)))
    assert records_since(after, None, before.version, {}) == [after]


def test_an_application_taken_back_after_it_was_posted_comes_with_nothing_applied() -> None:
    before = shown()
    records = since(before, before, application_1=7, application_2=None)
    assert told(records) == [("application-1", "0")]
    assert records[1].version != 7


def test_what_is_granted_in_part_leaves_the_credit_as_it_was_and_says_so() -> None:
    before, half = shown(), granted((55100, 10)) | {"amount": 10.00}
    itself, part = since(shown(half), before)
    assert itself.version == before.version
    assert itself.content["granted"] == "10"
    assert (part.content["header"]["credited"], part.content["header"]["total"]) == ("10", "21.45")
    rest = credit(6002, amount=11.45, splits=[])
    itself, part = since(shown(half, rest), before)
    assert "granted" not in itself.content
    assert "credited" not in part.content["header"]
    # More than was returned is no part of it.
    after = shown(half, credit(6002, amount=20.00, splits=[]))
    assert since(after, before) == [after]
