"""The headline: what the page shows as such, checked against what its metadata says."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.text import clean, visible_text


def headline(clues: Clues) -> Found[str]:
    """The story's headline, without the site's name."""
    return first(_offers(clues))


def _offers(clues: Clues) -> Iterator[Offer[str]]:
    for element in clues.document.tree.iter("h1"):
        if text := visible_text(element):
            yield Offer(text, "h1", element)
    yield from clues.linked.said("headline", pages=False)
    yield from clues.meta.said("og:title", "twitter:title")
    for element in clues.document.tree.iter("title"):
        if text := clean(element.text):
            yield Offer(text, "title")
