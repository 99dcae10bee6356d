"""From an endpoint's answer to what the ledger takes: read, cleaned, judged. Pure; runs in a worker.

A sitemap of 50,000 URLs takes a second of parsing and cleaning, so it is all
done here, away from the event loop.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.discovery import feed, listing, sitemap
from crawler.items import Discovered, EndpointKind
from crawler.scheduling.policy import Appetite
from storage.announced import DOUBT, Announced
from storage.urls import clean, key, same_site

if TYPE_CHECKING:
    from storage.sources import EndpointState

# Addresses that end so are files, not pages.
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|odt|zip|gz|rar|7z|mp3|m4a|ogg|wav|mp4|m4v|webm|mov"
    r"|avi|css|js|json|xml|rss|atom|txt|csv|ics|exe|apk|dmg|epub)$",
    re.IGNORECASE,
)
SITEMAPS = (EndpointKind.SITEMAP, EndpointKind.NEWS_SITEMAP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What a crawl of one source takes."""

    home_page: str
    appetite: Appetite
    include: tuple[str, ...] = ()
    # Regular expressions; where there are any, a URL must match one.
    exclude: tuple[str, ...] = ()
    # … and must match none of these.

    @property
    def own_digest(self) -> str:
        """Of what stands in sources.toml; the appetite is one crawl's."""
        return _digest(repr((self.home_page, self.include, self.exclude)).encode())

    def excluded(self, url: str, kind: EndpointKind, endpoint_url: str) -> str | None:
        """Why `url` is not to be fetched, as a short sentence, or None."""
        if kind is EndpointKind.GIVEN:
            return None
        if FILES.search(urlsplit(url).path):
            return "a file, not a page"
        if kind in SITEMAPS and not (same_site(url, self.home_page) or same_site(url, endpoint_url)):
            return "a page of another site, in a sitemap"
        for pattern in self.exclude:
            if re.search(pattern, url):
                return f"matches exclude = {pattern!r}"
        if self.include and not any(re.search(pattern, url) for pattern in self.include):
            return "matches no pattern of include"
        return None

    def judge(
        self, items: Iterable[Discovered], kind: EndpointKind, endpoint_url: str, now: dt.datetime
    ) -> tuple[Announced, ...]:
        """`items` as the ledger takes them; what is no web address is left out."""
        return tuple(
            Announced(
                url=url,
                key=key(url),
                title=item.title,
                published=_known(item.published, now),
                modified=_known(item.modified, now),
                wanted=self.appetite.wants(item, kind, now),
                excluded=self.excluded(url, kind, endpoint_url),
            )
            for item in items
            if (url := clean(item.url))
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What an endpoint's answer names."""

    kind: EndpointKind
    # NEWS_SITEMAP where a sitemap turned out to be one.
    announced: tuple[Announced, ...] = ()
    children: tuple[sitemap.Child, ...] = ()
    # Of a sitemap index.
    next_url: str | None = None
    # The next page of a section or an archived feed.
    ttl: dt.timedelta | None = None
    # How long the publisher asks to wait before the next look.

    @property
    def has_more_pages(self) -> bool:
        """Whether there is more of it on a next page."""
        return self.next_url is not None and not self.children and self.kind is not EndpointKind.SITEMAP


def answer_digest(body: bytes, url: str, kind: EndpointKind, rules: Rules) -> str:
    """Of an answer and of all by which it is read."""
    return _digest(repr((url, str(kind), rules)).encode(), body)


def _digest(*parts: bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def is_known_answer(state: EndpointState, digest: str, now: dt.datetime) -> bool:
    """Whether an endpoint gave the very answer that was read last, so that to read it again says nothing.

    Not for ever: what the ledger did not believe of it, it did not remember, and has to hear once more.
    """
    if state.digest != digest or state.read_at is None:
        return False
    return dt.timedelta() <= now - state.read_at < DOUBT


def read_endpoint(body: bytes, url: str, kind: EndpointKind, rules: Rules, now: dt.datetime) -> Named:
    """Read the answer of an endpoint; ReadError where it is nothing of its kind."""
    if kind is EndpointKind.FEED:
        found = feed.read(body, url)
        return Named(
            kind=kind,
            announced=rules.judge(found.links, kind, url, now),
            next_url=found.next_url,
            ttl=found.ttl,
        )
    if kind in SITEMAPS:
        read = sitemap.read(body, url)
        kind = EndpointKind.NEWS_SITEMAP if read.is_news else EndpointKind.SITEMAP
        return Named(kind=kind, announced=rules.judge(read.urls, kind, url, now), children=read.children)
    page = listing.links(body, url)
    return Named(kind=kind, announced=rules.judge(page.articles, kind, url, now), next_url=page.next_page)


def _known(date: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """`date`, or None where it lies more than a day ahead: an announcement of an event, or a wrong clock."""
    return date if date is None or date <= now + dt.timedelta(days=1) else None
