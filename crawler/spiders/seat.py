"""A crawl's place among others: the lease of its source, and its turns at hosts."""

from __future__ import annotations

import asyncio
import time

from scrapy.settings import BaseSettings

from crawler.errors import ArchiveError
from crawler.fetching.holding import Holding
from crawler.fetching.hosts import Turns
from crawler.scheduling.progress import Progress
from storage.leases import Kind, Lease

POLL = 1.0  # seconds between two questions whether a source is free


class OccupiedError(ArchiveError):
    """Another crawl of the same source is going on."""


class Seat:
    """One crawl of a source at a time: taken at its start, left at its end."""

    def __init__(self, holding: Holding, slug: str, patience: float) -> None:
        self.holding = holding
        self.slug = slug
        self.turns = Turns(holding, slug, patience=patience)

    @classmethod
    async def take(cls, settings: BaseSettings, slug: str, progress: Progress) -> Seat:
        """Take it, as soon as no other crawl has it; OccupiedError after ARCHIVE_WAIT_SECONDS."""
        holding = Holding.shared(
            settings["ARCHIVE_DATABASE"], seconds=settings.getfloat("ARCHIVE_LEASE_SECONDS")
        )
        deadline = time.monotonic() + settings.getfloat("ARCHIVE_WAIT_SECONDS")
        try:
            while True:
                lease, ours = await holding.claim(Kind.SOURCE, slug, slug)
                if ours:
                    break
                if time.monotonic() >= deadline:
                    raise OccupiedError(_occupied(lease))
                progress.phase = f"waiting for {lease.who}"
                await asyncio.sleep(POLL)
        except BaseException:
            holding.close()
            raise
        holding.lost[Kind.SOURCE, slug] = lambda _: progress.stop(
            "the crawl was taken over by another process"
        )
        return cls(holding, slug, settings.getfloat("ARCHIVE_RETRY_AFTER_SECONDS"))

    async def leave(self) -> None:
        """Let go of everything."""
        try:
            await self.turns.close()
            await self.holding.release(Kind.SOURCE, self.slug, self.slug)
        finally:
            self.holding.close()


def _occupied(lease: Lease) -> str:
    since = f" since {lease.taken_at:%Y-%m-%d %H:%M} UTC" if lease.taken_at else ""
    return f"{lease.name} is being crawled by {lease.who}{since}: wait until it is done, or stop it"
