"""What the stand-in makes of our reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from servicetitan_stand_in import StandIn, against

from servicetitan_netsuite.servicetitan.report import Reported, failed, in_progress, synced


async def edit(stand_in: StandIn, id_: str, change: dict[str, Any]) -> None:
    await stand_in.control("PATCH", f"documents/journal_entry/{id_}", change)


def test_an_entry_is_synced_at_the_version_posted_and_stays_so(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        (id_,) = await stand_in.start("ALB", 1)
        version = (await stand_in.truth("ALB"))[id_]["version_id"]
        async with stand_in.client() as client:
            for _ in range(2):
                assert await synced(client, id_, version, "JE 1") is Reported.ACCEPTED
        assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "Synced"

    against(tmp_path, work)


def test_an_entry_edited_since_is_not_marked_synced(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        (id_,) = await stand_in.start("ALB", 1)
        version = (await stand_in.truth("ALB"))[id_]["version_id"]
        await edit(stand_in, id_, {"memo": "changed"})
        async with stand_in.client() as client:
            assert await synced(client, id_, version, "JE 1") is Reported.MOVED_ON
            assert await failed(client, id_, "no", version=version) is Reported.MOVED_ON
        assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "InProgress"

    against(tmp_path, work)


@pytest.mark.parametrize("fault", ["drop_after_write", "500_after_write", "reset", "late"])
def test_a_report_whose_answer_is_lost_ends_accepted(tmp_path: Path, fault: str) -> None:
    async def work(stand_in: StandIn) -> None:
        (id_,) = await stand_in.start("ALB", 1)
        version = (await stand_in.truth("ALB"))[id_]["version_id"]
        rule = {"route": "journal-entries/{id}/sync", "fault": fault, "next": 1}
        await stand_in.faults(rule | ({"delay_s": 0.05} if fault == "late" else {}))
        async with stand_in.client() as client:
            assert await synced(client, id_, version, "JE 1") is Reported.ACCEPTED
            assert client.calls == 2
        assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "Synced"

    against(tmp_path, work)


def test_a_rejection_and_its_reset_are_shown(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        (id_,) = await stand_in.start("ALB", 1)
        async with stand_in.client() as client:
            assert await failed(client, id_, "Account 4000 is inactive.") is Reported.ACCEPTED
            assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "Error"
            assert await in_progress(client, id_, "Reset") is Reported.ACCEPTED
        assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "InProgress"

    against(tmp_path, work)


def test_an_entry_a_person_excluded_is_left_as_it_is(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        (id_,) = await stand_in.start("ALB", 1)
        await edit(stand_in, id_, {"sync_status": "Excluded"})
        async with stand_in.client() as client:
            assert await failed(client, id_, "no") is Reported.MOVED_ON
            assert await in_progress(client, id_, "Reset") is Reported.MOVED_ON
        assert (await stand_in.truth("ALB"))[id_]["sync_status"] == "Excluded"

    against(tmp_path, work)


def test_an_entry_that_never_was_is_gone(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        unknown = "00000000-0000-4000-8000-000000000000"
        async with stand_in.client() as client:
            assert await synced(client, unknown, 1, "JE 1") is Reported.GONE
            assert await failed(client, unknown, "no") is Reported.GONE

    against(tmp_path, work)
