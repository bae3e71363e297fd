"""The stack of docker-compose.yaml under podman or docker: its parts, and harm done to them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START = time.monotonic()


def say(text: str) -> None:
    """One line with the seconds since the start."""
    print(f"{time.monotonic() - START:7.1f} s  {text}", flush=True)


def wait_until(what: str, holds: Callable[[], Any], within_s: float, every_s: float = 1.0) -> Any:
    """What `holds` returns once it is true; AssertionError when that takes too long."""
    give_up = time.monotonic() + within_s
    while True:
        found = None
        with suppress(OSError, ValueError, KeyError):
            found = holds()
        if found:
            return found
        if time.monotonic() > give_up:
            raise AssertionError(f"{what}: not within {within_s:.0f} s")
        time.sleep(every_s)


def sh(*command: str, check: bool = True) -> str:
    """What a command prints; AssertionError with its words when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


@dataclass
class Stack:
    """One running project; `engine` is podman or docker, `settings` its .env."""

    engine: str
    project: str
    settings: dict[str, str]
    _token: str = field(default="", repr=False)

    # --- talking to it --------------------------------------------------------------------------

    def call(self, url: str, body: Any = None, method: str = "", token: str = "") -> Any:
        """One JSON request; the parsed answer. Raises OSError when refused or unanswered."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(
            url, data=data, headers=headers, method=method or ("POST" if data else "GET")
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def airflow(self, path: str, body: Any = None, method: str = "") -> Any:
        """One request to Airflow's API as the administrator."""
        base = f"http://127.0.0.1:{self.settings['AIRFLOW_PORT']}"
        if not self._token:
            login = {
                "username": self.settings["ADMIN_USER"],
                "password": self.settings["ADMIN_PASSWORD"],
            }
            self._token = self.call(f"{base}/auth/token", login)["access_token"]
        return self.call(f"{base}/api/v2{path}", body, method, self._token)

    def sandbox(self, name: str, path: str, body: Any = None, method: str = "") -> Any:
        """One request to a stand-in's control routes."""
        url = f"http://127.0.0.1:{self.settings[f'{name.upper()}_PORT']}/sandbox{path}"
        return self.call(url, body, method)

    def ledger(self, query: str) -> list[list[str]]:
        """Rows of a query on the ledger, every field as text."""
        out = sh(
            self.engine, "exec", "-e", f"PGPASSWORD={self.settings['LEDGER_DB_PASSWORD']}",
            self.container("postgres"), "psql", "-h", "127.0.0.1", "-U", "ledger", "-d", "ledger",
            "-AtF", "\t", "-c", query,
        )  # fmt: skip
        return [line.split("\t") for line in out.splitlines() if line]

    def logs(self, container: str) -> str:
        """What it printed."""
        return sh(self.engine, "logs", container)

    # --- its parts --------------------------------------------------------------------------------

    def container(self, service: str, number: int = 1) -> str:
        """The name that compose gave a container."""
        return ("_" if self.engine == "podman" else "-").join((self.project, service, str(number)))

    def inspect(self, container: str, what: str) -> str:
        """One value of `podman inspect` or `docker inspect`."""
        return sh(self.engine, "inspect", "--format", "{{" + what + "}}", container)

    def pid(self, container: str) -> int:
        """The container's first process as this machine numbers it; 0 when it does not run."""
        return int(self.inspect(container, ".State.Pid"))

    def address(self, container: str) -> str:
        """Its address on the stack's network."""
        return self.inspect(container, "range .NetworkSettings.Networks}}{{.IPAddress}}{{end")

    def healthy(self, container: str) -> bool:
        """Whether the health check that docker-compose.yaml names holds."""
        if self.engine == "docker":
            return self.inspect(container, ".State.Health.Status") == "healthy"
        # Without systemd nobody else asks.
        asked = ["podman", "healthcheck", "run", container]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    # --- harm -------------------------------------------------------------------------------------

    def restart(self, container: str) -> None:
        """Stop it in order, then start it."""
        sh(self.engine, "restart", "-t", "10", container)

    def kill(self, container: str) -> None:
        """SIGKILL to everything in it at once, as a lost machine would; its policy restarts it."""
        before = self.pid(container)
        for one in self._processes(container):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        wait_until(
            f"{container} starts again by its restart policy",
            lambda: self.pid(container) not in (0, before),
            within_s=60,
        )

    @contextmanager
    def paused(self, container: str) -> Iterator[None]:
        """Every process of it stopped while the block lasts, then going on as if nothing was."""
        stopped: set[int] = set()
        while new := set(self._processes(container)) - stopped:
            for one in new:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGSTOP)
            stopped |= new
        try:
            yield
        finally:
            for one in stopped:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGCONT)

    @contextmanager
    def cut_off(self, container: str, other: str) -> Iterator[None]:
        """No packet passes between the two while the block lasts, in either direction."""
        inside = ("nsenter", "-t", str(self.pid(container)), "-n", "iptables")
        address = self.address(other)
        rules = [("OUTPUT", "-d", address, "-j", "DROP"), ("INPUT", "-s", address, "-j", "DROP")]
        for rule in rules:
            sh(*inside, "-I", *rule)
        try:
            yield
        finally:
            for rule in rules:
                sh(*inside, "-D", *rule, check=False)

    def _processes(self, container: str) -> list[int]:
        group = Path("/proc") / str(self.pid(container)) / "cgroup"
        # The first process names the pid namespace that all the others are in.
        space = os.readlink(f"/proc/{self.pid(container)}/ns/pid")
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with suppress(OSError):
                    if os.readlink(entry / "ns/pid") == space:
                        found.append(int(entry.name))
        assert found, f"{container} has no process ({group})"
        return found


def read_settings(path: Path) -> dict[str, str]:
    """The lines of a .env file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
