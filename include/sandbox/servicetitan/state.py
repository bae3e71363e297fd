"""What the stand-in remembers, in SQLite: master data, journal entries, settings, counters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.seed import netsuite_books, servicetitan_tenants
from sandbox.seed.documents import DocumentTenant, document_tenant
from sandbox.seed.documents.judging import DocumentJudge
from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY, Judge
from sandbox.seed.tenant import Customer, JournalEntry, Tenant
from sandbox.seed.tenants import HELD, entry_count
from sandbox.server import open_state
from sandbox.servicetitan import exact, schema
from sandbox.servicetitan.lines import LineWriter
from sandbox.servicetitan.stamps import midnight, stamp

LONG_AGO = "2024-06-01T00:00:00.0000000Z"
API_USER = (21, "api")
INSERT_LINE = """INSERT INTO line (entry_id, n, json, business_unit_id, customer_name,
           location_name, vendor_name, ref_number, transaction_type, transaction_date)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT_SUMMARY = "INSERT INTO summary VALUES (?, ?, ?)"
_ENTRY = """INSERT INTO journal_entry (id, tenant_id, number, name, status, sync_status,
            version_id, last_sync_version_id, message, post_date, created_on, modified_on,
            exported_on, exported_by_id, exported_by_name, is_empty, amount, valid, why, held)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


class State:
    """The database and what is derived from the seed it was filled with."""

    def __init__(self, path: Path | str, seed: int = 1, size: str = "small") -> None:
        self.db = open_state(path)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(schema.TABLES)
        self.calls = int(self.setting("calls", 0))
        self.writes = int(self.setting("writes", 0))
        if self.setting("schema", "") == schema.VERSION:
            known = int(self.setting("seed", 1))
            self._learn(servicetitan_tenants(known, "1"), document_tenant(known, "1"))
        else:
            self.reset(seed, size)

    def setting(self, name: str, default: Any) -> Any:
        """A remembered setting, any JSON value."""
        row = self.db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def remember(self, name: str, value: Any) -> None:
        """Keep a setting over restarts."""
        self.db.execute("REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction an integration asked for: counted as one write when it succeeds."""
        with self.transaction() as db:
            yield db
        self.writes += 1

    def _learn(self, tenants: tuple[Tenant, ...], papers: DocumentTenant) -> None:
        """Keep what judging and writing lines needs: the same for every size of a seed."""
        self.papers = papers.base.tenant_id
        books = {one.account_id: one for one in netsuite_books(1)}
        self.writers = {t.tenant_id: LineWriter(t) for t in tenants}
        self.judges = {t.tenant_id: Judge(t, books[t.account_id]) for t in tenants}
        self.document_judge = DocumentJudge(papers, books[papers.base.account_id])
        self.names = {t.tenant_id: t.short_name for t in (*tenants, papers.base)}

    def reset(self, seed: int, size: str) -> None:
        """Forget everything but the settings and fill anew from a seed; raises ValueError."""
        entry_count(size)
        tenants, papers = servicetitan_tenants(seed, size), document_tenant(seed, size)
        self._learn(tenants, papers)
        self.db.execute("BEGIN IMMEDIATE")
        for table in schema.SEEDED:
            self.db.execute(f"DELETE FROM {table}")
        for tenant in (*tenants, papers.base):
            self._fill(tenant)
        self._documents(papers)
        for name, value in (("schema", schema.VERSION), ("seed", seed), ("size", size)):
            self.remember(name, value)
        self.db.execute("COMMIT")
        self.calls = self.writes = 0
        self.keep_counters()

    def keep_counters(self) -> None:
        """Write the counters down; they are kept in memory between."""
        self.remember("calls", self.calls)
        self.remember("writes", self.writes)

    def close(self) -> None:
        """End cleanly."""
        self.keep_counters()
        self.db.close()

    def _fill(self, tenant: Tenant) -> None:
        number = tenant.tenant_id
        self.db.executemany(
            """INSERT INTO gl_account (id, tenant_id, number, name, type, subtype, source,
               default_type, created_on, modified_on)
               VALUES (?, ?, ?, ?, ?, ?, 'AccountingSystem', ?, ?, ?)""",
            [
                (a.id, number, a.number, a.name, a.type, a.subtype, a.default_type, LONG_AGO,
                 LONG_AGO)
                for a in tenant.gl_accounts
            ],
        )  # fmt: skip
        self.db.executemany(
            """INSERT INTO business_unit (id, tenant_id, name, tenant_name, trade_id, trade_name,
               created_on, modified_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                (u.id, number, u.name, tenant.name, *u.trade, LONG_AGO, LONG_AGO)
                for u in tenant.business_units
            ],
        )
        for customer in tenant.customers:
            self._customer(number, customer)
        for entry in tenant.journal_entries:
            self._entry(number, entry)

    def _documents(self, papers: DocumentTenant) -> None:
        """Each as often as a list shows it."""
        self.db.executemany(
            """INSERT INTO record (tenant_id, type, id, body, case_name, hidden, held)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                (papers.base.tenant_id, one.type, one.id, exact.dumps(one.body), one.case,
                 exact.dumps(one.hidden), one.held)
                for one in papers.documents
                for _ in range(one.times)
            ),
        )  # fmt: skip
        self.db.executemany(
            "INSERT INTO external_data VALUES ('vendor', ?, ?, ?, ?)",
            [
                (one.id, LEGACY_GUID, LEGACY_KEY, one.row.netsuite_id)
                for one in papers.vendors
                if one.row.linked
            ],
        )
        self.db.executemany(
            "INSERT INTO record (tenant_id, type, id, body) VALUES (?, ?, ?, ?)",
            (
                (papers.base.tenant_id, kind, body["id"], exact.dumps(body))
                for kind, body in papers.masters
            ),
        )

    def _customer(self, tenant_id: int, one: Customer) -> None:
        self.db.execute(
            """INSERT INTO customer (id, tenant_id, name, type, street, unit, city, state, zip,
               active, merged_to_id, created_on, modified_on)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (one.id, tenant_id, one.name, one.type, one.street, one.unit, one.city, one.state,
             one.zip, one.active, one.merged_to, LONG_AGO, LONG_AGO),
        )  # fmt: skip
        self.db.executemany(
            "INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?)",
            [(c.id, one.id, c.type, c.value, LONG_AGO, LONG_AGO) for c in one.contacts],
        )
        self.db.executemany(
            "INSERT INTO external_data VALUES ('customer', ?, ?, ?, ?)",
            [(one.id, *data) for data in one.external_data],
        )

    def _entry(self, tenant_id: int, one: JournalEntry) -> None:
        created = stamp(one.created_on)
        exported = one.last_sync_version_id is not None
        held = one.sync_status in HELD
        valid, why = one.valid, one.why
        if held:  # what its content deserves once somebody starts its sync
            verdict = self.judges[tenant_id].verdict(one.post_date, one.lines)
            valid, why = verdict.valid, verdict.why
        self.db.execute(
            _ENTRY,
            (one.id, tenant_id, one.number, one.name, one.status, one.sync_status,
             one.version_id, one.last_sync_version_id, one.message, midnight(one.post_date),
             created, created, created if exported else None,
             *(API_USER if exported else (None, None)), not one.lines, one.amount,
             valid, why, one.why if held else ""),
        )  # fmt: skip
        writer = self.writers[tenant_id]
        self.db.executemany(INSERT_LINE, writer.rows(one.id, one.lines, one.post_date))
        self.db.executemany(
            INSERT_SUMMARY,
            [(one.id, n, t) for n, t in enumerate(writer.summary(one.lines, one.post_date))],
        )
