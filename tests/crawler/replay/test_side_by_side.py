"""Many things at once, and never more than the window."""

from __future__ import annotations

import asyncio

import pytest

from crawler.replay.side_by_side import side_by_side


def test_all_are_done_and_never_more_than_the_window_at_once() -> None:
    done: list[int] = []
    under_way = most = 0

    async def work(item: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001 * (item % 3))
        done.append(item)
        under_way -= 1

    asyncio.run(side_by_side(iter(range(40)), work, window=4))
    assert sorted(done) == list(range(40))
    assert most == 4


def test_the_first_error_ends_it() -> None:
    begun: list[int] = []

    async def work(item: int) -> None:
        begun.append(item)
        await asyncio.sleep(0)
        if item == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        asyncio.run(side_by_side(iter(range(1000)), work, window=2))
    assert len(begun) < 20
