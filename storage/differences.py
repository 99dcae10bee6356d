"""Two versions of an article side by side: each part that differs, word by word. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from storage.records import Article
from storage.word_diff import Piece, PieceKind, pieces


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the article that is not what it was."""

    part: str
    # "headline", "body" …
    pieces: tuple[Piece, ...]


def differences(before: Article, after: Article) -> tuple[Difference, ...]:
    """The parts that differ, in the order in which a reader meets them."""
    compared = ((part, pieces(text(before), text(after))) for part, text in PARTS.items())
    return tuple(Difference(part, found) for part, found in compared if _differs(found))


def _differs(found: tuple[Piece, ...]) -> bool:
    return any(piece.kind is not PieceKind.SAME for piece in found)


def _names(article: Article) -> str:
    return article.byline or ", ".join(named.name for named in article.bylines)


def _captions(article: Article) -> str:
    lines = (" · ".join(filter(None, (i.caption, i.credit_line))) for i in article.images)
    return "\n\n".join(line for line in lines if line)


def _published(article: Article) -> str:
    return article.date_published.isoformat() if article.date_published else ""


def _modified(article: Article) -> str:
    return article.date_modified.isoformat() if article.date_modified else ""


PARTS: dict[str, Callable[[Article], str]] = {
    "headline": lambda article: article.headline or "",
    "standfirst": lambda article: article.description or "",
    "byline": _names,
    "published": _published,
    "modified": _modified,
    "body": lambda article: "\n\n".join(block.url or block.text for block in article.blocks),
    "captions": _captions,
    "corrections": lambda article: "\n\n".join(article.corrections),
}
