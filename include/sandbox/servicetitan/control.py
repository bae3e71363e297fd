"""The control routes under `/sandbox`: for tests and people, never for an integration."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.server import json_response
from sandbox.servicetitan import edits, exact
from sandbox.servicetitan.access import Access, Settings
from sandbox.servicetitan.batches import Batches
from sandbox.servicetitan.document_edits import TYPES as DOCUMENT_TYPES
from sandbox.servicetitan.document_edits import edit_document
from sandbox.servicetitan.journal_entries import render
from sandbox.servicetitan.state import State
from sandbox.servicetitan.truth import Truth

Handler = Callable[[web.Request], Awaitable[web.Response]]
JOURNAL_ENTRY = ("journal_entry", "journal-entry", "journal-entries", "JournalEntry")
RESET_FIELDS = {"seed", "size"}
START_FIELDS = {"tenant_id", "ids", "numbers", "all", "limit"}


async def _object(request: web.Request, allowed: set[str]) -> dict[str, Any]:
    """The request's JSON object; raises ValueError for anything else or an unknown field."""
    text = await request.read()
    data = exact.loads(text) if text.strip() else {}
    if not isinstance(data, dict):
        raise ValueError("the body must be a JSON object")
    unknown = sorted(set(data) - allowed)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}; allowed are {', '.join(sorted(allowed))}")
    return data


def _positive(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number above zero")
    return value


def _tenant(state: State, value: object) -> int:
    number = int(str(value)) if str(value).isdecimal() else 0
    if number not in state.names:
        raise ValueError(f"tenant_id must be one of {', '.join(map(str, state.names))}")
    return number


class Control:
    """Reset, truth, start syncing, a person's edits, settings."""

    def __init__(self, state: State, access: Access, faults: Faults) -> None:
        self._state, self._access, self._faults = state, access, faults
        self._documents = Truth(state)

    def install(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_post("/sandbox/reset", self._safe(self.reset))
        app.router.add_get("/sandbox/truth", self._safe(self.truth))
        app.router.add_post("/sandbox/settings", self._safe(self.settings))
        app.router.add_post("/sandbox/journal-entries/start-syncing", self._safe(self.start))
        batches = Batches(self._state)
        app.router.add_post("/sandbox/batches", self._safe(batches.create))
        app.router.add_post("/sandbox/batches/{id}/post", self._safe(batches.post))
        app.router.add_post("/sandbox/batches/{id}/unpost", self._safe(batches.unpost))
        app.router.add_patch("/sandbox/documents/{type}/{id}", self._safe(self.edit))

    def _safe(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            try:
                return await handler(request)
            except (ValueError, TypeError, KeyError) as error:
                return json_response({"error": str(error)}, 400)

        return answer

    async def reset(self, request: web.Request) -> web.Response:
        """Fill anew from a seed; rules of faults are forgotten too, credentials stay."""
        body = await _object(request, RESET_FIELDS)
        seed = body.get("seed", 1)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise ValueError("seed must be a whole number")
        await self._faults.settle()
        self._state.reset(seed, str(body.get("size", "small")))
        self._faults.reseed(seed)
        self._access.change(Settings())
        count = self._state.db.execute("SELECT count(*) FROM journal_entry").fetchone()[0]
        return json_response({"seed": seed, "journal_entries": count})

    async def truth(self, request: web.Request) -> web.Response:
        """Every document with its state, and what the seed knows of it; late writes first."""
        await self._faults.settle()
        self._state.keep_counters()
        rows = self._state.db.execute("SELECT * FROM journal_entry ORDER BY tenant_id, number")
        only = request.query.get("tenant_id")
        documents = [self._document(r) for r in rows if only in (None, str(r["tenant_id"]))]
        if only in (None, str(self._state.papers)):
            documents += self._documents.documents()
        body = {
            "calls": self._state.calls,
            "writes": self._state.writes,
            "documents": documents,
            "faults": dict(self._faults.fired),
        }
        return json_response(body)

    def _document(self, row: sqlite3.Row) -> dict[str, Any]:
        return {
            "tenant_id": row["tenant_id"],
            "type": "journal_entry",
            "id": row["id"],
            "number": row["number"],
            "sync_status": row["sync_status"],
            "version_id": row["version_id"],
            "amount": row["amount"],
            "valid": bool(row["valid"]) and not row["held"],
            "why": row["held"] or row["why"],
        }

    async def settings(self, request: web.Request) -> web.Response:
        """Change the rate limit, Retry-After, the tokens' lifetime or a tenant's scopes."""
        body = await _object(request, {field.name for field in fields(Settings)})
        for name in ("rate_limit_per_s", "token_lifetime_s"):
            if name in body:
                _positive(body[name], name)
        if not isinstance(body.get("retry_after", True), bool):
            raise ValueError("retry_after must be true or false")
        if not isinstance(body.get("scopes", {}), dict | None):
            raise ValueError("scopes must be a map of tenant id to a list of scopes")
        self._access.change(replace(self._access.settings, **body))
        now = self._access.settings
        return json_response({f.name: getattr(now, f.name) for f in fields(Settings)})

    async def start(self, request: web.Request) -> web.Response:
        """Press *Start Syncing* on some entries, or on all that were never synced."""
        body = await _object(request, START_FIELDS)
        tenant = _tenant(self._state, body.get("tenant_id"))
        rows = self._chosen(tenant, body)
        if "limit" in body:
            rows = rows[: _positive(body["limit"], "limit")]
        started, skipped = edits.start_syncing(self._state, rows)
        return json_response({"started": len(started), "ids": started, "skipped": skipped})

    def _chosen(self, tenant: int, body: dict[str, Any]) -> list[sqlite3.Row]:
        wanted = [name for name in ("ids", "numbers", "all") if body.get(name)]
        if len(wanted) != 1:
            raise ValueError('give one of "ids", "numbers" and "all": true')
        everything = self._state.db.execute(
            "SELECT * FROM journal_entry WHERE tenant_id = ? ORDER BY number", (tenant,)
        ).fetchall()
        if wanted == ["all"]:
            return [row for row in everything if row["sync_status"] == "NotSynced"]
        column = "id" if wanted == ["ids"] else "number"
        by_key = {str(row[column]): row for row in everything}
        missing = [key for key in body[wanted[0]] if str(key) not in by_key]
        if missing:
            raise ValueError(f"tenant {tenant} has no journal entry {missing[0]}")
        return [by_key[str(key)] for key in body[wanted[0]]]

    async def edit(self, request: web.Request) -> web.Response:
        """Change a document as a person would; answers with it as ServiceTitan shows it."""
        kind = request.match_info["type"]
        if kind in DOCUMENT_TYPES:
            return await edit_document(self._state, request)
        if kind not in JOURNAL_ENTRY:
            raise ValueError(f"type must be journal_entry or one of {', '.join(DOCUMENT_TYPES)}")
        row = self._row(request)
        if row is None:
            return json_response({"error": "there is no such document"}, 404)
        edits.edit(self._state, row, await _object(request, edits.FIELDS))
        after = self._row(request)
        return json_response(render(after) if after is not None else {})

    def _row(self, request: web.Request) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._state.db.execute(
            "SELECT * FROM journal_entry WHERE id = ?", (request.match_info["id"].lower(),)
        ).fetchone()
        return row
