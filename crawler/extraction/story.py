"""Where the story stands on the page: its text, and what around it is not part of it. Structure first."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from lxml.html import HtmlElement

from crawler.extraction import surroundings
from crawler.extraction.document import Document
from crawler.extraction.surroundings import FURNITURE_TAGS, Surroundings, held_in, inherited
from crawler.extraction.text import HIDDEN_TAGS, word_set

# Elements that are a piece of text, so never a story's container.
PARAGRAPH_TAGS = word_set("p li dd blockquote h1 h2 h3 h4 h5 h6 figure figcaption span a b strong em i font")

CAPTION_TAGS = word_set("figure figcaption caption")

# Text in these is not running text: links, captions, headings and furniture.
_NOT_RUNNING = FURNITURE_TAGS | CAPTION_TAGS | word_set("a h1 h2 h3 h4 h5 h6 button label")

# These hold everything, so that words such as "with-sidebar" on them say nothing.
_TRUNK_TAGS = word_set("html body main article")

# A piece of text of this length is a sentence, not a label. Scripts without spaces need fewer characters.
_LONG = 45
_SHORTEST = 16
_DENSE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENSE_WEIGHT = 3

_SHARE = 0.6
_SECTION_SHARE = 0.9
# Text in an element with such a name counts this much less. Not nothing: "paywall" may hold the whole story.
_DOUBT = 5
_MAX_TEXTS = 4_000


@dataclass(frozen=True, slots=True)
class Text:
    """A long piece of running text: where it stands, and how long it is."""

    holder: HtmlElement
    # The element that it is in; line breaks part pieces in one holder.
    place: int
    # The place in `Story.elements` of that element, or of the line break before it.
    weight: int
    # In characters.


@dataclass(frozen=True, eq=False)
class Story:
    """A page seen as a story with surroundings. Elements are compared by identity."""

    document: Document
    elements: tuple[HtmlElement, ...]
    # Every element of the body that may be seen, in reading order.
    container: HtmlElement
    # The smallest element that holds most of the page's running text.
    inside: frozenset[HtmlElement]
    # All elements in it, itself among them.
    texts: tuple[Text, ...]
    # Its long pieces of text, in reading order.
    beside: Surroundings
    # What stands beside the text.

    @cached_property
    def paragraphs(self) -> tuple[HtmlElement, ...]:
        """The elements that hold the texts, each once."""
        return tuple(dict.fromkeys(text.holder for text in self.texts))

    @cached_property
    def order(self) -> dict[HtmlElement, int]:
        """Each element's place in `elements`."""
        return dict(zip(self.elements, count(), strict=False))

    @cached_property
    def unseen_places(self) -> dict[HtmlElement, int]:
        """For each other element of the page, the place in `elements` of the last before it, or -1."""
        places: dict[HtmlElement, int] = {}
        last = -1
        for element in self.document.elements:
            place = self.order.get(element)
            if place is None:
                places[element] = last
            else:
                last = place
        return places


def find(document: Document) -> Story:
    """The page's story; its container is the body where the text is spread evenly."""
    elements = _shown(document)
    known: dict[HtmlElement, bool] = {}
    texts = [text for text in _texts(elements) if not inherited(text.holder, _is_not_running, known)]
    container = _descend(document.tree, _weights(texts))
    beside = Surroundings(surroundings.trunk([container]))
    inside = frozenset(container.iter("*"))
    kept = (text for text in texts if text.holder in inside and not beside.holds(text.holder))
    return Story(document, tuple(elements), container, inside, tuple(kept), beside)


def _shown(document: Document) -> list[HtmlElement]:
    body = document.tree.find("body")
    root = document.tree if body is None else body
    hidden = {node for element in document.tagged_any(HIDDEN_TAGS) for node in element.iter()}
    return [element for element in root.iter("*") if element not in hidden]


def _is_not_running(node: HtmlElement) -> bool:
    return node.tag in _NOT_RUNNING


def _texts(elements: list[HtmlElement]) -> list[Text]:
    """Every long piece of text."""
    found: list[Text] = []
    for place, element in enumerate(elements):
        text, tail = element.text, element.tail
        if text and len(text) >= _SHORTEST and (weight := _weight(text)) >= _LONG:
            found.append(Text(element, place, weight))
        if tail and len(tail) >= _SHORTEST and (weight := _weight(tail)) >= _LONG:
            parent = element.getparent()
            if parent is not None:
                found.append(Text(parent, place, weight))
    return found[:_MAX_TEXTS]


def _weight(text: str) -> int:
    text = text.strip()
    dense = not text.isascii() and _DENSE.search(text) is not None
    return len(text) * _DENSE_WEIGHT if dense else len(text)


def _weights(texts: list[Text]) -> dict[HtmlElement, int]:
    """The running text that each element holds; what its class calls furniture counts for little."""
    weights: Counter[HtmlElement] = Counter()
    doubtful: dict[HtmlElement, bool] = {}
    for text in texts:
        is_doubtful = inherited(text.holder, _is_doubtful, doubtful)
        weights[text.holder] += text.weight // _DOUBT if is_doubtful else text.weight
    return held_in(weights)


def _is_doubtful(node: HtmlElement) -> bool:
    return node.tag not in _TRUNK_TAGS and surroundings.NAMES(node)


def _descend(tree: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    here = tree
    while True:
        heaviest = max(here, key=lambda child: weights.get(child, 0), default=None)
        if heaviest is None or heaviest.tag in PARAGRAPH_TAGS:
            return here
        if weights.get(heaviest, 0) < _share(heaviest) * max(1, weights.get(here, 0)):
            return here
        here = heaviest


def _share(element: HtmlElement) -> float:
    """What an element must hold of its parent's text to be the story: a <section> is mostly a part of one."""
    return _SECTION_SHARE if element.tag == "section" else _SHARE
