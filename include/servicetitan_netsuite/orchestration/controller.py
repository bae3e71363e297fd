"""The Integration Run Controller: every tenant's Dag, in parallel, each on its own."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, TriggerRule, get_current_context, task
from airflow.sdk.api.datamodels._generated import DagRunType
from airflow.sdk.exceptions import AirflowFailException, AirflowRuntimeError

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import docs, tasks
from servicetitan_netsuite.orchestration.dag_factory import dag_id_of
from servicetitan_netsuite.orchestration.params import dry_run_param
from servicetitan_netsuite.orchestration.table import aligned
from servicetitan_netsuite.steps.context import RunParams
from servicetitan_netsuite.tenants import read_tenant_file, tenant_files

DAG_ID = "execute_all"
PAUSED = "paused"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One tenant's line in the list; `hindrance` says why it is not run, empty when it is."""

    dag_id: str
    tenant: str
    schedule: str = ""
    hindrance: str = ""
    remark: str = ""


def execute_all_dag() -> DAG:
    """The controller's Dag."""
    dag = DAG(
        DAG_ID,
        description="Integration Run Controller: runs every tenant's Dag",
        doc_md=docs.EXECUTE_ALL,
        schedule=None,
        params={"dry_run": dry_run_param()},
        max_active_runs=1,
        allowed_run_types=[DagRunType.MANUAL, DagRunType.OPERATOR_TRIGGERED],
        dagrun_timeout=timedelta(hours=14),
        is_paused_upon_creation=False,
        tags={"servicetitan", "netsuite", "controller"},
        default_args={"owner": "accounting", "retries": 0},
    )
    with dag:
        listed: Any = task(task_id="list_tenants")(list_tenants)()
        runs = TriggerDagRunOperator.partial(
            task_id="run_tenant",
            map_index_template="{{ task.trigger_dag_id }}",
            wait_for_completion=True,
            deferrable=True,
            poke_interval=5,
            execution_timeout=timedelta(hours=13),
            # Clearing one tenant here runs that tenant's Dag again.
            reset_dag_run=True,
            # The conf of a tenant's run holds nothing that a person did not choose.
            openlineage_inject_parent_info=False,
        ).expand_kwargs(task(task_id="plan_runs")(plan_runs)(listed))
        done = task(task_id="report", trigger_rule=TriggerRule.ALL_DONE)(report)(listed)
        runs >> done
        dag.add_result(done)
    return dag


def list_tenants() -> list[dict[str, str]]:
    """Every tenant file with what keeps it from running; nothing is triggered yet."""
    context = get_current_context()
    dry_run_of(context["dag_run"].conf or {})
    entries = [_entry(path, context["ti"]) for path in tenant_files()]
    rows = [[entry.tenant, entry.schedule, entry.hindrance, entry.remark] for entry in entries]
    _log.info("Tenants\n%s", aligned(("tenant", "schedule", "not run", "remark"), rows))
    return [asdict(entry) for entry in entries]


def plan_runs(entries: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The runs to trigger, one per tenant that can run, named after this run."""
    context = get_current_context()
    dry_run = dry_run_of(context["dag_run"].conf or {})
    return [
        {
            "trigger_dag_id": entry["dag_id"],
            "trigger_run_id": child_run_id(context["run_id"]),
            "conf": {"dry_run": dry_run},
        }
        for entry in entries
        if not entry["hindrance"]
    ]


def report(entries: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """One line per tenant, in the log and as this Dag's result; fails when one did not sync.

    A paused Dag is somebody's decision and fails nothing.
    """
    if entries is None:
        raise AirflowFailException("list_tenants did not succeed, so nothing was triggered.")
    context = get_current_context()
    ti, child = context["ti"], child_run_id(context["run_id"])
    lines = [_outcome(Entry(**entry), ti, child) for entry in entries]
    columns = ("tenant", "run", "status", "remark")
    _log.info("Outcome\n%s", aligned(columns, [[line[name] for name in columns] for line in lines]))
    bad = [line["tenant"] for line in lines if line["run"] not in ("success", PAUSED)]
    if bad:
        ti.xcom_push("return_value", lines)
        raise AirflowFailException(f"Not synced: {', '.join(bad)}. The table above says why.")
    return lines


def dry_run_of(conf: dict[str, Any]) -> bool:
    """Whether the whole run is a dry run.

    Raises:
        ConfigurationError: the conf has any other key.
    """
    unknown = sorted(set(conf) - {"dry_run"})
    if unknown:
        raise ConfigurationError(
            f"The run's conf has {', '.join(unknown)}; all tenants can be given dry_run only. "
            "Nothing was triggered."
        )
    return RunParams.parse(conf).dry_run


def child_run_id(run_id: str) -> str:
    """The id that each tenant's run gets from a run of the controller."""
    return f"{DAG_ID}__{run_id}"


def _entry(path: Path, ti: Any) -> Entry:
    dag_id = dag_id_of(path)
    try:
        tenant = read_tenant_file(path)
    except ConfigurationError as error:
        return Entry(dag_id, path.stem, hindrance="broken", remark=str(error))
    if tenant.schedule.status == "scheduled":
        schedule, remark = "scheduled", ""
    else:
        schedule, remark = "not scheduled", "not scheduled: runs only when somebody asks"
    try:
        paused = ti.get_dag(dag_id).is_paused
    except AirflowRuntimeError:
        return Entry(dag_id, tenant.key, schedule, "unknown", "Airflow has not read its file yet")
    if paused:
        return Entry(dag_id, tenant.key, schedule, PAUSED, "its Dag is paused: unpause it to sync")
    return Entry(dag_id, tenant.key, schedule, remark=remark)


def _outcome(entry: Entry, ti: Any, run_id: str) -> dict[str, str]:
    line = {"tenant": entry.tenant, "run": entry.hindrance, "status": "", "remark": entry.remark}
    if entry.hindrance:
        return line
    try:
        state = ti.get_dagrun_state(entry.dag_id, run_id)
    except AirflowRuntimeError:
        return {**line, "run": "not triggered", "remark": "see the log of its run_tenant"}
    summary = ti.xcom_pull(dag_id=entry.dag_id, run_id=run_id, task_ids=tasks.SUMMARIZE) or {}
    return {
        **line,
        "run": str(getattr(state, "value", state)),
        "status": str(summary.get("status", "")),
    }
