"""Several pieces of work at once over a stream, with no more in memory than is under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def in_parallel(
    source: AsyncGenerator[Item, None],
    work: Callable[[Item], Coroutine[Any, Any, Result]],
    width: int,
) -> AsyncGenerator[Result, None]:
    """Results of `work` on the items of `source`, as they complete, at most `width` under way.

    One item is fetched ahead and waits for room. The first error ends everything: what is under
    way is cancelled and `source` closed, as also when the caller stops early.
    """
    running: set[asyncio.Task[Result]] = set()
    fetching: asyncio.Task[Item | None] | None = asyncio.create_task(_next(source))
    try:
        while running or fetching:
            waited: set[asyncio.Task[Any]] = set(running)
            if fetching and len(running) < width:
                waited.add(fetching)
            done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if fetching in done:
                item, fetching = fetching.result(), None
                if item is not None:
                    running.add(asyncio.create_task(work(item)))
                    fetching = asyncio.create_task(_next(source))
            for task in done & running:
                running.discard(task)
                yield task.result()
    finally:
        left = [*running, *([fetching] if fetching else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await source.aclose()


async def _next(source: AsyncGenerator[Item, None]) -> Item | None:
    return await anext(source, None)


async def together(*work: Coroutine[Any, Any, Result]) -> list[Result]:
    """Results of all `work`, in its order; the first error cancels the rest and is raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
