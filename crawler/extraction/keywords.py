"""The tags that the page gives the story."""

from __future__ import annotations

from crawler.extraction.clues import Clues


def keywords(clues: Clues) -> tuple[str, ...]:
    """Tags in the page's order, each once."""
    said = [offer.value for offer in clues.linked.said("keywords", pages=False)]
    said = said or [offer.value for offer in clues.meta.said("news_keywords", "keywords", "article:tag")]
    return tuple(dict.fromkeys(part.strip() for text in said for part in text.split(",") if part.strip()))
