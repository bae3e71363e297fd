"""One Airflow UI and one Chromium for all browser tests."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser import ledger_rows
from browser.one_dag_auth import HIDDEN_DAG, HIDDEN_FROM

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = {"ann": "reads-everything", HIDDEN_FROM: "reads-some"}
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Links that tests press lead nowhere: no test talks to the outside.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_DAGS = """
from airflow.sdk import dag, task

def of(name):
    @dag(dag_id=name, schedule=None)
    def made():
        @task
        def nothing():
            pass
        nothing()
    return made()

for name in ("netsuite_sync_alb", "netsuite_sync_boi", "something_else"):
    globals()[name] = of(name)
"""


@dataclass(frozen=True, slots=True)
class AirflowUi:
    """Where Airflow's UI is; `log` is its server's."""

    url: str
    log: Path

    def call(
        self, path: str, body: dict[str, Any] | None = None, token: str = "", method: str = ""
    ) -> tuple[int, str]:
        """Status and text of one call."""
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
            method=method or None,
        )
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def token(self, user: str) -> str:
        """A bearer token of `user`."""
        _, text = self.call("/auth/token", {"username": user, "password": PASSWORDS[user]})
        return str(json.loads(text)["access_token"])


def chromium() -> str | None:
    """Debian's Chromium, or another that is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def airflow_ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowUi]:
    home = tmp_path_factory.mktemp("airflow")
    dags = home / "dags"
    dags.mkdir()
    (dags / "tiny.py").write_text(f"# airflow\n{_DAGS}")
    (home / "passwords.json").write_text(json.dumps(PASSWORDS))
    ledger_rows.fill(f"sqlite:///{home}/ledger.db").close()
    port = _free_port()
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("airflow_site.py")), str(port)],
            env=_environment(home, dags, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        site = AirflowUi(f"http://127.0.0.1:{port}", log)
        _wait_until_served(site, server)
        _trigger(site)
        yield site
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(5)


def _environment(home: Path, dags: Path, port: int) -> dict[str, str]:
    netsuite = {"conn_type": "netsuite", "extra": {"account_id": "1234567_SB1"}}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "tests"),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__AUTH_MANAGER": "browser.one_dag_auth.OneDagHidden",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"ann:admin,{HIDDEN_FROM}:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-this-test-" * 4,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW_CONN_SYNC_LEDGER": json.dumps(
            {"conn_type": "sync_ledger", "host": f"{home}/ledger.db"}
        ),
        "AIRFLOW_CONN_NETSUITE": json.dumps(netsuite),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_served(site: AirflowUi, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, site.log.read_text()[-3000:]
        try:
            if site.call("/api/v2/version")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"Airflow did not begin to serve: {site.log.read_text()[-3000:]}")


def _trigger(site: AirflowUi) -> None:
    # No scheduler runs here: the run stays queued, and its pages are in the ledger already.
    token = site.token("ann")
    for dag_id, run_id in (
        (ledger_rows.DAG, ledger_rows.FINISHED),
        ("something_else", "manual__1"),
    ):
        path = f"/api/v2/dags/{dag_id}/dagRuns"
        status, text = site.call(path, {"dag_run_id": run_id, "logical_date": None}, token)
        assert status == 200, text


__all__ = ["HIDDEN_DAG", "HIDDEN_FROM", "AirflowUi", "airflow_ui", "browser"]
