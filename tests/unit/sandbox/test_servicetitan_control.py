"""The control routes: start syncing, a person's edits, truth, reset, faults."""

from __future__ import annotations

from typing import Any

import pytest
from titan_site import ENTRIES, Site, on_site


async def shown(site: Site, entry: str) -> dict[str, Any]:
    found: dict[str, Any] = await site.get(f"{ENTRIES}/{entry}")
    return found


def of_why(truth: dict[str, dict[str, Any]], text: str, tenant: int = 1001) -> str:
    """Id of a document of the tenant whose reason starts so."""
    return next(
        k for k, d in truth.items() if d["tenant_id"] == tenant and d["why"].startswith(text)
    )


def test_start_syncing_all_takes_what_was_never_synced_and_nothing_else() -> None:
    async def check(site: Site) -> None:
        before = await site.truth()
        ids = set(await site.start())
        never = {
            k
            for k, d in before.items()
            if d["tenant_id"] == 1001 and d["sync_status"] == "NotSynced"
        }
        assert ids == never
        after = await site.truth()
        assert {k for k, d in after.items() if d["sync_status"] == "InProgress"} == never
        assert await site.start() == []

    on_site(check)


def test_start_syncing_takes_ids_numbers_and_a_limit() -> None:
    async def check(site: Site) -> None:
        path = "journal-entries/start-syncing"
        some = await site.control("POST", path, {"tenant_id": "1001", "all": True, "limit": 3})
        assert some["started"] == 3
        truth = await site.truth()
        done = of_why(truth, "not_pending: already")
        error = of_why(truth, "not_pending: in error")
        answer = await site.control("POST", path, {"tenant_id": 1001, "ids": [done, error]})
        assert (answer["ids"], answer["skipped"]) == ([error], [done])
        assert (await site.truth())[error]["valid"] is True
        for body in (
            {"tenant_id": 1001},
            {"tenant_id": 9, "all": True},
            {"tenant_id": 1001, "numbers": [1]},
            {"tenant_id": 1001, "all": True, "limit": 0},
            {"tenant_id": 1001, "all": True, "colour": 1},
        ):
            refused = await site.raw("POST", f"/sandbox/{path}", json=body)
            assert refused.status == 400
            assert refused.json["error"]

    on_site(check)


def test_an_edit_makes_a_new_version_and_a_synced_entry_out_of_sync() -> None:
    async def check(site: Site) -> None:
        (entry,) = await site.start(3002)
        path = f"{ENTRIES}/{entry}/sync"
        edited = await site.control("PATCH", f"documents/journal_entry/{entry}", {"memo": "typo"})
        assert (edited["versionId"], edited["syncStatus"]) == (2, "InProgress")
        stale = await site.call("PATCH", path, body={"syncStatus": "Synced", "versionId": 1})
        assert stale.status == 400
        await site.call("PATCH", path, body={"syncStatus": "Synced", "versionId": 2})
        edited = await site.control("PATCH", f"documents/journal-entries/{entry}", {"name": "JE"})
        assert (edited["versionId"], edited["syncStatus"]) == (3, "OutOfSync")
        assert edited["lastSyncVersionId"] == 2
        rows = (await site.get(f"{ENTRIES}/{entry}/details"))["data"]
        assert {row["memo"] for row in rows} == {"typo"}

    on_site(check)


def test_the_verdict_follows_a_persons_edit() -> None:
    async def check(site: Site) -> None:
        entry = of_why(await site.truth(), "period_closed: Feb 2026")
        path = f"documents/journal_entry/{entry}"
        await site.control("PATCH", path, {"post_date": "2026-10-01"})
        assert (await site.truth())[entry]["valid"] is True
        lines = (await site.get(f"{ENTRIES}/{entry}/details"))["data"]
        assert {row["postDate"] for row in lines} == {"2026-10-01T00:00:00"}
        change = {"n": 0, "debit": str(lines[0]["debit"] + 1)}
        await site.control("PATCH", path, {"lines": [change]})
        truth = (await site.truth())[entry]
        assert (truth["valid"], truth["why"]) == (False, "not_balanced: off by 1.00 in cents")
        assert truth["version_id"] == 3
        await site.control("PATCH", path, {"empty": True})
        assert (await site.truth())[entry]["why"].startswith("no_lines")
        assert (await shown(site, entry))["isEmpty"] is True

    on_site(check)


