"""Who wrote it, wherever the page says so."""

from __future__ import annotations

import pytest

from crawler.extraction.byline import Signed, byline
from storage.records import Role
from tests.news_page import SENTENCES, STORY, json_ld, laid_out, story_page


def signed(above: str = "", below: str = "", head: str = "", text: str = STORY) -> Signed:
    return byline(*laid_out(story_page(above, below, head, text=text)))


def names(found: Signed) -> list[str]:
    return [b.name for b in found.names]


PERSON = '{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Lee"}}'
OUTLET = '{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Harbour Post"}}'


@pytest.mark.parametrize(
    "above",
    [
        '<p class="byline">By Ann Lee</p>',
        '<div class="ArticleAuthor"><a href="/x">Ann Lee</a></div>',
        '<p><a rel="author" href="/people/3">Ann Lee</a></p>',
        '<a href="/authors/ann-lee">Ann Lee</a>',
        "<p>By Ann Lee</p>",
        "<span>Von <b>Ann Lee</b></span>",
        '<div class="meta"><i>Ann Lee</i><time>5 January 2026</time></div>',
        "<i>5 January 2026, Ann Lee</i>",
        '<aside class="share"><div class="authors">Ann Lee</div></aside>',
    ],
)
def test_near_the_headline(above: str) -> None:
    found = signed(above)
    assert names(found) == ["Ann Lee"]
    assert found.elements


@pytest.mark.parametrize(
    "below",
    ["<p>Author: Ann Lee</p>", '<div class="author">Ann Lee</div>', "<p>Text: Ann Lee</p>"],
)
def test_at_the_foot(below: str) -> None:
    assert names(signed(below=below)) == ["Ann Lee"]


def test_a_signature_below_the_last_paragraph() -> None:
    assert names(signed(text=f"{STORY}<p><b>Ann Lee</b></p>")) == ["Ann Lee"]


def test_the_line_is_kept_as_it_is_written() -> None:
    found = signed(
        '<p class="byline">By <a href="/author/1">Ann Lee</a> and <a href="/author/2">Bo Ek</a> in Oslo</p>'
    )
    assert found.line.value == "By Ann Lee and Bo Ek in Oslo"
    assert names(found) == ["Ann Lee", "Bo Ek"]


def test_linked_data_with_several_scripts_and_references() -> None:
    graph = """{"@graph": [{"@type": "NewsArticle", "author": [{"@id": "#a"}, {"@id": "#b"}]},
        {"@id": "#a", "@type": "Person", "name": "Ann Lee"},
        {"@id": "#b", "@type": "Person", "name": "Bo Ek"}]}"""
    assert names(signed(head=json_ld(graph))) == ["Ann Lee", "Bo Ek"]


def test_a_shown_person_goes_before_the_outlets_name() -> None:
    assert names(signed('<p class="byline">By Ann Lee</p>', head=json_ld(OUTLET))) == ["Ann Lee"]


def test_the_outlet_where_nobody_is_named() -> None:
    (only,) = signed(head=json_ld(OUTLET)).names
    assert (only.name, only.role) == ("Harbour Post", Role.AGENCY)


def test_a_line_that_names_more_persons_than_the_linked_data() -> None:
    assert names(signed('<p class="byline">Ann Lee and Bo Ek</p>', head=json_ld(PERSON))) == [
        "Ann Lee",
        "Bo Ek",
    ]


def test_meta() -> None:
    assert names(signed(head='<meta name="author" content="Ann Lee, Bo Ek">')) == ["Ann Lee", "Bo Ek"]
    assert (
        names(signed(head='<meta property="article:author" content="https://facebook.example/annlee">')) == []
    )


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", '<div class="comments"><p class="author">By Bo Ek</p></div>'),
        ("", '<div class="related"><p class="byline">By Bo Ek</p></div>'),
        ("<p>Breaking News</p>", ""),
        ('<p class="tags"><a href="/tag/real-madrid">Real Madrid</a></p>', ""),
        ("<p>By the way, this is a sentence and not a byline, although it begins like one does.</p>", ""),
    ],
)
def test_nobody_is_named(above: str, below: str) -> None:
    assert names(signed(above, below)) == []


def test_an_inline_name_in_the_first_sentence_is_no_signature() -> None:
    text = f"<p><b>Real Madrid</b> has won the match that nobody wanted to see, and left.</p>{STORY}"
    assert names(signed(text=text)) == []


def test_an_author_link_in_a_button_has_a_line() -> None:
    found = signed('<button>Follow <a rel="author" href="/people/3">Ann Lee</a></button>')
    assert (found.line.value, names(found)) == ("Ann Lee", ["Ann Lee"])


def test_evidence_has_every_claim() -> None:
    found = signed('<p class="byline">By Ann Lee</p>', head=json_ld(OUTLET))
    origins = {candidate.origin for candidate in found.line.candidates("byline")}
    assert origins == {"json-ld:author", "byline", "signed line"}
    assert SENTENCES[0] not in {candidate.value for candidate in found.line.candidates("byline")}
