"""Selectors for one source's pages, where the general passes read them wrongly. Data, no code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """Selectors that hold for a source's pages from one day to the next override's.

    Each is CSS (as Scrapy has it, with ``::attr(name)`` and ``::text``) or, where it begins with ``/``,
    ``./`` or ``(``, XPath. Names are those of `storage.records.Article`.
    """

    valid_from: dt.date | None = None
    # The first day (UTC) on which a page was fetched that they hold for; None: from the beginning.
    remove: tuple[str, ...] = ()
    # What is taken out of the page before anything of it is read.
    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    body: str | None = None
    # The elements that the story stands in; nothing outside is body text.
    images: str | None = None
    # Pictures, or elements that each hold one with its words. These are the article's, no others.
    caption: str | None = None
    credit_line: str | None = None
    # In the elements of `images`.
    keywords: str | None = None
    article_section: str | None = None

    @property
    def selectors(self) -> dict[str, str]:
        """The fields that it has a selector for, each with that."""
        chosen = ((name, getattr(self, name)) for name in FIELDS)
        return {name: selector for name, selector in chosen if selector}


# What a selector may be given for.
FIELDS = tuple(f.name for f in fields(Override) if f.name not in ("valid_from", "remove"))
# … and those of them whose elements are needed, not their text alone.
ELEMENT_FIELDS = frozenset({"body", "images", "caption", "credit_line"})
