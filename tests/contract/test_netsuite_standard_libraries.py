"""The stand-in NetSuite accepts what standard libraries sign: requests-oauthlib and PyJWT."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from aiohttp import web
from requests_oauthlib import OAuth1

from sandbox.netsuite import Credentials, create_app
from sandbox.netsuite.credentials import create
from sandbox.seed import netsuite_books
from sandbox.server import serving

RECORD = "/services/rest/record/v1"
TOKEN = "/services/rest/auth/oauth2/v1/token"
SUITEQL = "/services/rest/query/v1/suiteql"


@dataclass
class Running:
    url: str
    known: Credentials

    def tba(self, **changes: str) -> OAuth1:
        tba = self.known.tba
        secrets = {
            "client_key": tba.consumer_key,
            "client_secret": tba.consumer_secret,
            "resource_owner_key": tba.token_id,
            "resource_owner_secret": tba.token_secret,
        } | changes
        return OAuth1(**secrets, signature_method="HMAC-SHA256", realm=self.known.account_id)

    def account(self) -> tuple[str, str]:
        """The ids of an income account and of a subsidiary it may be used in."""
        query = (
            "SELECT a.id, m.subsidiary FROM account a JOIN accountsubsidiarymap m "
            "ON m.account = a.id JOIN subsidiary s ON s.id = m.subsidiary "
            "WHERE a.accttype = 'Income' AND a.isinactive = 'F' AND a.issummary = 'F' "
            "AND s.isinactive = 'F' AND s.iselimination = 'F' ORDER BY a.id, m.subsidiary"
        )
        answer = requests.post(
            self.url + SUITEQL,
            params={"limit": 1, "offset": 0},
            json={"q": query},
            headers={"Prefer": "transient"},
            auth=self.tba(),
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        row = answer.json()["items"][0]
        return row["id"], row["subsidiary"]


def _serve(app: web.Application, found: list[str], up: threading.Event, stop: Any) -> None:
    async def main() -> None:
        async with serving(app) as [url]:
            found.append(url)
            up.set()
            while not stop.is_set():
                await asyncio.sleep(0.01)

    asyncio.run(main())


@pytest.fixture(scope="module", params=["elliptic", "rsa"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("netsuite")
    books = netsuite_books(1, "small")[0]
    known = create(folder, books.account_id, elliptic=request.param == "elliptic")
    found: list[str] = []
    up, stop = threading.Event(), threading.Event()

    def work() -> None:
        _serve(create_app(books, folder / "state.db", known), found, up, stop)

    thread = threading.Thread(target=work)
    thread.start()
    assert up.wait(30)
    yield Running(found[0], known)
    stop.set()
    thread.join()


def _journal(account: str, subsidiary: str) -> dict[str, Any]:
    lines = [{"account": {"id": account}, side: 5.25} for side in ("debit", "credit")]
    return {
        "externalId": f"st-{time.time_ns()}",
        "subsidiary": {"id": subsidiary},
        "tranDate": "2026-05-15",
        "line": {"items": lines},
    }


def test_requests_oauthlib_reads_and_writes(running: Running) -> None:
    account, subsidiary = running.account()
    body = _journal(account, subsidiary)
    created = requests.post(
        f"{running.url}{RECORD}/journalEntry", json=body, auth=running.tba(), timeout=10
    )
    assert created.status_code == 204, created.text
    read = requests.get(
        created.headers["Location"],
        params={"expandSubResources": "true", "fields": "memo,line"},
        auth=running.tba(),
        timeout=10,
    )
    assert read.status_code == 200
    by_external_id = f"{running.url}{RECORD}/journalEntry/eid:{body['externalId']}"
    deleted = requests.delete(by_external_id, auth=running.tba(), timeout=10)
    assert deleted.status_code == 204


def test_a_query_with_awkward_characters_is_signed_alike(running: Running) -> None:
    answer = requests.get(
        f"{running.url}{RECORD}/customer",
        params={"q": 'companyName START_WITH "A & B!*\'(é) +~"', "limit": "5", "offset": "0"},
        auth=running.tba(),
        timeout=10,
    )
    assert answer.status_code == 200, answer.text


def test_an_exclamation_mark_in_the_path_does_not_break_the_signature(running: Running) -> None:
    answer = requests.post(
        f"{running.url}{RECORD}/invoice/1/!transform/creditMemo",
        json={},
        auth=running.tba(),
        timeout=10,
    )
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("secret", ["client_secret", "resource_owner_secret"])
def test_requests_oauthlib_with_a_wrong_secret_is_refused(running: Running, secret: str) -> None:
    answer = requests.get(
        f"{running.url}{RECORD}/customer",
        auth=running.tba(**{secret: "wrong"}),
        timeout=10,
    )
    assert answer.status_code == 401


def test_a_prepared_request_sent_twice_is_refused_the_second_time(running: Running) -> None:
    with requests.Session() as session:
        made = requests.Request("GET", f"{running.url}{RECORD}/customer", auth=running.tba())
        prepared = session.prepare_request(made)
        statuses = [session.send(prepared, timeout=10).status_code for _ in range(2)]
    assert statuses == [200, 401]


def test_an_assertion_signed_by_pyjwt_buys_a_token(running: Running) -> None:
    key = Path(running.known.private_key_path).read_text("utf-8")
    algorithm = "ES256" if "EC" in _kind(key) else "PS256"
    now = int(time.time())
    claims = {
        "iss": running.known.client_id,
        "scope": ["rest_webservices"],
        "aud": running.url + TOKEN,
        "iat": now,
        "exp": now + 3600,
    }
    headers = {"kid": running.known.certificate_id}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(claims, key, algorithm, headers=headers),
    }
    answer = requests.post(running.url + TOKEN, data=form, timeout=10)
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "Bearer"
    read = requests.get(
        f"{running.url}{RECORD}/customer?limit=1",
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
        timeout=10,
    )
    assert read.status_code == 200


def _kind(pem: str) -> str:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return type(load_pem_private_key(pem.encode(), None)).__name__.replace("Elliptic", "EC")
