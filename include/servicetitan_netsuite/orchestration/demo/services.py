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
# In the order in which Airflow's own API needs them; the name in its health report, if it has one.
COMPONENTS = {
    "api-server": ("metadatabase", ()),
    "scheduler": ("scheduler", ("--skip-serve-logs",)),
    "dag-processor": ("dag_processor", ()),
    "triggerer": ("triggerer", ("--skip-serve-logs",)),
}
_START_S = 90.0


def start_sandbox(places: Places, say: Say) -> None:
    """Serve both stand-ins, unless they are."""
    if processes.running(places, SANDBOX) and _sandbox_answers(places):
        say("Stand-in servers: already there")
        return
    places.need_free("SERVICETITAN_PORT", "NETSUITE_PORT", "NETSUITE_SINGLE_PORT")
    places.sandbox_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--state-dir", str(places.run / SANDBOX)]
    command += ["--info-file", str(places.sandbox_file)]
    for name in ("SERVICETITAN_PORT", "NETSUITE_PORT", "NETSUITE_SINGLE_PORT"):
        command += [f"--{name.lower().replace('_', '-')}", str(places.ports[name])]
    processes.start(places, SANDBOX, command, airflow_home.environment(places))
    processes.wait_for(
        "The stand-in servers",
        lambda: places.sandbox_file.is_file() and _sandbox_answers(places),
        _START_S,
        lambda: processes.need_running(places, SANDBOX),
    )
    say(f"Stand-in servers: ports {', '.join(command[-5::2])}")


def start_airflow(places: Places, password: str, say: Say) -> Airflow:
    """Migrate and set up Airflow's database, then start each component that does not run."""
    airflow = Airflow(places.ui, airflow_home.USER, password)
    fresh = not processes.running(places, "api-server")
    if fresh:
        places.need_free("AIRFLOW_PORT")
    env = airflow_home.environment(places)
    if not airflow_home.migrated(places).exists():
        say("Airflow: making its database")
        _run(places, "migrate", [sys.executable, "-m", "airflow", "db", "migrate"], env)
        airflow_home.migrated(places).touch()
    if not fresh:
        set_up(places, say)
    for name, (reported, options) in COMPONENTS.items():
        if processes.running(places, name):
            say(f"Airflow {name}: already there")
            continue
        command = [sys.executable, "-m", "airflow", name, *options]
        processes.start(places, name, command, env)
        if name == "api-server":
            # The set-up takes as long as the API server's start, and needs none of it.
            set_up(places, say)
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
