"""The best address of a picture among src, srcset and what lazy loading hides it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

# Attributes with one address, and with several; what is loaded late is the real picture.
_SINGLE = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-image",
    "data-full",
    "data-hi-res-src",
    "src",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"^data:|^about:|(?:^|[/_.-])(?:placeholder|blank|spacer|transparent|pixel|1x1|loading|lazy|grey|gray|dummy|empty)"
    r"(?:[_.-][\w-]*)?\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
_DESCRIPTOR = re.compile(r"([\d.]{1,8})([wx])$")
_MAX_CANDIDATES = 60
_MAX_LENGTH = 20_000
# A density counts like this many pixels of width.
_DENSITY_WIDTH = 500


def picture_url(image: HtmlElement, base_url: str) -> str | None:
    """The absolute address of the largest version that `image` (an <img>) or its <picture> names."""
    best: tuple[float, str] | None = None
    for width, address in _candidates(image):
        if address and not _PLACEHOLDER.search(address) and (best is None or width > best[0]):
            best = (width, address)
    return _absolute(best[1], base_url) if best else None


def all_urls(image: HtmlElement, base_url: str) -> frozenset[str]:
    """Every address that leads to this picture."""
    return frozenset(url for _, address in _candidates(image) if (url := _absolute(address, base_url)))


def _candidates(image: HtmlElement) -> Iterator[tuple[float, str]]:
    """(Width in pixels, 0 where unknown, address): the <img>'s own first, then its <picture>'s."""
    parent = image.getparent()
    sources = list(parent.iterchildren("source")) if parent is not None and parent.tag == "picture" else []
    for element in (image, *sources):
        for name in _SINGLE:
            if address := (element.get(name) or "").strip():
                yield 0, address
        for name in _SETS:
            yield from _srcset(element.get(name) or "")


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
