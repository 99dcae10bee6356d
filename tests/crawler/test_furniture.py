"""What changes around a story is no version of it: pairs of pages that differ in nothing else.

Each page goes through the real reading, the pipelines' passes and the real store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crawler.extraction import read
from crawler.items import Page
from pipelines.deduplicate import Deduplicate
from pipelines.normalise import normalise
from storage import history
from storage.articles import store
from storage.database import open_engine, writing
from storage.records import Outcome, Submission
from tests.storage.newsroom import HOUR, NOON, Newsroom

URL = "https://courier.example/news/pier"
HEADLINE = "Old pier stays closed until the money is found"
STANDFIRST = "The harbour board wants to wait for the insurers, and the fishermen do not."
PARAGRAPHS = (
    "The harbour board met on Monday evening and put the decision off for another four weeks. Its chair, Ada"
    " Holm, said that nobody would set foot on the planks before an engineer had looked at each of them.",
    "Ferries will go on using the northern landing stage, which has room for only two of them. Captains have"
    " asked for a third berth since the summer, and the board has promised an answer twice.",
    "An engineer told the meeting that most of the planks under the café would not last another storm. He had"
    " counted eleven that could be lifted with one hand, and showed photographs of all of them.",
    "Shopkeepers near the pier say that they have lost a third of their customers since autumn. The baker has"
    " moved her stall to the station, where people at least pass by in the morning.",
)
CAPTION, CREDIT = "The pier at low tide, seen from the old lighthouse.", "Jan Berg"

# Each kind of furniture before and after: what stands where, and how it is marked up, as on the web.
FURNITURE: dict[str, dict[str, tuple[str, str]]] = {
    "related links": {
        "below": (
            '<section class="related"><h2>Related</h2><ul><li><a href="/a">Ferry fares rise again in'
            ' March</a></li><li><a href="/b">Lighthouse to open for visitors</a></li></ul></section>',
            '<section class="related"><h2>Related</h2><ul><li><a href="/c">Council counts the cost of a hard'
            ' winter</a></li><li><a href="/d">A baker on the move</a></li><li><a href="/e">Eleven planks</a>'
            "</li></ul></section>",
        ),
        "inside": (
            '<p><strong>Read also:</strong> <a href="/a">Ferry fares rise again in March</a></p>',
            '<p><strong>Read also:</strong> <a href="/c">Council counts the cost of a hard winter</a></p>',
        ),
    },
    "counters": {
        "above": (
            '<div class="share"><a href="#s">Share</a> <span class="count">12</span>'
            ' <a href="#comments">3 comments</a> <span class="views">1,204 views</span></div>',
            '<div class="share"><a href="#s">Share</a> <span class="count">318</span>'
            ' <a href="#comments">96 comments</a> <span class="views">20,118 views</span></div>',
        ),
        "below": (
            '<div id="comments" class="comments"><h3>Comments (1)</h3><div class="comment"><b>gull77</b>'
            "<p>I have always said so, and nobody listened.</p></div></div>",
            '<div id="comments" class="comments"><h3>Comments (2)</h3><div class="comment"><b>gull77</b>'
            '<p>I have always said so, and nobody listened.</p></div><div class="comment"><b>tern</b>'
            "<p>Who pays for all of this in the end? We do, as ever.</p></div></div>",
        ),
    },
    "advertisements": {
        "inside": (
            '<div class="advertisement"><small>Advertisement</small><a href="https://ads.example/1">Winter'
            " coats, now a third off</a></div>",
            '<div class="advertisement"><small>Advertisement</small><a href="https://ads.example/9">The new'
            " lawnmower is here: mow less, rest more</a><iframe src='https://ads.example/f'></iframe></div>",
        ),
        "aside": (
            '<div class="ad-slot" data-id="77"><img src="/ads/1.png" alt="Coats"></div>',
            '<div class="ad-slot" data-id="78"><img src="/ads/2.png" alt="Lawnmower"><p>Mow less.</p></div>',
        ),
    },
    "times in the footer": {
        "footer": (
            "<p>Page generated on 2 March 2026 at 12:00:01 in 0.21 s</p><p>© 2025 The Courier</p>",
            "<p>Page generated on 2 March 2026 at 13:07:44 in 0.18 s</p><p>© 2026 The Courier</p>",
        ),
    },
    "rotated teasers": {
        "aside": (
            '<div class="most-read"><h2>Most read</h2><article><a href="/x"><img src="/x.jpg" alt="A cat">'
            "<h3>Cat found in organ loft</h3><p>It had been there since Easter, the verger believes.</p></a>"
            "</article></div>",
            '<div class="most-read"><h2>Most read</h2><article><a href="/y"><img src="/y.jpg" alt="A goat">'
            "<h3>Goat elected to parish council</h3><p>The count was close, and is to be repeated.</p></a>"
            '</article><article><a href="/z"><h3>Rain again</h3></a></article></div>',
        ),
        "below": (
            '<div class="teasers"><a href="/x"><figure><img src="/x.jpg"><figcaption>Cat found in organ'
            "loft</figcaption></figure></a></div>",
            '<div class="teasers"><a href="/y"><figure><img src="/y.jpg"><figcaption>Goat elected to parish'
            "council</figcaption></figure></a></div>",
        ),
    },
    "newsletter and live ticker": {
        "above": (
            '<div class="ticker"><a href="/live">LIVE: Fog on the bay, ferries late</a></div>',
            '<div class="ticker"><a href="/live">LIVE: Fog lifts, first ferry leaves at noon</a></div>',
        ),
        "inside": (
            '<form class="newsletter"><p>Get the morning letter.</p><input type="email"></form>',
            '<form class="newsletter"><p>Join 12,000 readers of our evening letter!</p>'
            '<input type="email"><input type="hidden" name="token" value="9f3a"></form>',
        ),
    },
    "tokens and scripts": {
        "head": (
            '<meta name="csrf-token" content="a1"><script>var t=1740910000;</script>',
            '<meta name="csrf-token" content="b2"><script>var t=1740919999, ab="B";</script>'
            '<link rel="stylesheet" href="/app.9c.css">',
        ),
        "footer": ("<!-- cache 1 -->", "<!-- cache 2 --><noscript><img src='/pixel?n=2'></noscript>"),
    },
}


def _body(inside: str, paragraph: str = "<p>{}</p>") -> str:
    first, *others = (paragraph.format(text) for text in PARAGRAPHS)
    return first + inside + "".join(others)


def _block(s: dict[str, str], headline: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "description": STANDFIRST,
        "datePublished": "2026-03-02T09:00:00Z",
        "author": {"@type": "Person", "name": "Maren Holt"},
    }
    return f"""<!doctype html><html lang="en"><head><title>{headline} | Courier</title>
