"""What the client makes of the stand-in's answers: reading journal entries and master data."""

from __future__ import annotations

import math
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from servicetitan_stand_in import StandIn, against, tenant

from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY
from servicetitan_netsuite.documents import SourceDocument, content_hash, to_cents
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.servicetitan.customers import customer
from servicetitan_netsuite.servicetitan.journal_entries import headers, pending
from servicetitan_netsuite.servicetitan.reference import business_units, check, gl_accounts
from servicetitan_netsuite.tenants import LegacyId

TENANTS = [("ALB", "1001", "summary"), ("AUS", "1002", "detailed"), ("BOI", "1003", "summary")]


async def read(stand_in: StandIn, name: str, number: str, detail: str, **options: Any) -> Any:
    own = tenant(name, number, journal_detail=detail)
    async with stand_in.client(name) as client:
        found = [each async for each in pending(client, own, in_flight=16, **options)]
        return found, client.calls


def in_cents(found: SourceDocument) -> Decimal:
    """The debits as the stand-in counts them: each line's net, rounded to the cent."""
    nets = (Decimal(row["debit"]) - Decimal(row["credit"]) for row in found.content["lines"])
    return sum((to_cents(net) for net in nets if net > 0), Decimal("0.00"))


@pytest.mark.parametrize(("name", "number", "detail"), TENANTS)
def test_every_pending_entry_is_read_whole_and_nothing_else(
    tmp_path: Path, name: str, number: str, detail: str
) -> None:
    async def work(stand_in: StandIn) -> None:
        await stand_in.start(name, 1000)
        truth = await stand_in.truth(name)
        wanted = {id_: row for id_, row in truth.items() if row["sync_status"] == "InProgress"}
        found, calls = await read(stand_in, name, number, detail)
        assert all(isinstance(each, SourceDocument) for each in found), found
        assert {each.source_id for each in found} == set(wanted)
        assert len(found) == len(wanted) > 100
        for each in found:
            row = wanted[each.source_id]
            assert (each.number, each.version) == (str(row["number"]), row["version_id"])
            assert in_cents(each) == Decimal(str(row["amount"])), row
        assert calls < len(found) * 1.1 + 10, "one call an entry, and a few for all of them"

    against(tmp_path, work)


