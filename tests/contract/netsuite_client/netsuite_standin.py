"""The stand-in NetSuite on loopback, and the client that talks to it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.netsuite import credentials as standin
from sandbox.netsuite.app import create_app
from sandbox.seed import netsuite_books
from sandbox.seed.books import Books
from sandbox.server import serving
from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times

ONE_WORLD, SINGLE = 0, 1


@dataclass
class Standin:
    """A client, the seeded books behind it, and the control routes."""

    client: NetSuite
    books: Books
    url: str

    async def control(self, method: str, path: str, body: object = None) -> Any:
        async with aiohttp.ClientSession() as session:
            target = f"{self.url}/sandbox/{path}"
            async with session.request(method, target, json=body) as response:
                assert response.status == 200, await response.text()
                return await response.json()

    async def fault(self, fault: str, route: str = "record/journalEntry", **rest: object) -> None:
        rule = {"route": route, "fault": fault, **({"next": 1} | rest)}
        await self.control("POST", "faults", {"faults": [rule]})

    async def truth(self, kind: str = "journalEntry") -> list[dict[str, Any]]:
        records = (await self.control("GET", "truth"))["records"]
        return [r for r in records if r["type"] == kind and (r["external_id"] or "")[:3] == "st-"]

    def account(self, type_: str, subsidiary: str | None = None) -> str:
        """An account of this type that can be posted to."""
        return next(
            a.id
            for a in self.books.accounts
            if a.type == type_
            and not (a.is_inactive or a.is_summary or a.special)
            and (not a.subsidiaries or subsidiary in a.subsidiaries)
        )

    @property
    def subsidiary(self) -> str | None:
        if not self.books.preferences.one_world:
            return None
        return next(s.id for s in self.books.subsidiaries if s.parent and not s.is_elimination)

    @property
    def period(self) -> Any:
        """The last open base period."""
        return [
            p
            for p in self.books.periods
            if not (p.is_year or p.is_quarter or p.is_adjust or p.closed or p.all_locked)
        ][-1]


@cache
def books(which: int) -> Books:
    return netsuite_books(1, "small")[which]


@cache
def known(account_id: str, elliptic: bool) -> standin.Credentials:
    return standin.create(Path(tempfile.mkdtemp()), account_id, elliptic)


def connection(url: str, made: standin.Credentials, auth: str) -> ConnectionFields:
    key = Path(made.private_key_path).read_text()
    extra = {
        "account_id": made.account_id,
        "certificate_id": made.certificate_id,
        "auth": auth,
        "consumer_secret": made.tba.consumer_secret,
        "token_id": made.tba.token_id,
        "token_secret": made.tba.token_secret,
        "settle_s": 3,
        "timeout_s": 1,
    }
    oauth2 = auth == "oauth2"
    return ConnectionFields(
        id="netsuite",
        host=url,
        login=made.client_id if oauth2 else made.tba.consumer_key,
        password=key if oauth2 else "",
        extra=extra,
    )


def run(
    work: Callable[[Standin], Awaitable[Any]],
    which: int = ONE_WORLD,
    auth: str = "oauth2",
    elliptic: bool = True,
    **preferences: bool,
) -> Any:
    """`work` against a fresh stand-in; `preferences` are those of the account to change."""

    async def scenario() -> Any:
        held = books(which)
        held = replace(held, preferences=replace(held.preferences, **preferences))
        made = known(held.account_id, elliptic)
        app = create_app(held, ":memory:", made)
        async with serving(app) as (url,):
            fields = connection(url, made, auth)
            async with NetSuite(credentials(fields), times(fields), backoff_s=0.01) as client:
                return await work(Standin(client, held, url))

    return asyncio.run(scenario())
