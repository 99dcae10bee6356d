"""Manners: robots.txt with its Crawl-delay, Retry-After, and a pause before each new try."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

LONG_DELAY = 60  # seconds of Crawl-delay from which on a person should hear of it
FIRST_PAUSE = 1.0  # seconds before the second try; each later pause is twice as long


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt does not allow the URL."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, with an exception of its own, so that the ledger can tell why."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(f"robots.txt forbids {request.url}") from error


class CrawlDelay:
    """Extension: puts robots.txt's Crawl-delay on the downloader's slot, and keeps AutoThrottle off it."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.user_agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self.delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(extension.reached_downloader, signal=signals.request_reached_downloader)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        delay = _crawl_delay(robotparser, self.user_agent)
        if not delay:
            return
        host = urlsplit(request.url).hostname or ""
        self.delays[host] = delay
        if delay >= LONG_DELAY:
            logger.warning(
                "%s asks for %.0f seconds between requests: this crawl will take long", host, delay
            )

    def reached_downloader(self, request: Request) -> None:
        delay = self.delays.get(urlsplit(request.url).hostname or "")
        if delay is None:
            return
        request.meta["autothrottle_dont_adjust_delay"] = True
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            # Jitter would make some pauses shorter than was asked for.
            slot.delay, slot.jitter, slot.concurrency = delay, 0, 1


def _crawl_delay(parser: RobotParser, user_agent: str) -> float | None:
    """The seconds that a parsed robots.txt asks for; Scrapy's wrapper of Protego hides them."""
    protego = getattr(parser, "rp", None)
    if protego is None:
        return None
    delay = protego.crawl_delay(user_agent)
    rate = protego.request_rate(user_agent)
    every = rate.seconds / rate.requests if rate and rate.requests else None
    return max((d for d in (delay, every) if d), default=None)


class Patience(RetryMiddleware):
    """Scrapy's retries, with a pause before each: what Retry-After says, else longer each time.

    The whole host rests, not only the request that was refused.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.longest = settings.getfloat("ARCHIVE_RETRY_AFTER_SECONDS")
        self.rests: dict[str, float] = {}  # the instant of time.monotonic until which a host rests

    async def process_request(self, request: Request) -> None:
        """Wait while the request's host rests."""
        host = urlsplit(request.url).netloc
        while (pause := self.rests.get(host, 0) - time.monotonic()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(pause)

    def process_response(  # type: ignore[override]  # without the deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        asked = retry_after(response, dt.datetime.now(dt.UTC))
        if asked is not None and asked > self.longest:
            return response  # the ledger tries again when it is over
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            self._rest(answer, asked)
        return answer

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        answer = super().process_exception(request, exception)
        if isinstance(answer, Request):
            self._rest(answer, None)
        return answer

    def _rest(self, retry: Request, asked: float | None) -> None:
        host = urlsplit(retry.url).netloc
        pause = FIRST_PAUSE * 2 ** (retry.meta.get("retry_times", 1) - 1) if asked is None else asked
        self.rests[host] = max(self.rests.get(host, 0), time.monotonic() + pause)


def retry_after(response: Response, now: dt.datetime) -> float | None:
    """The seconds that a 429 or 503 asks to wait (RFC 9110, 10.2.3: a number or a date), or None."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if response.status not in (429, 503) or not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until
    return max(0.0, (until - now).total_seconds())
