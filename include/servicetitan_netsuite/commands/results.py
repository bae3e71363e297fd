"""What the newest run came to, and what stands still now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.commands.base import Books, Exit, books, say, say_json, show_table
from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import totals
from servicetitan_netsuite.steps.summary_counts import type_name

_EXITS = {"failed": Exit.FAILED, "completed_with_errors": Exit.ERRORS}


def latest(key: str, *, as_json: bool) -> int:
    """Show the summary of a tenant's newest run, or how far it is; exit as that run did."""
    with books(key) as own:
        row = totals.latest_run(own.ledger, own.tenant_id)
        if row is None:
            raise ConfigurationError(f"Tenant {own.tenant.short_name} has had no run yet.")
        if row.summary is None:
            return _running(own, row, as_json=as_json)
    summary = json.loads(row.summary)
    if as_json:
        say_json(summary)
    else:
        say(summary["text"])
    return _EXITS.get(summary["status"], Exit.FINE)


def _running(own: Books, row: Any, *, as_json: bool) -> int:
    steps = totals.steps(own.ledger, row.id)
    if as_json:
        run = {"dag_id": row.dag_id, "run_id": row.run_id, "started_at": row.started_at}
        say_json({"status": "running", "run": run, "steps": steps})
        return Exit.LATER
    say(f"Run {row.run_id} has not ended; it started at {row.started_at[:19]} UTC.")
    shown = ((s["step"], s["state"], f"{s['done']} of {s['total']}", s["message"]) for s in steps)
    show_table(("step", "state", "documents", "message"), shown)
    return Exit.LATER


def errors(key: str, limit: int, *, as_json: bool) -> int:
    """Show every document that somebody must settle, as it stands now; 0 shows all of them.

    What the newest run could not read is among them.
    """
    with books(key) as own:
        found = list(_stuck(own))
    if as_json:
        say_json(found)
    elif not found:
        say("Nothing stands still.")
    else:
        shown = found[: limit or len(found)]
        head = ("type", "document", "state", "since", "amount", "what is wrong and what to do")
        show_table(head, map(_cells, shown), right=frozenset({4}))
        if len(found) > len(shown):
            say(f"and {len(found) - len(shown)} more (--limit 0 shows all)")
    return Exit.ERRORS if found else Exit.FINE


def _stuck(own: Books) -> Iterator[Json]:
    for rows in totals.stuck(own.ledger, own.tenant_id):
        for row in rows:
            yield {
                "type": row.document_type,
                "part": row.part,
                "number": row.number,
                "source_id": row.source_id,
                "external_id": row.external_id,
                "state": row.state,
                "since": row.state_since,
                "business_date": row.business_date,
                "amount": f"{Decimal(row.amount_cents) / 100:.2f}",
                "cause": row.cause,
                "sentence": row.sentence or "It is being sent, or was when its worker stopped.",
                "advice": row.advice or "",
                "netsuite_id": row.netsuite_id,
                "url": row.url,
                "check_after": row.check_after,
            }
    for row in totals.unreadable(own.ledger, own.tenant_id):
        yield {
            "type": row.document_type,
            "part": "",
            "number": row.number,
            "source_id": row.source_id,
            "external_id": None,
            "state": "unreadable",
            "since": row.updated_at,
            "business_date": None,
            "amount": "0.00",
            "cause": row.cause,
            "sentence": row.sentence,
            "advice": row.advice or "",
            "netsuite_id": None,
            "url": row.url,
            "check_after": None,
        }


def _cells(row: Json) -> tuple[str, ...]:
    words = f"{row['sentence']} {row['advice']}".strip()
    since = row["since"][:16].replace("T", " ")
    kind = type_name({"type": row["type"], "part": row["part"]})
    return kind, row["number"], row["state"], since, row["amount"], words
