"""An article's body: which of a page's pieces of text are the story, as typed blocks in order.

cut in pieces -> set furniture aside -> the container that holds most prose
-> without links, captions, repeated prompts -> ends and headings tidied -> blocks
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.blocks import Box, Cut, Piece, cut, width
from crawler.extraction.document import Document
from crawler.extraction.furniture import furniture
from crawler.extraction.text import clean
from storage.records import Block, BlockKind

# The container is the smallest box that holds this share of its parent's prose, all the way down.
CONTAINER_SHARE = 0.7
# Boxes that are pieces of text themselves.
TEXT_TAGS = frozenset({"blockquote", "dd", "dl", "dt", "li", "ol", "p", "pre", "ul"})

# A line that is a link from end to end points to another story; longer ones are text that links a lot.
LINK_LINE_LENGTH = 200
# "Read also: <title>": a link with no more than a few words before it.
LEAD_IN_SHARE, LEAD_IN_LENGTH = 0.5, 30
# Another story's title, its section and date, a summary.
CARD_PIECES, CARD_LENGTH = 6, 600
# A box whose text is links by half is a list of them.
LINK_LIST_SHARE = 0.5
# A picture with no more text around it than this is a picture with its caption.
CAPTION_PIECES, CAPTION_LENGTH = 3, 400
# Without a full stop, text of this width is a sentence all the same.
LONG_LINE = 100


@dataclass(frozen=True, slots=True)
class Body:
    """What was found, and how good it looks."""

    blocks: tuple[Block, ...] = ()
    container: HtmlElement | None = None
    prose: float = 0.0
    # Characters of running text in it.
    page_prose: float = 0.0
    # The same of the whole page.
    cards: int = 0
    # Headings on the page that are links to other pages, outside its navigation.


def find(document: Document, *, shown_elsewhere: Iterable[HtmlElement] = ()) -> Body:
    """The body of the story on the page; `shown_elsewhere` are elements that other fields show."""
    page = cut(document)
    beside = furniture(page)
    cards = _cards(page)
    container = _container(page, beside | cards)
    if container is None:
        return Body(page_prose=page.boxes[0].prose, cards=page.boxes[0].linked_headings)
    kept = [piece for piece in _inside(page, container) if piece.box not in beside | cards]
    kept = _without_links_and_captions(kept, container)
    kept = _without_loose_headings(_trimmed(kept))
    return Body(
        tuple(Block(kind=piece.kind, text=clean(piece.text)) for piece in kept),
        container.element,
        sum(piece.prose for piece in kept),
        page.boxes[0].prose,
        page.boxes[0].linked_headings,
    )


def _cards(page: Cut) -> set[Box]:
    """The boxes that are, or stand in, a card: another story's linked title with a few lines about it."""
    found: set[Box] = set()
    for piece in page.pieces:
        if piece.box.level and piece.is_link:
            here = piece.box
            while (above := here.parent) is not None and _is_card(above):
                here = above
            found.add(here)
    for box in page.boxes:
        if box.parent in found:
            found.add(box)
    return found


def _is_card(box: Box) -> bool:
    return box.linked_headings == 1 and box.pieces <= CARD_PIECES and box.characters <= CARD_LENGTH


def _container(page: Cut, beside: Collection[Box]) -> Box | None:
    """The smallest box that holds most of the story's prose; None where there is none."""
    held: dict[Box, float] = {}
    for piece in page.pieces:
        if piece.prose and piece.box not in beside:
            held[piece.box] = held.get(piece.box, 0.0) + piece.prose
    if not held:
        return None
    heaviest: dict[Box, Box] = {}
    for box in reversed(page.boxes):
        if box in held and (above := box.parent) is not None:
            held[above] = held.get(above, 0.0) + held[box]
            if above not in heaviest or held[box] >= held[heaviest[above]]:
                heaviest[above] = box
    here = page.boxes[0]
    while here in heaviest and held[heaviest[here]] >= CONTAINER_SHARE * held[here]:
        here = heaviest[here]
    while here.tag in TEXT_TAGS and here.parent is not None:
        here = here.parent
    return here


def _inside(page: Cut, container: Box) -> list[Piece]:
    inside = {container}
    for box in page.boxes:
        if box.parent in inside:
            inside.add(box)
    return [piece for piece in page.pieces if piece.box in inside]


def _without_links_and_captions(pieces: list[Piece], container: Box) -> list[Piece]:
    dropped = _Dropped(container)
    return [
        piece
        for piece in pieces
        if not (piece.repeated or piece.box.level == 1 or _is_link(piece) or dropped.holds(piece.box))
    ]


def _is_link(piece: Piece) -> bool:
    length = len(piece.text)
    if piece.is_link:
        return length < LINK_LINE_LENGTH
    return piece.linked > LEAD_IN_SHARE * length and length - piece.linked < LEAD_IN_LENGTH


class _Dropped:
    """Which boxes in the container are lists of links, or a picture with its caption."""

    def __init__(self, container: Box) -> None:
        self._known = {container: False}

    def holds(self, box: Box) -> bool:
        """Whether `box` or a box around it goes."""
        path = []
        here: Box | None = box
        while here is not None and here not in self._known:
            path.append(here)
            here = here.parent
        answer = here is not None and self._known[here]
        for step in reversed(path):
            answer = answer or _is_link_list(step) or _is_picture_with_caption(step)
            self._known[step] = answer
        return answer


def _is_link_list(box: Box) -> bool:
    return box.tag != "p" and box.linked > LINK_LIST_SHARE * box.characters


def _is_picture_with_caption(box: Box) -> bool:
    small = box.pieces <= CAPTION_PIECES and box.characters < CAPTION_LENGTH
    return box.pictures > 0 and small and box.tag != "p"


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """`pieces` without the labels, names and times that stand before the first sentence or after the last."""
    firm = [place for place, piece in enumerate(pieces) if piece.prose and piece.is_sentence]
    if not firm:
        return pieces
    first, last = firm[0], firm[-1]
    head = [piece for piece in pieces[:first] if not piece.box.level and _says_something(piece)]
    tail = [
        piece
        for piece in pieces[last + 1 :]
        if piece.kind is not BlockKind.PARAGRAPH or _says_something(piece)
    ]
    return head + pieces[first : last + 1] + tail


def _says_something(piece: Piece) -> bool:
    return piece.is_sentence or width(piece.text) > LONG_LINE


def _without_loose_headings(pieces: list[Piece]) -> list[Piece]:
    """`pieces` without headings that nothing follows."""
    kept: list[Piece] = []
    for piece in reversed(pieces):
        below = kept[-1].box.level if kept else 1
        if not piece.box.level or (not (kept and 0 < below <= piece.box.level) and kept):
            kept.append(piece)
    return kept[::-1]
