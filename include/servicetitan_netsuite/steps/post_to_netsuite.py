"""Post this run's ready documents exactly once, verify them, and report them back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Iterator

from sqlalchemy import Connection

from servicetitan_netsuite.documents import AccountProfile
from servicetitan_netsuite.errors import SyncError, UncertainOutcome
from servicetitan_netsuite.ledger import profiles, runs, sending
from servicetitan_netsuite.ledger.engine import moment
from servicetitan_netsuite.ledger.moves import Actor
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.netsuite.throttle import Slots
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps import extract_pending, validate_mappings
from servicetitan_netsuite.steps.contacts import make_contacts
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.posting.desk import Desk
from servicetitan_netsuite.steps.posting.resolver import Resolver
from servicetitan_netsuite.steps.posting.sender import Sender
from servicetitan_netsuite.steps.posting.verifier import Verifier
from servicetitan_netsuite.steps.reporting import report
from servicetitan_netsuite.steps.work import Work, working

STEP = "post_to_netsuite"
GRACE_S = 4.0
"""After SIGTERM: what has not answered by then stays `sending` and is looked up later."""

_LOG_EVERY_S = 10.0
_LOOK_EVERY_S = 1.0
_LOOK_PART = 20
"""Looking up and verifying take at most this part of one slot's time while sending goes on."""


log = logging.getLogger(__name__)


def run(context: RunContext) -> dict[str, int]:
    """Post; how many answers of each kind came (of a dry run: how many documents would be posted).

    Raises:
        UncertainOutcome: some documents' settle time is not over; carries the seconds left.
        Waiting: a server or the ledger is away, or another worker has the tenant.
        ConfigurationError: NetSuite refuses the connection; what was not sent stays ready.
        LeaseLost: another worker took this tenant over.
    """
    with working(context, STEP, (extract_pending.run, validate_mappings.run)) as work:
        if work.run.dry_run:
            ready = runs.verdict_counts(work.ledger, work.run).get("ready", 0)
            log.info("Dry run: %d documents would be posted; nothing was sent.", ready)
            return {"would_post": ready}
        return asyncio.run(_post(work))


async def _post(work: Work) -> dict[str, int]:
    context = work.context
    limits = times(context.netsuite)
    own = servicetitan_credentials(context.servicetitan, work.tenant_id)
    async with (
        ServiceTitan(own, context.on_secret) as servicetitan,
        NetSuite(netsuite_credentials(context.netsuite), limits, context.on_secret) as netsuite,
    ):
        share = context.tenant.netsuite.concurrency
        desk = Desk(
            work, netsuite, servicetitan, await _profile(work, netsuite), slots=Slots(share)
        )
        await desk.write(_take_over, work, desk.fence, limits.settle_s)
        with _stopping(desk):
            await _loops(desk, share)
        if desk.failure:
            raise desk.failure
        await desk.write(sending.block_orphaned_children, work.run)
        await make_contacts(work, netsuite)
        _raise_if_uncertain(work)
        return dict(desk.counts)


async def _profile(work: Work, netsuite: NetSuite) -> AccountProfile:
    known = profiles.read(work.ledger, work.context.netsuite.id)
    return known or await account.discover(netsuite)


def _take_over(connection: Connection, work: Work, fence: int, settle_s: float) -> None:
    """What an earlier worker left in sending is uncertain from now on."""
    actor = Actor(run_id=work.run.id)
    left = sending.orphans_to_uncertain(connection, work.tenant_id, fence, settle_s, actor)
    if left:
        log.warning("%d documents were left in sending by an earlier worker: looked up now.", left)


async def _loops(desk: Desk, share: int) -> None:
    """Send until nothing is ready: a look-up may release what waited for its parent."""
    resolver, verifier = Resolver(desk), Verifier(desk)
    await resolver.pass_over()
    # What an earlier run posted is compared before this one uses the same credits further.
    await verifier.pass_over()
    async with _progress(desk):
        while True:
            await _round(desk, share, resolver, verifier)
            if desk.failure or not await desk.read(sending.ready, desk.work.run, 1):
                return


async def _round(desk: Desk, share: int, resolver: Resolver, verifier: Verifier) -> None:
    """Resolve, send, verify and report side by side, then finish what the last sends left."""
    sender = asyncio.create_task(Sender(desk, share).run())
    try:
        await _follow(desk, sender, resolver, verifier)
    except asyncio.CancelledError:
        desk.halt(SyncError("Interrupted; what was being sent is looked up by the next run."))
        desk.leave_within(GRACE_S)
        raise
    finally:
        await _let_finish(desk, sender)
    if not desk.failure:
        await resolver.pass_over()
        await verifier.pass_over()
        await report(desk.work, desk.servicetitan)


