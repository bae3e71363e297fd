"""A stand-in ServiceTitan on loopback for one test, and a caller with a token for each tenant."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.server import serving
from sandbox.servicetitan import credentials
from sandbox.servicetitan.app import create_app
from sandbox.servicetitan.credentials import Credentials
from sandbox.servicetitan.state import State

ENTRIES = "/accounting/v2/tenant/{tenant}/journal-entries"
ACCOUNTS = "/accounting/v2/tenant/{tenant}/gl-accounts"
UNITS = "/settings/v2/tenant/{tenant}/business-units"
CUSTOMERS = "/crm/v2/tenant/{tenant}/customers"


@dataclass
class Answer:
    """Status, headers and body of one call."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text, parse_float=Decimal)


@dataclass
class Site:
    """The running stand-in as an integration sees it."""

    url: str
    session: aiohttp.ClientSession
    known: Credentials
    app: web.Application
    tenant: int = 1001
    tokens: dict[int, str] = field(default_factory=dict)

    async def token(self, tenant: int, **form: str) -> Answer:
        client = next(one for one in self.known.clients if one.tenant_id == tenant)
        data = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": client.client_secret,
        }
        return await self.raw("POST", "/connect/token", data=data | form)

    async def raw(self, method: str, path: str, **options: Any) -> Answer:
        async with self.session.request(method, self.url + path, **options) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: dict[str, str] | None = None,
        **query: object,
    ) -> Answer:
        """One call with token and app key; `{tenant}` in the path is filled in."""
        if self.tenant not in self.tokens:
            self.tokens[self.tenant] = (await self.token(self.tenant)).json["access_token"]
        own = {
            "Authorization": f"Bearer {self.tokens[self.tenant]}",
            "ST-App-Key": self.known.app_key,
        }
        options: dict[str, Any] = {"headers": own | (headers or {})}
        if body is not None:
            options["data"] = body if isinstance(body, bytes) else json.dumps(body).encode()
        if query:
            options["params"] = {k: v for k, v in query.items()}
        return await self.raw(method, path.format(tenant=self.tenant), **options)

    async def get(self, path: str, **query: object) -> Any:
        answer = await self.call("GET", path, **query)
        assert answer.status == 200, answer.text
        return answer.json

    async def control(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.raw(method, f"/sandbox/{path}", json=body)
        assert answer.status == 200, answer.text
        return answer.json

    async def start(self, *numbers: int) -> list[str]:
        wanted = {"numbers": list(numbers)} if numbers else {"all": True}
        body = {"tenant_id": self.tenant} | wanted
        return (await self.control("POST", "journal-entries/start-syncing", body))["ids"]

    async def truth(self) -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in (await self.control("GET", "truth"))["documents"]}


@cache
def seeded() -> bytes:
    """A database freshly filled: filling one anew for every test would take most of its time."""
    with TemporaryDirectory() as folder:
        state = State(Path(folder) / "state.db")
        state.close()
        return (Path(folder) / "state.db").read_bytes()


def on_site(
    check: Callable[[Site], Awaitable[None]],
    path: Path | None = None,
    known: Credentials | None = None,
    tenant: int = 1001,
) -> None:
    """Run a check against a fresh stand-in (or the one whose state is in `path`)."""

    async def main() -> None:
        own = known or credentials.generate()
        app = create_app(place, own)
        async with serving(app) as (url,), aiohttp.ClientSession() as session:
            site = Site(url, session, own, app, tenant)
            await site.control("POST", "settings", {"rate_limit_per_s": 100_000})
            await check(site)

    with TemporaryDirectory() as folder:
        place = path or Path(folder) / "state.db"
        if path is None:
            place.write_bytes(seeded())
        asyncio.run(main())
