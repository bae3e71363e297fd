"""The four steps without Airflow: in this process, with progress bars and bounded patience."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from servicetitan_netsuite.commands.base import Exit, complain, exit_for, say
from servicetitan_netsuite.connections import find, ledger_url
from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import SyncError, Waiting
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.steps import (
    extract_pending,
    post_to_netsuite,
    summarize,
    validate_mappings,
)
from servicetitan_netsuite.steps.context import Progress, RunContext, RunParams
from servicetitan_netsuite.steps.summary_text import plain
from servicetitan_netsuite.tenants import read_tenant

DAG_ID = "cli"
STEPS: tuple[tuple[str, Callable[[RunContext], object]], ...] = (
    ("extract_pending", extract_pending.run),
    ("validate_mappings", validate_mappings.run),
    ("post_to_netsuite", post_to_netsuite.run),
)
T = TypeVar("T")


@dataclass(slots=True)
class Patience:
    """Seconds that a command may still spend waiting for what goes on by itself."""

    left_s: float

    def work(self, what: Callable[[], T], tell: Callable[[str], None]) -> T:
        """Do `what`, again after each wait it asks for.

        Raises:
            Waiting: it asks for longer than there is patience left.
        """
        while True:
            try:
                return what()
            except Waiting as error:
                wait_s = max(0.1, error.wait_s)
                if wait_s > self.left_s:
                    raise
                self.left_s -= wait_s
                tell(f"{error} Again in {wait_s:.0f} s.")
                time.sleep(wait_s)


def run(key: str, params: RunParams, max_wait_s: float, *, as_json: bool, verbose: bool) -> int:
    """Sync one tenant and show the summary; the exit code follows the run's status."""
    context = context_of(key, params)
    with shown(context, verbose=verbose) as (watched, tell):
        patience = Patience(max_wait_s)
        failed, trouble = _steps(watched, patience, tell)
        summary = patience.work(lambda: summarize.run(watched, failed), tell)
    say(json.dumps(summary, indent=2, ensure_ascii=False) if as_json else summary["text"])
    if trouble is not None:
        complain(sentence_of(trouble))
        code = exit_for(trouble)
        return Exit.FAILED if code in (Exit.ERRORS, Exit.UNEXPECTED) else code
    return status_exit(summary)


def status_exit(summary: Json) -> Exit:
    """The exit code of a run's status."""
    codes = {"failed": Exit.FAILED, "completed_with_errors": Exit.ERRORS}
    return codes.get(summary["status"], Exit.FINE)


def context_of(key: str, params: RunParams) -> RunContext:
    """A run of the command line: tenant file, connections and ledger from the environment.

    Raises:
        ConfigurationError: one of them is missing or wrong.
    """
    tenant = read_tenant(key)
    url = ledger_url()
    open_ledger(url).close()
    now = datetime.now(UTC)
    return RunContext(
        tenant=tenant,
        params=params,
        dag_id=DAG_ID,
        run_id=f"cli__{now:%Y-%m-%dT%H:%M:%S}__{tenant.key}_{secrets.token_hex(4)}",
        ledger_url=url,
        servicetitan=find(tenant.servicetitan.connection),
        netsuite=find(tenant.netsuite.connection),
    )


def _steps(
    context: RunContext, patience: Patience, tell: Callable[[str], None]
) -> tuple[tuple[str, ...], BaseException | None]:
    """The steps that did not succeed, and what stopped the first of them."""
    for place, (name, step) in enumerate(STEPS):
        context.on_progress(Progress(name, 0, 0))
        try:
            patience.work(lambda step=step: step(context), tell)  # type: ignore[misc]
        except (Exception, KeyboardInterrupt) as error:  # the summary is told whatever happened
            if not isinstance(error, SyncError | KeyboardInterrupt):
                logging.getLogger(__name__).debug("Unexpected", exc_info=error)
            return tuple(later for later, _ in STEPS[place:]), error
    return (), None


def sentence_of(error: BaseException) -> str:
    """What stopped a run, for a person."""
    if isinstance(error, SyncError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted: what was being sent is looked up when the next run starts."
    return f"An unexpected {type(error).__name__}: {error} (--verbose shows where)."


@contextmanager
def shown(
    context: RunContext, *, verbose: bool
) -> Iterator[tuple[RunContext, Callable[[str], None]]]:
    """The context with its progress shown on stderr, and a way to tell what is waited for."""
    console = Console(stderr=True)
    handler = RichHandler(console=console, show_path=False, markup=False, rich_tracebacks=False)
    root = logging.getLogger("servicetitan_netsuite")
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.DEBUG if verbose else logging.WARNING)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
    )
    bars = Bars(*columns, console=console)
    tasks: dict[str, TaskID] = {}

    def show(progress: Progress) -> None:
        if progress.step not in tasks:
            for task in tasks.values():
                bars.stop_task(task)
            tasks[progress.step] = bars.add_task(progress.step, total=None, pace="")
        bars.update(
            tasks[progress.step],
            completed=progress.done,
            total=progress.total or None,
            pace=_pace(progress),
        )

    try:
        with bars:
            yield (
                replace(context, on_progress=show),
                lambda sentence: console.print(escape(plain(sentence)), highlight=False),
            )
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def _pace(progress: Progress) -> str:
    left = f", {progress.left_s:.0f} s left" if progress.left_s is not None else ""
    return f"{progress.rate:.1f} a second{left}" if progress.rate else ""
