"""Where the story stands on the page: its text, its headline, and what is not part of it. Structure only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import Document
from crawler.extraction.text import word_set

# Elements whose content is never the story.
FURNITURE_TAGS = word_set("nav aside footer form dialog noscript template menu")

# Elements that are a piece of text, so never a story's container.
PARAGRAPH_TAGS = word_set("p li dd blockquote h1 h2 h3 h4 h5 h6 figure figcaption span a b strong em i")

# Words in class, id, role or data attributes that mark what is not the story.
_FURNITURE = re.compile(
    r"(?:^|[^a-z])(?:nav|navigation|menu|footer|sidebar|aside|teasers?|related|recommend\w*|recirc\w*|promo\w*|"
    r"comments?|disqus|newsletter|cookie\w*|consent|advert\w*|sponsor\w*|outbrain|taboola|most-?(?:read|popular)|"
    r"popular|trending|breadcrumbs?|share|sharing|social|tags?-?list|widget|carousel-?related|more-?(?:from|on|stories)|"
    r"read-?(?:more|also|next)|see-?also|login|subscribe|subscription|paywall|banner|modal|popup|author-?(?:bio|box|card)|"
    r"complementary|contentinfo|search)(?:$|[^a-z])"
)

# A text node of this many characters is a sentence, not a label.
_LONG_TEXT = etree.XPath(
    "//body//text()[string-length() > 45]"
    "[not(parent::script or parent::style or parent::noscript or parent::template or parent::option)]"
)
_SHARE = 0.6
_MAX_TEXTS = 4_000
_MAX_ANCESTORS = 60


def marks(element: HtmlElement) -> str:
    """The words that a page's author has put on `element`: class, id, role, test ids, in lower case."""
    return " ".join(value for name, value in element.items() if name in _MARKING).lower()


_MARKING = word_set(
    "class id role itemprop rel "
    "data-testid data-test data-component data-qa data-type data-module data-block data-element"
)


@dataclass(frozen=True)
class Story:
    """The smallest element that holds most of the page's running text."""

    tree: HtmlElement
    container: HtmlElement

    @cached_property
    def order(self) -> dict[HtmlElement, int]:
        """Every element's place in reading order."""
        return {element: place for place, element in enumerate(self.tree.iter())}


def find(document: Document) -> Story:
    """The story's container; the body, where the text is spread evenly."""
    weights: dict[HtmlElement, int] = {}
    texts: list[Any] = _LONG_TEXT(document.tree)  # type: ignore[assignment]
    for text in texts[:_MAX_TEXTS]:
        holder: HtmlElement = text.getparent()
        holder = holder.getparent() if text.is_tail else holder
        weight = len(text)
        for depth, element in enumerate((holder, *holder.iterancestors())):
            if depth > _MAX_ANCESTORS or element.tag in FURNITURE_TAGS:
                break
            weights[element] = weights.get(element, 0) + weight
    return Story(document.tree, _descend(document.tree, weights))


def _descend(tree: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    here = tree
    while True:
        heaviest = max(here, key=lambda child: weights.get(child, 0), default=None)
        if heaviest is None or heaviest.tag in PARAGRAPH_TAGS:
            return here
        if weights.get(heaviest, 0) < _SHARE * max(1, weights.get(here, 0)):
            return here
        here = heaviest
