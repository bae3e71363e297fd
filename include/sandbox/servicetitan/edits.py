"""What a person does to a journal entry in ServiceTitan's own pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.seed.tenant import JournalLine
from sandbox.servicetitan.asking import Body
from sandbox.servicetitan.journal_entries import STATUSES, SYNC_STATUSES
from sandbox.servicetitan.lines import read_line
from sandbox.servicetitan.stamps import midnight, now, parse_day
from sandbox.servicetitan.state import INSERT_LINE, INSERT_SUMMARY, State

FIELDS = {"memo", "name", "post_date", "lines", "empty", "status", "sync_status"}
LINE_FIELDS = {"n", "debit", "credit", "memo", "account_id", "business_unit_id", "transaction_type"}
STARTABLE = ("NotSynced", "OutOfSync", "Error")


def _money(value: object, name: str) -> Decimal:
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise InvalidOperation
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{name} must be a decimal, as a number or a string") from error


def _text(value: object) -> str | None:
    if not isinstance(value, str | None):
        raise ValueError("memo must be a text or null")
    return value


def _line(line: JournalLine, change: dict[str, Any]) -> JournalLine:
    unknown = sorted(set(change) - LINE_FIELDS)
    if unknown:
        raise ValueError(f"unknown line field {unknown[0]!r}: {', '.join(sorted(LINE_FIELDS))}")
    of = line.transaction
    if "transaction_type" in change:
        if of is None:
            raise ValueError("the line comes from no transaction")
        of = replace(of, type=str(change["transaction_type"]))
    return replace(
        line,
        transaction=of,
        debit=_money(change.get("debit", line.debit), "debit"),
        credit=_money(change.get("credit", line.credit), "credit"),
        memo=_text(change.get("memo", line.memo)),
        account=change.get("account_id", line.account),
        business_unit=change.get("business_unit_id", line.business_unit),
    )


def _changed(lines: Sequence[JournalLine], body: dict[str, Any]) -> list[JournalLine]:
    """The lines after the edit; raises ValueError."""
    if body.get("empty"):
        return []
    edited = list(lines)
    if "memo" in body:
        edited = [replace(line, memo=body["memo"]) for line in edited]
    for change in body.get("lines", []):
        place = change.get("n") if isinstance(change, dict) else None
        if not isinstance(place, int) or not 0 <= place < len(edited):
            raise ValueError(f"each line needs n, from 0 to {len(edited) - 1}")
        edited[place] = _line(edited[place], change)
    return edited


def _checked(body: dict[str, Any]) -> Body:
    unknown = sorted(set(body) - FIELDS)
    if unknown or not body:
        raise ValueError(f"the fields are {', '.join(sorted(FIELDS))}")
    fields = Body(body)
    if body.get("status", "Open") not in STATUSES:
        raise ValueError(f"status is one of {', '.join(STATUSES)}")
    if body.get("sync_status", "Synced") not in SYNC_STATUSES:
        raise ValueError(f"sync_status is one of {', '.join(SYNC_STATUSES)}")
    return fields


def edit(state: State, row: sqlite3.Row, body: dict[str, Any]) -> None:
    """Change an entry: new content makes a new version, and a synced entry out of sync.

    Raises:
        ValueError, Refusal: when the body cannot be read; nothing is changed then.
    """
    fields = _checked(body)
    day = parse_day(fields.text("post_date") or row["post_date"])
    for name in ("memo", "name"):
        fields.text(name)
    fields.check()
    content = set(body) & {"memo", "name", "post_date", "lines", "empty"}
    with state.transaction() as db:
        if content:
            stored = db.execute("SELECT json FROM line WHERE entry_id = ? ORDER BY n", (row["id"],))
            lines = _changed([read_line(one["json"]) for one in stored], body)
            _rewrite(state, row, lines, day)
            db.execute(
                """UPDATE journal_entry SET name = ?, version_id = version_id + 1, sync_status =
                   CASE sync_status WHEN 'Synced' THEN 'OutOfSync' ELSE sync_status END
                   WHERE id = ?""",
                (body.get("name", row["name"]), row["id"]),
            )
        if "sync_status" in body:
            _set_sync_status(db, row, body["sync_status"])
        db.execute(
            "UPDATE journal_entry SET status = ?, modified_on = ? WHERE id = ?",
            (body.get("status", row["status"]), now(), row["id"]),
        )


def _set_sync_status(db: sqlite3.Connection, row: sqlite3.Row, status: str) -> None:
    never_synced = row["last_sync_version_id"] is None
    held = "not_pending: excluded by a person" if status == "Excluded" and never_synced else ""
    db.execute(
        "UPDATE journal_entry SET sync_status = ?, held = ? WHERE id = ?",
        (status, held, row["id"]),
    )


def _rewrite(state: State, row: sqlite3.Row, lines: list[JournalLine], day: date) -> None:
    """Store new lines and day, and judge the entry anew."""
    entry, tenant = row["id"], row["tenant_id"]
    writer = state.writers[tenant]
    try:
        rows = writer.rows(entry, lines, day)
    except KeyError as error:
        raise ValueError(f"the tenant has no account or business unit {error}") from error
    verdict = state.judges[tenant].verdict(day, lines)
    for table in ("line", "summary"):
        state.db.execute(f"DELETE FROM {table} WHERE entry_id = ?", (entry,))
    state.db.executemany(INSERT_LINE, rows)
    texts = writer.summary(lines, day)
    state.db.executemany(INSERT_SUMMARY, [(entry, n, text) for n, text in enumerate(texts)])
    state.db.execute(
        """UPDATE journal_entry SET post_date = ?, is_empty = ?, amount = ?, valid = ?, why = ?
           WHERE id = ?""",
        (midnight(day), not lines, verdict.amount, verdict.valid, verdict.why, entry),
    )


def start_syncing(state: State, rows: Iterable[sqlite3.Row]) -> tuple[list[str], list[str]]:
    """Make entries InProgress; returns the ids of those started and of those that cannot be."""
    started, skipped = [], []
    with state.transaction() as db:
        for row in rows:
            if row["sync_status"] not in STARTABLE:
                skipped.append(row["id"])
                continue
            started.append(row["id"])
            db.execute(
                """UPDATE journal_entry SET sync_status = 'InProgress', held = '',
                   message = NULL, modified_on = ? WHERE id = ?""",
                (now(), row["id"]),
            )
    return started, skipped
