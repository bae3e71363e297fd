"""Journal entries beside AP documents: what is synced as a document never comes in twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from servicetitan_netsuite.tenants import Method
from support.site import Site

TYPES = ("Bill", "VendorCredit", "Receipt", "InventoryReturn")


@pytest.mark.parametrize("detail", ["summary", "detailed"])
def test_a_journal_entry_that_holds_an_ap_document_is_blocked_and_names_its_type(
    make_site: Callable[..., Site], detail: str
) -> None:
    site = make_site("alb").with_tenant(method=Method.JOURNAL_ENTRIES_AND_AP, journal_detail=detail)
    entries = site.valid(len(TYPES) + 3)
    for entry, kind in zip(entries, TYPES, strict=False):
        site.edit(entry, lines=[{"n": 0, "transaction_type": kind}])
    site.start_syncing(entry["number"] for entry in entries)
    site.run("first", waits=40)
    rows = {row.source_id: row for row in site.documents().values()}
    for entry, kind in zip(entries, TYPES, strict=False):
        row = rows[entry["id"]]
        assert (row.state, row.cause) == ("blocked", "type_not_allowed")
        assert f"holds a transaction of type {kind}," in row.sentence
    posted = {record["external_id"] for record in site.posted()}
    assert posted == {site.name(entry) for entry in entries[len(TYPES) :]}
