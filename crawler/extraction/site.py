"""The publication that the page belongs to, and the section that it stands in."""

from __future__ import annotations

from crawler.extraction.clues import Clues


def site_name(clues: Clues) -> str | None:
    """The outlet's name as the page writes it."""
    return clues.meta.text("og:site_name", "application-name") or clues.hints.site_name


def article_section(clues: Clues) -> str | None:
    """The section that the page puts the story in."""
    said = [*clues.linked.said("articleSection", pages=False), *clues.meta.said("article:section", "section")]
    return said[0].value if said else None
