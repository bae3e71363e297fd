"""Faults on records, the gate, the pace, restarts and the control routes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from netsuite_site import BOOKS, OPEN, RECORD, SUITEQL, Answer, Site, journal, on_site, site


async def _attempt(site: Site, body: Any) -> Answer | None:
    try:
        return await site.post("journalEntry", body)
    except aiohttp.ClientError:
        return None


@pytest.mark.parametrize(
    ("fault", "status", "stored"),
    [
        ("refuse", None, 0),
        ("drop_before_write", None, 0),
        ("drop_after_write", None, 1),
        ("reset", None, 1),
        ("500_before_write", 500, 0),
        ("500_after_write", 500, 1),
        ("429", 429, 0),
        ("401", 401, 0),
        ("403", 403, 0),
        ("html", 502, 0),
        ("no_location", 204, 1),
        ("slow", 204, 1),
        ("alter", 204, 1),
    ],
)
def test_each_fault_answers_and_stores_as_it_says(
    fault: str, status: int | None, stored: int
) -> None:
    async def check(site: Site) -> None:
        await site.fault(fault, **({"delay_s": 0.05} if fault == "slow" else {}))
        answer = await _attempt(site, journal(externalId="st-1"))
        assert (answer.status if answer else None) == status
        truth = await site.truth()
        assert truth["faults"] == {fault: 1}
        assert len(await site.journals()) == stored
        again = await site.post("journalEntry", journal(externalId="st-1"))
        assert again.status == (400 if stored else 204)
        assert len(await site.journals()) == 1

    on_site(check)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("500_before_write", "UNEXPECTED_ERROR"),
        ("429", "CONCURRENCY_LIMIT_EXCEEDED"),
        ("401", "INVALID_LOGIN"),
        ("403", "INSUFFICIENT_PERMISSION"),
    ],
)
def test_a_refusing_fault_speaks_as_netsuite_does(fault: str, code: str) -> None:
    async def check(site: Site) -> None:
        await site.fault(fault, "suiteql")
        answer = await site.query("SELECT id FROM account")
        assert answer.code == code
        assert "Retry-After" not in answer.headers

    on_site(check)


def test_a_late_create_lands_after_the_client_is_gone() -> None:
    async def check(site: Site) -> None:
        await site.fault("late", delay_s=0.05)
        assert await _attempt(site, journal(externalId="st-1")) is None
        assert await site.journals() == []
        await site.account.faults.settle()
        assert len(await site.journals()) == 1

    on_site(check)


def test_an_altered_create_differs_from_what_was_sent_and_balances() -> None:
    async def check(site: Site) -> None:
        await site.fault("alter")
        await site.post("journalEntry", journal())
        [record] = await site.journals()
        assert record["total"] == "101.25"
        assert await site.rows("SELECT SUM(amount) s FROM transactionaccountingline") == [
            {"s": "0"}
        ]
        await site.fault("alter", "record/customer")
        created = await site.post("customer", {"companyName": "A", "subsidiary": 2})
        assert (await site.get(f"customer/{created.id}")).json["companyName"] == "A altered"

    on_site(check)


@pytest.mark.parametrize(
    ("route", "method", "path"),
    [
        ("PATCH record/journalEntry", "PATCH", f"{RECORD}/journalentry/eid:st-1"),
        ("GET record/journalEntry", "GET", f"{RECORD}/journalEntry/eid:st-1"),
        ("suiteql", "POST", SUITEQL),
        ("token", "POST", "/services/rest/auth/oauth2/v1/token"),
        ("system/v1/serverTime", "GET", "/services/rest/system/v1/serverTime"),
    ],
)
def test_routes_are_named_by_service_and_record(route: str, method: str, path: str) -> None:
    async def check(site: Site) -> None:
        await site.post("journalEntry", journal(externalId="st-1"))
        await site.fault("403", route)
        assert (await site.post("journalEntry", journal(externalId="st-2"))).status == 204
        body = {} if method != "GET" else None
        assert (await site.call(method, path, body)).status == 403

    on_site(check)


def test_of_two_posts_at_once_with_one_external_id_exactly_one_wins() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"latency_median_s": 0.01})
        for overlap in (True, False):
            await site.sandbox("settings", {"overlap_conflict": overlap})
            body = journal(externalId=f"st-{overlap}")
            answers = await asyncio.gather(*(site.post("journalEntry", body) for _ in range(4)))
            assert sorted(answer.status for answer in answers) == [204, 400, 400, 400]
            codes = {answer.code for answer in answers if answer.status == 400}
            assert codes == {"RCRD_HAS_BEEN_CHANGED" if overlap else "USER_ERROR"}
        assert len(await site.journals()) == 2

    on_site(check)


def test_the_gate_refuses_what_exceeds_the_limit_and_holds_slots_meanwhile() -> None:
    async def check(site: Site) -> None:
        settings = {"latency_median_s": 0.1, "concurrency_limit": 3}
        await site.sandbox("settings", settings)
        answers = await asyncio.gather(*(site.post("journalEntry", journal()) for _ in range(8)))
        assert sorted(answer.status for answer in answers) == [204] * 3 + [429] * 5
        refused = next(answer for answer in answers if answer.status == 429)
        assert refused.code == "CONCURRENCY_LIMIT_EXCEEDED"
        assert refused.json["title"] == "Bad Request"
        assert "Retry-After" not in refused.headers
        assert (await site.truth())["peak_concurrency"] == 3
        assert (await site.post("journalEntry", journal())).status == 204

    on_site(check)


def test_the_gate_may_hang_and_then_claim_a_bad_login() -> None:
    async def check(site: Site) -> None:
        settings = {
            "latency_median_s": 0.1,
            "concurrency_limit": 1,
            "over_limit": "hang_401",
            "hang_s": 0.02,
        }
        await site.sandbox("settings", settings)
        answers = await asyncio.gather(*(site.post("journalEntry", journal()) for _ in range(2)))
        assert sorted(answer.status for answer in answers) == [204, 401]

    on_site(check)


def test_latency_is_taken_from_the_settings() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"latency_median_s": 0.05, "latency_sigma": 0.1})
        loop = asyncio.get_running_loop()
        started = loop.time()
        await site.get("customer/50")
        assert loop.time() - started > 0.02

    on_site(check)


@pytest.mark.parametrize(
    "body",
    [
        {"speed": 1},
        {"latency_median_s": -1},
        {"concurrency_limit": 0},
        {"over_limit": "x"},
        {"hide": "a"},
    ],
)
def test_a_wrong_setting_is_refused_and_nothing_changes(body: dict[str, Any]) -> None:
    async def check(site: Site) -> None:
        before = site.account.settings
        answer = await site.call("POST", "/sandbox/settings", body)
        assert answer.status == 400
        assert answer.json["error"]
        assert site.account.settings == before

    on_site(check)


def test_periods_close_and_open_again() -> None:
    async def check(site: Site) -> None:
        for lock in ("closed", "alllocked"):
            shown = await site.sandbox(f"periods/{OPEN}", {lock: True})
            assert shown[lock] is True
            refused = await site.post("journalEntry", journal())
            assert "accounting period" in refused.detail
            [row] = await site.rows(f"SELECT {lock} AS v FROM accountingperiod WHERE id = {OPEN}")
            assert row == {"v": "T"}
            await site.sandbox(f"periods/{OPEN}", {lock: False})
            assert (await site.post("journalEntry", journal())).status == 204
        wrong = await site.call("POST", f"/sandbox/periods/{OPEN}", {"shut": True})
        assert wrong.status == 400
        assert (await site.call("POST", "/sandbox/periods/999", {"closed": True})).status == 404

    on_site(check)


def test_truth_counts_calls_and_writes() -> None:
    async def check(site: Site) -> None:
        before = await site.truth()
        await site.post("journalEntry", journal(externalId="st-1"))
        await site.post("journalEntry", journal(externalId="st-1"))
        await site.get("customer/50")
        await site.call("DELETE", f"{RECORD}/journalEntry/eid:st-1")
        after = await site.truth()
        assert after["calls"] - before["calls"] == 4
        assert after["writes"] - before["writes"] == 2

    on_site(check)


def test_truth_shows_what_the_role_does_not_see() -> None:
    async def check(site: Site) -> None:
        await site.post("journalEntry", journal(externalId="st-1"))
        await site.sandbox("settings", {"hide": ["journalEntry", "transaction"]})
        [record] = await site.journals()
        assert set(record) >= {"type", "id", "external_id", "tran_id", "total", "lines"}
        assert [(entry["account"], entry["debit"]) for entry in record["lines"]] == [
            ("1", "100.25"),
            ("4", None),
        ]

    on_site(check)


def test_reset_starts_over_from_the_seed() -> None:
    async def check(site: Site) -> None:
        await site.post("journalEntry", journal(externalId="st-1"))
        await site.fault("429", next=5)
        await site.sandbox("reset", {"seed": 1, "size": "small"})
        truth = await site.truth()
        assert truth["writes"] == 0
        assert await site.journals() == []
        assert await site.rows("SELECT id FROM subsidiary WHERE ROWNUM <= 1")
        assert (await site.get("customer")).status == 200
        assert (await site.call("POST", "/sandbox/reset", {"seed": "x"})).status == 400
        assert (await site.call("POST", "/sandbox/reset", {"size": "vast"})).status == 400

    on_site(check)


def test_a_restart_keeps_records_numbers_settings_and_tokens(tmp_path: Path) -> None:
    async def main() -> None:
        async with site(state=tmp_path) as first:
            created = await first.post("journalEntry", journal(externalId="st-1"))
            await first.sandbox("settings", {"hide": ["customer"]})
            await first.sandbox(f"periods/{OPEN}", {"arlocked": True})
            headers, truth = first.headers, await first.truth()
        async with site(state=tmp_path) as second:
            second.headers = headers
            assert (await second.get("journalEntry/eid:st-1")).json["id"] == created.id
            again = await second.post("journalEntry", journal(externalId="ST-1"))
            assert again.status == 400
            assert int((await second.post("journalEntry", journal())).id) > int(created.id)
            assert await second.rows("SELECT id FROM customer") == []
            now = await second.truth()
            assert now["writes"] == truth["writes"] + 1
            assert now["calls"] > truth["calls"]

    asyncio.run(main())


SERVER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from netsuite_site import BOOKS, credentials
from sandbox.netsuite import create_app
from sandbox.netsuite.app import ACCOUNT
from sandbox.server import run
app = create_app(BOOKS, Path({state!r}), credentials(BOOKS.account_id))
token = app[ACCOUNT].oauth2._issue(3600)
run([(app, 0)], lambda urls: print(urls[0], token, flush=True))
"""


