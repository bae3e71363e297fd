"""Invoices and credit memos: posted in a batch, native records in NetSuite, marked exported."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite.ledger import actions
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite import lookup
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.servicetitan.receivable import INVOICES
from servicetitan_netsuite.servicetitan.selection import rows_by_id
from servicetitan_netsuite.steps import post_to_netsuite, summarize
from support.site import Site, call, effect, expected_effect

KINDS = ("invoice", "credit_memo")


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


@dataclass(frozen=True)
class Whole:
    """One run over everything that can be posted, as both stand-ins showed it right after."""

    site: Site
    documents: list[dict[str, Any]]
    records: dict[str, dict[str, Any]]
    now: dict[tuple[str, Any], dict[str, Any]]
    journals: list[dict[str, Any]]


@pytest.fixture(scope="module")
def whole(make_shared_site: Callable[..., Site]) -> Whole:
    site = make_shared_site("den")
    documents = receivables(site)
    site.post_batch(documents)
    site.run("first")
    now = {(d["type"], d["id"]): d for d in site.entries()}
    journals = [r for r in site.truth()["records"] if r["type"] == "journalEntry"]
    return Whole(site, documents, held(site), now, journals)


def receivables(site: Site) -> list[dict[str, Any]]:
    """What a person may batch: those that the seed leaves for ever unbatched stay out."""
    return site.batchable(*KINDS)


def held(site: Site) -> dict[str, dict[str, Any]]:
    """NetSuite's invoices and credit memos with our external ids, by external id."""
    sales = ("invoice", "creditmemo")
    return {n: each for n, each in site.records().items() if each["type"].lower() in sales}


def name_of(document: dict[str, Any]) -> str:
    return f"st-1004-{document['type']}-{document['id']}"


def test_a_posted_batch_ends_in_netsuite_once_and_is_exported(whole: Whole) -> None:
    records = whole.records
    for document in whole.documents:
        after = whole.now[document["type"], document["id"]]
        case = document.get("case", "")
        if document["valid"]:
            assert name_of(document) in records, (case, document["number"])
            assert after["sync_status"] == "Exported", case
        else:
            assert name_of(document) not in records, (case, document["why"])
            nothing = document["why"].startswith("zero_amount")
            status = "Exported" if nothing else "Posted"
            assert after["sync_status"] == status, (case, document["why"])


def test_what_netsuite_holds_debits_and_credits_what_servicetitan_says(whole: Whole) -> None:
    den = whole.site
    by_id = {d["id"]: d for d in whole.documents if d["type"] == "invoice" and d["valid"]}
    rows = [row for row in den.documents("invoice").values() if row.source_id in by_id]
    assert len(rows) > 200
    posted = _by_account(den, rows)
    expected = {row.source_id: expected_effect(by_id[row.source_id]["gl"]) for row in rows}
    assert posted == expected
    parts = den.documents("invoice", "cogs").values()
    costs = [row for row in parts if row.source_id in by_id]
    assert {row.state for row in parts if row not in costs} <= {"blocked", "skipped"}
    assert {row.state for row in costs} == {"confirmed"}
    sold = {id_: expected_effect(d["cogs"]) for id_, d in by_id.items() if d["cogs"]}
    assert len(sold) > 50
    assert _by_account(den, costs) == sold
    names = {f"st-1004-invoice-{id_}-cogs" for id_ in sold}
    journals = [r["external_id"] for r in whole.journals if str(r["external_id"]).endswith("-cogs")]
    assert sorted(journals) == sorted(names)


def _by_account(site: Site, rows: Iterable[Any]) -> dict[str, dict[str, Decimal]]:
    """What NetSuite holds of ledger rows, by source id: account number to debit less credit."""
    numbers = site.account_numbers()
    return {row.source_id: effect(row, numbers) for row in rows}


def test_an_invoice_not_posted_is_ignored_and_once_posted_it_is_synced(den: Site) -> None:
    invoice = next(d for d in receivables(den) if d["valid"] and d["type"] == "invoice")
    den.run("before")
    assert den.documents("invoice") == {}
    den.post_batch([invoice])
    den.run("after")
    (document,) = den.documents("invoice").values()
    assert document.state == "confirmed"
    assert document.netsuite_number == f"DEN-{invoice['number']}"


def test_a_negative_adjustment_invoice_becomes_a_credit_memo(den: Site) -> None:
    negative = [
        d
        for d in receivables(den)
        if d["valid"] and d.get("becomes") == "creditMemo" and d["type"] == "invoice"
    ]
    assert negative
    den.post_batch(negative)
    den.run("first")
    assert {record["type"] for record in held(den).values()} == {"creditMemo"}


def test_an_unposted_invoice_is_withdrawn_and_never_posted(den: Site) -> None:
    blocked = next(d for d in receivables(den) if d["why"].startswith("account_not_mapped"))
    batch = den.post_batch([blocked])
    den.run("first")
    assert den.documents(blocked["type"])[blocked["number"]].state == "blocked"
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.run("second")
    assert den.documents(blocked["type"])[blocked["number"]].state == "withdrawn"
    assert held(den) == {}


