"""What the seed knows of every batched document: what must become of it, and why not."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.seed.documents.rules import Posting, Verdict
from sandbox.servicetitan import exact
from sandbox.servicetitan.state import State

_KNOWN = "SELECT count(*), sum(version_id), sum(held = '') FROM record WHERE case_name IS NOT NULL"
_ROWS = """
    SELECT tenant_id, type, id, case_name, version_id, json_extract(hidden, '$.later') AS later,
        coalesce(sync_status, json_extract(body, '$.status')) AS status,
        coalesce(json_extract(body, '$.referenceNumber'), json_extract(body, '$.number'), name)
            AS number
    FROM record WHERE case_name IS NOT NULL GROUP BY type, id ORDER BY min(row)"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored document as the seed's judge reads it."""

    type: str
    body: dict[str, Any]
    hidden: dict[str, Any]
    held: str


class Truth:
    """Judges all documents by what ServiceTitan shows of them, anew only after an edit."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: tuple[Any, ...] = ()
        self._verdicts: dict[tuple[str, int], Verdict] = {}

    def documents(self) -> list[dict[str, Any]]:
        """One row a document."""
        self._judge()
        return [
            _row(row, self._verdicts[row["type"], row["id"]])
            for row in self._state.db.execute(_ROWS)
        ]

    def _judge(self) -> None:
        known = (self._state.document_judge, *self._state.db.execute(_KNOWN).fetchone())
        if known == self._known:
            return
        rows = self._state.db.execute(
            """SELECT type, body, hidden, held FROM record WHERE case_name IS NOT NULL
               GROUP BY type, id ORDER BY min(row)"""
        )
        stored = [
            Stored(row["type"], exact.loads(row["body"]), exact.loads(row["hidden"]), row["held"])
            for row in rows
        ]
        self._verdicts = self._state.document_judge.verdicts(stored)
        self._known = known


def _postings(found: tuple[Posting, ...]) -> dict[str, str]:
    return {account: f"{amount:.2f}" for account, amount in found}


def _row(row: sqlite3.Row, verdict: Verdict) -> dict[str, Any]:
    return {
        "tenant_id": row["tenant_id"],
        "type": row["type"],
        "id": str(row["id"]),
        "number": row["number"],
        "sync_status": row["status"],
        "version_id": row["version_id"],
        "amount": verdict.amount,
        "valid": verdict.valid,
        "why": verdict.why,
        "case": row["case_name"],
        "becomes": verdict.becomes,
        "gl": _postings(verdict.gl),
        "cogs": _postings(verdict.cogs),
        "date": verdict.day,
        "subsidiary": verdict.subsidiary,
        "later": json.loads(row["later"] or "[]"),
        "parents": [[kind, str(number)] for kind, number in verdict.parents],
        "posts_as": list(map(str, verdict.posts_as)) if verdict.posts_as else None,
    }