<script type="application/ld+json">{json.dumps(data)}</script>{s["head"]}</head><body>
<nav><a href="/">Home</a></nav><main><article><h1>{headline}</h1><p class="standfirst">{STANDFIRST}</p>
<p class="byline">By <a rel="author" href="/m">Maren Holt</a></p>{s["above"]}
<figure><img src="/pier.jpg" alt="Pier"><figcaption>{CAPTION}
<span class="credit">{CREDIT}</span></figcaption></figure>
<div class="entry-content">{_body(s["inside"])}</div>{s["below"]}</article></main>
<aside>{s["aside"]}</aside><footer>{s["footer"]}</footer></body></html>"""


def _classic(s: dict[str, str], headline: str) -> str:
    return f"""<!doctype html><html lang="en"><head><title>{headline}</title>
<meta name="description" content="{STANDFIRST}">{s["head"]}</head><body><div id="page"><div id="content">
<div class="post hentry"><h1 class="entry-title">{headline}</h1><div class="entry-meta">Posted on
<time class="entry-date published" datetime="2026-03-02T09:00:00Z">March 2, 2026</time> by
<span class="author vcard"><a class="url fn n" href="/m">Maren Holt</a></span></div>{s["above"]}
<div class="entry-content"><div class="wp-caption"><img src="/pier.jpg"><p class="wp-caption-text">{CAPTION}
(Photo: {CREDIT})</p></div>{_body(s["inside"])}</div></div>{s["below"]}</div>
<div id="sidebar">{s["aside"]}</div></div><div id="footer">{s["footer"]}</div></body></html>"""


def _portal(s: dict[str, str], headline: str) -> str:
    return f"""<!doctype html><html lang="en"><head><title>{headline}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{headline}">
<meta property="og:description" content="{STANDFIRST}">
<meta property="article:published_time" content="2026-03-02T09:00:00Z">{s["head"]}</head><body>
<header class="masthead"><ul><li><a href="/">News</a></li></ul></header><div class="columns">
<div class="story" itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{headline}</h1>
<div class="lede">{STANDFIRST}</div>
<div itemprop="author" itemscope><span itemprop="name">Maren Holt</span></div>
{s["above"]}<div class="story__text" itemprop="articleBody">{_body(s["inside"])}</div>{s["below"]}</div>
<div class="rail">{s["aside"]}</div></div><div class="colophon">{s["footer"]}</div></body></html>"""


def _homemade(s: dict[str, str], headline: str) -> str:
    return f"""<html><head><title>{headline}</title>{s["head"]}</head><body bgcolor="#ffffff">
