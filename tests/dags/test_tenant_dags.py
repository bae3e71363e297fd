"""Every tenant's Dag keeps the house rules, and no tenant can hurt another's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import TriggerRule

from dags.conftest import ROOT, tenant_text
from servicetitan_netsuite.orchestration.retry_policy import SyncRetryPolicy
from servicetitan_netsuite.orchestration.timetable import ScheduleTimetable
from servicetitan_netsuite.tenants import read_tenant_file, tenant_files

STEPS = ["extract_pending", "validate_mappings", "post_to_netsuite", "summarize"]
Load = Callable[..., Any]


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return dict(bag.dags)


@pytest.fixture(scope="module")
def tenant_dags(dags: dict[str, Any]) -> list[Any]:
    found = [dag for dag_id, dag in sorted(dags.items()) if dag_id.startswith("netsuite_sync_")]
    assert len(found) == len(list(tenant_files())) >= 3
    return found


def test_every_tenant_file_of_the_project_is_right():
    for path in tenant_files():
        read_tenant_file(path)


def test_there_is_a_dag_for_each_tenant_and_one_for_all(dags: dict[str, Any]):
    wanted = {f"netsuite_sync_{path.stem}" for path in tenant_files()} | {"execute_all"}
    tenants = [read_tenant_file(path) for path in tenant_files()]
    wanted |= {f"netsuite_master_data_{t.key}" for t in tenants if t.master_data}
    assert set(dags) == wanted


def test_the_four_tasks_follow_one_another(tenant_dags: list[Any]):
    for dag in tenant_dags:
        assert [task.task_id for task in dag.topological_sort()] == STEPS
        edges = {(task.task_id, after) for task in dag.tasks for after in task.downstream_task_ids}
        assert edges == set(pairwise(STEPS))


def test_runs_never_stand_beside_each_other(tenant_dags: list[Any]):
    for dag in tenant_dags:
        assert dag.max_active_runs == 1
        allowed = {kind.value for kind in dag.allowed_run_types}
        assert allowed == {"scheduled", "manual", "operator_triggered"}
        assert not dag.catchup


def test_every_run_and_every_task_ends(tenant_dags: list[Any]):
    for dag in tenant_dags:
        assert all(task.execution_timeout is not None for task in dag.tasks)
        longest = sum((task.execution_timeout for task in dag.tasks), timedelta())
        assert dag.dagrun_timeout >= longest


def test_the_tenant_file_is_the_switch(tenant_dags: list[Any]):
    for dag in tenant_dags:
        assert dag.is_paused_upon_creation is False
        assert isinstance(dag.timetable, ScheduleTimetable)
        assert dag.timetable.summary.startswith("every ")


def test_retries_read_the_error_tree(tenant_dags: list[Any]):
    for dag in tenant_dags:
        for task in dag.tasks:
            assert isinstance(task.retry_policy, SyncRetryPolicy)
            assert task.retries > 3


def test_what_calls_netsuite_stands_in_its_pool(tenant_dags: list[Any]):
    for dag in tenant_dags:
        tenant = read_tenant_file(ROOT / "include/tenants" / f"{dag.dag_id[-3:]}.yaml")
        pools = {task.task_id: (task.pool, task.pool_slots) for task in dag.tasks}
        connection = tenant.netsuite.connection
        assert pools == {
            "extract_pending": ("default_pool", 1),
            "validate_mappings": (connection, 1),
            "post_to_netsuite": (connection, tenant.netsuite.concurrency),
            "summarize": (connection, 1),
        }


def test_the_summary_is_written_whatever_happened_and_is_the_dags_result(tenant_dags: list[Any]):
    for dag in tenant_dags:
        summarize = dag.get_task("summarize")
        assert summarize.trigger_rule == TriggerRule.ALL_DONE
        assert summarize.returns_dag_result
        others = [task for task in dag.tasks if task.task_id != "summarize"]
        assert all(task.trigger_rule == TriggerRule.ALL_SUCCESS for task in others)


def test_only_posting_tells_others_that_the_books_changed(tenant_dags: list[Any]):
    for dag in tenant_dags:
        outlets = {task.task_id: [o.name for o in task.outlets] for task in dag.tasks}
        assert outlets.pop("post_to_netsuite") == [f"netsuite_postings_{dag.dag_id[-3:]}"]
        assert not any(outlets.values())


def test_the_trigger_form_asks_for_what_a_run_understands(tenant_dags: list[Any]):
    from servicetitan_netsuite.steps.context import RunParams

    for dag in tenant_dags:
        assert set(dag.params) == set(RunParams.model_fields)
        given = RunParams.parse(dag.params.dump())
        assert given == RunParams()


def test_the_forms_defaults_fit_and_what_does_not_fit_is_refused(tenant_dags: list[Any]):
    from airflow.sdk import Param
    from airflow.sdk.exceptions import ParamValidationError

    for name, default in tenant_dags[0].params.dump().items():
        param = tenant_dags[0].params.get_param(name)
        assert Param.resolve(param, default) == default
        with pytest.raises(ParamValidationError):
            param.resolve({"not": "this"})


def test_airflow_stores_the_form_with_its_fields_and_rules(tenant_dags: list[Any]):
    from airflow.serialization.serialized_objects import DagSerialization

    stored = DagSerialization.from_dict(DagSerialization.to_dict(tenant_dags[0])).params
    assert stored.get_param("dry_run").schema["type"] == "boolean"
    assert stored.get_param("documents").schema["type"] == ["array", "null"]
    assert stored.get_param("document_types").schema["items"]["enum"]


def test_every_dag_says_what_to_do_when_it_fails(dags: dict[str, Any]):
    for dag in dags.values():
        assert "fails" in dag.doc_md
        assert {"servicetitan", "netsuite"} <= dag.tags


def test_a_broken_tenant_file_hurts_nobody_else(load: Load, tenants_home: Path):
    (tenants_home / "aaa.yaml").write_text(tenant_text("AAA"))
    (tenants_home / "bbb.yaml").write_text(tenant_text("BBB").replace("daily", "hourly"))
    (tenants_home / "ccc.yaml").write_text("{not: [yaml")
    (tenants_home / "ddd.yaml").write_text(tenant_text("EEE"))
    (tenants_home / "eee.yaml").write_bytes(b"\xff\xfe\x00")
    (tenants_home / "two words.yaml").write_text(tenant_text("FFF"))
    (tenants_home / "zzz.yaml").write_text(tenant_text("ZZZ"))
    bag = load()
    assert bag.import_errors == {}
    whole = {id_ for id_, dag in bag.dags.items() if [t.task_id for t in dag.tasks] == STEPS}
    assert whole == {"netsuite_sync_aaa", "netsuite_sync_zzz"}
    broken = set(bag.dags) - whole - {"execute_all"}
    assert broken == {f"netsuite_sync_{n}" for n in ("bbb", "ccc", "ddd", "eee", "two_words")}
    for dag_id in broken:
        dag = bag.dags[dag_id]
        assert len(dag.tasks) == 1
        assert "broken" in dag.tags
        assert dag.timetable.can_be_scheduled


def test_the_task_of_a_broken_tenant_fails_with_what_is_wrong(load: Load, tenants_home: Path):
    (tenants_home / "bbb.yaml").write_text(tenant_text("BBB").replace("daily", "hourly"))
    dag = load().dags["netsuite_sync_bbb"]
    assert "bbb.yaml: schedule.frequency" in dag.doc_md
    task = dag.get_task("read_tenant_file")
    with pytest.raises(Exception, match=r"bbb\.yaml: schedule\.frequency"):
        task.python_callable(**task.op_kwargs)


def test_a_task_start_reads_its_own_tenant_only(
    load: Load, tenants_home: Path, monkeypatch: pytest.MonkeyPatch
):
    read = []
    for name in ("AAA", "BBB", "CCC"):
        (tenants_home / f"{name.lower()}.yaml").write_text(tenant_text(name))
    monkeypatch.setattr(
        "servicetitan_netsuite.orchestration.dag_factory.read_tenant_file",
        lambda path: read.append(path.stem) or read_tenant_file(path),
    )
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "netsuite_sync_bbb")
    bag = load(ROOT / "dags" / "tenant_sync.py")
    assert set(bag.dags) == {"netsuite_sync_bbb"}
    assert read == ["bbb"]


_HASHES = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.models.serialized_dag import SerializedDagModel
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(dag_folder=sys.argv[1])
assert bag.import_errors == {}, bag.import_errors
hashes = {i: SerializedDagModel.hash(DagSerialization.to_dict(d)) for i, d in bag.dags.items()}
print("\\n" + json.dumps(hashes, sort_keys=True))
"""
_HEAVY = """
import sys
from airflow.dag_processing.dagbag import DagBag
before = set(sys.modules)
bag = DagBag(dag_folder=sys.argv[1])
assert len(bag.dags) >= 4, bag.import_errors
heavy = ("pandas", "aiohttp", "fastapi", "sandbox", "requests")
print("\\n" + repr(sorted(m for m in heavy if m in set(sys.modules) - before)))
"""


def in_a_new_process(code: str, seed: str = "0") -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", code, str(ROOT / "dags")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_reading_the_same_files_makes_no_new_dag_version():
    first, second = (json.loads(in_a_new_process(_HASHES, seed)) for seed in ("0", "4711"))
    assert first == second
    assert len(first) >= 4


def test_reading_the_dags_imports_nothing_heavy():
    assert in_a_new_process(_HEAVY) == "[]"


def test_a_stored_dag_keeps_its_schedule(dags: dict[str, Any]):
    from airflow.serialization.serialized_objects import DagSerialization

    for dag_id, dag in dags.items():
        again = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        if dag_id != "execute_all":
            assert again.timetable.summary == dag.timetable.summary


def test_a_dag_file_names_airflow_or_safe_mode_would_skip_it():
    for path in (ROOT / "dags").glob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert "airflow" in text
        assert "dag" in text
