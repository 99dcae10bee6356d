"""A page cut into its pieces of text: what a reader sees as one paragraph, heading, list item …, in order.

    tree  --cut-->  Cut(pieces, boxes)

A *piece* is a run of text that nothing interrupts; a *box* is an element that makes a new line
and so holds pieces. Each box knows its parent box and what stands in it: the measures that
`crawler.extraction.body` judges by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import Document
from crawler.extraction.text import word_set
from storage.records import BlockKind

# Elements that stand in a line of text. All that is not named here makes a box.
INLINE_TAGS = word_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt "
    "s samp small span strike strong sub sup time tt u var wbr"
)
# Elements whose text is not part of the page's text.
UNSEEN_TAGS = word_set(
    "audio button canvas datalist embed head iframe input link map math meta noscript object option picture "
    "rp script select source style svg template textarea title video img amp-ad amp-iframe amp-img dialog"
)
# Where no story stands, unless the tag was never closed.
NAVIGATION_TAGS = word_set("footer menu nav")
# Where a script may find the story that it shows.
LAZY_TAGS = word_set("noscript template")
PICTURE_TAGS = word_set("amp-img amp-iframe iframe img picture video")
# In a paragraph, one of these is a sign in the text; elsewhere it goes with a button or a box.
ICON_TAG = "svg"
BOLD_TAGS = word_set("b strong")
HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
KINDS = {
    **dict.fromkeys(HEADING_LEVELS, BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTE,
}

# A sentence's end, with what may follow it: closing quotes and brackets, a footnote mark.
_ENDS = frozenset(".!?:…。！？؟।۔։።»›”“’\"')）」』】]")
_SENTENCE_END = re.compile(rf"[{re.escape(''.join(_ENDS))}]\W*$")
# An end is looked for in no more than this: a text may be as long as the page.
ENDING = 100
# Scripts that say in one character what others say in two or three.
DENSE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
DENSE_WIDTH = 2
_REMEMBERED = 128

# Text shorter than this is a label, a name, a title …
PROSE_WIDTH = 40
# What is longer than this proves no more than this.
PROSE_LIMIT = 500
MAX_LINK_SHARE = 0.4
# A piece that is a link by this share is a link.
LINK_SHARE = 0.8
# Worth of text that does not end as sentences do, and of list items, which furniture has as well.
UNENDED, LISTED = 0.3, 0.5
# Text that comes as often as this is a prompt, a placeholder, a button.
REPEATED = 3

# A line break in the text; never in the page itself, since parsing drops control characters. It is
# white space to `str.split`, so a single one becomes a blank.
_BREAK = "\x0b"
MAX_PIECES = 20_000


@dataclass(eq=False, slots=True)
class Box:
    """An element that holds text of its own line, and the sums of what stands in it."""

    element: HtmlElement
    tag: str
    parent: Box | None
    kind: BlockKind
    level: int = 0
    # Of the heading that it is or stands in, else 0.
    characters: int = 0
    linked: int = 0
    # How many of the characters are links to other pages.
    pieces: int = 0
    pictures: int = 0
    linked_headings: int = 0
    # Headings that are links from end to end: titles of other stories.
    prose: float = 0.0
    # How much running text, in characters, by `_prose`.


@dataclass(eq=False, slots=True)
class Piece:
    """A run of text in a box; most boxes with text hold just one."""

    text: str
    box: Box
    linked: int
    # Characters of it that are links to other pages.
    bold: int
    prose: float = 0.0
    repeated: bool = False

    @property
    def kind(self) -> BlockKind:
        """What the element that it stands in makes of it."""
        return self.box.kind

    @property
    def is_link(self) -> bool:
        """Whether it is a link to another page from end to end, or nearly."""
        return self.linked > LINK_SHARE * len(self.text)

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as sentences do."""
        last = self.text[-1:]
        if last in _ENDS or last.isalnum():  # nearly all
            return last in _ENDS
        return _SENTENCE_END.search(self.text, max(0, len(self.text) - ENDING)) is not None


@dataclass(slots=True)
class Cut:
    """A page's pieces and the boxes that hold some, both in document order; `boxes[0]` is the root."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def within(self, boxes: Collection[Box]) -> set[Box]:
        """The boxes that stand in any of `boxes`."""
        found: set[Box] = set()
        for box in self.boxes:
            if box.parent in boxes or box.parent in found:
                found.add(box)
        return found


def cut(document: Document, *, unread: frozenset[str] = UNSEEN_TAGS | NAVIGATION_TAGS) -> Cut:
    """The pieces of text in the page's body, measured; not those in elements with the tags `unread`."""
    body = document.tree.find("body")
    cutter = _Cutter(document.tree if body is None else body, document.url, unread)
    cutter.run()
    result = Cut(cutter.pieces, cutter.boxes)
    _measure(result)
    return result


def around(boxes: Iterable[Box]) -> set[Box]:
    """`boxes` and all boxes that they stand in."""
    found: set[Box] = set()
    for box in boxes:
        here: Box | None = box
        while here is not None and here not in found:
            found.add(here)
            here = here.parent
    return found


def width(text: str) -> int:
    """How much `text` says, in characters of an alphabet."""
    may_be_dense = len(text) < PROSE_LIMIT and not text.isascii()
    return DENSE_WIDTH * len(text) if may_be_dense and _is_dense(text) else len(text)