def test_an_entry_excluded_by_a_person_must_not_post() -> None:
    async def check(site: Site) -> None:
        (entry,) = await site.start(3002)
        path = f"documents/journal_entry/{entry}"
        after = await site.control("PATCH", path, {"sync_status": "Excluded"})
        assert (after["syncStatus"], after["versionId"]) == ("Excluded", 1)
        truth = (await site.truth())[entry]
        assert (truth["valid"], truth["why"]) == (False, "not_pending: excluded by a person")

    on_site(check)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"colour": "blue"},
        {"sync_status": "Gone"},
        {"status": "Ajar"},
        {"post_date": "soon"},
        {"post_date": 5},
        {"memo": 5},
        {"lines": [{"n": 0, "memo": 5}]},
        {"lines": 7},
        {"lines": [{"n": 999, "debit": "1"}]},
        {"lines": [{"n": 0, "debit": "much"}]},
        {"lines": [{"n": 0, "colour": 1}]},
        {"lines": [{"n": 0, "account_id": 1}]},
    ],
)
def test_a_wrong_edit_is_refused_whole(body: dict[str, Any]) -> None:
    async def check(site: Site) -> None:
        (entry,) = await site.start(3002)
        before = await shown(site, entry)
        answer = await site.raw("PATCH", f"/sandbox/documents/journal_entry/{entry}", json=body)
        assert answer.status == 400
        assert await shown(site, entry) == before

    on_site(check)


def test_reset_fills_anew_and_forgets_edits_settings_and_faults() -> None:
    async def check(site: Site) -> None:
        before = await site.truth()
        await site.start()
        rule = {"route": "*", "fault": "500_before_write", "probability": 1}
        await site.control("POST", "faults", {"faults": [rule]})
        assert (await site.control("POST", "reset", {"seed": 1, "size": "small"})) == {
            "seed": 1,
            "journal_entries": 750,
        }
        assert await site.truth() == before
        assert (await site.call("GET", ENTRIES)).status == 200
        await site.control("POST", "reset", {"seed": 9, "size": "small"})
        assert set(await site.truth()).isdisjoint(before)
        for body in ({"seed": "one"}, {"size": "huge"}, {"colour": 1}):
            assert (await site.raw("POST", "/sandbox/reset", json=body)).status == 400

    on_site(check)


def test_a_fault_strikes_the_route_it_names() -> None:
    async def check(site: Site) -> None:
        (entry,) = await site.start(3002)
        rule = {"route": "journal-entries/{id}/sync", "fault": "500_after_write", "next": 1}
        await site.control("POST", "faults", {"faults": [rule]})
        assert (await site.call("GET", ENTRIES)).status == 200
        body = {"syncStatus": "Synced", "versionId": 1}
        answer = await site.call("PATCH", f"{ENTRIES}/{entry}/sync", body=body)
        assert (answer.status, answer.json["status"]) == (500, 500)
        assert (await shown(site, entry))["syncStatus"] == "Synced"
        truth = await site.control("GET", "truth")
        assert truth["faults"] == {"500_after_write": 1}

    on_site(check)


def test_the_token_route_can_be_struck_too() -> None:
    async def check(site: Site) -> None:
        rule = {"route": "connect/token", "fault": "429", "next": 1}
        await site.control("POST", "faults", {"faults": [rule]})
        assert (await site.token(1001)).status == 429
        assert (await site.token(1001)).status == 200

    on_site(check)


def test_truth_can_be_asked_for_one_tenant() -> None:
    async def check(site: Site) -> None:
        answer = await site.raw("GET", "/sandbox/truth?tenant_id=1003")
        assert {one["tenant_id"] for one in answer.json["documents"]} == {1003}
        assert len(answer.json["documents"]) == 250

    on_site(check)
