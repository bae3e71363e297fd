"""Fixtures: Airflow's own database, and the stand-ins as Airflow's connections."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.orchestration.sandbox_connections import connections_of
from support.site import QUICK, call


@pytest.fixture(scope="session")
def airflow_db() -> None:
    """Airflow's database in this session's own Airflow home."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture
def connected(
    sandbox: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Resets both servers and gives Airflow its connections; returns the new ledger's url."""

    def connect(without: str = "") -> str:
        for part in ("servicetitan", "netsuite", "netsuite_single"):
            url = sandbox[part]["url"]
            call(url, "/sandbox/faults", method="DELETE")
            call(url, "/sandbox/reset", {"seed": 1, "size": "small"})
        path = tmp_path / "ledger.db"
        ledger = {"conn_id": "sync_ledger", "conn_type": "ledger", "host": str(path)}
        migrate(f"sqlite:///{path}")
        for values in (*connections_of(sandbox), ledger):
            name = values.pop("conn_id")
            if name != without:
                monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(_quick(values)))
        return f"sqlite:///{path}"

    return connect


def _quick(values: dict[str, Any]) -> dict[str, Any]:
    if values["conn_type"] != "netsuite":
        return values
    return {**values, "extra": json.dumps({**json.loads(values["extra"]), **QUICK})}
