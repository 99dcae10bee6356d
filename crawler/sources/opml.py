"""Sources as OPML 2.0, the format in which feed readers trade subscriptions.

A source is an outline that holds its feeds. What OPML has no word for (sitemaps, sections, the time zone …)
stands in attributes of our own namespace, as the specification allows, so that a list which went out comes
back the same. Lists of other programs, with folders or without, become one source for each site.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.errors import ReadError
from crawler.items import Endpoint, EndpointKind
from crawler.sources import checks, override_tables
from crawler.sources.override import Override
from crawler.sources.source import Source, distinct_slug, slug_for
from storage.records import Pictures

NAMESPACE = "urn:newsarchive"
_OURS = f"{{{NAMESPACE}}}"
# Lists in one attribute: one item to a line, since a pattern may hold any other character.
_LISTS = ("include", "exclude")

# What XML cannot hold, and nobody means.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write(sources: Iterable[Source]) -> bytes:
    """`sources` as an OPML document in UTF-8."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"newsarchive": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "newsarchive sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        outline = _outline(body, _source_attributes(source))
        for endpoint in source.endpoints:
            _outline(outline, _endpoint_attributes(endpoint, source))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def read(body: bytes) -> tuple[Source, ...]:
    """The sources in an OPML document, with distinct slugs. What is no web address is passed over.

    Raises ReadError where `body` is no OPML.
    """
    opml = _parsed(body)
    ours = [outline for outline in opml.iter("outline") if outline.get(f"{_OURS}slug")]
    within = {element for outline in ours for element in outline.iter()}
    others = [outline for outline in opml.iter("outline") if outline not in within]
    return _distinct(source for source in (*map(_own_source, ours), *_foreign_sources(others)) if source)


def _outline(parent: etree._Element, attributes: Mapping[str, str | None]) -> etree._Element:
    given = {name: _NO_XML.sub("", value) for name, value in attributes.items() if value}
    return etree.SubElement(parent, "outline", given)


def _source_attributes(source: Source) -> dict[str, str | None]:
    return {
        "text": source.name,
        "htmlUrl": source.home_page,
        "language": source.language,
        f"{_OURS}slug": source.slug,
        f"{_OURS}country": source.country,
        f"{_OURS}time_zone": source.time_zone,
        f"{_OURS}enabled": None if source.enabled else "false",
        f"{_OURS}pictures": None if source.pictures is Pictures.NONE else source.pictures.value,
        **{f"{_OURS}{name}": "\n".join(getattr(source, name)) for name in _LISTS},
        f"{_OURS}overrides": _overrides_text(source.overrides),
    }


def _overrides_text(overrides: tuple[Override, ...]) -> str:
    return json.dumps(override_tables.tables(overrides), default=str, ensure_ascii=False) if overrides else ""


def _endpoint_attributes(endpoint: Endpoint, source: Source) -> dict[str, str | None]:
    """A feed as every reader knows it; anything else as a link, which readers leave alone."""
    if endpoint.kind is EndpointKind.FEED:
        return {"type": "rss", "text": source.name, "xmlUrl": endpoint.url, "htmlUrl": source.home_page}
    return {"type": "link", "text": endpoint.url, "url": endpoint.url, f"{_OURS}kind": endpoint.kind.value}


def _parsed(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"no OPML: {error}") from error
    if root is None or str(root.tag).lower() != "opml":
        raise ReadError("no OPML: its root element is not <opml>")
    return root


def _own_source(outline: etree._Element) -> Source | None:
    """A source that this program wrote; what somebody has broken since is left out."""
    home_page = _checked(checks.web_address, outline.get("htmlUrl"))
    slug = outline.get(f"{_OURS}slug", "")
    if home_page is None or not checks.SLUG.fullmatch(slug):
        return None
    lists = {name: _patterns(outline.get(f"{_OURS}{name}", "")) for name in _LISTS}
    return Source(
        slug=slug,
        name=_checked(checks.text, outline.get("text")) or slug,
        home_page=home_page,
        language=_checked(checks.language, outline.get("language")),
        country=_checked(checks.country, outline.get(f"{_OURS}country")),
        time_zone=_checked(checks.time_zone, outline.get(f"{_OURS}time_zone")),
        endpoints=tuple(dict.fromkeys(filter(None, map(_endpoint, outline.iter("outline"))))),
        enabled=outline.get(f"{_OURS}enabled") != "false",
        include=lists["include"],
        exclude=lists["exclude"],
        overrides=_overrides(outline.get(f"{_OURS}overrides")),
        pictures=_pictures(outline),
    )


def _patterns(lines: str) -> tuple[str, ...]:
    return tuple(pattern for pattern in lines.splitlines() if _checked(checks.pattern, pattern))


def _overrides(text: str | None) -> tuple[Override, ...]:
    """The overrides that a list of ours carries; none where somebody has broken them."""
    try:
        tables = json.loads(text or "[]")
        for table in tables:
            if "from" in table:
                table["from"] = dt.date.fromisoformat(table["from"])
        return override_tables.overrides(tables)
    except (checks.Wrong, ValueError, TypeError, RecursionError):
        return ()


def _pictures(outline: etree._Element) -> Pictures:
    return Pictures(_checked(checks.one_of(Pictures), outline.get(f"{_OURS}pictures")) or Pictures.NONE)


def _endpoint(outline: etree._Element) -> Endpoint | None:
    feed = _checked(checks.web_address, outline.get("xmlUrl"))
    if feed:
        return Endpoint(url=feed, kind=EndpointKind.FEED)
    url = _checked(checks.web_address, outline.get("url"))
    kind = outline.get(f"{_OURS}kind", "")
    known = {member.value: member for member in EndpointKind}
    return Endpoint(url=url, kind=known[kind]) if url and kind in known else None


def _foreign_sources(outlines: Iterable[etree._Element]) -> Iterator[Source]:
    """One source for each site that the feeds of another program's list belong to."""
    sites: dict[str, list[dict[str, str]]] = {}
    for outline in outlines:
        attributes = {str(name).lower(): str(value) for name, value in outline.items()}
        feed = _checked(checks.web_address, attributes.get("xmlurl"))
        if feed:
            page = _checked(checks.web_address, attributes.get("htmlurl"))
            sites.setdefault(slug_for(page or feed), []).append(
                {**attributes, "xmlurl": feed, "htmlurl": page or _root(feed)}
            )
    for slug, feeds in sites.items():
        yield Source(
            slug=slug,
            name=_name(feeds[0]) or slug,
            home_page=min((feed["htmlurl"] for feed in feeds), key=len),
            language=_checked(checks.language, feeds[0].get("language")),
            endpoints=tuple(
                dict.fromkeys(Endpoint(url=feed["xmlurl"], kind=EndpointKind.FEED) for feed in feeds)
            ),
        )


def _name(attributes: Mapping[str, str]) -> str:
    return " ".join((attributes.get("title") or attributes.get("text") or "").split())


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _checked(check: Callable[[Any], str], value: str | None) -> str | None:
    try:
        return check(value) if value else None
    except checks.Wrong:
        return None


def _distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for source in sources:
        slug = distinct_slug(source.slug, found)
        found[slug] = replace(source, slug=slug)
    return tuple(found.values())
