"""One request and its response, as a crawler hands them in, and their heads as HTTP/1.1 writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from storage.records import CaptureKind

Headers = tuple[tuple[bytes, bytes], ...]

# What belongs to whoever crawls, not to the archive.
SECRETS = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
# Undone by whoever received the body; with it the record would say that the body is in chunks.
UNDONE = frozenset({b"transfer-encoding"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """A request and what came of it."""

    url: str
    # That was asked; a redirect's target is an exchange of its own.
    kind: CaptureKind
    fetched_at: dt.datetime
    # Aware UTC.
    status: int
    headers: Headers
    # Of the response, in order.
    body: bytes
    # As it came: content encodings not undone.
    request_headers: Headers = ()
    method: str | None = "GET"
    # None where the request is not known: then the response stands alone.
    protocol: str = "HTTP/1.1"
    ip_address: str | None = None

    @property
    def is_encoded(self) -> bool:
        """Whether the body came packed."""
        return any(name.lower() == b"content-encoding" for name, _ in self.headers)

    def response_head(self) -> bytes:
        """Status line and headers; the server's own words for the status are not known here."""
        line = f"{self.protocol} {self.status} {_phrase(self.status)}".encode("latin-1")
        return _head(line, self.headers, without=UNDONE)

    def request_head(self) -> bytes:
        """Request line and headers, without what is secret in them."""
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line = f"{self.method} {target} {self.protocol}".encode()
        host = (b"Host", parts.netloc.rpartition("@")[2].encode())
        return _head(line, (host, *self.request_headers), without=SECRETS)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _head(line: bytes, headers: Headers, *, without: frozenset[bytes]) -> bytes:
    kept = (b"%s: %s" % pair for pair in headers if pair[0].lower() not in without)
    return b"\r\n".join([line.rstrip(), *kept, b"", b""])
