"""Every link of a page with where it stands, in one walk over the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from crawler.discovery.addresses import absolute
from crawler.extraction.document import Document
from crawler.extraction.text import LINE_TAGS, UNSEEN_TAGS, clean, word_set

MAX_ANCHORS = 5_000
MAX_TEXT = 1_000  # characters of one link's text


class Place(StrEnum):
    """The part of a page that a link stands in."""

    CONTENT = "content"
    NAVIGATION = "navigation"
    HEADER = "header"
    PAGER = "pager"
    FURNITURE = "furniture"  # footer, breadcrumb, share bar, tags, author box, login …


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Their class names describe the story or the page, not a part of it ("post tag-harbour author-doe").
_NEVER_PARTS = frozenset({"html", "body", "main", "article", "a"})

BY_TAG = {
    "nav": Place.NAVIGATION,
    "header": Place.HEADER,
    "footer": Place.FURNITURE,
    "form": Place.FURNITURE,
}
BY_ROLE = {
    "navigation": Place.NAVIGATION,
    "menu": Place.NAVIGATION,
    "menubar": Place.NAVIGATION,
    "banner": Place.HEADER,
    "contentinfo": Place.FURNITURE,
    "search": Place.FURNITURE,
    "dialog": Place.FURNITURE,
}
# By the last word of a class or id, "site-footer" or "postTags"; where several fit, the first counts.
_FURNITURE_WORDS = word_set("""
    footer colophon breadcrumb breadcrumbs share sharing social socials follow login tags tagcloud taglist
    author authors byline comments respond cookie cookies consent newsletter subscribe search ad ads advert
    advertisement sponsored legal copyright languages language skiplinks
""")
_PAGER_WORDS = word_set("pager pagination paging paginator pagenavi pagenav")
_NAVIGATION_WORDS = word_set("nav navbar navigation navi menu mainmenu submenu topnav subnav globalnav gnav")
BY_WORD = (
    (_FURNITURE_WORDS, Place.FURNITURE),
    (_PAGER_WORDS, Place.PAGER),
    (_NAVIGATION_WORDS, Place.NAVIGATION),
)

# Elements whose links are neighbours. Any element that holds links and no list counts, too.
LISTS = word_set("ul ol dl nav table p div section menu")
TEASER_WORDS = word_set("teaser card story post entry item article headline hentry news")

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(slots=True)
class Anchor:
    """A link; text grows while the walk is inside it."""

    url: str
    place: Place
    is_marked: bool
    # An element or role says that it stands there, not a class name alone.
    in_heading: bool
    teaser: int | None
    # Which teaser (numbered as they begin) it stands in.
    group: int
    # Which list it stands in: the same number for neighbours.
    relations: frozenset[str]
    label: str
    # Its title or aria-label, else the alternative text of its picture.
    pieces: list[str] = field(default_factory=list)
    heading_pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the link shows; of a whole card, its heading."""
        return clean("".join(self.heading_pieces)[:MAX_TEXT]) or clean("".join(self.pieces)[:MAX_TEXT])

    @property
    def has_heading(self) -> bool:
        """Whether it stands in a heading or a heading in it."""
        return self.in_heading or bool(self.heading_pieces)


@dataclass(frozen=True, slots=True)
class Links:
    """A page's links in order, and the first time that each teaser gives."""

    anchors: tuple[Anchor, ...]
    times: dict[int, str]
    # By Anchor.teaser; as written.


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds at one point of the walk."""

    place: Place = Place.CONTENT
    is_marked: bool = False
    heading: bool = False
    story: bool = False
    # Inside article or main.
    teaser: int | None = None
    group: int = 0
    anchor: Anchor | None = None


def read(document: Document) -> Links:
    """The first MAX_ANCHORS links to web addresses. Not recursive: pages nest deeper than Python's stack."""
    walk = _Walk(document.base_url)
    stack = [_Around()]
    walker = etree.iterwalk(document.tree, events=("start", "end"))
    for event, element in walker:
        if len(walk.anchors) > MAX_ANCHORS:
            break
        if event == "end":
            stack.pop()
            _say(stack[-1], element.tail)
        else:
            stack.append(walk.enter(element, stack[-1]))
            if element.tag in UNSEEN_TAGS:
                walker.skip_subtree()
            else:
                _say(stack[-1], element.text)
    return Links(anchors=tuple(walk.anchors[:MAX_ANCHORS]), times=walk.times)


class _Walk:
    """What the walk has found so far."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.anchors: list[Anchor] = []
        self.times: dict[int, str] = {}
        self._elements = 0

    def enter(self, element: HtmlElement, around: _Around) -> _Around:
        """What holds inside `element`."""
        self._elements += 1
        tag = str(element.tag)
        if tag == "a":
            return replace(around, anchor=self._anchor(element, around))
        if tag == "img" and around.anchor is not None:
            around.anchor.label = around.anchor.label or clean(element.get("alt"))
        if tag == "time" and around.teaser is not None and element.get("datetime"):
            self.times.setdefault(around.teaser, element.get("datetime", ""))
        if tag in LINE_TAGS:
            _say(around, "\n")
        words = _words(element)
        place, is_marked = _place(element, words, around)
        return replace(
            around,
            place=place,
            is_marked=is_marked,
            heading=around.heading or tag in HEADINGS,
            story=around.story or tag in ("article", "main"),
            teaser=self._elements if tag == "article" or words & TEASER_WORDS else around.teaser,
            group=self._elements if tag in LISTS else around.group,
        )

    def _anchor(self, element: HtmlElement, around: _Around) -> Anchor | None:
        url = absolute(element.get("href"), self.base)
        if url is None:
            return None
        anchor = Anchor(
            url=url.partition("#")[0],
            place=around.place,
            is_marked=around.is_marked,
            in_heading=around.heading,
            teaser=around.teaser,
            group=around.group,
            relations=frozenset((element.get("rel") or "").lower().split()),
            label=clean(element.get("title") or element.get("aria-label")),
        )
        self.anchors.append(anchor)
        return anchor


def _say(around: _Around, text: str | None) -> None:
    """Give text to the link that it stands in."""
    anchor = around.anchor
    if text and anchor is not None:
        anchor.pieces.append(text)
        if around.heading and not anchor.in_heading:
            anchor.heading_pieces.append(text)


def _place(element: HtmlElement, words: frozenset[str], around: _Around) -> tuple[Place, bool]:
    """The part of the page that `element` is or stands in, and whether markup says so."""
    if around.is_marked and around.place is not Place.HEADER:
        return around.place, True
    by_tag = BY_TAG.get(str(element.tag)) or BY_ROLE.get((element.get("role") or "").lower())
    if by_tag and not (by_tag is Place.HEADER and around.story):  # a header in a story is the story's
        return by_tag, True
    by_word = next((place for known, place in BY_WORD if words & known), None)
    if by_word and around.place in (Place.CONTENT, Place.HEADER):
        return by_word, False
    return around.place, around.is_marked


def _words(element: HtmlElement) -> frozenset[str]:
    """The last word of each class and of the id: "site-footer" is a footer, "footer-note" a note."""
    if element.tag in _NEVER_PARTS:
        return frozenset()
    return _last_words(f"{element.get('class') or ''} {element.get('id') or ''}"[:1000])


@lru_cache(maxsize=4096)
def _last_words(names: str) -> frozenset[str]:
    found = (_WORD.findall(name) for name in names.split())
    return frozenset(words[-1].lower() for words in found if words)