async def _follow(
    desk: Desk, sender: asyncio.Task[None], resolver: Resolver, verifier: Verifier
) -> None:
    """While sending goes on: look up what is uncertain, verify what is posted, report it."""
    next_at = 0.0
    while not sender.done() and not desk.stop.is_set():
        # Python 3.11's wait_for can lose an interruption that comes as the sender ends.
        await asyncio.wait([sender], timeout=_LOOK_EVERY_S)
        if not desk.changed.is_set() or time.monotonic() < next_at:
            continue
        desk.changed.clear()
        started = time.monotonic()
        await resolver.pass_over()
        await verifier.pass_over()
        ended = time.monotonic()
        next_at = ended + _LOOK_PART * (ended - started)
        await report(desk.work, desk.servicetitan)


async def _let_finish(desk: Desk, sender: asyncio.Task[None]) -> None:
    """Wait for the answers to what is under way; a step that has to end waits only a moment."""
    if desk.leave_at is not None:
        await asyncio.wait([sender], timeout=max(0.0, desk.leave_at - time.monotonic()))
        sender.cancel()
    try:
        await sender
    except asyncio.CancelledError:
        log.warning("Stopped with requests under way; their documents are looked up next time.")
        task = asyncio.current_task()
        if task and task.cancelling():
            raise
    except BaseExceptionGroup as group:
        raise _worst(group) from group


def _raise_if_uncertain(work: Work) -> None:
    row = work.ledger.rows("queue/next_check", tenant_id=work.tenant_id)[0]
    if not row.n:
        return
    wait = max(1.0, (moment(row.check_after) - moment(row.now)).total_seconds() + 0.1)
    raise UncertainOutcome(
        f"{row.n} documents were sent without an answer; they are looked up again "
        f"in {wait:.0f} s and then confirmed or sent again.",
        wait_s=wait,
    )


@contextlib.contextmanager
def _stopping(desk: Desk) -> Iterator[None]:
    """On SIGTERM send nothing new and end soon; outside the main thread there is no signal."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task, "posting runs in a task"
    stopped = SyncError("Stopped by SIGTERM; nothing is lost.")

    def stop() -> None:
        desk.halt(stopped)
        desk.leave_within(GRACE_S)
        # Whatever else is under way, looking up or reporting, must not outlast the grace either.
        loop.call_later(GRACE_S, task.cancel)

    try:
        loop.add_signal_handler(signal.SIGTERM, stop)
    except (RuntimeError, ValueError):
        yield
        return
    try:
        yield
    except asyncio.CancelledError:
        raise (desk.failure if desk.failure is stopped else asyncio.CancelledError()) from None
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


@contextlib.asynccontextmanager
async def _progress(desk: Desk) -> AsyncIterator[None]:
    """Show how far sending is, every second, and in the log every ten."""
    work = desk.work
    total = int(work.ledger.rows("queue/count_to_post", run_id=work.run.id)[0].n)
    started = time.monotonic()

    def show(*, all_done: bool = False) -> float:
        done = sum(n for kind, n in desk.counts.items() if kind != "not_sent")
        # Some need no answer: found as they should be, or stopped by what they waited for.
        done = max(done, total) if all_done else done
        spent = max(time.monotonic() - started, 0.001)
        work.progress(done, max(total, done), done / spent)
        return done / spent

    async def ticking() -> None:
        logged = time.monotonic()
        while True:
            await asyncio.sleep(1.0)
            rate = show()
            if time.monotonic() - logged >= _LOG_EVERY_S:
                logged = time.monotonic()
                log.info("Posting: %d answers, %.1f a second", desk.counts.total(), rate)

    ticker, all_done = asyncio.create_task(ticking()), False
    try:
        yield
        all_done = not desk.failure
    finally:
        ticker.cancel()
        show(all_done=all_done)


def _worst(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one exception of a group that tells what to do: ours before anybody else's."""
    flat: list[BaseException] = []
    for error in group.exceptions:
        flat.append(_worst(error) if isinstance(error, BaseExceptionGroup) else error)
    ours = [error for error in flat if isinstance(error, SyncError)]
    return (ours or flat)[0]
