"""What both stand-ins need to serve an aiohttp application on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

# Loopback, unless a container's own name is given, by which its neighbours call it.
HOST = os.environ.get("SANDBOX_HOST") or "127.0.0.1"
MAX_BODY = 104 * 1024 * 1024
Listener = tuple[web.Application, int]


def dumps(data: Any) -> str:
    """Compact JSON that keeps Unicode as it is."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def json_response(
    data: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json",
) -> web.Response:
    """A JSON answer; `content_type` may carry parameters of its own."""
    merged = {"Content-Type": content_type, **(headers or {})}
    return web.Response(body=dumps(data).encode(errors="replace"), status=status, headers=merged)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The request's JSON object; raises ValueError with a sentence when it is none."""
    text = (await request.read()).decode("utf-8")
    data = json.loads(text) if text.strip() else {}
    if not isinstance(data, dict):
        raise ValueError("the body must be a JSON object")
    return data


def open_state(path: Path | str) -> sqlite3.Connection:
    """The stand-in's own database: survives a killed process, not a lost machine.

    Statements commit one by one unless a transaction is opened with BEGIN.
    """
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


async def _start(app: web.Application, port: int) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=75.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, backlog=1024).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner, f"http://{HOST}:{runner.addresses[0][1]}"


@asynccontextmanager
async def serving(*apps: web.Application) -> AsyncIterator[list[str]]:
    """Serve applications on free ports for a test; yields their base urls in order."""
    runners: list[web.AppRunner] = []
    urls: list[str] = []
    try:
        for app in apps:
            runner, url = await _start(app, 0)
            runners.append(runner)
            urls.append(url)
        yield urls
    finally:
        for runner in runners:
            await runner.cleanup()


async def _serve(listeners: Sequence[Listener], ready: Callable[[list[str]], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runners: list[web.AppRunner] = []
    try:
        urls = []
        for app, port in listeners:
            runner, url = await _start(app, port)
            runners.append(runner)
            urls.append(url)
        ready(urls)
        await stop.wait()
    finally:
        for runner in runners:
            await runner.cleanup()


def run(listeners: Sequence[Listener], ready: Callable[[list[str]], None]) -> None:
    """Serve `(application, port)` pairs in this process until SIGTERM or SIGINT.

    `ready` gets the base urls, in order, once all of them listen. Port 0 means any free port.
    Raises OSError when a port is taken.
    """
    asyncio.run(_serve(listeners, ready))
