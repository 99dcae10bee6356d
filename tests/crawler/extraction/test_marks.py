"""What a page's author calls an element."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from crawler.extraction.marks import marks, naming


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


def test_naming_finds_whole_words() -> None:
    pattern = naming("stand_first leads?")
    assert pattern.search("article stand first")
    assert pattern.search("standfirst")
    assert pattern.search("lead text")
    assert not pattern.search("leading tight")


def test_a_class_without_end_is_cut() -> None:
    assert len(marks(lxml_html.fromstring(f'<p class="{"word " * 10_000}">'))) < 1_000


def test_an_element_with_hundreds_of_attributes_has_no_name() -> None:
    crowd = " ".join(f"a{n}" for n in range(200))
    assert marks(lxml_html.fromstring(f"<div class=lead {crowd}>x</div>")) == ""
