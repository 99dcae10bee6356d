"""An HTTP answer before it is sent, and what conditional and compressed requests make of it. Pure."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import format_datetime, parsedate_to_datetime

HTML = "text/html; charset=utf-8"
# Compressing what is compressed already gains nothing.
COMPRESSIBLE = ("text/", "application/xml", "application/rss", "application/atom", "application/feed")
SMALL = 512  # bytes; below, gzip makes it longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers and body."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    last_modified: dt.datetime | None = None
    # Where it is known, the answer carries Last-Modified and ETag and may become a 304.

    @property
    def etag(self) -> str:
        """A strong validator of the body, with its quotation marks."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    def all_headers(self) -> dict[str, str]:
        """What is sent above the body."""
        headers = {"Content-Type": self.content_type} | dict(self.headers)
        if self.last_modified is not None:
            headers["Last-Modified"] = http_date(self.last_modified)
            headers.setdefault("ETag", self.etag)
        return headers


def html(page: str, *, status: int = 200, last_modified: dt.datetime | None = None) -> Answer:
    """A page in UTF-8."""
    return Answer(status=status, body=page.encode(), last_modified=last_modified)


def redirect(target: str, *, status: int = 301) -> Answer:
    """On to `target`, a path or URL."""
    return Answer(status=status, headers={"Location": target})


def conditional(answer: Answer, request: Mapping[str, str]) -> Answer:
    """`answer`, or a 304 where the request (names in lower case) shows that the client has it already."""
    if answer.status != 200 or answer.last_modified is None or not _is_known(answer, request):
        return answer
    return replace(answer, status=304, headers=dict(answer.headers) | {"ETag": answer.etag}, body=b"")


def compressed(answer: Answer, request: Mapping[str, str]) -> Answer:
    """`answer` with its body gzipped where the request accepts that and it gains something."""
    accepted = "gzip" in request.get("accept-encoding", "").lower()
    if not accepted or len(answer.body) < SMALL or not answer.content_type.startswith(COMPRESSIBLE):
        return answer
    etag = {"ETag": answer.etag} if answer.last_modified else {}
    headers = dict(answer.headers) | etag | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(answer, headers=headers, body=gzip.compress(answer.body, mtime=0))


def http_date(moment: dt.datetime) -> str:
    """``Sun, 06 Nov 1994 08:49:37 GMT``"""
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)


def _is_known(answer: Answer, request: Mapping[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-None-Match counts, and If-Modified-Since only where it is missing."""
    if (etags := request.get("if-none-match")) is not None:
        return "*" in etags or answer.etag in etags
    since = _parsed(request.get("if-modified-since", ""))
    return since is not None and answer.last_modified is not None and answer.last_modified <= since


def _parsed(date: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
