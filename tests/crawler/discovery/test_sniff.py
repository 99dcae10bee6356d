"""What an unknown document is, by its bytes and then by what the server says."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import discovery

FEEDS = sorted((Path(__file__).parent / "feeds").iterdir())
PAGES = sorted((Path(__file__).parent / "pages").iterdir())
URL = "https://example.org/x"
SITEMAP = b"<?xml version='1.0'?><urlset><url><loc>https://example.org/</loc></url></urlset>"
INDEX = b"<sitemapindex><sitemap><loc>https://example.org/a.xml</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
@pytest.mark.parametrize("content_type", [None, "text/html", "application/xml"])
def test_feeds(path: Path, content_type: str | None) -> None:
    assert discovery.kind(path.read_bytes(), content_type, URL) == "feed"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8", "application/xml", "text/plain"])
def test_pages(path: Path, content_type: str | None) -> None:
    assert discovery.kind(path.read_bytes(), content_type, URL) == "html"


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (SITEMAP, "text/xml", "sitemap"),
        (INDEX, None, "sitemap"),
        (gzip.compress(SITEMAP, mtime=0), "application/gzip", "sitemap"),
        (gzip.compress(SITEMAP * 10_000, mtime=0), "application/gzip", "sitemap"),
        (gzip.compress(FEEDS[0].read_bytes(), mtime=0), None, "feed"),
        (b"https://example.org/a\nhttps://example.org/b\n", "text/plain", "sitemap"),
        (b"words", "text/html", "html"),
        (b"<p>words", None, "html"),
        (b"<!DOCTYPE html><html><body>about <urlset> and <rss></body></html>", None, "html"),
        (b"words", "text/plain", None),
        (b'{"a": 1}', "application/json", None),
        (b'{"a": 1}', "text/html", None),
        (b"%PDF-1.7 <p>", "application/pdf", None),
        (b"\x89PNG\r\n\x1a\n\0\0<html>", "text/html", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg>", "image/svg+xml", None),
        (b"", None, None),
        (b"", "text/html", "html"),
    ],
)
def test_others(body: bytes, content_type: str | None, kind: str | None) -> None:
    assert discovery.kind(body, content_type, URL) == kind


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", True),
        ("https://example.org/", True),
        ("https://example.org/index.html", True),
        ("https://example.org/?utm_source=x", True),
        ("https://example.org/de/", True),
        ("https://example.org/pt-br", True),
        ("http://127.0.0.1:8081/", True),
        ("https://example.org/sport/", False),
        ("https://example.org/?p=12", False),
        ("https://example.org/de/artikel", False),
        ("https://example.org/feed", False),
        ("mailto:x@example.org", False),
        ("", False),
    ],
)
def test_home_pages(url: str, expected: bool) -> None:
    assert discovery.is_home_page(url) is expected


@given(st.binary(max_size=500), st.none() | st.text(max_size=30), st.text(max_size=60))
def test_any_bytes(body: bytes, content_type: str | None, url: str) -> None:
    assert discovery.kind(body, content_type, url) in ("feed", "sitemap", "html", None)
    assert discovery.is_home_page(url) in (True, False)