@lru_cache(maxsize=_REMEMBERED)  # each rule asks for the width of each piece
def _is_dense(text: str) -> bool:
    return DENSE.search(text) is not None


class _Cutter:
    """Walks the tree once; holds the line that is being read."""

    def __init__(self, root: HtmlElement, url: str, unread: frozenset[str]) -> None:
        self.root = root
        self._unread = unread
        self._in_line = INLINE_TAGS | unread | {"br"}
        self._here = url.partition("#")[0] + "#"
        self.box = Box(root, str(root.tag), None, BlockKind.PARAGRAPH)
        self.boxes = [self.box]
        self.pieces: list[Piece] = []
        self._line: list[str] = []
        self._linked = self._bold = 0
        self._links: list[bool] = []
        # For each <a> that is open, whether it leads to another page.
        self._in_links = self._in_bold = 0

    def run(self) -> None:
        self._say(self.root.text or "")
        walker = etree.iterwalk(self.root, events=("start", "end"))
        next(walker)
        for event, element in walker:
            tag = element.tag
            if event == "end":
                self._leave(element, tag)
            elif tag in self._unread or not isinstance(tag, str):
                walker.skip_subtree()  # its end comes all the same
                self.box.pictures += self._is_picture(tag)
            else:
                self._enter(element, tag)
            if len(self.pieces) > MAX_PIECES:
                break
        self._end_line()

    def _is_picture(self, tag: str) -> bool:
        return tag in PICTURE_TAGS or (tag == ICON_TAG and self.box.tag != "p")

    def _enter(self, element: HtmlElement, tag: str) -> None:
        if tag not in INLINE_TAGS:
            if tag == "br":
                self._break()
            else:
                self._open(element, tag)
        elif tag == "a":
            leads_away = self._leads_away(element.get("href"))
            self._links.append(leads_away)
            self._in_links += leads_away
        elif tag in BOLD_TAGS:
            self._in_bold += 1
        if text := element.text:
            self._say(text)

    def _leave(self, element: HtmlElement, tag: str) -> None:
        if element is self.root:
            return
        if tag not in self._in_line:
            self._close()
        elif tag == "a":
            self._in_links -= self._links.pop()
        elif tag in BOLD_TAGS:
            self._in_bold -= 1
        if tail := element.tail:
            self._say(tail)

    def _leads_away(self, href: str | None) -> bool:
        return href is not None and not href.startswith(("#", self._here))

    def _open(self, element: HtmlElement, tag: str) -> None:
        if self._line:
            self._end_line()
        level = HEADING_LEVELS.get(tag) or self.box.level
        self.box = Box(element, tag, self.box, KINDS.get(tag) or self.box.kind, level)
        self.boxes.append(self.box)

    def _close(self) -> None:
        if self._line:
            self._end_line()
        assert self.box.parent is not None  # every end has had its start
        self.box = self.box.parent

    def _say(self, text: str) -> None:
        if not self._line and (not text or text.isspace()):
            return
        self._line.append(text)
        if self._in_links or self._in_bold:
            length = len(" ".join(text.split()))
            self._linked += length if self._in_links else 0
            self._bold += length if self._in_bold else 0

    def _break(self) -> None:
        """One line break is a blank; two are the end of a paragraph."""
        last = next((text for text in reversed(self._line) if text is _BREAK or not text.isspace()), None)
        if last is _BREAK:
            self._end_line()
        else:
            self._line.append(_BREAK)

    def _end_line(self) -> None:
        text = " ".join("".join(self._line).split())
        if text:
            linked, bold = min(self._linked, len(text)), min(self._bold, len(text))
            self.pieces.append(Piece(text, self.box, linked, bold))
        self._line = []
        self._linked = self._bold = 0


def _measure(page: Cut) -> None:
    """Say of each piece what it is worth, and sum up what each box holds."""
    times = Counter(piece.text for piece in page.pieces if len(piece.text) >= PROSE_WIDTH)
    for piece in page.pieces:
        piece.repeated = times[piece.text] >= REPEATED
        piece.prose = 0.0 if piece.repeated else _prose(piece)
        box = piece.box
        box.pieces += 1
        box.characters += len(piece.text)
        box.linked += piece.linked
        box.prose += piece.prose
        box.linked_headings += bool(box.level) and piece.is_link
    for box in reversed(page.boxes):
        if (above := box.parent) is not None and (box.pieces or box.pictures):
            above.pieces += box.pieces
            above.characters += box.characters
            above.linked += box.linked
            if box.tag != "figure" or not box.pieces:  # a picture that has its caption is no one else's
                above.pictures += box.pictures
            above.prose += box.prose
            above.linked_headings += box.linked_headings
    page.boxes = [box for box in page.boxes if box.pieces or box.parent is None]


def _prose(piece: Piece) -> float:
    """How much running text `piece` is, in characters."""
    extent = width(piece.text)
    if piece.box.level or extent < PROSE_WIDTH or piece.linked > MAX_LINK_SHARE * len(piece.text):
        return 0.0
    worth = float(min(extent, PROSE_LIMIT))
    if not piece.is_sentence:
        worth *= UNENDED
    return worth * LISTED if piece.kind is BlockKind.LIST_ITEM else worth
