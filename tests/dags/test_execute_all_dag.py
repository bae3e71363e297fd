"""The run controller: all tenants, in parallel, none hurting another."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk import TriggerRule
from airflow.sdk.exceptions import AirflowFailException, AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse

from dags.conftest import tenant_text
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import controller


class Airflow:
    """What the controller asks Airflow for, answered from a dict."""

    def __init__(self, paused: dict[str, bool], states: dict[str, str] | None = None) -> None:
        self.paused = paused
        self.states = states or {}
        self.pushed: dict[str, Any] = {}

    def get_dag(self, dag_id: str) -> Any:
        if dag_id not in self.paused:
            raise AirflowRuntimeError(ErrorResponse(error=ErrorType.GENERIC_ERROR, detail={}))
        return type("Dag", (), {"is_paused": self.paused[dag_id]})()

    def get_dagrun_state(self, dag_id: str, run_id: str) -> str:
        if dag_id not in self.states:
            raise AirflowRuntimeError(ErrorResponse(error=ErrorType.GENERIC_ERROR, detail={}))
        return self.states[dag_id]

    def xcom_pull(self, dag_id: str, run_id: str, task_ids: str) -> Any:
        return {"status": "completed_with_errors"} if self.states[dag_id] == "success" else None

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch, tenants_home: Any) -> Any:
    """Four tenants: one that runs, one not scheduled, one paused, one broken, one not yet read."""
    (tenants_home / "aaa.yaml").write_text(tenant_text("AAA"))
    off = tenant_text("BBB").replace("status: scheduled", "status: not_scheduled")
    (tenants_home / "bbb.yaml").write_text(off)
    (tenants_home / "ccc.yaml").write_text(tenant_text("CCC"))
    (tenants_home / "ddd.yaml").write_text("nonsense")
    (tenants_home / "eee.yaml").write_text(tenant_text("EEE"))

    def with_conf(airflow: Airflow, conf: dict[str, Any] | None = None) -> None:
        run = type("Run", (), {"conf": conf or {}})()
        context = {"dag_run": run, "ti": airflow, "run_id": "manual__1"}
        monkeypatch.setattr(controller, "get_current_context", lambda: context)

    return with_conf


PAUSED = {f"netsuite_sync_{name}": name == "ccc" for name in ("aaa", "bbb", "ccc")}


def test_each_tenant_is_listed_with_what_keeps_it_from_running(at_work: Any):
    at_work(Airflow(PAUSED))
    found = {entry["tenant"]: entry for entry in controller.list_tenants()}
    assert {name: entry["hindrance"] for name, entry in found.items()} == {
        "aaa": "",
        "bbb": "",
        "ccc": "paused",
        "ddd": "broken",
        "eee": "unknown",
    }
    assert "not scheduled" in found["bbb"]["remark"]
    assert "ddd.yaml" in found["ddd"]["remark"]


def test_only_tenants_that_can_run_are_triggered_and_told_of_the_dry_run(at_work: Any):
    at_work(Airflow(PAUSED), {"dry_run": True})
    planned = controller.plan_runs(controller.list_tenants())
    assert [plan["trigger_dag_id"] for plan in planned] == [
        "netsuite_sync_aaa",
        "netsuite_sync_bbb",
    ]
    assert all(plan["conf"] == {"dry_run": True} for plan in planned)
    assert {plan["trigger_run_id"] for plan in planned} == {"execute_all__manual__1"}


def test_one_failed_tenant_is_named_and_the_others_outcome_told(at_work: Any):
    states = {"netsuite_sync_aaa": "success", "netsuite_sync_bbb": "failed"}
    airflow = Airflow(PAUSED, states)
    at_work(airflow)
    with pytest.raises(AirflowFailException, match="bbb, ddd, eee"):
        controller.report(controller.list_tenants())
    lines = {line["tenant"]: line for line in airflow.pushed["return_value"]}
    assert lines["aaa"]["status"] == "completed_with_errors"
    assert {name: line["run"] for name, line in lines.items()} == {
        "aaa": "success",
        "bbb": "failed",
        "ccc": "paused",
        "ddd": "broken",
        "eee": "unknown",
    }


def test_a_tenant_that_could_not_be_triggered_is_not_taken_for_synced(at_work: Any):
    at_work(Airflow(PAUSED, {"netsuite_sync_aaa": "success"}))
    with pytest.raises(AirflowFailException, match="bbb"):
        controller.report(controller.list_tenants())


def test_a_paused_dag_fails_nothing(at_work: Any, tenants_home: Any):
    for name in ("ddd", "eee"):
        (tenants_home / f"{name}.yaml").unlink()
    states = {"netsuite_sync_aaa": "success", "netsuite_sync_bbb": "success"}
    at_work(Airflow(PAUSED, states))
    lines = controller.report(controller.list_tenants())
    assert [line["run"] for line in lines] == ["success", "success", "paused"]


@pytest.mark.parametrize("conf", [{"dryrun": True}, {"dry_run": "yes"}, {"documents": ["1"]}])
def test_a_conf_that_is_not_understood_triggers_nothing(at_work: Any, conf: dict[str, Any]):
    at_work(Airflow(PAUSED), conf)
    with pytest.raises(ConfigurationError):
        controller.list_tenants()


def test_nothing_is_reported_as_synced_when_the_list_failed(at_work: Any):
    at_work(Airflow(PAUSED))
    with pytest.raises(AirflowFailException, match="list_tenants"):
        controller.report(None)


def test_the_dag_waits_without_a_worker_and_never_retries():
    dag = controller.execute_all_dag()
    assert {task.task_id for task in dag.tasks} == {
        "list_tenants",
        "plan_runs",
        "run_tenant",
        "report",
    }
    assert all(task.retries == 0 for task in dag.tasks)
    arguments = dag.get_task("run_tenant").partial_kwargs
    assert arguments["deferrable"]
    assert arguments["wait_for_completion"]
    assert dag.get_task("report").trigger_rule == TriggerRule.ALL_DONE
    assert dag.max_active_runs == 1
