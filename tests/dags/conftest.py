"""Dags as Airflow reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TENANT = """\
name: {name}
short_name: {short_name}
timezone: America/New_York
servicetitan: {{tenant_id: {number}, connection: servicetitan_{key}}}
netsuite: {{connection: netsuite, concurrency: {concurrency}}}
sync: {{method: journal_entries, from: 2026-01-01}}
schedule: {{status: scheduled, frequency: daily, at: "02:00", starts: 2026-01-05}}
"""


def tenant_text(short_name: str, number: int = 1, concurrency: int = 2) -> str:
    """A tenant file."""
    return TENANT.format(
        name=f"Tenant {short_name}",
        short_name=short_name,
        key=short_name.lower(),
        number=number,
        concurrency=concurrency,
    )


@pytest.fixture
def load() -> Callable[..., Any]:
    """Reads the project's Dag folder as Airflow's Dag processor does."""

    def read(folder: Path = ROOT / "dags") -> Any:
        from airflow.dag_processing.dagbag import DagBag

        return DagBag(dag_folder=str(folder))

    return read


@pytest.fixture
def tenants_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of tenant files that the Dags are made from."""
    folder = tmp_path / "tenants"
    folder.mkdir()
    monkeypatch.setenv("SYNC_HOME", str(tmp_path))
    return folder
