from __future__ import annotations

import json

import pytest
from aiohttp import web
from netsuite_fake import Server, reply, run

from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.netsuite import lookup, suiteql
from servicetitan_netsuite.netsuite.suiteql import TooManyRows


def table(size: int):
    """A table of `size` rows that answers as NetSuite pages."""

    async def answer(request: web.Request) -> web.StreamResponse:
        limit, offset = int(request.query["limit"]), int(request.query["offset"])
        items = [{"links": [], "ID": n, "x": None} for n in range(size)][offset : offset + limit]
        more = offset + limit < size
        page = {"items": items, "hasMore": more, "totalResults": size, "offset": offset}
        return web.json_response(page)

    return answer


def echo(largest: int):
    """One row for each bound value; more than `largest` values count as too many rows."""

    async def answer(request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text())
        values = body["params"][1:]
        if len(values) > largest:
            return web.json_response({"items": [], "hasMore": True, "totalResults": 100_001})
        return web.json_response({"items": [{"v": v} for v in values], "hasMore": False})

    return answer


def test_all_pages_are_read_as_text_without_nulls_and_links():
    server = Server(table(2500))
    found = run(
        server, lambda c: suiteql.rows(c, "SELECT id FROM t WHERE a = ? ORDER BY id", ["1"])
    )
    assert found == [{"id": str(n)} for n in range(2500)]
    assert [r.query["offset"] for r in server.requests] == ["0", "1000", "2000"]
    assert server.requests[0].headers["Prefer"] == "transient"
    assert json.loads(server.bodies[0]) == {
        "q": "SELECT id FROM t WHERE a = ? ORDER BY id",
        "params": ["1"],
    }


def test_more_rows_than_netsuite_gives_are_noticed_at_once():
    server = Server(table(100_001))
    with pytest.raises(TooManyRows):
        run(server, lambda c: suiteql.rows(c, "SELECT id FROM t ORDER BY id"))
    assert len(server.requests) == 1


def test_the_first_row_asks_for_one():
    server = Server(table(5))
    assert run(server, lambda c: suiteql.first(c, "SELECT id FROM t ORDER BY id")) == {"id": "0"}
    assert server.requests[0].query["limit"] == "1"
    assert run(Server(table(0)), lambda c: suiteql.first(c, "SELECT id FROM t")) is None


def test_ids_are_asked_for_in_chunks_and_never_written_into_the_statement():
    server = Server(echo(1000))
    values = [f"st-{n}" for n in range(2100)] + ["st-0", "x' OR '1'='1"]
    sql = "SELECT v FROM t WHERE b = ? AND v IN ({values})"
    found = run(server, lambda c: suiteql.rows_in(c, sql, values, ["book"]))
    assert [row["v"] for row in found] == list(dict.fromkeys(values))
    asked = [json.loads(body) for body in server.bodies]
    assert [len(body["params"]) for body in asked] == [1001, 1001, 102]
    assert all("st-" not in body["q"] and "OR" not in body["q"] for body in asked)
    assert asked[2]["q"].count("?") == 102


def test_a_chunk_with_too_many_rows_is_halved():
    server = Server(echo(30))
    values = [str(n) for n in range(100)]
    found = run(
        server,
        lambda c: suiteql.rows_in(c, "SELECT v WHERE b = ? AND v IN ({values})", values, "b"),
    )
    assert [row["v"] for row in found] == values
    with pytest.raises(TooManyRows):
        run(Server(echo(0)), lambda c: suiteql.rows_in(c, "b = ? IN ({values})", ["1"], "b"))


@pytest.mark.parametrize(
    "page", [{}, {"items": "x"}, {"items": [1]}, {"items": [], "hasMore": True, "totalResults": 9}]
)
def test_a_page_that_makes_no_sense_is_no_empty_result(page):
    with pytest.raises(TransientError):
        run(Server(reply(200, page)), lambda c: suiteql.rows(c, "SELECT id FROM t"))


@pytest.mark.parametrize(("finder", "bad"), [(lookup.by_eid, "a/../b"), (lookup.by_id, "1?x=1")])
def test_an_id_that_could_change_the_path_is_refused(finder, bad):
    server = Server(reply(200, {"id": "1"}))
    with pytest.raises(ValueError, match="is not an"):
        run(server, lambda c: finder(c, "journalEntry", bad))
    assert server.requests == []


def test_only_netsuites_own_word_means_that_a_record_does_not_exist():
    missing = {"o:errorDetails": [{"detail": "No.", "o:errorCode": "NONEXISTENT_ID"}]}
    gone = Server(reply(404, missing))
    assert run(gone, lambda c: lookup.by_eid(c, "journal_entry", "st-1")) is None
    assert gone.requests[0].path.endswith("/record/v1/journalEntry/eid:st-1")
    assert run(Server(reply(404, missing)), lambda c: lookup.by_id(c, "customer", "1")) is None
    for nonsense in (reply(404, None), reply(200, {"no": "id"})):
        with pytest.raises(TransientError):
            run(Server(nonsense), lambda c: lookup.by_eid(c, "customer", "st-1"))
