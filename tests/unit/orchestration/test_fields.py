"""Airflow's connections as the sync reads them."""

from __future__ import annotations

import json

import pytest
from airflow.sdk import Connection

from servicetitan_netsuite.connections import ConnectionFields, url_of_ledger
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import fields


@pytest.fixture
def masked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def note(secret: object, name: str | None = None) -> None:
        # Airflow itself hands over whole dicts of extra fields.
        if isinstance(secret, str):
            found.append(secret)

    monkeypatch.setattr("airflow.sdk.log.mask_secret", note)
    return found


def test_every_secret_of_a_connection_is_masked(masked: list[str]):
    extra = {
        "app_key": "the-app-key",
        "token_id": "the-token-id",
        "token_secret": "the-token-secret",
        "consumer_secret": "the-consumer-secret",
        "account_id": "1234567",
    }
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----"
    connection = Connection(
        conn_id="ns", conn_type="netsuite", login="me", password=key, extra=json.dumps(extra)
    )
    read = fields.connection_fields(connection)
    assert (read.id, read.kind, read.login, read.password) == ("ns", "netsuite", "me", key)
    assert {key, "MIIEvQIBADANBgkqhkiG9w0B", *list(extra.values())[:-1]} <= set(masked)
    assert "1234567" not in masked
    assert "" not in masked
    assert "secret" not in repr(read)


def test_a_connection_that_is_missing_is_named():
    with pytest.raises(ConfigurationError, match="no connection 'nowhere'"):
        fields.read("nowhere")


def test_a_connection_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW_CONN_SOME_LEDGER", '{"conn_type": "ledger", "host": "/x/l.db"}')
    assert url_of_ledger(fields.read("some_ledger")) == "sqlite:////x/l.db"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"kind": "ledger", "host": "/data/ledger.db"}, "sqlite:////data/ledger.db"),
        ({"kind": "sqlite", "host": "/data/ledger.db"}, "sqlite:////data/ledger.db"),
        (
            {"host": "db", "port": 5433, "schema": "sync", "login": "u@x", "password": "p/w:1"},
            "postgresql+psycopg://u%40x:p%2Fw%3A1@db:5433/sync",
        ),
        ({"host": "db", "schema": "sync"}, "postgresql+psycopg://db/sync"),
    ],
)
def test_where_the_ledger_is(given: dict[str, object], url: str):
    assert url_of_ledger(ConnectionFields(id="sync_ledger", **given)) == url  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{}, {"host": "db"}, {"kind": "sqlite"}, {"schema": "sync"}])
def test_a_ledger_connection_that_names_no_database_is_refused(given: dict[str, str]):
    with pytest.raises(ConfigurationError, match="sync_ledger"):
        url_of_ledger(ConnectionFields(id="sync_ledger", **given))


def test_the_ledger_has_no_silent_default():
    with pytest.raises(ConfigurationError, match="sync_ledger"):
        fields.ledger_url()
