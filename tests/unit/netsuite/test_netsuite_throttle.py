from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicetitan_netsuite.netsuite.throttle import Slots


def test_never_more_than_the_share_is_under_way():
    async def scenario():
        slots = Slots(3)
        peak = 0

        async def work():
            nonlocal peak
            async with slots:
                peak = max(peak, slots.in_use)
                await asyncio.sleep(0)

        await asyncio.gather(*(work() for _ in range(50)))
        return peak, slots.in_use

    assert asyncio.run(scenario()) == (3, 0)


def test_a_burst_of_429_lowers_once_and_successes_raise_again():
    async def scenario():
        slots = Slots(8)
        inside = asyncio.Barrier(8)

        async def objected():
            async with slots:
                await inside.wait()
                slots.throttled()

        await asyncio.gather(*(objected() for _ in range(8)))
        lowered = slots.limit
        for _ in range(50):
            async with slots:
                pass
        return lowered, slots.limit

    assert asyncio.run(scenario()) == (4, 8)


def test_the_next_request_waits_as_long_as_it_is_told():
    async def scenario():
        slots = Slots(2)
        async with slots:
            slots.throttled(0.3)
        started = time.monotonic()
        async with slots:
            return time.monotonic() - started

    assert asyncio.run(scenario()) >= 0.28


def test_a_waiter_that_gives_up_loses_no_slot():
    async def scenario():
        slots = Slots(1)
        release = asyncio.Event()

        async def hold():
            async with slots:
                await release.wait()

        async def take():
            async with slots:
                return True

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0)
        gone, last = asyncio.create_task(take()), asyncio.create_task(take())
        await asyncio.sleep(0)
        release.set()
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(holder, gone, return_exceptions=True)
        return await asyncio.wait_for(last, 5), slots.in_use

    assert asyncio.run(scenario()) == (True, 0)


def test_who_comes_back_at_once_does_not_pass_who_waits():
    async def scenario():
        slots = Slots(2)
        rounds = 0

        async def greedy():
            nonlocal rounds
            for _ in range(100):
                async with slots:
                    rounds += 1
                    await asyncio.sleep(0)

        workers = [asyncio.create_task(greedy()) for _ in range(2)]
        await asyncio.sleep(0)
        async with slots:
            before = rounds
        await asyncio.gather(*workers)
        return before

    assert asyncio.run(scenario()) < 10


def test_a_turn_given_to_one_who_is_cancelled_goes_on_to_the_next():
    async def scenario():
        slots = Slots(1)
        release = asyncio.Event()

        async def hold():
            async with slots:
                await release.wait()

        async def take():
            async with slots:
                return True

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0)
        gone, last = asyncio.create_task(take()), asyncio.create_task(take())
        await asyncio.sleep(0)
        release.set()
        holder.add_done_callback(lambda _: gone.cancel())
        await asyncio.gather(holder, gone, return_exceptions=True)
        return await asyncio.wait_for(last, 5), slots.in_use

    assert asyncio.run(scenario()) == (True, 0)


def test_a_failed_request_frees_its_slot():
    async def scenario():
        slots = Slots(1)
        with pytest.raises(RuntimeError):
            async with slots:
                raise RuntimeError
        return slots.in_use

    assert asyncio.run(scenario()) == 0


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Slots(0)


@settings(max_examples=25, deadline=None)
@given(share=st.integers(1, 6), objections=st.lists(st.booleans(), max_size=30))
def test_the_limit_stays_between_one_and_the_share(share, objections):
    async def scenario():
        slots = Slots(share)
        slots._resume_at = 0.0
        for objects in objections:
            async with slots:
                if objects:
                    slots.throttled()
                    slots._resume_at = 0.0  # the pauses are another test's
            assert 1 <= slots.limit <= share
        assert slots.in_use == 0

    asyncio.run(scenario())
