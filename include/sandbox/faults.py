"""Faults on demand: what networks and busy servers do to an honest request.

A rule names a route, a fault, and either a `probability` or the `next` n requests it hits.
The middleware sits outside everything else of a stand-in, so that a fault is what the client
meets first; control routes under `/sandbox` are never hit.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from sandbox.server import json_response, read_object

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorBody = Callable[[int], web.Response]
RouteName = Callable[[web.Request], str]

ALTER: web.RequestKey[Counter[str]] = web.RequestKey("alter", Counter)
HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"


class Fault(StrEnum):
    """What can go wrong with one request."""

    REFUSE = "refuse"
    DROP_BEFORE_WRITE = "drop_before_write"
    DROP_AFTER_WRITE = "drop_after_write"
    RESET = "reset"
    ERROR_BEFORE_WRITE = "500_before_write"
    ERROR_AFTER_WRITE = "500_after_write"
    TOO_MANY = "429"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    HTML = "html"
    NO_LOCATION = "no_location"
    LATE = "late"
    SLOW = "slow"
    ALTER = "alter"


FIELDS = {"route", "fault", "probability", "next", "delay_s", "status", "after"}
_REFUSALS = {Fault.TOO_MANY: 429, Fault.UNAUTHORIZED: 401, Fault.FORBIDDEN: 403}


@dataclass(slots=True)
class Rule:
    """One fault on one route; `left` counts down when the rule is for the next n requests."""

    route: str
    fault: Fault
    probability: float | None = None
    left: int | None = None
    delay_s: float = 2.0  # late: until the write lands; slow: how long the answer drips
    status: int = 502  # html only
    after: bool = False  # html only: the write happens all the same

    def matches(self, method: str, name: str) -> bool:
        """Whether the rule's route (a shell pattern) means this request."""
        return fnmatchcase(name, self.route) or fnmatchcase(f"{method} {name}", self.route)


def _number(entry: dict[str, Any], key: str, low: float, high: float) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{key} must be a number from {low:g} to {high:g}")
    return float(value)


def parse_rule(entry: object) -> Rule:
    """A rule from its JSON form; raises ValueError with a sentence that says what is allowed."""
    if not isinstance(entry, dict):
        raise ValueError("each fault must be an object with route, fault and probability or next")
    unknown = sorted(set(entry) - FIELDS)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}; allowed are {', '.join(sorted(FIELDS))}")
    if not isinstance(entry.get("route"), str) or not entry["route"]:
        raise ValueError("route must be a name such as record/journalEntry, or *")
    if entry.get("fault") not in list(Fault):
        raise ValueError(f"unknown fault {entry.get('fault')!r}; allowed are {', '.join(Fault)}")
    if ("probability" in entry) == ("next" in entry):
        raise ValueError("give either probability or next")
    rule = Rule(entry["route"], Fault(entry["fault"]))
    if "probability" in entry:
        rule.probability = _number(entry, "probability", 0, 1)
    else:
        rule.left = int(_number(entry, "next", 1, 1_000_000_000))
    if "delay_s" in entry:
        rule.delay_s = _number(entry, "delay_s", 0, 3600)
    if "status" in entry:
        rule.status = int(_number(entry, "status", 200, 599))
    rule.after = bool(entry.get("after", False))
    return rule


def asked_to_alter(request: web.Request) -> bool:
    """Whether what this request stores shall differ from what it sent; asking counts as fired."""
    fired = request.get(ALTER)
    if fired is None:
        return False
    fired[Fault.ALTER] += 1
    return True


def _close(request: web.Request) -> web.Response:
    """End the connection without an answer; the returned value never reaches the client."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _abort(request: web.Request) -> web.Response:
    """End the connection with a TCP reset."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


def _raw(response: web.StreamResponse) -> bytes:
    """The response as it would stand on the wire."""
    body = response.body if isinstance(response, web.Response) else None
    content = body if isinstance(body, bytes) else b""
    lines = [f"HTTP/1.1 {response.status} {response.reason or ''}"]
    lines += [f"{k}: {v}" for k, v in response.headers.items() if k.lower() != "content-length"]
    if response.status != 204:
        lines.append(f"Content-Length: {len(content)}")
    lines.append("Connection: close")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


