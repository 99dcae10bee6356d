"""What kind of journalism a page says that it is."""

from __future__ import annotations

import pytest

from crawler.extraction import site
from crawler.extraction.genre import GENRES, WORDS, genre
from storage.records import Genre
from tests.news_page import STORY, TITLE, json_ld, laid_out, page, story_page


def typed(name: str, rest: str = "") -> str:
    return json_ld(f'{{"@type": "{name}", "headline": "x"{rest}}}')


CRUMB = '<nav class="breadcrumbs"><a href="/">Home</a><a href="/x">{}</a></nav>'


@pytest.mark.parametrize(
    ("above", "head", "url", "expected"),
    [
        ("", typed("OpinionNewsArticle"), "", Genre.OPINION),
        ("", typed("LiveBlogPosting"), "", Genre.LIVE_BLOG),
        ("", typed("ReviewNewsArticle"), "", Genre.REVIEW),
        ("", typed("AnalysisNewsArticle"), "", Genre.ANALYSIS),
        ("", typed("AdvertiserContentArticle"), "", Genre.ADVERTORIAL),
        ("", typed("NewsArticle"), "", Genre.NEWS),
        ("", typed("NewsArticle", ', "genre": "Interview"'), "", Genre.INTERVIEW),
        ("", typed("NewsArticle", ', "articleSection": "Meinung"'), "", Genre.OPINION),
        ("", '<meta property="article:section" content="社説">', "", Genre.OPINION),
        ("", '<meta name="parsely-type" content="Live Blog">', "", Genre.LIVE_BLOG),
        ("", '<meta property="og:type" content="video.other">', "", Genre.VIDEO),
        (CRUMB.format("Pressemitteilungen"), "", "", Genre.PRESS_RELEASE),
        (CRUMB.format("Kronikk"), typed("NewsArticle"), "", Genre.OPINION),
        ("", "", "https://p.example/obituaries/2026/ada-holm", Genre.OBITUARY),
        ("", "", "https://p.example/2026/opinion-on-the-pier", None),
        (CRUMB.format("Harbour"), typed("Article"), "", None),
        ("", "", "", None),
    ],
)
def test_genre(above: str, head: str, url: str, expected: Genre | None) -> None:
    clues, layout = laid_out(story_page(above, head=head), url or "https://p.example/news/pier")
    crumbs = site.breadcrumbs(clues)
    assert genre(clues, layout, site.article_section(clues, crumbs), crumbs).value is expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ('<p class="kicker">Pressemitteilung</p>', Genre.PRESS_RELEASE),
        ("<div><span>Opinion</span></div><p>5 March</p>", Genre.OPINION),
        ("<p>Kronikk</p>", Genre.OPINION),
        ("<nav>Video</nav>", None),
        ('<ul><li><a href="/opinion">Opinion</a></li><li><a href="/video">Video</a></li></ul>', None),
        ("<p>An opinion of the court</p>", None),
    ],
)
def test_a_label_above_the_headline(above: str, expected: Genre | None) -> None:
    story = f"<article><header>{above}<h1>{TITLE}</h1></header>{STORY}</article>"
    clues, layout = laid_out(page(story, f"<title>{TITLE}</title>"))
    assert genre(clues, layout, None, ()).value is expected


def test_a_word_means_one_genre() -> None:
    words = [word.strip() for listed in WORDS.values() for word in listed.split(",")]
    assert len({word.casefold() for word in words}) >= len(words) - 3, "the same word in two lists"
    assert GENRES["opinion"] is Genre.OPINION


def test_every_mark_is_evidence() -> None:
    clues, layout = laid_out(story_page(head=typed("NewsArticle", ', "genre": "Opinion"')))
    found = genre(clues, layout, None, ())
    assert [(offer.value, offer.origin) for offer in found.offers] == [
        (Genre.OPINION, "json-ld:genre"),
        (Genre.NEWS, "json-ld:@type newsarticle"),
    ]
