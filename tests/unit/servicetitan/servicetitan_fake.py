"""A small ServiceTitan for unit tests, over real HTTP on loopback: the test writes its answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import Credentials
from servicetitan_netsuite.tenants import Tenant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TENANT_ID = "1001"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def tenant(**sync: Any) -> Tenant:
    return Tenant.model_validate(
        {
            "name": "Albany Heating & Air",
            "short_name": "ALB",
            "timezone": "America/New_York",
            "servicetitan": {"tenant_id": TENANT_ID, "connection": "servicetitan_alb"},
            "netsuite": {"connection": "netsuite"},
            "sync": {"method": "journal_entries", "from": "2026-01-01", **sync},
        }
    )


def credentials_for(url: str, **changes: Any) -> Credentials:
    fields: dict[str, Any] = {
        "api_url": url,
        "auth_url": f"{url}/connect/token",
        "tenant_id": TENANT_ID,
        "client_id": "cid.1",
        "client_secret": "cs1.very-secret",
        "app_key": "ak1.app-key",
        "calls_per_second": 1000,
        "timeout_s": 5.0,
    }
    return Credentials(**{**fields, **changes})


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def with_client(
    handler: Handler,
    work: Callable[[ServiceTitan], Awaitable[Any]],
    *,
    on_secret: Callable[[str], None] | None = None,
    **changes: Any,
) -> Any:
    """What `work` returns, given a client of a server that answers by `handler`."""

    async def main() -> Any:
        async with serving(handler) as url:
            own = credentials_for(url, **changes)
            secret = on_secret or (lambda _: None)
            async with ServiceTitan(own, on_secret=secret, backoff_s=0.001) as client:
                return await work(client)

    return asyncio.run(main())


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = data if isinstance(data, str) else json.dumps(data)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")


def problem(status: int, title: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"type": "", "title": title, "status": status, "traceId": "00-abc", "errors": {}}
    return answer(body, status, headers)


def page(rows: list[Any], *, number: int = 1, more: bool = False) -> dict[str, Any]:
    return {
        "page": number,
        "pageSize": 500,
        "hasMore": more,
        "totalCount": None,
        "data": rows,
    }


class Script:
    """Answers one by one, the last again and again; tokens t1, t2, ... on their own."""

    def __init__(self, *answers: Callable[[], web.StreamResponse] | Any, life: int = 900) -> None:
        self.answers = list(answers)
        self.life = life
        self.tokens = 0
        self.seen: list[web.Request] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            self.tokens += 1
            return answer({"access_token": f"t{self.tokens}", "expires_in": self.life})
        self.seen.append(request)
        at = min(len(self.seen), len(self.answers)) - 1
        given = self.answers[at]
        return await given(request) if callable(given) else given_response(given)


def given_response(given: Any) -> web.Response:
    """A fresh copy of a response: one object cannot be sent twice."""
    if isinstance(given, web.Response):
        headers = {k: v for k, v in given.headers.items() if k.lower() == "retry-after"}
        return web.Response(
            body=given.body,
            status=given.status,
            headers=headers,
            content_type=given.content_type,
        )
    return answer(given)


async def hang_up(request: web.Request) -> web.StreamResponse:
    """The connection ends without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


class Books:
    """Journal entries with lines: lists, filters, pages and sync reports, as the contract says."""

    def __init__(self, page_limit: int = 500) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self.lines: dict[str, list[Any]] = {}
        self.types: dict[str, set[str]] = {}
        self.page_limit = page_limit
        self.calls: list[str] = []
        self.on_lines: Callable[[str], None] = lambda _: None
        self.on_list: Callable[[], None] = lambda: None

    def add(self, number: int, **changes: Any) -> str:
        id_ = guid(number)
        self.entries[id_] = {
            "id": id_,
            "createdOn": "2026-03-01T02:00:01.1234567Z",
            "modifiedOn": "2026-03-01T02:00:01.1234567Z",
            "number": number,
            "name": f"JE {number}",
            "source": "ServiceTitan",
            "status": "Open",
            "syncStatus": "InProgress",
            "versionId": 1,
            "lastSyncVersionId": None,
            "message": None,
            "postDate": "2026-03-01T00:00:00",
            "url": f"https://go.servicetitan.com/#/journal/{number}",
            "isEmpty": False,
            **changes,
        }
        self.lines[id_] = [line("1200", 100, 0), line("4000", 0, 100)]
        return id_

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        path = request.path.split(f"/tenant/{TENANT_ID}/")[1]
        self.calls.append(f"{request.method} {path}?{request.query_string}")
        parts = path.split("/")
        if len(parts) == 1:
            self.on_list()
            return self._list(request)
        if parts[1] not in self.entries:
            return problem(404, "Not found")
        if parts[2] == "sync":
            return self._sync(parts[1], await request.json())
        found = self._page(request, self.lines[parts[1]])
        self.on_lines(parts[1])
        return found

    def _list(self, request: web.Request) -> web.Response:
        query = request.query
        rows = list(self.entries.values())
        if "ids" in query:
            asked = query["ids"].split(",")
            rows = [r for r in rows if r["id"] in asked]
        if "syncStatuses" in query:
            rows = [r for r in rows if r["syncStatus"] in query.getall("syncStatuses")]
        if "transactionTypes" in query:
            wanted = set(query.getall("transactionTypes"))
            rows = [r for r in rows if wanted & self.types.get(r["id"], set())]
        if "numberFrom" in query:
            rows = [r for r in rows if r["number"] >= int(query["numberFrom"])]
        if "numberTo" in query:
            rows = [r for r in rows if r["number"] <= int(query["numberTo"])]
        if query.get("sort") == "+Number" and all(isinstance(r["number"], int) for r in rows):
            rows.sort(key=lambda r: r["number"])
        return self._page(request, rows)

    def _page(self, request: web.Request, rows: list[Any]) -> web.Response:
        number = int(request.query.get("page", 1))
        size = min(int(request.query.get("pageSize", 50)), self.page_limit)
        piece = rows[(number - 1) * size : number * size]
        return answer(page(piece, number=number, more=number * size < len(rows)))

    def _sync(self, id_: str, body: dict[str, Any]) -> web.Response:
        entry = self.entries[id_]
        if body["syncStatus"] == "Synced":
            if body["versionId"] != entry["versionId"]:
                return problem(400, "The version is not the current one.")
            entry["lastSyncVersionId"] = body["versionId"]
        entry["syncStatus"] = body["syncStatus"]
        entry["message"] = body.get("message")
        return answer(entry)


def line(number: str, debit: Any, credit: Any, **changes: Any) -> dict[str, Any]:
    return {
        "postDate": "2026-03-01T00:00:00",
        "account": {
            "id": int(number) + 230000,
            "number": number,
            "name": f"Account {number}",
            "type": "Asset",
            "subtype": "Other",
        },
        "debit": debit,
        "credit": credit,
        "memo": None,
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        **changes,
    }


async def all_of(found: Any) -> list[Any]:
    return [each async for each in found]
