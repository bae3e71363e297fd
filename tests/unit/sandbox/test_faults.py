"""Each fault, seen from a client of a toy application that counts its writes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.faults import Faults, asked_to_alter, parse_rule
from sandbox.server import json_response, serving


@dataclass
class Toy:
    """The toy application, its url and the number of writes it made."""

    url: str
    faults: Faults
    session: aiohttp.ClientSession
    writes: int = 0

    async def post(self, path: str = "/thing") -> tuple[int, dict[str, str], str]:
        async with self.session.post(self.url + path, data=b"x" * 2000) as answer:
            return answer.status, dict(answer.headers), await answer.text()

    async def rule(self, fault: str, **more: Any) -> None:
        rule = {"route": "thing", "fault": fault, **({"next": 1} | more)}
        async with self.session.post(
            self.url + "/sandbox/faults", json={"faults": [rule]}
        ) as answer:
            assert answer.status == 200, await answer.text()


def on_toy(check: Callable[[Toy], Awaitable[None]]) -> None:
    async def main() -> None:
        app = web.Application()
        toy = Toy("", Faults(lambda s: json_response({"error": s}, s), lambda r: r.path[1:]), None)  # type: ignore[arg-type]

        async def write(request: web.Request) -> web.Response:
            assert len(await request.read()) == 2000
            toy.writes += 1
            altered = asked_to_alter(request)
            return json_response({"altered": altered}, 201, {"Location": "/thing/1"})

        app.router.add_post("/thing", write)
        app.router.add_post("/other", write)
        toy.faults.install(app)
        async with serving(app) as [url], aiohttp.ClientSession() as session:
            toy.url, toy.session = url, session
            await check(toy)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fault", "writes"),
    [("refuse", 0), ("drop_before_write", 0), ("drop_after_write", 1), ("reset", 1), ("late", 0)],
)
def test_a_connection_fault_leaves_the_client_without_an_answer(fault: str, writes: int) -> None:
    async def check(toy: Toy) -> None:
        await toy.rule(fault, **({"delay_s": 0.2} if fault == "late" else {}))
        with pytest.raises(aiohttp.ClientError):
            await toy.post()
        assert toy.writes == writes
        assert toy.faults.fired == {fault: 1}
        assert (await toy.post())[0] == 201

    on_toy(check)


def test_a_late_write_lands_after_the_client_was_dropped() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("late", delay_s=0.05)
        with pytest.raises(aiohttp.ClientError):
            await toy.post()
        assert toy.writes == 0
        await toy.faults.settle()
        assert toy.writes == 1

    on_toy(check)


@pytest.mark.parametrize(
    ("fault", "status", "writes"),
    [
        ("500_before_write", 500, 0),
        ("500_after_write", 500, 1),
        ("429", 429, 0),
        ("401", 401, 0),
        ("403", 403, 0),
    ],
)
def test_a_refusal_carries_the_stand_ins_own_body(fault: str, status: int, writes: int) -> None:
    async def check(toy: Toy) -> None:
        await toy.rule(fault)
        got, _, text = await toy.post()
        assert (got, json.loads(text), toy.writes) == (status, {"error": status}, writes)

    on_toy(check)


@pytest.mark.parametrize(("after", "writes"), [(False, 0), (True, 1)])
def test_html_comes_with_either_status_and_either_outcome(after: bool, writes: int) -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("html", status=200, after=after)
        status, headers, text = await toy.post()
        assert (status, toy.writes) == (200, writes)
        assert headers["Content-Type"].startswith("text/html")
        assert text.startswith("<!DOCTYPE html>")

    on_toy(check)


def test_no_location_takes_only_the_header_away() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("no_location")
        status, headers, _ = await toy.post()
        assert status == 201
        assert "Location" not in headers
        assert "Location" in (await toy.post())[1]

    on_toy(check)


def test_a_slow_answer_arrives_whole_in_small_pieces() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("slow", delay_s=0.2)
        started = asyncio.get_running_loop().time()
        status, headers, text = await toy.post()
        assert asyncio.get_running_loop().time() - started >= 0.15
        assert (status, headers["Location"], json.loads(text)) == (
            201,
            "/thing/1",
            {"altered": False},
        )

    on_toy(check)


def test_alter_reaches_the_handler_and_counts_when_asked() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("alter")
        assert json.loads((await toy.post())[2]) == {"altered": True}
        assert json.loads((await toy.post())[2]) == {"altered": False}
        assert toy.faults.fired == {"alter": 1}

    on_toy(check)


def test_next_counts_down_and_a_rule_hits_only_its_route() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("429", next=2)
        assert (await toy.post("/other"))[0] == 201
        assert [(await toy.post())[0] for _ in range(3)] == [429, 429, 201]

    on_toy(check)


def test_a_star_and_a_method_name_routes_too() -> None:
    async def check(toy: Toy) -> None:
        toy.faults.add([{"route": "POST other", "fault": "429", "next": 1}])
        assert (await toy.post())[0] == 201
        assert (await toy.post("/other"))[0] == 429
        toy.faults.add([{"route": "*", "fault": "429", "next": 1}])
        assert (await toy.post())[0] == 429

    on_toy(check)


def test_the_same_seed_gives_the_same_faults() -> None:
    def draw(seed: int) -> list[bool]:
        faults = Faults(lambda s: web.Response(status=s), lambda r: "x", seed)
        faults.add([{"route": "*", "fault": "429", "probability": 0.3}])
        return [faults.pick("POST", "x") is not None for _ in range(200)]

    assert draw(7) == draw(7) != draw(8)
    assert 30 < sum(draw(7)) < 90


def test_delete_forgets_the_rules() -> None:
    async def check(toy: Toy) -> None:
        await toy.rule("429", next=9)
        async with toy.session.delete(toy.url + "/sandbox/faults") as answer:
            assert answer.status == 200
        assert (await toy.post())[0] == 201

    on_toy(check)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"route": "x", "fault": "explode", "next": 1}, "drop_after_write"),
        ({"route": "x", "fault": "429", "next": 1, "often": 1}, "probability"),
        ({"route": "x", "fault": "429"}, "either probability or next"),
        ({"route": "x", "fault": "429", "probability": 2}, "from 0 to 1"),
        ({"fault": "429", "next": 1}, "route"),
        ("429", "object"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_is_allowed(entry: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_rule(entry)


def test_one_wrong_rule_refuses_the_whole_request() -> None:
    async def check(toy: Toy) -> None:
        rules = [
            {"route": "thing", "fault": "429", "next": 1},
            {"route": "thing", "fault": "nonsense", "next": 1},
        ]
        async with toy.session.post(toy.url + "/sandbox/faults", json={"faults": rules}) as answer:
            assert answer.status == 400
            assert "allowed are refuse" in (await answer.json())["error"]
        assert (await toy.post())[0] == 201

    on_toy(check)
