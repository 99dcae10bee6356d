"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from crawler.discovery.addresses import absolute
from crawler.discovery.dates import instant
from crawler.discovery.feed.model import Feed, distinct
from crawler.discovery.titles import plain
from crawler.errors import ReadError
from crawler.extraction.charset import decode
from crawler.items import Discovered
from crawler.language_tags import tag


def looks_like_json(body: bytes) -> bool:
    """Whether `body` is a JSON object."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(body: bytes, url: str) -> Feed:
    """The feed in `body`; raises ReadError where it is not JSON, or no feed."""
    feed = _parsed(body, url)
    language = tag(_text(feed.get("language")))
    home_page = absolute(_text(feed.get("home_page_url")), url)
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return Feed(
        title=plain(_text(feed.get("title"))),
        home_page=home_page,
        language=language,
        links=distinct(_link(item, home_page or url, language) for item in items),
        next_url=absolute(_text(feed.get("next_url")), url),
    )


def _parsed(body: bytes, url: str) -> dict[str, Any]:
    try:
        feed = json.loads(decode(body).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"no feed at {url}: its JSON is broken ({error})") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ReadError(f"no feed at {url}: it is JSON without items")
    return feed


def _link(item: dict[str, Any], base: str, language: str | None) -> Discovered | None:
    addresses = (absolute(_text(item.get(name)), base) for name in ("url", "external_url"))
    url = next(filter(None, addresses), None) or _web_address(_text(item.get("id")))
    if url is None:
        return None
    return Discovered(
        url=url,
        title=plain(_text(item.get("title"))),
        published=instant(_text(item.get("date_published"))),
        modified=instant(_text(item.get("date_modified"))),
        language=tag(_text(item.get("language"))) or language,
    )


def _web_address(identifier: str | None) -> str | None:
    """An id that is an address; any other id is none, not one that is relative to the feed."""
    return absolute(identifier, "")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
