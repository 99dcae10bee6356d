"""What a page's author calls an element: class, id, role and test ids as plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.extraction.text import word_set

# Attributes whose value names the element's purpose.
_NAMING = word_set(
    "class id role itemprop rel data-testid data-test data-test-id data-component data-qa data-type "
    "data-module data-block data-element data-area"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")

# Utility classes ("md:pr-4", "hover:text-lead") say how a thing looks under a condition, not what it is.
_UTILITY = re.compile(r"\S*[:\[]\S*")
_MAX_LENGTH = 600
_MAX_ATTRIBUTES = 100  # an element with more is named by nothing
# The pages of a site are made of the same names: so many are remembered, and answers to each `naming`.
_REMEMBERED, _ANSWERS = 16_384, 4_096
_ELEMENTS = 20_000


@lru_cache(maxsize=_ELEMENTS)
def marks(element: HtmlElement) -> str:
    """The words that name `element`, in lower case, parted by single blanks: ``"article lead text"``.

    Many passes ask for them. What is remembered keeps the page in memory until it is `forget`-ten.
    """
    attributes = element.items()
    if not attributes or len(attributes) > _MAX_ATTRIBUTES:
        return ""
    return _words(" ".join([value for name, value in attributes if name in _NAMING])[:_MAX_LENGTH])


def forget() -> None:
    """Let go of a page that has been read: of its elements, not of their words."""
    marks.cache_clear()


def naming(words: str) -> Callable[[HtmlElement], bool]:
    """Whether an element's `marks` have any of `words`.

    These are parted by white space; each is a pattern in which "_" is an optional blank.
    """
    pattern = re.compile(rf"\b(?:{'|'.join(word.replace('_', ' ?') for word in words.split())})\b")

    @lru_cache(maxsize=_ANSWERS)
    def are_told(names: str) -> bool:
        return pattern.search(names) is not None

    def is_named_so(element: HtmlElement) -> bool:
        names = marks(element)
        return bool(names) and are_told(names)

    return is_named_so


@lru_cache(maxsize=_REMEMBERED)
def _words(names: str) -> str:
    if ":" in names or "[" in names:
        names = _UTILITY.sub(" ", names)
    if not names.islower():
        names = _HUMP.sub(" ", names)
    return " ".join(_LETTERS.findall(names)).lower()
