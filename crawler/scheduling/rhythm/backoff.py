"""How long an endpoint rests after it failed, by what went wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Failure(StrEnum):
    """Why a look at an endpoint brought nothing that can be read."""

    REFUSED = "refused"
    # The connection was refused, reset or broke off; TLS, too.
    TIMEOUT = "timeout"
    DNS = "dns"
    HTTP_403 = "http_403"
    # 401 and 451, too.
    HTTP_404 = "http_404"
    HTTP_410 = "http_410"
    HTTP_429 = "http_429"
    HTTP_4XX = "http_4xx"
    # Every other status that says that the request is at fault; also redirects without an end.
    HTTP_5XX = "http_5xx"
    ROBOTS = "robots"
    # robots.txt forbids it.
    BROKEN = "broken"
    # It answered, and what came is no feed, sitemap or page: torn XML, a page of an error with status 200.
    TOO_LARGE = "too_large"

    @classmethod
    def of_status(cls, status: int) -> Failure | None:
        """The failure that an HTTP status means, or None where it brings something to read."""
        if status in STATUSES:
            return STATUSES[status]
        if status >= 500:
            return cls.HTTP_5XX
        return None if status < 300 or status == 304 else cls.HTTP_4XX


STATUSES: Mapping[int, Failure] = MappingProxyType(
    {
        401: Failure.HTTP_403,
        403: Failure.HTTP_403,
        404: Failure.HTTP_404,
        408: Failure.TIMEOUT,
        410: Failure.HTTP_410,
        429: Failure.HTTP_429,
        451: Failure.HTTP_403,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Backoff:
    """Rests that grow: `first`, then `factor` times as long each time, up to `longest`."""

    first: dt.timedelta
    factor: float
    longest: dt.timedelta

    def rest(self, failures: int) -> dt.timedelta:
        """The rest after so many failures in a row."""
        grown = self.first.total_seconds() * self.factor ** min(max(failures, 1) - 1, 64)
        return min(dt.timedelta(seconds=min(grown, self.longest.total_seconds())), self.longest)


def _backoff(first: dt.timedelta, factor: float, longest: dt.timedelta) -> Backoff:
    return Backoff(first=first, factor=factor, longest=longest)


MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

# What passes by itself is tried again soon; what somebody has to mend, later; what seems meant, rarely. With
# the factor 1.25 a rest is about a quarter of the time that the endpoint has been away so far.
BACKOFF: Mapping[Failure, Backoff] = MappingProxyType(
    {
        Failure.TIMEOUT: _backoff(10 * MINUTE, 1.25, 7 * DAY),
        Failure.REFUSED: _backoff(10 * MINUTE, 1.25, 7 * DAY),
        Failure.HTTP_5XX: _backoff(10 * MINUTE, 1.25, 7 * DAY),
        Failure.BROKEN: _backoff(15 * MINUTE, 1.25, 7 * DAY),
        Failure.DNS: _backoff(15 * MINUTE, 1.25, 7 * DAY),
        Failure.HTTP_429: _backoff(30 * MINUTE, 1.5, 7 * DAY),
        Failure.HTTP_404: _backoff(1 * HOUR, 1.25, 7 * DAY),
        Failure.HTTP_4XX: _backoff(1 * HOUR, 1.5, 7 * DAY),
        Failure.HTTP_403: _backoff(3 * HOUR, 1.5, 7 * DAY),
        Failure.TOO_LARGE: _backoff(12 * HOUR, 2, 7 * DAY),
        Failure.ROBOTS: _backoff(1 * DAY, 1.5, 7 * DAY),
        Failure.HTTP_410: _backoff(1 * DAY, 2, 7 * DAY),
    }
)
