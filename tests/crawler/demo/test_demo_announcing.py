"""Feeds, sitemaps and robots.txt: real parsers read them, and together they name exactly `announced()`."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import pytest
from lxml import etree, html

from crawler.demo import Newspaper, Outlet
from crawler.demo.announcements import feed_entries, recent_entries
from crawler.demo.site import without_tracking
from tests.crawler.demo.newspaper_client import NOW, Fetch

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def feed_urls(fetch: Fetch, outlet: Outlet) -> list[str]:
    """The feeds that the home page names."""
    home = html.fromstring(fetch(outlet.home_page).body)
    return [urljoin(outlet.base, href) for href in home.xpath('//link[@rel="alternate"]/@href')]


def feed_links(fetch: Fetch, url: str) -> dict[str, dt.datetime]:
    """URL -> when it was published, whatever the format."""
    reply = fetch(url)
    if "json" in reply.headers["content-type"]:
        items = json.loads(reply.body)["items"]
        return {item["url"]: dt.datetime.fromisoformat(item["date_published"]) for item in items}
    root = etree.fromstring(reply.body)
    if root.tag == "rss":
        return {
            item.findtext("link", ""): parsedate_to_datetime(item.findtext("pubDate", ""))
            for item in root.iter("item")
        }
    return {
        entry.find(f"{ATOM}link").get("href"): dt.datetime.fromisoformat(entry.findtext(f"{ATOM}published"))
        for entry in root.iter(f"{ATOM}entry")
    }


def children(fetch: Fetch, outlet: Outlet) -> list[str]:
    """The sitemaps of the index that robots.txt names."""
    robots = fetch(f"{outlet.base}/robots.txt").text
    (index,) = [
        line.removeprefix("Sitemap: ") for line in robots.splitlines() if line.startswith("Sitemap: ")
    ]
    assert index.endswith(".gz")
    reply = fetch(index)
    assert "content-encoding" not in reply.headers
    root = etree.fromstring(gzip.decompress(reply.body))
    return [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]


def sitemap(fetch: Fetch, url: str, *, recover: bool = True) -> etree._Element:
    body = fetch(url).body
    body = gzip.decompress(body) if url.endswith(".gz") else body
    return etree.fromstring(body, etree.XMLParser(recover=recover))


def locations(root: etree._Element) -> dict[str, str]:
    """URL -> lastmod."""
    return {url.findtext(f"{SITEMAP}loc", ""): url.findtext(f"{SITEMAP}lastmod", "") for url in root}


def test_everything_announced_is_in_announced(paper: Newspaper, fetch: Fetch) -> None:
    named: set[str] = set()
    for outlet in paper.outlets:
        for feed in feed_urls(fetch, outlet):
            named |= {without_tracking(url) for url in feed_links(fetch, feed)}
        for child in children(fetch, outlet):
            named |= locations(sitemap(fetch, child)).keys()
        named |= {page.url for page in outlet.pages if page.announced_by == "section"}
    assert named == paper.announced()


def test_all_three_formats(paper: Newspaper, fetch: Fetch) -> None:
    types = {
        fetch(feed).headers["content-type"].partition(";")[0]
        for outlet in paper.outlets
        for feed in feed_urls(fetch, outlet)
    }
    assert types == {"application/rss+xml", "application/atom+xml", "application/feed+json"}


def test_feeds_name_the_last_three_days_with_their_dates(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        stories = {story.url: story for story in outlet.stories}
        for feed in feed_urls(fetch, outlet):
            links = feed_links(fetch, feed)
            for url, published in links.items():
                story = stories.get(without_tracking(url))
                assert story is None or published == story.published
                assert outlet.now - published < dt.timedelta(days=3)


def test_rss_links_carry_tracking_parameters(paper: Newspaper, fetch: Fetch) -> None:
    feed = next(iter(feed_urls(fetch, paper.outlets[0])))
    links = feed_links(fetch, feed)
    assert links
    assert all("utm_source=rss" in url for url in links)
    assert {fetch(url).status for url in links} <= {200, 301, 503}


def test_feeds_and_sitemaps_answer_conditional_requests(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        for url in [*feed_urls(fetch, outlet), *children(fetch, outlet)]:
            first = fetch(url)
            etag, date = first.headers["etag"], first.headers["last-modified"]
            assert fetch(url, If_None_Match=etag).status == 304
            assert fetch(url, If_Modified_Since=date).status == 304
            assert fetch(url, If_None_Match=etag).body == b""
            assert fetch(url, If_None_Match='"0"').status == 200


def test_the_news_sitemap_names_two_days(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        (url,) = [child for child in children(fetch, outlet) if "news" in child]
        root = sitemap(fetch, url, recover=False)
        recent = {s.url: s for s in outlet.stories if outlet.now - s.published < dt.timedelta(days=2)}
        assert locations(root).keys() == recent.keys()
        for entry in root:
            story = recent[entry.findtext(f"{SITEMAP}loc", "")]
            news = entry.find(f"{NEWS}news")
            assert news is not None
            assert news.findtext(f"{NEWS}title") == story.headline
            assert news.findtext(f"{NEWS}publication/{NEWS}language") == story.language
            date = dt.datetime.fromisoformat(news.findtext(f"{NEWS}publication_date", ""))
            assert date == story.published


def test_old_stories_are_named_by_a_general_sitemap_alone(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        old = {s.url for s in outlet.stories if outlet.now - s.published > dt.timedelta(days=7)}
        for child in children(fetch, outlet):
            named = locations(sitemap(fetch, child)).keys()
            assert named & old == (old if child.endswith("sitemap-2.xml.gz") else set())


def test_one_sitemap_is_torn(paper: Newspaper, fetch: Fetch) -> None:
    torn = [(outlet, c) for outlet in paper.outlets for c in children(fetch, outlet) if "sitemap-3" in c]
    ((outlet, url),) = torn
    assert re.search(rb"<loc>[^<]+</loc><lastmod>\d{4}$", fetch(url).body)
    named = locations(sitemap(fetch, url)).keys()
    alone = {story.url for story in outlet.stories if story.manuscript.torn}
    assert len(alone) == 2
    assert alone < named
    # What stands at the tear is named elsewhere too: a reader may keep or drop it.
    others = [child for child in children(fetch, outlet) if child != url]
    elsewhere = {location for child in others for location in locations(sitemap(fetch, child))}
    assert named - alone <= elsewhere
    assert not alone & elsewhere


def test_after_the_advance_feed_and_sitemap_say_so(own_paper: Newspaper, fetch: Fetch) -> None:
    courier = own_paper.outlets[0]
    feed = next(iter(feed_urls(fetch, courier)))
    before = fetch(feed)
    change = own_paper.advance()
    (edited,), (removed,) = change.edited, change.removed
    again = fetch(feed, If_None_Match=before.headers["etag"])
    assert again.status == 200
    assert parsedate_to_datetime(again.headers["last-modified"]) > parsedate_to_datetime(
        before.headers["last-modified"]
    )
    assert edited.headline in again.text
    assert removed.headline not in again.text
    new = {
        without_tracking(url)
        for o in own_paper.outlets
        for f in feed_urls(fetch, o)
        for url in feed_links(fetch, f)
    }
    assert {story.url for story in change.published} <= new
    (general,) = [c for c in children(fetch, courier) if c.endswith("sitemap-1.xml")]
    dates = locations(sitemap(fetch, general))
    assert dt.datetime.fromisoformat(dates[edited.url]) == edited.modified
    assert dt.datetime.fromisoformat(dates[removed.url]) > removed.touched
    assert fetch(removed.url).status == 410
    assert edited.body[0].text in fetch(edited.url).text
    assert all(fetch(story.url).status == 200 for story in change.published)


def test_a_second_advance_changes_nothing(own_paper: Newspaper) -> None:
    first, stories = own_paper.advance(), own_paper.stories
    second = own_paper.advance()
    assert (len(first.edited), len(first.removed), len(first.published)) == (1, 1, 2)
    assert (second.edited, second.removed, second.published) == ((), (), ())
    assert own_paper.stories == stories


@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_what_is_no_story_comes_after_those_of_the_day_at_any_hour(hour: int) -> None:
    """A crawl takes the newest first: its outcomes do not depend on the time of day."""
    with Newspaper(now=NOW.replace(hour=hour, minute=5)) as paper:
        for outlet in paper.outlets:
            stories = {story.url: story.published for story in outlet.stories}
            named = [*feed_entries(outlet, 0), *recent_entries(outlet)]
            others = [entry.published for entry in named if entry.url not in stories]
            midnights = [
                published.replace(hour=0, minute=0, second=0)  # all that some sitemaps say
                for published in stories.values()
                if outlet.now - published < dt.timedelta(days=1)
            ]
            changed_just_now = outlet.now - dt.timedelta(hours=1)
            assert max(o for o in others if o < changed_just_now) < min(midnights)
