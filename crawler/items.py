"""What travels inside the crawler: a URL as it was announced, a page as it was fetched.

``Discovered`` -> (ledger, download) -> ``Page`` -> (extraction) -> ``storage.records.Article``
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.records import Capture


class EndpointKind(StrEnum):
    """The ways in which a site names its articles."""

    FEED = "feed"  # RSS, Atom, RDF or JSON Feed
    NEWS_SITEMAP = "news_sitemap"  # a sitemap with news: entries, the last two days
    SITEMAP = "sitemap"  # a general sitemap, or an index of sitemaps
    LISTING = "listing"  # a section page or the home page
    GIVEN = "given"  # a person named the URL


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """A feed, sitemap or section page of a source."""

    url: str
    kind: EndpointKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """A URL and what its announcer said of it."""

    url: str
    # Absolute, as written there; `storage.urls` makes it canonical.
    title: str | None = None
    published: dt.datetime | None = None
    # Aware; a bare day is its midnight in UTC, since this only orders and filters.
    modified: dt.datetime | None = None
    # <lastmod>, <updated>, date_modified
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A fetched page, as it came."""

    url: str
    # The address that was asked for.
    final_url: str
    # Where redirects led.
    status: int
    body: bytes
    # Character encoding not undone; content encodings undone unless it is packed.
    fetched_at: dt.datetime
    # Aware UTC.
    headers: Mapping[str, str] = field(default_factory=dict)
    # Names in lower case.
    capture: Capture | None = None
    # Its raw bytes; None where they are not kept.
    is_packed: bool = False
    # Content encodings, which the headers name, are still to be undone.


def headers_by_name(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers with names in lower case: of a list of encodings all values, else the last one."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found and key.endswith("-encoding") else value
    return found
