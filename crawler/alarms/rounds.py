"""Checks beside the crawls of a scheduler: in a thread, one at a time, and not after every look."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from crawler.alarms.checking import check
from crawler.errors import ArchiveError

logger = logging.getLogger("newsarchive.alarms")

PAUSE = 60.0  # seconds between two checks


class Rounds:
    """Makes checks; belongs to one event loop."""

    def __init__(self, engine: Engine, settings: Mapping[str, Any]) -> None:
        self._engine = engine
        self._settings = settings
        self._last = time.monotonic()
        self._under_way: asyncio.Task[None] | None = None

    def go(self) -> None:
        """Begin a check, if none is under way and the last one is a while ago."""
        is_free = self._under_way is None or self._under_way.done()
        if is_free and time.monotonic() - self._last >= PAUSE:
            self._under_way = asyncio.get_running_loop().create_task(self._check())

    async def finish(self) -> None:
        """Make the last check, after all that may be told."""
        if self._under_way is not None:
            await self._under_way
        await self._check()

    async def _check(self) -> None:
        try:
            await asyncio.to_thread(check, self._engine, dt.datetime.now(dt.UTC), self._settings)
        except ArchiveError as error:  # the crawls go on; so do the checks
            logger.error("no check of what is as usual: %s", error)
        finally:
            self._last = time.monotonic()
