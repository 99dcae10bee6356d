"""What a fetch that brought no page means, in the ledger's words. Pure."""

from __future__ import annotations

import gzip
import zlib

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetching.guard import PrivateAddress
from crawler.fetching.politeness import ForbiddenByRobots, HostRests, RobotsUnreachable
from crawler.fetching.reservations import ReservedError
from storage.records import Outcome

TOO_LARGE = "DOWNLOAD_MAXSIZE"  # in the message, where a body unfolds beyond it

MEANINGS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (ForbiddenByRobots, Outcome.ROBOTS, "robots.txt forbids it"),
    (PrivateAddress, Outcome.EXCLUDED, ""),
    (HostRests, Outcome.HTTP_ERROR, ""),
    (ReservedError, Outcome.EXCLUDED, ""),
    (UnsupportedURLSchemeError, Outcome.EXCLUDED, "not a web address"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "larger than DOWNLOAD_MAXSIZE"),
    (IgnoreRequest, Outcome.HTTP_ERROR, ""),
    (DownloadTimeoutError, Outcome.NETWORK_ERROR, "no answer in time"),
    (DownloadConnectionRefusedError, Outcome.NETWORK_ERROR, "the connection was refused"),
    (CannotResolveHostError, Outcome.NETWORK_ERROR, "the host name is not known"),
    (ResponseDataLossError, Outcome.NETWORK_ERROR, "the answer broke off"),
    (gzip.BadGzipFile, Outcome.EXTRACT_ERROR, "the answer cannot be unpacked"),
    (zlib.error, Outcome.EXTRACT_ERROR, "the answer cannot be unpacked"),
)
# What may be said without a word from the server.
SILENT = (Outcome.NETWORK_ERROR, Outcome.EXCLUDED)


def meaning(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of a fetch that raised `error`, and a line that says why."""
    if isinstance(error, IgnoreRequest) and TOO_LARGE in str(error):
        return Outcome.TOO_LARGE, "larger than DOWNLOAD_MAXSIZE when unpacked"
    if isinstance(error, RobotsUnreachable):
        outcome, sentence = _without_robots(error.cause)
        return outcome, f"robots.txt cannot be had, so nothing may be asked: {sentence}"
    for kind, outcome, sentence in MEANINGS:
        if isinstance(error, kind):
            return outcome, sentence or str(error)
    if isinstance(error, ResponseFailed):
        return Outcome.NETWORK_ERROR, _broken_off(error)
    # The download handlers wrap what they do not know.
    cause = error.__cause__ or error.__context__
    if cause is not None and cause is not error:
        return meaning(cause)
    return Outcome.NETWORK_ERROR, f"{type(error).__name__}: {error}"[:200]


def _broken_off(error: ResponseFailed) -> str:
    """What broke a connection off, of the several things that Twisted may name the last one."""
    reasons = [reason.value for reason in error.reasons if isinstance(reason, Failure)]
    closed = all(isinstance(reason, ConnectionDone | ConnectionLost) for reason in reasons)
    if closed:
        return "the connection was closed without an answer"
    return f"the connection broke off: {type(reasons[-1]).__name__}: {reasons[-1]}"[:200]


def _without_robots(cause: BaseException | int) -> tuple[Outcome, str]:
    return (Outcome.HTTP_ERROR, f"HTTP {cause}") if isinstance(cause, int) else meaning(cause)
