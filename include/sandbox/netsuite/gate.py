"""How many requests an account serves at once, and how long each one takes."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.netsuite.errors import changed, invalid_login, too_many
from sandbox.netsuite.settings import Settings


class Gate:
    """Slots held for a request's whole duration, and the pace of the work behind them."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._busy: set[str] = set()
        self.active = 0
        self.peak = 0

    @asynccontextmanager
    async def slot(self, settings: Settings) -> AsyncIterator[None]:
        """One slot; raises Refusal when all are taken."""
        if self.active >= settings.concurrency_limit:
            if settings.over_limit == "hang_401":
                await asyncio.sleep(settings.hang_s)
                raise invalid_login()
            raise too_many()
        self.active += 1
        self.peak = max(self.peak, self.active)
        try:
            yield
        finally:
            self.active -= 1

    @asynccontextmanager
    async def work(self, settings: Settings, names: list[str]) -> AsyncIterator[None]:
        """The time a request takes: some of it before its effect, the rest after.

        `names` are the records it writes; another request on one of them meanwhile is refused.
        """
        if settings.overlap_conflict and self._busy & set(names):
            raise changed()
        before, after = self._delays(settings)
        self._busy.update(names)
        try:
            if before:
                await asyncio.sleep(before)
            try:
                yield
            finally:
                if after:
                    await asyncio.sleep(after)
        finally:
            self._busy.difference_update(names)

    def _delays(self, settings: Settings) -> tuple[float, float]:
        if settings.latency_median_s <= 0:
            return 0.0, 0.0
        spread = math.exp(settings.latency_sigma * self._random.gauss(0.0, 1.0))
        total = settings.latency_median_s * spread
        before = total * self._random.random()
        return before, total - before
