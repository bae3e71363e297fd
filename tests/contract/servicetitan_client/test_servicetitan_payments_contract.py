"""Payments against the stand-in: how they are listed, and how a whole call of marks is settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from servicetitan_stand_in import StandIn, against

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.exported import Mark, mark_exported
from servicetitan_netsuite.servicetitan.payments import PAYMENTS, pending_payments
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.tenants import read_tenant

DEN = read_tenant("den")


async def posted(stand_in: StandIn, *cases: str) -> list[str]:
    """Payments of these cases, batched and posted; their ids."""
    truth = (await stand_in.truth("DEN")).values()
    chosen = [d for d in truth if d["type"] == "payment" and d["case"] in cases]
    body = {
        "tenant_id": 1004,
        "documents": [{"type": d["type"], "id": d["id"]} for d in chosen],
    }
    batch = await stand_in.control("POST", "batches", body)
    await stand_in.control("POST", f"batches/{batch['id']}/post", {})
    return [d["id"] for d in chosen]


def marks(*ids: str) -> list[Mark]:
    return [Mark(id_, f"st-1004-payment-{id_}", "NetSuite 1") for id_ in ids]


def test_each_posted_payment_is_listed_once_with_how_its_type_exports(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        ids = await posted(stand_in, "paid_in_part", "exports_as_journal", "unapplied")
        async with stand_in.client("DEN") as client:
            found = [one async for one in pending_payments(client, DEN)]
        assert sorted(one.source_id for one in found if one.source_id) == sorted(ids)
        ways = {
            one.content["header"]["exports_as"] for one in found if isinstance(one, SourceDocument)
        }
        assert ways == {"payment", "journal"}

    against(tmp_path, work)


def test_one_payment_that_cannot_be_marked_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        ids = await posted(stand_in, "paid_in_part", "overpaid", "unapplied")
        edited: dict[str, Any] = {"sync_status": "Pending"}
        await stand_in.control("PATCH", f"documents/payment/{ids[0]}", edited)
        async with stand_in.client("DEN") as client:
            told = await mark_exported(client, PAYMENTS, marks(*ids, "999999999"))
            assert told[ids[0]].reported is Reported.MOVED_ON
            assert told["999999999"].reported is Reported.GONE
            assert {told[id_].reported for id_ in ids[1:]} == {Reported.ACCEPTED}
            again = await mark_exported(client, PAYMENTS, marks(*ids[1:]))
        assert {one.reported for one in again.values()} == {Reported.ACCEPTED}
        now = await stand_in.truth("DEN")
        assert {now[id_]["sync_status"] for id_ in ids[1:]} == {"Exported"}
        assert now[ids[0]]["sync_status"] == "Pending"

    against(tmp_path, work)


def test_a_mark_whose_answer_is_lost_ends_accepted(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        ids = await posted(stand_in, "overpaid")
        await stand_in.faults({"route": "payments/status", "fault": "drop_after_write", "next": 1})
        async with stand_in.client("DEN") as client:
            told = await mark_exported(client, PAYMENTS, marks(*ids))
        assert told[ids[0]].reported is Reported.ACCEPTED

    against(tmp_path, work)
