from __future__ import annotations

import asyncio
import socket
import time
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from servicetitan_fake import (
    Script,
    all_of,
    answer,
    credentials_for,
    hang_up,
    page,
    problem,
    with_client,
)

from servicetitan_netsuite.errors import ConfigurationError, TransientError, UncertainOutcome
from servicetitan_netsuite.servicetitan import tokens
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.wire import ATTEMPTS, Nonsense

HTML = web.Response(text="<html>Back soon</html>", content_type="text/html")


async def read(client: ServiceTitan) -> Any:
    return await client.get("accounting", "gl-accounts")


def test_one_token_serves_all_calls_and_is_told_for_masking() -> None:
    script = Script({"ok": True})
    secrets: list[str] = []

    async def work(client: ServiceTitan) -> int:
        await asyncio.gather(*(read(client) for _ in range(5)))
        return client.calls

    assert with_client(script, work, on_secret=secrets.append) == 5
    assert script.tokens == 1
    assert secrets == ["t1"]
    asked = script.seen[0]
    assert asked.path == "/accounting/v2/tenant/1001/gl-accounts"
    assert asked.headers["Authorization"] == "Bearer t1"
    assert asked.headers["ST-App-Key"] == "ak1.app-key"


def test_a_token_is_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script({"ok": True}, life=900)
    now = [1000.0]

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now[0]

    monkeypatch.setattr(tokens, "time", Clock)

    async def work(client: ServiceTitan) -> None:
        await read(client)
        now[0] += 800
        await read(client)
        now[0] += 50
        await read(client)

    with_client(script, work)
    assert [each.headers["Authorization"] for each in script.seen] == [
        "Bearer t1",
        "Bearer t1",
        "Bearer t2",
    ]


def test_a_refused_token_is_renewed_once_for_all_who_hold_it() -> None:
    async def only_second(request: web.Request) -> web.StreamResponse:
        good = request.headers["Authorization"] == "Bearer t2"
        return answer({"ok": True}) if good else problem(401, "Unauthorized")

    script = Script(only_second)

    async def work(client: ServiceTitan) -> Any:
        return await asyncio.gather(*(read(client) for _ in range(5)))

    assert with_client(script, work) == [{"ok": True}] * 5
    assert script.tokens == 2


def test_a_fresh_token_that_is_refused_ends_in_one_sentence() -> None:
    script = Script(problem(401, "Unauthorized"))
    with pytest.raises(ConfigurationError, match=r"app key.*connected to this tenant"):
        with_client(script, read)
    assert len(script.seen) == 2


def test_a_forbidden_call_names_the_scope_to_grant() -> None:
    script = Script(problem(403, "Forbidden"))
    with pytest.raises(ConfigurationError, match=r"tn\.acc\.glaccounts:r"):
        with_client(script, read)
    assert len(script.seen) == 1


def test_unknown_credentials_end_in_one_sentence_without_the_secret() -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        return answer({"error": "invalid_client"}, 400)

    with pytest.raises(ConfigurationError, match=r"1001 \(invalid_client\)") as error:
        with_client(refuse, read)
    assert "very-secret" not in str(error.value)


@pytest.mark.parametrize("token", [{}, [], {"access_token": ""}, {"access_token": "a\r\nb"}])
def test_an_answer_without_a_usable_token_is_nonsense(token: Any) -> None:
    async def odd(request: web.Request) -> web.StreamResponse:
        return answer(token)

    with pytest.raises(Nonsense, match="without an access token"):
        with_client(odd, read)


@pytest.mark.parametrize(
    "passing",
    [problem(500, "Oops"), problem(503, "Busy"), hang_up, HTML, problem(429, "Slow down")],
)
def test_a_read_survives_passing_trouble(passing: Any) -> None:
    script = Script(passing, passing, {"ok": True})
    assert with_client(script, read) == {"ok": True}
    assert len(script.seen) == 3


@pytest.mark.parametrize(
    ("headers", "title"),
    [({"Retry-After": "1"}, "Limit"), (None, "Rate limit is exceeded. Try again in 1 seconds.")],
)
def test_a_throttled_client_waits_as_long_as_it_is_told_with_all_its_calls(
    headers: dict[str, str] | None, title: str
) -> None:
    script = Script(problem(429, title, headers), {"ok": True})

    async def work(client: ServiceTitan) -> float:
        started = time.monotonic()
        await read(client)
        return time.monotonic() - started

    assert 1.0 <= with_client(script, work) < 3


def test_an_absurd_wait_is_not_slept_but_handed_on_capped() -> None:
    script = Script(problem(429, "Limit", {"Retry-After": "99999999"}))
    with pytest.raises(TransientError) as error:
        with_client(script, read)
    assert error.value.wait_s == 3600
    assert len(script.seen) == 1


