"""A ledger restored from a backup goes on: nothing posted since is posted twice or lost."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servicetitan_netsuite.ledger import actions
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.mappings import read
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from support.audit import Audit, Document, audit, batchable, chosen
from support.site import Site


def back_up(site: Site, copy: Path) -> None:
    """By the README's line, while somebody else has the ledger open and has written to it."""
    with Ledger(site.ledger_url) as ledger, ledger.reading():
        _do(site, copy, ".venv/bin/python -c")


def restore(site: Site, copy: Path) -> None:
    """By the README's line."""
    _do(site, copy, "rm -f .run/ledger.db-wal")


def _do(site: Site, copy: Path, begins: str) -> None:
    (line,) = [
        one.strip()
        for one in README.read_text(encoding="utf-8").splitlines()
        if one.strip().startswith(begins) and "ledger.backup.db" in one
    ]
    places = {
        ".venv/bin/python": sys.executable,
        ".run/ledger.db": str(_file(site)),
        "ledger.backup.db": str(copy),
    }
    for written, here in places.items():
        line = line.replace(written, here)
    subprocess.run(line, shell=True, check=True)


def _file(site: Site) -> Path:
    return Path(site.ledger_url.removeprefix("sqlite:///"))


README = Path(__file__).resolve().parents[2] / "README.md"


