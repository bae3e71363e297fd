"""Say what a run did with vendors and accounts: the run's summary and the text people read."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger import master_data, runs, totals
from servicetitan_netsuite.ledger.engine import Ledger, stamp
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.master_data import STEP
from servicetitan_netsuite.steps.summary_text import plain, table

_TROUBLE = ("blocked", "refused", "uncertain")
_NAMES = {"vendor": "Vendors", "gl_account": "GL accounts"}
LEDGER_WAIT_S = 15.0


def run(context: RunContext, failed_steps: tuple[str, ...]) -> Json:
    """Build and store the summary of a master data run; it is the run's result.

    Raises:
        TransientError: the ledger does not answer.
        ConfigurationError: the ledger needs migrating.
    """
    try:
        with open_ledger(context.ledger_url) as ledger:
            of = _page(context, ledger)
            summary = _summary(context, ledger, of, failed_steps)
            runs.end_run(ledger, of, summary["status"], summary)
            return summary
    except OperationalError as error:
        raise TransientError(
            "The ledger does not answer, so the run cannot be summed up yet.", LEDGER_WAIT_S
        ) from error


def _page(context: RunContext, ledger: Ledger) -> runs.Run:
    """The run's newest generation, or a new one where the task never opened its page."""
    row = totals.newest_generation(ledger, context.dag_id, context.run_id)
    tenant_id = context.tenant.servicetitan.tenant_id
    if row is not None:
        return runs.Run(
            row.id, tenant_id, context.dag_id, context.run_id, row.generation, bool(row.dry_run)
        )
    made = runs.open_run(
        ledger,
        tenant_id,
        context.dag_id,
        context.run_id,
        dry_run=context.params.dry_run,
        params=context.params.model_dump(mode="json"),
    )
    # By its step a run of master data is told from one of documents.
    runs.start_step(ledger, made, STEP)
    runs.end_step(ledger, made, STEP, "failed", "It never began.")
    return made


def _summary(
    context: RunContext, ledger: Ledger, of: runs.Run, failed_steps: tuple[str, ...]
) -> Json:
    counts = master_data.counts(ledger, of.id)
    tenant = context.tenant
    summary: Json = {
        "tenant": {
            "short_name": tenant.short_name,
            "name": tenant.name,
            "tenant_id": tenant.servicetitan.tenant_id,
        },
        "run": {
            "dag_id": of.dag_id,
            "run_id": of.run_id,
            "generation": of.generation,
            "dry_run": of.dry_run,
            "ended_at": stamp(datetime.now(UTC)),
        },
        "status": _status(of, failed_steps, counts),
        "failed_steps": list(failed_steps),
        "master_data": counts,
        "records": [
            {
                "kind": one.kind,
                "netsuite_id": one.netsuite_id,
                "name": one.name,
                "servicetitan_id": one.source_id,
                "action": one.action,
                "sentence": one.sentence,
                "advice": one.advice,
            }
            for one in master_data.results(ledger, of.id)
        ],
    }
    return {**summary, "text": render(summary)}


def _status(of: runs.Run, failed_steps: tuple[str, ...], counts: dict[str, dict[str, int]]) -> str:
    if failed_steps:
        return "failed"
    if of.dry_run:
        return "dry_run"
    trouble = any(name in _TROUBLE for kind in counts.values() for name in kind)
    return "completed_with_errors" if trouble else "success"


def render(summary: Json) -> str:
    """The summary as plain text."""
    would = " (dry run: nothing was written)" if summary["run"]["dry_run"] else ""
    lines = [f"{plain(summary['tenant']['name'])}: {summary['status']}{would}"]
    for kind, counts in sorted(summary["master_data"].items()):
        told = ", ".join(f"{n} {action}" for action, n in sorted(counts.items()))
        lines.append(f"{_NAMES.get(kind, kind)}: {told}")
    if not summary["master_data"]:
        failed = bool(summary["failed_steps"])
        lines.append(f"{STEP} did not succeed." if failed else "Nothing was to be done.")
    rows = [
        [
            one["kind"].replace("_", " "),
            one["name"],
            one["action"],
            one["servicetitan_id"],
            f"{one['sentence']} {one['advice']}".strip(),
        ]
        for one in summary["records"]
    ]
    if rows:
        head = ("kind", "in NetSuite", "what", "in ServiceTitan", "why")
        lines += ["", *table(head, rows, left=len(head))]
    return "\n".join(lines)
