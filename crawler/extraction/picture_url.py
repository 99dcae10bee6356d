"""The best address of a picture among src, srcset and what lazy loading hides it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, zip_longest

from lxml.html import HtmlElement

from crawler.extraction import address
from crawler.extraction.text import any_of

# Attributes that hold addresses; and, where those have none, any with such a name.
_USUAL = re.compile(
    r"^(?:data-(?:lazy-)?)?src(?:set)?$|^data-(?:original|lazy|url|image|full|(?:orig|large)-file)$"
)
_UNUSUAL = re.compile(r"src|lazy|original|img|image|full|hi-?res", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?:)?/?/?[\w.%~!$&'()*+,;=@-]+[/.]\S")
_PLACEHOLDER_NAMES = any_of(
    "placeholder, blank, spacer, transparent, pixel, 1x1, loading, lazy, grey, gray, dummy, empty"
)
_PLACEHOLDER = re.compile(
    rf"^data:|^about:|(?:^|[/_.-])(?:{_PLACEHOLDER_NAMES})(?:[_.-][\w-]{{0,60}})?\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
_IN_SET = re.compile(r"\S\s{1,40}[\d.]{1,8}[wx]\s*(?:,|$)")
_DESCRIPTOR = re.compile(r"([\d.]{1,8})([wx])$")
# "a.jpg 1x,b.jpg 2x"
_GLUED = re.compile(r"[\d.]{1,8}[wx],(?=.)")
_MOST_CANDIDATES = 60
_LONGEST_ATTRIBUTE = 20_000
_LONGEST_ADDRESS = 2_000
_MOST_SOURCES = 20
# A density counts like this many pixels of width.
_DENSITY_WIDTH = 500


def picture_url(image: HtmlElement, base_url: str) -> str | None:
    """The absolute address of the largest version that `image` (an <img>) or its <picture> names."""
    for names in (_USUAL, _UNUSUAL):
        widest_first = sorted(_candidates(image, names), key=lambda candidate: -candidate[0])
        for _, href in widest_first:
            if len(href) <= _LONGEST_ADDRESS and not _PLACEHOLDER.search(href):
                return address.absolute(base_url, href)
    return None


def _candidates(image: HtmlElement, names: re.Pattern[str]) -> Iterator[tuple[float, str]]:
    """(Width in pixels, 0 where unknown, address): the <img>'s own, then its <picture>'s; plain src last."""
    # <source> has no end tag: the parser nests one in the other, and the <img> in the last.
    picture = next(
        (node for node in islice(image.iterancestors(), _MOST_SOURCES) if node.tag == "picture"), None
    )
    sources = list(picture.iter("source")) if picture is not None else []
    for element in (image, *sources):
        for name, value in sorted(element.items(), key=lambda item: item[0] == "src"):
            if not names.search(name) or value.startswith("data:"):
                continue
            value = value[:_LONGEST_ATTRIBUTE].strip()
            if len(value.split(None, 1)) == 1:
                if _ADDRESS.match(value):
                    yield 0, value
            elif _IN_SET.search(value):
                yield from _srcset(value)


def _srcset(text: str) -> Iterator[tuple[float, str]]:
    """The candidates of a srcset: addresses may hold commas, so blanks decide."""
    pieces = list(islice(_pieces(text), 2 * _MOST_CANDIDATES))
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        if not _DESCRIPTOR.match(piece.rstrip(",")):
            described = "" if piece.endswith(",") else following
            yield _width(_DESCRIPTOR.match(described.rstrip(","))), piece.strip(",")


def _pieces(text: str) -> Iterator[str]:
    """What stands between blanks; where none follows a descriptor's comma, as if one did."""
    first, *others = text.split()
    yield first
    for piece in others:
        if glued := _GLUED.match(piece):
            yield glued[0]
            yield piece[glued.end() :]
        else:
            yield piece


def _width(descriptor: re.Match[str] | None) -> float:
    if descriptor is None:
        return 1
    try:
        number = float(descriptor[1])
    except ValueError:
        return 1
    return number if descriptor[2] == "w" else number * _DENSITY_WIDTH
