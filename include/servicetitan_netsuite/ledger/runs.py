"""A run's own pages: which generation of which run, how far each step is, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import Json, MappingRow, canonical
from servicetitan_netsuite.ledger.engine import Ledger, change, run


@dataclass(frozen=True, slots=True)
class Run:
    """One generation of one integration run; `id` is the ledger's own key of it."""

    id: int
    tenant_id: str
    dag_id: str
    run_id: str
    generation: int
    dry_run: bool


def open_run(
    ledger: Ledger, tenant_id: str, dag_id: str, run_id: str, *, dry_run: bool, params: Json
) -> Run:
    """The run that extraction writes to.

    An extraction tried again continues its generation; one that is cleared after later steps
    worked on its result starts a new generation, so that what a run showed stays as it was.
    """
    with ledger.writing() as connection:
        newest = run(
            connection, "runs/read_newest_generation", {"dag_id": dag_id, "run_id": run_id}
        )
        if newest and newest[0].ended_at is None and not newest[0].later_steps:
            return _run(newest[0], dag_id, run_id)
        generation = newest[0].generation + 1 if newest else 1
        made = run(
            connection,
            "runs/insert_run",
            {
                "tenant_id": tenant_id,
                "dag_id": dag_id,
                "run_id": run_id,
                "generation": generation,
                "dry_run": dry_run,
                "params": canonical(params),
            },
        )
        return Run(made[0].id, tenant_id, dag_id, run_id, generation, dry_run)


def unfinished_run(ledger: Ledger, dag_id: str, run_id: str) -> Run | None:
    """The newest generation of a run while it has not ended, else None."""
    newest = ledger.rows("runs/read_newest_generation", dag_id=dag_id, run_id=run_id)
    if not newest or newest[0].ended_at is not None:
        return None
    return _run(newest[0], dag_id, run_id)


def end_run(ledger: Ledger, ended: Run, status: str, summary: Json) -> None:
    """Close a generation with its summary."""
    with ledger.writing() as connection:
        change(
            connection,
            "runs/end_run",
            {"id": ended.id, "status": status, "summary": canonical(summary)},
        )


def start_step(ledger: Ledger, of: Run, step: str) -> None:
    """Note that a step works now."""
    with ledger.writing() as connection:
        change(connection, "runs/start_step", {"run_id": of.id, "step": step})


def progress_step(
    connection: Connection, of: Run, step: str, done: int, total: int, message: str
) -> None:
    """Note how far a step is."""
    change(
        connection,
        "runs/progress_step",
        {"run_id": of.id, "step": step, "done": done, "total": total, "message": message},
    )


def end_step(ledger: Ledger, of: Run, step: str, state: str, message: str = "") -> None:
    """Note how a step ended: `done`, `failed` or `waiting`."""
    with ledger.writing() as connection:
        change(
            connection,
            "runs/end_step",
            {"run_id": of.id, "step": step, "state": state, "message": message[:2000]},
        )


def note_would(connection: Connection, of: Run, rows: Iterable[MappingRow]) -> None:
    """Keep what a dry run would fill in or create first."""
    change(
        connection,
        "runs/insert_would",
        [
            {
                "run_id": of.id,
                "kind": row.kind,
                "source_key": row.source_key,
                "source_name": row.source_name,
                "target": row.target,
                "target_name": row.target_name,
            }
            for row in rows
        ],
    )


def verdict_counts(ledger: Ledger, of: Run) -> dict[str, int]:
    """How many of a run's documents have each verdict."""
    found = ledger.rows("run_documents/count_verdicts", run_id=of.id)
    return {row.verdict: int(row.n) for row in found}


def _run(row: Any, dag_id: str, run_id: str) -> Run:
    return Run(row.id, row.tenant_id, dag_id, run_id, row.generation, bool(row.dry_run))
