"""An endpoint that gives the very bytes that it gave last time is not read again: as with a 304."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from storage.models import endpoint
from tests.command import Command
from tests.site import XML, Site, answer, rss, story

TAG = '"same"'


class Look(NamedTuple):
    """What is known of an endpoint after one."""

    rate: float
    at: dt.datetime
    next_at: dt.datetime
    new: int

    @property
    def rest(self) -> float:
        return (self.next_at - self.at).total_seconds()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.serve("/robots.txt", b"")
        yield site


@pytest.fixture
def feed(site: Site, newsarchive: Command) -> str:
    """A feed without validators, that has been read once."""
    feed = site.serve("/feed.xml", rss(site.serve("/news/1", story("Harbour"))), headers=XML)
    _list(newsarchive, site, f'feeds = ["{feed}"]')
    newsarchive.crawl("a")
    return feed


def _list(command: Command, site: Site, *lines: str) -> None:
    table = "\n".join(("[sources.a]", f'home_page = "{site.url}/"', *lines))
    (command.folder / "sources.toml").write_text(table, encoding="utf-8")


def _named_at(command: Command) -> dict[str, object]:
    """When each URL was last named in an answer that was read."""
    return dict(command.query("SELECT url, last_seen_at FROM url"))


def test_the_same_bytes_are_a_look_that_found_nothing(site: Site, feed: str, newsarchive: Command) -> None:
    before, [(first_success,)] = (
        _named_at(newsarchive),
        newsarchive.query("SELECT last_success_at FROM endpoint"),
    )
    result = newsarchive.crawl("a")
    assert site.asked.count("/feed.xml") == 2
    assert result["outcomes"] == {}
    assert _named_at(newsarchive) == before
    [(last_new, failures, success)] = newsarchive.query(
        "SELECT last_new, failures, last_success_at FROM endpoint"
    )
    assert (last_new, failures) == (0, 0)
    assert success > first_success

    site.serve("/feed.xml", rss(f"{site.url}/news/1", site.serve("/news/2", story("Ferry"))), headers=XML)
    assert newsarchive.crawl("a")["outcomes"] == {"known": 1, "stored": 1}
    assert _named_at(newsarchive)[f"{site.url}/news/1"] != before[f"{site.url}/news/1"]


def test_the_rhythm_is_that_of_an_answer_without_changes(site: Site, feed: str, newsarchive: Command) -> None:
    def tagged(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == TAG
        body = b"" if same else rss(f"{site.url}/news/1")
        answer(body, 304 if same else 200, {**XML, "ETag": TAG})(handler)

    tags = site.behave("/tags.xml", tagged)
    _list(newsarchive, site, f'feeds = ["{feed}", "{tags}"]')
    newsarchive.crawl("a")  # the feed for the second time, /tags.xml for the first
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    newsarchive.query(
        update(endpoint).values(rate=4, last_new=1, last_success_at=long_ago, last_checked_at=long_ago)
    )
    newsarchive.crawl("a")
    columns = ("rate", "last_checked_at", "next_check_at", "last_new")
    found = select(*(endpoint.c[name] for name in columns)).where(endpoint.c.kind == "feed")
    same, unmodified = (Look(*row) for row in newsarchive.query(found.order_by(endpoint.c.id)))
    assert same.rate == pytest.approx(unmodified.rate, rel=0.01)
    assert same.rest == pytest.approx(unmodified.rest, rel=0.3)  # its time is drawn
    assert same.new == unmodified.new == 0


def test_after_six_hours_it_is_read_again(feed: str, newsarchive: Command) -> None:
    before = _named_at(newsarchive)
    for hours, is_read in ((5.9, False), (6.1, True), (-1, True)):  # the last by a clock that was ahead
        at = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
        newsarchive.query(update(endpoint).values(read_at=at))
        newsarchive.crawl("a")
        assert (_named_at(newsarchive) != before) == is_read
        before = _named_at(newsarchive)


def test_what_failed_is_read_again(site: Site, feed: str, newsarchive: Command) -> None:
    before = _named_at(newsarchive)
    good = site.routes["/feed.xml"]
    site.serve("/feed.xml", b"<html><p>an error, with status 200", headers=XML)
    newsarchive.run("crawl", "a")
    site.behave("/feed.xml", good)
    newsarchive.crawl("a")
    assert _named_at(newsarchive) != before


@pytest.mark.parametrize(
    "options",
    [("--again", 3), ("--all",), ("--since", "2026-01-01"), ("-s", "ARCHIVE_SITEMAP_DAYS=30")],
    ids=str,
)
def test_another_appetite_reads_it_again(
    feed: str, newsarchive: Command, options: tuple[object, ...]
) -> None:
    before = _named_at(newsarchive)
    newsarchive.crawl("a", *options)
    assert _named_at(newsarchive) != before


@pytest.mark.parametrize("headers", [XML, {**XML, "ETag": TAG}], ids=["without a tag", "with one"])
def test_other_rules_read_it_again(site: Site, newsarchive: Command, headers: dict[str, str]) -> None:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == TAG
        answer(b"" if same else rss(f"{site.url}/sports/1"), 304 if same else 200, headers)(handler)

    feed = site.behave("/feed.xml", behave)
    site.serve("/sports/1", story("Regatta"))
    _list(newsarchive, site, f'feeds = ["{feed}"]', 'exclude = ["/sports/"]')
    newsarchive.crawl("a")
    assert newsarchive.query("SELECT outcome FROM url") == [("excluded",)]
    _list(newsarchive, site, f'feeds = ["{feed}"]')
    newsarchive.crawl("a")
    assert newsarchive.query("SELECT outcome FROM url") == [("stored",)]
    before = _named_at(newsarchive)
    newsarchive.crawl("a")
    assert _named_at(newsarchive) == before


def test_the_sitemaps_of_an_index_that_is_the_same_are_asked(site: Site, newsarchive: Command) -> None:
    child = site.serve("/part.xml", _sitemap(site.serve("/news/1", story("Harbour"))), headers=XML)
    site.serve("/news/2", story("Ferry"))
    index = f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>".encode()
    _list(newsarchive, site, f'sitemaps = ["{site.serve("/sitemap.xml", index, headers=XML)}"]')
    newsarchive.crawl("a", "--all")
    site.serve("/part.xml", _sitemap(f"{site.url}/news/1", f"{site.url}/news/2"), headers=XML)
    assert newsarchive.crawl("a", "--all")["outcomes"]["stored"] == 1


def _sitemap(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def test_pages_that_were_not_all_turned_are_no_known_answer(site: Site, newsarchive: Command) -> None:
    """A crawl that is killed while it turns pages has not read the endpoint, whatever its first page was."""
    pages = {n: f"/news/{n}" for n in (1, 2)}
    for n, path in pages.items():
        site.serve(path, story(f"Harbour {n}"))
    older = site.serve("/feed-2.xml", rss(f"{site.url}{pages[2]}"), headers=XML)
    first = rss(f"{site.url}{pages[1]}").replace(
        b"<channel>",
        f'<channel><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{older}"/>'.encode(),
    )
    feed = site.serve("/feed.xml", first, headers=XML)
    _list(newsarchive, site, f'feeds = ["{feed}"]')
    newsarchive.crawl("a")
    assert "/feed-2.xml" in site.asked
    assert newsarchive.query("SELECT digest FROM endpoint") == [(None,)]
    newsarchive.crawl("a")
    assert newsarchive.query("SELECT digest FROM endpoint") != [(None,)]
