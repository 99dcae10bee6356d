"""The publication and the section."""

from __future__ import annotations

import pytest

from crawler.extraction.hints import Hints
from crawler.extraction.site import (
    article_section,
    breadcrumbs,
    masthead,
    site_name,
    site_words,
    without_site,
)
from tests.news_page import clues, json_ld, page, story_page

BREADCRUMBS = json_ld(
    """{"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Home"},
    {"@type": "ListItem", "item": {"@id": "/h", "name": "Harbour"}},
    {"@type": "ListItem", "name": "Old pier"}]}"""
)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="Harbour Post">', "Harbour Post"),
        (json_ld('{"@type": "NewsArticle", "publisher": {"name": "Harbour Post"}}'), "Harbour Post"),
        (json_ld('{"@type": "WebSite", "name": "Harbour Post"}'), "Harbour Post"),
        (
            json_ld(
                '{"@type": "NewsArticle", "publisher": {"name": "Harbour Post Ltd"}, "isPartOf": '
                '{"@type": "WebSite", "name": "Harbour Post"}}'
            ),
            "Harbour Post",
        ),
        ("", "Announced Post"),
    ],
)
def test_site_name(head: str, name: str) -> None:
    assert site_name(clues(page("", head), hints=Hints(site_name="Announced Post"))) == name


@pytest.mark.parametrize(
    ("above", "head", "section"),
    [
        ("", json_ld('{"@type": "NewsArticle", "articleSection": "Harbour"}'), "Harbour"),
        ("", '<meta property="article:section" content="Harbour">', "Harbour"),
        ("", '<meta property="article:section" content="https://x.example/s">', None),
        ("", BREADCRUMBS, "Harbour"),
        ('<div class="breadcrumb"><a href="/">Home</a><a href="/h">Harbour</a></div>', "", "Harbour"),
        ("", "", None),
    ],
)  # fmt: skip
def test_section(above: str, head: str, section: str | None) -> None:
    page = clues(story_page(above, head=head))
    assert article_section(page, breadcrumbs(page)) == section


@pytest.mark.parametrize(
    ("above", "head", "crumbs"),
    [
        ("", BREADCRUMBS, ("Harbour",)),
        ('<nav class="breadcrumbs"><a href="/">Home</a><a href="/h">Harbour</a><a href="/p">Piers</a></nav>',
         "", ("Harbour", "Piers")),
        ('<p><a href="/">Home</a> » <a href="/h">Harbour</a> » <a href="/h/p">Piers</a></p>',
         "", ("Harbour", "Piers")),
        ('<p><a href="/">Home</a> and <a href="/h">Harbour</a></p>', "", ()),
        ("", "", ()),
    ],
)  # fmt: skip
def test_breadcrumbs(above: str, head: str, crumbs: tuple[str, ...]) -> None:
    assert breadcrumbs(clues(story_page(above, head=head))) == crumbs


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Old pier closed | Harbour Post", "Old pier closed"),
        ("Old pier closed - Sport - harbourpost.example", "Old pier closed"),
        ("Harbour Post: Old pier closed", "Harbour Post: Old pier closed"),
        ("Harbour Post | Old pier closed", "Old pier closed"),
        ("Old pier closed < Sport < Harbour Post", "Old pier closed"),
        ("Old pier closed_Sport_Harbour Post", "Old pier closed"),
        ("Old pier – what now?", "Old pier – what now?"),
        ("Harbour Post", "Harbour Post"),
        ("", ""),
        ("a | Harbour Post" * 1_000, "a | Harbour Post" * 1_000),
    ],
)
def test_titles_without_the_site(title: str, plain: str) -> None:
    assert without_site(title, frozenset({"harbourpost", "sport"})).startswith(plain[:60])


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        # Bars and dashes without blanks, in scripts that have few; a vowel sign for a bar.
        ("古い桟橋は閉鎖のまま：港新聞", "古い桟橋は閉鎖のまま"),
        ("旧码头继续关闭_港口报", "旧码头继续关闭"),
        ("旧码头继续关闭--港口报", "旧码头继续关闭"),
        ("낡은 부두 폐쇄 계속ㅣ항구신문", "낡은 부두 폐쇄 계속"),
        # A dash in a word is none.
        ("The board asks an ex-Harbour", "The board asks an ex-Harbour"),
    ],
)
def test_titles_in_other_scripts(title: str, plain: str) -> None:
    assert without_site(title, frozenset({"港新聞", "港口报", "항구신문", "harbour"})) == plain


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ('<a href="/">Harbour Post</a>', "Harbour Post"),
        ('<a href="/"><img src="/logo.png" alt="Harbour Post"></a>', "Harbour Post"),
        ('<a href="/" aria-label="Harbour Post"><svg></svg></a>', "Harbour Post"),
        # Not the front page; not in the title; no name at all.
        ('<a href="/shop"><img src="/logo.png" alt="Harbour Post"></a>', None),
        ('<a href="/"><img src="/logo.png" alt="Home"></a>', None),
        ('<a href="/"><img src="/logo.png"></a>', None),
    ],
)
def test_the_masthead_in_words_or_as_a_picture(link: str, name: str | None) -> None:
    assert masthead(clues(page(link, "<title>Old pier closed | Harbour Post</title>"))) == name


@pytest.mark.parametrize(
    ("href", "leads_up"),
    [
        ("https://harbourpost.example", True),
        ("//harbourpost.example", True),
        ("/?ref=logo", True),
        ("https://harbourpost.example#top", True),
        ("/news/", True),
        ("..", True),
        ("/news", False),
        ("/sport/", False),
        ("https://harbourpost.example/news", False),
        ("https://elsewhere.example", False),
    ],
)
def test_which_links_lead_up(href: str, leads_up: bool) -> None:
    link = page(f'<a href="{href}">Harbour Post</a>', "<title>Old pier closed | Harbour Post</title>")
    found = masthead(clues(link, "https://harbourpost.example/news/pier-1234.html"))
    assert found == ("Harbour Post" if leads_up else None)


def test_sections_in_the_address_are_no_part_of_a_title() -> None:
    names = site_words(clues(page(""), "https://weather.harbourpost.example/west-coast-and-isles/storm.html"))
    assert without_site("Storm hits coast | West Coast and Isles - Weather", names) == "Storm hits coast"
