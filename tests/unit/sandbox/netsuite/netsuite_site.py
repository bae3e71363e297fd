"""A stand-in NetSuite on loopback with small books made by hand, and a signed-in client."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiohttp
import jwt

from sandbox.netsuite import Credentials, create_app
from sandbox.netsuite.account import Account
from sandbox.netsuite.app import ACCOUNT
from sandbox.netsuite.credentials import create
from sandbox.seed import books as b
from sandbox.server import serving

RECORD = "/services/rest/record/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
TOKEN = "/services/rest/auth/oauth2/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BANK, RECEIVABLE, PAYABLE, INCOME, INACTIVE, SUMMARY, WEST_ONLY = "1", "2", "3", "4", "5", "6", "7"
EAST, WEST, CLOSED_SUBSIDIARY, ELIMINATION = "2", "3", "4", "5"
OPEN, SHUT, LOCKED, AR_LOCKED = "11", "12", "13", "14"

BOOKS = b.Books(
    account_id="1234567_SB1",
    preferences=b.Preferences(max_journal_lines=20),
    subsidiaries=(
        b.Subsidiary("1", "Parent"),
        b.Subsidiary(EAST, "East", "1"),
        b.Subsidiary(WEST, "West", "1"),
        b.Subsidiary(CLOSED_SUBSIDIARY, "Closed", "1", is_inactive=True),
        b.Subsidiary(ELIMINATION, "Elimination", "1", is_elimination=True),
    ),
    accounts=(
        b.Account(BANK, "1000", "Bank", "Bank"),
        b.Account(RECEIVABLE, "1100", "Receivables", "AcctRec", special="AcctRec"),
        b.Account(PAYABLE, "2000", "Payables", "AcctPay", special="AcctPay"),
        b.Account(INCOME, "4000", "Service Income", "Income"),
        b.Account(INACTIVE, "4001", "Old Income", "Income", is_inactive=True),
        b.Account(SUMMARY, "4002", "All Income", "Income", is_summary=True),
        b.Account(WEST_ONLY, "4003", "West Income", "Income", (WEST,)),
    ),
    departments=(b.Classification("1", "Service"), b.Classification("2", "West Only", (WEST,))),
    classes=(b.Classification("1", "Residential"), b.Classification("2", "West Only", (WEST,))),
    locations=(
        b.Classification("1", "Main Shop"),
        b.Classification("2", "West Shop", (WEST,)),
        b.Classification("3", "Old Shop", is_inactive=True),
    ),
    periods=(
        b.Period("10", "FY 2026", date(2026, 1, 1), date(2026, 12, 31), is_year=True),
        b.Period(OPEN, "Jan 2026", date(2026, 1, 1), date(2026, 1, 31)),
        b.Period(SHUT, "Feb 2026", date(2026, 2, 1), date(2026, 2, 28), closed=True),
        b.Period(LOCKED, "Mar 2026", date(2026, 3, 1), date(2026, 3, 31), all_locked=True),
        b.Period(AR_LOCKED, "Apr 2026", date(2026, 4, 1), date(2026, 4, 30), ar_locked=True),
    ),
    customers=(
        b.Customer("50", "CUST50", False, EAST, company_name="Acme", email="a@acme.example"),
        b.Customer("51", "CUST51", True, WEST, first_name="Ann", last_name="Lee"),
        b.Customer("52", "CUST52", False, EAST, company_name="Gone", is_inactive=True),
    ),
)
SINGLE = replace(
    BOOKS,
    account_id="7654321",
    preferences=b.Preferences(one_world=False),
    subsidiaries=(),
)


@lru_cache(maxsize=8)
def credentials(account_id: str, elliptic: bool = True) -> Credentials:
    """One key pair per account for the whole test session."""
    return create(Path(tempfile.mkdtemp()), account_id, elliptic)


def assertion(url: str, known: Credentials, algorithm: str = "ES256", **changes: Any) -> str:
    """A signed client assertion; `changes` override claims, `kid`, `typ` and `key`."""
    now = int(time.time())
    headers = {
        "kid": changes.pop("kid", known.certificate_id),
        "typ": changes.pop("typ", "JWT"),
    }
    key = changes.pop("key", None) or Path(known.private_key_path).read_text()
    claims = {
        "iss": known.client_id,
        "aud": url + TOKEN,
        "scope": ["rest_webservices"],
        "iat": now,
        "exp": now + 3600,
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers=headers)


def token_form(signed: str) -> dict[str, str]:
    """The form of a token request."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }


