"""Feeds in all their formats, read as feedparser reads them and as far as they go."""

from __future__ import annotations

import calendar
import datetime as dt
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import feed
from crawler.discovery.titles import plain
from crawler.errors import ReadError
from crawler.items import Discovered

FEEDS = Path(__file__).parent / "feeds"
URL = "https://feeds.example/feed"
XML_FEEDS = sorted(path.name for path in FEEDS.iterdir() if path.suffix != ".json")


def read(name: str) -> feed.Feed:
    return feed.read((FEEDS / name).read_bytes(), URL)


def utc(parsed: time.struct_time | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC) if parsed else None


def seconds(instant: dt.datetime | None) -> dt.datetime | None:
    return instant.astimezone(dt.UTC).replace(microsecond=0) if instant else None


def by_feedparser(entry: Any) -> tuple[Any, ...]:
    # Its `get` answers with the published date where none of an update is given; dict's does not.
    published, updated = entry.get("published_parsed"), dict.get(entry, "updated_parsed")
    if published is None:  # dc:date counts as an update there; news publishers mean the publication
        published, updated = updated, None
    return (
        entry.get("feedburner_origlink") or entry.get("link"),
        plain(entry.get("title")),
        utc(published),
        utc(updated),
    )


def ours(link: Discovered) -> tuple[Any, ...]:
    published, modified = link.published, link.modified
    if published is None:
        published, modified = modified, None
    return link.url, link.title, seconds(published), seconds(modified)


@pytest.mark.parametrize("name", XML_FEEDS)
def test_reads_what_feedparser_reads(name: str) -> None:
    theirs = feedparser.parse((FEEDS / name).read_bytes(), response_headers={"content-location": URL})
    assert theirs.entries
    assert [ours(link) for link in read(name).links] == [by_feedparser(entry) for entry in theirs.entries]


@pytest.mark.parametrize(
    ("name", "title", "home_page", "language"),
    [
        ("rss20.xml", "The Saltmarsh Courier", "https://saltmarsh.example/", "en-GB"),
        ("rss091.xml", "El Diario del Río", "http://rio.example/", "es"),
        ("rss10.rdf", "港新聞", "https://minato.example/", "ja"),
        ("atom10.xml", "Heide-Bote – Nachrichten", "https://heide.example/", "de"),
        ("atom03.xml", "La Gazette du Col", "https://col.example/", "fr"),
        ("json_feed.json", "The Reef Log", "https://reef.example/", "en-AU"),
        ("entities.xml", "R&D weekly", "https://e.example/?a=1&b=2", None),
        ("shift_jis.xml", "東部新報", "https://sjis.example/", "ja"),
        ("utf16.xml", "Široký svět", "https://u16.example/", None),
    ],
)
def test_says_what_the_feed_is_of(name: str, title: str, home_page: str, language: str | None) -> None:
    read_feed = read(name)
    assert (read_feed.title, read_feed.home_page, read_feed.language) == (title, home_page, language)


def test_json_feed() -> None:
    links = read("json_feed.json").links
    assert [(link.url, link.title, link.language) for link in links] == [
        ("https://reef.example/log/coral", "Coral counted", "en-AU"),
        ("https://reef.example/log/turtles", None, "en-AU"),
        ("https://elsewhere.example/tide", "Seen elsewhere", "fr"),
    ]
    brisbane = dt.timezone(dt.timedelta(hours=10))
    assert links[0].published == dt.datetime(2026, 2, 1, 8, tzinfo=brisbane)
    assert links[0].modified == dt.datetime(2026, 2, 2, 8, tzinfo=brisbane)


def test_an_entry_has_its_own_language() -> None:
    assert [link.language for link in read("atom10.xml").links] == ["de", "nds", "de"]


@pytest.mark.parametrize(
    ("name", "next_url"),
    [
        ("atom10.xml", "https://heide.example/atom.xml?seite=2"),
        ("json_feed.json", "https://reef.example/feed.json?page=2"),
        ("rss20.xml", None),
    ],
)
def test_next_page(name: str, next_url: str | None) -> None:
    assert read(name).next_url == next_url


@pytest.mark.parametrize(("name", "minutes"), [("rss20.xml", 30), ("rss10.rdf", 30), ("guids.xml", None)])
def test_how_long_it_may_be_kept(name: str, minutes: int | None) -> None:
    assert read(name).ttl == (dt.timedelta(minutes=minutes) if minutes else None)


def rss(items: str, *, before: str = "", attributes: str = "") -> bytes:
    return (
        f'<rss version="2.0" {attributes}><channel><title>T</title><link>https://t.example/</link>{before}'
        f"{items}</channel></rss>"
    ).encode()


def urls(body: bytes) -> list[str]:
    return [link.url.removeprefix("https://t.example") for link in feed.read(body, URL).links]


