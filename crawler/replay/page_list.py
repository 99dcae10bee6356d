"""Lists of saved pages: JSON Lines, each with the address of a page and the file that it was saved to."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.errors import UsageError

MAX_PAGE = 256 * 1024 * 1024  # bytes of a page when unpacked


def read_page(path: Path) -> bytes:
    """The bytes of a page; gunzipped where they are gzip. UsageError where it cannot be read."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_PAGE)
        if body[:2] == b"\x1f\x8b":
            with gzip.open(path) as unpacked:
                body = unpacked.read(MAX_PAGE)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    return body


def lines_of(file: Path | None) -> Iterator[bytes]:
    """The lines of FILE or standard input, as they come, without empty ones."""
    if file is None or str(file) == "-":
        yield from filter(bytes.strip, sys.stdin.buffer)
        return
    try:
        with file.open("rb") as stream:
            yield from filter(bytes.strip, stream)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error


def item_in(line: bytes) -> dict[str, Any]:
    """A line as the object that it must be; ValueError says what it lacks."""
    item = json.loads(line.decode("utf-8-sig"))
    if not isinstance(item, dict):
        raise ValueError('write an object: {"id", "path", "url"}')
    for name in ("path", "url"):
        if not isinstance(item.get(name), str):
            raise ValueError(f"{name} is missing, or no text")
    return item
