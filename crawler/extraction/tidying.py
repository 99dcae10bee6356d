"""The last look at a story's pieces: headings and lead-ins over nothing, labels at the ends, bold lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, zip_longest

from crawler.extraction.blocks import Box, Piece, around, width
from crawler.extraction.sifting import Fate
from crawler.extraction.text import clean
from storage.records import Block, BlockKind

# Without a full stop, text of this width is a sentence all the same.
LONG_LINE = 100
# "More on this:", over a link.
LEAD_IN = 100
# A paragraph in bold that stands for a heading.
BOLD_SHARE, BOLD_LENGTH = 0.85, 100

Sorted = list[tuple[Piece, Fate]]


def tidy(pieces: Sorted, container: Box) -> list[Piece]:
    """The pieces that are kept, without what only led to those that are not."""
    gone = _loose_headings(pieces) | _lead_ins(pieces) | _lone_headings(pieces, container)
    return _trimmed([piece for piece, fate in pieces if fate is Fate.KEPT and piece not in gone], container)


def blocks(pieces: list[Piece]) -> Iterator[Block]:
    """The pieces as blocks; a short bold line above a paragraph is a heading."""
    for piece, after in zip_longest(pieces, pieces[1:]):
        is_heading = _is_bold_heading(piece) and after is not None and after.prose > 0
        yield Block(kind=BlockKind.HEADING if is_heading else piece.kind, text=clean(piece.text))


def _is_bold_heading(piece: Piece) -> bool:
    text = piece.text
    return (
        piece.kind is BlockKind.PARAGRAPH
        and piece.bold >= BOLD_SHARE * len(text)
        and not piece.is_sentence
        and width(text) <= BOLD_LENGTH
    )


def _loose_headings(pieces: Sorted) -> set[Piece]:
    """The headings over what is not the story's: links, or furniture that leads to other stories."""
    loose: set[Piece] = set()
    waiting: list[Piece] = []
    before, led_away = Fate.KEPT, False
    for piece, fate in pieces:
        if fate is Fate.LINK and before is Fate.KEPT:
            loose.update(waiting[-1:])
        elif fate is Fate.BESIDE:
            led_away = led_away or piece.is_link
        elif fate is Fate.KEPT:
            if piece.box.level and led_away:
                loose.update(head for head in waiting if head.box.level >= piece.box.level)
            waiting = [*waiting, piece] if piece.box.level else []
            led_away = False
        before = fate
    return loose.union(waiting)


def _lead_ins(pieces: Sorted) -> set[Piece]:
    """The short lines that do nothing but announce the link below them."""
    found = set()
    for (piece, fate), (_, below) in pairwise(pieces):
        is_open = piece.text.endswith((":", "：")) or not piece.is_sentence
        is_short = not piece.box.level and piece.kind is BlockKind.PARAGRAPH and width(piece.text) < LEAD_IN
        if fate is Fate.KEPT and below is Fate.LINK and is_open and is_short:
            found.add(piece)
    return found


def _lone_headings(pieces: Sorted, container: Box) -> set[Piece]:
    """The titles of boxes of which nothing else is kept: a video, a table, a form."""
    alive = around(piece.box for piece, fate in pieces if fate is Fate.KEPT and not piece.box.level)
    alive.add(container)
    return {
        piece
        for piece, fate in pieces
        if fate is Fate.KEPT
        and piece.box.level
        and _holds_more(piece.box.parent)
        and piece.box.parent not in alive
    }


def _holds_more(box: Box | None) -> bool:
    return box is not None and (box.pieces > 1 or box.pictures > 0)


def _trimmed(pieces: list[Piece], container: Box) -> list[Piece]:
    """`pieces` without the labels, names and times that stand before the first sentence or after the last."""
    firm = [place for place, piece in enumerate(pieces) if piece.prose and piece.is_sentence]
    if not firm:
        return pieces
    first, last = firm[0], firm[-1]
    entry = around([pieces[first].box]) - around([container])
    head = [
        piece
        for piece in pieces[:first]
        if (piece.box.parent in entry if piece.box.level else _says_something(piece))
    ]
    tail = [p for p in pieces[last + 1 :] if p.kind is not BlockKind.PARAGRAPH or _says_something(p)]
    return head + pieces[first : last + 1] + tail


def _says_something(piece: Piece) -> bool:
    return piece.is_sentence or width(piece.text) > LONG_LINE
