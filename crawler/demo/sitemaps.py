"""robots.txt, the gzipped sitemap index and its children, one of them torn. Pure."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

from crawler.demo.announcements import (
    Entry,
    news_entries,
    old_entries,
    recent_entries,
    torn_entries,
)
from crawler.demo.answers import Answer
from crawler.demo.outlet import Outlet

INDEX = "/sitemap_index.xml.gz"
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
URLSET = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
)


def robots(outlet: Outlet) -> Answer:
    """robots.txt as content/ has it, and where the sitemap index is."""
    text = f"{outlet.text.robots}\nSitemap: {outlet.base}{INDEX}\n"
    return Answer(body=text.encode(), content_type="text/plain; charset=utf-8")


def index(outlet: Outlet) -> Answer:
    """The index of the children that name anything, as a gzip file."""
    children = "\n".join(
        f"<sitemap><loc>{outlet.base}{path}</loc><lastmod>{_latest(entries).isoformat()}</lastmod></sitemap>"
        for path, (_, entries_of) in CHILDREN.items()
        if (entries := entries_of(outlet))
    )
    text = f'{HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{children}\n</sitemapindex>\n'
    newest = max(_latest(entries_of(outlet)) for _, entries_of in CHILDREN.values() if entries_of(outlet))
    return Answer(body=_gzip(text), content_type="application/gzip", last_modified=newest)


def child(outlet: Outlet, path: str) -> Answer:
    """One of the sitemaps that the index names."""
    write, entries_of = CHILDREN[path]
    entries = entries_of(outlet)
    text, last_modified = write(outlet, entries), _latest(entries)
    if path.endswith(".gz"):
        return Answer(body=_gzip(text), content_type="application/gzip", last_modified=last_modified)
    return Answer(body=text.encode(), content_type=XML, last_modified=last_modified)


def children(outlet: Outlet) -> tuple[str, ...]:
    """The paths of the sitemaps that the index names."""
    return tuple(path for path, (_, entries_of) in CHILDREN.items() if entries_of(outlet))


def _news(outlet: Outlet, entries: tuple[Entry, ...]) -> str:
    return HEAD + URLSET + "".join(_news_url(outlet, entry) for entry in entries) + "</urlset>\n"


def _news_url(outlet: Outlet, entry: Entry) -> str:
    language = entry.story.language if entry.story else outlet.language
    return (
        f"<url><loc>{escape(entry.url)}</loc><lastmod>{entry.touched.isoformat()}</lastmod><news:news>"
        f"<news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{entry.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(entry.title)}</news:title></news:news></url>\n"
    )


def _general(_outlet: Outlet, entries: tuple[Entry, ...]) -> str:
    return HEAD + URLSET + "".join(map(_url, entries)) + "</urlset>\n"


def _torn(outlet: Outlet, entries: tuple[Entry, ...]) -> str:
    """Whole entries, then one that breaks off within its date; another sitemap names that one too."""
    last = _url(news_entries(outlet)[0])
    return (
        HEAD + URLSET + "".join(map(_url, entries)) + last[: last.index("<lastmod>") + len("<lastmod>2026")]
    )


def _url(entry: Entry) -> str:
    return f"<url><loc>{escape(entry.url)}</loc><lastmod>{entry.touched.isoformat()}</lastmod></url>\n"


def _latest(entries: Iterable[Entry]) -> dt.datetime:
    return max(entry.touched for entry in entries)


def _gzip(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


Write = Callable[[Outlet, tuple[Entry, ...]], str]
CHILDREN: dict[str, tuple[Write, Callable[[Outlet], tuple[Entry, ...]]]] = {
    "/sitemap-news.xml": (_news, news_entries),
    "/sitemap-1.xml": (_general, recent_entries),
    "/sitemap-2.xml.gz": (_general, old_entries),
    "/sitemap-3.xml": (_torn, torn_entries),
}
