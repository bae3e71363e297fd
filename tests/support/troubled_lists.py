"""A ServiceTitan whose lists go wrong while they are read: a proxy before the stand-in.

Lists are taken whole from the stand-in, cut into small pages, and spoiled; all else goes through.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp import web

SIZE = 3
_WHOLE = 500

Rows = list[Any]
Page = tuple[Rows, bool]
"""The rows of one page, and whether it says that there are more."""
Trouble = Callable[[Rows], list[Page]]


def cut(rows: Rows, size: int = SIZE) -> list[Rows]:
    """Rows in pages; of no rows one empty page."""
    return [rows[at : at + size] for at in range(0, len(rows), size)] or [[]]


def _told(pages: list[Rows]) -> list[Page]:
    """Pages that tell truly whether there are more."""
    return [(page, n < len(pages)) for n, page in enumerate(pages, 1)]


def repeated(rows: Rows) -> list[Page]:
    """Each page is given twice."""
    return _told([page for page in cut(rows) for _ in range(2)])


def shifted(rows: Rows) -> list[Page]:
    """Before each further page a document comes in at the front: the last row is shown again."""
    step = SIZE - 1
    pages = [rows[at : at + SIZE] for at in range(0, max(len(rows) - 1, 1), step)]
    return _told(pages)


def twice_with_other_content(rows: Rows) -> list[Page]:
    """Every document is shown again at the end, with other words in it."""
    again = [_reworded(row) for row in rows if isinstance(row, dict)]
    return _told(cut([*rows, *again]))


def null_rows(rows: Rows) -> list[Page]:
    """Rows that are nothing stand at the front, between pages and at the end."""
    return _told([[None, *page, None] for page in cut(rows)])


def more_than_there_is(rows: Rows) -> list[Page]:
    """There is always said to be more; what comes then is empty, for ever."""
    return [(page, True) for page in [*cut(rows), []]]


class Leaving:
    """A document leaves the list after the first page was read, whenever other rows are listed.

    What stood at the front of the second page stands on the first one then.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, rows: Rows) -> list[Page]:
        ids = repr([row["id"] for row in rows])
        if ids in self._known or len(rows) < SIZE:
            return _told(cut(rows))
        self._known.add(ids)
        gone = {**rows[0], "id": 999_999_999, "active": False}
        return _told([[gone, *rows[: SIZE - 1]], *cut(rows[SIZE:])])


def _reworded(row: dict[str, Any]) -> dict[str, Any]:
    words = ("summary", "memo", "description", "termName")
    return row | {name: "shown with other words" for name in words if name in row}


class TroubledLists:
    """The proxy's handler.

    Attributes:
        url: where it listens.
        trouble: what becomes of every list.
        refuse_once: answer the first question for each list with a 500.
        lists: the paths that go wrong, below the tenant.
        spoiled: how often each list was, by its path below the tenant.
    """

    def __init__(self, behind: str, trouble: Trouble | None, lists: Collection[str]) -> None:
        self.url = ""
        self.session: aiohttp.ClientSession  # opened on the proxy's own loop
        self.lists = lists
        self.trouble = trouble
        self.refuse_once = trouble is None
        self.spoiled: Counter[str] = Counter()
        self._behind = behind
        self._pages: dict[str, list[Page]] = {}

    async def handle(self, request: web.Request) -> web.Response:
        """Spoil the answer to a question for a page of a list; hand anything else on."""
        path = request.path.partition("/tenant/")[2].partition("/")[2]
        asked = request.method == "GET" and "page" in request.query and "ids" not in request.query
        if not asked or path not in self.lists:
            return await self._handed_on(request)
        if self.refuse_once and path not in self.spoiled:
            self.spoiled[path] += 1
            return web.json_response({"title": "Something went wrong"}, status=500)
        if self.trouble is None:
            return await self._handed_on(request)
        return await self._page(request, path, self.trouble)

    async def _page(self, request: web.Request, path: str, trouble: Trouble) -> web.Response:
        query = {k: v for k, v in request.query.items() if k not in ("page", "pageSize")}
        key = f"{request.path}?{sorted(query.items())}"
        number = int(request.query["page"])
        if number == 1:
            found = await self._whole(request, query)
            if isinstance(found, web.Response):
                return found
            self._pages[key] = trouble(found)
            self.spoiled[path] += 1
        pages = self._pages[key]
        rows, more = pages[min(number, len(pages)) - 1]
        told = {"page": number, "pageSize": len(rows), "hasMore": more, "data": rows}
        return web.Response(text=json.dumps(told), content_type="application/json")

    async def _whole(self, request: web.Request, query: dict[str, str]) -> Rows | web.Response:
        rows: Rows = []
        for number in range(1, 1000):
            answer = await self._ask(request, {**query, "page": str(number), "pageSize": _WHOLE})
            if answer.status != 200:
                return answer
            told = json.loads(answer.body or b"")
            rows += told["data"]
            if not told["hasMore"]:
                return rows
        raise AssertionError(f"{request.path} does not end")

    async def _handed_on(self, request: web.Request) -> web.Response:
        return await self._ask(request, None)

    async def _ask(self, request: web.Request, query: dict[str, Any] | None) -> web.Response:
        kept = ("authorization", "st-app-key", "content-type")
        headers = {k: v for k, v in request.headers.items() if k.lower() in kept}
        url = self._behind + (request.path if query is not None else request.path_qs)
        async with self.session.request(
            request.method, url, params=query, headers=headers, data=await request.read()
        ) as answer:
            body = await answer.read()
            return web.Response(status=answer.status, body=body, content_type=answer.content_type)


@contextmanager
def troubling(
    behind: str, trouble: Trouble | None, lists: Collection[str]
) -> Iterator[TroubledLists]:
    """A running proxy before `behind`; no trouble means that each list is refused once."""
    proxy = TroubledLists(behind, trouble, lists)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> web.AppRunner:
        proxy.session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        proxy.url = site.name
        return runner

    async def stop() -> None:
        await runner.cleanup()
        await proxy.session.close()

    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
