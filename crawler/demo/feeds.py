"""RSS, Atom and JSON Feed. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.demo.announcements import TRACKING, Entry, feed_entries
from crawler.demo.answers import Answer
from crawler.demo.outlet import Edition, Outlet

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{title}</title>
<link>{home}</link>
<atom:link href="{address}" rel="self" type="application/rss+xml"/>
<description>{title}</description>
<language>{language}</language>
<ttl>15</ttl>
{items}
</channel>
</rss>
"""
ATOM = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
<title>{title}</title>
<id>{address}</id>
<link rel="self" href="{address}"/>
<link rel="alternate" type="text/html" href="{home}"/>
<updated>{updated}</updated>
{items}
</feed>
"""


def feed(outlet: Outlet, place: int) -> Answer:
    """An edition's feed, with Last-Modified from its newest entry."""
    edition = outlet.editions[place]
    entries = feed_entries(outlet, place)
    content_type, write = FORMATS[edition.text.feed]
    return Answer(
        body=write(outlet, edition, entries).encode(),
        content_type=content_type,
        last_modified=max(entry.touched for entry in entries),
    )


def _rss(outlet: Outlet, edition: Edition, entries: tuple[Entry, ...]) -> str:
    return RSS.format(items="\n".join(map(_rss_item, entries)), **_frame(outlet, edition))


def _rss_item(entry: Entry) -> str:
    mark = "&" if "?" in entry.url else "?"
    link = escape(f"{entry.url}{mark}{TRACKING}")
    authors = entry.story.authors if entry.story else ()
    return "".join(
        (
            f"<item><title>{escape(entry.title)}</title><link>{link}</link>",
            f'<guid isPermaLink="false">{escape(entry.url)}</guid>',
            f"<pubDate>{format_datetime(entry.published)}</pubDate>",
            f"<atom:updated>{entry.modified.isoformat()}</atom:updated>" if entry.modified else "",
            *(f"<dc:creator>{escape(author)}</dc:creator>" for author in authors),
            f"<description>{escape(_summary(entry))}</description></item>",
        )
    )


def _atom(outlet: Outlet, edition: Edition, entries: tuple[Entry, ...]) -> str:
    updated = max(entry.touched for entry in entries).isoformat()
    return ATOM.format(items="\n".join(map(_atom_entry, entries)), updated=updated, **_frame(outlet, edition))


def _atom_entry(entry: Entry) -> str:
    authors = entry.story.authors if entry.story else ()
    return "".join(
        (
            f"<entry><title>{escape(entry.title)}</title><id>{escape(entry.url)}</id>",
            f'<link rel="alternate" type="text/html" href="{escape(entry.url)}"/>',
            f"<published>{entry.published.isoformat()}</published>",
            f"<updated>{entry.touched.isoformat()}</updated>",
            *(f"<author><name>{escape(author)}</name></author>" for author in authors),
            f"<summary>{escape(_summary(entry))}</summary></entry>",
        )
    )


def _json(outlet: Outlet, edition: Edition, entries: tuple[Entry, ...]) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": edition.text.title,
            "language": edition.language,
            "home_page_url": outlet.base + edition.text.front,
            "feed_url": outlet.base + edition.text.feed_path,
            "items": [_json_item(entry) for entry in entries],
        },
        ensure_ascii=False,
        indent=1,
    )


def _json_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "summary": _summary(entry),
        "date_published": entry.published.isoformat(),
        "authors": [{"name": author} for author in entry.story.authors] if entry.story else [],
    }
    return item | ({"date_modified": entry.modified.isoformat()} if entry.modified else {})


def _summary(entry: Entry) -> str:
    """The standfirst, or the first sentences."""
    if entry.story is None:
        return entry.title
    return entry.story.description or entry.story.body[0].text[:200]


def _frame(outlet: Outlet, edition: Edition) -> dict[str, str]:
    return {
        "title": escape(edition.text.title),
        "language": edition.language,
        "home": outlet.base + edition.text.front,
        "address": outlet.base + edition.text.feed_path,
    }


FORMATS: dict[str, tuple[str, Callable[[Outlet, Edition, tuple[Entry, ...]], str]]] = {
    "rss": ("application/rss+xml; charset=utf-8", _rss),
    "atom": ("application/atom+xml; charset=utf-8", _atom),
    "json": ("application/feed+json; charset=utf-8", _json),
}
