"""Manners: robots.txt with its Crawl-delay, and Retry-After. Pauses and new tries are in `patience`."""

from __future__ import annotations

import datetime as dt
import logging
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.fetching.guard import PrivateAddress

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

LONG_DELAY = 60  # seconds of Crawl-delay from which on a person should hear of it
LONGEST_DELAY = 600  # a robots.txt that asks for more is a mistake or a trap: the crawl would never end
ROBOTS_SECONDS = 86_400.0  # that a robots.txt holds (RFC 9309, 2.4)


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt does not allow the URL."""


class HostRests(IgnoreRequest):
    """The host has asked, with Retry-After, to be left alone for longer than a crawl waits."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asks to be left alone for {seconds:.0f} s")
        self.seconds = seconds


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had, so that for now nothing of its host may be asked (RFC 9309, 2.3.1.4)."""

    def __init__(self, cause: BaseException | int) -> None:
        super().__init__("robots.txt could not be had")
        self.cause = cause  # what happened, or the status of the answer


class Unreachable(RobotParser):
    """What stands in the place of a robots.txt that could not be had."""

    def __init__(self, cause: BaseException | int) -> None:
        self.cause = cause

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        raise NotImplementedError

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        if isinstance(self.cause, PrivateAddress):  # nobody was asked: it is the host that we refuse
            raise self.cause
        raise RobotsUnreachable(self.cause)


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, as RFC 9309 has it, with exceptions that tell the ledger why.

    No robots.txt (4xx) forbids nothing, one that cannot be had (5xx, no answer)
    forbids everything for now. What was read holds for a day at most, for all
    crawls of this process.
    """

    _kept: ClassVar[dict[tuple[str, str], tuple[float, RobotParser]]] = {}

    @classmethod
    def sitemaps(cls, url: str) -> tuple[str, ...] | None:
        """The sitemaps that the robots.txt of a URL's host names, as it does; None where none is kept."""
        parts = urlsplit(url)
        until, parser = cls._kept.get((parts.scheme, parts.netloc), (0.0, None))
        protego = getattr(parser, "rp", None)  # Scrapy's wrapper hides it
        return tuple(protego.sitemaps) if protego is not None and until > time.monotonic() else None

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except (RobotsUnreachable, PrivateAddress):
            raise
        except IgnoreRequest as error:
            raise ForbiddenByRobots(f"robots.txt forbids {request.url}") from error

    async def robot_parser(self, request: Request) -> RobotParser | None:
        parts = urlparse_cached(request)
        if parts.netloc in self._parsers:
            return await super().robot_parser(request)
        until, parser = self._kept.get((parts.scheme, parts.netloc), (0.0, None))
        if parser is not None and until > time.monotonic():
            self._parsers[parts.netloc] = parser
            await self.crawler.signals.send_catch_log_async(
                signal=signals.robots_parsed, robotparser=parser, request=request
            )
        return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._give(netloc, Unreachable(response.status))
            return
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        if isinstance(parser, RobotParser):
            place = (urlsplit(request.url).scheme, netloc)
            self._kept[place] = (time.monotonic() + ROBOTS_SECONDS, parser)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._give(netloc, Unreachable(exc))

    def _give(self, netloc: str, parser: RobotParser) -> None:
        """Answer all who wait for a host's robots.txt."""
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        if isinstance(waiting, Deferred):
            waiting.callback(parser)


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
        # The ports of a host, each with a robots.txt of its own, share a slot.
        self.delays[host] = max(delay, self.delays.get(host, 0))
        if delay >= LONG_DELAY:
            logger.warning(
                "%s asks for %.0f seconds between requests: this crawl will take long", host, delay
            )

    def reached_downloader(self, request: Request) -> None:
        delay = self.delays.get(urlsplit(request.url).hostname or "")
        if delay is None:
            return
        request.meta["autothrottle_dont_adjust_delay"] = True
        if slot := slot_of(self.crawler, request):
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
    return min(max(delay or 0, every or 0), LONGEST_DELAY) or None


def crawl_delay_of(crawler: Crawler, request: Request) -> float:
    """The seconds that a request's host is known to ask for; 0 without a wish."""
    known = crawler.get_extension(CrawlDelay)
    return known.delays.get(urlsplit(request.url).hostname or "", 0.0) if known else 0.0


def slot_of(crawler: Crawler, request: Request) -> Slot | None:
    """Where the downloader holds the requests to a host apart."""
    assert crawler.engine is not None
    slot: Slot | None = crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
    return slot


def retry_after(response: Response, now: dt.datetime) -> float | None:
    """The seconds that a 429 or 503 asks to wait (RFC 9110, 10.2.3: a number or a date), or None."""
    if response.status not in (429, 503):
        return None
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until
    return max(0.0, (until - now).total_seconds())
