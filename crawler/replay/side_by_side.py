"""Many things at once, but never more than a window of them: constant memory however long the list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

END = object()


async def side_by_side(items: Iterator[T], work: Callable[[T], Awaitable[None]], *, window: int) -> None:
    """Await `work` on each of `items`, `window` at a time; the first error ends it all and is raised.

    `items` may take its time: it is asked in a thread.
    """
    room = asyncio.Semaphore(window)
    under_way: set[asyncio.Task[None]] = set()
    failed: list[BaseException] = []

    def done(task: asyncio.Task[None]) -> None:
        under_way.discard(task)
        room.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            failed.append(error)

    async def begin(item: T) -> None:
        await work(item)

    try:
        while not failed:
            await room.acquire()
            item = await asyncio.to_thread(next, items, END)
            if item is END or failed:
                break
            task = asyncio.create_task(begin(item))  # type: ignore[arg-type]
            under_way.add(task)
            task.add_done_callback(done)
        while under_way and not failed:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0)  # let `done` hear of it
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    if failed:
        raise failed[0]
