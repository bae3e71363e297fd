from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest

from servicetitan_netsuite.servicetitan.pace import Pace, asked_wait

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "title", "seconds"),
    [
        ("7", "", 7.0),
        ("1.5", "", 1.5),
        ("Sun, 01 Mar 2026 12:00:26 GMT", "", 26.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", "", 0.0),
        ("", "Rate limit is exceeded. Try again in 26 seconds.", 26.0),
        ("", "Rate limit is exceeded. Try again in 1 second.", 1.0),
        ("", "Try again in 2 minutes", 120.0),
        ("soon", "Try again in 3 seconds.", 3.0),
        ("-5", "", None),
        ("nan", "", None),
        ("9" * 400, "", None),
        ("", "Rate limit is exceeded.", None),
    ],
)
def test_the_wait_is_read_from_the_header_or_else_the_title(
    header: str, title: str, seconds: float | None
) -> None:
    assert asked_wait({"Retry-After": header} if header else {}, title, NOW) == seconds


def test_no_second_sees_more_turns_than_allowed() -> None:
    async def turns() -> list[float]:
        pace = Pace(50)
        taken: list[float] = []

        async def one() -> None:
            await pace.turn()
            taken.append(time.monotonic())

        await asyncio.gather(*(one() for _ in range(70)))
        return taken

    taken = asyncio.run(turns())
    assert all(later - earlier >= 1.0 for earlier, later in zip(taken, taken[50:], strict=False))
    assert taken[10] - taken[0] > 0.08, "they are spread, not sent in one burst"
    assert taken[69] - taken[0] < 2.0, "and not slower than they may be"


def test_a_hold_stops_everybody() -> None:
    async def held() -> float:
        pace = Pace(50)
        started = time.monotonic()
        pace.hold(0.15)
        await asyncio.gather(pace.turn(), pace.turn())
        return time.monotonic() - started

    assert asyncio.run(held()) >= 0.15
