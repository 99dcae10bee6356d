"""A source's own selectors from sources.toml to the archive: command, crawl and workers as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from crawler.cli.saved_pages import read_one
from crawler.errors import ArchiveError
from crawler.extraction import Hints
from crawler.sources import Override
from storage.records import Candidate
from tests.command import Command
from tests.site import XML, Site, rss, story

TODAY = dt.datetime.now(dt.UTC).date()
SOURCES = """
[sources.gazette]
name = "The Gazette"
home_page = "{url}/"
time_zone = "Asia/Tokyo"
feeds = ["{url}/feed"]

[[sources.gazette.overrides]]
headline = "h6"

[[sources.gazette.overrides]]
from = {yesterday}
remove = ["p:last-of-type"]
headline = "h2.real"
byline = "b.by"
date_published = "i.when"
article_section = "b.nowhere"

[[sources.gazette.overrides]]
from = {tomorrow}
headline = "h6"
"""
TOLD = """<h6>Neither</h6><h2 class=real>What it is called</h2><b class=by>Ada Holt</b>
    <i class=when>2026-01-05 9:30</i><article>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def test_a_crawl_reads_with_the_override_of_the_day(site: Site, newsarchive: Command) -> None:
    page = story("A ferry").replace(b"<article>", TOLD.encode())
    url = site.serve("/news/ferry", page)
    site.serve("/feed", rss(url), headers=XML)
    days = {"yesterday": TODAY - dt.timedelta(days=1), "tomorrow": TODAY + dt.timedelta(days=2)}
    (newsarchive.folder / "sources.toml").write_text(SOURCES.format(url=site.url, **days))
    assert newsarchive.crawl("gazette")["outcomes"] == {"stored": 1}
    with newsarchive.archive() as archive:
        found = archive.article_by_url(url)
    assert found is not None
    article = found.article
    assert article.headline == "What it is called"
    assert article.authors == ("Ada Holt",)
    assert article.date_published is not None
    assert article.date_published.value == dt.datetime(2026, 1, 5, 0, 30, tzinfo=dt.UTC)
    assert article.date_published.origin == "override:i.when"
    assert "part 1." in article.body
    assert "part 2." not in article.body
    assert article.site_name == "The Gazette"
    told = [c for c in article.evidence if c.origin.startswith("override:")]
    assert [(c.field, c.chosen) for c in told] == [
        ("headline", True),
        ("byline", True),
        ("date_published", True),
        ("article_section", False),
    ]
    assert told[-1] == Candidate(field="article_section", value="", origin="override:b.nowhere")


def test_a_mistake_in_the_overrides_ends_a_crawl_before_it_begins(site: Site, newsarchive: Command) -> None:
    text = SOURCES.format(url=site.url, yesterday="2026-03-01", tomorrow="2026-02-01")
    (newsarchive.folder / "sources.toml").write_text(text)
    done = newsarchive.run("crawl", "gazette")
    assert done.returncode == 2
    assert (
        "sources.toml, line 20: sources.gazette.overrides.from: 2026-02-01 does not come after" in done.stderr
    )
    assert site.asked == []


def test_a_selector_that_asks_too_much_ends_in_time() -> None:
    page = story("A ferry").replace(b"<article>", b"<ul>" + b"<li><p>x</p></li>" * 400 + b"</ul><article>")
    endless = Override(headline="//p[.//following::p[.//following::p[.//following::p[.//following::p]]]]")
    with pytest.raises(ArchiveError, match="longer than 2 s; one of the selectors"):
        read_one(page, "https://gazette.example/", Hints(overrides=(endless,)), seconds=2)
