"""How fast ServiceTitan may be called, and how long it asks callers to wait."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TITLE_WAIT = re.compile(r"\bin (\d{1,9}(?:\.\d{1,6})?) (second|minute|hour)", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_UNIT_S = {"second": 1, "minute": 60, "hour": 3600}
# The server counts arrivals, not departures: some slack keeps jitter from costing a refusal, and
# each refusal, whoever else calls with the same app key, makes more of it.
_WINDOW_S = 1.02
_WIDER = 1.03
_WIDEST_S = 1.5
_LATE_TURNS = 4


class Pace:
    """At most `calls` turns in any second, evenly spread, in the order they were asked for.

    Who comes late may catch up a few turns; `hold` stops everybody when the server says so, and
    slows the pace a little from then on.
    """

    def __init__(self, calls: int) -> None:
        self._calls = max(1, calls)
        self._window_s = _WINDOW_S
        self._taken: deque[float] = deque(maxlen=self._calls)
        self._due = 0.0
        self._held_until = 0.0
        self._queue = asyncio.Lock()

    def hold(self, seconds: float) -> None:
        """No turn is given for the next `seconds`."""
        now = time.monotonic()
        if now >= self._held_until:
            self._window_s = min(self._window_s * _WIDER, _WIDEST_S)
        self._held_until = max(self._held_until, now + seconds)

    async def turn(self) -> None:
        """Wait for this caller's turn."""
        async with self._queue:
            while (wait := self._wait(time.monotonic())) > 0:
                await asyncio.sleep(wait)
            now, gap = time.monotonic(), self._window_s / self._calls
            self._taken.append(now)
            self._due = max(self._due, now - _LATE_TURNS * gap) + gap

    def _wait(self, now: float) -> float:
        full = len(self._taken) == self._calls
        free_at = self._taken[0] + self._window_s if full else 0.0
        return max(free_at, self._due, self._held_until) - now


def asked_wait(
    headers: Mapping[str, str], title: str = "", now: datetime | None = None
) -> float | None:
    """Seconds that an answer asks to wait: Retry-After (seconds or date), else what `title` says.

    None when it says nothing that can be understood.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    if value:
        seconds = _until(value, now or datetime.now(UTC))
        if seconds is not None:
            return seconds
    found = _TITLE_WAIT.search(title)
    if found:
        return float(found[1]) * _UNIT_S[found[2].lower()]
    return None


def _until(http_date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