async def _drip(request: web.Request, response: web.StreamResponse, seconds: float) -> web.Response:
    """Send the response in twenty small pieces spread over `seconds`."""
    raw = _raw(response)
    size = max(1, -(-len(raw) // 20))
    for start in range(0, len(raw), size):
        await asyncio.sleep(seconds / 20)
        if request.transport is None:
            break
        request.transport.write(raw[start : start + size])
    return _close(request)


class Faults:
    """The rules in force, their seeded dice, and how often each fault fired."""

    def __init__(self, error: ErrorBody, route_name: RouteName, seed: int = 1) -> None:
        self._error = error
        self._route_name = route_name
        self._random = random.Random(seed)
        self._rules: list[Rule] = []
        self._landing: set[asyncio.Task[None]] = set()
        self.fired: Counter[str] = Counter()

    def add(self, entries: list[Any]) -> None:
        """Add rules; all of them or, with ValueError, none."""
        self._rules += [parse_rule(entry) for entry in entries]

    def clear(self) -> None:
        """Forget every rule; writes already under way still land."""
        self._rules = []

    def reseed(self, seed: int) -> None:
        """Start over: no rules, no counts, the dice thrown anew from `seed`."""
        self.clear()
        self.fired.clear()
        self._random = random.Random(seed)

    def rules(self) -> list[dict[str, Any]]:
        """The rules in force, as the control route shows them."""
        return [
            {"route": r.route, "fault": str(r.fault)}
            | ({"next": r.left} if r.left is not None else {"probability": r.probability})
            for r in self._rules
        ]

    def pick(self, method: str, name: str) -> Rule | None:
        """The first rule that strikes this request, counted down."""
        for rule in self._rules:
            if not rule.matches(method, name):
                continue
            if rule.left is not None:
                if rule.left > 0:
                    rule.left -= 1
                    return rule
            elif self._random.random() < (rule.probability or 0):
                return rule
        return None

    async def _land(self, request: web.Request, handler: Handler, delay: float) -> None:
        await asyncio.sleep(delay)
        await handler(request)

    def _land_late(self, request: web.Request, handler: Handler, delay: float) -> web.Response:
        task = asyncio.create_task(self._land(request, handler, delay))
        self._landing.add(task)
        task.add_done_callback(self._landing.discard)
        return _close(request)

    async def settle(self) -> None:
        """Wait until every late write has landed."""
        while self._landing:
            await asyncio.gather(*self._landing, return_exceptions=True)

    async def stop(self, _app: web.Application) -> None:
        """Give up late writes at shutdown."""
        for task in list(self._landing):
            task.cancel()
        await self.settle()

    async def _without_write(
        self, rule: Rule, request: web.Request, handler: Handler
    ) -> web.Response | None:
        """What a rule answers that never lets the handler run now; None for the others."""
        if rule.fault is Fault.REFUSE:
            return _abort(request)
        await request.read()
        if rule.fault is Fault.DROP_BEFORE_WRITE:
            return _close(request)
        if rule.fault is Fault.LATE:
            return self._land_late(request, handler, rule.delay_s)
        if rule.fault is Fault.ERROR_BEFORE_WRITE:
            return self._error(500)
        if rule.fault in _REFUSALS:
            return self._error(_REFUSALS[rule.fault])
        if rule.fault is Fault.HTML and not rule.after:
            return web.Response(status=rule.status, text=HTML, content_type="text/html")
        return None

    async def _after_write(
        self, rule: Rule, request: web.Request, response: web.StreamResponse
    ) -> web.StreamResponse:
        """What becomes of an answer the handler has given."""
        if rule.fault is Fault.DROP_AFTER_WRITE:
            return _close(request)
        if rule.fault is Fault.ERROR_AFTER_WRITE:
            return self._error(500)
        if rule.fault is Fault.HTML:
            return web.Response(status=rule.status, text=HTML, content_type="text/html")
        if rule.fault is Fault.RESET and request.transport is not None:
            raw = _raw(response)
            request.transport.write(raw[: min(40, len(raw) // 2)])
            return _abort(request)
        if rule.fault is Fault.SLOW:
            return await _drip(request, response, rule.delay_s)
        if rule.fault is Fault.NO_LOCATION and 200 <= response.status < 300:
            response.headers.pop("Location", None)
        return response

    async def strike(
        self, rule: Rule, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Handle one request under a rule."""
        if rule.fault is Fault.ALTER:
            request[ALTER] = self.fired
            return await handler(request)
        self.fired[rule.fault] += 1
        answer = await self._without_write(rule, request, handler)
        if answer is not None:
            return answer
        return await self._after_write(rule, request, await handler(request))

    def install(self, app: web.Application) -> None:
        """Put the middleware outermost and the control routes `/sandbox/faults` in place."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._rules or request.path.startswith("/sandbox"):
                return await handler(request)
            rule = self.pick(request.method, self._route_name(request))
            if rule is None:
                return await handler(request)
            return await self.strike(rule, request, handler)

        app.middlewares.insert(0, middleware)
        app.router.add_post("/sandbox/faults", self._post)
        app.router.add_delete("/sandbox/faults", self._delete)
        app.on_cleanup.append(self.stop)

    async def _post(self, request: web.Request) -> web.Response:
        try:
            body = await read_object(request)
            if set(body) != {"faults"} or not isinstance(body["faults"], list):
                raise ValueError('the body must be {"faults": [...]} and nothing else')
            self.add(body["faults"])
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
        return json_response({"faults": self.rules()})

    async def _delete(self, _request: web.Request) -> web.Response:
        self.clear()
        return json_response({"faults": []})
