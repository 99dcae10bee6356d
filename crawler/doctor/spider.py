"""Asks each source once: does its robots.txt let us in, does its feed answer, what time does it have?"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request

from crawler.discovery import kind
from crawler.sources import Source
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.fetcher import Answer, Fetcher, FetchError

AT_ONCE = 16


@dataclass(kw_only=True)
class Visit:
    """What one source said."""

    source: Source
    url: str = ""
    # That was asked.
    found: str = ""
    error: str = ""
    ahead: float | None = None
    # Seconds that this machine's clock is ahead of the server's; None: it did not say.

    def __post_init__(self) -> None:
        endpoints = self.source.endpoints
        self.url = endpoints[0].url if endpoints else self.source.home_page


class DoctorSpider(ArchiveSpider):
    """Fills `visits`; yields nothing."""

    name = "doctor"

    def __init__(self, visits: Sequence[Visit], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visits = visits

    async def start(self) -> AsyncIterator[Request]:
        self.fetcher = Fetcher(self.crawler, max_size=self.settings.getint("ARCHIVE_ENDPOINT_MAXSIZE"))
        free = asyncio.Semaphore(AT_ONCE)

        async def one(visit: Visit) -> None:
            async with free:
                await self._visit(visit)

        await asyncio.gather(*map(one, self.visits))
        nothing: tuple[Request, ...] = ()  # all has been asked; Scrapy wants a generator
        for request in nothing:
            yield request

    async def _visit(self, visit: Visit) -> None:
        asked = dt.datetime.now(dt.UTC)
        try:
            answer = await self.fetcher.get(visit.url)
        except FetchError as error:
            visit.error = str(error)
            return
        middle = asked + (dt.datetime.now(dt.UTC) - asked) / 2
        visit.ahead = _ahead(answer, middle)
        visit.found = _what(answer, visit)
        if not visit.found:
            visit.error = "answers, but with nothing that names articles"


def _what(answer: Answer, visit: Visit) -> str:
    """What the answer is, in a word; "" where it is not what it should be."""
    found = kind(answer.body, answer.headers.get("content-type"), answer.url)
    is_page = visit.url == visit.source.home_page or found != "html"
    wanted = {endpoint.kind for endpoint in visit.source.endpoints if endpoint.url == visit.url}
    return found or "" if is_page or "listing" in wanted else ""


def _ahead(answer: Answer, now: dt.datetime) -> float | None:
    try:
        told = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
    return None if told.tzinfo is None else (now - told).total_seconds()
