"""Runs that go on in a ledger of an earlier release: what that left open is posted once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from servicetitan_netsuite.documents import Operation
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials
from servicetitan_netsuite.netsuite.outcome import OutcomeKind, outcome
from servicetitan_netsuite.steps import summarize
from servicetitan_netsuite.tenants import read_tenant
from support import old_ledger
from support.site import Site

OPEN = ("sending", "uncertain", "ready", "pending", "posted", "rejected", "blocked", "conflict")
DOCUMENTS = ("journalEntry", "invoice")
Upgraded = tuple[Site, old_ledger.Lines]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def old_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database that no ledger was ever in."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('old')}/ledger.db"
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        yield url


@pytest.fixture(scope="module")
def upgraded(make_shared_site: Callable[..., Site], old_url: str) -> Upgraded:
    """All tenants run once by this release, after it upgraded what the earlier one left."""
    lines = old_ledger.read()
    old_ledger.make(old_url, "0001_ledger", lines)
    site = make_shared_site("alb", old_url)  # upgrades
    asyncio.run(_land(site, lines))
    for tenant in ("alb", "aus", "den"):
        own = _of(site, tenant)
        waiting = {
            row["source_id"]
            for row in lines["document"]
            if row["tenant_id"] == own.tenant_id and row["state"] in OPEN
        }
        documents = [d for d in own.entries() if d["id"] in waiting]
        if tenant == "den":
            own.post_batch([d for d in documents if d["type"] == "invoice"])
        else:
            own.start_syncing([d["number"] for d in documents])
        own.run("after the upgrade", waits=40, retry_rejected=True)
    return site, lines


def _of(site: Site, tenant: str) -> Site:
    return Site(site.info, read_tenant(tenant), site.ledger_url, site.times)


async def _land(site: Site, lines: old_ledger.Lines) -> None:
    """Bring into NetSuite what it held when the earlier release stopped, under the same ids."""
    sent: dict[str, dict[str, Any]] = {}
    names = {row["id"]: row for row in lines["document"]}
    for attempt in lines["attempt"]:
        sent.setdefault(names[attempt["document_id"]]["external_id"], attempt)
    states = {row["external_id"]: row["state"] for row in lines["document"]}
    fields = site.context("unused").netsuite
    async with NetSuite(credentials(fields)) as client:
        # Entities and items have numbers of their own, and documents name them.
        for record in sorted(lines["landed"], key=lambda one: one["type"] in DOCUMENTS):
            name = record["external_id"]
            if states[name] == "conflict":  # it was stored otherwise than it was sent
                site.faults({"route": "record/*", "fault": "alter", "next": 1})
            attempt = sent[name]
            made = await client.send("POST", attempt["path"], body=json.loads(attempt["body"]))
            meaning = outcome(made, Operation.CREATE)
            assert meaning.kind is OutcomeKind.POSTED, meaning
            assert meaning.netsuite_id == record["id"], name


def _rows(site: Site) -> dict[str, Any]:
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql("SELECT * FROM document").all()
    return {row.external_id: row for row in found}


def test_every_document_that_was_open_is_in_netsuite_once(upgraded: Upgraded) -> None:
    site, lines = upgraded
    valid = {
        f"st-{d['tenant_id']}-{d['type']}-{d['id']}"
        for tenant in ("alb", "aus", "den")
        for d in _of(site, tenant).entries()
        if d["valid"]
    }
    known = {r["external_id"] for r in lines["document"] if r["state"] != "withdrawn"}
    landed = {record["external_id"] for record in lines["landed"]}
    held = Counter(
        r["external_id"] for r in site.truth()["records"] if (r["external_id"] or "")[:3] == "st-"
    )
    # Cost of sales is a further record that the earlier release did not make.
    further = {name for name in held if name.endswith("-cogs") and name[:-5] in valid & known}
    further |= {name for name in held if "-customer-" in name}
    assert set(held) == (valid & known) | landed | further
    assert max(held.values()) == 1


def test_what_was_under_way_is_told_apart_and_resolved(upgraded: Upgraded) -> None:
    site, lines = upgraded
    rows = _rows(site)
    landed = {record["external_id"] for record in lines["landed"]}
    attempts = Counter(row["document_id"] for row in lines["attempt"])
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        sent = connection.exec_driver_sql(
            "SELECT document_id, count(*) AS n FROM attempt GROUP BY document_id"
        ).all()
    now = {row.document_id: row.n for row in sent}
    seen = Counter()
    for was in lines["document"]:
        if was["state"] in ("sending", "uncertain"):
            name = was["external_id"]
            assert rows[name].state == "confirmed", name
            again = now[was["id"]] - attempts[was["id"]]
            assert again == (0 if name in landed else 1), name
            seen[was["state"], name in landed] += 1
    assert set(seen) == {("sending", True), ("sending", False), ("uncertain", False)}


def test_what_needs_a_person_still_does_and_what_is_done_stays_done(upgraded: Upgraded) -> None:
    site, lines = upgraded
    rows = _rows(site)
    moved = Counter((was["state"], rows[was["external_id"]].state) for was in lines["document"])
    assert set(moved) == {
        ("confirmed", "confirmed"),
        ("posted", "confirmed"),
        ("sending", "confirmed"),
        ("uncertain", "confirmed"),
        ("ready", "confirmed"),
        ("pending", "confirmed"),
        ("rejected", "confirmed"),
        ("conflict", "conflict"),
        ("blocked", "blocked"),
        ("skipped", "skipped"),
        ("withdrawn", "withdrawn"),
    }


def test_the_summary_of_a_run_after_the_upgrade_ties_out(upgraded: Upgraded) -> None:
    site, _ = upgraded
    summary = summarize.run(site.context("after the upgrade"), ())
    assert summary["tie_out"]["difference"] == "0.00"
    assert summary["tie_out"]["checked"] is True
