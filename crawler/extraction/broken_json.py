"""JSON as pages write it: wrapped in comments, with trailing commas, several values in a row, cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_DECODER = json.JSONDecoder(strict=False)  # raw line breaks inside strings are common

_WRAPPINGS = ("<![CDATA[", "<!--", "-->", "]]>")
_WRAPPING = re.compile("|".join(map(re.escape, _WRAPPINGS)))
_START = re.compile(r"[\[{]")
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_FALSE_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")

# Where nothing else helps, these are read one by one: property, then a string, or a flat object or list.
_PROPERTY = re.compile(
    r'"(headline|description|datePublished|dateModified|dateCreated|author|keywords|articleSection|'
    r'isAccessibleForFree)"\s{0,20}:\s{0,20}'
    r'("(?:[^"\\]++|\\.)*+"|\[[^\[\]]*\]|\{[^{}]*\}|true|false)'
)
_MOST_VALUES = 1_000


def values(text: str) -> Iterator[Any]:
    """Each JSON value in `text`, in order. Never raises; what cannot be read is left out."""
    if any(mark in text for mark in _WRAPPINGS):
        text = _WRAPPING.sub(" ", text)
    if "{&quot;" in text[:200]:
        text = unescape(text)
    found, complete = _read(text)
    if not complete:
        mended, complete = _read(_FALSE_ESCAPE.sub("", _TRAILING_COMMA.sub("", text)))
        found = mended if len(mended) >= len(found) else found
    yield from found
    if not found and (pieces := _pieces(text)):
        yield pieces


def _read(text: str) -> tuple[list[Any], bool]:
    """The values up to the first that cannot be read, and whether that was all."""
    found: list[Any] = []
    position = 0
    while len(found) < _MOST_VALUES and (start := _START.search(text, position)):
        try:
            value, position = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            return found, False
        found.append(value)
    return found, True


def _pieces(text: str) -> dict[str, Any]:
    """The first of each property that stands whole in an object that does not."""
    pieces: dict[str, Any] = {}
    for match in _PROPERTY.finditer(text):
        name = match[1]
        if name not in pieces:
            value, complete = _read(f"[{match[2]}]")
            if complete:
                pieces[name] = value[0][0]
    return pieces
