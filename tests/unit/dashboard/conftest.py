from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import HTTPException, Request

from browser import ledger_rows
from servicetitan_netsuite.dashboard.app import create_app
from servicetitan_netsuite.ledger.engine import Ledger

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette's own advice about its test client
    from starlette.testclient import TestClient

NETSUITE = "https://1234567.app.netsuite.com"


def may_read(request: Request, dag_id: str) -> None:
    """Anybody named may read the Dags that the header lists."""
    if "x-user" not in request.headers:
        raise HTTPException(401)
    if dag_id not in request.headers["x-user"].split(","):
        raise HTTPException(403)


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("dashboard") / "ledger.db"
    with ledger_rows.fill(f"sqlite:///{path}") as filled:
        yield filled


@pytest.fixture(scope="session")
def stranger(ledger: Ledger) -> TestClient:
    return TestClient(create_app(lambda: ledger.url, may_read, lambda dag_id: NETSUITE))


@pytest.fixture(scope="session")
def reader(ledger: Ledger) -> TestClient:
    """May read ALB's Dag, Execute All, and a tenant without runs; not BOI's Dag."""
    app = create_app(lambda: ledger.url, may_read, lambda dag_id: NETSUITE)
    seen = f"{ledger_rows.DAG},execute_all,netsuite_sync_aus"
    return TestClient(app, headers={"x-user": seen})
