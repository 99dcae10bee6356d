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

from crawler.errors import ArchiveError, UsageError
from crawler.extraction import NOTHING, Hints, extract, overrides
from crawler.extraction.pool import ReaderError, ReaderPool
from storage.records import Article, article_to_json

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


def batch(file: Path | None, workers: int, hints: Hints = NOTHING) -> None:
    """Print one JSON line for each line in; what cannot be read has an "error" instead of an article."""
    lines = _lines(file)
    if workers == 1 and not hints.overrides:
        for line in lines:
            print(_answer(line, hints), flush=True)
    else:
        asyncio.run(_side_by_side(lines, workers, hints))


def read_one(page: bytes, url: str, hints: Hints = NOTHING, *, seconds: float = 30) -> Article:
    """The article of one page; with a source's selectors in a worker, which has a time limit."""
    if not hints.overrides:
        return extract(page, url, hints=hints)
    pool = ReaderPool(1, seconds=seconds)
    try:
        return asyncio.run(pool.run(extract, page, url, hints=hints))
    except ReaderError as error:
        raise ArchiveError(f"{error}; one of the selectors may ask too much") from error
    finally:
        pool.close()


def account(article: Article, hints: Hints) -> Iterator[str]:
    """What the source's selectors found on a page, a line each."""
    override = overrides.applying(hints.overrides, hints.fetched_at)
    if override is None:
        yield "no override holds for this page: read as on any site"
        return
    since = f"from {override.valid_from}" if override.valid_from else "from the beginning"
    yield f"read with the override that holds {since}:"
    for name, selector in override.selectors.items():
        origin = overrides.origin(selector)
        found = [c for c in article.evidence if (c.field, c.origin) == (name, origin) and c.value]
        chosen = next((c for c in found if c.chosen), None)
        told = f"“{chosen.value}”" if chosen else "found nothing that can be used; read as on any site"
        yield f"  {name}  {selector}  {told}"


async def _side_by_side(lines: Iterable[bytes], workers: int, hints: Hints) -> None:
    """Answer in worker processes, in order; a page that kills its worker costs its own line."""
    pool = ReaderPool(workers)
    under_way: deque[asyncio.Task[str]] = deque()
    try:
        for line in lines:
            under_way.append(asyncio.create_task(_answer_of(pool, line, hints)))
            if len(under_way) >= AHEAD * workers:
                print(await under_way.popleft(), flush=True)
        while under_way:
            print(await under_way.popleft(), flush=True)
    finally:
        pool.close()


async def _answer_of(pool: ReaderPool, line: bytes, hints: Hints) -> str:
    try:
        return await pool.run(_answer, line, hints)
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


def _answer(line: bytes, hints: Hints) -> str:
    """The answer to one line of a batch."""
    try:
        item = _item(line)
        article = extract(read_page(Path(item["path"])), item["url"], hints=hints)
        answer = {"id": item.get("id"), **article_to_json(article)}
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
