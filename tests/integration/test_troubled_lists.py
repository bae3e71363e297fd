"""Lists that go wrong while they are read lose no document, double none and stop no run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from servicetitan_netsuite.steps import extract_pending
from support.audit import audit, batchable, chosen
from support.site import STEPS, Site, patiently
from support.troubled_lists import (
    Leaving,
    Trouble,
    TroubledLists,
    more_than_there_is,
    null_rows,
    repeated,
    shifted,
    troubling,
    twice_with_other_content,
)

TROUBLES: dict[str, Trouble | None] = {
    "each page given twice": repeated,
    "documents coming in before the cursor": shifted,
    "each document shown again with other content": twice_with_other_content,
    "rows that are nothing": null_rows,
    "always said to be more": more_than_there_is,
    "each list refused once": None,
}
LISTS = (
    "invoices",
    "credit-memos",
    "payments",
    "bank-deposits",
    "receipts",
    "ap-bills",
    "returns",
    "ap-credits",
    "adjustments",
    "gl-accounts",
    "business-units",
    "vendors",
)
"""Every list of documents, and those of what they name."""
WATERMARKED = ("credit-memos", "receipts", "returns", "adjustments")
"""Lists of which only what was modified is read again."""
SEEN_AS = {
    "credit_memo": "credit_memo",
    "receipt": "receipt",
    "return": "vendor_credit",
    "adjustment": "inventory_adjustment",
}


def run(site: Site, lists: TroubledLists, name: str) -> None:
    """All steps with ServiceTitan behind its troubled lists; none fails, none waits for good."""
    plain = site.context(name)
    context = replace(plain, servicetitan=replace(plain.servicetitan, host=lists.url))
    for step in STEPS:
        patiently(step, context, waits=3)


@pytest.mark.parametrize("name", TROUBLES)
def test_every_list_of_documents_may_go_wrong(make_site: Callable[..., Site], name: str) -> None:
    site = make_site("den")
    opening = site.truth()["records"]
    kinds = [{**d, "case": d["type"]} for d in batchable(site) if d["valid"]]
    documents = chosen(kinds, most=7)
    site.post_batch(d for d in documents if d["type"] != "purchase_order")
    with troubling(site.servicetitan, TROUBLES[name], LISTS) as lists:
        run(site, lists, "first")
        assert set(lists.spoiled) == set(LISTS)
        assert audit(site, documents, opening).findings() == {}
        writes = site.truth()["writes"]
        run(site, lists, "second")
        assert site.truth()["writes"] == writes


def test_a_document_that_leaves_a_list_hides_no_other_until_the_weekly_sweep(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("den")
    documents = [d for d in batchable(site) if d["valid"] and d["type"] in SEEN_AS]
    site.post_batch(documents)
    with troubling(site.servicetitan, Leaving(), WATERMARKED) as lists:
        context = site.context("first")
        behind = replace(context, servicetitan=replace(context.servicetitan, host=lists.url))
        patiently(extract_pending.run, behind)
    assert set(lists.spoiled) == set(WATERMARKED)
    seen = set(site.rows())
    assert [d for d in documents if (SEEN_AS[d["type"]], d["id"]) not in seen] == []


@pytest.mark.parametrize("name", TROUBLES)
def test_the_list_of_journal_entries_may_go_wrong(
    make_site: Callable[..., Site], name: str
) -> None:
    site = make_site("alb")
    entries = [d for d in site.entries() if d["sync_status"] == "NotSynced"][:60]
    site.start_syncing([d["number"] for d in entries])
    with troubling(site.servicetitan, TROUBLES[name], ["journal-entries"]) as lists:
        run(site, lists, "first")
    assert "journal-entries" in lists.spoiled
    names = sorted(record["external_id"] for record in site.posted())
    assert names == sorted(site.name(d) for d in entries if d["valid"])