def test_what_was_answered_survives_a_killed_process(tmp_path: Path) -> None:
    tests = str(Path(__file__).parent)
    code = SERVER.format(tests=tests, state=str(tmp_path / "state.db"))

    def start() -> tuple[subprocess.Popen[str], str, str]:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        url, token = process.stdout.readline().split()
        return process, url, token

    async def create(url: str, token: str, count: int) -> list[int]:
        headers = {"Authorization": f"Bearer {token}"}
        statuses = []
        async with aiohttp.ClientSession(headers=headers) as session:
            for number in range(count):
                body = journal(externalId=f"st-{number}")
                async with session.post(f"{url}{RECORD}/journalEntry", json=body) as answer:
                    statuses.append(answer.status)
        return statuses

    process, url, token = start()
    assert asyncio.run(create(url, token, 5)) == [204] * 5
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    process, url, token = start()
    try:
        assert asyncio.run(create(url, token, 6)) == [400] * 5 + [204]
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_seeded_account_is_not_filled_again(tmp_path: Path) -> None:
    async def main() -> None:
        for _ in range(2):
            async with site(state=tmp_path) as running:
                rows = await running.rows("SELECT COUNT(*) n FROM account")
                assert rows == [{"n": str(len(BOOKS.accounts))}]

    asyncio.run(main())
