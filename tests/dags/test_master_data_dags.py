"""A tenant that takes master data to ServiceTitan has a Dag of its own for that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import TriggerRule

from dags.conftest import ROOT, tenant_text
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration.params import only_dry_run
from servicetitan_netsuite.orchestration.retry_policy import SyncRetryPolicy
from servicetitan_netsuite.orchestration.timetable import ScheduleTimetable

Load = Callable[..., Any]
MASTER = """
master_data:
  application_guid: 5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11
  schedule: {status: scheduled, frequency: weekly, on: [sun], at: "01:00", starts: 2026-01-05}
"""


@pytest.fixture
def dags(load: Load, tenants_home: Path) -> dict[str, Any]:
    (tenants_home / "aaa.yaml").write_text(tenant_text("AAA") + MASTER)
    (tenants_home / "bbb.yaml").write_text(tenant_text("BBB"))
    bag = load(ROOT / "dags" / "tenant_sync.py")
    assert bag.import_errors == {}
    return dict(bag.dags)


def test_only_a_tenant_with_master_data_has_the_dag(dags: dict[str, Any]) -> None:
    assert set(dags) == {"netsuite_sync_aaa", "netsuite_sync_bbb", "netsuite_master_data_aaa"}


def test_it_keeps_the_house_rules_on_its_own_schedule(dags: dict[str, Any]) -> None:
    dag = dags["netsuite_master_data_aaa"]
    assert isinstance(dag.timetable, ScheduleTimetable)
    assert dag.timetable.summary.startswith("every week on Sun at 01:00")
    assert dag.timetable.dag_id == dag.dag_id
    assert (dag.max_active_runs, dag.catchup, dag.is_paused_upon_creation) == (1, False, False)
    allowed = {kind.value for kind in dag.allowed_run_types}
    assert allowed == {"scheduled", "manual", "operator_triggered"}
    assert {"servicetitan", "netsuite", "tenant"} <= dag.tags
    assert "fails" in dag.doc_md
    longest = sum((task.execution_timeout for task in dag.tasks), timedelta())
    assert dag.dagrun_timeout >= longest
    for task in dag.tasks:
        assert isinstance(task.retry_policy, SyncRetryPolicy)
        assert task.retries > 3


def test_its_work_stands_in_netsuites_pool_and_its_summary_is_always_written(
    dags: dict[str, Any],
) -> None:
    dag = dags["netsuite_master_data_aaa"]
    work, summary = dag.topological_sort()
    assert (work.task_id, work.pool) == ("sync_master_data", "netsuite")
    assert (summary.task_id, summary.trigger_rule) == ("summarize", TriggerRule.ALL_DONE)
    assert summary.returns_dag_result


def test_its_form_asks_for_a_dry_run_and_nothing_else_is_taken(dags: dict[str, Any]) -> None:
    assert set(dags["netsuite_master_data_aaa"].params) == {"dry_run"}
    assert only_dry_run({"dry_run": True}).dry_run
    assert not only_dry_run(None).dry_run
    with pytest.raises(ConfigurationError, match="dryrun"):
        only_dry_run({"dryrun": True})


def test_a_task_start_builds_this_dag_alone(
    load: Load, tenants_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tenants_home / "aaa.yaml").write_text(tenant_text("AAA") + MASTER)
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "netsuite_master_data_aaa")
    bag = load(ROOT / "dags" / "tenant_sync.py")
    assert set(bag.dags) == {"netsuite_master_data_aaa"}
