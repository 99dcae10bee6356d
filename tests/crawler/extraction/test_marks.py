"""What a page's author calls an element."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import html as lxml_html

from crawler.extraction import read
from crawler.extraction.marks import marks, naming
from crawler.items import Page
from tests.news_page import URL, story_page


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<p class="article-lead_text">', "article lead text"),
        ('<p class="ArticleStandFirst">', "article stand first"),
        ('<p class="c-byline__name" id="top2">', "c byline name top"),
        ('<p data-testid="leadImage" role="figure">', "lead image figure"),
        ('<p class="md:pr-4 hover:text-lead w-[20px]">', ""),
        ("<p title='caption'>", ""),
    ],
)
def test_marks(html: str, words: str) -> None:
    assert marks(lxml_html.fromstring(html)) == words


@pytest.mark.parametrize(
    ("name", "is_named_so"),
    [
        ("article-stand-first", True),
        ("standfirst", True),
        ("leadText", True),
        ("leading tight", False),
        ("", False),
    ],
)
def test_naming_finds_whole_words(name: str, is_named_so: bool) -> None:
    assert naming("stand_first leads?")(lxml_html.fromstring(f'<p class="{name}">')) is is_named_so


def test_a_page_that_was_read_is_let_go() -> None:
    marks(lxml_html.fromstring("<p class=lead>"))
    read(Page(url=URL, final_url=URL, status=200, body=story_page(), fetched_at=dt.datetime.now(dt.UTC)))
    assert marks.cache_info().currsize == 0


def test_a_class_without_end_is_cut() -> None:
    assert len(marks(lxml_html.fromstring(f'<p class="{"word " * 10_000}">'))) < 1_000


def test_an_element_with_hundreds_of_attributes_has_no_name() -> None:
    crowd = " ".join(f"a{n}" for n in range(200))
    assert marks(lxml_html.fromstring(f"<div class=lead {crowd}>x</div>")) == ""
