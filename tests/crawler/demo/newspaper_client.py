"""A client for the newspaper that follows nothing by itself."""

from __future__ import annotations

import datetime as dt
import http.client
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

NOW = dt.datetime(2026, 3, 14, 10, 20, 33, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def charset(self) -> str:
        return self.headers["content-type"].partition("charset=")[2] or "utf-8"

    @property
    def text(self) -> str:
        return self.body.decode(self.charset)


Fetch = Callable[..., Reply]


def fetch_once(url: str, *, method: str = "GET", **headers: str) -> Reply:
    """One request on a connection of its own; header names are written with underscores."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, headers={n.replace("_", "-"): v for n, v in headers.items()})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, names, response.read())
    finally:
        connection.close()
