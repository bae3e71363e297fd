"""Who gets in: machine-to-machine tokens and TBA signatures, and every way to be kept out."""

from __future__ import annotations

import asyncio
import base64
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from netsuite_site import (
    BOOKS,
    RECORD,
    TOKEN,
    Answer,
    Site,
    assertion,
    credentials,
    journal,
    on_site,
    site,
    token_form,
)

from sandbox.netsuite.credentials import load_or_create
from sandbox.netsuite.tba import escaped, signature

CUSTOMER = f"{RECORD}/customer/50"
NOW = int(time.time())


def _other_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


async def ask(site: Site, form: dict[str, str]) -> Answer:
    async with site.session.post(site.url + TOKEN, data=form) as answer:
        return Answer(answer.status, dict(answer.headers), await answer.text())


@pytest.mark.parametrize("algorithm", ["PS256", "PS384", "PS512"])
def test_an_rsa_assertion_buys_a_token_that_works(algorithm: str) -> None:
    async def main() -> None:
        async with site(elliptic=False) as running:
            answer = await ask(
                running, token_form(assertion(running.url, running.known, algorithm))
            )
            assert answer.json["expires_in"] == 3600
            token = answer.json["access_token"]
            assert token.count(".") == 2
            got = await running.call("GET", CUSTOMER, Authorization=f"Bearer {token}")
            assert got.status == 200

    asyncio.run(main())


def test_rs256_is_refused() -> None:
    async def main() -> None:
        async with site(elliptic=False) as running:
            signed = assertion(running.url, running.known, "RS256")
            answer = await ask(running, token_form(signed))
            assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})

    asyncio.run(main())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kid": "another"}, "invalid_grant"),
        ({"key": _other_key()}, "invalid_grant"),
        ({"iss": "another"}, "invalid_grant"),
        ({"aud": "https://elsewhere.example/services/rest/auth/oauth2/v1/token"}, "invalid_grant"),
        ({"aud": "http://127.0.0.1"}, "invalid_grant"),
        ({"exp": NOW - 100, "iat": NOW - 200}, "invalid_grant"),
        ({"exp": NOW + 3700, "iat": NOW}, "invalid_grant"),
        ({"iat": None}, "invalid_grant"),
        ({"exp": None}, "invalid_grant"),
        ({"scope": ["restlets"]}, "invalid_scope"),
        ({"scope": ["rest_webservices", "mcp"]}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
    ],
)
def test_a_wrong_assertion_buys_nothing(changes: dict[str, Any], error: str) -> None:
    async def check(site: Site) -> None:
        answer = await ask(site, token_form(assertion(site.url, site.known, **changes)))
        assert (answer.status, answer.json) == (400, {"error": error})

    on_site(check)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_assertion_type": "other"}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_grant"),
    ],
)
def test_a_wrong_token_request_is_refused(changes: dict[str, str], error: str) -> None:
    async def check(site: Site) -> None:
        form = token_form(assertion(site.url, site.known)) | changes
        answer = await ask(site, form)
        assert (answer.status, answer.json) == (400, {"error": error})

    on_site(check)


def test_the_accounts_own_host_and_a_text_scope_are_accepted() -> None:
    async def check(site: Site) -> None:
        host = "https://1234567-sb1.suitetalk.api.netsuite.com"
        signed = assertion(host, site.known, scope="restlets,rest_webservices")
        assert (await ask(site, token_form(signed))).status == 200

    on_site(check)


def test_an_expired_token_is_an_invalid_login() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"token_lifetime_s": 0.0})
        await site.sign_in()
        answer = await site.call("GET", CUSTOMER)
        assert (answer.status, answer.code) == (401, "INVALID_LOGIN")

    on_site(check)


@pytest.mark.parametrize(
    "header", ["", "Bearer nonsense", "Bearer ", "Basic abc", "OAuth nonsense"]
)
def test_without_a_valid_sign_in_nothing_is_read_or_written(header: str) -> None:
    async def check(site: Site) -> None:
        site.headers = {"Authorization": header} if header else {}
        assert (await site.call("GET", CUSTOMER)).code == "INVALID_LOGIN"
        assert (await site.post("journalEntry", journal())).status == 401
        assert await site.journals() == []

    on_site(check)


