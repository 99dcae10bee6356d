"""Sitemaps as sites really serve them: news, indexes, gzip, text, feeds, and broken in every way."""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import sitemap
from crawler.errors import ReadError

URL = "https://s.example/sitemap.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{NAMESPACE}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
  <url>
    <loc>https://s.example/2026/03/kanal.html</loc>
    <lastmod>2026-03-02T11:00:00+01:00</lastmod>
    <xhtml:link rel="alternate" hreflang="en" href="https://s.example/en/canal.html"/>
    <image:image>
      <image:loc>https://s.example/kanal.jpg</image:loc><image:title>Der Kanal</image:title>
    </image:image>
    <news:news>
      <news:publication><news:name>S</news:name><news:language>de</news:language></news:publication>
      <news:publication_date>2026-03-02T10:30:00+01:00</news:publication_date>
      <news:title>Kanal &amp;amp; Schleuse: es geht weiter</news:title>
    </news:news>
  </url>
  <url>
    <image:image><image:loc>https://s.example/2.jpg</image:loc></image:image>
    <loc><![CDATA[https://s.example/2026/03/b.html?a=1&b=2]]></loc>
    <news:news>
      <news:publication><news:language>zh-tw</news:language></news:publication>
      <news:publication_date>2026-03-01</news:publication_date>
      <news:title> </news:title>
    </news:news>
  </url>
  <url><loc>https://cdn.elsewhere.example/c</loc><priority>0.5</priority></url>
</urlset>"""
INDEX = f"""<sitemapindex xmlns="{NAMESPACE}">
  <sitemap><loc>https://s.example/sitemap-2026-03.xml.gz</loc><lastmod>2026-03-02</lastmod></sitemap>
  <sitemap><loc>/sitemap-2026-02.xml.gz</loc></sitemap>
  <sitemap><lastmod>2026-01-01</lastmod></sitemap>
</sitemapindex>"""


def plain(count: int) -> bytes:
    entries = "".join(
        f"<url><loc>https://s.example/2026/a-story-with-a-long-slug-{n}.html</loc>"
        f"<lastmod>2026-03-{1 + n % 28:02}T10:{n % 60:02}:00+01:00</lastmod>"
        "<changefreq>daily</changefreq><priority>0.5</priority></url>\n"
        for n in range(count)
    )
    return f'<?xml version="1.0"?><urlset xmlns="{NAMESPACE}">{entries}</urlset>'.encode()


def paths(body: bytes, limit: int = sitemap.MAX_BYTES) -> list[str]:
    return [url.url.removeprefix("https://s.example/") for url in sitemap.read(body, URL, limit).urls]


def test_news() -> None:
    read = sitemap.read(NEWS.encode(), URL)
    first, second, third = read.urls
    berlin = dt.timezone(dt.timedelta(hours=1))
    assert first.url == "https://s.example/2026/03/kanal.html"
    assert first.title == "Kanal & Schleuse: es geht weiter"
    assert first.published == dt.datetime(2026, 3, 2, 10, 30, tzinfo=berlin)
    assert first.modified == dt.datetime(2026, 3, 2, 11, tzinfo=berlin)
    assert first.language == "de"
    assert second.url == "https://s.example/2026/03/b.html?a=1&b=2"
    assert (second.title, second.modified, second.language) == (None, None, "zh-TW")
    assert second.published == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert third.url == "https://cdn.elsewhere.example/c"
    assert read.is_news
    assert not read.children


def test_a_general_sitemap_is_no_news() -> None:
    read = sitemap.read(plain(3), URL)
    assert len(read.urls) == 3
    assert not read.is_news


def test_index() -> None:
    read = sitemap.read(INDEX.encode(), URL)
    assert [child.url for child in read.children] == [
        "https://s.example/sitemap-2026-03.xml.gz",
        "https://s.example/sitemap-2026-02.xml.gz",
    ]
    assert [child.modified for child in read.children] == [dt.datetime(2026, 3, 2, tzinfo=dt.UTC), None]
    assert not read.urls


def test_text() -> None:
    body = (
        codecs.BOM_UTF8
        + b"https://s.example/a\r\n\r\n  https://s.example/b  \nftp://s.example/c\nhttps://s.example/a\n"
    )
    assert paths(body) == ["a", "b"]


def test_a_feed_that_serves_as_a_sitemap() -> None:
    body = b"<rss><channel><item><link>https://s.example/a</link></item></channel></rss>"
    assert paths(body) == ["a"]


ABC = "".join(f"<url><loc>https://s.example/{name}</loc></url>" for name in "abc")


PREFIXED = ABC.replace("<", "<s:").replace("<s:/", "</s:")
B = "https://s.example/b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">{ABC}</urlset>', "abc"),
        (f'<urlset xmlns=" {NAMESPACE}/ ">{ABC}</urlset>', "abc"),
        (f'<s:urlset xmlns:s="{NAMESPACE}">{PREFIXED}</s:urlset>', "abc"),
        (f"<s:urlset>{PREFIXED}</s:urlset>", "abc"),
        (f"\ufeff \n <?xml version='1.0'?><!-- made by hand --><urlset>{ABC}</urlset>", "abc"),
        (f"Notice: undefined index<br />\n<?xml version='1.0'?><urlset>{ABC}</urlset>", "abc"),
        (f"<urlset>{ABC}", "abc"),
        (f"<urlset>{ABC[:-10]}", "ab"),
        (f"<urlset>{ABC}</urlset><urlset>{ABC.replace('/a', '/d')}</urlset>", "abcd"),
        ("<urlset/>", ""),
        ("<urlset></urlset>", ""),
    ],
)
def test_odd_documents(text: str, expected: str) -> None:
    assert paths(text.encode()) == list(expected)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (ABC, "abc"),
        (ABC + ABC, "abc"),
        (ABC.replace("</loc></url>", "</url>", 1), "abc"),
        (ABC.replace("</url>", "", 1), "abc"),
        (ABC.replace("</loc>", "</loc><lastmod>&&now;</lastmod><video:video>", 2), "abc"),
        (ABC.replace("/b", "/b\x0b\x00"), "abc"),
        (ABC.replace(B, "b"), "abc"),
        (ABC.replace(B, "//s.example/b"), "abc"),
        (ABC.replace(B, f"\n  {B}\n "), "abc"),
        (ABC.replace(B, f"<!-- here: -->{B}"), "abc"),
        (ABC.replace(B, "http:///b"), "ac"),
        (ABC.replace(B, "/" * 3000), "ac"),
    ],
)
def test_odd_entries(entries: str, expected: str) -> None:
    assert paths(f"<urlset>{entries}</urlset>".encode()) == list(expected)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><urlset><url><loc>https://s.example/straße</loc></url></urlset>'
    assert paths(text.encode(encoding)) == ["straße"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (gzip.compress(plain(500), mtime=0), 500),
        (gzip.compress(gzip.compress(plain(500), mtime=0), mtime=0), 500),
        (gzip.compress(plain(500)[:20_000], mtime=0) + gzip.compress(plain(500)[20_000:], mtime=0), 500),
        (gzip.compress(plain(500), mtime=0) + b"\0" * 100, 500),
        (gzip.compress(plain(500), mtime=0)[:-8], 500),
        (gzip.compress(b"", mtime=0) * 500 + gzip.compress(plain(500), mtime=0), 500),
        (gzip.compress(plain(500), mtime=0)[:-4] + b"oops", 500),
    ],
)
def test_gzip(body: bytes, count: int) -> None:
    assert len(paths(body)) == count


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_truncated_gzip_is_read_as_far_as_it_goes(kept: float) -> None:
    body = zlib_noise(3000)
    found = paths(body[: int(len(body) * kept)])
    assert 0.8 * kept * 3000 < len(found) < 1.1 * kept * 3000
    assert found == paths(body)[: len(found)]


def test_damaged_gzip_keeps_what_stood_before() -> None:
    body = zlib_noise(20_000)
    middle = len(body) // 2
    damaged = body[:middle] + b"\xff" * 2000 + body[middle + 2000 :]
    found = paths(damaged)
    assert len(found) > 9_000
    assert found[:9_000] == paths(body)[:9_000]


def zlib_noise(count: int) -> bytes:
    """A gzipped sitemap whose addresses don't shrink much."""
    entries = (
        f"<url><loc>https://s.example/{zlib.crc32(b'%d' % n) * 7919:x}</loc></url>" for n in range(count)
    )
    return gzip.compress(b"<urlset>" + "".join(entries).encode() + b"</urlset>")


def test_a_decompression_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"<urlset>" + plain(1)[-150:-10] * 10 + b" " * 200_000_000, 9, mtime=0)
    bomb_in_bomb = gzip.compress(bomb, mtime=0)
    for body in (bomb, bomb_in_bomb):
        started = time.process_time()
        tracemalloc.start()
        sitemap.read(body, URL, limit=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20_000_000
        assert time.process_time() - started < 1


def test_limit_counts_unzipped_bytes() -> None:
    assert 50 < len(paths(gzip.compress(plain(1000), mtime=0), limit=20_000)) < 150
    assert len(paths(plain(1000), limit=20_000)) == len(
        paths(gzip.compress(plain(1000), mtime=0), limit=20_000)
    )


def test_entities_are_never_expanded() -> None:
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = (
        f'<!DOCTYPE u [<!ENTITY l0 "lol">{bombs}<!ENTITY % d SYSTEM "http://127.0.0.1:9/x.dtd"> %d;]><urlset>'
    )
    text += "<url><loc>https://s.example/&l11;</loc></url></urlset>"
    assert paths(text.encode()) == ["&l11;"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"<!doctype html><html><head></head><body><urlset></urlset></body></html>",
        b"not a sitemap",
        b"{}",
        gzip.compress(b"not a sitemap", mtime=0),
        b"\x1f\x8b",
        b"\x1f\x8bgarbage",
        b"\x89PNG\r\n",
    ],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(ReadError, match=r"https://s\.example/sitemap\.xml"):
        sitemap.read(body, URL)


def test_fifty_thousand_addresses_are_quick() -> None:
    body = plain(50_000)
    started = time.process_time()
    assert len(paths(body)) == 50_000
    assert time.process_time() - started < 5  # 0.35 s on an idle core, five times that on a busy one


@pytest.mark.parametrize(
    "body",
    [
        plain(50_000)[:-5_000],
        plain(50_000).replace(b"</loc>", b"", 1),
        b"<urlset>" + b"<url>" * 1_000_000,
        b"<urlset>" + b"<url><loc>" * 200_000,
        b"<urlset>" + b"<a>" * 1_000_000,
        b"<urlset>" + b"&amp" * 1_000_000,
        b"<urlset " + b"a='" * 1_000_000,
        b"https://s.example/a\n" * 300_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_hostile_sitemaps_take_no_time(body: bytes) -> None:
    started = time.process_time()
    sitemap.read(body, URL)
    assert time.process_time() - started < 15  # far more where it grows squared


def test_an_endless_sitemap_ends() -> None:
    assert len(paths(plain(sitemap.MAX_URLS + 10))) == sitemap.MAX_URLS


@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    with suppress(ReadError):
        sitemap.read(body, URL)


SAMPLES = [NEWS.encode(), INDEX.encode(), gzip.compress(NEWS.encode(), mtime=0), plain(20)]


@given(st.sampled_from(SAMPLES), st.integers(0, 2000), st.integers(0, 400), st.binary(max_size=20))
def test_any_damage(body: bytes, start: int, length: int, patch: bytes) -> None:
    try:
        read = sitemap.read(body[:start] + patch + body[start + length :], URL)
    except ReadError:
        return
    assert all(
        found.url.lower().startswith(("http://", "https://")) for found in (*read.urls, *read.children)
    )
    assert len({url.url for url in read.urls}) == len(read.urls)
