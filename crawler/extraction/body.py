"""An article's body: which of a page's pieces of text are the story, as typed blocks in order.

blocks.cut               the page in pieces of text, measured
container.start          where the headline stands: the story begins there
furniture, cards         what stands beside a story, by its names and by its shape
container.container      the box that the story stands in
sifting.fates            what in it is a link, a caption, a label …
tidying                  headings over nothing, labels at the ends; typed blocks
embedded                 where the page shows little: what it carries in its data and scripts
second_opinion           where that is nothing either: what trafilatura makes of it
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import embedded, second_opinion, sifting, tidying
from crawler.extraction.blocks import LAZY_TAGS, UNSEEN_TAGS, Box, Cut, cut
from crawler.extraction.clues import Clues
from crawler.extraction.container import cards, container, start
from crawler.extraction.document import Document
from crawler.extraction.furniture import FIRM_TAGS, SOME_TAGS, furniture
from crawler.extraction.overrides import outermost
from crawler.extraction.text import fold, visible_text
from storage.records import Block, BlockKind

# So much longer is a story than what the page shows of it, if it is worth a look into the page's data.
FULLER = 2.0
# With less running text a page may draw its story by script, or have it in a <nav> that was never closed.
LITTLE_PROSE = 300
# With less than this it may be told in a form that we take for furniture.
HARDLY_PROSE = 90
MANY_CARDS = 10
# An element with more of the page's prose shows no field, or more than a field.
FIELD_SHARE = 0.4
# Letters by which a beginning is known.
SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Body:
    """What was found, and how good it looks."""

    blocks: tuple[Block, ...] = ()
    holders: tuple[HtmlElement, ...] = ()
    # The element that shows each block; none where the page's data tells the story.
    container: HtmlElement | None = None
    prose: float = 0.0
    # Characters of running text in it.
    cards: int = 0
    # Headings on the page that are links to other pages.
    origin: str | None = None
    # "override:…" where a source's selector says where the story stands.


def find(clues: Clues, *, shown_elsewhere: Iterable[HtmlElement] = ()) -> Body:
    """The body of the page's story; `shown_elsewhere` are elements that other fields show."""
    shown_elsewhere = tuple(shown_elsewhere)
    picked = _picked(clues, shown_elsewhere)
    if picked.blocks:
        return picked
    shown = _shown(clues.document, shown_elsewhere)
    if shown.cards > MANY_CARDS and not clues.linked.stories:
        return shown  # a list of stories, not one that hides its text
    told = _fuller(shown, _read(embedded.described(clues), clues.document.url))
    if told is shown and shown.prose < LITTLE_PROSE:
        told = _fuller(shown, _read(embedded.scripted(clues), clues.document.url))
    if told is shown and shown.prose < HARDLY_PROSE and clues.linked.stories:
        told = _fuller(shown, (second_opinion.paragraphs(clues.document),))
    return dataclasses.replace(told, cards=shown.cards)


def _picked(clues: Clues, shown_elsewhere: Iterable[HtmlElement]) -> Body:
    """What stands in the elements that the source's selector finds, and nowhere else."""
    elements = outermost(clues.picks.elements("body"))
    if not elements:
        return Body()
    alone, copies = _alone(clues.document, elements)
    told = _shown(alone, (copies[e] for e in shown_elsewhere if e in copies), is_all_story=True)
    longest = max(elements, key=lambda element: len(visible_text(element)))
    originals = {copy: element for element, copy in copies.items()}
    return dataclasses.replace(
        told,
        holders=tuple(originals.get(holder, longest) for holder in told.holders),
        container=longest,
        origin=clues.picks.origin("body"),
    )


def _alone(
    document: Document, elements: tuple[HtmlElement, ...]
) -> tuple[Document, dict[HtmlElement, HtmlElement]]:
    """A page with copies of `elements` and nothing else, and the copy of each element in them.

    Whoever chose them knows that they are no furniture, so they lose the names that would say so.
    """
    html = document.tree.makeelement("html")
    etree.SubElement(etree.SubElement(html, "head"), "title").text = document.title
    body = etree.SubElement(html, "body")
    copies: dict[HtmlElement, HtmlElement] = {}
    for element in elements:
        copy = deepcopy(element)
        copies.update(zip(element.iter(), copy.iter(), strict=True))
        copy.tail = None
        copy.tag = "div" if copy.tag in FIRM_TAGS | SOME_TAGS else copy.tag
        for name in ("class", "id", "role"):
            copy.attrib.pop(name, None)
        body.append(copy)
    return Document(url=document.url, tree=html), copies


def _shown(
    document: Document, shown_elsewhere: Iterable[HtmlElement] = (), *, is_all_story: bool = False
) -> Body:
    """What can be read on the page itself."""
    page = _cut(document)
    page.pieces = page.pieces[start(page, document.title) :]
    others = cards(page)
    beside = others | furniture(page, others) | _shown_boxes(page, shown_elsewhere)
    around = page.boxes[0] if is_all_story else container(page, beside)
    linked_headings = page.boxes[0].linked_headings
    if around is None:
        return Body(cards=linked_headings)
    inside = page.within({around}) | {around}
    story = sifting.Story([piece for piece in page.pieces if piece.box in inside], around, beside)
    kept = tidying.tidy(list(zip(story.pieces, sifting.fates(story), strict=True)), around)
    return Body(
        blocks=tuple(tidying.blocks(kept)),
        holders=tuple(piece.box.element for piece in kept),
        container=around.element,
        prose=sum(piece.prose for piece in kept),
        cards=linked_headings,
    )


def _cut(document: Document) -> Cut:
    """The page in pieces; where there is little text, with the places where there is none on most pages."""
    page = cut(document)
    if page.boxes[0].prose >= LITTLE_PROSE:
        return page
    lazy = cut(document, unread=UNSEEN_TAGS - LAZY_TAGS)
    return lazy if lazy.boxes[0].prose >= LITTLE_PROSE else cut(document, unread=UNSEEN_TAGS)


def _shown_boxes(page: Cut, elements: Iterable[HtmlElement]) -> set[Box]:
    """The boxes that show other fields, unless the story itself stands in them."""
    shown = set(elements)
    limit = FIELD_SHARE * page.boxes[0].prose
    found = {box for box in page.boxes if box.element in shown and box.prose < limit}
    return found | page.within(found)


def _read(stories: Iterable[str], url: str) -> Iterator[tuple[Block, ...]]:
    for story in stories:
        document = embedded.as_document(story, url)
        yield _shown(document).blocks if document else embedded.as_paragraphs(story)


def _fuller(shown: Body, stories: Iterable[tuple[Block, ...]]) -> Body:
    """`shown` with the first of `stories` in its place that goes on where it breaks off, if there is one."""
    least = FULLER * sum(len(block.text) for block in shown.blocks)
    for story in stories:
        length = sum(len(block.text) for block in story)
        if length > least and _goes_on(story, shown.blocks):
            return dataclasses.replace(shown, blocks=story, holders=(), prose=float(length))
    return shown


def _goes_on(told: tuple[Block, ...], shown: tuple[Block, ...]) -> bool:
    """Whether `told` has the beginning of what is shown. A single block may be a standfirst: no proof."""
    if len(shown) < 2:
        return True
    beginning = next((fold(b.text)[:SAMPLE] for b in shown if b.kind is BlockKind.PARAGRAPH), "")
    return beginning in fold(" ".join(block.text for block in told))
