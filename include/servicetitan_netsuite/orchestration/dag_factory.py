"""One Dag per tenant file, all of one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TriggerRule, chain
from airflow.sdk.api.datamodels._generated import DagRunType
from airflow.sdk.definitions.param import ParamsDict

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import docs, tasks
from servicetitan_netsuite.orchestration.params import dry_run_param, tenant_params
from servicetitan_netsuite.orchestration.retry_policy import SyncRetryPolicy
from servicetitan_netsuite.orchestration.timetable import ScheduleTimetable
from servicetitan_netsuite.tenants import MasterData, Tenant, read_tenant_file, tenant_files

# No backfill: it would count its runs apart from the others and run beside them.
RUN_TYPES = (DagRunType.SCHEDULED, DagRunType.MANUAL, DagRunType.OPERATOR_TRIGGERED)
RETRIES = 12
_PREFIX = "netsuite_sync_"
_MASTER_PREFIX = "netsuite_master_data_"


def tenant_dags(only: str | None = None) -> Iterator[DAG]:
    """The Dags of every tenant file, in the order of their names; or the one whose id is `only`.

    A file that cannot be used yields a Dag that says so, and touches no other tenant. One with
    `master_data` yields a Dag for that as well.
    """
    for path in tenant_files():
        dag_id = dag_id_of(path)
        master_id = _MASTER_PREFIX + dag_id.removeprefix(_PREFIX)
        if only is None or only in (dag_id, master_id):
            try:
                yield from _dags(read_tenant_file(path), only)
            except ConfigurationError as error:
                yield _broken_dag(dag_id, path, str(error))
            except Exception as error:
                yield _broken_dag(dag_id, path, f"{path.name}: {type(error).__name__}: {error}")


def dag_id_of(path: Path) -> str:
    """The id of a tenant file's Dag, known without reading the file."""
    return _PREFIX + re.sub(r"[^\w.-]", "_", path.stem, flags=re.ASCII)


def _dags(tenant: Tenant, only: str | None) -> list[DAG]:
    """The tenant's Dags, or the one of them whose id is `only`."""
    made = []
    if only in (None, tenant.dag_id):
        made.append(_tenant_dag(tenant))
    if tenant.master_data and only in (None, tenant.master_data_dag_id):
        made.append(_master_data_dag(tenant, tenant.master_data))
    return made


def _dag(dag_id: str, schedule: ScheduleTimetable, description: str, doc: str) -> DAG:
    """A Dag that keeps the house rules, still without tasks."""
    return DAG(
        dag_id,
        description=description,
        doc_md=doc,
        schedule=schedule,
        catchup=False,
        max_active_runs=1,
        # Said here because asking Airflow's configuration costs more than making a task.
        max_active_tasks=len(docs.STEPS),
        max_consecutive_failed_dag_runs=0,
        allowed_run_types=RUN_TYPES,
        dagrun_timeout=timedelta(hours=12),
        is_paused_upon_creation=False,
        tags={"servicetitan", "netsuite", "tenant"},
        default_args={
            "owner": "accounting",
            "retries": RETRIES,
            "retry_delay": timedelta(seconds=30),
            "retry_policy": SyncRetryPolicy(),
        },
    )


def _master_data_dag(tenant: Tenant, settings: MasterData) -> DAG:
    """Vendors and accounts, to ServiceTitan; the lease keeps its runs apart from the sync's."""
    schedule = ScheduleTimetable(tenant.master_data_dag_id, settings.schedule, tenant.timezone)
    dag = _dag(
        tenant.master_data_dag_id,
        schedule,
        f"{tenant.name}: vendors and accounts of NetSuite, to ServiceTitan",
        docs.master_data_doc(tenant, settings, schedule.description),
    )
    key = {"tenant": tenant.key}
    with dag:
        work = PythonOperator(
            task_id=tasks.MASTER_DATA,
            python_callable=tasks.run_master_data,
            op_kwargs=key,
            doc_md=docs.MASTER_STEPS[tasks.MASTER_DATA],
            execution_timeout=timedelta(hours=2),
            pool=tenant.netsuite.connection,
        )
        summary = PythonOperator(
            task_id=tasks.SUMMARIZE,
            python_callable=tasks.summarize_master_data,
            op_kwargs=key,
            doc_md=docs.MASTER_STEPS[tasks.SUMMARIZE],
            execution_timeout=timedelta(minutes=30),
            trigger_rule=TriggerRule.ALL_DONE,
        )
        chain(work, summary)
    dag.add_result(summary.output)
    dag.params = ParamsDict({"dry_run": dry_run_param()})
    return dag


def _tenant_dag(tenant: Tenant) -> DAG:
    schedule = ScheduleTimetable.of(tenant)
    dag = _dag(
        tenant.dag_id,
        schedule,
        f"{tenant.name}: what is pending in ServiceTitan, to NetSuite",
        docs.tenant_doc(tenant, schedule.description),
    )
    with dag:
        chain(*_steps(tenant, dag))
    # Only now: Airflow would copy them, deeply and four times over, into each task.
    dag.params = ParamsDict(tenant_params())
    return dag


def _steps(tenant: Tenant, dag: DAG) -> list[PythonOperator]:
    """The four tasks; those that call NetSuite stand in their connection's pool.

    Operators, not decorated functions: with a thousand tenants the difference is seconds a parse.
    """
    pool, key = tenant.netsuite.connection, {"tenant": tenant.key}
    steps = [
        PythonOperator(
            task_id="extract_pending",
            python_callable=tasks.run_step,
            op_kwargs={"step": "extract_pending", **key},
            doc_md=docs.STEPS["extract_pending"],
            execution_timeout=timedelta(hours=2),
        ),
        PythonOperator(
            task_id="validate_mappings",
            python_callable=tasks.run_step,
            op_kwargs={"step": "validate_mappings", **key},
            doc_md=docs.STEPS["validate_mappings"],
            execution_timeout=timedelta(hours=1),
            pool=pool,
        ),
        PythonOperator(
            task_id="post_to_netsuite",
            python_callable=tasks.run_post,
            op_kwargs=key,
            doc_md=docs.STEPS["post_to_netsuite"],
            execution_timeout=timedelta(hours=6),
            pool=pool,
            pool_slots=tenant.netsuite.concurrency,
            outlets=[tasks.postings_alias(tenant.key)],
        ),
        PythonOperator(
            task_id=tasks.SUMMARIZE,
            python_callable=tasks.run_summarize,
            op_kwargs=key,
            doc_md=docs.STEPS[tasks.SUMMARIZE],
            execution_timeout=timedelta(minutes=30),
            pool=pool,
            trigger_rule=TriggerRule.ALL_DONE,
        ),
    ]
    dag.add_result(steps[-1].output)
    return steps


def _broken_dag(dag_id: str, path: Path, message: str) -> DAG:
    """A Dag that fails once a day with what is wrong, so that a stopped sync is seen."""
    dag = DAG(
        dag_id,
        description=f"Cannot run: {message}"[:500],
        doc_md=docs.broken_doc(path.name, message),
        schedule="@daily",
        catchup=False,
        max_active_runs=1,
        allowed_run_types=RUN_TYPES,
        dagrun_timeout=timedelta(minutes=10),
        is_paused_upon_creation=False,
        tags={"servicetitan", "netsuite", "tenant", "broken"},
        default_args={"owner": "accounting", "retries": 0},
    )
    with dag:
        PythonOperator(
            task_id="read_tenant_file",
            python_callable=tasks.read_again,
            op_kwargs={"path": str(path)},
        )
    return dag