@dataclass
class Answer:
    """One HTTP answer, read whole."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return str(self.json["o:errorDetails"][0]["o:errorCode"])

    @property
    def detail(self) -> str:
        return str(self.json["o:errorDetails"][0]["detail"])

    @property
    def id(self) -> str:
        """The new record's id, from Location."""
        assert self.status == 204, self.text
        return self.headers["Location"].rsplit("/", 1)[1]


@dataclass
class Site:
    """A running stand-in and a client of it."""

    url: str
    account: Account
    session: aiohttp.ClientSession
    known: Credentials
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Call a path; `headers` use _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method, self.url + path, json=body, headers={**self.headers, **named}
        ) as answer:
            folded = {name.title(): value for name, value in answer.headers.items()}
            return Answer(answer.status, folded, await answer.text())

    async def post(self, record_type: str, body: Any, **headers: str) -> Answer:
        """Create a record."""
        return await self.call("POST", f"{RECORD}/{record_type}", body, **headers)

    async def get(self, path: str) -> Answer:
        """Read under record/v1."""
        return await self.call("GET", f"{RECORD}/{path}")

    async def query(self, text: str, params: list[Any] | None = None, page: str = "") -> Answer:
        """Run SuiteQL."""
        body = {"q": text} | ({} if params is None else {"params": params})
        return await self.call("POST", SUITEQL + page, body, Prefer="transient")

    async def rows(self, text: str, params: list[Any] | None = None) -> list[dict[str, str]]:
        """The rows of a query, without their links."""
        answer = await self.query(text, params)
        assert answer.status == 200, answer.text
        return [{k: v for k, v in row.items() if k != "links"} for row in answer.json["items"]]

    async def sandbox(self, path: str, body: Any) -> Any:
        """POST to a control route."""
        answer = await self.call("POST", f"/sandbox/{path}", body)
        assert answer.status == 200, answer.text
        return answer.json

    async def fault(self, fault: str, route: str = "record/journalEntry", **more: Any) -> None:
        """Let the next request on a route meet a fault."""
        await self.sandbox(
            "faults", {"faults": [{"route": route, "fault": fault, **({"next": 1} | more)}]}
        )

    async def truth(self) -> dict[str, Any]:
        """The table of truth."""
        return (await self.call("GET", "/sandbox/truth")).json

    async def journals(self) -> list[dict[str, Any]]:
        """The journals in the table of truth."""
        records = (await self.truth())["records"]
        return [record for record in records if record["type"] == "journalEntry"]

    async def sign_in(self) -> None:
        """Get a token with a signed assertion."""
        form = token_form(assertion(self.url, self.known))
        async with self.session.post(self.url + TOKEN, data=form) as answer:
            assert answer.status == 200, await answer.text()
            token = (await answer.json())["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def site(books: b.Books = BOOKS, state: Path | None = None, elliptic: bool = True):
    """A signed-in site while it runs."""
    known = credentials(books.account_id, elliptic)
    folder = state or Path(tempfile.mkdtemp())
    app = create_app(books, folder / "state.db", known)
    async with serving(app) as [url], aiohttp.ClientSession() as session:
        running = Site(url, app[ACCOUNT], session, known)
        if elliptic:
            await running.sign_in()
        yield running


def on_site(check: Callable[[Site], Awaitable[None]], books: b.Books = BOOKS) -> None:
    """Run a check against a fresh site."""

    async def main() -> None:
        async with site(books) as running:
            await check(running)

    asyncio.run(main())


def line(account: str = INCOME, debit: Any = None, credit: Any = None, **more: Any) -> Any:
    """A journal line."""
    sides = {"debit": debit, "credit": credit}
    chosen = {name: value for name, value in sides.items() if value is not None}
    return {"account": {"id": account}, **chosen, **more}


def journal(*lines: Any, **more: Any) -> dict[str, Any]:
    """A journal entry that posts, unless `more` or `lines` spoil it; None takes a field away."""
    items = list(lines) or [line(BANK, debit=100.25), line(INCOME, credit=100.25)]
    body = {
        "subsidiary": {"id": EAST},
        "tranDate": "2026-01-15",
        "postingPeriod": {"id": OPEN},
        "line": {"items": items},
    } | more
    return {name: value for name, value in body.items() if value is not None}


SITE_PATHS = [
    ("POST", f"{RECORD}/journalEntry"),
    ("GET", f"{RECORD}/customer/50"),
    ("GET", f"{RECORD}/customer/999"),
    ("GET", f"{RECORD}/metadata-catalog"),
]
