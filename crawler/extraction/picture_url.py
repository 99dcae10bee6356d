"""The best address of a picture among src, srcset and what lazy loading hides it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

# Attributes that hold addresses; and, where those have none, any with such a name.
_USUAL = re.compile(r"^(?:data-(?:lazy-)?)?src(?:set)?$|^data-(?:original|lazy|url|image|full)$")
_UNUSUAL = re.compile(r"src|lazy|original|img|image|full|hi-?res", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?:)?/?/?[\w.%~!$&'()*+,;=@-]+[/.]\S+$")
_PLACEHOLDER = re.compile(
    r"^data:|^about:|(?:^|[/_.-])(?:placeholder|blank|spacer|transparent|pixel|1x1|loading|lazy|grey|gray|dummy|empty)"
    r"(?:[_.-][\w-]*)?\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
_IN_SET = re.compile(r"\S\s+[\d.]{1,8}[wx]\s*(?:,|$)")
_DESCRIPTOR = re.compile(r"([\d.]{1,8})([wx])$")
_MAX_CANDIDATES = 60
_MAX_LENGTH = 20_000
_MAX_SOURCES = 20
# A density counts like this many pixels of width.
_DENSITY_WIDTH = 500


def picture_url(image: HtmlElement, base_url: str) -> str | None:
    """The absolute address of the largest version that `image` (an <img>) or its <picture> names."""
    for names in (_USUAL, _UNUSUAL):
        candidates = [(w, a) for w, a in _candidates(image, names) if not _PLACEHOLDER.search(a)]
        if candidates:
            return _absolute(max(candidates, key=lambda candidate: candidate[0])[1], base_url)
    return None


def _candidates(image: HtmlElement, names: re.Pattern[str]) -> Iterator[tuple[float, str]]:
    """(Width in pixels, 0 where unknown, address): the <img>'s own, then its <picture>'s; plain src last."""
    # <source> has no end tag: the parser nests one in the other, and the <img> in the last.
    picture = next(
        (node for node in islice(image.iterancestors(), _MAX_SOURCES) if node.tag == "picture"), None
    )
    sources = list(picture.iter("source")) if picture is not None else []
    for element in (image, *sources):
        for name, value in sorted(element.items(), key=lambda item: item[0] == "src"):
            if not names.search(name):
                continue
            if _IN_SET.search(value):
                yield from _srcset(value)
            elif _ADDRESS.match(value.strip()):
                yield 0, value.strip()


def _srcset(text: str) -> Iterator[tuple[float, str]]:
    """The candidates of a srcset: addresses may hold commas, so blanks decide."""
    pieces = text[:_MAX_LENGTH].split()
    for place, piece in enumerate(pieces[: 2 * _MAX_CANDIDATES]):
        if _DESCRIPTOR.match(piece.rstrip(",")):
            continue
        following = pieces[place + 1] if place + 1 < len(pieces) and not piece.endswith(",") else ""
        descriptor = _DESCRIPTOR.match(following.rstrip(","))
        yield _width(descriptor), piece.strip(",")


def _width(descriptor: re.Match[str] | None) -> float:
    if descriptor is None:
        return 1
    try:
        number = float(descriptor[1])
    except ValueError:
        return 1
    return number if descriptor[2] == "w" else number * _DENSITY_WIDTH


def _absolute(address: str, base_url: str) -> str | None:
    try:
        url = urljoin(base_url, address.strip())
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None
