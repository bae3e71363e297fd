"""`python -m servicetitan_netsuite.orchestration.demo up | down | clean`."""

from __future__ import annotations

import os
import shutil
import sys
import time

from rich.console import Console

from servicetitan_netsuite.orchestration.demo import airflow_home, processes, services, show
from servicetitan_netsuite.orchestration.demo.api import call
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places, places

DAG_ID = "netsuite_sync_alb"
TENANT_ID = 1001
ENTRIES = 60
_PARSED_S = 180.0


def main(arguments: list[str]) -> int:
    """Run one command; 0, or 1 after one sentence on what is wrong."""
    commands = {"up": up, "down": down, "clean": clean}
    console = Console(highlight=False)
    os.umask(0o077)
    if len(arguments) != 1 or arguments[0] not in commands:
        console.print(f"usage: demo {' | '.join(commands)}")
        return 2
    try:
        commands[arguments[0]](places(), console)
    except DemoError as error:
        Console(stderr=True, highlight=False, style="red").print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nInterrupted. What was started goes on; `make down` stops it.")
        return 130
    return 0


def up(where: Places, console: Console) -> None:
    """Start whatever does not run, sync one tenant, and show it."""
    began = time.monotonic()

    def say(text: str) -> None:
        console.print(f"[{time.monotonic() - began:5.1f} s] {text}", markup=False)

    where.run.mkdir(mode=0o700, exist_ok=True)
    password = airflow_home.prepare(where)
    services.start_sandbox(where)
    services.make_database(where, say)
    services.await_sandbox(where, say)
    airflow = services.start_airflow(where, password, say)
    processes.wait_for(
        f"Dag {DAG_ID}",
        lambda: airflow.dag_is_there(DAG_ID),
        _PARSED_S,
        lambda: processes.need_running(where, "dag-processor"),
    )
    say(_start_syncing(where))
    run_id = airflow.trigger(DAG_ID, {"dry_run": False})
    say(f"Airflow: {DAG_ID} triggered")
    state = show.watch(console, airflow, where, DAG_ID, run_id)
    say(f"Run {state}")
    result = airflow.result(DAG_ID, run_id, "summarize")
    if isinstance(result, dict):
        show.summary(console, result)
    show.where(console, where, DAG_ID, password)
    if state != "success":
        raise DemoError("The run failed; its task logs are in Airflow.")


def down(where: Places, console: Console) -> None:
    """Stop every process of the demo."""
    stopped = processes.stop_all(where, last="api-server")
    console.print(
        f"Stopped {stopped} processes. Data stays in {where.run}; `make clean` forgets it."
    )


def clean(where: Places, console: Console) -> None:
    """Stop everything and forget it."""
    processes.stop_all(where, last="api-server")
    shutil.rmtree(where.run, ignore_errors=True)
    console.print(f"Removed {where.run}.")


def _start_syncing(where: Places) -> str:
    """Press *Start Syncing* on journal entries that were never synced."""
    base = f"http://127.0.0.1:{where.ports['SERVICETITAN_PORT']}"
    body = {"tenant_id": TENANT_ID, "all": True, "limit": ENTRIES}
    started = call("POST", f"{base}/sandbox/journal-entries/start-syncing", body)["started"]
    return f"ServiceTitan: Start Syncing pressed on {started} journal entries"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
