"""What the demo shows: a run while it works, its summary, and where to look next."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from servicetitan_netsuite.orchestration.demo.airflow_home import USER
from servicetitan_netsuite.orchestration.demo.api import Airflow
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places

TASKS = ("extract_pending", "validate_mappings", "post_to_netsuite", "summarize")
_DONE = ("success", "failed")
_LONGEST_S = 600.0
_STYLES = {"success": "green", "failed": "red", "running": "yellow", "up_for_retry": "yellow"}


def watch(console: Console, airflow: Airflow, dag_id: str, run_id: str) -> str:
    """Show the four tasks while they work; the run's last state.

    Raises:
        DemoError: it takes far longer than it should.
    """
    deadline = time.monotonic() + _LONGEST_S
    shown: tuple[str, ...] = ()
    with Live(console=console, refresh_per_second=4, transient=not console.is_terminal) as live:
        while True:
            state = airflow.run_state(dag_id, run_id)
            tasks = {task["task_id"]: task for task in airflow.tasks(dag_id, run_id)}
            live.update(_tasks_table(tasks))
            states = tuple(str(tasks.get(name, {}).get("state")) for name in TASKS)
            if not console.is_terminal and states != shown:
                console.print("  ".join(f"{n}: {s}" for n, s in zip(TASKS, states, strict=True)))
            shown = states
            if state in _DONE:
                return state
            if time.monotonic() > deadline:
                raise DemoError(
                    f"The run has been {state} for {_LONGEST_S:.0f} s; look at {run_id}."
                )
            time.sleep(0.3)


def summary(console: Console, result: dict[str, Any]) -> None:
    """The run summary as tables."""
    tenant = result["tenant"]
    console.rule(Text(f"{tenant['name']}: {result['status'].replace('_', ' ')}"))
    for part in result["types"]:
        console.print(_counts_table(part))
    if result["problems"]:
        console.print(_problems_table(result["problems"]))
    tied = result["tie_out"]
    if tied["checked"]:
        console.print(f"Tie-out: difference {tied['difference']} over {len(tied['rows'])} accounts")


def where(console: Console, places: Places, dag_id: str, password: str) -> None:
    """Addresses, login, logs."""
    table = Table.grid(padding=(0, 2))
    table.add_row("Airflow", f"{places.ui}/dags/{dag_id}")
    table.add_row("login", f"{USER} / {password}")
    table.add_row("stand-ins", str(places.sandbox_file))
    table.add_row("logs", f"{places.logs} and {places.airflow_home / 'logs'}")
    table.add_row("stop", "make down   (make clean forgets everything)")
    console.rule("Still running")
    console.print(table, soft_wrap=True)


def _tasks_table(tasks: dict[str, dict[str, Any]]) -> Table:
    table = Table("task", "state", "seconds", box=None)
    for name in TASKS:
        task = tasks.get(name, {})
        state = task.get("state") or "waiting"
        seconds = task.get("duration")
        shown = f"{seconds:.1f}" if seconds else ""
        table.add_row(name, Text(state, style=_STYLES.get(state, "dim")), shown)
    return table


def _counts_table(part: dict[str, Any]) -> Table:
    table = Table(title=part["type"].replace("_", " ").capitalize() + " documents")
    table.add_column("state")
    table.add_column("documents", justify="right")
    table.add_column("amount", justify="right")
    for name, counted in part["counts"].items():
        if counted["count"]:
            table.add_row(name, str(counted["count"]), str(counted["amount"]))
    return table


def _problems_table(problems: list[dict[str, Any]]) -> Table:
    table = Table(title="What needs a person")
    table.add_column("documents", justify="right")
    table.add_column("what is wrong")
    table.add_column("what to do")
    for problem in problems:
        table.add_row(
            str(problem["documents"]), Text(problem["sentence"]), Text(problem["advice"] or "")
        )
    return table
