"""What the seed knows of every batched document: what must become of it, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.seed.documents.rules import Posting, Verdict
from sandbox.servicetitan import exact
from sandbox.servicetitan.state import State

NUMBERS = ("referenceNumber", "number", "name")


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored document as the seed's judge reads it."""

    type: str
    body: dict[str, Any]
    hidden: dict[str, Any]
    held: str


def _postings(found: tuple[Posting, ...]) -> dict[str, str]:
    return {account: f"{amount:.2f}" for account, amount in found}


def document_truth(state: State) -> list[dict[str, Any]]:
    """One row a document, judged by what ServiceTitan shows of all of them now."""
    rows = state.db.execute(
        "SELECT * FROM record WHERE case_name IS NOT NULL GROUP BY type, id ORDER BY min(row)"
    ).fetchall()
    stored = [
        Stored(row["type"], exact.loads(row["body"]), exact.loads(row["hidden"]), row["held"])
        for row in rows
    ]
    verdicts = state.document_judge.verdicts(stored)
    return [
        _row(row["tenant_id"], row["case_name"], row["version_id"], one, verdicts[key])
        for row, one in zip(rows, stored, strict=True)
        for key in ((one.type, int(one.body["id"])),)
    ]


def _row(tenant: int, case: str, version: int, one: Stored, verdict: Verdict) -> dict[str, Any]:
    number = next((one.body[name] for name in NUMBERS if one.body.get(name)), None)
    return {
        "tenant_id": tenant,
        "type": one.type,
        "id": str(one.body["id"]),
        "number": number,
        "sync_status": one.body.get("syncStatus") or one.body.get("status"),
        "version_id": version,
        "amount": verdict.amount,
        "valid": verdict.valid,
        "why": verdict.why,
        "case": case,
        "becomes": verdict.becomes,
        "gl": _postings(verdict.gl),
        "cogs": _postings(verdict.cogs),
        "date": verdict.day,
        "subsidiary": verdict.subsidiary,
        "later": one.hidden.get("later") or [],
        "parents": [[kind, str(number_)] for kind, number_ in verdict.parents],
        "posts_as": list(map(str, verdict.posts_as)) if verdict.posts_as else None,
    }
