"""The demo's services, brought up one after the other: stand-ins, set-up, Airflow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from servicetitan_netsuite.orchestration.demo import airflow_home, processes
from servicetitan_netsuite.orchestration.demo.api import Airflow, call
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places

Say = Callable[[str], None]
SANDBOX = "sandbox"
_SANDBOX_PORTS = ("SERVICETITAN_PORT", "NETSUITE_PORT", "NETSUITE_SINGLE_PORT")
# In the order in which Airflow's own API needs them; the name in its health report, if it has one.
COMPONENTS = {
    "api-server": ("metadatabase", ()),
    "scheduler": ("scheduler", ("--skip-serve-logs",)),
    "dag-processor": ("dag_processor", ()),
    "triggerer": ("triggerer", ("--skip-serve-logs",)),
}
_START_S = 180.0


def start_sandbox(places: Places) -> None:
    """Begin to serve both stand-ins, unless they are served."""
    if processes.running(places, SANDBOX):
        return
    places.need_free(*_SANDBOX_PORTS)
    places.sandbox_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--state-dir", str(places.run / SANDBOX)]
    command += ["--info-file", str(places.sandbox_file)]
    for name in _SANDBOX_PORTS:
        command += [f"--{name.lower().replace('_', '-')}", str(places.ports[name])]
    processes.start(places, SANDBOX, command, airflow_home.environment(places))


def await_sandbox(places: Places, say: Say) -> None:
    """Wait until both stand-ins answer."""
    processes.wait_for(
        "The stand-in servers",
        lambda: places.sandbox_file.is_file() and _sandbox_answers(places),
        _START_S,
        lambda: processes.need_running(places, SANDBOX),
    )
    ports = ", ".join(str(places.ports[name]) for name in _SANDBOX_PORTS)
    say(f"Stand-in servers: running on ports {ports}")


def make_database(places: Places, say: Say) -> None:
    """Airflow's own database, unless it was made by the installed version."""
    if not processes.running(places, "api-server"):
        places.need_free("AIRFLOW_PORT")
    made = airflow_home.migrated(places)
    if not made.exists():
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        _run(places, "migrate", command, airflow_home.environment(places))
        made.touch()
        say("Airflow: database made")


def start_airflow(places: Places, password: str, say: Say) -> Airflow:
    """Start each component that does not run, one after the other, and set Airflow up."""
    airflow = Airflow(places.ui, airflow_home.USER, password)
    env = airflow_home.environment(places)
    for name, (reported, options) in COMPONENTS.items():
        there = processes.running(places, name)
        if not there:
            processes.start(places, name, [sys.executable, "-m", "airflow", name, *options], env)
        if name == "api-server":
            # The set-up takes as long as the API server's start, and needs none of it.
            set_up(places, say)
        if there:
            say(f"Airflow {name}: already there")
        else:
            _wait_healthy(places, airflow, name, reported)
            say(f"Airflow {name}: running")
    return airflow


def set_up(places: Places, say: Say) -> None:
    """Connections, pools and the ledger."""
    module = "servicetitan_netsuite.orchestration.setup"
    command = [sys.executable, "-m", module, "--sandbox", str(places.sandbox_file)]
    _run(places, "setup", command, airflow_home.environment(places))
    say("Connections, pools and ledger: set up and tried")


def _run(places: Places, name: str, command: list[str], env: dict[str, str]) -> None:
    """Run to the end, into its log.

    Raises:
        DemoError: it failed; with the last lines that it wrote.
    """
    places.logs.mkdir(parents=True, exist_ok=True)
    log = processes.log_of(places, name)
    with log.open("wb") as file:
        code = subprocess.run(  # noqa: S603 - the demo's own commands
            command, env=env, cwd=places.root, stdout=file, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise DemoError("\n".join([f"{name} failed; the end of {log}:", *tail]))


def _wait_healthy(places: Places, airflow: Airflow, name: str, reported: str) -> None:
    processes.wait_for(
        f"Airflow's {name}",
        lambda: airflow.health().get(reported) == "healthy",
        _START_S,
        lambda: processes.need_running(places, name),
    )


def _sandbox_answers(places: Places) -> bool:
    url = f"http://127.0.0.1:{places.ports['NETSUITE_PORT']}/sandbox/truth"
    try:
        call("GET", url, wait_s=5)
    except (OSError, DemoError, ValueError):
        return False
    return True
