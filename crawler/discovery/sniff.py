"""What an unknown document is: a feed, a sitemap, a page."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from crawler.discovery import feed, sitemap, xml
from crawler.discovery.unzipping import MAGIC, unzipped
from crawler.extraction.charset import decode
from crawler.items import Page
from storage import urls

Kind = Literal["feed", "sitemap", "html"]

_SAMPLE = 64 * 1024  # bytes that tell
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org|"items"\s*:\s*\[')
_HTML = re.compile(r"<(?:!doctype html|html|head|body|title|meta|div|p|h1|article)\b", re.IGNORECASE)
HTML_TYPES = ("text/html", "application/xhtml+xml")
_OTHER_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_OTHER_MAGIC = (MAGIC, b"%PDF-", b"PK\x03\x04")
_EDITION = re.compile(r"/(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|home|startseite|portada)/?)?$", re.IGNORECASE)


def kind(body: bytes, content_type: str | None, url: str) -> Kind | None:
    """What `body` is; None where it is none of these. Its bytes count, then what the server says of them."""
    sample = unzipped(body[:_SAMPLE], _SAMPLE)
    if feed.looks_like_json(sample):
        return "feed" if _JSON_FEED.search(sample) else None
    text = decode(sample)
    if xml.root_start(text, feed.ROOTS) is not None:
        return "feed"
    if xml.root_start(text, sitemap.ROOTS) is not None or sitemap.is_list(sample):
        return "sitemap"
    return "html" if _is_html(sample, text, (content_type or "").lower()) else None


def _is_html(sample: bytes, text: str, content_type: str) -> bool:
    if b"\0" in sample or sample.startswith(_OTHER_MAGIC) or content_type.startswith(_OTHER_TYPES):
        return False
    return bool(_HTML.search(text)) or content_type.startswith(HTML_TYPES)


def no_page(page: Page) -> str | None:
    """The media type of a document that is plainly no HTML, whatever the server calls it; else None."""
    declared = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared in HTML_TYPES or not page.body or kind(page.body, declared, page.final_url) is not None:
        return None
    return declared or "unknown"


def is_home_page(url: str) -> bool:
    """Whether `url` is a host's root, or an edition's: ``https://example.org/``, ``https://example.org/de/``."""
    if urls.is_home_page(url):
        return True
    cleaned = urls.clean(url)
    if cleaned is None:
        return False
    parts = urlsplit(cleaned)
    return not parts.query and bool(_EDITION.match(parts.path))
