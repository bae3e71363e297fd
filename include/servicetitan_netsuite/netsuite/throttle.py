"""How many requests may be under way at once: a tenant's share, less while NetSuite objects."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from types import TracebackType
from typing import Self

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 30.0


class Slots:
    """Adaptive concurrency under `share`: halved by a 429, raised by one for each full round.

    Every request runs inside `async with slots:`; who meets a 429 calls `throttled` before leaving
    the block, who leaves without that or an exception counts as a success. A burst of 429 from
    requests that started together lowers once. New requests wait out the pause a 429 asks for.
    Slots are given in the order they were asked for: who comes back at once passes nobody.
    """

    def __init__(self, share: int) -> None:
        if share < 1:
            raise ValueError("a tenant's share is at least one slot")
        self._share = share
        self._allowed = float(share)
        self._in_use = 0
        self._lowered = 0
        self._in_a_row = 0
        self._resume_at = 0.0
        self._started: dict[asyncio.Task[object] | None, int] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        """Requests allowed at once just now, from 1 to the share."""
        return int(self._allowed)

    @property
    def in_use(self) -> int:
        """Requests under way."""
        return self._in_use

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        if self._waiting or self._in_use >= self.limit:
            await self._wait(loop.create_future())
        else:
            self._in_use += 1
        try:
            while (pause := self._resume_at - loop.time()) > 0:
                await asyncio.sleep(pause)
        except BaseException:
            self._release()
            raise
        self._started[asyncio.current_task()] = self._lowered
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        objected = self._started.pop(asyncio.current_task(), None) is None
        if kind is None and not objected:
            self._in_a_row = 0
            self._allowed = min(float(self._share), self._allowed + 1 / self._allowed)
        self._release()

    def throttled(self, wait_s: float = 0.0) -> None:
        """NetSuite said that too much is under way; `wait_s` is what it asks to wait, if told."""
        started = self._started.pop(asyncio.current_task(), self._lowered)
        if started < self._lowered:
            return
        self._lowered += 1
        self._allowed = max(1.0, self.limit / 2)
        backoff = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(self._in_a_row, 16))
        self._in_a_row += 1
        pause = max(wait_s, backoff * random.uniform(0.5, 1.0))  # noqa: S311 - only spreads load
        resume_at = asyncio.get_running_loop().time() + pause
        self._resume_at = max(self._resume_at, resume_at)

    async def _wait(self, turn: asyncio.Future[None]) -> None:
        """Wait for a slot; whoever gives the turn has counted it as in use."""
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif not turn.cancelled():
                self._release()
            raise

    def _release(self) -> None:
        self._in_use -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self._in_use < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self._in_use += 1
                turn.set_result(None)
