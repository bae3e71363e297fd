"""The page of a run that took vendors and accounts to ServiceTitan."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from servicetitan_netsuite.dashboard.app import create_app
from servicetitan_netsuite.ledger import runs
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.master_data import Result, put_result
from servicetitan_netsuite.ledger.migrations import migrate

DAG = "netsuite_master_data_den"


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path}/ledger.db"
    migrate(url)
    with Ledger(url) as ledger:
        run = runs.open_run(ledger, "1004", DAG, "m1", dry_run=False, params={})
        with ledger.writing() as connection:
            for result in (
                Result("vendor", "3107", "<b>Freight</b>", "created", "3314"),
                Result("vendor", "3112", "Twin", "blocked", "", "It has a namesake.", "Link it."),
            ):
                put_result(connection, run, result)
        runs.end_run(ledger, run, "completed_with_errors", {"tenant": {"name": "Denver"}})
    return TestClient(create_app(lambda: url, lambda dag_id: None, lambda dag_id: None))


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_it_says_what_was_done_and_what_needs_a_person(page: TestClient) -> None:
    seen = words(page.get("/run", params={"dag_id": DAG, "run_id": "m1"}).text)
    assert "Completed with errors" in seen
    assert "1 blocked, 1 created" in seen
    assert "Twin Vendor 3112 Blocked It has a namesake. Link it." in seen
    assert "Created 3314" in seen


def test_names_are_shown_as_they_are_and_never_run(page: TestClient) -> None:
    html = page.get("/latest", params={"dag_id": DAG}).text
    assert "<b>Freight" not in html
    assert "&lt;b&gt;Freight" in html
    assert "Recent runs" in html


def test_before_its_first_run_the_tenant_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.db"
    migrate(url)
    client = TestClient(create_app(lambda: url, lambda dag_id: None, lambda dag_id: None))
    assert "Denver Home Services" in client.get("/latest", params={"dag_id": DAG}).text
