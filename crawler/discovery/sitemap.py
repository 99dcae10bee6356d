"""A sitemap's URLs (sitemaps.org 0.9, Google's news extension), or the sitemaps that an index names. Pure.

Pictures, videos and translations (image:, video:, xhtml:link) are not read. URLs of other hosts are kept:
whether they are believed is for the one who asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.discovery import feed, xml
from crawler.discovery.addresses import WEB_SCHEMES, absolute
from crawler.discovery.dates import instant
from crawler.discovery.feed.model import distinct
from crawler.discovery.titles import plain
from crawler.discovery.unzipping import unzipped
from crawler.errors import ReadError
from crawler.extraction.charset import decode
from crawler.items import Discovered
from crawler.language_tags import tag

MAX_BYTES = 50 * 1024 * 1024  # unzipped; the protocol's own limit
MAX_URLS = 100_000  # twice the protocol's, for those who don't count

ROOTS = ("urlset", "sitemapindex")
ENTRIES = ("url", "sitemap")


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A sitemap that an index names."""

    url: str
    modified: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """A sitemap as it was read."""

    urls: tuple[Discovered, ...] = ()
    # In the sitemap's order, each URL once.
    children: tuple[Child, ...] = ()
    is_news: bool = False
    # Most of its entries are news: entries, which stand there for two days.


def read(body: bytes, url: str, limit: int = MAX_BYTES) -> Sitemap:
    """The sitemap in `body`, gzipped or not, fetched from `url`: at most `limit` bytes, as far as it goes.

    XML, a list of lines, or a feed that serves as a sitemap. Raises ReadError where there is none of these.
    """
    plain_body = unzipped(body, limit)
    text = xml.document(plain_body, ROOTS)
    if text is not None:
        return _read_xml(text, url)
    lines = _lines(plain_body)
    if lines:
        return Sitemap(urls=distinct((Discovered(url=line) for line in lines), MAX_URLS))
    try:
        return Sitemap(urls=feed.read(plain_body, url).links)
    except ReadError as error:
        raise ReadError(f"no sitemap at {url}") from error


def _read_xml(text: str, base: str) -> Sitemap:
    urls: dict[str, Discovered] = {}
    children: dict[str, Child] = {}
    news = 0
    for entry in islice(xml.entries(text, ENTRIES), MAX_URLS):
        fields = _fields(entry)
        address = absolute(_text(fields.get("loc")), base)
        if address is None:
            continue
        if xml.local(entry) == "sitemap":
            children.setdefault(address, Child(url=address, modified=instant(_text(fields.get("lastmod")))))
        else:
            urls.setdefault(address, _discovered(address, fields))
            news += "news" in fields
    return Sitemap(urls=tuple(urls.values()), children=tuple(children.values()), is_news=2 * news > len(urls))


def _discovered(address: str, fields: Mapping[str, etree._Element]) -> Discovered:
    modified = instant(_text(fields.get("lastmod")))
    if "news" not in fields:
        return Discovered(url=address, modified=modified)
    news = _fields(fields["news"])
    publication = _fields(news["publication"]) if "publication" in news else {}
    return Discovered(
        url=address,
        title=plain(_text(news.get("title"))),
        published=instant(_text(news.get("publication_date"))),
        modified=modified,
        language=tag(_text(publication.get("language"))),
    )


def _fields(element: etree._Element) -> dict[str, etree._Element]:
    """An element's children by name; of several the first."""
    return {xml.local_name(child.tag): child for child in reversed(element)}


def _text(element: etree._Element | None) -> str | None:
    return element.text if element is not None else None


def is_list(body: bytes) -> bool:
    """Whether `body` begins as a text sitemap does: with an address."""
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"http://", b"https://"))


def _lines(body: bytes) -> list[str]:
    """The addresses of a text sitemap: every line one."""
    lines = (line.strip() for line in decode(body).splitlines()) if is_list(body) else ()
    return [line for line in lines if line.lower().startswith(WEB_SCHEMES)]
