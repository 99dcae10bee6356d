"""/.well-known/tdmrep.json: what a host reserves of text and data mining (TDMRep, W3C Community Group).

Read like robots.txt: before the first page of a host, and kept for a day for all crawls of this process.
A host that has none, or whose file cannot be had or read, reserves nothing this way.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request

from crawler.fetching.capture import KEEP
from crawler.fetching.reservations import BY_FILE
from storage.urls import plain_escapes

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

PLACE = "/.well-known/tdmrep.json"
FILE_SECONDS = 86_400.0  # that it holds
FAILED_SECONDS = 900.0  # after which one that could not be had is asked for again
LARGEST = 512 * 1024  # bytes, as of a robots.txt
MOST_RULES = 1_000
# What stands for itself in a path, and is escaped in a pattern that means it.
_SPECIAL = re.compile(r"[*$]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What holds of the paths that a pattern names; robots.txt's * and $ may stand in it."""

    location: str
    is_reserved: bool


def rules(body: bytes) -> tuple[Rule, ...]:
    """The rules of a file, as far as they can be read."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return tuple(filter(None, map(_rule, found[:MOST_RULES]))) if isinstance(found, list) else ()


def _rule(entry: Any) -> Rule | None:
    if not isinstance(entry, dict):
        return None
    location, reserved = entry.get("location"), entry.get("tdm-reservation")
    if not isinstance(location, str) or str(reserved) not in ("0", "1"):
        return None
    return Rule(location=plain_escapes(location), is_reserved=str(reserved) == "1")


def is_reserved(found: tuple[Rule, ...], url: str) -> bool | None:
    """What the first rule that names a URL's path says; None where none does."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    path = _SPECIAL.sub(lambda sign: f"%{ord(sign[0]):02X}", plain_escapes(path))
    return next((rule.is_reserved for rule in found if _names(rule.location, path)), None)


def _names(location: str, path: str) -> bool:
    """Whether a pattern names a path. Compared piece by piece: no pattern makes that slow."""
    exact = location.endswith("$")
    first, *others = re.split(r"\*+", location.removesuffix("$"))
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in others[:-1] if exact else others:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if not exact:
        return True
    return path.endswith(others[-1]) and len(path) - len(others[-1]) >= at if others else at == len(path)


class TdmFile:
    """Downloader middleware: tells each page's request what the file of its host says of it."""

    _kept: ClassVar[dict[tuple[str, str], tuple[float, tuple[Rule, ...]]]] = {}

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.obeyed = crawler.settings.getbool("ARCHIVE_OBEY_TDM")
        self.under_way: dict[tuple[str, str], asyncio.Task[tuple[Rule, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if (KEEP in request.meta or self.obeyed) and parts.path not in ("/robots.txt", PLACE):
            found = await self._of_host(request, (parts.scheme, parts.netloc))
            request.meta[BY_FILE] = is_reserved(found, request.url)

    async def _of_host(self, request: Request, host: tuple[str, str]) -> tuple[Rule, ...]:
        until, found = self._kept.get(host, (0.0, ()))
        if until > time.monotonic():
            return found
        if host not in self.under_way:
            self.under_way[host] = asyncio.ensure_future(self._fetch(urljoin(request.url, PLACE), host))
        return await asyncio.shield(self.under_way[host])

    async def _fetch(self, url: str, host: tuple[str, str]) -> tuple[Rule, ...]:
        assert self.crawler.engine is not None
        found: tuple[Rule, ...] = ()
        meta = {"download_maxsize": LARGEST, "dont_retry": True}
        try:
            response = await self.crawler.engine.download_async(Request(url, meta=meta, priority=20))
            if response.status == 200:
                found = rules(response.body)
            lasts = FILE_SECONDS if response.status < 500 else FAILED_SECONDS
        except Exception as error:  # whatever the network can do
            logger.debug("no %s: %s", url, error)
            lasts = FAILED_SECONDS
        self._kept[host] = (time.monotonic() + lasts, found)
        self.under_way.pop(host, None)
        return found
