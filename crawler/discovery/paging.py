"""Where a list goes on: the address of its next page."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.discovery.anchors import Anchor, Place
from crawler.discovery.shapes import page_number, shape

SLUG_WORDS = 3


def next_page(anchors: Sequence[Anchor], url: str) -> str | None:
    """What rel=next says; else this list's address with the next number; else the number in a pager."""
    marked = (a.url for a in anchors if "next" in a.relations and not _is_next_story(a.url))
    return next(marked, None) or _by_address(anchors, url) or _by_text(anchors, url)


def _is_next_story(url: str) -> bool:
    """Whether rel=next leads to another article, as it does on many articles' pages."""
    form = shape(url)
    return page_number(url)[1] == 1 and (form.date is not None or form.slug_words >= SLUG_WORDS)


def _by_address(anchors: Sequence[Anchor], url: str) -> str | None:
    """Works in any language: ``/sport/?page=3`` is the next page of ``/sport/?page=2``."""
    this, number = page_number(url)
    return next((anchor.url for anchor in anchors if page_number(anchor.url) == (this, number + 1)), None)


def _by_text(anchors: Sequence[Anchor], url: str) -> str | None:
    """A pager whose addresses don't count pages: ``/sport?start=20`` under a link that says "2"."""
    number = str(page_number(url)[1] + 1)
    found = (a.url for a in anchors if a.place is Place.PAGER and a.text == number and a.url != url)
    return next(found, None)
