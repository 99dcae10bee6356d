"""A source: a publisher, and the ways in which it names its articles. Data, no code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.items import Endpoint, EndpointKind
from crawler.sources.override import Override
from crawler.sources.timing import Cron, Every, Timing
from storage.health.rules import Rule
from storage.records import Pictures


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One publisher as sources.toml describes it."""

    slug: str
    # Its short name here and in the archive: "example-org".
    name: str
    home_page: str
    language: str | None = None
    # BCP 47: "en", "pt-BR".
    country: str | None = None
    # ISO 3166-1 alpha-2: "NO".
    time_zone: str | None = None
    # IANA: "Europe/Oslo"; what a time without a zone on its pages means.
    endpoints: tuple[Endpoint, ...] = ()
    include: tuple[str, ...] = ()
    # Regular expressions, searched in the URL: where there are any, one must be found.
    exclude: tuple[str, ...] = ()
    # Regular expressions, searched in the URL: none may be found.
    enabled: bool = True
    # Whether a crawl of all sources takes it.
    overrides: tuple[Override, ...] = ()
    # Selectors for its pages, the earliest first, where the general passes read them wrongly.
    pictures: Pictures = Pictures.NONE
    # Which pictures of its articles are kept as files.
    raw_bytes_months: int | None = None
    # For how long its raw bytes are kept; 0: for ever, None: as the settings say.
    every: Every | None = None
    cron: Cron | None = None
    # When the scheduler is to crawl it; where neither is given, as often as news is expected.

    @property
    def timing(self) -> Timing | None:
        """When it is to be crawled, if somebody has said so."""
        return self.every or self.cron

    mute: tuple[Rule, ...] = ()
    # Alarms that are not for it.

    def urls(self, kind: EndpointKind) -> tuple[str, ...]:
        """The addresses of its endpoints of one kind."""
        return tuple(endpoint.url for endpoint in self.endpoints if endpoint.kind is kind)


def slug_for(url: str) -> str:
    """A slug for the site at `url`: ``https://www.example.co.uk/news`` is "example-co-uk"."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:  # "http://[", a port that is no number
        host, port = "", None
    with suppress(UnicodeError):  # a host that no name server knows either
        host = host.encode("idna").decode("ascii")
    address = f"{host.removeprefix('www.')} {port or ''}"
    return "-".join(re.findall(r"[a-z0-9]+", address.lower())) or "source"


def distinct_slug(slug: str, taken: Iterable[str]) -> str:
    """`slug`, or ``slug-2``, ``slug-3`` … where that is taken."""
    used = set(taken)
    number = 2
    candidate = slug
    while candidate in used:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate
