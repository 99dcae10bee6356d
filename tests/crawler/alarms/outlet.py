"""An outlet over real HTTP whose life a test drives, and an archive whose past can be pushed back."""

from __future__ import annotations

import datetime as dt
import json
from http.server import BaseHTTPRequestHandler

from sqlalchemy import Date, Engine, select, update

from storage import sources
from storage.database import writing
from storage.health.looks import Look
from storage.health.tallies import add
from storage.health.tally import Tally
from storage.models import UTCDateTime, metadata
from tests.site import XML, Behaviour, Site, answer, rss

HOUR = dt.timedelta(hours=1)
CONSENT = b"""<!doctype html><html lang=en><head><title>Your privacy</title></head><body>
<div id="consent-manager" role="dialog" aria-modal="true"><h1>We value your privacy</h1>
<p>We and our 812 partners store information on your device, such as cookies, to show advertisements.</p>
<form><button>Accept all</button><button>Reject all</button></form></div></body></html>"""


def page(number: int, site: str, *, bylines: bool = True) -> bytes:
    """A story, as a news page tells it, of its own text."""
    headline = f"Harbour story {number}: the old pier closes for {number} weeks"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "datePublished": "2026-03-02T09:30:00+01:00",
        "image": f"{site}/{number}.jpg",
        **({"author": {"@type": "Person", "name": "Ada Holt"}} if bylines else {}),
    }
    text = "".join(
        f"<p>In part {part} of report {number} the harbour board of town {number * 7 + part} says that boat"
        f" {number * 31 + part} needs {number * 13 + part} new planks before the next spring tide.</p>"
        for part in range(8)
    )
    byline = "<p class=byline>By <a rel=author href=/ada>Ada Holt</a></p>" if bylines else ""
    picture = f'<figure><img src="/{number}.jpg" width=1200 height=800></figure>'
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>"
        f'<script type="application/ld+json">{json.dumps(data)}</script>'
        f'<meta property="og:type" content="article"><meta property="og:image" content="{site}/{number}.jpg">'
        f"</head><body><article><h1>{headline}</h1>{byline}{picture}{text}</article></body></html>"
    ).encode()


class Outlet:
    """A newspaper of one feed, at one address or another."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.number = 0
        self.named: list[str] = []

    def publish(self, count: int = 10, *, consent: bool = False, bylines: bool = True) -> None:
        """Put new stories into the feed."""
        self.named = []
        for _ in range(count):
            self.number += 1
            body = CONSENT if consent else page(self.number, self.site.url, bylines=bylines)
            self.named.append(self.site.serve(f"/2026/story-{self.number}.html", body))
        self.site.serve("/feed.xml", rss(*self.named), headers=XML)

    def mend(self) -> None:
        """What the feed names can be read."""
        for url in self.named:
            number = int(url.rpartition("-")[2].removesuffix(".html"))
            self.site.serve(url.removeprefix(self.site.url), page(number, self.site.url))

    def move(self, new: Site) -> None:
        """Move to another address for good: the old one leads there, path by path."""
        for path in self.site.routes:
            self.site.behave(path, _moved(new.url + path))
        self.site = new
        self.publish()

    def close_down(self) -> None:
        """Say of every address that it is gone."""
        for path in self.site.routes:
            self.site.behave(path, answer(b"gone", 410))


def _moved(target: str) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(301)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


def remember_weeks(engine: Engine, slug: str, home_page: str, now: dt.datetime) -> None:
    """A past of four weeks: ten articles at each look, every hour from six to ten in the evening."""
    usual = Tally(answered=1, announced=10, news=10, pages=10, stored=10, read=10)
    with writing(engine) as connection:
        source_id = sources.keep_source(connection, slug=slug, name=slug, home_page=home_page)
        for hours in range(28 * 24, 0, -1):
            at = now - hours * HOUR
            tally = usual if 6 <= at.hour <= 22 else Tally(answered=1)
            add(connection, source_id, Look(at=at, tally=tally))


def push_back(engine: Engine, days: int) -> None:
    """Let days pass: everything that the archive knows happened so much earlier."""
    span = dt.timedelta(days=days)
    with writing(engine) as connection:
        for table in metadata.tables.values():
            keys = list(table.primary_key.columns)
            moments = [c for c in table.columns if isinstance(c.type, UTCDateTime | Date)]
            if not moments:
                continue
            for row in connection.execute(select(table).order_by(*keys)).all():
                same = [key == row._mapping[key] for key in keys]
                then = {c.name: row._mapping[c] - span for c in moments if row._mapping[c] is not None}
                if then:
                    connection.execute(update(table).where(*same).values(then))
