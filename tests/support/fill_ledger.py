"""Fill a ledger by real runs of a release, in every state, and keep it for later releases' tests.

Run it by the release's own code, in a work tree of it, before the first change after it:

    PYTHONPATH=include:tests python tests/support/fill_ledger.py FILE

The file, compressed, has one JSON list a line: `[table, {column: value}]` of every row, and, of
what NetSuite held at the end, `["landed", {"id", "type", "external_id"}]`, oldest first.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from sandbox.serve import running
from servicetitan_netsuite.errors import Waiting
from servicetitan_netsuite.ledger.engine import Ledger, moment, stamp
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.steps import extract_pending, post_to_netsuite
from servicetitan_netsuite.tenants import read_tenant
from support.site import QUICK, Site, call

PATIENT = {**QUICK, "settle_s": 600.0, "lease_s": 2.0}
"""What is uncertain stays so: its settle time is over only when a later release looks."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_STAMP = re.compile("_(at|since|after)$")
FILLED = ("state", "transition", "document_type", "ledger_version")
JOURNALS, INVOICES = "record/journalEntry", "record/invoice"


def fill(info: dict[str, Any], url: str) -> Site:
    """Runs that leave documents in every state; the site of the last tenant."""
    journals(Site(info, read_tenant("alb"), url, PATIENT))
    waiting(Site(info, read_tenant("aus"), url, PATIENT))
    den = Site(info, read_tenant("den"), url, PATIENT)
    invoices(den)
    return den


def journals(site: Site) -> None:
    """Confirmed, skipped, blocked, rejected, withdrawn, conflict, uncertain, sending and ready."""
    site.reset()
    valid = site.valid(50)
    wrong = list({d["why"]: d for d in site.entries() if not d["valid"]}.values())
    site.start_syncing([d["number"] for d in [*valid[:6], *wrong]])
    site.run("good and wrong")
    (blocked, *_) = [row for row in site.documents().values() if row.state == "blocked"]
    site.edit(site.entry(int(blocked.number)), sync_status="Excluded")
    site.start_syncing([valid[6]["number"]])
    site.faults({"route": JOURNALS, "fault": "alter", "next": 1})
    site.run("altered")
    site.start_syncing([d["number"] for d in valid[7:9]])
    context = site.prepare("refused")
    closed(site, True)
    site.post(context)
    closed(site, False)
    site.start_syncing([d["number"] for d in valid[9:13]])
    context = site.prepare("unanswered")
    site.faults({"route": JOURNALS, "fault": "drop_after_write", "next": 2},
                {"route": JOURNALS, "fault": "drop_before_write", "next": 2})  # fmt: skip
    unfinished(site, context)
    site.start_syncing([d["number"] for d in valid[13:15]])
    site.faults({"route": "*journal-entries/{id}/sync", "fault": "500_before_write",
                 "probability": 1.0}, side="servicetitan")  # fmt: skip
    unfinished(site, site.prepare("not told"))
    site.no_faults()
    site.start_syncing([d["number"] for d in valid[15:]])
    killed(site, site.prepare("killed"))


def waiting(site: Site) -> None:
    """Only extracted: pending."""
    site.start_syncing([d["number"] for d in site.valid(3)])
    extract_pending.run(site.context("extracted"))


def invoices(site: Site) -> None:
    """Invoices with their customers and items: confirmed, and two without an answer."""
    documents = [d for d in site.entries() if d["type"] == "invoice" and d["valid"]]
    site.post_batch([d for d in documents if d["case"] == ""][:6] or documents[:6])
    context = site.prepare("invoices")
    site.faults({"route": INVOICES, "fault": "drop_after_write", "next": 1},
                {"route": INVOICES, "fault": "drop_before_write", "next": 1})  # fmt: skip
    unfinished(site, context)


def unfinished(site: Site, context: Any) -> None:
    """A posting step that ends with something still to be waited for."""
    try:
        post_to_netsuite.run(context)
    except Waiting as error:
        print(f"{context.run_id}: {error}")


def closed(site: Site, closed: bool) -> None:
    """Close or open the posting periods that the tenant's documents are of."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT body FROM run_document WHERE body IS NOT NULL"
        ).scalars()
        periods = {json.loads(b).get("postingPeriod", {}).get("id") for b in bodies} - {None}
    for period in periods:
        call(site.netsuite, f"/sandbox/periods/{period}", {"closed": closed})


def killed(site: Site, context: Any) -> None:
    """Post in a process of its own, and kill that in the middle."""
    slow = {"latency_median_s": 0.25, "latency_sigma": 0.01}
    call(site.netsuite, "/sandbox/settings", slow)
    before = len(site.posted())
    worker = os.fork()
    if not worker:
        post_to_netsuite.run(context)
        os._exit(0)
    while len(site.posted()) < before + 3:
        time.sleep(0.01)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    time.sleep(PATIENT["lease_s"])
    call(site.netsuite, "/sandbox/settings", {"latency_median_s": 0.0})


def aged(row: dict[str, Any], age: timedelta) -> dict[str, Any]:
    """The row with its stamps that much earlier, so that nothing is left to wait for."""
    return {
        column: stamp(moment(value) - age) if value and _STAMP.search(column) else value
        for column, value in row.items()
    }


def keep(site: Site, path: Path) -> None:
    """Write the ledger's rows and what NetSuite holds of them to a file."""
    age = datetime.now(UTC) - LONG_AGO
    with (
        Ledger(site.ledger_url) as ledger,
        ledger.reading() as connection,
        gzip.open(path, "wt", encoding="utf-8") as out,
    ):
        found = MetaData()
        found.reflect(connection)
        for table in (t for t in found.sorted_tables if t.name not in FILLED):
            for row in connection.execute(select(table)):
                print(json.dumps([table.name, aged(dict(row._mapping), age)]), file=out)
        ours = [r for r in site.truth()["records"] if (r["external_id"] or "").startswith("st-")]
        for one in sorted(ours, key=lambda r: int(r["id"])):
            kept = {key: one[key] for key in ("id", "type", "external_id")}
            print(json.dumps(["landed", kept]), file=out)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as stand_ins:
        ledger_url = f"sqlite:///{folder}/filled.db"
        migrate(ledger_url)
        keep(fill(stand_ins, ledger_url), Path(sys.argv[1]))
