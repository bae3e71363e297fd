"""PATCH, PUT and DELETE: what happens to lines, and what a closed period forbids."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_site import (
    BANK,
    INCOME,
    OPEN,
    RECORD,
    SHUT,
    Site,
    journal,
    line,
    on_site,
)

from sandbox.netsuite.sublists import merged_lines

OLD = [{"line": 0, "debit": "5", "memo": "a"}, {"line": 1, "credit": "5"}]


def test_a_matching_key_updates_its_line_and_the_rest_is_added() -> None:
    sent = [{"line": 1, "credit": 7}, {"debit": 2}]
    assert merged_lines(OLD, sent, "line", replace=False) == [
        OLD[0],
        {"line": 1, "credit": 7, "debit": None},
        {"debit": 2},
    ]


def test_replace_leaves_exactly_the_lines_sent() -> None:
    sent = [{"debit": 2}, {"line": 0, "debit": 7}]
    assert merged_lines(OLD, sent, "line", replace=True) == [
        {"debit": 2},
        {"line": 0, "debit": 7, "memo": "a", "credit": None},
    ]


def test_lines_without_any_key_are_only_ever_added() -> None:
    assert merged_lines([{"a": 1}], [{"a": 1}], None, replace=False) == [{"a": 1}, {"a": 1}]


def test_naming_the_other_side_of_a_line_moves_it() -> None:
    [moved] = merged_lines(OLD[:1], [{"line": 0, "credit": 3}], "line", replace=False)
    assert (moved["debit"], moved["credit"]) == (None, 3)


async def _posted(site: Site, **more: Any) -> str:
    return (await site.post("journalEntry", journal(externalId="st-1", **more))).id


async def _lines(site: Site) -> list[tuple[str, str | None, str | None]]:
    [record] = await site.journals()
    return [(entry["account"], entry["debit"], entry["credit"]) for entry in record["lines"]]


def test_patch_without_replace_adds_the_lines_to_those_there() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        body = {"line": {"items": [line(BANK, debit=1), line(INCOME, credit=1)]}}
        answer = await site.call("PATCH", f"{RECORD}/journalEntry/{record}", body)
        assert answer.id == record
        assert len(await _lines(site)) == 4

    on_site(check)


def test_patch_with_replace_leaves_only_the_lines_sent() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        body = {"memo": "new", "line": {"items": [line(BANK, debit=1), line(INCOME, credit=1)]}}
        path = f"{RECORD}/journalEntry/{record}?replace=line"
        assert (await site.call("PATCH", path, body)).status == 204
        assert await _lines(site) == [(BANK, "1", None), (INCOME, None, "1")]
        ledger = await site.rows("SELECT SUM(debit) d, COUNT(*) n FROM transactionaccountingline")
        assert ledger == [{"d": "1", "n": "2"}]

    on_site(check)


def test_patch_by_key_changes_one_line_in_place() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        body = {"line": {"items": [{"line": 0, "debit": 7}, {"line": 1, "credit": 7}]}}
        path = f"{RECORD}/journalEntry/eid:ST-1"
        assert (await site.call("PATCH", path, body)).id == record
        assert await _lines(site) == [(BANK, "7", None), (INCOME, None, "7")]

    on_site(check)


def test_patch_is_bound_by_the_same_rules() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        body = {"line": {"items": [{"line": 0, "debit": 7}]}}
        answer = await site.call("PATCH", f"{RECORD}/journalEntry/{record}", body)
        assert "must balance" in answer.detail
        assert (await _lines(site))[0][1] == "100.25"

    on_site(check)


def test_put_creates_once_and_a_repeat_doubles_the_lines() -> None:
    async def check(site: Site) -> None:
        path = f"{RECORD}/journalEntry/eid:st-7"
        first = await site.call("PUT", path, journal())
        second = await site.call("PUT", path, journal())
        assert first.id == second.id
        assert len(await _lines(site)) == 4
        third = await site.call("PUT", path + "?replace=line", journal())
        assert third.status == 204
        assert len(await _lines(site)) == 2

    on_site(check)


def test_put_takes_no_internal_id() -> None:
    async def check(site: Site) -> None:
        path = f"{RECORD}/journalEntry/eid:st-7"
        answer = await site.call("PUT", path, journal(id="5"))
        assert answer.detail.endswith("You cannot set internalId with upsert.")
        by_id = await site.call("PUT", f"{RECORD}/journalEntry/5", journal())
        assert by_id.code == "INVALID_REQUEST"

    on_site(check)


def test_an_external_id_cannot_be_changed_to_one_that_is_taken() -> None:
    async def check(site: Site) -> None:
        await _posted(site)
        other = await site.post("journalEntry", journal(externalId="st-2"))
        path = f"{RECORD}/journalEntry/{other.id}"
        taken = await site.call("PATCH", path, {"externalId": "ST-1"})
        assert taken.detail.endswith("This record already exists.")
        assert (await site.call("PATCH", path, {"externalId": "st-3"})).status == 204

    on_site(check)


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("PATCH", {"memo": "new"}, "is in a period that has been closed"),
        ("PATCH", {"tranDate": "2026-04-02"}, "cannot change the G/L impact"),
        ("DELETE", None, "cannot change the G/L impact"),
    ],
)
def test_what_stands_in_a_closed_period_stays(method: str, body: Any, words: str) -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        await site.sandbox(f"periods/{OPEN}", {"closed": True})
        answer = await site.call(method, f"{RECORD}/journalEntry/{record}", body)
        assert words in answer.detail
        assert len(await site.journals()) == 1

    on_site(check)


def test_a_journal_does_not_move_into_a_closed_period() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        body = {"tranDate": "2026-02-10", "postingPeriod": {"id": SHUT}}
        answer = await site.call("PATCH", f"{RECORD}/journalEntry/{record}", body)
        assert "not within the date range" in answer.detail

    on_site(check)


def test_a_journal_moves_to_another_open_period() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site)
        path = f"{RECORD}/journalEntry/{record}"
        assert (await site.call("PATCH", path, {"tranDate": "2026-04-10"})).status == 204
        [row] = await site.rows("SELECT trandate, postingperiod FROM transaction")
        assert row == {"trandate": "4/10/2026", "postingperiod": "14"}

    on_site(check)


def test_null_clears_a_field() -> None:
    async def check(site: Site) -> None:
        record = await _posted(site, memo="old")
        await site.call("PATCH", f"{RECORD}/journalEntry/{record}", {"memo": None})
        assert "memo" not in (await site.get(f"journalEntry/{record}")).json

    on_site(check)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("key", ["999", "eid:nobody"])
def test_a_record_that_is_not_there_is_not_found(method: str, key: str) -> None:
    async def check(site: Site) -> None:
        body = {} if method == "PATCH" else None
        answer = await site.call(method, f"{RECORD}/journalEntry/{key}", body)
        assert (answer.status, answer.code) == (404, "NONEXISTENT_ID")
        assert answer.detail == "Record does not exist."

    on_site(check)


def test_an_external_id_leads_only_to_its_own_record_type() -> None:
    async def check(site: Site) -> None:
        body = {"companyName": "A", "externalId": "st-c", "subsidiary": 2}
        await site.post("customer", body)
        assert (await site.get("vendor/eid:st-c")).status == 404
        vendor = await site.post("vendor", {**body, "companyName": "B"})
        assert vendor.detail.endswith("This entity already exists.")

    on_site(check)
