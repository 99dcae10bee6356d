"""Where the story stands on a page: the smallest box that holds most of its running text."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate, pairwise

from crawler.extraction.blocks import Box, Cut, Piece
from crawler.extraction.text import word_set

# A headline is an <h1>, <h2> or <h3> with no less than this.
HEADLINE_LEVEL, HEADLINE_LENGTH = 3, 15
# Of the page's prose, so much at least stands below the headline.
HEADLINE_SHARE = 0.3
# The container is the smallest box that holds this share of its parent's prose, all the way down.
CONTAINER_SHARE = 0.7
# … or this share, where no other child has a quarter of that.
LEADING_SHARE, LEAD = 0.4, 4.0
# Around it there is more of the story where so many characters stand, nearly all of them running text.
WIDER_LENGTH, WIDER_SHARE = 500, 0.8
OUTERMOST_TAGS = word_set("article main")
# Boxes that are pieces of text themselves.
TEXT_TAGS = word_set("blockquote dd dl dt li ol p pre ul")

# Another story's title, its section and date, a summary.
CARD_PIECES, CARD_LENGTH = 6, 600
# What a page asks its readers for is said in less, and is a small part of the page.
CALL_LENGTH, CALL_SHARE = 300, 0.25


def start(page: Cut, title: str) -> int:
    """The place of the headline in `title` among the page's pieces, with most prose below it; 0 if none."""
    below = list(accumulate((piece.prose for piece in reversed(page.pieces)), initial=0.0))[::-1]
    least = HEADLINE_SHARE * page.boxes[0].prose
    places = [
        place
        for place, piece in enumerate(page.pieces)
        if _is_headline(piece, title) and below[place] >= least
    ]
    return min(places, key=lambda place: page.pieces[place].box.level, default=0)


def _is_headline(piece: Piece, title: str) -> bool:
    is_heading = 0 < piece.box.level <= HEADLINE_LEVEL and not piece.is_link
    return is_heading and len(piece.text) >= HEADLINE_LENGTH and piece.text in title


def cards(page: Cut) -> set[Box]:
    """The boxes that are, or stand in, a card: another story's linked title with a few lines about it."""
    found: set[Box] = set()
    for piece in page.pieces:
        if piece.box.level and piece.is_link:
            here = piece.box
            while (above := here.parent) is not None and _is_card(above):
                here = above
            found.add(here)
    found |= _calls(page)
    if found:
        found.update(page.within(found))
    return found


def _calls(page: Cut) -> set[Box]:
    """The boxes that call for something: a heading, a few lines, and a button that is a link."""
    found: set[Box] = set()
    headed = {piece.box.parent for piece in page.pieces if piece.box.level and not piece.is_link}
    for before, piece in pairwise(page.pieces):
        box = piece.box
        if piece.is_link and box.tag not in TEXT_TAGS and not box.level and before.box.tag == "p":
            is_small = box.pieces <= CARD_PIECES and box.characters <= CALL_LENGTH
            is_part = box.prose < CALL_SHARE * page.boxes[0].prose
            if before.box.parent is box and is_small and is_part and box in headed:
                found.add(box)
    return found


def _is_card(box: Box) -> bool:
    return box.linked_headings == 1 and box.pieces <= CARD_PIECES and box.characters <= CARD_LENGTH


def container(page: Cut, beside: Collection[Box]) -> Box | None:
    """The box that the story stands in, given the boxes `beside` it; None where there is no running text."""
    held = _held(page, beside)
    here = page.boxes[0]
    if not held[here].prose:
        return None
    children: dict[Box, list[Box]] = {}
    for box in page.boxes[1:]:
        if held[box].prose and box.parent is not None:
            children.setdefault(box.parent, []).append(box)
    while (below := _main_part(here, children.get(here, []), held)) is not None:
        here = below
    while here.tag in TEXT_TAGS and here.parent is not None:
        here = here.parent
    return _widened(here, held)


def _main_part(box: Box, children: list[Box], held: dict[Box, _Held]) -> Box | None:
    """The one of `box`'s children that has the story: nearly all prose, or far more than any other."""
    ranked = sorted(children, key=lambda child: held[child].prose, reverse=True)
    if not ranked:
        return None
    first, second = held[ranked[0]].prose, held[ranked[1]].prose if len(ranked) > 1 else 0.0
    share = first / held[box].prose
    if share >= CONTAINER_SHARE or (share >= LEADING_SHARE and first >= LEAD * second):
        return ranked[0]
    return None


@dataclass(slots=True)
class _Held:
    """What a box holds that is not beside the story."""

    prose: float = 0.0
    text: int = 0
    # Characters of its paragraphs.
    running: int = 0
    # Characters of those that are running text.
    paragraphs: int = 0
    # How many those are.
    first: float = math.inf
    # The place of the first of them among the page's pieces.

    def take(self, piece: Piece, place: int) -> None:
        """Count a piece of text in."""
        length = len(piece.text)
        self.prose += piece.prose
        self.text += length
        if piece.prose and piece.is_sentence:
            self.running += length
            self.paragraphs += 1
            self.first = min(self.first, place)

    def add(self, other: _Held) -> None:
        """Take `other` in."""
        self.prose += other.prose
        self.text += other.text
        self.running += other.running
        self.paragraphs += other.paragraphs
        self.first = min(self.first, other.first)

    def goes_beyond(self, inner: _Held) -> bool:
        """Whether this has more of the story than `inner`, which is a part of it, and nothing else.

        Below a story, a paragraph on its own is a note on comments or copyright.
        """
        running = self.running - inner.running
        is_story = running >= WIDER_LENGTH and running >= WIDER_SHARE * (self.text - inner.text)
        return is_story and (self.first < inner.first or self.paragraphs - inner.paragraphs > 1)


def _held(page: Cut, beside: Collection[Box]) -> dict[Box, _Held]:
    held = {box: _Held() for box in page.boxes}
    for place, piece in enumerate(page.pieces):
        if piece.box not in beside and not piece.box.level:
            held[piece.box].take(piece, place)
    for box in reversed(page.boxes):
        if box.parent is not None and held[box].text:
            held[box.parent].add(held[box])
    return held


def _widened(container: Box, held: dict[Box, _Held]) -> Box:
    """`container`, or a box around it that has more of the story and nothing else, as split bodies have."""
    here = widest = container
    while here.tag not in OUTERMOST_TAGS and (above := here.parent) is not None and above.parent is not None:
        if held[above].goes_beyond(held[here]):
            widest = above
        here = above
    return widest
