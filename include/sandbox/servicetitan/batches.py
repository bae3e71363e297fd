"""Batches: what a person groups, posts and unposts in ServiceTitan's own pages."""

from __future__ import annotations

import sqlite3
from typing import Any

from aiohttp import web

from sandbox.server import json_response
from sandbox.servicetitan import exact
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

FIRST_NUMBER = 7475
FIRST_ID = 303_633_281
FIELDS = {"tenant_id", "name", "documents", "all", "types", "limit"}
BATCHABLE = (
    "invoice", "credit_memo", "payment", "bank_deposit", "ap_bill", "ap_credit", "receipt",
    "return", "adjustment",
)  # fmt: skip
_BATCHED = "coalesce(json_extract(body, '$.batch.id'), json_extract(body, '$.batchId'))"


class Batches:
    """The control routes of batches."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def create(self, request: web.Request) -> web.Response:
        """Make a batch of documents that are Pending and in none; `all` leaves out held ones."""
        body = await _object(request)
        tenant = self._state.papers
        if str(body.get("tenant_id")) != str(tenant):
            raise ValueError(f"tenant_id must be {tenant}, which alone keeps documents")
        rows = self._chosen(tenant, body)
        with self._state.transaction() as db:
            batch = self._new(db, tenant, body.get("name"))
            for row in rows:
                _into(db, row, batch)
        shown = {"id": batch["id"], "number": batch["number"], "name": batch["name"]}
        documents = [[row["type"], str(row["id"])] for row in rows]
        return json_response(shown | {"count": len(rows), "documents": documents})

    def _new(self, db: sqlite3.Connection, tenant: int, name: object) -> sqlite3.Row:
        count = db.execute("SELECT count(*) FROM batch").fetchone()[0]
        number = FIRST_NUMBER + count
        row: sqlite3.Row = db.execute(
            "INSERT INTO batch (id, tenant_id, number, name) VALUES (?, ?, ?, ?) RETURNING *",
            (FIRST_ID + count, tenant, number, str(name or f"Batch {number}")),
        ).fetchone()
        return row

    def _chosen(self, tenant: int, body: dict[str, Any]) -> list[sqlite3.Row]:
        if bool(body.get("all")) == bool(body.get("documents")):
            raise ValueError('give either "documents": [{"type", "id"}] or "all": true')
        if body.get("all"):
            return self._all(tenant, body.get("types") or list(BATCHABLE), body.get("limit"))
        return [self._one(tenant, one) for one in body["documents"]]

    def _all(self, tenant: int, types: list[str], limit: object) -> list[sqlite3.Row]:
        unknown = sorted(set(types) - set(BATCHABLE))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not batched; {', '.join(BATCHABLE)} are")
        if limit is not None and (not isinstance(limit, int) or limit < 1):
            raise ValueError("limit must be a whole number above zero")
        return self._state.db.execute(
            f"""SELECT * FROM record WHERE tenant_id = ? AND sync_status = 'Pending'
                AND case_name IS NOT NULL AND held = '' AND {_BATCHED} IS NULL
                AND type IN ({", ".join("?" * len(types))}) GROUP BY type, id
                ORDER BY min(row) LIMIT ?""",
            (tenant, *types, limit or -1),
        ).fetchall()

    def _one(self, tenant: int, wanted: Any) -> sqlite3.Row:
        kind, number = str(wanted["type"]), str(wanted["id"])
        row: sqlite3.Row | None = self._state.db.execute(
            f"""SELECT *, {_BATCHED} AS batched FROM record
                WHERE tenant_id = ? AND type = ? AND id = ?""",
            (tenant, kind, number),
        ).fetchone()
        if row is None or kind not in BATCHABLE:
            raise ValueError(f"there is no {kind} {number} to batch")
        if row["sync_status"] != "Pending" or row["batched"] is not None:
            raise ValueError(f"{kind} {number} is {row['sync_status']} or in a batch already")
        return row

    async def post(self, request: web.Request) -> web.Response:
        """Post a batch: its Pending documents become Posted."""
        return self._set(request, "Posted", ("Pending",))

    async def unpost(self, request: web.Request) -> web.Response:
        """Unpost a batch, exported or not: its documents become Pending and stay in it."""
        return self._set(request, "Open", ("Posted", "Exported"))

    def _set(self, request: web.Request, status: str, old: tuple[str, ...]) -> web.Response:
        number = request.match_info["id"]
        batch = self._state.db.execute("SELECT * FROM batch WHERE id = ?", (number,)).fetchone()
        if batch is None:
            raise ValueError(f"there is no batch {number}")
        with self._state.transaction() as db:
            db.execute("UPDATE batch SET status = ? WHERE id = ?", (status, batch["id"]))
            marks = ", ".join("?" * len(old))
            changed = db.execute(
                f"""UPDATE record SET held = '',
                    body = json_set(body, '$.syncStatus', ?, '$.modifiedOn', ?)
                    WHERE tenant_id = ? AND {_BATCHED} = ? AND sync_status IN ({marks})
                    RETURNING type, id""",
                ("Posted" if status == "Posted" else "Pending", now(), batch["tenant_id"],
                 batch["id"], *old),
            ).fetchall()  # fmt: skip
        documents = sorted({(row["type"], str(row["id"])) for row in changed})
        return json_response({"id": batch["id"], "status": status, "documents": documents})


def _into(db: sqlite3.Connection, row: sqlite3.Row, batch: sqlite3.Row) -> None:
    """Stamp the batch on a document: as an object, as a bare id, or both."""
    stamp = exact.dumps({"id": batch["id"], "number": str(batch["number"]), "name": batch["name"]})
    db.execute(
        """UPDATE record SET held = '', body = json_replace(body, '$.batch', json(?),
           '$.modifiedOn', ?, '$.batchId', ?) WHERE tenant_id = ? AND type = ? AND id = ?""",
        (stamp, now(), batch["id"], row["tenant_id"], row["type"], row["id"]),
    )


async def _object(request: web.Request) -> dict[str, Any]:
    data = exact.loads(await request.read())
    if not isinstance(data, dict) or set(data) - FIELDS:
        raise ValueError(f"the fields are {', '.join(sorted(FIELDS))}")
    return data
