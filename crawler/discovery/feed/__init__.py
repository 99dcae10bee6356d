"""A feed's links: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. Pure: bytes in, `Feed` out."""

from __future__ import annotations

from crawler.discovery import xml
from crawler.discovery.feed import json_feed, xml_feed
from crawler.discovery.feed.json_feed import looks_like_json
from crawler.discovery.feed.model import Feed
from crawler.errors import ReadError

__all__ = ["ROOTS", "Feed", "looks_like_json", "read"]

ROOTS = ("rss", "RDF", "feed", "channel")


def read(body: bytes, url: str) -> Feed:
    """The feed in `body`, fetched from `url`; a broken one as far as it goes.

    Raises ReadError where there is no feed at all: an HTML page, nothing, something else.
    """
    if looks_like_json(body):
        return json_feed.read(body, url)
    text = xml.document(body, ROOTS)
    if text is None:
        raise ReadError(f"no feed at {url}: it begins {_beginning(body)}")
    return xml_feed.read(text, url)


def _beginning(body: bytes) -> str:
    return repr(body[:40].decode("ascii", "replace")) if body else "with nothing"