class Month:
    """A month of every type in three parts: before the backup, after it, after it was restored."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.opening = site.truth()["records"]
        self.documents = chosen(batchable(site), most=2)
        whole = [
            d for d in self.documents if d["type"] in ("return", "ap_credit") and not d["valid"]
        ]
        rest = [d for d in self.documents if d["type"] != "purchase_order" and d not in whole]
        random.Random(7).shuffle(rest)
        site.post_batch(rest[0::3] + whole)
        site.run("before the backup", waits=40)
        back_up(site, folder / "backup.db")
        site.post_batch(rest[1::3])
        site.run("after the backup", waits=40)
        self.since = {r["external_id"]: r for r in site.truth()["records"]}
        self.lately = self._exported(rest[1::3])
        restore(site, folder / "backup.db")
        self.before = site.dump("document", "mapping")
        site.run("looking", dry_run=True)
        self.looked = site.dump("document", "mapping")
        site.run("restored", waits=40)
        self.after = {r["external_id"]: r for r in site.truth()["records"]}
        # A person doubts some of it and has it exported again.
        self.again = self.lately[::2]
        for document in self.again:
            site.edit(document, sync_status="Posted")
        site.post_batch(rest[2::3])
        site.run("going on", waits=40)

    def _exported(self, documents: list[Document]) -> list[Document]:
        now = {(d["type"], d["id"]): d["sync_status"] for d in self.site.entries()}
        return [d for d in documents if d["valid"] and now[d["type"], d["id"]] == "Exported"]

    @property
    def audit(self) -> Audit:
        return audit(self.site, self.documents, self.opening)


@pytest.fixture(scope="module")
def month(make_shared_site: Callable[..., Site], tmp_path_factory: pytest.TempPathFactory) -> Month:
    return Month(make_shared_site("den"), tmp_path_factory.mktemp("backup"))


def test_all_is_in_netsuite_once_as_it_shall_be_and_servicetitan_was_told(month: Month) -> None:
    assert len(month.lately) > 30
    assert month.audit.findings() == {}


def test_the_first_run_after_the_restore_sends_nothing_that_was_posted_before(month: Month) -> None:
    assert month.after.keys() == month.since.keys()
    assert all(month.after[name]["id"] == month.since[name]["id"] for name in month.since)


def test_a_dry_run_after_the_restore_changes_nothing(month: Month) -> None:
    assert month.looked == month.before


def test_what_is_pending_again_is_compared_and_confirmed_with_the_record_it_has(
    month: Month,
) -> None:
    rows, audited = month.site.rows(), month.audit
    assert len(month.again) > 15
    for document in month.again:
        name = audited.name(document)
        row = next(row for row in rows.values() if row.external_id == name)
        if document["becomes"] != "application":
            assert row.state == "confirmed", (document["case"], row.sentence)
            assert row.netsuite_id == month.since[name]["id"]


def test_receipts_that_used_their_order_up_since_the_backup_are_known_again(month: Month) -> None:
    receipts = {name for name in month.since if name and name.startswith("st-1004-receipt-")}
    rows = {row.external_id: row for row in month.site.rows().values()}
    assert len(receipts) > 4
    assert {rows[name].state for name in receipts} == {"confirmed"}


def test_every_link_says_what_it_was_found_as(month: Month) -> None:
    with Ledger(month.site.ledger_url) as ledger:
        links = [row for row in read(ledger, "1004") if row.kind.startswith("opening_")]
    assert len(links) > 20
    assert all(month.since[row.target_name]["id"] == row.target for row in links)


def test_what_was_posted_again_under_a_new_name_is_not_posted_under_the_old_one(
    site: Site, tmp_path: Path
) -> None:
    (entry,) = site.valid(1)
    site.run("nothing yet")
    back_up(site, tmp_path / "backup.db")
    site.start_syncing([entry["number"]])
    site.run("posted")
    _posted_again(site, entry)
    restore(site, tmp_path / "backup.db")
    site.edit(entry, sync_status="InProgress")
    site.run("restored")
    assert [r["external_id"] for r in site.posted()] == [f"{site.name(entry)}-r2"]
    row = site.documents()[str(entry["number"])]
    assert row.state == "skipped"
    assert "NetSuite holds it already" in row.sentence


def _posted_again(site: Site, entry: dict[str, Any]) -> None:
    (record,) = site.posted()
    asyncio.run(_deleted(site, record["id"]))
    site.edit(entry, memo="changed after it was deleted")
    site.start_syncing([entry["number"]])
    site.run("deleted")
    with Ledger(site.ledger_url) as ledger:
        (row,) = actions.find(ledger, site.tenant_id, [str(entry["number"])])
        assert row.state == "conflict"
        actions.again(ledger, row, "Ann Accountant", "deleted in NetSuite")
    site.run("again")
    assert [r["external_id"] for r in site.posted()] == [f"{site.name(entry)}-r2"]


async def _deleted(site: Site, netsuite_id: str) -> None:
    """What an accountant does in NetSuite itself."""
    fields = site.context("unused").netsuite
    async with NetSuite(credentials(fields), times(fields)) as client:
        exchange = await client.send("DELETE", f"record/v1/journalEntry/{netsuite_id}")
        assert exchange.status == 204, exchange.text


def test_a_change_that_was_posted_since_the_backup_is_known_when_it_is_pending_again(
    site: Site, tmp_path: Path
) -> None:
    (entry,) = site.valid(1)
    site.start_syncing([entry["number"]])
    site.run("first version")
    back_up(site, tmp_path / "backup.db")
    site.edit(entry, post_date="2026-10-05")
    site.start_syncing([entry["number"]])
    site.run("second version")
    (before,) = site.posted()
    newer = site.documents()[str(entry["number"])].posted_version
    restore(site, tmp_path / "backup.db")
    site.edit(entry, sync_status="InProgress")
    site.run("restored")
    row = site.documents()[str(entry["number"])]
    assert (row.state, row.posted_version) == ("confirmed", newer)
    (after,) = site.posted()
    assert after == before
    assert site.entry(entry["number"])["sync_status"] == "Synced"


def test_a_credit_posted_since_the_backup_is_never_taken_as_applied_when_it_is_not(
    make_site: Callable[..., Site], tmp_path: Path
) -> None:
    site = make_site("den")
    site.run("nothing yet")
    opening = site.truth()["records"]
    every = [d for d in chosen(batchable(site), most=2) if d["valid"]]
    bills, returns, credits = (
        [d for d in every if d["type"] == kind] for kind in ("ap_bill", "return", "ap_credit")
    )
    site.post_batch(bills)
    site.run("bills")
    back_up(site, tmp_path / "backup.db")
    site.post_batch(returns)
    site.run("credits")
    restore(site, tmp_path / "backup.db")
    site.post_batch(credits)
    site.run("applied")
    rows = site.rows().values()
    findings = audit(site, [*bills, *returns, *credits], opening).findings()
    misapplied = {one[0] for one in findings["misapplied"]}
    assert misapplied == {row.external_id for row in rows if row.state == "conflict"}
    sentences = [row.sentence for row in rows if row.external_id in misapplied]
    assert all("what is applied to" in sentence for sentence in sentences)
