"""CSS and XPath selectors, checked and made ready; each once a process."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

LONGEST = 1_000  # characters: libxml2 reads a selector recursively

_XPATH = re.compile(r"\.?/|\(")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
# A path from the page's root where it would be walked again for each element: `//div[//h1]`.
_FROM_ROOT = re.compile(r"(?:[\[(,=<>|+-]|\b(?:and|or|div|mod))\s*/")
_PREFIX = re.compile(r"([\w-]+):(?!:)")
_CALL = re.compile(r"([\w-]+)\s*\(")
# XPath 1.0 has these; what stands before a bracket besides; parsel's own.
_CALLABLE = re.compile(
    "last|position|count|id|local-name|namespace-uri|name|string|concat|starts-with|contains|substring|"
    "substring-before|substring-after|string-length|normalize-space|translate|boolean|not|true|false|lang|"
    "number|sum|floor|ceiling|round|node|text|comment|processing-instruction|and|or|div|mod|has-class"
)
_NO_ELEMENT = re.compile(r"/(?:@[\w:*-]+|text\(\))\s*$")
_EMPTY_PAGE = etree.fromstring("<html><head/><body/></html>")


class SelectorError(ValueError):
    """A selector that cannot be used; the text says why in a few words."""


@lru_cache(maxsize=4096)
def compiled(selector: str) -> etree.XPath:
    """`selector`, ready to be asked of a tree. SelectorError where it is none."""
    if len(selector) > LONGEST:
        raise SelectorError(f"longer than {LONGEST:,} characters")
    path = selector if _XPATH.match(selector) else _from_css(selector)
    if complaint := _complaint(path):
        raise SelectorError(complaint)
    try:
        ready = etree.XPath(path, smart_strings=False)
        ready(_EMPTY_PAGE)  # some mistakes are only noticed then
    except (etree.XPathError, ValueError) as error:
        raise SelectorError(str(error).lower()) from error
    return ready


def check(selector: str, *, wants_elements: bool) -> None:
    """SelectorError unless `selector` can give what a field needs: elements, or any text."""
    ready = compiled(selector)
    found = ready(_EMPTY_PAGE)
    if wants_elements and (not isinstance(found, list) or _NO_ELEMENT.search(ready.path)):
        raise SelectorError("it gives text where elements are needed")
    if not isinstance(found, list | str):
        raise SelectorError("it gives a number or a truth, no part of the page")


def _from_css(selector: str) -> str:
    # A quarter of a second to load, and few sources have overrides.
    from cssselect import SelectorError as CssError
    from parsel import css2xpath

    try:
        return css2xpath(selector)
    except (CssError, RecursionError, ValueError) as error:
        raise SelectorError(" ".join(str(error).split()).lower()) from error


def _complaint(path: str) -> str | None:
    """What libxml2 would only notice on a page that has what is asked for, or never."""
    path = _LITERAL.sub("''", path)
    if prefix := _PREFIX.search(path):
        return f"unknown prefix {prefix[1]}:"
    unknown = next((name for name in _CALL.findall(path) if not _CALLABLE.fullmatch(name)), None)
    if unknown:
        return f"unknown function {unknown}()"
    if _FROM_ROOT.search(_predicates(path)):
        return "in [ ] a path from / walks the whole page for each element: begin it with .//"
    return None


def _predicates(path: str) -> str:
    """`path` with blanks for what stands outside [ ]."""
    depth, kept = 0, []
    for character in path:
        depth += (character == "[") - (character == "]")
        kept.append(character if depth > 0 else " ")
    return "".join(kept)