<table width="900"><tr><td colspan="2"><a href="/">COURIER</a></td></tr><tr><td valign="top">
<h1>{headline}</h1><p><i>{STANDFIRST}</i></p><p>By Maren Holt, 2 March 2026</p>{s["above"]}
{_body(s["inside"])}{s["below"]}</td><td valign="top" width="200">{s["aside"]}</td></tr>
<tr><td colspan="2">{s["footer"]}</td></tr></table></body></html>"""


DESIGNS = {"block": _block, "classic": _classic, "portal": _portal, "homemade": _homemade}
SLOTS = ("head", "above", "inside", "below", "aside", "footer")


def page(design: str, furniture: list[str], time: int, headline: str = HEADLINE) -> bytes:
    """A page in a design, with some kinds of furniture as they are at time 0 or 1."""
    slots = dict.fromkeys(SLOTS, "")
    for kind in furniture:
        for slot, states in FURNITURE[kind].items():
            slots[slot] += states[time]
    return DESIGNS[design](slots, headline).encode()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    path: Path = tmp_path_factory.mktemp("furniture") / "archive.db"
    engine = open_engine(str(path))
    with writing(engine) as connection:
        yield Newsroom(connection)
        connection.rollback()
    engine.dispose()


def visit(newsroom: Newsroom, html: bytes, url: str) -> Outcome:
    """Read a page and store it, an hour after the last one."""
    newsroom.next_run()
    newsroom.announce(url)
    fetched = Page(url=url, final_url=url, status=200, body=html, fetched_at=newsroom.now)
    reading = read(fetched)
    assert reading.outcome is Outcome.STORED, reading.reason
    submission = Submission(
        article=reading.article,
        source_id=newsroom.source_id,
        url_id=newsroom.url_id(url),
        run_id=newsroom.run_id,
        fetched_at=newsroom.now,
        final_url=url,
        http_status=200,
    )
    ready = Deduplicate().process_item(normalise(submission))
    assert isinstance(ready, Submission)
    return store(newsroom.connection, ready)


@pytest.fixture
def undone(newsroom: Newsroom) -> Iterator[Connection]:
    with newsroom.connection.begin_nested() as savepoint:
        yield newsroom.connection
        savepoint.rollback()


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("furniture", [[kind] for kind in FURNITURE] + [list(FURNITURE)], ids=str)
def test_furniture_is_no_version(
    newsroom: Newsroom, undone: Connection, design: str, furniture: list[str]
) -> None:
    before, after = (page(design, furniture, time) for time in (0, 1))
    assert before != after
    assert visit(newsroom, before, URL) is Outcome.STORED
    outcome = visit(newsroom, after, URL)
    [known] = undone.exec_driver_sql("SELECT id FROM article").scalars()
    assert (outcome, history.changes(undone, known)) == (Outcome.UNCHANGED, [])
    [version] = history.versions(undone, known)
    assert (version.checks, version.last_seen_at) == (1, newsroom.now)


@pytest.mark.parametrize("design", DESIGNS)
def test_furniture_that_comes_and_goes_is_no_version(
    newsroom: Newsroom, undone: Connection, design: str
) -> None:
    assert visit(newsroom, page(design, [], 0), URL) is Outcome.STORED
    assert visit(newsroom, page(design, list(FURNITURE), 0), URL) is Outcome.UNCHANGED
    assert visit(newsroom, page(design, [], 0), URL) is Outcome.UNCHANGED


@pytest.mark.parametrize("design", DESIGNS)
def test_one_word_of_the_story_is_a_version(newsroom: Newsroom, undone: Connection, design: str) -> None:
    everything = list(FURNITURE)
    assert visit(newsroom, page(design, everything, 0), URL) is Outcome.STORED
    html = page(design, everything, 1).replace(b"eleven that", b"twelve that")
    assert visit(newsroom, html, URL) is Outcome.UPDATED
    [known] = undone.exec_driver_sql("SELECT id FROM article").scalars()
    assert [change.kind for change in history.changes(undone, known)] == ["body", "silent_edit"]
    assert newsroom.now > NOON + HOUR
