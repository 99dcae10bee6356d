"""The public functions: no exception, no page that takes long, nothing left over from other pages."""

from __future__ import annotations

import datetime as dt
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import Hints, extract, read
from crawler.items import Page
from storage.records import Article, Outcome

URL = "https://news.example.org/2026/pier"
NOW = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
PAGES = sorted((Path(__file__).parents[2] / "pages").rglob("page.html"))
STORY = "<h1>Der Anleger bleibt zu</h1>" + "".join(
    f"<p>Der alte Anleger bleibt nach Angaben der Hafenverwaltung auch im Monat {n} für Fähren gesperrt.</p>"
    for n in range(6)
)

PIECES = st.sampled_from(
    [
        *(
            "<div>",
            "</div>",
            "<p>",
            "</p>",
            "<article>",
            "<a href='/x'>",
            "</a>",
            "<h1>",
            "<h3>",
            "</h3>",
            "<br>",
        ),
        *(
            "<table><tr><td>",
            "<script>",
            "</script>",
            "<figure><img src=x><figcaption>",
            "<ul><li>",
            "<template>",
        ),
        *(
            "A sentence that is long enough to be read as running text.",
            "短い文章です。",
            "By Jane Roe",
            "404",
            "&#0;",
        ),
        *(
            '<meta property="og:type" content="article">',
            "<base href='http://['>",
            "<time datetime='2026-99-99'>",
        ),
        *(
            '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":["x",{}]}</script>',
            "\x00",
            "<",
        ),
    ]
)


def page(body: bytes, **more: object) -> Page:
    values = {"url": URL, "final_url": URL, "status": 200, "fetched_at": NOW, **more}
    return Page(body=body, **values)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_never_raise(body: bytes) -> None:
    assert read(page(body)).outcome is not Outcome.EXTRACT_ERROR
    assert isinstance(extract(body, URL), Article)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(PIECES, max_size=40).map("".join),
    st.sampled_from([URL, "", "http://[", "x:y", "https://é.example/"]),
)
def test_broken_pages_never_raise(html: str, url: str) -> None:
    found = read(page(html.encode("utf-8", "replace"), url=url, final_url=url))
    assert found.outcome is not Outcome.EXTRACT_ERROR, found.reason


SAYS_STORY = b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier"}</script>'
HOSTILE = {
    "nested tags": b"<div>" * 200_000 + b"text",
    "nested links": b"<a href=x>" * 200_000 + b"text",
    "nested lists": b"<ul><li>" * 100_000 + b"text",
    "a long text": b"<p>" + b"word " * 10_000_000,
    "pictures": b"<figure><img src=x><figcaption>Caption. Photo: X / Y</figcaption></figure>" * 10_000,
    "cards": b"<div><h3><a href=/s>A story of the day in town</a></h3></div>" * 50_000,
    "line breaks": b"text<br><br>" * 300_000,
    "blanks": b"<p>" + b" " * 5_000_000 + b"x",
    "quotes in a script": b'<script>"<p' + b'\\"' * 2_000_000 + b"</script>",
    "nested data": b'<script type="application/ld+json">' + b'{"a":' * 1_000_000 + b"</script>",
    "attributes": b"<div " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b">text",
    "a long class": b'<div class="' + b"aB-" * 1_000_000 + b'">text',
    "quotations": b"<blockquote>The board said on Monday what it had said before</blockquote>" * 20_000,
    "a long headline": b"<title>" + b"Word " * 500_000 + b"</title><h1>" + b"Word " * 500_000 + b"</h1>",
    "dates": b"<p>" + b"12.12.2012 " * 300_000,
    "full stops": b"<p>" + b"." * 1_000_000 + b"x",
    "attributes in many tags": (b"<div " + b" ".join(b"a%d" % n for n in range(900)) + b">") * 900,
    "a story in nested tables": SAYS_STORY + b"<table><tr><td>" * 2_400 + b"text",
    "a story in one word": SAYS_STORY + b"<pre>" + b"w" * 7_900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_long(name: str) -> None:
    start = time.process_time()
    assert read(page(HOSTILE[name])).outcome is not Outcome.EXTRACT_ERROR
    assert time.process_time() - start < 10


def test_an_hour_that_is_none_is_no_obstacle() -> None:
    assert read(page(b"<time>20250617T1875Z</time>" + STORY.encode())).outcome is Outcome.STORED


@pytest.mark.parametrize("count", ["\u00b2", "9" * 5_000, "-1", "many"])
def test_a_word_count_that_is_none_is_no_obstacle(count: str) -> None:
    data = SAYS_STORY.replace(b'"Pier"', f'"Pier", "wordCount": "{count}"'.encode())
    assert read(page(data + STORY.encode())).outcome is Outcome.STORED


def test_a_fetched_page_keeps_the_address_that_was_asked_for() -> None:
    html = b'<link rel="canonical" href="/real">' + STORY.encode()
    found = read(
        page(html, url="http://short.example/1", final_url="https://news.example.org/2026/x")
    ).article
    assert found.url == "http://short.example/1"
    assert found.canonical_url == "https://news.example.org/real"


def test_the_charset_of_the_response_is_used() -> None:
    html = STORY.encode("cp1252")
    found = read(page(html, headers={"content-type": "text/html; charset=windows-1252"})).article
    assert "für Fähren" in found.body
    assert extract(html, URL, content_type="text/html; charset=windows-1252").body == found.body


def test_both_ways_give_the_same_article() -> None:
    assert extract(STORY.encode(), URL, fetched_at=NOW) == read(page(STORY.encode())).article


def test_hints_fill_what_the_page_leaves_open() -> None:
    found = extract(b"<p>x</p>", URL, hints=Hints(language="fi", site_name="Satama"))
    assert (found.in_language, found.site_name) == ("fi", "Satama")


def test_a_reading_can_be_sent_between_processes() -> None:
    found = read(page(STORY.encode()))
    assert pickle.loads(pickle.dumps(found)) == found
    assert found.outcome is Outcome.STORED


def test_results_do_not_depend_on_what_was_read_before() -> None:
    pages = [page(path.read_bytes()) for path in PAGES]
    forward = [read(one) for one in pages]
    backward = [read(one) for one in reversed(pages)]
    assert forward == backward[::-1]


def test_a_mistake_of_ours_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("crawler.extraction.reading.fields.read", broken)
    found = read(page(STORY.encode(), url="http://short.example/1"))
    assert found.outcome is Outcome.EXTRACT_ERROR
    assert found.reason == "RuntimeError: no such thing"
    assert found.article.url == "http://short.example/1"