def test_lasting_trouble_ends_after_some_attempts() -> None:
    script = Script(problem(500, "Oops"))
    with pytest.raises(TransientError, match="answered 500") as error:
        with_client(script, read)
    assert len(script.seen) == ATTEMPTS
    assert "Oops" not in str(error.value)


def test_a_lost_answer_to_a_post_is_not_repeated_but_told() -> None:
    script = Script(hang_up)

    async def post(client: ServiceTitan) -> Any:
        return await client.post("accounting", "gl-accounts", {"name": "x"})

    with pytest.raises(UncertainOutcome):
        with_client(script, post)
    assert len(script.seen) == 1


def test_a_change_that_is_safe_to_repeat_is_repeated_after_a_lost_answer() -> None:
    script = Script(hang_up, {"ok": True})

    async def patch(client: ServiceTitan) -> Any:
        return await client.patch("accounting", "journal-entries/1/sync", {"syncStatus": "Error"})

    assert with_client(script, patch) == {"ok": True}


def test_nobody_at_the_address_is_told_with_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        async def main() -> None:
            async with ServiceTitan(credentials_for(url), backoff_s=0.001) as client:
                await read(client)

        with pytest.raises(TransientError, match=url):
            asyncio.run(main())


def test_another_web_site_at_the_address_is_a_matter_of_set_up() -> None:
    elsewhere = web.Response(text="<html>", status=404, content_type="text/html")
    with pytest.raises(ConfigurationError, match="check the host"):
        with_client(Script(elsewhere), read)


def test_a_redirect_is_not_followed_with_the_token() -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://127.0.0.1:1/elsewhere")

    with pytest.raises(ConfigurationError, match="answered 302"):
        with_client(Script(away), read)


def test_a_refusal_carries_status_title_and_trace() -> None:
    with pytest.raises(Refused, match=r"\(409\): Name is taken \(trace 00-abc\)") as error:
        with_client(Script(problem(409, "Name is\n taken")), read)
    assert error.value.status == 409


@pytest.mark.parametrize("body", ['{"a": NaN}', "[" * 100_000, '{"a": ', "\ufffe"])
def test_what_is_not_json_is_never_taken_for_an_answer(body: str) -> None:
    with pytest.raises(Nonsense, match="not JSON"):
        with_client(Script(answer(body)), read)


def test_numbers_are_exact() -> None:
    body = answer('{"debit": 0.1234567890123456789, "id": 9007199254740993}')
    found = with_client(Script(body), read)
    assert found == {"debit": Decimal("0.1234567890123456789"), "id": 9007199254740993}


def test_lists_and_signs_reach_the_server_as_they_are_meant() -> None:
    script = Script({"ok": True})

    async def work(client: ServiceTitan) -> None:
        params = {"syncStatuses": ("InProgress", "OutOfSync"), "sort": "+Number", "x": None}
        await client.get("accounting", "journal-entries", {**params, "includeTotal": True})

    with_client(script, work)
    assert script.seen[0].query_string == (
        "syncStatuses=InProgress&syncStatuses=OutOfSync&sort=%2BNumber&includeTotal=true"
    )


def pages(client: ServiceTitan) -> Any:
    return all_of(client.pages("accounting", "gl-accounts", None, 2))


def test_pages_are_read_until_there_are_no_more() -> None:
    script = Script(page([1, 2], more=True), page([3], number=2))
    assert with_client(script, pages) == [[1, 2], [3]]
    assert [each.query["page"] for each in script.seen] == ["1", "2"]


def test_a_page_that_repeats_for_ever_ends_in_one_sentence() -> None:
    async def same(request: web.Request) -> web.StreamResponse:
        return answer(page([1, 2], number=int(request.query["page"]), more=True))

    script = Script(same)
    with pytest.raises(Nonsense, match="again and again"):
        with_client(script, pages)
    assert len(script.seen) < 10


def test_a_list_said_to_have_more_whose_pages_are_empty_ends() -> None:
    async def more(request: web.Request) -> web.StreamResponse:
        number = int(request.query["page"])
        return answer(page([1, 2] if number == 1 else [], number=number, more=True))

    script = Script(more)
    assert [row for rows in with_client(script, pages) for row in rows] == [1, 2]
    assert len(script.seen) < 10


@pytest.mark.parametrize(
    "odd",
    [[], {}, {"data": None, "hasMore": False}, {"data": [], "hasMore": "no"}, page([], number=7)],
)
def test_a_page_of_another_shape_is_nonsense(odd: Any) -> None:
    with pytest.raises(Nonsense):
        with_client(Script(odd), pages)
