"""An article that a search found, and the part of its text that shows why."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import ArchivedArticle, Moment
from storage.search_query import Phrase, highlight


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that a search found."""

    id: int
    source: str
    canonical_url: str
    headline: str | None
    authors: tuple[str, ...]
    date_published: Moment | None
    excerpt: str
    # The part of the text where the words stand.
    marks: tuple[tuple[int, int], ...]
    # (start, end) of each found word in the excerpt.
    score: float
    # The larger the better; comparable within one search only.
    copies: int = 0
    # How many other articles of the archive share its text.


def hit(item: ArchivedArticle, score: float, wanted: list[Phrase], others: int) -> Hit:
    """An article as the result of a search for `wanted`."""
    excerpt, marks = _excerpt(item, wanted)
    return Hit(
        id=item.id,
        source=item.source,
        canonical_url=item.article.canonical_url,
        headline=item.article.headline,
        authors=item.article.authors,
        date_published=item.article.date_published,
        excerpt=excerpt,
        marks=tuple(marks),
        score=score,
        copies=others,
    )


def _excerpt(item: ArchivedArticle, wanted: list[Phrase]) -> tuple[str, list[tuple[int, int]]]:
    """Where the words stand: body, standfirst, captions, byline, keywords; else the beginning."""
    found = item.article
    pictures = [p for i in found.images for p in (i.caption, i.credit_line, i.alt_text) if p]
    texts = [found.body, found.description or "", *pictures, found.byline or "", "; ".join(found.keywords)]
    for candidate in texts:
        excerpt, marks = highlight(candidate, wanted)
        if marks:
            return excerpt, marks
    return highlight(found.body or found.description or "", wanted)
