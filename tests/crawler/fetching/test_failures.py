"""What a fetch without a page means, in the ledger's words."""

from __future__ import annotations

import zlib

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetching.failures import SILENT, meaning
from crawler.fetching.guard import PrivateAddress
from crawler.fetching.politeness import ForbiddenByRobots, HostRests
from crawler.fetching.statuses import meaning_of_status
from storage.records import Outcome


def _wrapped(cause: Exception) -> Exception:
    error = RuntimeError("a handler's own")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        (ForbiddenByRobots("x"), Outcome.ROBOTS, "robots.txt"),
        (PrivateAddress("10.0.0.1 is a private address"), Outcome.EXCLUDED, "10.0.0.1"),
        (HostRests("example.org", 3600), Outcome.HTTP_ERROR, "example.org asks to be left alone for 3600 s"),
        (UnsupportedURLSchemeError("ftp"), Outcome.EXCLUDED, "not a web address"),
        (DownloadCancelledError("too big"), Outcome.TOO_LARGE, "DOWNLOAD_MAXSIZE"),
        (IgnoreRequest("body exceeded DOWNLOAD_MAXSIZE (9 B)"), Outcome.TOO_LARGE, "unpacked"),
        (IgnoreRequest("max redirections reached"), Outcome.HTTP_ERROR, "max redirections"),
        (DownloadTimeoutError("30 s"), Outcome.NETWORK_ERROR, "in time"),
        (CannotResolveHostError("x"), Outcome.NETWORK_ERROR, "host name"),
        (zlib.error("bad"), Outcome.EXTRACT_ERROR, "unpacked"),
        (_wrapped(DownloadTimeoutError("x")), Outcome.NETWORK_ERROR, "in time"),
        (ResponseFailed([Failure(ConnectionLost())]), Outcome.NETWORK_ERROR, "closed without an answer"),
        (
            _wrapped(ResponseFailed([Failure(ConnectionDone()), Failure(OSError("bad TLS"))])),
            Outcome.NETWORK_ERROR,
            "broke off: OSError: bad TLS",
        ),
        (OSError("no route " * 99), Outcome.NETWORK_ERROR, "OSError: no route"),
    ],
)
def test_errors(error: Exception, outcome: Outcome, words: str) -> None:
    found, sentence = meaning(error)
    assert found is outcome
    assert words in sentence
    assert len(sentence) <= 200


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((code, None) for code in (200, 203)),
        *((code, Outcome.GONE) for code in (404, 410)),
        *((code, Outcome.HTTP_ERROR) for code in (204, 206, 300, 304, 403, 418, 429, 451, 500, 503, 999)),
    ],
)
def test_statuses(status: int, outcome: Outcome | None) -> None:
    found = meaning_of_status(status)
    assert (found[0] if found else None) is outcome


def test_silence_is_what_no_server_broke() -> None:
    assert Outcome.NETWORK_ERROR in SILENT
    assert not {Outcome.ROBOTS, Outcome.HTTP_ERROR, Outcome.TOO_LARGE} & set(SILENT)
