"""`python -m servicetitan_netsuite.orchestration.demo up | down | clean`."""

from __future__ import annotations

import os
import shutil
import sys
import time

from rich.console import Console

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.orchestration.demo import airflow_home, processes, services, show
from servicetitan_netsuite.orchestration.demo.api import call
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places, places

JOURNAL_ENTRIES, DOCUMENTS = "netsuite_sync_alb", "netsuite_sync_den"
"""One tenant of each method."""
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
    """Start whatever does not run, sync a tenant of each method, and show it."""
    began = time.monotonic()

    def say(text: str) -> None:
        console.print(f"[{time.monotonic() - began:5.1f} s] {text}", markup=False)

    where.run.mkdir(mode=0o700, exist_ok=True)
    password = airflow_home.prepare(where)
    services.start_sandbox(where)
    services.make_database(where, say)
    services.await_sandbox(where, say)
    airflow = services.start_airflow(where, password, say)
    for dag_id in (JOURNAL_ENTRIES, DOCUMENTS):
        processes.wait_for(
            f"Dag {dag_id}",
            lambda dag_id=dag_id: airflow.dag_is_there(dag_id),  # type: ignore[misc]
            _PARSED_S,
            lambda: processes.need_running(where, "dag-processor"),
        )
    say(_start_syncing(where))
    say(_post_batch(where))
    runs = {dag: airflow.trigger(dag, {"dry_run": False}) for dag in (JOURNAL_ENTRIES, DOCUMENTS)}
    say(f"Airflow: {' and '.join(runs)} triggered")
    failed = []
    for dag_id, run_id in runs.items():
        state = show.watch(console, airflow, where, dag_id, run_id)
        say(f"{dag_id}: run {state}")
        result = airflow.result(dag_id, run_id, "summarize")
        if isinstance(result, dict):
            show.summary(console, result)
        failed += [dag_id] if state != "success" else []
    show.where(console, where, list(runs), password)
    if failed:
        raise DemoError(f"{' and '.join(failed)} failed; the task logs are in Airflow.")


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
    body = {"tenant_id": 1001, "all": True, "limit": ENTRIES}
    started = _press(where, "journal-entries/start-syncing", body)["started"]
    return f"ServiceTitan: Start Syncing pressed on {started} journal entries"


def _post_batch(where: Places) -> str:
    """Batch documents of all types that are in no batch yet, and post the batch."""
    body = {"tenant_id": 1004, "name": "Demo", "all": True}
    batch = _press(where, "batches", body)
    _press(where, f"batches/{batch['id']}/post", {})
    return f"ServiceTitan: batch {batch['number']} of {batch['count']} documents posted"


def _press(where: Places, control: str, body: Json) -> Json:
    """Do in ServiceTitan's own pages what a person would."""
    base = f"http://127.0.0.1:{where.ports['SERVICETITAN_PORT']}"
    pressed: Json = call("POST", f"{base}/sandbox/{control}", body)
    return pressed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
