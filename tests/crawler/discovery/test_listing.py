"""Which links of a page are articles, in the usual designs and in several languages."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import anchors, listing
from crawler.extraction.document import parse

PAGES = Path(__file__).parent / "pages"


def read(name: str, url: str) -> listing.Listing:
    return listing.links((PAGES / name).read_bytes(), url)


def test_teasers() -> None:
    found = read("teasers.html", "https://www.saltmarsh.example/")
    base = "https://www.saltmarsh.example"
    assert [(link.url.removeprefix(base), link.title) for link in found.articles] == [
        ("/2026/03/02/ferry-returns/", "Ferry returns"),
        ("/2026/03/01/dredger/", "Dredger stuck"),
        ("/2026/02/28/pilots/", "Pilots"),
        ("/2026/02/27/eel-prices-fall-for-the-first-time/", "Eel prices fall for the first time"),
    ]
    assert found.articles[0].published == dt.datetime(2026, 3, 2, 8, 15, tzinfo=dt.UTC)
    assert found.articles[1].published == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    sections = ["/category/harbour/", "/category/arts-and-letters/", "/weather/"]
    assert list(found.sections) == [base + path for path in sections]
    assert found.next_page == f"{base}/page/2/"


def test_a_portal_with_its_names_in_classes() -> None:
    found = read("portal.html", "https://example.com/")
    assert [(link.url, link.title) for link in found.articles] == [
        ("https://example.com/kreis/baeume-fuer-alle-schulhoefe-art10421.html", "Bäume für alle Schulhöfe"),
        ("https://example.com/kreis/neues-hallenbad-art10422.html", "Neues Hallenbad"),
        ("https://example.com/sport/pokal-art10423.html", "Pokal"),
        ("https://sport.example.com/ball/derby-endet-ohne-sieger-art10424.html", "Derby endet ohne Sieger"),
        ("https://example.com/kultur/kino-art10399.html", "Kino"),
        ("https://example.com/kultur/orgel-art10398.html", "Orgel"),
    ]  # fmt: skip
    assert found.sections == tuple(f"https://example.com/{name}/" for name in ("kreis", "sport", "kultur"))
    assert found.next_page == "https://example.com/?start=20"


def test_japanese() -> None:
    found = read("japanese.html", "https://minato.example/")
    assert [link.title for link in found.articles] == [
        "三年ぶりにフェリーが再開、乗客が列",
        "新しい橋が開通、渋滞は解消へ",
        "漁港の朝市にぎわう",
        "強風",
        "高潮が堤防を越えた夜",
    ]
    sections = ("shakai", "keizai", "sports")
    assert found.sections == tuple(f"https://minato.example/{name}/" for name in sections)
    assert found.next_page == "https://minato.example/?page=2"


def test_a_home_made_page_without_any_marks() -> None:
    found = read("homemade.html", "http://rio.example/index.php")
    assert [(link.url.removeprefix("http://rio.example/"), link.title) for link in found.articles] == [
        ("nota.php?id=7", "La cosecha llega a tiempo"),
        ("nota.php?id=8", "Vuelve el tren de las siete"),
        ("nota.php?id=9", "Sequía"),
        ("nota.php?id=10", "El puente viejo cierra por obras"),
    ]
    sections = ("local", "campo", "deporte")
    assert found.sections == tuple(f"http://rio.example/index.php?cat={name}" for name in sections)
    assert found.next_page == "http://rio.example/index.php?pag=2"


def links(html: str, url: str = "https://example.org/sport/") -> listing.Listing:
    return listing.links(f"<html><body>{html}</body></html>".encode(), url)


HEADLINE = "The committee met again and nothing came of it"


@pytest.mark.parametrize(
    ("href", "is_article"),
    [
        ("/sport/2026/05/17/final", True),
        ("/sport/the-final-was-played-in-the-rain", True),
        ("/sport/the-final-was-played-in-the-rain?utm_source=x&utm_medium=y", True),
        ("/s/20260517-final", True),
        ("/story/1234567", True),
        ("/news/cx72dpxy25do", True),
        ("/9f8e7d6c-5b4a-3c2d", True),
        ("story.html?id=12", True),
        ("https://blog.example.org/the-final-was-played-in-the-rain", True),
        ("//example.org/the-final-was-played-in-the-rain", True),
        ("/%E6%B1%BA%E5%8B%9D%E3%81%AF%E9%9B%A8%E3%81%AE%E4%B8%AD%E3%81%A7", True),
        ("/category/sport/the-final-was-played-in-the-rain-again", True),
        ("https://elsewhere.example/the-final-was-played-in-the-rain", False),
        ("https://example.org.evil.example/the-final-was-played-in-the-rain", False),
        ("/tag/the-final-was-played-in-the-rain", False),
        ("/author/jane-doe-of-the-sports-desk", False),
        ("/search?q=the-final-was-played-in-the-rain", False),
        ("/login?next=/sport/the-final-was-played", False),
        ("/newsletter/the-final-in-your-inbox", False),
        ("/files/the-final-was-played-in-the-rain.pdf", False),
        ("/img/the-final-was-played-in-the-rain.jpg", False),
        ("/2026/05/", False),
        ("/2026/", False),
        ("/sport/2026/5/7/final", True),
        ("/sport/", False),
        ("/sport/page/2", False),
        ("/sport?page=3", False),
        ("/", False),
        ("https://blog.example.org/", False),
        ("#the-final", False),
        ("", False),
        ("mailto:desk@example.org", False),
        ("tel:+4712345678", False),
        ("javascript:open('/sport/the-final-was-played-in-the-rain')", False),
        ("data:text/html,<p>the final was played", False),
        ("http://[", False),
        (f"/{'a-very-long-way-' * 400}", False),
    ],
)
def test_addresses(href: str, is_article: bool) -> None:
    found = links(f'<main><a href="{href}">{HEADLINE}</a></main>')
    assert bool(found.articles) is is_article


@pytest.mark.parametrize(
    ("html", "is_article"),
    [
        ("<main>{}</main>", True),
        ("<div>{}</div>", True),
        ("<aside><h3>Most read</h3>{}</aside>", True),
        ("<article><header><h2>{}</h2></header></article>", True),
        ("<nav>{}</nav>", False),
        ("<footer><h3>{}</h3></footer>", False),
        ('<div role="navigation">{}</div>', False),
        ('<div role="contentinfo">{}</div>', False),
        ('<form action="/search">{}</form>', False),
        ('<div class="site-footer">{}</div>', False),
        ('<div id="mainMenu">{}</div>', False),
        ('<div class="post-author">{}</div>', False),
        ('<div class="breadcrumb">{}</div>', False),
        ("<script>document.write('{}')</script>", False),
        ("<noscript>{}</noscript>", False),
    ],
)
def test_places(html: str, is_article: bool) -> None:
    link = '<a href="/sport/the-final-was-played-in-the-rain">The final was played in the rain</a>'
    assert bool(links(html.format(link)).articles) is is_article


def test_a_short_headline_counts_among_its_like() -> None:
    sure = "".join(f'<h3><a href="/n/{n}">{HEADLINE}</a></h3>' for n in (10_001, 10_002, 10_003))
    short = '<p><a href="/n/10004">Fog</a></p>'
    assert len(links(sure + short).articles) == 4
    assert not links(short).articles


def test_one_address_is_one_article_whatever_its_spellings() -> None:
    found = links(
        '<a href="/s/the-final-was-played?utm_source=a"><img alt="Rain"></a>'
        '<h2><a href="/s/the-final-was-played">In the rain</a></h2>'
        '<a href="https://www.example.org/s/the-final-was-played/#more">more …</a>'
    )
    assert [(link.url, link.title) for link in found.articles] == [
        ("https://example.org/s/the-final-was-played?utm_source=a", "In the rain")
    ]


def test_a_picture_without_words_gives_its_alternative_text_as_title() -> None:
    (article,) = links(
        '<main><a href="/s/123456"><img alt="Goalkeeper in the rain, seen from behind"></a></main>'
    ).articles
    assert article.title == "Goalkeeper in the rain, seen from behind"


def test_a_time_shared_by_several_teasers_is_nobodys() -> None:
    one, other = (f'<h3><a href="/s/{n}">{HEADLINE} {n}</a></h3>' for n in (111_111, 222_222))
    shared = links(f'<article><time datetime="2026-03-01">x</time>{one}{other}</article>')
    assert [link.published for link in shared.articles] == [None, None]
    own = links(f'<article><time datetime="2026-03-01T10:00+01:00">x</time>{one}</article>{other}')
    assert [link.published is not None for link in own.articles] == [True, False]


def test_a_header_in_a_story_is_not_the_pages() -> None:
    link = '<h3><a href="/s/123456">Fog</a></h3>'
    assert links(f"<article><header>{link}</header></article>").articles
    assert not links(f"<header>{link}</header>").articles


def test_what_the_page_itself_calls_a_tag_is_none() -> None:
    assert not links(f'<main><a rel="tag" href="/s/the-final-was-played">{HEADLINE}</a></main>').articles


def test_sections_are_of_the_same_host() -> None:
    hrefs = (
        "/local/",
        "https://www.example.org/arts/",
        "https://shop.example.org/books/",
        "https://example.com/x/",
    )
    menu = "".join(f'<a href="{href}">Name</a>' for href in hrefs)
    assert links(f"<nav>{menu}</nav>").sections == (
        "https://example.org/local/",
        "https://www.example.org/arts/",
    )


def test_base_href() -> None:
    found = links(
        f'<base href="https://example.org/deep/"><a href="the-final-was-played-in-the-rain">{HEADLINE}</a>'
    )
    assert found.articles[0].url == "https://example.org/deep/the-final-was-played-in-the-rain"


@pytest.mark.parametrize(
    ("path", "html", "expected"),
    [
        ("/sport", '<a rel="next" href="/sport/older">Older</a>', "/sport/older"),
        ("/sport", '<a href="/sport/page/2/">x</a>', "/sport/page/2/"),
        ("/sport/page/2/", '<a href="/sport/page/3/">x</a>', "/sport/page/3/"),
        ("/sport?page=4", '<a href="?page=3">3</a><a href="?page=5">5</a>', "/sport?page=5"),
        ("/sport?a=1", '<a href="?a=1&amp;seite=2">weiter</a>', "/sport?a=1&seite=2"),
        ("/sport", '<div class="pager"><a href="?start=20">2</a></div>', "/sport?start=20"),
        ("/sport", '<a href="/arts/page/2">x</a><a href="/sport/page/3">3</a>', None),
        ("/s/1234567", '<a rel="next" href="/s/the-next-story-is">x</a>', None),
        ("/sport", '<a rel="next" href="https://elsewhere.example/2">x</a>', None),
        ("/sport", "", None),
    ],
)  # fmt: skip
def test_next_page(path: str, html: str, expected: str | None) -> None:
    found = links(html, f"https://example.org{path}").next_page
    assert found == (f"https://example.org{expected}" if expected else None)


def test_the_first_links_of_too_many_are_whole() -> None:
    body = "".join(f'<a href="/s/{n}"><b>headline</b> {n}</a>' for n in range(anchors.MAX_ANCHORS + 9))
    found = anchors.read(parse(body.encode(), "https://example.org/")).anchors
    assert [link.text for link in found] == [f"headline {n}" for n in range(anchors.MAX_ANCHORS)]


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 200_000 + b"<a href=/s/1234567>a headline of several long words</a>",
        b"<a href=/s/1234567>" * 200_000,
        b"<nav><a href=/x>" * 100_000,
        b"<a href='/s/%d'>a headline of some words</a>" * 50_000,
        b"<a href='/" + b"a-" * 2_000_000 + b"'>x</a>",
        b"<a href='/s/1?" + b"&a=1" * 400 + b"'>some words for a headline here</a>",
        b"<a href=/s/1234567>" + b"word " * 2_000_000 + b"</a>",
        b"<p class='" + b"nav-menu " * 500_000 + b"'>",
        b"<a href=/s/1>" + b"<h2>" * 100_000 + b"x",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_hostile_pages_take_no_time(body: bytes) -> None:
    started = time.process_time()
    listing.links(body, "https://example.org/")
    assert time.process_time() - started < 5


@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    listing.links(body, "https://example.org/")


SAMPLES = [path.read_bytes() for path in PAGES.iterdir()]


@given(st.sampled_from(SAMPLES), st.integers(0, 4000), st.integers(0, 300), st.binary(max_size=20))
def test_any_damage(body: bytes, start: int, length: int, patch: bytes) -> None:
    found = listing.links(body[:start] + patch + body[start + length :], "https://example.com/")
    assert all(link.url.lower().startswith(("http://", "https://")) for link in found.articles)
    assert len({link.url for link in found.articles}) == len(found.articles)
