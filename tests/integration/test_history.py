"""Years of finished documents must not slow the run that has ten new ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.steps import summarize
from support.site import Site

FINISHED = 100_000
_EACH = 100


@contextmanager
def effort() -> Iterator[list[int]]:
    """Counts what SQLite does, in hundreds of its instructions: the same on any machine."""
    done = [0]

    def more() -> None:
        done[0] += 1

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_progress_handler(more, _EACH)

    event.listen(Engine, "connect", listen)
    try:
        yield done
    finally:
        event.remove(Engine, "connect", listen)


def add_history(site: Site) -> None:
    """A hundred thousand documents that earlier runs finished, with their pages and events."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    kinds = "CASE i % 5 WHEN 0 THEN 'customer' WHEN 1 THEN 'payment' ELSE 'invoice' END"
    with Ledger(site.ledger_url) as ledger, ledger.writing() as connection:
        execute = connection.exec_driver_sql
        execute(
            "INSERT INTO run (tenant_id, dag_id, run_id, generation, dry_run, params, started_at,"
            " ended_at, status) VALUES (?, 'old', 'old', 1, 0, '{}', utc_after(-9e6),"
            " utc_after(-9e6), 'success')",
            (site.tenant_id,),
        )
        execute(
            f"{numbers} INSERT INTO document (tenant_id, document_type, source_id, external_id,"
            " number, amount_cents, business_date, state, state_since, version, seen_version,"
            " seen_run, first_seen_at, netsuite_id, posted_version, posted_canonical, verified_at,"
            " report, reported_at)"
            f" SELECT :tenant, {kinds}, 'old-' || i, 'st-old-' || i, 'OLD-' || i, 100,"
            " '2026-01-05', 'confirmed', utc_after(-9e6), 1, 1, 1, utc_after(-9e6), '' || i, 1,"
            ' \'{"period": "1", "lines": []}\', utc_after(-9e6), \'synced\', utc_after(-9e6)'
            " FROM n",
            {"count": FINISHED, "tenant": site.tenant_id},
        )
        execute(
            "INSERT INTO document_event (document_id, from_state, to_state, version, run_id,"
            " happened_at) SELECT id, 'posted', 'confirmed', 1, 1, utc_after(-9e6) FROM document"
        )
        execute(
            "INSERT INTO run_document (run_id, document_type, source_id, number, version,"
            " amount_cents, verdict, outcome, external_id, updated_at)"
            " SELECT 1, document_type, source_id, number, 1, 100, 'ready', 'confirmed',"
            " external_id, utc_after(-9e6) FROM document"
        )


def ten_new(site: Site) -> int:
    """What the ledger does for a whole run over ten new invoices."""
    documents = [d for d in site.entries() if d["type"] == "invoice" and d["valid"]]
    site.post_batch([d for d in documents if d["sync_status"] == "Pending"][:10])
    with effort() as done:
        site.run("ten")
        summarize.run(site.context("ten"), ())
    rows: dict[str, Any] = site.documents("invoice")
    assert sum(row.netsuite_number is not None for row in rows.values()) == 10
    return done[0]


@pytest.mark.timeout(120)
def test_a_hundred_thousand_finished_documents_do_not_slow_a_run_of_ten(
    make_site: Callable[..., Site], tmp_path: Any
) -> None:
    fresh = ten_new(make_site("den"))
    old = make_site("den", f"sqlite:///{tmp_path}/old.db")
    add_history(old)
    assert ten_new(old) < 1.5 * fresh
