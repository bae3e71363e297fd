"""Start the demo's processes, find them again, and stop every one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from servicetitan_netsuite.orchestration.demo.places import DemoError, Places

# Every process of the demo inherits this variable; no other process of this machine has it.
MARK = "SYNC_DEMO"
STOP_S = 8.0
_KILL_S = 3.0


def start(places: Places, name: str, command: Sequence[str], env: dict[str, str]) -> None:
    """Run `command` in a session of its own, writing to `<logs>/<name>.log`."""
    places.logs.mkdir(parents=True, exist_ok=True)
    with log_of(places, name).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - the demo's own commands
            command,
            env={**env, MARK: str(places.run)},
            cwd=places.root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    record = {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}
    _record_of(places, name).write_text(json.dumps(record), encoding="utf-8")


def running(places: Places, name: str) -> bool:
    """Whether the process that `start` began under this name still runs."""
    try:
        record = json.loads(_record_of(places, name).read_text(encoding="utf-8"))
        process = psutil.Process(record["pid"])
        same = abs(process.create_time() - record["created"]) < 1.0
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return False


def need_running(places: Places, name: str) -> None:
    """Raises DemoError, with the end of its log, when the process is gone."""
    if running(places, name):
        return
    log = log_of(places, name)
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    raise DemoError("\n".join([f"{name} ended unexpectedly; the end of {log}:", *tail]))


def stop_all(places: Places) -> int:
    """Stop every process of this demo, whatever it became; how many there were."""
    found = _ours(places)
    _signal(found, signal.SIGTERM)
    _, alive = psutil.wait_procs(found, timeout=STOP_S)
    # One that was started meanwhile, such as a task, carries the mark too.
    left = {process.pid: process for process in (*alive, *_ours(places))}
    _signal(left.values(), signal.SIGKILL)
    psutil.wait_procs(list(left.values()), timeout=_KILL_S)
    return len(found)


def log_of(places: Places, name: str) -> Path:
    """The file that a process writes to."""
    return places.logs / f"{name}.log"


def wait_for(
    what: str, ready: Callable[[], bool], seconds: float, alive: Callable[[], None] | None = None
) -> None:
    """Ask `ready` until it is true; `alive` may raise to end the wait early.

    Raises:
        DemoError: it took longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if alive is not None:
            alive()
        if time.monotonic() > deadline:
            raise DemoError(f"{what} was not ready within {seconds:.0f} s.")
        time.sleep(0.2)


def _ours(places: Places) -> list[psutil.Process]:
    mark = str(places.run)
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            continue
    return found


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _record_of(places: Places, name: str) -> Path:
    return places.logs / f"{name}.pid"
