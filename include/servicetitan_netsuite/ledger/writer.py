"""One writer thread per process: many small changes, one commit; the event loop never waits."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from servicetitan_netsuite.errors import LeaseLost
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease

T = TypeVar("T")
_GROUP = 256
_WINDOW_S = 0.003
"""A commit waits this long for company: it costs more than all the changes it carries."""


class Writer:
    """Applies changes to the ledger in the order given, grouped into commits.

    A change's future is done only after its commit. Every group first checks the lease's fence.
    When one change of a group fails, the group is rolled back and each change is tried in a
    transaction of its own, so that one bad change never takes another with it. A lost lease or
    a ledger that is away fails them all at once: trying each would only fail each, slowly.

    A queued change is applied even when whoever waits for it is cancelled: an answer that came
    is never forgotten.
    """

    def __init__(self, ledger: Ledger, lease: Lease | None = None) -> None:
        self._ledger = ledger
        self._lease = lease
        self._queue: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._open = True
        self._order = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="ledger-writer", daemon=True)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._order:
            self._open = False
            self._queue.put(None)
        self._thread.join()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue one change; its result, or its exception, comes with the future."""
        item = _Change(work)
        with self._order:
            if self._open:
                self._queue.put(item)
            else:
                item.future.set_exception(RuntimeError("The ledger's writer is closed."))
        return item.future

    def do(self, work: Callable[[Connection], T]) -> T:
        """Apply one change and wait for its commit."""
        return self.submit(work).result()

    async def done(self, work: Callable[[Connection], T]) -> T:
        """Apply one change and wait for its commit without holding up the event loop."""
        return await asyncio.wrap_future(self.submit(work))

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._group(first)
            self._apply(group)
            if last:
                return

    def _group(self, first: _Change) -> tuple[list[_Change], bool]:
        group = [first]
        # Never `get(timeout=...)`: as the time runs out, CPython's SimpleQueue may wait for ever.
        time.sleep(_WINDOW_S)
        while len(group) < _GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return group, False
            if item is None:
                return group, True
            group.append(item)
        return group, False

    def _apply(self, group: list[_Change]) -> None:
        try:
            results = self._commit(group)
        except BaseException as error:  # a future must never be left without an answer
            if len(group) > 1 and not isinstance(error, LeaseLost | OperationalError):
                for item in group:
                    self._apply([item])
            else:
                for item in group:
                    item.future.set_exception(error)
            return
        for item, result in zip(group, results, strict=True):
            item.future.set_result(result)

    def _commit(self, group: list[_Change]) -> list[Any]:
        with self._ledger.writing() as connection:
            if self._lease:
                self._lease.check(connection)
            return [item.work(connection) for item in group]


class _Change:
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        # From now on it cannot be cancelled, which would leave the thread with nobody to answer.
        self.future.set_running_or_notify_cancel()
