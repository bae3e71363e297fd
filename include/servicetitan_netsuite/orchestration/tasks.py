"""The bodies of a tenant Dag's tasks: each runs the step of its own name."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from airflow.sdk import Asset, AssetAlias, get_current_context
from airflow.sdk.exceptions import AirflowFailException
from pydantic import JsonValue

from servicetitan_netsuite.orchestration.context import run_context
from servicetitan_netsuite.steps.context import RunContext

STEPS = ("extract_pending", "validate_mappings", "post_to_netsuite")
SUMMARIZE = "summarize"
MASTER_DATA = "sync_master_data"
_log = logging.getLogger(__name__)


def run_step(step: str, tenant: str) -> dict[str, int]:
    """Run one of `STEPS` for a tenant; its counts."""
    return _run(step, run_context(get_current_context(), tenant))


def run_post(tenant: str) -> dict[str, int]:
    """Run `post_to_netsuite`; an asset event tells others when a real run changed the books."""
    airflow = get_current_context()
    context = run_context(airflow, tenant)
    counts = _run("post_to_netsuite", context)
    if not context.params.dry_run and _changed_the_books(context):
        event: dict[str, JsonValue] = {"run_id": context.run_id}
        airflow["outlet_events"][postings_alias(tenant)].add(postings(tenant), extra=event)
    return counts


def _run(step: str, context: RunContext) -> dict[str, int]:
    counts: dict[str, int] = import_module(f"servicetitan_netsuite.steps.{step}").run(context)
    _log.info("%s: %s", step, ", ".join(f"{n} {name}" for name, n in counts.items()) or "nothing")
    return counts


def _changed_the_books(context: RunContext) -> bool:
    """Whether any try of this run posted or confirmed something; counts are of the last try."""
    from servicetitan_netsuite.ledger import totals
    from servicetitan_netsuite.ledger.migrations import open_ledger

    with open_ledger(context.ledger_url) as ledger:
        run = totals.newest_generation(ledger, context.dag_id, context.run_id)
        return run is not None and any(totals.posted_in_run(ledger, run.id))


def run_summarize(tenant: str) -> dict[str, Any]:
    """Write the run summary whatever happened before, then fail the run if a step did not succeed.

    The summary is pushed first, so that a failed run has its result too.
    """
    from servicetitan_netsuite.steps.summarize import run as summarize

    airflow = get_current_context()
    failed = failed_steps(airflow["ti"], airflow["run_id"])
    context = run_context(airflow, tenant, must_connect=False)
    summary: dict[str, Any] = summarize(context, failed)
    _log.info("Run summary of %s\n%s", tenant, summary.get("text", ""))
    if failed or summary.get("status") == "failed":
        airflow["ti"].xcom_push("return_value", summary)
        steps = ", ".join(failed) or "the run"
        raise AirflowFailException(f"{steps} did not succeed; the summary above says what remains.")
    return summary


def run_master_data(tenant: str) -> dict[str, int]:
    """Take a tenant's vendors and accounts to ServiceTitan; how many in each way."""
    from servicetitan_netsuite.steps.master_data import run

    counts = run(run_context(get_current_context(), tenant, master_data=True))
    _log.info("%s", ", ".join(f"{n} {name}" for name, n in counts.items()) or "nothing flagged")
    return counts


def summarize_master_data(tenant: str) -> dict[str, Any]:
    """Write the run's summary, then fail the run if its task did not succeed."""
    from servicetitan_netsuite.steps.master_summary import run

    airflow = get_current_context()
    failed = failed_steps(airflow["ti"], airflow["run_id"], (MASTER_DATA,))
    context = run_context(airflow, tenant, must_connect=False, master_data=True)
    summary: dict[str, Any] = run(context, failed)
    _log.info("Master data of %s\n%s", tenant, summary["text"])
    if failed:
        airflow["ti"].xcom_push("return_value", summary)
        raise AirflowFailException(f"{MASTER_DATA} did not succeed; its log says why.")
    return summary


def failed_steps(ti: Any, run_id: str, steps: tuple[str, ...] = STEPS) -> tuple[str, ...]:
    """The steps of this run that did not succeed, in their order."""
    states = ti.get_task_states(dag_id=ti.dag_id, task_ids=list(steps), run_ids=[run_id])
    found = states.get(run_id, {})
    return tuple(step for step in steps if found.get(step) != "success")


def postings_alias(tenant: str) -> AssetAlias:
    """What others may schedule on: the postings of one tenant."""
    return AssetAlias(f"netsuite_postings_{tenant}")


def postings(tenant: str) -> Asset:
    """The asset behind `postings_alias`."""
    return Asset(name=f"netsuite_postings_{tenant}", uri=f"x-netsuite://postings/{tenant}")


def read_again(path: str) -> None:
    """The single task of a tenant whose file could not be read: say what is wrong with it now."""
    from pathlib import Path

    from servicetitan_netsuite.tenants import read_tenant_file

    tenant = read_tenant_file(Path(path))
    raise AirflowFailException(
        f"{Path(path).name} is right again ({tenant.name}); its own Dag is back within a minute."
    )
