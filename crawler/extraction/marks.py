"""What a page's author calls an element: class, id, role and test ids as plain words."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.extraction.text import word_set

# Attributes whose value names the element's purpose.
_NAMING = word_set(
    "class id role itemprop rel data-testid data-test data-test-id data-component data-qa data-type "
    "data-module data-block data-element data-area"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_LETTERS = re.compile(r"[\W\d_]+")

# Utility classes ("md:pr-4", "hover:text-lead") say how a thing looks under a condition, not what it is.
_UTILITY = re.compile(r"\S*[:\[]\S*")
_MAX_LENGTH = 600
_MAX_ATTRIBUTES = 100  # an element with more is named by nothing


def marks(element: HtmlElement) -> str:
    """The words that name `element`, in lower case, parted by single blanks: ``"article lead text"``."""
    if len(element.attrib) > _MAX_ATTRIBUTES:
        return ""
    return _words(" ".join([value for name, value in element.items() if name in _NAMING]))


def naming(words: str) -> re.Pattern[str]:
    """A pattern for `marks`: any of `words`, which are parted by white space; "_" is an optional blank."""
    return re.compile(rf"\b(?:{'|'.join(word.replace('_', ' ?') for word in words.split())})\b")


@lru_cache(maxsize=8192)
def _words(names: str) -> str:
    names = _UTILITY.sub(" ", names[:_MAX_LENGTH])
    return _NOT_LETTERS.sub(" ", _HUMP.sub(" ", names)).strip().lower()
