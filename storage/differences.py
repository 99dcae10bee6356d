"""Two versions of an article side by side: each part that differs, word by word. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from storage.records import Article, Moment
from storage.word_diff import Piece, PieceKind, pieces


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the article that is not what it was."""

    part: str
    # "headline", "body" …
    pieces: tuple[Piece, ...]


def differences(before: Article, after: Article) -> tuple[Difference, ...]:
    """The parts that differ, in the order in which a reader meets them."""
    texts = ((part, text(before), text(after)) for part, text in PARTS.items())
    compared = ((part, _whole(old, new) if part in DATES else pieces(old, new)) for part, old, new in texts)
    return tuple(Difference(part, found) for part, found in compared if _differs(found))


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    """Of a date no word stays when one is another."""
    kinds = (PieceKind.SAME,) if old == new else (PieceKind.REMOVED, PieceKind.ADDED)
    return tuple(Piece(kind, text) for kind, text in zip(kinds, (old, new), strict=False) if text)


def _differs(found: tuple[Piece, ...]) -> bool:
    return any(piece.kind is not PieceKind.SAME for piece in found)


def _names(article: Article) -> str:
    return article.byline or ", ".join(named.name for named in article.bylines)


def _captions(article: Article) -> str:
    lines = (" · ".join(filter(None, (i.caption, i.credit_line))) for i in article.images)
    return "\n\n".join(line for line in lines if line)


def _date(date: Moment | None) -> str:
    """In UTC, whatever zone the page wrote it in, so that one instant is one text."""
    if date is None:
        return ""
    if not isinstance(date.value, dt.datetime):
        return date.isoformat()
    return f"{date.value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


PARTS: dict[str, Callable[[Article], str]] = {
    "headline": lambda article: article.headline or "",
    "standfirst": lambda article: article.description or "",
    "byline": _names,
    "published": lambda article: _date(article.date_published),
    "modified": lambda article: _date(article.date_modified),
    "body": lambda article: "\n\n".join(block.url or block.text for block in article.blocks),
    "captions": _captions,
    "corrections": lambda article: "\n\n".join(article.corrections),
}
DATES = ("published", "modified")
