"""OPML: out and in again the same, and in from other programs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.errors import ReadError
from crawler.items import Endpoint, EndpointKind
from crawler.sources import Source, opml_export, opml_import
from storage.records import Pictures

FULL = Source(
    slug="example-org",
    name='The "Example" & <more>',
    home_page="https://www.example.org/",
    language="en-GB",
    country="GB",
    time_zone="Europe/London",
    endpoints=(
        Endpoint(url="https://www.example.org/feed?a=1&b=2", kind=EndpointKind.FEED),
        Endpoint(url="https://www.example.org/news.xml", kind=EndpointKind.NEWS_SITEMAP),
        Endpoint(url="https://www.example.org/sitemap.xml", kind=EndpointKind.SITEMAP),
        Endpoint(url="https://www.example.org/local/", kind=EndpointKind.LISTING),
    ),
    include=(r"/\d{4}/", "a b"),
    exclude=("[?&]print=",),
    enabled=False,
    pictures=Pictures.ALL,
)
SMALL = Source(slug="b", name="b", home_page="https://b.example/")


def test_round_trip() -> None:
    assert opml_import(opml_export([FULL, SMALL])) == (FULL, SMALL)
    assert opml_import(opml_export([])) == ()


def test_what_other_programs_see() -> None:
    root = etree.fromstring(opml_export([FULL, SMALL]))
    assert root.get("version") == "2.0"
    feeds = root.xpath("//outline[@type='rss']")
    assert [(feed.get("xmlUrl"), feed.get("text")) for feed in feeds] == [
        ("https://www.example.org/feed?a=1&b=2", 'The "Example" & <more>')
    ]
    assert all(outline.get("text") for outline in root.iter("outline"))


FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Subscriptions</title></head><body>
<outline text="News" title="News">
  <outline type="rss" text="Saltmarsh" title="The Saltmarsh  Courier" xmlUrl="https://saltmarsh.example/feed"
           htmlUrl="https://www.saltmarsh.example/" language="en-gb"/>
  <outline text="Deeper"><outline type="rss" text="Sport" xmlUrl="https://feeds.proxy.example/saltmarsh-sport"
           htmlUrl="https://saltmarsh.example/sport"/></outline>
  <outline type="rss" text="No page" xmlurl="https://rio.example/rss.xml"/>
  <outline type="rss" text="No address" xmlUrl="feed:nothing"/>
  <outline type="link" text="A link" url="https://elsewhere.example/"/>
</outline>
<outline type="rss" text="" xmlUrl="https://heide.example/atom.xml" htmlUrl="https://heide.example/"/>
</body></opml>"""


def test_a_list_of_another_program() -> None:
    saltmarsh, rio, heide = opml_import(FOREIGN)
    assert (saltmarsh.slug, saltmarsh.name) == ("saltmarsh-example", "The Saltmarsh Courier")
    assert saltmarsh.home_page == "https://www.saltmarsh.example/"
    assert [endpoint.url for endpoint in saltmarsh.endpoints] == [
        "https://saltmarsh.example/feed",
        "https://feeds.proxy.example/saltmarsh-sport",
    ]
    assert saltmarsh.language == "en-GB"
    assert (rio.slug, rio.home_page, rio.name) == ("rio-example", "https://rio.example/", "No page")
    assert (heide.slug, heide.name) == ("heide-example", "heide-example")


def test_slugs_are_distinct() -> None:
    ours = opml_export([SMALL, SMALL])
    assert [source.slug for source in opml_import(ours)] == ["b", "b-2"]


def test_what_somebody_broke_is_left_out() -> None:
    text = opml_export([FULL]).decode()
    broken = (
        text.replace("Europe/London", "Europe/Nowhere")
        .replace("GB", "Great Britain")
        .replace(r"/\d{4}/", "(")
        .replace('newsarchive:kind="sitemap"', 'newsarchive:kind="unknown"')
    )
    (source,) = opml_import(broken.encode())
    assert (source.time_zone, source.country, source.language) == (None, None, None)
    assert source.include == ("a b",)
    assert len(source.endpoints) == 3
    assert opml_import(text.replace("https://www.example.org/", "").encode()) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"<html><body/></html>",
        b"<rss/>",
        b"\x89PNG",
        b"<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///x'>]>&a;",
    ],
)
def test_what_is_no_opml(body: bytes) -> None:
    with pytest.raises(ReadError, match="no OPML"):
        opml_import(body)


def test_entities_are_never_expanded() -> None:
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE opml [<!ENTITY l0 "lol">{bombs}]><opml><body><outline text="&l11;" xmlUrl="https://a.example/"/>'
    sources = opml_import(f"{text}</body></opml>".encode())
    assert all(len(source.name) < 1000 for source in sources)


def test_truncated() -> None:
    assert [source.slug for source in opml_import(FOREIGN[:500])] == ["saltmarsh-example"]


@given(st.binary(max_size=300) | st.integers(0, len(FOREIGN)).map(lambda cut: FOREIGN[:cut]))
def test_any_bytes(body: bytes) -> None:
    with suppress(ReadError):
        opml_import(body)
