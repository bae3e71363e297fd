from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from servicetitan_fake import Books, answer, guid, hang_up, with_client

from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.report import (
    MESSAGE_LENGTH,
    Reported,
    failed,
    in_progress,
    synced,
)


def report(books: Any, work: Any) -> Reported:
    found: Reported = with_client(books, work)
    return found


def test_an_entry_is_set_synced_at_the_version_that_was_posted() -> None:
    books = Books()
    id_ = books.add(1, versionId=7)
    assert report(books, lambda c: synced(c, id_, 7, "NetSuite JE 5")) is Reported.ACCEPTED
    entry = books.entries[id_]
    assert (entry["syncStatus"], entry["lastSyncVersionId"]) == ("Synced", 7)
    assert entry["message"] == "NetSuite JE 5"


def test_an_entry_that_moved_on_is_not_set_synced() -> None:
    books = Books()
    id_ = books.add(1, versionId=8)
    assert report(books, lambda c: synced(c, id_, 7, "m")) is Reported.MOVED_ON
    assert books.entries[id_]["syncStatus"] == "InProgress"


def test_an_answer_that_shows_a_newer_version_is_not_taken_for_success() -> None:
    books = Books()
    id_ = books.add(1, versionId=8, syncStatus="OutOfSync")

    async def lenient(request: web.Request) -> web.StreamResponse:
        if request.method == "PATCH":
            return answer(books.entries[id_])
        return await books(request)

    assert report(lenient, lambda c: synced(c, id_, 7, "m")) is Reported.MOVED_ON


def test_a_report_whose_answer_was_lost_is_accepted_when_it_is_repeated() -> None:
    books = Books()
    id_ = books.add(1)
    patched = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal patched
        if request.method != "PATCH":
            return await books(request)
        patched += 1
        if patched == 1:
            await books(request)
            return await hang_up(request)
        return answer({"title": "Already synced", "status": 400}, 400)

    assert report(handler, lambda c: synced(c, id_, 1, "m")) is Reported.ACCEPTED
    assert patched == 2


def test_a_refusal_although_nothing_changed_is_to_be_reported_again() -> None:
    books = Books()
    id_ = books.add(1)

    async def refuse(request: web.Request) -> web.StreamResponse:
        if request.method == "PATCH":
            return answer({"title": "No", "status": 400}, 400)
        return await books(request)

    with pytest.raises(TransientError, match="has not changed"):
        report(refuse, lambda c: synced(c, id_, 1, "m"))


@pytest.mark.parametrize("body", ["", "null", '{"ok": true}'])
def test_an_answer_without_the_entry_is_checked_by_reading_it(body: str) -> None:
    books = Books()
    id_ = books.add(1)

    async def curt(request: web.Request) -> web.StreamResponse:
        if request.method == "PATCH":
            await books(request)
            return answer(body)
        return await books(request)

    assert report(curt, lambda c: synced(c, id_, 1, "m")) is Reported.ACCEPTED


@pytest.mark.parametrize(
    "work",
    [
        lambda c: synced(c, guid(9), 1, "m"),
        lambda c: failed(c, guid(9), "m"),
        lambda c: in_progress(c, guid(9), "m"),
    ],
)
def test_an_entry_that_is_gone_is_said_to_be_gone(work: Any) -> None:
    assert report(Books(), work) is Reported.GONE


def test_a_failure_is_told_in_our_sentence_cut_to_a_safe_length() -> None:
    books = Books()
    id_ = books.add(1)
    sentence = "Account 4000\nis inactive. " + "x" * 5000
    assert report(books, lambda c: failed(c, id_, sentence)) is Reported.ACCEPTED
    entry = books.entries[id_]
    assert entry["syncStatus"] == "Error"
    assert entry["message"].startswith("Account 4000 is inactive. xxx")
    assert len(entry["message"]) == MESSAGE_LENGTH


def test_a_reset_sets_an_entry_in_progress_again() -> None:
    books = Books()
    id_ = books.add(1, syncStatus="Error")
    assert report(books, lambda c: in_progress(c, id_, "Reset")) is Reported.ACCEPTED
    assert books.entries[id_]["syncStatus"] == "InProgress"


@pytest.mark.parametrize("status", ["Excluded", "NotSynced", "Synced"])
@pytest.mark.parametrize("tell", [failed, in_progress])
def test_what_a_person_settled_is_not_overwritten(status: str, tell: Any) -> None:
    books = Books()
    id_ = books.add(1, syncStatus=status)

    async def work(client: ServiceTitan) -> Reported:
        found: Reported = await tell(client, id_, "m")
        return found

    assert report(books, work) is Reported.MOVED_ON
    assert books.entries[id_]["syncStatus"] == status


def test_a_failure_of_an_older_version_does_not_stop_the_newer_one() -> None:
    books = Books()
    id_ = books.add(1, versionId=8)
    assert report(books, lambda c: failed(c, id_, "m", version=7)) is Reported.MOVED_ON
    assert books.entries[id_]["syncStatus"] == "InProgress"
