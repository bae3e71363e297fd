"""Posted invoices and credit memos, as the stand-in ServiceTitan serves and marks them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from servicetitan_stand_in import StandIn, against, tenant

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.servicetitan.credit_memos import pending_credit_memos
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported, still_posted
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.invoices import pending_invoices
from servicetitan_netsuite.servicetitan.receivable import RECEIVABLES
from servicetitan_netsuite.servicetitan.report import Reported

DEN = tenant("DEN", "1004", method="documents", cost_of_sales="journal")
READERS: dict[DocumentType, Callable[..., Any]] = {
    DocumentType.INVOICE: pending_invoices,
    DocumentType.CREDIT_MEMO: pending_credit_memos,
}
KINDS = list(READERS)
ACCEPTED = Marked(Reported.ACCEPTED)


async def post_batch(stand_in: StandIn, *kinds: DocumentType, limit: int | None = None) -> Any:
    own = {"tenant_id": 1004, "all": True, "types": list(kinds or KINDS)}
    batch = await stand_in.control("POST", "batches", own | ({"limit": limit} if limit else {}))
    await stand_in.control("POST", f"batches/{batch['id']}/post")
    return batch


async def read(stand_in: StandIn, kind: DocumentType, **options: Any) -> list[Any]:
    async with stand_in.client("DEN") as client:
        return [each async for each in READERS[kind](client, DEN, **options)]


async def truth(stand_in: StandIn, kind: DocumentType) -> dict[str, Any]:
    rows = (await stand_in.control("GET", "truth?tenant_id=1004"))["documents"]
    return {row["id"]: row for row in rows if row["type"] == kind}


def marks(found: list[Any]) -> list[Mark]:
    return [Mark(one.source_id, f"st-den-{one.type}-{one.source_id}", "NetSuite") for one in found]


def test_every_posted_document_is_read_or_told(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        assert [await read(stand_in, kind) for kind in KINDS] == [[], []]
        await post_batch(stand_in)
        for kind in KINDS:
            await compare(stand_in, kind)

    async def compare(stand_in: StandIn, kind: DocumentType) -> None:
        found = await read(stand_in, kind)
        known = await truth(stand_in, kind)
        posted = {id_ for id_, row in known.items() if row["sync_status"] == "Posted"}
        assert {one.source_id for one in found} == posted
        assert len(found) == len(posted)
        documents = [one for one in found if isinstance(one, SourceDocument)]
        assert len(documents) > len(found) // 2
        for one in documents:
            row = known[one.source_id]
            total = sum((Decimal(line["total"]) for line in one.content["lines"]), Decimal(0))
            tax = Decimal(one.content["header"]["sales_tax"])
            if row["valid"] and row["becomes"]:
                assert one.business_date is not None
                assert one.amount == total + tax, row
        for one in found:
            assert isinstance(one, SourceDocument) or not known[one.source_id]["valid"], one
        assert {one.source_id: one.version for one in documents} == {
            one.source_id: one.version
            for one in await read(stand_in, kind)
            if not isinstance(one, Unreadable)
        }

    against(tmp_path, work)


def test_what_is_marked_is_exported_and_read_no_more(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        for kind in KINDS:
            await mark_all(stand_in, kind)

    async def mark_all(stand_in: StandIn, kind: DocumentType) -> None:
        await post_batch(stand_in, kind, limit=60)
        seen = await read(stand_in, kind)
        found = [one for one in seen if isinstance(one, SourceDocument)]
        unreadable = [one for one in seen if not isinstance(one, SourceDocument)]
        async with stand_in.client("DEN") as client:
            for _ in range(2):
                marked = await mark_exported(client, RECEIVABLES[kind], marks(found))
                assert marked == {one.source_id: ACCEPTED for one in found}
            posted = await still_posted(client, RECEIVABLES[kind], [one.source_id for one in found])
        assert set(posted.values()) == {False}
        assert {(await truth(stand_in, kind))[one.source_id]["sync_status"] for one in found} == {
            "Exported"
        }
        assert await read(stand_in, kind) == unreadable

    against(tmp_path, work)


def test_a_mark_whose_answer_is_lost_ends_accepted(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        for fault in ("drop_after_write", "500_after_write", "reset"):
            await lose(stand_in, fault)

    async def lose(stand_in: StandIn, fault: str) -> None:
        await post_batch(stand_in, DocumentType.INVOICE, limit=5)
        found = await read(stand_in, DocumentType.INVOICE)
        await stand_in.faults({"route": "invoices/markasexported", "fault": fault, "next": 1})
        async with stand_in.client("DEN") as client:
            marked = await mark_exported(client, RECEIVABLES[DocumentType.INVOICE], marks(found))
        assert set(marked.values()) == {ACCEPTED}

    against(tmp_path, work)


def test_what_was_unposted_has_moved_on_and_what_never_was_is_gone(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        for kind in KINDS:
            await unpost(stand_in, kind)

    async def unpost(stand_in: StandIn, kind: DocumentType) -> None:
        batch = await post_batch(stand_in, kind, limit=3)
        found = await read(stand_in, kind)
        await stand_in.control("POST", f"batches/{batch['id']}/unpost")
        async with stand_in.client("DEN") as client:
            wanted = [*marks(found), Mark("1", "st-den-1", "")]
            marked = await mark_exported(client, RECEIVABLES[kind], wanted)
            posted = await still_posted(
                client, RECEIVABLES[kind], [each.source_id for each in wanted]
            )
        assert marked.pop("1") == Marked(Reported.GONE)
        assert set(marked.values()) == {Marked(Reported.MOVED_ON)}
        assert posted == {one.source_id: False for one in found}

    against(tmp_path, work)


def test_only_new_content_makes_a_reposted_document_a_new_version(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        batch = await post_batch(stand_in, DocumentType.INVOICE, limit=2)
        before = await read(stand_in, DocumentType.INVOICE)
        same, edited = (one.source_id for one in before)
        async with stand_in.client("DEN") as client:
            await mark_exported(client, RECEIVABLES[DocumentType.INVOICE], marks(before))
        await stand_in.control("POST", f"batches/{batch['id']}/unpost")
        await stand_in.control(
            "PATCH", f"documents/invoice/{edited}", {"summary": "<p>Two visits</p>"}
        )
        await stand_in.control("POST", f"batches/{batch['id']}/post")
        old = {one.source_id: one.version for one in before}
        now = {one.source_id: one for one in await read(stand_in, DocumentType.INVOICE)}
        assert now[same].version == old[same]
        assert now[edited].version != old[edited]
        assert now[edited].content["header"]["memo"] == "Two visits"

    against(tmp_path, work)


def test_one_batch_and_chosen_documents_are_read_alone(tmp_path: Path) -> None:
    async def work(stand_in: StandIn) -> None:
        for kind in KINDS:
            await choose(stand_in, kind)

    async def choose(stand_in: StandIn, kind: DocumentType) -> None:
        first = await post_batch(stand_in, kind, limit=2)
        await post_batch(stand_in, kind, limit=3)
        everything = {one.source_id: one for one in await read(stand_in, kind)}
        own = {id_ for _, id_ in first["documents"]}
        for batch in (str(first["number"]), str(first["id"]), first["name"]):
            assert {one.source_id for one in await read(stand_in, kind, batch=batch)} == own
        by_id, by_number = list(everything.values())[-2:]
        chosen = await read(stand_in, kind, documents=(by_id.source_id, by_number.number))
        assert {one.source_id for one in chosen} == {by_id.source_id, by_number.source_id}

    against(tmp_path, work)
