from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servicetitan_fake import Books, all_of, answer, guid, line, page, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan import journal_entries
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.journal_entries import headers, pending

TENANT = tenant()


def read(books: Any, **options: Any) -> list[Any]:
    own = options.pop("tenant", TENANT)
    return with_client(books, lambda client: all_of(pending(client, own, **options)))


def numbers(found: list[Any]) -> list[str]:
    return sorted((each.number for each in found), key=int)


def test_what_is_in_progress_is_read_and_nothing_else() -> None:
    books = Books()
    for number, status in enumerate(
        ["InProgress", "NotSynced", "OutOfSync", "Excluded", "Synced", "Error"], 1
    ):
        books.add(number, syncStatus=status)
    assert numbers(read(books)) == ["1"]
    both = tenant(pending=["InProgress", "OutOfSync"])
    assert numbers(read(books, tenant=both)) == ["1", "3"]


def test_an_emptied_entry_is_read_too() -> None:
    books = Books()
    books.lines[books.add(1, isEmpty=True)] = []
    (found,) = read(books)
    assert (found.amount, found.content["header"]["is_empty"]) == (0, True)
    assert "empty=Include" in books.calls[0]


def test_every_page_of_entries_and_of_lines_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    books = Books(page_limit=7)
    monkeypatch.setattr(journal_entries, "IDS_A_CALL", 5)
    for number in range(1, 41):
        books.lines[books.add(number)] = [line("1200", n + number, 0) for n in range(20)]
    found = read(books)
    assert numbers(found) == [str(n) for n in range(1, 41)]
    assert all(len(each.content["lines"]) == 20 for each in found)


def test_entries_that_leave_the_list_meanwhile_push_none_out_of_sight() -> None:
    books = Books(page_limit=10)
    ids = [books.add(number) for number in range(1, 31)]
    left = iter(ids)

    def one_leaves() -> None:
        books.entries[next(left)]["syncStatus"] = "Excluded"

    books.on_list = one_leaves
    found = {each.number for each in read(books)}
    gone = {str(e["number"]) for e in books.entries.values() if e["syncStatus"] == "Excluded"}
    assert found | gone == {str(n) for n in range(1, 31)}


def test_a_detailed_tenant_reads_details() -> None:
    books = Books()
    books.add(1)
    (found,) = read(books, tenant=tenant(journal_detail="detailed"))
    assert found.content["detail"] == "detailed"
    assert any("/details?" in call for call in books.calls)


def test_a_summary_names_its_payables_where_those_are_documents_of_their_own() -> None:
    books = Books()
    payables, plain = books.add(1), books.add(2)
    books.types = {payables: {"Bill", "Receipt", "Invoice"}, plain: {"Invoice"}}
    own = tenant(method="journal_entries_and_ap_documents")
    found = {each.source_id: each.content["header"] for each in read(books, tenant=own)}
    assert found[payables]["transaction_types"] == ["Bill", "Receipt"]
    assert found[plain]["transaction_types"] == []
    assert "transaction_types" not in read(books)[0].content["header"]


def test_an_entry_that_changes_while_it_is_read_is_read_again() -> None:
    books = Books()
    id_ = books.add(1)

    def edit_once(read_id: str) -> None:
        books.entries[id_]["versionId"] = 2
        books.lines[id_] = [line("1200", 7, 0)]
        books.on_lines = lambda _: None

    books.on_lines = edit_once
    (found,) = read(books)
    assert (found.version, found.amount) == (2, 7)


def test_an_entry_that_never_stays_is_told_and_the_others_go_on() -> None:
    books = Books()
    restless, calm = books.add(1), books.add(2)

    def edit(read_id: str) -> None:
        books.entries[restless]["versionId"] += 1

    books.on_lines = edit
    found = {each.source_id: each for each in read(books)}
    assert found[restless] == Unreadable(restless, "1", "it keeps changing while it is read")
    assert isinstance(found[calm], SourceDocument)


@pytest.mark.parametrize("status", ["Excluded", "NotSynced", "Synced", None])
def test_an_entry_taken_out_while_it_is_read_is_left_out(status: str | None) -> None:
    books = Books()
    id_ = books.add(1)

    def take_out(_: str) -> None:
        if status is None:
            books.entries.pop(id_, None)
        else:
            books.entries[id_]["syncStatus"] = status

    books.on_lines = take_out
    assert read(books) == []


def test_only_the_documents_named_are_read() -> None:
    books = Books()
    for number in range(1, 10):
        books.add(number)
    named = ("3", "0007", guid(5).upper(), "99", "99999999999", "INV-1")
    assert numbers(read(books, documents=named)) == ["3", "5", "7"]
    assert not any("numberFrom=1" in call for call in books.calls)


