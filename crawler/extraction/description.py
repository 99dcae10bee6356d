"""The standfirst: the lines between headline and body that sum the story up."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first


def description(clues: Clues) -> Found[str]:
    """The standfirst as the page shows it, else as its metadata has it."""
    return first(_offers(clues))


def _offers(clues: Clues) -> Iterator[Offer[str]]:
    yield from clues.linked.said("description", pages=False)
    yield from clues.meta.said("og:description", "description", "twitter:description")
