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

# Every process of the demo inherits this variable, and no other process has it.
MARK = "SYNC_DEMO_RUN"
STOP_S = 8.0
_LAST_S = 1.0
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
        zombie = psutil.Process(record["pid"]).status() == psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, psutil.Error):
        return False
    return not zombie and _same(record["pid"], record["created"])


def need_running(places: Places, name: str) -> None:
    """Raises DemoError, with the end of its log, when the process is gone."""
    if running(places, name):
        return
    log = log_of(places, name)
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    raise DemoError("\n".join([f"{name} ended unexpectedly; the end of {log}:", *tail]))


def stop_all(places: Places, last: str = "") -> int:
    """Stop every process of this demo, whatever it became; how many there were.

    The one called `last` is not waited for once all others ended: it waits for their connections.
    """
    found = _ours(places)
    _signal(found, signal.SIGTERM)
    waits = [process for process in found if process.pid != _pid(places, last)]
    psutil.wait_procs(waits, timeout=STOP_S)
    psutil.wait_procs(found, timeout=_LAST_S)
    # One that was started meanwhile, such as a task, is ended too.
    left = {process.pid: process for process in (*found, *_ours(places)) if process.is_running()}
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
    """By session, by mark, by parent: Airflow renames its processes, which hides the mark."""
    sessions = _sessions(places)
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        if process.pid != os.getpid() and _is_ours(process, sessions, str(places.run)):
            found[process.pid] = process
            for child in _children(process):
                found[child.pid] = child
    return list(found.values())


def _is_ours(process: psutil.Process, sessions: set[int], mark: str) -> bool:
    try:
        return os.getsid(process.pid) in sessions or process.environ().get(MARK) == mark
    except (psutil.Error, OSError):
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _sessions(places: Places) -> set[int]:
    """Sessions that `start` opened; a number that now belongs to somebody else is left out."""
    found = set()
    for path in places.logs.glob("*.pid"):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            pid, created = int(record["pid"]), float(record["created"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if not psutil.pid_exists(pid) or _same(pid, created):
            found.add(pid)
    return found


def _pid(places: Places, name: str) -> int:
    try:
        return int(json.loads(_record_of(places, name).read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return 0


def _same(pid: int, created: float) -> bool:
    try:
        return abs(float(psutil.Process(pid).create_time()) - created) < 1.0
    except psutil.Error:
        return False


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _record_of(places: Places, name: str) -> Path:
    return places.logs / f"{name}.pid"