def test_a_credit_memo_waits_for_the_invoice_it_is_applied_to_and_names_it(whole: Whole) -> None:
    waiting = [
        d for d in whole.site.documents("credit_memo").values() if d.cause == "parent_blocked"
    ]
    assert waiting
    for document in waiting:
        assert "waits for invoice" in document.sentence


def test_a_second_run_over_the_same_batch_posts_nothing(den: Site) -> None:
    den.post_batch(receivables(den)[:30])
    den.run("first")
    before = den.truth()["writes"]
    den.run("second")
    assert den.truth()["writes"] == before


def test_a_dry_run_of_a_batch_writes_nothing_and_shows_every_body(den: Site) -> None:
    den.post_batch(receivables(den)[:60])
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    counts = den.run("dry", dry_run=True)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert counts["would_post"] > 0
    assert den.dump("document", "attempt", "mapping") == "[[], [], []]"


def test_lost_answers_neither_lose_nor_double_an_invoice(den: Site) -> None:
    documents = [d for d in receivables(den) if d["valid"]][:120]
    den.post_batch(documents)
    den.faults(
        *(
            {"route": f"record/{record}", "fault": fault, "probability": 0.05}
            for record in ("invoice", "creditMemo", "customer", "nonInventorySaleItem")
            for fault in ("drop_after_write", "drop_before_write", "500_after_write", "no_location")
        )
    )
    den.run("first", waits=40)
    den.no_faults()
    den.run("healing", waits=40)
    assert {name_of(d) for d in documents} - set(held(den)) == set()


