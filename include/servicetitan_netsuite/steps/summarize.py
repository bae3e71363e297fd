"""Say what a run came to: counts, problems, the queue's roll-forward and the tie-out.

Works after every ending of the steps before it, also when none of them ever opened the run's page.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from servicetitan_netsuite.documents import AccountProfile, Json, MappingRow
from servicetitan_netsuite.errors import SyncError, TransientError
from servicetitan_netsuite.ledger import mappings, profiles, runs, totals
from servicetitan_netsuite.ledger.engine import Ledger, stamp
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.control_accounts import roles_of
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.tie_out import expected, tie_out
from servicetitan_netsuite.steps import summary_text
from servicetitan_netsuite.steps.context import RunContext

STEP = "summarize"
FIRST_STEP = "extract_pending"
TIE_OUT_S = 600.0
LEDGER_WAIT_S = 15.0
_TROUBLE = ("blocked", "rejected", "uncertain", "conflict", "unreadable")

log = logging.getLogger(__name__)


def run(context: RunContext, failed_steps: tuple[str, ...]) -> Json:
    """Build and store the summary of a run; it is the run's result.

    Args:
        context: the run.
        failed_steps: the steps that did not succeed, also those that never ran.

    Raises:
        TransientError: the ledger does not answer.
        ConfigurationError: the ledger needs migrating.
    """
    try:
        with open_ledger(context.ledger_url) as ledger:
            of = _page(context, ledger, failed_steps)
            runs.start_step(ledger, of, STEP)
            summary = _summary(context, ledger, of, failed_steps)
            runs.end_step(ledger, of, STEP, "done")
            runs.end_run(ledger, of, summary["status"], summary)
            return summary
    except OperationalError as error:
        raise TransientError(
            "The ledger does not answer, so the run cannot be summed up yet.", wait_s=LEDGER_WAIT_S
        ) from error


def _page(context: RunContext, ledger: Ledger, failed_steps: tuple[str, ...]) -> runs.Run:
    """The generation to sum up: the newest, or a new one where extraction never opened its own."""
    row = totals.newest_generation(ledger, context.dag_id, context.run_id)
    if row is not None:
        unopened = row.ended_at is not None and FIRST_STEP in failed_steps
        earlier = json.loads(row.summary) if unopened and row.summary else {}
        if not unopened or FIRST_STEP in earlier.get("failed_steps", ()):
            tenant_id = str(row.tenant_id)
            dry_run = bool(row.dry_run)
            return runs.Run(
                row.id, tenant_id, context.dag_id, context.run_id, row.generation, dry_run
            )
    return runs.open_run(
        ledger,
        context.tenant.servicetitan.tenant_id,
        context.dag_id,
        context.run_id,
        dry_run=context.params.dry_run,
        params=context.params.model_dump(mode="json"),
    )


def _summary(
    context: RunContext, ledger: Ledger, of: runs.Run, failed_steps: tuple[str, ...]
) -> Json:
    whole = not (context.params.documents or context.params.document_types or context.params.batch)
    tied = _tie_out(context, ledger, of)
    types = totals.types(ledger, of.id)
    row = totals.newest_generation(ledger, of.dag_id, of.run_id)
    assert row is not None, "the page was opened before"
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
            "started_at": row.started_at,
            "ended_at": stamp(datetime.now(UTC)),
            "params": json.loads(row.params),
        },
        "status": _status(ledger, of, failed_steps, types, tied, whole=whole),
        "failed_steps": list(failed_steps),
        "types": types,
        "problems": totals.problems(ledger, of, whole=whole),
        "would_create": totals.would_create(ledger, of),
        "filled_mappings": totals.filled_mappings(ledger, of),
        "roll_forward": totals.roll_forward(ledger, of),
        "tie_out": tied,
        "cost_not_posted": (
            totals.cost_not_posted(ledger, of.id) if tenant.sync.cost_of_sales == "none" else None
        ),
    }
    return {**summary, "text": summary_text.render(summary)}


def _status(
    ledger: Ledger,
    of: runs.Run,
    failed_steps: tuple[str, ...],
    types: list[Json],
    tied: Json,
    *,
    whole: bool,
) -> str:
    """Success only when nothing is left to settle and both books agree."""
    if failed_steps:
        return "failed"
    if of.dry_run:
        return "dry_run"
    trouble = any(t["counts"][name]["count"] for t in types for name in _TROUBLE)
    trouble = trouble or bool(totals.left_undone(ledger, of.id))
    trouble = trouble or (whole and bool(totals.standing(ledger, of.tenant_id)))
    trouble = trouble or (tied["checked"] and tied["difference"] != "0.00")
    return "completed_with_errors" if trouble else "success"


def _tie_out(context: RunContext, ledger: Ledger, of: runs.Run) -> Json:
    """The tie-out, or why there is none: a summary never fails for it."""
    if of.dry_run:
        return _would_post(context, ledger, of)
    try:
        if not any(totals.posted_in_run(ledger, of.id)):
            return _unchecked("This run posted nothing.")
        profile = profiles.read(ledger, context.netsuite.id)
        if profile is None:
            return _unchecked("NetSuite's account profile is not known; test the connection.")
        return {
            "checked": True,
            "reason": "",
            **asyncio.run(_compared(context, profile, ledger, of)),
        }
    except TimeoutError:
        return _unchecked(f"NetSuite took longer than {TIE_OUT_S:.0f} seconds.")
    except SyncError as error:
        return _unchecked(str(error))
    except OperationalError:
        raise
    except Exception as error:  # whatever NetSuite answers, the rest of the summary is told
        log.exception("The tie-out failed")
        return _unchecked(f"An unexpected {type(error).__name__}; the log tells more.")


def _would_post(context: RunContext, ledger: Ledger, of: runs.Run) -> Json:
    """What a dry run would debit and credit; there is nothing to compare it with."""
    none = "A dry run sends nothing."
    try:
        return {**_unchecked(none), **asyncio.run(_expected(context, ledger, of))}
    except (SyncError, TimeoutError) as error:
        return _unchecked(f"{none} What it would post is not added up: {error or 'no answer'}")


async def _compared(
    context: RunContext, profile: AccountProfile, ledger: Ledger, of: runs.Run
) -> Json:
    own, limits = credentials(context.netsuite), times(context.netsuite)
    posted, roles = totals.posted_in_run(ledger, of.id), _roles(ledger, of)
    async with asyncio.timeout(TIE_OUT_S), NetSuite(own, limits, context.on_secret) as client:
        return await tie_out(client, profile, posted, roles)


async def _expected(context: RunContext, ledger: Ledger, of: runs.Run) -> Json:
    """What a dry run would post, by period, subsidiary and account."""
    would = totals.would_post(ledger, of.id)
    if not any(totals.would_post(ledger, of.id)):
        return {}
    own, limits = credentials(context.netsuite), times(context.netsuite)
    async with asyncio.timeout(TIE_OUT_S), NetSuite(own, limits, context.on_secret) as client:
        profile = profiles.read(ledger, context.netsuite.id) or await account.discover(client)
        return await expected(client, profile, would, _roles(ledger, of))


def _roles(ledger: Ledger, of: runs.Run) -> dict[str, str]:
    """ServiceTitan's default accounts; of a dry run also those that a real one would map first."""
    would = [row for row in totals.would_create(ledger, of)["mappings"] if row["target"]]
    rows = [
        MappingRow(row["kind"], row["source_key"], row["source_name"], row["target"])
        for row in would
    ]
    return roles_of([*mappings.read(ledger, of.tenant_id), *rows])


def _unchecked(reason: str) -> Json:
    return {"checked": False, "reason": reason, "difference": "0.00", "controls": [], "rows": []}
