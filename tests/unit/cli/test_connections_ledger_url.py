"""Where the ledger is for whoever runs outside Airflow."""

from __future__ import annotations

import pytest

from servicetitan_netsuite.connections import ledger_url
from servicetitan_netsuite.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in ("SYNC_LEDGER_URL", "AIRFLOW_CONN_SYNC_LEDGER", "SYNC_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_by_default_it_lies_beside_the_folder_that_sync_home_names(monkeypatch, tmp_path):
    monkeypatch.setenv("SYNC_HOME", str(tmp_path / "include"))
    assert ledger_url() == f"sqlite:///{tmp_path}/.run/ledger.db"


def test_its_own_variable_comes_first(monkeypatch):
    monkeypatch.setenv("SYNC_LEDGER_URL", "sqlite:////x/a.db")
    monkeypatch.setenv("AIRFLOW_CONN_SYNC_LEDGER", "postgres://h/d")
    assert ledger_url() == "sqlite:////x/a.db"


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        ("sqlite:////Some/Path/l.db", "sqlite:////Some/Path/l.db"),
        ('{"conn_type": "sync_ledger", "host": "/Some/l.db"}', "sqlite:////Some/l.db"),
        (
            "postgres://me:p%40ss@db:5433/ledger",
            "postgresql+psycopg://me:p%40ss@db:5433/ledger",
        ),
        (
            '{"conn_type": "postgres", "host": "db", "login": "me", "schema": "ledger"}',
            "postgresql+psycopg://me@db/ledger",
        ),
    ],
)
def test_a_connection_names_a_file_or_a_server(monkeypatch, connection, url):
    monkeypatch.setenv("AIRFLOW_CONN_SYNC_LEDGER", connection)
    assert ledger_url() == url


def test_a_connection_that_names_neither_is_refused(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_SYNC_LEDGER", '{"conn_type": "postgres", "host": "db"}')
    with pytest.raises(ConfigurationError, match="sync_ledger"):
        ledger_url()