def test_reading_twice_gives_the_same_content(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        await stand_in.start("AUS", 60)
        first, _ = await read(stand_in, *TENANTS[1])
        again, _ = await read(stand_in, *TENANTS[1])
        assert {e.source_id: content_hash(e.content) for e in first} == {
            e.source_id: content_hash(e.content) for e in again
        }

    against(tmp_path, work)


def test_no_entry_is_lost_or_doubled_while_everything_goes_wrong(tmp_path: Path) -> None:
    kinds = ("500_before_write", "drop_before_write", "drop_after_write", "reset", "html", "refuse")
    rules = [{"route": "journal-entries*", "fault": kind, "probability": 0.03} for kind in kinds]

    async def work(stand_in: StandIn) -> None:
        ids = await stand_in.start("ALB", 120)
        await stand_in.faults(*rules, {"route": "*", "fault": "429", "probability": 0.005})
        found, _ = await read(stand_in, *TENANTS[0])
        assert all(isinstance(each, SourceDocument) for each in found)
        numbers = [each.source_id for each in found]
        assert len(numbers) == len(set(numbers))
        assert set(ids) <= set(numbers)

    against(tmp_path, work)


def test_the_allowance_of_calls_is_used_and_hardly_ever_overrun(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        started = await stand_in.start("ALB", 150)
        truth = await stand_in.truth("ALB")
        waiting = sum(row["sync_status"] == "InProgress" for row in truth.values())
        assert waiting >= len(started) > 100
        clock = time.monotonic()
        found, calls = await read(stand_in, *TENANTS[0])
        took = time.monotonic() - clock
        assert len(found) == waiting
        needed = 1 + waiting + math.ceil(waiting / 50)
        assert calls <= 1.1 * needed, "hardly one was refused and repeated"
        assert took < calls / 60 * 1.05 + 4, "and none waited for nothing"

    against(tmp_path, work, rate_limit=60)


def test_single_documents_are_found_by_number_and_by_id(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        ids = await stand_in.start("ALB", 20)
        truth = await stand_in.truth("ALB")
        number = str(truth[ids[3]]["number"])
        found, calls = await read(stand_in, *TENANTS[0], documents=(number, ids[5].upper()))
        assert {each.source_id for each in found} == {ids[3], ids[5]}
        assert calls < 10

    against(tmp_path, work)


def test_headers_tell_what_is_no_longer_pending(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        ids = await stand_in.start("ALB", 60)
        edit = {"sync_status": "Excluded"}
        await stand_in.control("PATCH", f"documents/journal_entry/{ids[0]}", edit)
        async with stand_in.client() as client:
            found = await headers(client, [*ids, "00000000-0000-4000-8000-000000000000"])
        assert set(found) == set(ids)
        assert found[ids[0]].sync_status == "Excluded"
        assert found[ids[1]].sync_status == "InProgress"

    against(tmp_path, work)


def test_master_data_comes_whole_and_the_connection_can_be_tried(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        async with stand_in.client() as client:
            accounts = await gl_accounts(client)
            units = await business_units(client)
            assert len(accounts) > 10
            assert len({each.id for each in accounts}) == len(accounts)
            assert {each.name for each in units} >= {"Albany Heating & Air", "Albany Plumbing"}
            assert all(each.active in (True, False) for each in units)
            assert "1001" in await check(client)

    against(tmp_path, work)


def test_customers_come_with_merges_and_legacy_ids(tmp_path: Path) -> None:
    legacy = LegacyId(application_guid=LEGACY_GUID, key=LEGACY_KEY)

    async def work(stand_in: StandIn) -> None:
        async with stand_in.client("AUS") as client:
            by_name: dict[str, Any] = {}
            async for rows in client.pages("crm", "customers", {"active": "Any"}):
                by_name |= {row["name"]: row for row in rows}
            survivor = str(by_name["Survivor Holdings"]["id"])
            found = await customer(client, str(by_name["Merged Twice"]["id"]))
            assert (found.source_id, found.is_company) == (survivor, True)
            assert found.merged_from == str(by_name["Merged Twice"]["id"])
            older = [row for name, row in by_name.items() if name.startswith("Legacy Customer")]
            assert older
            for row in older:
                known = await customer(client, str(row["id"]), legacy)
                assert known.legacy_id == row["name"].rsplit(" ", 1)[1]
            assert (await customer(client, survivor, legacy)).legacy_id is None
            cher = await customer(client, str(by_name["Cher"]["id"]))
            assert not cher.is_company
            assert cher.address["city"] == "Austin"

    against(tmp_path, work)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_secret": "wrong"}, "client secret"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"app_key": "wrong"}, "app key"),
        ({"tenant_id": "1002"}, "tn.acc.glaccounts:r"),
    ],
)
def test_wrong_credentials_end_in_one_sentence(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    async def work(stand_in: StandIn) -> None:
        async with stand_in.client(**changes) as client:
            await check(client)

    with pytest.raises(ConfigurationError, match=words):
        against(tmp_path, work)


def test_a_missing_scope_is_named(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        scopes = {"scopes": {"1001": ["tn.acc.glaccounts:r"]}}
        await stand_in.control("POST", "settings", scopes)
        async with stand_in.client() as client:
            await check(client)
            await business_units(client)

    with pytest.raises(ConfigurationError, match=r"tn\.stt\.businessunits:r"):
        against(tmp_path, work)


def test_a_token_that_ends_is_renewed_in_time(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        await stand_in.control("POST", "settings", {"token_lifetime_s": 1})
        async with stand_in.client() as client:
            started = time.monotonic()
            while time.monotonic() - started < 1.5:
                await check(client)

    against(tmp_path, work)
