"""What a home page tells of its site."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import probe

URL = "https://www.example.org/"


def site(head: str = "", body: str = "", *, url: str = URL, html: str = "") -> probe.Site:
    return probe.site(
        f"<!doctype html><html {html}><head>{head}</head><body>{body}</body></html>".encode(), url
    )


def test_all_at_once() -> None:
    found = site(
        """<title>Nyheter fra hele landet | Eksempelavisen</title>
        <meta property="og:site_name" content="Eksempelavisen">
        <link rel="alternate" type="application/rss+xml" title="Nyheter" href="/rss.xml">""",
        '<nav><a href="/">Hjem</a><a href="/sport">Sport</a><a href="/kultur">Kultur</a></nav>',
        url="https://eksempelavisen.no/",
        html='lang="nb-NO"',
    )
    assert found == probe.Site(
        name="Eksempelavisen",
        language="nb-NO",
        country="NO",
        time_zone="Europe/Oslo",
        feeds=("https://eksempelavisen.no/rss.xml",),
        sections=("https://eksempelavisen.no/sport", "https://eksempelavisen.no/kultur"),
    )


LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "body", "name"),
    [
        ('<meta property="og:site_name" content="A &amp;amp; B"><title>C</title>', "", "A & B"),
        (LD.format('{"@type": "WebSite", "name": "The Example"}') + "<title>Home</title>", "", "The Example"),
        (LD.format('{"@graph": [{"@type": ["Organization"], "name": "Graph News"}]}'), "", "Graph News"),
        (LD.format("{broken") + '<meta name="application-name" content="App">', "", "App"),
        ("<title>Home - The Tide</title>", '<a href="/">Home</a><a href="/">The Tide</a>', "The Tide"),
        ("<title>Home - The Tide</title>", '<a href="/"><img alt="The Tide"></a>', "The Tide"),
        ("<title>News from everywhere | Example</title>", "", "Example"),
        ("<title>The Daily Something: all the news</title>", "", "The Daily Something: all the news"),
        ("<title> </title>", "", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_name(head: str, body: str, name: str | None) -> None:
    assert site(head, body).name == name


@pytest.mark.parametrize(
    ("head", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed/">', ["/feed/"]),
        ('<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml">', ["/atom.xml"]),
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', ["/feed.json"]),
        ('<link rel="alternate" type="text/xml" href="/rss/all">', ["/rss/all"]),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', []),
        ('<link rel="alternate" hreflang="de" href="/de/">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/feed/">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/">', []),
        ('<link rel="alternate" type="application/rss+xml" title="X » Kommentar-Feed" href="/f2">', []),
        ('<link rel="alternate" type="application/rss+xml" href="">', []),
        ('<link rel="alternate" type="application/rss+xml" href="feed://x">', []),
        (
            '<link rel="alternate" type="application/rss+xml" href="/feed">'
            '<link rel="alternate" type="application/rss+xml" href="/feed/">'
            '<link rel="alternate" type="application/rss+xml" href="/sport/feed">',
            ["/feed", "/sport/feed"],
        ),
    ],
)
def test_declared_feeds(head: str, feeds: list[str]) -> None:
    assert site(head).feeds == tuple(f"https://www.example.org{feed}" for feed in feeds)


def test_linked_feeds_where_none_is_declared() -> None:
    hrefs = ("/rss.xml", "/sport/feed", "/comments/feed", "/feeding")
    body = "".join(f'<a href="{href}">x</a>' for href in hrefs)
    assert site("", body).feeds == ("https://www.example.org/rss.xml", "https://www.example.org/sport/feed")
    declared = '<link rel="alternate" type="application/rss+xml" href="/f">'
    assert site(declared, body).feeds == ("https://www.example.org/f",)


@pytest.mark.parametrize(
    ("html", "head", "language"),
    [
        ('lang="en"', "", "en"),
        ('lang="EN_us"', "", "en-US"),
        ('xml:lang="pt-br"', "", "pt-BR"),
        ('lang="zh-Hant-TW"', "", "zh-Hant-TW"),
        ('lang=""', '<meta http-equiv="Content-Language" content="fr">', "fr"),
        ("", '<meta property="og:locale" content="ja_JP">', "ja-JP"),
        ("", LD.format('{"@type": "WebSite", "inLanguage": "is"}'), "is"),
        ('lang="english"', "", None),
        ("", "", None),
    ],
)
def test_language(html: str, head: str, language: str | None) -> None:
    assert site(head, html=html).language == language


ADDRESS = '{"@type": "NewsMediaOrganization", "address": {"@type": "PostalAddress", "addressCountry": "%s"}}'


@pytest.mark.parametrize(
    ("url", "html", "address", "country", "time_zone"),
    [
        ("https://example.no/", "", "", "NO", "Europe/Oslo"),
        ("https://example.co.uk/", 'lang="en"', "", "GB", "Europe/London"),
        ("https://example.com.au/", "", "", "AU", None),
        ("https://example.de/", "", "", "DE", "Europe/Berlin"),
        ("https://example.es/", "", "", "ES", "Europe/Madrid"),
        ("https://example.jp/", 'lang="en-US"', "", "JP", "Asia/Tokyo"),
        ("https://example.com/", 'lang="de-AT"', "", "AT", "Europe/Vienna"),
        ("https://example.com/", 'lang="en"', "", None, None),
        ("https://example.io/", 'lang="en"', "", None, None),
        ("https://example.is/", "", "", "IS", "Atlantic/Reykjavik"),
        ("https://example.co/", "", "", None, None),
        ("https://example.com.co/", "", "", "CO", "America/Bogota"),
        ("https://example.tv/", 'lang="nl-NL"', "", "NL", "Europe/Amsterdam"),
        ("https://example.eu/", "", "", None, None),
        ("https://example.com/", "", "KE", "KE", "Africa/Nairobi"),
        ("https://example.com/", "", "kenya", "KE", "Africa/Nairobi"),
        ("https://example.com/", 'lang="en-US"', "Norway", "NO", "Europe/Oslo"),
        ("https://example.com/", 'lang="nb"', "Norge", "NO", "Europe/Oslo"),
        ("https://example.com/", 'lang="xqz"', "Norge", None, None),
        ("https://example.com/", 'lang="zh-Hant-TW"', "挪威", "NO", "Europe/Oslo"),
        ("https://example.com/", "", "Atlantis", None, None),
        ("http://127.0.0.1:8081/", 'lang="en"', "", None, None),
        ("http://[::1]/", "", "", None, None),
    ],
)
def test_country_and_time_zone(
    url: str, html: str, address: str, country: str | None, time_zone: str | None
) -> None:
    found = site(LD.format(ADDRESS % address) if address else "", url=url, html=html)
    assert (found.country, found.time_zone) == (country, time_zone)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"User-agent: *\nDisallow: /x\nSitemap: https://example.org/s.xml\n", ["https://example.org/s.xml"]),
        (b"\xef\xbb\xbfSITEMAP : /a.xml\r\n  sitemap:/b.xml.gz # news\r\n", ["/a.xml", "/b.xml.gz"]),
        (b"Sitemap: /a.xml\nSitemap: /a.xml\n", ["/a.xml"]),
        (b"Sitemap: ftp://example.org/a.xml\nSitemap:\n# Sitemap: /c.xml\n", []),
        (b"<html>404</html>", []),
        (b"\xff\xfe\x00", []),
        (b"", []),
    ],
)
def test_sitemaps_in_robots(body: bytes, expected: list[str]) -> None:
    base = "https://example.org"
    found = probe.sitemaps_in_robots(body, f"{base}/robots.txt")
    assert found == tuple(url if url.startswith("http") else base + url for url in expected)


def test_well_known_addresses_are_few_paths() -> None:
    for paths in (probe.WELL_KNOWN_FEEDS, probe.WELL_KNOWN_SITEMAPS):
        assert 1 < len(paths) < 10
        assert all(path.startswith("/") for path in paths)
        assert len(set(paths)) == len(paths)


@pytest.mark.parametrize(
    "head",
    [
        "<meta property=og:site_name content=''>" * 100_000,
        LD.format("[" * 100_000),
        LD.format('{"@type": "WebSite", "name": "' + "x" * 3_000_000 + '"}'),
        "<link rel=alternate type=application/rss+xml href=/f>" * 50_000,
        "<title>" + " - " * 500_000,
    ],
    ids=lambda head: head[:20],
)
def test_hostile_pages_take_no_time(head: str) -> None:
    started = time.process_time()
    site(head)
    assert time.process_time() - started < 5


@given(st.binary(max_size=1500))
def test_any_bytes(body: bytes) -> None:
    probe.site(body, URL)
    probe.sitemaps_in_robots(body, URL)
