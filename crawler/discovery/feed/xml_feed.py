"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0: one reader, since real feeds mix them.

Which element gives which field is the table below, best first. Names carry the prefix that the
namespace usually has, whatever this feed calls it; the formats' own namespaces have none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from crawler.discovery import xml
from crawler.discovery.addresses import absolute
from crawler.discovery.dates import instant
from crawler.discovery.feed.model import Feed, distinct
from crawler.discovery.titles import plain
from crawler.items import Discovered
from crawler.language_tags import tag

ENTRIES = ("item", "entry")

PUBLISHED = (
    "pubDate",
    "published",
    "issued",
    "dcterms:issued",
    "dc:date",
    "dcterms:created",
    "created",
    "atom:published",
    "date",
)
MODIFIED = ("updated", "modified", "dcterms:modified", "atom:updated", "lastBuildDate")
TITLES = ("title", "dc:title", "atom:title", "media:title")
LANGUAGES = ("language", "dc:language")
# What a feed proxy calls the address that it stands before.
ORIGINAL_LINKS = ("feedburner:origLink", "pheedo:origLink")

# By a piece of the namespace's URI, since versions and spellings vary.
PREFIXES: Mapping[str, str] = {
    "purl.org/dc/elements": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "feedburner": "feedburner",
    "pheedo": "pheedo",
    "itunes": "itunes",
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/net/rss1.1": "",
    "my.netscape.com/rdf": "",
    "purl.org/rss/1.0": "",
    "backend.userland.com/rss": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
}

# Of sy:updatePeriod.
PERIODS: Mapping[str, dt.timedelta] = {
    "hourly": dt.timedelta(hours=1),
    "daily": dt.timedelta(days=1),
    "weekly": dt.timedelta(weeks=1),
    "monthly": dt.timedelta(days=30),
    "yearly": dt.timedelta(days=365),
}

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

Fields = Mapping[str, list[etree._Element]]


def read(text: str, url: str) -> Feed:
    """The feed in `text`, which begins with its root element."""
    root = xml.head(text, ENTRIES)
    own = xml.namespace(root)
    channel = _child(root, "channel")
    fields = _fields(channel, own)
    declared = _base(channel, _base(root, url) if channel is not root else url)
    home_page = _link(fields, declared)
    # Feeds are often served from another host than the pages that they name.
    base = declared if declared != url else home_page or url
    language = tag(_first(fields, LANGUAGES) or channel.get(_LANG) or root.get(_LANG))
    return Feed(
        title=_title(fields),
        home_page=home_page,
        language=language,
        links=distinct(_entry(entry, own, base, language) for entry in xml.entries(text, ENTRIES)),
        next_url=_related(fields, "next", declared),
        ttl=_ttl(fields),
    )


def _entry(entry: etree._Element, own: str, feed_base: str, language: str | None) -> Discovered | None:
    fields = _fields(entry, own)
    address = _link(fields, _base(entry, feed_base)) or _identifier(entry, fields)
    if address is None:
        return None
    return Discovered(
        url=address,
        title=_title(fields),
        published=instant(_first(fields, PUBLISHED)),
        modified=instant(_first(fields, MODIFIED)),
        language=tag(_first(fields, LANGUAGES) or entry.get(_LANG)) or language,
    )


def _child(root: etree._Element, name: str) -> etree._Element:
    return next((child for child in root if xml.local(child) == name), root)


def _fields(element: etree._Element, own: str) -> Fields:
    """An element's children by their usual names; `own` is the namespace of the root element."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        found.setdefault(_usual_name(str(child.tag), own), []).append(child)
    return found


@lru_cache(maxsize=512)
def _usual_name(qualified: str, own: str) -> str:
    """``{http://purl.org/dc/elements/1.1/}date`` is "dc:date"; the formats' own names are bare."""
    namespace, _, name = qualified.rpartition("}")
    uri = namespace.removeprefix("{").lower()
    if uri in ("", own.lower()):
        return name
    prefix = next((prefix for piece, prefix in PREFIXES.items() if piece in uri), "?")
    return f"{prefix}:{name}" if prefix else name


def _first(fields: Fields, names: tuple[str, ...]) -> str | None:
    """The first text among `names`."""
    texts = (_text(element) for name in names for element in fields.get(name, ()))
    return next(filter(None, texts), None)


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip() if len(element) else (element.text or "").strip()


def _title(fields: Fields) -> str | None:
    return plain(_first(fields, TITLES))


def _link(fields: Fields, base: str) -> str | None:
    """Where the entry, or the feed's page, is."""
    original = absolute(_first(fields, ORIGINAL_LINKS), base)
    return original or _plain_link(fields, base) or _related(fields, "alternate", base)


def _plain_link(fields: Fields, base: str) -> str | None:
    """RSS's ``<link>text</link>``."""
    texts = (_text(element) for element in fields.get("link", ()) if element.get("href") is None)
    return next(filter(None, (absolute(text, base) for text in texts)), None)


def _related(fields: Fields, relation: str, base: str) -> str | None:
    """Atom's ``<link rel= href=>``, a page before any other type."""
    links = [
        link
        for link in (*fields.get("link", ()), *fields.get("atom:link", ()))
        if link.get("href") and (link.get("rel") or "alternate").lower().rpartition("/")[2] == relation
    ]
    links.sort(key=lambda link: "html" not in (link.get("type") or "html"))
    addresses = (absolute(link.get("href"), _base(link, base)) for link in links)
    return next(filter(None, addresses), None)


def _identifier(entry: etree._Element, fields: Fields) -> str | None:
    """An identifier that is the address: a guid that does not deny it, an Atom id, rdf:about."""
    guids = (
        _text(guid)
        for guid in fields.get("guid", ())
        if (guid.get("isPermaLink") or "true").lower() != "false"
    )
    identifiers = (*guids, _first(fields, ("id",)), entry.get(_RDF_ABOUT))
    return next(filter(None, (absolute(identifier, "") for identifier in identifiers)), None)


def _base(element: etree._Element, around: str) -> str:
    """What relative addresses in `element` hang on: its own xml:base, or that `around` it."""
    return absolute(element.get(_BASE), around) or around


def _ttl(fields: Fields) -> dt.timedelta | None:
    """RSS's ttl in minutes, else the syndication module's period over its frequency."""
    minutes = _first(fields, ("ttl",)) or ""
    if minutes.isdecimal() and int(minutes[:6]) > 0:
        return dt.timedelta(minutes=int(minutes[:6]))
    period = PERIODS.get((_first(fields, ("sy:updatePeriod",)) or "").lower())
    frequency = _first(fields, ("sy:updateFrequency",)) or "1"
    return period / max(1, int(frequency[:4])) if period and frequency.isdecimal() else None
