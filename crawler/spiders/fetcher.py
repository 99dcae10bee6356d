"""One document at a time, awaited: for discovery, which decides step by step what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.errors import ArchiveError
from crawler.fetching.failures import SILENT, meaning, meaning_of_status

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

NOT_MODIFIED = 304


class FetchError(Exception):
    """The document could not be had; the text says why in a few words."""

    def __init__(self, reason: str, *, answered: bool) -> None:
        super().__init__(reason)
        self.answered = answered  # whether the server said anything at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A document, or the word that it has not changed."""

    url: str
    # Where redirects led.
    status: int
    body: bytes
    headers: Mapping[str, str]
    # Names in lower case.

    @property
    def not_modified(self) -> bool:
        return self.status == NOT_MODIFIED


class Fetcher:
    """Fetches through the crawl's downloader, with all its manners and guards."""

    def __init__(
        self, crawler: Crawler, *, max_size: int, meta: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self.crawler = crawler
        self.max_size = max_size
        self.meta = meta
        # Of each request but that for robots.txt.

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, obey_robots: bool = True
    ) -> Answer:
        """The document at `url`; FetchError where there is none."""
        meta = {"download_maxsize": self.max_size, "dont_obey_robotstxt": not obey_robots}
        if obey_robots:
            meta |= self.meta
        request = Request(url, headers=dict(headers or {}), meta=meta, priority=10)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except ArchiveError:  # the archive takes nothing more: that is not the site's doing
            raise
        except Exception as error:  # whatever the network can do; `meaning` tells it apart
            outcome, reason = meaning(error)
            raise FetchError(reason, answered=outcome not in SILENT) from error
        if response.status != NOT_MODIFIED and (failure := meaning_of_status(response.status)):
            raise FetchError(failure[1], answered=True)
        return Answer(
            url=response.url,
            status=response.status,
            body=response.body,
            headers=header_map(response.headers),
        )


def header_map(headers: Mapping[bytes, list[bytes]]) -> dict[str, str]:
    """A response's headers with names in lower case, the last value of each."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in headers.items()
        if values
    }
