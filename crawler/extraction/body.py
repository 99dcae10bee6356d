"""An article's body: which of a page's pieces of text are the story, as typed blocks in order.

blocks.cut            the page in pieces of text, measured
furniture, cards      what stands beside a story, by its names and shape
container             the box that the story stands in
sifting.fates         what in it is a link, a caption, a label …
tidying               headings over nothing, labels at the ends; typed blocks
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction import sifting, tidying
from crawler.extraction.blocks import cut
from crawler.extraction.container import cards, container
from crawler.extraction.document import Document
from crawler.extraction.furniture import furniture
from storage.records import Block


@dataclass(frozen=True, slots=True)
class Body:
    """What was found, and how good it looks."""

    blocks: tuple[Block, ...] = ()
    container: HtmlElement | None = None
    prose: float = 0.0
    # Characters of running text in it.
    cards: int = 0
    # Headings on the page that are links to other pages.


def find(document: Document, *, shown_elsewhere: Iterable[HtmlElement] = ()) -> Body:
    """The body of the story on the page; `shown_elsewhere` are elements that other fields show."""
    page = cut(document)
    beside = furniture(page) | cards(page)
    around = container(page, beside)
    linked_headings = page.boxes[0].linked_headings
    if around is None:
        return Body(cards=linked_headings)
    inside = page.within({around}) | {around}
    story = sifting.Story([piece for piece in page.pieces if piece.box in inside], around, beside)
    kept = tidying.tidy(list(zip(story.pieces, sifting.fates(story), strict=True)), around)
    return Body(
        blocks=tuple(tidying.blocks(kept)),
        container=around.element,
        prose=sum(piece.prose for piece in kept),
        cards=linked_headings,
    )
