"""Saved pages read one by one or many at a time: what `newsarchive extract` does."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.errors import UsageError
from crawler.extraction import extract
from crawler.extraction.pool import ReaderError, ReaderPool
from storage.records import article_to_json

AHEAD = 4  # pages handed out for each worker: none waits for the next
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


def batch(file: Path | None, workers: int) -> None:
    """Print one JSON line for each line in; what cannot be read has an "error" instead of an article."""
    lines = _lines(file)
    if workers == 1:
        for line in lines:
            print(_answer(line), flush=True)
    else:
        asyncio.run(_side_by_side(lines, workers))


def extracted(page: bytes, url: str) -> dict[str, Any]:
    """The article of a page as JSON has it."""
    return article_to_json(extract(page, url))


async def _side_by_side(lines: Iterable[bytes], workers: int) -> None:
    """Answer in worker processes, in order; a page that kills its worker costs its own line."""
    pool = ReaderPool(workers)
    under_way: deque[asyncio.Task[str]] = deque()
    try:
        for line in lines:
            under_way.append(asyncio.create_task(_answer_of(pool, line)))
            if len(under_way) >= AHEAD * workers:
                print(await under_way.popleft(), flush=True)
        while under_way:
            print(await under_way.popleft(), flush=True)
    finally:
        pool.close()


async def _answer_of(pool: ReaderPool, line: bytes) -> str:
    try:
        return await pool.run(_answer, line)
    except ReaderError as error:
        return _failure(line, str(error))


def _lines(file: Path | None) -> Iterator[bytes]:
    """The lines of FILE or standard input, as they come, without empty ones."""
    if file is None or str(file) == "-":
        yield from filter(bytes.strip, sys.stdin.buffer)
        return
    try:
        with file.open("rb") as stream:
            yield from filter(bytes.strip, stream)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error


def _answer(line: bytes) -> str:
    """The answer to one line of a batch."""
    try:
        item = _item(line)
        answer = {"id": item.get("id"), **extracted(read_page(Path(item["path"])), item["url"])}
    except (ValueError, RecursionError, UsageError) as error:
        return _failure(line, str(error))
    return json.dumps(answer, ensure_ascii=False)


def _failure(line: bytes, reason: str) -> str:
    try:
        name = json.loads(line).get("id")
    except (ValueError, RecursionError, AttributeError):
        name = None
    return json.dumps({"id": name, "error": reason}, ensure_ascii=False)


def _item(line: bytes) -> dict[str, Any]:
    """A line as the object that it must be; ValueError says what it lacks."""
    item = json.loads(line.decode("utf-8-sig"))
    if not isinstance(item, dict):
        raise ValueError('write an object: {"id", "path", "url"}')
    for name in ("path", "url"):
        if not isinstance(item.get(name), str):
            raise ValueError(f"{name} is missing, or no text")
    return item
