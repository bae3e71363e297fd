"""What the demo shows: a run while it works, its summary, and where to look next."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.orchestration.demo.airflow_home import USER
from servicetitan_netsuite.orchestration.demo.api import Airflow
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places

TASKS = ("extract_pending", "validate_mappings", "post_to_netsuite", "summarize")
_DONE = ("success", "failed")
_LONGEST_S = 600.0
_STYLES = {"success": "green", "failed": "red", "running": "yellow", "up_for_retry": "yellow"}


def watch(console: Console, airflow: Airflow, where: Places, dag_id: str, run_id: str) -> str:
    """Show the four tasks while they work; the run's last state.

    Raises:
        DemoError: it takes far longer than it should.
    """
    deadline = time.monotonic() + _LONGEST_S
    told: dict[str, str] = {}
    with Live(console=console, refresh_per_second=4, auto_refresh=console.is_terminal) as live:
        while True:
            state = airflow.run_state(dag_id, run_id)
            tasks = {task["task_id"]: task for task in airflow.tasks(dag_id, run_id)}
            if console.is_terminal:
                live.update(_tasks_table(tasks, _counts(where, dag_id, run_id)))
            else:
                _tell(console, tasks, told)
            if state in _DONE:
                return state
            if time.monotonic() > deadline:
                raise DemoError(f"{run_id} is still {state} after {_LONGEST_S:.0f} s.")
            time.sleep(0.3)


def summary(console: Console, result: dict[str, Any]) -> None:
    """The run summary, as the task's log and the command line show it."""
    tenant = result["tenant"]
    console.rule(Text(f"{tenant['name']}: {result['status'].replace('_', ' ')}"))
    console.print(Text(result["text"].partition("\n")[2]), soft_wrap=True)


def where(console: Console, places: Places, dag_ids: Sequence[str], password: str) -> None:
    """Addresses, login, logs."""
    table = Table.grid(padding=(0, 2))
    for dag_id in dag_ids:
        table.add_row("Airflow", f"{places.ui}/dags/{dag_id}")
    table.add_row("login", f"{USER} / {password}")
    table.add_row("stand-ins", str(places.sandbox_file))
    table.add_row("logs", f"{places.logs} and {places.airflow_home / 'logs'}")
    table.add_row("stop", "make down   (make clean forgets everything)")
    console.rule("Still running")
    console.print(table, soft_wrap=True)


def _counts(where: Places, dag_id: str, run_id: str) -> dict[str, str]:
    """Documents done of total by task, from the ledger."""
    with Ledger(f"sqlite:///{where.run / 'ledger.db'}") as ledger:
        page = pages.find_run(ledger, dag_id, run_id)
        lines = pages.steps(ledger, page) if page else {}
    return {name: f"{line.done} of {line.total}" for name, line in lines.items() if line.total}


def _tell(console: Console, tasks: dict[str, dict[str, Any]], told: dict[str, str]) -> None:
    """One line for each change, where there is no terminal to redraw."""
    for name in TASKS:
        state = tasks.get(name, {}).get("state") or "waiting"
        if state in _STYLES and told.get(name) != state:
            told[name] = state
            console.print(f"          {name}: {state}", markup=False)


def _tasks_table(tasks: dict[str, dict[str, Any]], counts: dict[str, str]) -> Table:
    table = Table("task", "state", "seconds", "documents", box=None)
    for name in TASKS:
        task = tasks.get(name, {})
        state = task.get("state") or "waiting"
        seconds = task.get("duration")
        shown = f"{seconds:.1f}" if seconds else ""
        table.add_row(
            name, Text(state, style=_STYLES.get(state, "dim")), shown, counts.get(name, "")
        )
    return table
