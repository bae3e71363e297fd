"""Serve the stand-ins as processes of their own, and hand out what a client needs to call them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.private import write_private
from sandbox.server import HOST

Info = dict[str, Any]
START_SECONDS = 120.0
STOP_SECONDS = 5.0


class ServeError(Exception):
    """The stand-ins cannot be served; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One stand-in to serve: its name in the info file and its port (0 for any free one)."""

    name: str
    port: int = 0


SERVICETITAN, NETSUITE, NETSUITE_SINGLE = "servicetitan", "netsuite", "netsuite_single"
ALL = (Plan(SERVICETITAN), Plan(NETSUITE), Plan(NETSUITE_SINGLE))


def check_port(name: str, port: int) -> None:
    """Raises ServeError when somebody else listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            option = f"--{name.replace('_', '-')}-port"
            raise ServeError(
                f"Port {port} for {name} is taken ({error.strerror}): stop what listens there, "
                f"or choose another with {option}."
            ) from error


class Child:
    """One stand-in's process; it ends by itself when its parent is gone."""

    def __init__(self, plan: Plan, state_dir: Path, seed: int, size: str) -> None:
        self.name = plan.name
        self._log = state_dir / f"{plan.name}.log"
        command = [
            sys.executable, "-m", "sandbox", "one", plan.name, "--port", str(plan.port),
            "--state-dir", str(state_dir), "--seed", str(seed), "--size", size,
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )

    def info(self, deadline: float) -> Info:
        """What the process says once it listens; raises ServeError when it does not come up."""
        found: list[bytes] = []
        stdout = self._process.stdout
        reader = threading.Thread(
            target=lambda: found.append(stdout.readline() if stdout else b""), daemon=True
        )
        reader.start()
        reader.join(max(0.0, deadline - time.monotonic()))
        if not found or not found[0].strip():
            raise ServeError(f"{self.name} did not start; see {self._log}.")
        info: Info = json.loads(found[0])
        return info

    @property
    def running(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask_to_stop(self) -> None:
        """SIGTERM, if it still runs."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, deadline: float) -> None:
        """Wait for the end; kill it after the deadline."""
        try:
            self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(deadline)


@contextmanager
def children(
    plans: Sequence[Plan], state_dir: Path, seed: int, size: str
) -> Iterator[tuple[list[Child], Info]]:
    """The stand-ins while they run, and what each says of itself under its name.

    Raises:
        ServeError: a port is taken, or a stand-in does not come up.
    """
    for plan in plans:
        if plan.port:
            check_port(plan.name, plan.port)
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    started: list[Child] = []
    with ExitStack() as stack:
        stack.callback(_stop, started)
        for plan in plans:
            started.append(Child(plan, state_dir, seed, size))
        deadline = time.monotonic() + START_SECONDS
        yield started, {child.name: child.info(deadline) for child in started}


@contextmanager
def running(
    state_dir: Path, plans: Sequence[Plan] = ALL, *, seed: int = 1, size: str = "small"
) -> Iterator[Info]:
    """Both stand-ins in processes of their own, for a test; yields what `.run/sandbox.json` holds.

    They listen when this yields, on free ports unless a plan names one, and are gone when it
    leaves. Their state stays in `state_dir`, so that a second call finds it again.
    """
    with children(plans, state_dir, seed, size) as (_, info):
        yield info


def serve(plans: Sequence[Plan], state_dir: Path, info_file: Path, seed: int, size: str) -> int:
    """Serve until SIGTERM or SIGINT, with the info file written; the exit code.

    Raises:
        ServeError: as `children`.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with children(plans, state_dir, seed, size) as (started, info):
        write_private(info_file, json.dumps(info, indent=2) + "\n")
        for name, part in info.items():
            print(f"{name:16} {part['url']}", flush=True)
        print(f"{'how to call':16} {info_file}\n{'logs':16} {state_dir}", flush=True)
        while not stop.wait(0.2):
            fallen = [child.name for child in started if not child.running]
            if fallen:
                raise ServeError(f"{fallen[0]} ended unexpectedly; see {state_dir}.")
    return 0
