"""Whole runs of the tenants' Dags in Airflow's own task runner, against both stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.ledger.engine import Ledger
from support.airflow import airflow_db, connected
from support.sandbox import sandbox
from support.site import call

__all__ = ["airflow_db", "connected", "sandbox"]

pytestmark = pytest.mark.usefixtures("airflow_db")
TENANT_IDS = {"alb": 1001, "aus": 1002, "boi": 1003}
Connected = Callable[..., str]


@pytest.fixture
def run() -> Callable[..., Any]:
    """Runs a tenant's Dag to its end; the finished Dag run."""

    def to_the_end(tenant: str, **conf: Any) -> Any:
        from airflow.dag_processing.dagbag import DagBag

        from dags.conftest import ROOT

        bag = DagBag(dag_folder=str(ROOT / "dags"))
        return bag.dags[f"netsuite_sync_{tenant}"].test(run_conf=conf or None)

    return to_the_end


def start_syncing(sandbox: dict[str, Any], tenant: str) -> None:
    body = {"tenant_id": TENANT_IDS[tenant], "all": True, "limit": 40}
    call(sandbox["servicetitan"]["url"], "/sandbox/journal-entries/start-syncing", body)


def result(finished: Any) -> dict[str, Any]:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        query = XComModel.get_many(
            run_id=finished.run_id, dag_ids=finished.dag_id, task_ids="summarize"
        )
        row = session.execute(query).first()
        assert row is not None
        found: dict[str, Any] = XComModel.deserialize_value(row[0])
        return found


def states(finished: Any) -> dict[str, str]:
    return {ti.task_id: str(ti.state) for ti in finished.get_task_instances()}


def asset_events(finished: Any) -> int:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    with create_session() as session:
        query = select(func.count()).where(AssetEvent.source_run_id == finished.run_id)
        return int(session.scalar(query) or 0)


def journals(sandbox: dict[str, Any]) -> set[str]:
    truths = (call(sandbox[n]["url"], "/sandbox/truth") for n in ("netsuite", "netsuite_single"))
    return {
        record["external_id"]
        for truth in truths
        for record in truth["records"]
        if record["type"].lower() == "journalentry" and str(record["external_id"]).startswith("st-")
    }


def writes(sandbox: dict[str, Any]) -> list[int]:
    servers = ("servicetitan", "netsuite")
    return [call(sandbox[name]["url"], "/sandbox/truth")["writes"] for name in servers]


def confirmed(ledger_url: str) -> set[str]:
    with Ledger(ledger_url) as ledger, ledger.reading() as connection:
        query = (
            "SELECT external_id FROM document "
            "WHERE state = 'confirmed' AND document_type = 'journal_entry'"
        )
        return {row[0] for row in connection.exec_driver_sql(query)}


@pytest.mark.parametrize("tenant", ["alb", "aus", "boi"])
def test_what_is_pending_ends_in_netsuite_once(
    tenant: str, connected: Connected, sandbox: dict[str, Any], run: Callable[..., Any]
):
    ledger = connected()
    start_syncing(sandbox, tenant)
    finished = run(tenant)
    assert set(states(finished).values()) == {"success"}
    assert finished.state == "success"
    posted = journals(sandbox)
    assert posted
    assert posted == confirmed(ledger)
    summary = result(finished)
    assert summary["status"] in ("success", "completed_with_errors")
    assert summary["tie_out"]["difference"] == "0.00"
    assert asset_events(finished) == 1
    again = run(tenant)
    assert journals(sandbox) == posted
    assert asset_events(again) == 0


def test_a_dry_run_writes_to_neither_server(
    connected: Connected, sandbox: dict[str, Any], run: Callable[..., Any]
):
    ledger = connected()
    start_syncing(sandbox, "alb")
    before = [
        call(sandbox[n]["url"], "/sandbox/truth")["writes"] for n in ("servicetitan", "netsuite")
    ]
    finished = run("alb", dry_run=True)
    assert finished.state == "success"
    assert result(finished)["status"] == "dry_run"
    after = [
        call(sandbox[n]["url"], "/sandbox/truth")["writes"] for n in ("servicetitan", "netsuite")
    ]
    assert after == before
    assert journals(sandbox) == confirmed(ledger) == set()
    assert asset_events(finished) == 0


def test_an_unknown_key_in_the_conf_fails_the_run_before_anything_is_read(
    connected: Connected, sandbox: dict[str, Any], run: Callable[..., Any]
):
    connected()
    calls = call(sandbox["servicetitan"]["url"], "/sandbox/truth")["calls"]
    finished = run("alb", dryrun=True)
    assert finished.state == "failed"
    assert states(finished) == {
        "extract_pending": "failed",
        "validate_mappings": "upstream_failed",
        "post_to_netsuite": "upstream_failed",
        "summarize": "failed",
    }
    assert call(sandbox["servicetitan"]["url"], "/sandbox/truth")["calls"] == calls
    assert journals(sandbox) == set()


def test_a_failed_step_fails_the_run_which_has_its_summary_all_the_same(
    connected: Connected, sandbox: dict[str, Any], run: Callable[..., Any]
):
    connected()
    start_syncing(sandbox, "alb")
    rule = {"route": "journal-entries", "fault": "403", "next": 50}
    call(sandbox["servicetitan"]["url"], "/sandbox/faults", {"faults": [rule]})
    finished = run("alb")
    assert finished.state == "failed"
    assert states(finished)["extract_pending"] == "failed"
    assert states(finished)["summarize"] == "failed"
    summary = result(finished)
    assert summary["status"] == "failed"
    assert summary["failed_steps"] == ["extract_pending", "validate_mappings", "post_to_netsuite"]


def test_a_missing_connection_fails_the_run_which_is_summed_up_all_the_same(
    connected: Connected, run: Callable[..., Any], capfd: pytest.CaptureFixture[str]
):
    connected(without="servicetitan_alb")
    finished = run("alb")
    assert finished.state == "failed"
    assert states(finished)["extract_pending"] == "failed"
    assert result(finished)["status"] == "failed"
    assert "no connection 'servicetitan_alb'" in capfd.readouterr().out


def test_a_slot_counts_as_announced_only_while_airflow_names_it_next():
    from datetime import UTC, datetime, timedelta

    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session

    from servicetitan_netsuite.orchestration.timetable import was_announced

    slot = datetime(2026, 1, 7, 2, tzinfo=UTC)
    with create_session() as session:
        model = DagModel(
            dag_id="announced",
            bundle_name="dags-folder",
            is_paused=False,
            next_dagrun_create_after=slot,
        )
        session.merge(model)
    assert was_announced("announced", slot)
    assert not was_announced("announced", slot + timedelta(days=1))
    assert not was_announced("another", slot)
    with create_session() as session:
        session.merge(DagModel(dag_id="announced", is_paused=True))
    assert not was_announced("announced", slot)