def test_an_invoice_changed_after_it_was_posted_is_a_conflict_never_a_second_record(
    den: Site,
) -> None:
    invoice = next(d for d in receivables(den) if d["valid"] and d["type"] == "invoice")
    batch = den.post_batch([invoice])
    den.run("first")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(invoice, invoiceDate="2026-10-20T00:00:00Z")
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    writes = den.truth()["writes"]
    den.run("second")
    (document,) = den.documents("invoice").values()
    assert (document.state, document.cause) == ("conflict", "changed_after_posting")
    assert den.truth()["writes"] == writes


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_edited_between_posting_and_reporting_is_not_marked_at_its_new_content(
    den: Site, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    chosen = [d for d in receivables(den) if d["valid"] and d["type"] == kind and not d["parents"]]
    edited, untouched = chosen[:2]
    batch = den.post_batch([edited, untouched])
    day = {"invoiceDate" if kind == "invoice" else "date": "2026-10-21"}
    reported, told = post_to_netsuite.report, iter(["once"])

    async def edit_then_report(*args: Any) -> int:
        records = den.truth()["records"]
        if any(r["external_id"] == name_of(edited) for r in records) and next(told, None):
            call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
            den.edit(edited, **day)
            call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
        return await reported(*args)

    monkeypatch.setattr(post_to_netsuite, "report", edit_then_report)
    den.run("first")
    assert next(told, None) is None
    now = {(d["type"], d["id"]): d["sync_status"] for d in den.entries()}
    assert now[kind, edited["id"]] == "Posted"
    assert now[kind, untouched["id"]] == "Exported"
    rows = den.documents(kind)
    assert (rows[edited["number"]].state, rows[edited["number"]].report) == ("posted", "moved_on")
    assert rows[untouched["number"]].state == "confirmed"
    writes = den.truth()["writes"]
    den.run("second")
    row = den.documents(kind)[edited["number"]]
    assert (row.state, row.cause) == ("conflict", "changed_after_posting")
    assert den.truth()["writes"] == writes


def test_invoices_that_come_to_nothing_are_marked_exported_only_where_the_tenant_wants_it(
    den: Site,
) -> None:
    nothing = [d for d in receivables(den) if d["why"].startswith("zero_amount")]
    assert len(nothing) > 2
    den.post_batch(nothing)
    left = den.with_tenant(mark_zero_exported=False)
    left.run("left")
    ids = {(d["type"], d["id"]) for d in nothing}

    def statuses() -> set[str]:
        return {d["sync_status"] for d in den.entries() if (d["type"], d["id"]) in ids}

    assert statuses() == {"Posted"}
    den.run("dry", dry_run=True)
    assert statuses() == {"Posted"}
    den.run("marked")
    assert statuses() == {"Exported"}
    assert {row.state for row in den.documents("invoice").values()} == {"skipped"}
    assert held(den) == {}


def test_an_invoice_in_netsuite_that_comes_to_nothing_now_is_never_skipped(den: Site) -> None:
    invoice = next(d for d in receivables(den) if d["valid"] and d["type"] == "invoice")
    batch = den.post_batch([invoice])
    den.run("first")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(invoice, items=[], total="0.00", salesTax="0.00", subTotal="0.00", balance="0.00")
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    den.run("second")
    with Ledger(den.ledger_url) as ledger:
        actions.reset(ledger, den.tenant_id, [name_of(invoice)], "Ann")
    den.run("third")
    (row,) = den.documents("invoice").values()
    assert (row.state, row.cause) == ("blocked", "update_not_possible")
    now = next(d for d in den.entries() if d["id"] == invoice["id"])
    assert now["sync_status"] == "Posted"


def test_invoices_and_credit_memos_carry_their_batch_where_the_tenant_file_names_a_field(
    den: Site,
) -> None:
    chosen = [d for d in receivables(den) if d["valid"] and not d["parents"]]
    documents = [next(d for d in chosen if d["type"] == kind) for kind in KINDS]
    den.post_batch(documents)
    den.run("first")
    for kind in KINDS:
        (row,) = den.documents(kind).values()
        assert row.state == "confirmed"
        record = stored(den, "creditMemo" if kind == "credit_memo" else "invoice", row.netsuite_id)
        assert record["custbody_st_batch"].endswith(" AR")
        assert record["custbody_st_batch"].split()[0].isdigit()
        assert "custbody_st_link" not in record  # ServiceTitan's API tells no page of an invoice


def stored(site: Site, record: str, netsuite_id: str) -> dict[str, Any]:
    """A record as NetSuite shows it."""
    fields = site.context("unused").netsuite

    async def read() -> dict[str, Any]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return await lookup.by_id(client, record, netsuite_id) or {}

    return asyncio.run(read())


def costly(site: Site) -> dict[str, Any]:
    """An invoice with cost of sales, billed to nobody else's documents."""
    return next(
        d for d in receivables(site) if d["valid"] and d["cogs"] and d["becomes"] == "invoice"
    )


def test_cost_of_sales_waits_for_its_invoice_and_names_it(den: Site) -> None:
    invoice = costly(den)
    batch = den.post_batch([invoice])
    for run in ("dry", "first"):
        den.edit(invoice, customer=None)
        den.run(run, dry_run=run == "dry")
        (reason,) = _sentences(den, run, "cogs")
        assert f"waits for invoice {invoice['number']}" in reason
    (part,) = den.documents("invoice", "cogs").values()
    assert (part.state, part.cause) == ("blocked", "parent_blocked")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.run("unposted")
    (part,) = den.documents("invoice", "cogs").values()
    assert part.state == "withdrawn"
    assert all(not (r["external_id"] or "").endswith("-cogs") for r in den.truth()["records"])


def _sentences(site: Site, run: str, part: str) -> list[str]:
    """Why parts stand still, as one run's page says."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT rd.sentence FROM run_document rd JOIN run r ON r.id = rd.run_id "
            f"WHERE r.run_id = '{run}' AND rd.part = '{part}'"
        ).all()
    return [str(row.sentence) for row in rows]


def test_cost_of_sales_that_an_invoice_has_no_longer_is_withdrawn(den: Site) -> None:
    invoice = costly(den)
    den.post_batch([invoice])
    customer = _shown(den, invoice)["customer"]
    den.edit(invoice, customer=None)
    den.run("blocked")
    items = [{**item, "totalCost": "0.00"} for item in _shown(den, invoice)["items"]]
    den.edit(invoice, customer=customer, items=items)
    den.run("without")
    assert [row.state for row in den.documents("invoice").values()] == ["confirmed"]
    assert [row.state for row in den.documents("invoice", "cogs").values()] == ["withdrawn"]


def _shown(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """An invoice as ServiceTitan's API lists it."""
    own = servicetitan_credentials(site.context("unused").servicetitan, site.tenant_id)

    async def read() -> dict[str, Any]:
        async with ServiceTitan(own) as client:
            return (await rows_by_id(client, INVOICES, [document["id"]]))[document["id"]]

    return dict(json.loads(json.dumps(asyncio.run(read()), default=float)))


def test_where_cost_of_sales_is_not_posted_every_summary_tells_its_amount(den: Site) -> None:
    invoice = costly(den)
    den.post_batch([invoice])
    site = den.with_tenant(cost_of_sales="none")
    site.run("first")
    (part,) = site.documents("invoice", "cogs").values()
    assert (part.state, part.cause) == ("skipped", "cost_not_posted")
    assert all(not (r["external_id"] or "").endswith("-cogs") for r in site.truth()["records"])
    summary = summarize.run(site.context("first"), ())
    cost = sum(Decimal(a) for a in invoice["cogs"].values() if Decimal(a) > 0)
    assert summary["cost_not_posted"] == {"count": 1, "amount": f"{cost:.2f}"}
    assert f"not posted (cost_of_sales: none): {cost:,.2f} of 1 invoices" in summary["text"]
    site.run("second")
    assert summarize.run(site.context("second"), ())["cost_not_posted"]["count"] == 0
