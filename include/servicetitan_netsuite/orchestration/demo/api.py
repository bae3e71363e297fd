"""The little of Airflow's REST API, and of the stand-ins' control routes, that the demo calls."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

from servicetitan_netsuite.orchestration.demo.places import DemoError

# Loopback only: no proxy that this machine may be told to use.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(
    method: str, url: str, body: dict[str, Any] | None = None, token: str = "", wait_s: float = 30
) -> Any:
    """Send JSON, return JSON.

    Raises:
        DemoError: the answer is an error.
        OSError: nobody answers.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)  # noqa: S310
    try:
        with _opener.open(request, timeout=wait_s) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        text = error.read().decode("utf-8", "replace")[:500]
        raise DemoError(f"{method} {url} answered {error.code}: {text}") from error


class Airflow:
    """Airflow's API with a login."""

    def __init__(self, base: str, user: str, password: str) -> None:
        self._base = base
        self._login = {"username": user, "password": password}
        self._token = ""

    def health(self) -> dict[str, str]:
        """Status by component; empty while nobody answers."""
        try:
            parts = call("GET", f"{self._base}/api/v2/monitor/health", wait_s=5)
        except (OSError, DemoError):
            return {}
        return {name: str((part or {}).get("status")) for name, part in parts.items()}

    def dag_is_there(self, dag_id: str) -> bool:
        """Whether Airflow has read the Dag."""
        try:
            self._call("GET", f"dags/{quote(dag_id)}")
        except DemoError:
            return False
        return True

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Start a run now; its id."""
        body = {"logical_date": None, "conf": conf}
        run = self._call("POST", f"dags/{quote(dag_id)}/dagRuns", body)
        return str(run["dag_run_id"])

    def run_state(self, dag_id: str, run_id: str) -> str:
        """queued, running, success or failed."""
        return str(self._call("GET", self._run(dag_id, run_id))["state"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The run's task instances."""
        found = self._call("GET", f"{self._run(dag_id, run_id)}/taskInstances")
        instances: list[dict[str, Any]] = found["task_instances"]
        return instances

    def result(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """What a task returned."""
        path = f"{self._run(dag_id, run_id)}/taskInstances/{task_id}/xcomEntries/return_value"
        return self._call("GET", f"{path}?deserialize=false&stringify=false")["value"]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        if not self._token:
            self._token = call("POST", f"{self._base}/auth/token", self._login)["access_token"]
        return call(method, f"{self._base}/api/v2/{path}", body, self._token)

    @staticmethod
    def _run(dag_id: str, run_id: str) -> str:
        return f"dags/{quote(dag_id)}/dagRuns/{quote(run_id, safe='')}"
