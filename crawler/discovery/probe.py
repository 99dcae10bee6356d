"""A home page as the way into a site: its feeds, sections, name, language, country and time zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.discovery import places
from crawler.discovery.addresses import absolute
from crawler.discovery.anchors import Anchor
from crawler.discovery.anchors import read as read_anchors
from crawler.discovery.sections import sections
from crawler.discovery.titles import plain
from crawler.extraction import linked_data, meta
from crawler.extraction.charset import decode
from crawler.extraction.document import Document, parse
from crawler.extraction.linked_data import Node
from crawler.extraction.meta import Meta
from crawler.extraction.text import word_set
from crawler.language_tags import tag
from storage.urls import key

# Worth asking for where a site declares none: what the usual systems serve, most usual first.
WELL_KNOWN_FEEDS = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
WELL_KNOWN_SITEMAPS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap.xml.gz",
)

MAX_FEEDS = 20
FEED_TYPES = word_set("""
    application/rss+xml application/atom+xml application/rdf+xml application/feed+json text/rss
""")
# Types that other things have, too: believed where the address says feed.
VAGUE_FEED_TYPES = word_set("application/json application/xml text/xml")

FEED_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", "/feed", "/feed/", "/rss", "/rss/")

# In JSON-LD, what speaks for the site as a whole; best first.
SITE_TYPES = ("newsmediaorganization", "website", "organization", "corporation")

_FEED_ADDRESS = re.compile(r"(?:^|[/._?=&-])(?:rss|feeds?|atom|rdf)(?:$|[/._?=&-]|\d)", re.IGNORECASE)
# WordPress declares one for the comments of the site and one for each post's.
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire|commenti", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—·•:»›-]+\s+|｜")
_SITEMAP_LINE = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What a home page tells of its site."""

    name: str | None = None
    language: str | None = None
    # BCP 47: "en", "pt-BR".
    country: str | None = None
    # ISO 3166-1 alpha-2: "NO".
    time_zone: str | None = None
    # IANA: "Europe/Oslo"; None where the country has several.
    feeds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


def site(body: bytes, url: str) -> Site:
    """What the home page `body` at `url` says of its site; what it does not say is None."""
    document = parse(body, url)
    nodes = _site_nodes(document)
    head = meta.read(document)
    language = _language(document, head, nodes)
    addresses = [address for node in nodes for address in node.nodes("address")]
    country = places.country(url, language=language, addresses=_said(addresses, "addressCountry"))
    anchors = read_anchors(document).anchors
    return Site(
        name=_name(document, head, nodes, anchors),
        language=language,
        country=country,
        time_zone=places.time_zone(country),
        feeds=_feeds(document, (anchor.url for anchor in anchors)),
        sections=sections(anchors, url),
    )


def sitemaps_in_robots(body: bytes, url: str) -> tuple[str, ...]:
    """The addresses on the ``Sitemap:`` lines of the robots.txt at `url`, absolute, each once."""
    return each_absolute(_SITEMAP_LINE.findall(decode(body)), url)


def each_absolute(addresses: Iterable[str], url: str) -> tuple[str, ...]:
    """What can be an address of those that stand in the file at `url`, absolute, each once."""
    found = (absolute(address, url) for address in addresses)
    return tuple(dict.fromkeys(address for address in found if address))


def _site_nodes(document: Document) -> list[Node]:
    data = linked_data.read(document)
    return [node for kind in SITE_TYPES for node in data.of_type(kind)]


def _said(nodes: Iterable[Node], name: str) -> list[str]:
    return [text for node in nodes for text in node.texts(name)]


def _name(document: Document, head: Meta, nodes: list[Node], anchors: Iterable[Anchor]) -> str | None:
    named = next(iter(_said(nodes, "name")), None)
    said = head.text("og:site_name") or named or head.text("application-name")
    return plain(said) or _from_title(document, anchors)


def _from_title(document: Document, anchors: Iterable[Anchor]) -> str | None:
    """Of "Home - The Example Times" the part that the logo, a feed or the host repeats, else the first."""
    title = plain(document.tree.findtext(".//title")) or ""
    parts = [part for part in _TITLE_PARTS.split(title) if _folded(part)]
    repeated = {_folded(text) for text in _names_elsewhere(document, anchors)}
    confirmed = [part for part in parts if _folded(part) in repeated]  # "Home" is, too, but shorter
    host = (urlsplit(document.url).hostname or "").removeprefix("www.").partition(".")[0]
    alike = [part for part in parts if _folded(part) in host or host in _folded(part)]
    return max(confirmed, key=len, default=None) or next(iter([*alike, *parts]), None)


def _names_elsewhere(document: Document, anchors: Iterable[Anchor]) -> Iterator[str]:
    """What links to this page and its feeds are called."""
    own = key(document.url)
    yield from (anchor.text or anchor.label for anchor in anchors if key(anchor.url) == own)
    yield from (link.get("title") or "" for link in document.tree.iter("link"))


def _folded(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _language(document: Document, head: Meta, nodes: list[Node]) -> str | None:
    said = (
        document.tree.get("lang"),
        document.tree.get("xml:lang"),
        head.text("content-language", "language"),
        *_said(nodes, "inLanguage"),
        head.text("og:locale"),
    )
    return next(filter(None, map(tag, said)), None)


def _feeds(document: Document, anchors: Iterable[str]) -> tuple[str, ...]:
    """What the page declares; else the links on it that are called feeds."""
    links = (_declared(link, document.base_url) for link in document.tree.iter("link"))
    declared = [link for link in links if link]
    once: dict[str, str] = {}
    for url in declared or filter(_is_feed_address, anchors):
        once.setdefault(key(url), url)
    return tuple(once.values())[:MAX_FEEDS]


def _declared(link: HtmlElement, base: str) -> str | None:
    """The address of a <link> that declares a feed of articles."""
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    href, title = link.get("href") or "", link.get("title") or ""
    is_feed = kind in FEED_TYPES or (kind in VAGUE_FEED_TYPES and _FEED_ADDRESS.search(href))
    relations = (link.get("rel") or "").lower().split()
    if not is_feed or not {"alternate", "feed"} & set(relations) or _COMMENTS.search(f"{href} {title}"):
        return None
    return absolute(href, base)


def _is_feed_address(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return bool(_FEED_ADDRESS.search(path)) and not _COMMENTS.search(path) and path.endswith(FEED_ENDINGS)