def test_a_named_document_that_is_not_pending_is_not_read() -> None:
    books = Books()
    books.add(1, syncStatus="Excluded")
    assert read(books, documents=("1", guid(1))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"versionId": "7"},
        {"postDate": "soon"},
        {"isEmpty": None},
        {"number": None},
        {"id": "../../x"},
        {"name": ["x"]},
    ],
)
def test_a_dirty_header_is_told_and_the_others_go_on(change: dict[str, Any]) -> None:
    books = Books()
    books.entries[books.add(1)].update(change)
    clean = books.add(2)
    dirty, good = sorted(read(books), key=lambda each: isinstance(each, SourceDocument))
    assert isinstance(dirty, Unreadable)
    assert next(iter(change)) in dirty.reason
    assert good.source_id == clean


def test_a_dirty_line_names_line_and_field() -> None:
    books = Books()
    id_ = books.add(1)
    books.lines[id_] = [line("1200", 1, 0), line("4000", 0, "a lot")]
    assert read(books) == [Unreadable(id_, "1", "line 2: credit is 'a lot' instead of an amount")]


def test_lines_that_cannot_be_read_stop_only_their_entry() -> None:
    books = Books()
    bad, good = books.add(1), books.add(2)

    async def handler(request: web.Request) -> web.StreamResponse:
        if bad in request.path:
            return answer({"data": "none"})
        return await books(request)

    found = {each.source_id: each for each in read(handler)}
    assert "lines cannot be read" in found[bad].reason
    assert isinstance(found[good], SourceDocument)


def test_a_page_of_lines_given_twice_is_not_counted_twice() -> None:
    books = Books()
    id_ = books.add(1)

    async def handler(request: web.Request) -> web.StreamResponse:
        if "/summary" in request.path:
            number = int(request.query["page"])
            return answer(page([line("1200", 1, 0)], number=number, more=number < 2))
        return await books(request)

    assert read(handler) == [
        Unreadable(id_, "1", "ServiceTitan gives the same page of its lines twice")
    ]


def test_a_list_that_repeats_for_ever_ends() -> None:
    books = Books()
    books.add(1)

    async def handler(request: web.Request) -> web.StreamResponse:
        rows = list(books.entries.values())
        if request.path.endswith("/journal-entries") and "ids" not in request.query:
            return answer(page(rows, number=int(request.query["page"]), more=True))
        return await books(request)

    with pytest.raises(TransientError, match="again and again"):
        read(handler)


def test_an_outage_stops_the_reading() -> None:
    books = Books()
    for number in range(1, 20):
        books.add(number)

    async def handler(request: web.Request) -> web.StreamResponse:
        if "/summary" in request.path:
            return web.Response(status=503)
        return await books(request)

    with pytest.raises(TransientError, match="503"):
        read(handler)


def test_lines_of_several_entries_are_read_at_once_but_never_more_than_asked() -> None:
    books = Books()
    for number in range(1, 121):
        books.add(number)
    now, most = 0, 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal now, most
        if "/summary" not in request.path:
            return await books(request)
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.002)
        now -= 1
        return await books(request)

    assert len(read(handler, in_flight=6)) == 120
    assert most == 6


def test_a_slow_taker_holds_back_the_reading() -> None:
    books = Books(page_limit=50)
    for number in range(1, 1001):
        books.add(number)

    async def work(client: ServiceTitan) -> tuple[int, int]:
        found = pending(client, TENANT)
        await anext(found)
        before = -1
        while before != client.calls:
            before = client.calls
            await asyncio.sleep(0.2)
        await found.aclose()
        stopped = client.calls
        await asyncio.sleep(0.05)
        return before, client.calls - stopped

    calls, later = with_client(books, work)
    assert calls < 350, "a thousand entries would be over a thousand calls"
    assert later == 0, "who stops taking stops the reading"


def test_one_call_asks_for_the_headers_of_fifty() -> None:
    books = Books()
    ids = [books.add(number) for number in range(1, 121)]
    found = with_client(books, lambda client: headers(client, [*ids, guid(999), ids[0].upper()]))
    assert set(found) == set(ids)
    assert len(books.calls) == 3
    assert found[ids[4]].number == "5"
    assert found[ids[4]].sync_status == "InProgress"


def test_a_header_that_cannot_be_read_is_not_taken_for_gone() -> None:
    books = Books()
    id_ = books.add(1, versionId=None)
    with pytest.raises(TransientError, match="versionId"):
        with_client(books, lambda client: headers(client, [id_]))


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
FIELDS = sorted({"id", "number", "syncStatus", "versionId", "postDate", "isEmpty", "name", "url"})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(FIELDS), JUNK), max_size=3), st.lists(JUNK, max_size=3))
def test_dirty_data_never_stops_a_run(dirt: list[tuple[str, Any]], lines: list[Any]) -> None:
    books = Books()
    books.add(1)
    dirty = dict(books.entries[books.add(2)], **dict(dirt))
    books.lines[books.add(3)] = lines

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/journal-entries") and "ids" not in request.query:
            rows = [books.entries[guid(1)], dirty, books.entries[guid(3)], *lines]
            return answer(page(rows))
        return await books(request)

    found = read(handler)
    assert guid(1) in {each.source_id for each in found}
    for each in found:
        assert isinstance(each, SourceDocument | Unreadable)
