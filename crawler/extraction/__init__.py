"""Read one page: bytes in, an `Article` and what the page is out. Pure.

What reads is imported with the first page: a crawl names `read` to its workers, and never reads itself.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from crawler.extraction.hints import NOTHING, Hints

if TYPE_CHECKING:
    from crawler.extraction.reading import Reading
    from crawler.items import Page
    from storage.records import Article

__all__ = ["NOTHING", "Hints", "extract", "read"]


def read(page: Page, hints: Hints = NOTHING) -> Reading:
    """Read a fetched page. Never raises: a page that breaks the reading is an EXTRACT_ERROR."""
    from crawler.extraction import reading

    return reading.read(page, hints)


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: dt.datetime | None = None,
    hints: Hints = NOTHING,
) -> Article:
    """The article on the page `html`, which `url` led to, whether it is one to keep or not. Never raises.

    `content_type` is the HTTP header's value; `fetched_at` (aware) bounds the dates that are believed.
    """
    from crawler.extraction import reading

    return reading.extract(html, url, content_type=content_type, fetched_at=fetched_at, hints=hints)
