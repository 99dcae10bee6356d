"""Titles as plain text: feeds write them as text, as HTML, and as HTML written twice."""

from __future__ import annotations

from html import unescape

from crawler.extraction.text import clean, strip_tags

MAX_LENGTH = 1_000  # characters; the rest of a longer "title" is no title


def plain(text: str | None) -> str | None:
    """`text` without markup and entities, on one line; None where nothing is left."""
    sample = (text or "")[: 20 * MAX_LENGTH]
    if "&" in sample:
        # Twice: &amp;amp; is what stands in many feeds where one ampersand is meant.
        sample = unescape(unescape(strip_tags(sample)))
    return clean(strip_tags(sample))[:MAX_LENGTH].strip() or None