ITEM = "<item><title>{0}</title><link>https://t.example/{0}</link></item>"
ABC = "".join(ITEM.format(name) for name in "abc")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (ABC, ["/a", "/b", "/c"]),
        # The title is not closed: that entry is read as far as it goes, its neighbours whole.
        (ABC.replace("b</title>", "b"), ["/a", "/b", "/c"]),
        (ABC.replace("</item>", "", 1), ["/a", "/b", "/c"]),
        (ABC.replace("<title>b</title>", "<title>b<br><i>x</title>"), ["/a", "/b", "/c"]),
        # Its address stands inside an attribute that was not closed.
        (ABC.replace("<title>b", "<title>b <unclosed attribute='"), ["/a", "/c"]),
        (ABC.replace("<title>b", "<title>\x01\x08b\x1f"), ["/a", "/b", "/c"]),
        (ABC.replace("<title>b", "<title>&#0;&#xFFFF;&#x110000;b"), ["/a", "/b", "/c"]),
        (ABC.replace("<title>b", "<title><![CDATA[b ]]>&<![CDATA[c]]>"), ["/a", "/b", "/c"]),
        (ABC.replace("/b</link>", "/b?x=1&y=2&copy=3</link>"), ["/a", "/b?x=1&y=2&copy=3", "/c"]),
        (ABC.replace("https://t.example/b<", "<![CDATA[https://t.example/b?x=&]]><"), ["/a", "/b?x=&", "/c"]),
        (ABC.replace("https://t.example/b", "mailto:desk@t.example"), ["/a", "/c"]),
        (ABC.replace("https://t.example/b", "javascript:void(0)"), ["/a", "/c"]),
        (ABC.replace("https://t.example/b", "http://[broken"), ["/a", "/c"]),
        (ABC.replace("https://t.example/b", f"https://t.example/{'b' * 3000}"), ["/a", "/c"]),
        (ABC + ABC, ["/a", "/b", "/c"]),
        ('<item><guid isPermaLink="false">https://t.example/a</guid></item>', []),
        ("<item><guid>tag:t.example,2026:a</guid></item>", []),
        ("<item x=", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_broken_entry_costs_itself_alone(items: str, expected: list[str]) -> None:
    assert urls(rss(items)) == expected


def test_a_page_goes_before_other_renderings() -> None:
    links = '<link href="/a.json" type="application/json"/><link href="/a" type="text/html"/>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{links}</entry></feed>'
    assert [link.url for link in feed.read(body.encode(), "https://t.example/feed").links] == [
        "https://t.example/a"
    ]


@pytest.mark.parametrize("cut", range(20, len(ABC)))
def test_truncated_anywhere_never_announces_half_an_address(cut: int) -> None:
    whole = rss(ABC)
    found = urls(whole[: whole.index(b"<item>") + cut])
    assert found == ["/a", "/b", "/c"][: len(found)]
    assert len(found) == ABC[:cut].count("</link>")


def test_entities_are_never_expanded() -> None:
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    prolog = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{bombs}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = prolog.encode() + rss(ITEM.format("a").replace("<title>a", "<title>&l11; &x;"))
    started = time.perf_counter()
    (link,) = feed.read(body, URL).links
    assert link.title == "&l11; &x;"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<!doctype html><html><head><title>Not found</title></head><body><feed>x</feed></body></html>",
        b"<html><rss></rss></html>",
        b"<urlset><url><loc>https://t.example/</loc></url></urlset>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"plain text",
        b'{"items": 1}',
        b'{"items": [',
        b"[" * 100_000,
        b'{"items":' + b"[" * 100_000,
    ],
)
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(ReadError, match=r"https://feeds\.example/feed"):
        feed.read(body, URL)


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" * 50_000),
        rss(("<item>" + "<a>" * 300) * 300),
        rss("<item><title>" + "x" * 12_000_000 + "</title><link>https://t.example/a</link></item>"),
        rss("<![CDATA[" * 200_000),
        rss("&" * 1_000_000),
        rss("<" * 1_000_000),
        rss("<item " + "a " * 500_000),
        rss("", attributes="x=" * 300_000),
        rss("<item><link>https://t.example/a</link>" + "<pubDate>1 1 1 </pubDate>" * 20_000),
        b"<rss" + b" " * 3_000_000,
        b'{"items": [' + b'{"url": "https://t.example/a"},' * 100_000 + b"{}]}",
    ],
    ids=lambda body: repr(body[70:100]),
)
def test_hostile_feeds_take_no_time(body: bytes) -> None:
    started = time.process_time()
    feed.read(body, URL)
    assert time.process_time() - started < 5


def test_an_endless_feed_ends() -> None:
    body = rss("".join(ITEM.format(number) for number in range(12_000)))
    assert len(feed.read(body, URL).links) == 10_000


@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    with suppress(ReadError):
        feed.read(body, URL)


SAMPLES = [path.read_bytes() for path in FEEDS.iterdir()]


@given(st.sampled_from(SAMPLES), st.integers(0, 3000), st.integers(0, 400), st.binary(max_size=20))
def test_any_damage(body: bytes, start: int, length: int, patch: bytes) -> None:
    try:
        links = feed.read(body[:start] + patch + body[start + length :], URL).links
    except ReadError:
        return
    assert all(link.url.lower().startswith(("http://", "https://")) for link in links)
    assert len({link.url for link in links}) == len(links)
    assert all(link.published is None or link.published.tzinfo for link in links)
