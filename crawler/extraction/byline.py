"""Who wrote it: the line as the page shows it, and the names in it."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, first
from storage.records import Byline, Role


@dataclass(frozen=True, slots=True)
class Credits:
    """An article's byline, read."""

    line: Found[str]
    # The raw line as the page writes it; `line.element` shows it.
    names: tuple[Byline, ...] = ()


def byline(clues: Clues) -> Credits:
    """The persons (or the desk, agency or outlet) that the page names as authors, in order."""
    line = first(
        [
            *clues.linked.said("author", pages=False),
            *clues.meta.said("author", "article:author", "dc.creator"),
        ]
    )
    names = dict.fromkeys(
        offer.value for offer in line.offers if line.taken and offer.origin == line.taken.origin
    )
    return Credits(line, tuple(Byline(name=name, role=Role.WRITER) for name in names))