def signed_header(
    site: Site,
    url: str,
    method: str = "GET",
    query: list[tuple[str, str]] | None = None,
    **changes: str,
) -> str:
    """A TBA header made by hand; `changes` override its fields."""
    tba = site.known.tba
    fields = {
        "oauth_consumer_key": tba.consumer_key,
        "oauth_token": tba.token_id,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": base64.b16encode(str(time.time_ns()).encode()).decode(),
        "oauth_version": "1.0",
    }
    realm = changes.pop("realm", "1234567_SB1")
    spoilt = changes.pop("oauth_signature", None)
    fields |= changes
    made = signature(
        method, url, [*fields.items(), *(query or [])], tba.consumer_secret, tba.token_secret
    )
    fields["oauth_signature"] = spoilt or made
    inner = ", ".join(f'{name}="{escaped(value)}"' for name, value in fields.items())
    return f'OAuth realm="{realm}", {inner}'


@pytest.mark.parametrize(
    "changes",
    [
        {"realm": "1234567_sb1"},
        {"realm": "7654321"},
        {"oauth_consumer_key": "x"},
        {"oauth_token": "x"},
        {"oauth_signature_method": "HMAC-SHA1"},
        {"oauth_timestamp": str(NOW - 301)},
        {"oauth_timestamp": str(NOW + 901)},
        {"oauth_timestamp": "soon"},
        {"oauth_nonce": ""},
        {"oauth_version": "2.0"},
        {"oauth_signature": "bm9uc2Vuc2U="},
    ],
)
def test_a_wrong_signature_header_is_an_invalid_login(changes: dict[str, str]) -> None:
    async def check(site: Site) -> None:
        url = site.url + CUSTOMER
        right = signed_header(site, url)
        assert (await site.call("GET", CUSTOMER, Authorization=right)).status == 200
        wrong = signed_header(site, url, **changes)
        answer = await site.call("GET", CUSTOMER, Authorization=wrong)
        assert (answer.status, answer.code) == (401, "INVALID_LOGIN")

    on_site(check)


def test_a_replayed_signature_is_refused() -> None:
    async def check(site: Site) -> None:
        header = signed_header(site, site.url + CUSTOMER)
        answers = [await site.call("GET", CUSTOMER, Authorization=header) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 401]

    on_site(check)


def test_method_and_query_are_part_of_the_signature() -> None:
    async def check(site: Site) -> None:
        url = site.url + CUSTOMER
        query = [("fields", "entityId,companyName")]
        path = CUSTOMER + "?fields=entityId%2CcompanyName"
        good = signed_header(site, url, query=query)
        assert (await site.call("GET", path, Authorization=good)).status == 200
        without = signed_header(site, url)
        assert (await site.call("GET", path, Authorization=without)).status == 401
        other = signed_header(site, url, "DELETE")
        assert (await site.call("GET", CUSTOMER, Authorization=other)).status == 401

    on_site(check)


def test_an_exclamation_mark_must_be_escaped_in_the_base_string() -> None:
    assert (
        escaped("/invoice/1/!transform/creditMemo") == "%2Finvoice%2F1%2F%21transform%2FcreditMemo"
    )


def test_keys_are_private_and_kept(tmp_path: Path) -> None:
    first = load_or_create(tmp_path, "TSTDRV1")
    assert load_or_create(tmp_path, "TSTDRV1") == first
    assert stat.S_IMODE(Path(first.private_key_path).stat().st_mode) == 0o600
    assert "BEGIN CERTIFICATE" in first.certificate
    assert set(first.shown()) == {
        "account_id",
        "client_id",
        "certificate_id",
        "private_key_path",
        "tba",
    }
    assert first.certificate_id != credentials(BOOKS.account_id).certificate_id
