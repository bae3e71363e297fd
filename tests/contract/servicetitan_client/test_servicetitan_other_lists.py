"""Bank deposits, adjustments, returns and AP credits, as the stand-in serves and marks them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from servicetitan_stand_in import StandIn, against, tenant

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.adjustments import pending_adjustments
from servicetitan_netsuite.servicetitan.ap_credits import AP_CREDITS
from servicetitan_netsuite.servicetitan.bank_deposits import BANK_DEPOSITS, pending_bank_deposits
from servicetitan_netsuite.servicetitan.exported import Mark, mark_exported
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.servicetitan.vendor_credits import (
    credits_of,
    pending_vendor_credits,
    still_pending,
)

DEN = tenant("DEN", "1004", method="documents", cost_of_sales="none")
TYPES = ("bank_deposit", "adjustment", "return", "ap_credit")


async def post_all(stand_in: StandIn) -> dict[tuple[str, str], Any]:
    """Batch and post everything of these types; the truth about what is posted then."""
    own = {"tenant_id": 1004, "all": True, "types": list(TYPES)}
    batch = await stand_in.control("POST", "batches", own)
    await stand_in.control("POST", f"batches/{batch['id']}/post")
    return await posted(stand_in)


async def posted(stand_in: StandIn) -> dict[tuple[str, str], Any]:
    rows = (await stand_in.control("GET", "truth?tenant_id=1004"))["documents"]
    return {
        (row["type"], row["id"]): row
        for row in rows
        if row["type"] in TYPES and row["sync_status"] == "Posted"
    }


async def read(stand_in: StandIn, reader: Any, **options: Any) -> dict[str, Any]:
    async with stand_in.client("DEN") as client:
        found = [one async for one in reader(client, DEN, **options)]
    assert len({one.source_id for one in found}) == len(found)
    return {one.source_id: one for one in found}


def test_every_posted_deposit_and_adjustment_is_read_or_told(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        truth = await post_all(stand_in)
        for kind, reader in (
            ("bank_deposit", pending_bank_deposits),
            ("adjustment", pending_adjustments),
        ):
            found = await read(stand_in, reader)
            assert set(found) == {id_ for own, id_ in truth if own == kind}
            for id_, one in found.items():
                row = truth[kind, id_]
                if isinstance(one, SourceDocument):
                    assert not row["valid"] or one.amount == Decimal(row["amount"]), row["case"]
                else:
                    assert row["why"].startswith("dirty"), one
            again = await read(stand_in, reader)
            assert versions(again) == versions(found)

    against(tmp_path, work)


def versions(found: dict[str, Any]) -> dict[str, int]:
    return {id_: one.version for id_, one in found.items() if isinstance(one, SourceDocument)}


def test_every_return_and_credit_is_in_exactly_one_document(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        truth = await post_all(stand_in)
        found = await read(stand_in, pending_vendor_credits)
        returns = {id_ for kind, id_ in truth if kind == "return"}
        named = [credit for one in found.values() for credit in credits_of(one)]
        assert {id_ for id_ in found if not id_.startswith("credit_")} == returns
        assert sorted(named) == sorted(
            id_
            for (kind, id_), row in truth.items()
            if kind == "ap_credit" and not row["why"].startswith("canceled")
        )
        for id_ in returns:
            row, bills = truth["return", id_], found[id_].content["header"]["applied"]
            assert [f"{b['to']}" for b in bills] == [bill for _, bill in row["parents"]] or (
                not row["valid"]
            )

    against(tmp_path, work)


def test_what_is_marked_leaves_its_list_and_returns_stay(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        await post_all(stand_in)
        deposits = await read(stand_in, pending_bank_deposits)
        credits = await read(stand_in, pending_vendor_credits)
        async with stand_in.client("DEN") as client:
            told = await mark_exported(client, BANK_DEPOSITS, [Mark(i, "x", "") for i in deposits])
            own = [credit for one in credits.values() for credit in credits_of(one)]
            told |= await mark_exported(client, AP_CREDITS, [Mark(i, "x", "") for i in own])
            assert {one.reported for one in told.values()} == {Reported.ACCEPTED}
            waits = await still_pending(client, list(credits))
        assert await read(stand_in, pending_bank_deposits) == {}
        after = await read(stand_in, pending_vendor_credits)
        assert versions(after) == {i: v for i, v in versions(credits).items() if i in after}
        assert {i for i in credits if not i.startswith("credit_")} <= waits
        nothing = await read(
            stand_in, pending_vendor_credits, since=datetime(2031, 1, 1, tzinfo=UTC)
        )
        assert all(not credits_of(one) for one in nothing.values())

    against(tmp_path, work)
