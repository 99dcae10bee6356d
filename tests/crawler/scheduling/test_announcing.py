"""From an endpoint's bytes to what the ledger takes."""

from __future__ import annotations

import datetime as dt
import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ReadError
from crawler.items import Discovered, EndpointKind
from crawler.scheduling.announcing import Rules, read_endpoint
from crawler.scheduling.policy import Appetite
from tests.site import rss

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
HOME = "https://www.paper.org/"
FEED, SITEMAP, GIVEN = EndpointKind.FEED, EndpointKind.SITEMAP, EndpointKind.GIVEN
RULES = Rules(home_page=HOME, appetite=Appetite(), exclude=(r"/video/",))


@pytest.mark.parametrize(
    ("url", "kind", "reason"),
    [
        ("https://www.paper.org/story", FEED, None),
        ("https://www.paper.org/report.pdf", FEED, "a file"),
        ("https://www.paper.org/photo.JPG?w=1", FEED, "a file"),
        ("https://www.paper.org/story.html", SITEMAP, None),
        ("https://blog.paper.org/story", SITEMAP, None),
        ("https://elsewhere.example/story", SITEMAP, "another site"),
        ("https://elsewhere.example/story", FEED, None),
        ("https://cdn.example/story", EndpointKind.NEWS_SITEMAP, None),
        ("https://www.paper.org/video/1", FEED, "exclude = '/video/'"),
        ("https://www.paper.org/video/1.pdf", GIVEN, None),
    ],
)
def test_rules(url: str, kind: EndpointKind, reason: str | None) -> None:
    found = RULES.excluded(url, kind, "https://cdn.example/sitemap.xml")
    assert reason in found if reason and found else found is reason


def test_include_and_exclude() -> None:
    rules = Rules(home_page=HOME, appetite=Appetite(), include=("/news/", "/sport/"), exclude=("draft",))
    assert rules.excluded(f"{HOME}news/1", FEED, HOME) is None
    assert rules.excluded(f"{HOME}sport/1", FEED, HOME) is None
    assert "include" in (rules.excluded(f"{HOME}about", FEED, HOME) or "")
    assert "draft" in (rules.excluded(f"{HOME}news/draft", FEED, HOME) or "")


def test_dates_of_tomorrow_and_later_are_not_believed() -> None:
    items = [Discovered(url=f"{HOME}{n}", published=NOW + n * dt.timedelta(hours=20)) for n in (0, 1, 2)]
    assert [a.published for a in RULES.judge(items, FEED, HOME, NOW)] == [NOW, items[1].published, None]


def test_what_is_no_address_is_left_out() -> None:
    items = [Discovered(url=url) for url in ("mailto:a@b.c", "http://[", "", f"{HOME}a?utm_source=x#top")]
    [kept] = RULES.judge(items, FEED, HOME, NOW)
    assert (kept.url, kept.key) == (f"{HOME}a", "paper.org/a")


def test_endpoints_of_each_kind() -> None:
    feed = read_endpoint(rss(f"{HOME}a", f"{HOME}b"), f"{HOME}feed", FEED, RULES, NOW)
    assert [a.url for a in feed.announced] == [f"{HOME}a", f"{HOME}b"]
    old = f"<urlset><url><loc>{HOME}old</loc><lastmod>2019-01-01</lastmod></url></urlset>".encode()
    sitemap = read_endpoint(old, f"{HOME}s.xml", SITEMAP, RULES, NOW)
    assert [(a.url, a.wanted) for a in sitemap.announced] == [(f"{HOME}old", False)]
    index = f"<sitemapindex><sitemap><loc>{HOME}s.xml</loc></sitemap></sitemapindex>".encode()
    assert [c.url for c in read_endpoint(index, HOME, SITEMAP, RULES, NOW).children] == [f"{HOME}s.xml"]


def test_what_travels_to_a_worker_and_back_can_be_pickled() -> None:
    named = read_endpoint(rss(f"{HOME}a"), HOME, FEED, RULES, NOW)
    assert pickle.loads(pickle.dumps((RULES, named))) == (RULES, named)


@given(st.binary(max_size=300), st.sampled_from([FEED, SITEMAP, EndpointKind.LISTING]))
def test_any_bytes_are_read_or_refused(body: bytes, kind: EndpointKind) -> None:
    with suppress(ReadError):
        assert read_endpoint(body, HOME, kind, RULES, NOW).kind
