"""In which line of a TOML text a key stands. tomllib does not say; used for error messages alone."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


# A key's way from the top: names, and the numbers (from 0) of tables written as [[name]].
Place = tuple[str | int, ...]


def line_of(text: str, place: Place, value: Any = None) -> int:
    """The line (from 1) of the key `place`, or of `value` in it; otherwise of the table around it."""
    lines = text.splitlines()
    known = [(number, path) for number, path in _keys(lines)]
    for length in range(len(place), 0, -1):
        for index, (number, path) in enumerate(known):
            if path[:length] == place[:length]:
                end = known[index + 1][0] if index + 1 < len(known) else len(lines) + 1
                return _line_with(value, lines, number, end)
    return 1


def _keys(lines: list[str]) -> Iterator[tuple[int, Place]]:
    """Each header and key with its line and full path."""
    table: Place = ()
    met: Counter[Place] = Counter()
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            table = _path(header[2])
            if header[1] == "[[":
                met[table] += 1
                table = (*table, met[table] - 1)
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_path(key[1]))


def _path(dotted: str) -> tuple[str, ...]:
    """``sources."a b"`` as its parts."""
    try:
        value: Any = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted,)
    parts = []
    while isinstance(value, dict):
        part, value = next(iter(value.items()))
        parts.append(part)
    return tuple(parts)


def _line_with(value: Any, lines: list[str], start: int, end: int) -> int:
    """The line from `start` to before `end` that `value` is written in."""
    if not isinstance(value, str):
        return start
    return next((number for number in range(start, end) if value in lines[number - 1]), start)
