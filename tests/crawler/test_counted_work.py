"""What an article costs, counted: times are noisy on shared machines, counts are not.

Whoever raises a number here should know why it has to be.
"""

from __future__ import annotations

import gzip
import pickle
from collections import Counter

from crawler.extraction import Hints
from crawler.items import Page
from crawler.judging import judge
from tests.command import Command
from tests.site import HTML, XML, Site, rss, story
from tests.storage.newsroom import NOON

PAGES = 12


def test_the_bytes_that_cross_to_a_reader_and_back() -> None:
    document = story("The pier stays closed", 2_000)
    page = Page(
        url="https://courier.example/pier",
        final_url="https://courier.example/pier",
        status=200,
        body=gzip.compress(document),
        fetched_at=NOON,
        headers={"content-type": "text/html", "content-encoding": "gzip"},
        is_packed=True,
    )
    hints = Hints(fetched_at=NOON)
    judged = judge(page, hints)
    assert judged.submission
    there, back = len(pickle.dumps((judge, page, hints))), len(pickle.dumps(judged))
    assert there <= len(page.body) + 2_000  # as it came, not unfolded
    # The text, its words for the search index, and the evidence.
    assert back <= 3 * len(judged.submission.article.body) + 10_000


def test_a_reader_hands_back_what_the_pipelines_have_prepared() -> None:
    page = Page(
        url="https://courier.example/pier",
        final_url="https://courier.example/pier",
        status=200,
        body=story("The pier stays closed", 300),
        fetched_at=NOON,
        headers={"content-type": "text/html"},
    )
    submission = judge(page, Hints(fetched_at=NOON)).submission
    assert submission
    assert submission.content_hash
    assert submission.text_hash
    assert submission.search_terms


def test_each_address_is_asked_once(newsarchive: Command) -> None:
    with Site() as site:
        stories = [site.serve(f"/{n}", story(f"Boat {n} is back", 200 + n)) for n in range(PAGES)]
        site.serve("/feed.xml", rss(*stories), headers=XML)
        home = site.serve(
            "/", b'<link rel="alternate" type="application/rss+xml" href="/feed.xml">', headers=HTML
        )
        result = newsarchive.crawl(home)
        asked = Counter(site.asked)
    assert result["articles"] == PAGES
    assert asked["/robots.txt"] <= 2  # by the crawl's manners, and by who looks for sitemaps there
    assert asked["/feed.xml"] == asked["/"] == 1
    assert all(asked[f"/{n}"] == 1 for n in range(PAGES))
