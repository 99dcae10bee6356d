"""Tags, from the metadata or as links."""

from __future__ import annotations

import pytest

from crawler.extraction.keywords import keywords
from tests.news_page import SENTENCES, STORY, json_ld, laid_out, story_page


def found(above: str = "", below: str = "", head: str = "", text: str = STORY) -> tuple[str, ...]:
    return keywords(*laid_out(story_page(above, below, head, text=text)))


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ('<meta name="keywords" content="Harbour, Ferries,harbour , Pier">', ("Harbour", "Ferries", "Pier")),
        ('<meta name="news_keywords" content="Pier"><meta name="keywords" content="news, Oslo">', ("Pier",)),
        ('<meta property="article:tag" content="Piers, old"><meta property="article:tag" content="Ferries">',
         ("Piers, old", "Ferries")),
        (json_ld('{"@type": "NewsArticle", "keywords": ["Harbour", "Ferries"]}'), ("Harbour", "Ferries")),
        (json_ld('{"@type": "NewsArticle", "keywords": "Harbour; Ferries"}'), ("Harbour", "Ferries")),
        ('<meta name="keywords" content="桟橋、連絡船">', ("桟橋", "連絡船")),
        ('<meta name="keywords" content="Category: Travel, Pier, comments-enabled, 100312362">', ("Pier",)),
        ('<meta name="keywords" content="Pier, harbourpost.example">', ("Pier",)),
        ('<meta name="keywords" content="topic/harbour, organization/ferries">', ("harbour", "ferries")),
        ('<meta name="keywords" content="Cost of 1,000 piers, Oslo">', ("Cost of 1,000 piers", "Oslo")),
        ("", ()),
    ],
)  # fmt: skip
def test_metadata(head: str, tags: tuple[str, ...]) -> None:
    assert found(head=head) == tags


@pytest.mark.parametrize(
    "below",
    [
        '<ul class="tags"><li><a href="/x/1">Harbour</a></li><li><a href="/x/2">Ferries</a></li></ul>',
        '<p><a rel="tag" href="/1">Harbour</a> <a rel="tag" href="/2">Ferries</a></p>',
        '<footer><a href="/tag/harbour">Harbour</a><a href="/tag/ferries">#Ferries</a></footer>',
        '<div><a href="/oznaka/harbour">Harbour</a><a href="/oznaka/ferries">Ferries</a></div>',
        '<div><a href="/themen/harbour">Harbour</a><a href="/thema/ferries">Ferries</a></div>',
    ],
)
def test_shown(below: str) -> None:
    assert found(below=below) == ("Harbour", "Ferries")


def test_what_an_article_is_filed_under_does_not_make_its_links_tags() -> None:
    links = '<p><a href="/listen">Listen</a></p><p>In <a rel="category tag" href="/category/x">Town</a></p>'
    text = f'<article class="post tag-harbour">{STORY}{links}</article>'
    assert found(text=text) == ()


def test_links_in_running_text_are_no_tags() -> None:
    first = f'<p>{SENTENCES[0]} <a href="/tag/board">Board</a></p>'
    last = '<p>Also <a href="/tag/x">see this</a>.</p>'
    assert found(text=first + STORY + last) == ()
