"""Who may call the stand-in ServiceTitan, and how often."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import jwt
from titan_site import ACCOUNTS, ENTRIES, Site, on_site

from sandbox.servicetitan import credentials


def test_a_token_lives_900_seconds_and_names_its_tenant() -> None:
    async def check(site: Site) -> None:
        answer = await site.token(1002)
        assert answer.status == 200
        assert (answer.json["expires_in"], answer.json["token_type"]) == (900, "Bearer")
        claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
        assert claims["tenant"] == "1002"
        assert claims["exp"] - claims["nbf"] == 900
        assert "tn.acc.journalentries:w" in claims["scope"]

    on_site(check)


def test_a_wrong_secret_an_unknown_client_and_another_grant_are_refused() -> None:
    async def check(site: Site) -> None:
        for form, error in (
            ({"client_secret": "cs1.wrong"}, "invalid_client"),
            ({"client_id": "cid.nobody"}, "invalid_client"),
            ({"client_id": "ключ"}, "invalid_client"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
        ):
            answer = await site.token(1001, **form)
            assert (answer.status, answer.json) == (400, {"error": error})

    on_site(check)


def test_the_token_is_also_given_for_basic_authentication_and_at_the_bare_address() -> None:
    async def check(site: Site) -> None:
        client = site.known.clients[0]
        word = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()
        for path in ("/connect/token", "/"):
            answer = await site.raw(
                "POST",
                path,
                data={"grant_type": "client_credentials"},
                headers={"Authorization": f"Basic {word}"},
            )
            assert answer.status == 200

    on_site(check)


def test_a_call_without_token_or_app_key_is_401() -> None:
    async def check(site: Site) -> None:
        for headers in (
            {"Authorization": ""},
            {"Authorization": "Bearer nonsense"},
            {"ST-App-Key": ""},
            {"ST-App-Key": "ak1.other"},
        ):
            answer = await site.call("GET", ENTRIES, headers=headers)
            assert answer.status == 401
            assert answer.json["status"] == 401

    on_site(check)


def test_a_bare_token_and_an_app_key_in_the_query_are_taken_too() -> None:
    async def check(site: Site) -> None:
        await site.get(ENTRIES)
        bare = {"Authorization": site.tokens[1001]}
        assert (await site.call("GET", ENTRIES, headers=bare)).status == 200
        answer = await site.call(
            "GET",
            ENTRIES,
            headers={"ST-App-Key": ""},
            servicetitanapplicationkey=site.known.app_key,
        )
        assert answer.status == 200

    on_site(check)


def test_another_tenants_path_is_403() -> None:
    async def check(site: Site) -> None:
        answer = await site.call("GET", ENTRIES.replace("{tenant}", "1002"))
        assert answer.status == 403

    on_site(check)


def test_a_missing_scope_is_403_and_reading_is_not_writing() -> None:
    async def check(site: Site) -> None:
        await site.control("POST", "settings", {"scopes": {"1001": ["tn.acc.journalentries:r"]}})
        ids = await site.start(3001)
        assert (await site.call("GET", ENTRIES)).status == 200
        assert (await site.call("GET", ACCOUNTS)).status == 403
        answer = await site.call("PATCH", f"{ENTRIES}/{ids[0]}/sync", body={"syncStatus": "Error"})
        assert answer.status == 403
        assert "tn.acc.journalentries:w" in answer.json["title"]

    on_site(check)


def test_an_expired_token_is_401() -> None:
    async def check(site: Site) -> None:
        await site.control("POST", "settings", {"token_lifetime_s": 1})
        await site.get(ENTRIES)
        token = site.tokens[1001]
        claims = jwt.decode(token, options={"verify_signature": False})
        while claims["exp"] > claims["iat"]:
            answer = await site.call("GET", ENTRIES)
            if answer.status == 401:
                return

    on_site(check)


def test_the_sixty_first_call_in_a_second_is_429_with_the_wait_in_the_title() -> None:
    async def check(site: Site) -> None:
        await site.control("POST", "reset", {"seed": 1, "size": "5"})
        answers = await asyncio.gather(*(site.call("GET", ENTRIES, pageSize=1) for _ in range(90)))
        refused = [one for one in answers if one.status == 429]
        assert len(answers) - len(refused) >= 60
        assert refused
        assert refused[0].json["title"] == "Rate limit is exceeded. Try again in 1 seconds."
        assert refused[0].json["traceId"]
        assert refused[0].headers["Retry-After"] == "1"
        await site.control("POST", "settings", {"retry_after": False, "rate_limit_per_s": 1})
        answers = [await site.call("GET", ENTRIES, pageSize=1) for _ in range(3)]
        assert "Retry-After" not in answers[-1].headers
        assert answers[-1].status == 429
        site.tenant = 1002
        assert (await site.call("GET", ENTRIES)).status == 200

    on_site(check)


def test_a_restart_keeps_state_settings_and_tokens(tmp_path: Path) -> None:
    known = credentials.kept(tmp_path / "keys.json")
    assert credentials.kept(tmp_path / "keys.json") == known
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    kept: dict[str, str] = {}

    async def before(site: Site) -> None:
        kept["id"] = (await site.start(3005))[0]
        await site.get(ENTRIES)
        kept["token"] = site.tokens[1001]

    async def after(site: Site) -> None:
        site.tokens[1001] = kept["token"]
        entry = await site.get(f"{ENTRIES}/{kept['id']}")
        assert entry["syncStatus"] == "InProgress"
        truth = await site.control("GET", "truth")
        assert truth["calls"] == 2

    on_site(before, tmp_path / "state.db", known)
    on_site(after, tmp_path / "state.db", known)


def test_calls_and_writes_are_counted_and_control_routes_are_not() -> None:
    async def check(site: Site) -> None:
        ids = await site.start(3001)
        await site.call("PATCH", f"{ENTRIES}/{ids[0]}/sync", body={"syncStatus": "Error"})
        await site.call("PATCH", f"{ENTRIES}/{ids[0]}/sync", body={"syncStatus": "Nonsense"})
        await site.get(ENTRIES)
        truth = await site.control("GET", "truth")
        assert (truth["calls"], truth["writes"]) == (3, 1)

    on_site(check)
