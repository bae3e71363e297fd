"""What people ask for again: chosen documents, retries, entries started again, changed memos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.netsuite import item as item_record
from servicetitan_netsuite.netsuite import lookup
from servicetitan_netsuite.netsuite.client import ReadRefused
from servicetitan_netsuite.steps import summarize
from support.site import Site


def problems(site: Site, run: str) -> list[str]:
    summary = summarize.run(site.context(run), ())
    assert summary["status"] == "completed_with_errors"
    return [problem["sentence"] for problem in summary["problems"]]


def test_a_chosen_document_that_is_not_there_is_told(site: Site) -> None:
    there, waiting = (d["number"] for d in site.valid(2))
    site.start_syncing([there])
    site.run("first", documents=(f"ALB-{there}", f"ALB-{waiting}", "no such"))
    assert site.documents()[str(there)].state == "confirmed"
    told = problems(site, "first")
    assert sorted(told) == [
        f"No document called {waiting} waits to be synced in ServiceTitan.",
        "No document called no such waits to be synced in ServiceTitan.",
    ]


def test_a_changed_memo_alone_is_sent_before_the_entry_is_synced(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    site.edit(entry, memo="said better")
    site.start_syncing([entry["number"]])
    writes = site.truth()["writes"]
    site.run("second")
    assert site.truth()["writes"] == writes + 1
    assert site.documents()[str(entry["number"])].state == "confirmed"
    (record,) = site.posted()
    assert {line["memo"] for line in record["lines"]} == {"said better"}
    site.run("third")
    assert site.truth()["writes"] == writes + 1


def test_a_conflict_started_again_in_servicetitan_is_set_to_error_again(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.faults({"route": "record/journalEntry", "fault": "alter", "next": 1})
    site.run("first")
    for run in ("same", "edited"):
        if run == "edited":
            site.edit(entry, memo="a newer version")
        site.start_syncing([entry["number"]])
        assert site.entry(entry["number"])["sync_status"] == "InProgress"
        site.run(run)
        assert site.documents()[str(entry["number"])].state == "conflict"
        assert site.entry(entry["number"])["sync_status"] == "Error"


def test_a_record_that_netsuite_refuses_to_show_stops_only_its_own_entry(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, other = site.valid(2)
    both = [refused["number"], other["number"]]
    site.start_syncing(both)
    site.run("first")
    broken = site.documents()[str(refused["number"])].netsuite_id
    by_id = lookup.by_id

    async def some_refused(client: Any, record: str, netsuite_id: str) -> Any:
        if netsuite_id == broken:
            raise ReadRefused("Error while accessing a resource.", 400, "USER_ERROR")
        return await by_id(client, record, netsuite_id)

    monkeypatch.setattr(lookup, "by_id", some_refused)
    for entry in (refused, other):
        site.edit(entry, post_date="2026-10-05")
    site.start_syncing(both)
    site.run("second")
    rows = site.documents()
    stopped = rows[str(refused["number"])]
    assert (stopped.state, stopped.cause) == ("conflict", "exists_but_hidden")
    assert "does not show its record" in stopped.sentence
    assert rows[str(other["number"])].state == "confirmed"


def test_a_refused_item_is_sent_again_when_rejected_ones_are_to_be_retried(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    den = make_site("den")
    invoice = next(d for d in den.entries() if d["type"] == "invoice" and d["valid"])
    den.post_batch([invoice])
    body = item_record.body
    with monkeypatch.context() as patched:
        patched.setattr(item_record, "body", lambda plan: {**body(plan), "noSuchField": 1})
        den.run("refused")
    den.run("not asked")
    items = den.documents("item").values()
    assert {row.state for row in items} == {"rejected"}
    den.run("retried", retry_rejected=True)
    assert {row.state for row in den.documents("item").values()} == {"confirmed"}
    (row,) = den.documents("invoice").values()
    assert row.state == "confirmed"
