"""What all steps share: the open ledger, the run's page, the lease, and how a step is noted."""

from __future__ import annotations

import getpass
import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError

from servicetitan_netsuite.errors import (
    SyncError,
    TransientError,
    Waiting,
)
from servicetitan_netsuite.ledger import runs
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.ledger.writer import Writer
from servicetitan_netsuite.netsuite.credentials import Times, times
from servicetitan_netsuite.steps.context import Progress, RunContext

log = logging.getLogger(__name__)

LEDGER_WAIT_S = 15.0


@dataclass(frozen=True, slots=True)
class Work:
    """One step at work. A dry run has no lease: it writes nothing but its own page."""

    context: RunContext
    step: str
    ledger: Ledger
    run: runs.Run
    writer: Writer
    lease: Lease | None

    @property
    def tenant_id(self) -> str:
        """ServiceTitan's id of the tenant, by which the ledger knows it."""
        return self.context.tenant.servicetitan.tenant_id

    def progress(self, done: int, total: int, rate: float = 0.0) -> None:
        """Show how far the step is: in the ledger, and to whoever watches."""
        left = (total - done) / rate if rate > 0 else None
        shown = Progress(self.step, done, total, rate, left)
        self.context.on_progress(shown)
        self.writer.submit(
            lambda c: runs.progress_step(c, self.run, self.step, done, total, describe(shown))
        )


def describe(progress: Progress) -> str:
    """A progress in words: `120 of 400, 8.2 a second, 34 s left`."""
    words = f"{progress.done} of {progress.total}"
    if progress.rate > 0:
        words += f", {progress.rate:.1f} a second"
    if progress.left_s is not None:
        words += f", {progress.left_s:.0f} s left"
    return words


@contextmanager
def working(
    context: RunContext,
    step: str,
    earlier: tuple[Callable[[RunContext], Any], ...] = (),
    *,
    alone: bool = False,
) -> Iterator[Work]:
    """Set one step up and note how it ends.

    Args:
        context: the task.
        step: its name.
        earlier: the steps before this one, none for the first. Where the run's newest generation
            has ended, this task was cleared: what was pending then may not be now, so a new
            generation starts from the first step.
        alone: the run has no other step that writes: tried again, it goes on with its page.

    Raises:
        LeaseHeld: another worker is busy with this tenant.
        TransientError: the ledger does not answer.
        ConfigurationError: the ledger needs migrating.
    """
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(context.ledger_url))
            run = _unfinished(context, ledger) if alone else None
            run = run or _run_of(context, ledger, earlier)
        except OperationalError as error:
            raise _ledger_away(error) from error
        try:
            yield from _noted(context, step, ledger, run)
        except OperationalError as error:
            raise _ledger_away(error) from error


def _noted(context: RunContext, step: str, ledger: Ledger, run: runs.Run) -> Iterator[Work]:
    runs.start_step(ledger, run, step)
    try:
        with ExitStack() as stack:
            lease = None
            if not run.dry_run:
                lease = stack.enter_context(_lease(context, ledger, step))
            writer = stack.enter_context(Writer(ledger, lease))
            yield Work(context, step, ledger, run, writer, lease)
    except Waiting as error:
        runs.end_step(ledger, run, step, "waiting", str(error))
        raise
    except SyncError as error:
        runs.end_step(ledger, run, step, "failed", str(error))
        raise
    except BaseException as error:
        runs.end_step(ledger, run, step, "failed", f"An unexpected {type(error).__name__}.")
        raise
    runs.end_step(ledger, run, step, "done")


def _unfinished(context: RunContext, ledger: Ledger) -> runs.Run | None:
    return runs.unfinished_run(ledger, context.dag_id, context.run_id)


def _run_of(
    context: RunContext, ledger: Ledger, earlier: tuple[Callable[[RunContext], Any], ...]
) -> runs.Run:
    if earlier:
        found = runs.unfinished_run(ledger, context.dag_id, context.run_id)
        if found:
            return found
        log.info("This run has ended: a new generation starts with extract_pending.")
        for before in earlier:
            before(context)
        found = runs.unfinished_run(ledger, context.dag_id, context.run_id)
        assert found, "extract_pending opens a generation"
        return found
    return runs.open_run(
        ledger,
        context.tenant.servicetitan.tenant_id,
        context.dag_id,
        context.run_id,
        dry_run=context.params.dry_run,
        params=context.params.model_dump(mode="json"),
    )


def _lease(context: RunContext, ledger: Ledger, step: str) -> Lease:
    """The tenant's lease. It outlasts any request that starts while it is held (client timeout)."""
    limits = times(context.netsuite)
    holder = (
        f"{context.dag_id} / {context.run_id} / {step} "
        f"({_user()}@{socket.gethostname()}, process {os.getpid()})"
    )
    return Lease(
        ledger,
        context.tenant.servicetitan.tenant_id,
        holder,
        lease_seconds(limits),
        limits.renew_s,
    )


def lease_seconds(limits: Times) -> float:
    """How long a lease lasts: long enough that a request may start while renewals lag behind."""
    return max(limits.lease_s, limits.timeout_s + 3 * limits.renew_s)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _ledger_away(error: OperationalError) -> TransientError:
    kind = type(error.orig).__name__ if error.orig else type(error).__name__
    return TransientError(
        f"The ledger does not answer ({kind}). Nothing is lost; the step goes on when it does.",
        wait_s=LEDGER_WAIT_S,
    )
