"""What the Test button says when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.orchestration import hooks, stored
from servicetitan_netsuite.orchestration.hooks import LedgerHook, NetSuiteHook, ServiceTitanHook


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(kind: str) -> Iterator[ConnectionFields]:
        return iter(())

    monkeypatch.setattr(stored, "_in_database", nothing)


def connection(monkeypatch: pytest.MonkeyPatch, name: str, **values: Any) -> None:
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(values))


def test_a_netsuite_connection_that_lacks_a_field_is_told_which(monkeypatch: pytest.MonkeyPatch):
    connection(monkeypatch, "ns", conn_type="netsuite", login="id", extra={"account_id": "123"})
    works, message = NetSuiteHook("ns").test_connection()
    assert not works
    assert "certificate_id" in message


def test_a_servicetitan_connection_that_no_tenant_names_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
):
    connection(monkeypatch, "st", conn_type="servicetitan", login="id", password="x")
    works, message = ServiceTitanHook("st").test_connection()
    assert not works
    assert "No tenant file names this connection" in message


def test_what_nobody_foresaw_is_told_without_its_text(monkeypatch: pytest.MonkeyPatch):
    connection(monkeypatch, "ns", conn_type="netsuite")

    def quote(_: object) -> None:
        raise RuntimeError("token abc123")

    monkeypatch.setattr(hooks, "_look_at", quote)
    works, message = NetSuiteHook("ns").test_connection()
    assert not works
    assert "abc123" not in message
    assert "RuntimeError" in message


def test_a_ledger_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    path = tmp_path / "ledger.db"
    connection(monkeypatch, "sync_ledger", conn_type="ledger", host=str(path))
    works, message = LedgerHook().test_connection()
    assert not works
    assert "ledger migrate" in message
    migrate(f"sqlite:///{path}")
    works, _ = LedgerHook().test_connection()
    assert works


def test_a_nameless_copy_is_known_by_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    for name, login in (("st_one", "a"), ("st_two", "b"), ("another", "a")):
        kind = "netsuite" if name == "another" else "servicetitan"
        connection(monkeypatch, name, conn_type=kind, login=login)
    copy = ConnectionFields(id="xyz", kind="servicetitan", login="a")
    assert stored.ids_like(copy, lambda other: other.login == copy.login) == ("st_one",)
    known = ConnectionFields(id="st_two", kind="servicetitan", login="a")
    monkeypatch.setattr(stored, "_in_database", lambda kind: iter([known]))
    assert stored.ids_like(known, lambda other: True) == ("st_two",)
