"""One document at a time, awaited: for discovery, which decides step by step what to ask next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError

from crawler.errors import ArchiveError
from crawler.fetching.failures import SILENT, meaning
from crawler.fetching.headers import pairs
from crawler.fetching.politeness import ForbiddenByRobots, HostRests, RobotsUnreachable, retry_after
from crawler.fetching.statuses import meaning_of_status
from crawler.items import headers_by_name
from crawler.scheduling.rhythm import Failure
from storage.records import Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

NOT_MODIFIED = 304
PERMANENT = (301, 308)


class FetchError(Exception):
    """The document could not be had; the text says why in a few words."""

    def __init__(
        self, reason: str, *, answered: bool, failure: Failure, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.answered = answered  # whether the server said anything at all
        self.failure = failure
        self.retry_after = retry_after  # seconds that the server asks to wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A document, or the word that it has not changed."""

    url: str
    # Where redirects led.
    status: int
    body: bytes
    headers: Mapping[str, str]
    # Names in lower case.
    moved_to: str | None = None
    # Where the address that was asked for has moved for good.

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
            raise FetchError(
                reason,
                answered=outcome not in SILENT,
                failure=failure_of(error, outcome),
                retry_after=error.seconds if isinstance(error, HostRests) else None,
            ) from error
        if response.status != NOT_MODIFIED and (failed := meaning_of_status(response.status)):
            raise FetchError(
                failed[1],
                answered=True,
                failure=Failure.of_status(response.status) or Failure.HTTP_4XX,
                retry_after=retry_after(response, dt.datetime.now(dt.UTC)),
            )
        return Answer(
            url=response.url,
            status=response.status,
            body=response.body,
            headers=header_map(response.headers),
            moved_to=_moved_to(response),
        )


FAILURES: tuple[tuple[type[BaseException], Failure], ...] = (
    (ForbiddenByRobots, Failure.ROBOTS),
    (HostRests, Failure.HTTP_429),
    (DownloadTimeoutError, Failure.TIMEOUT),
    (CannotResolveHostError, Failure.DNS),
)
OUTCOMES = {
    Outcome.TOO_LARGE: Failure.TOO_LARGE,
    Outcome.EXTRACT_ERROR: Failure.BROKEN,
    Outcome.HTTP_ERROR: Failure.HTTP_4XX,
    Outcome.EXCLUDED: Failure.HTTP_4XX,
}


def failure_of(error: BaseException, outcome: Outcome) -> Failure:
    """Which kind of failure an exception of the downloader is, and its `outcome` for the ledger."""
    if isinstance(error, RobotsUnreachable):
        cause = error.cause
        return Failure.HTTP_5XX if isinstance(cause, int) else failure_of(cause, outcome)
    for kind, failure in FAILURES:
        if isinstance(error, kind):
            return failure
    return OUTCOMES.get(outcome, Failure.REFUSED)


def _moved_to(response: Response) -> str | None:
    """Where a chain of redirects led that were all permanent; None where there was none, or another kind."""
    reasons = response.meta.get("redirect_reasons", [])
    return response.url if reasons and all(reason in PERMANENT for reason in reasons) else None


def header_map(headers: dict[bytes, list[bytes]]) -> dict[str, str]:
    """A response's headers by name."""
    return headers_by_name(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs(headers)
    )
