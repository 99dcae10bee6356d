"""A diff as a page of its own: no scripts, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from crawler.cli.screen import moment
from storage.differences import DATES, Difference
from storage.records import ArchivedArticle
from storage.word_diff import Piece, PieceKind, extent

TEMPLATE = Path(__file__).with_name("diff_page.html")
TAGS = {PieceKind.SAME: "", PieceKind.REMOVED: "del", PieceKind.ADDED: "ins"}
PARAGRAPH = re.compile(r"\n\s*\n")


def page(before: ArchivedArticle, after: ArchivedArticle, found: Sequence[Difference]) -> str:
    """The whole page."""
    headline = after.article.headline or after.article.canonical_url
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        language=escape(after.article.in_language or "und"),
        title=escape(f"{headline}: version {before.version} and {after.version}"),
        headline=escape(headline),
        address=escape(after.article.canonical_url),
        source=escape(after.source),
        before=_version(before),
        after=_version(after),
        parts="\n".join(map(_part, found)) or "<p>The same words in both.</p>",
    )


def _version(item: ArchivedArticle) -> str:
    modified = moment(item.article.date_modified)
    says = f"; the page says it was modified {escape(modified)}" if modified else ""
    return f"<b>Version {item.version}</b>, read {item.fetched_at:%Y-%m-%d %H:%M} UTC{says}"


def _part(difference: Difference) -> str:
    changed = extent(difference.pieces)
    count = "" if difference.part in DATES else f"{changed.removed} words removed, {changed.added} added"
    text = "".join(map(_piece, difference.pieces))
    return (
        f'<section><h2>{escape(difference.part)}<span class="count">{count}</span></h2>\n'
        f'<div class="text" dir="auto"><p>{text}</p></div></section>'
    )


def _piece(piece: Piece) -> str:
    """A piece as HTML; an element is closed before its paragraph ends, and opened again after."""
    tag = TAGS[piece.kind]
    words = piece.text.rstrip()
    space = PARAGRAPH.sub("</p>\n<p>", piece.text[len(words) :])
    paragraphs = (escape(text).replace("\n", "<br>") for text in PARAGRAPH.split(words))
    marked = (f"<{tag}>{text}</{tag}>" if tag and text else text for text in paragraphs)
    return "</p>\n<p>".join(marked) + space
