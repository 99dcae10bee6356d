"""Trying again: a pause before each new try, and a note of what the one before it brought.

The notes travel in the request's meta to the spider, which hands them in with
what became of the page.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware

from crawler.fetching.capture import CAPTURED
from crawler.fetching.failures import meaning
from crawler.fetching.politeness import HostRests, retry_after, slot_of
from crawler.fetching.statuses import meaning_of_status
from storage.records import Attempt, Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SHORTEST_DELAY = 0.001  # seconds
FIRST_PAUSE = 1.0  # seconds before the second try; each later pause is twice as long
TRIES = "archive_tries"  # in a request's meta: what earlier tries of it brought


class Patience(RetryMiddleware):
    """Scrapy's retries, with a pause before each: what Retry-After says, else longer each time.

    The whole host rests, not only the request that was refused. One that asks
    for a longer rest than ARCHIVE_RETRY_AFTER_SECONDS is not asked again in this
    crawl: the ledger knows when to.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.longest = crawler.settings.getfloat("ARCHIVE_RETRY_AFTER_SECONDS")
        # Until when (time.monotonic) a host rests, and until when it is not asked in this crawl at all.
        self.rests: dict[str, float] = {}
        self.closed: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait while the request's host rests; HostRests where it is not to be asked again."""
        host = urlsplit(request.url).netloc
        while (pause := _left(self.rests, host)) > 0:  # noqa: ASYNC110 - it may have grown meanwhile
            await asyncio.sleep(pause)
        if (closed := _left(self.closed, host)) > 0:
            raise HostRests(host, closed)

    def process_response(  # type: ignore[override]  # without the deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        asked = retry_after(response, _now())
        if asked is not None and asked > self.longest:
            self._close(request, asked)
            return response  # the ledger tries again when it is over
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            _note(answer, _answered(request, response))
        if asked is not None:
            self._rest(request, asked)
        elif isinstance(answer, Request):
            self._rest(request, _pause(answer))
        return answer

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        answer = super().process_exception(request, exception)
        if isinstance(answer, Request):
            outcome, detail = meaning(exception)
            _note(answer, Attempt(at=_now(), outcome=outcome, detail=detail))
            self._rest(request, _pause(answer))
        return answer

    def _rest(self, request: Request, seconds: float) -> None:
        end = _set(self.rests, request, seconds)
        if slot := slot_of(self.crawler, request):  # some requests wait there already
            slot.delay = slot.delay or SHORTEST_DELAY  # without a delay a slot looks at no clock
            slot.lastseen = max(slot.lastseen, end)

    def _close(self, request: Request, seconds: float) -> None:
        _set(self.closed, request, seconds)
        if slot := slot_of(self.crawler, request):
            host = urlsplit(request.url).netloc
            waiting = [entry for entry in slot.queue if urlsplit(entry[0].url).netloc == host]
            for entry in waiting:
                slot.queue.remove(entry)
                entry[1].errback(HostRests(host, seconds))


def _left(ends: Mapping[str, float], host: str) -> float:
    return ends.get(host, 0) - time.monotonic()


def _set(ends: dict[str, float], request: Request, seconds: float) -> float:
    host = urlsplit(request.url).netloc
    ends[host] = max(ends.get(host, 0), time.monotonic() + seconds)
    return ends[host]


def _pause(retry: Request) -> float:
    """Seconds before a new try that nobody gave a time for: twice as long each time."""
    return float(FIRST_PAUSE * 2 ** (retry.meta.get("retry_times", 1) - 1))


def tried(request: Request | None) -> tuple[Attempt, ...]:
    """What the tries before this one brought."""
    notes: tuple[Attempt, ...] = request.meta.get(TRIES, ()) if request else ()
    return notes


def _note(again: Request, attempt: Attempt) -> None:
    again.meta[TRIES] = (*tried(again), attempt)


def _answered(request: Request, response: Response) -> Attempt:
    """An answer after which the request is tried again."""
    capture = request.meta.get(CAPTURED)
    outcome, detail = meaning_of_status(response.status) or (Outcome.HTTP_ERROR, f"HTTP {response.status}")
    return Attempt(
        at=capture.fetched_at if capture else _now(),
        outcome=outcome,
        http_status=response.status,
        detail=detail,
        capture=capture,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
