"""Saved pages read one by one or many at a time: what `newsarchive extract` does."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.errors import ArchiveError, UsageError
from crawler.extraction import NOTHING, Hints, extract, overrides
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.replay.page_list import item_in, lines_of, read_page
from storage.records import Article, article_to_json

AHEAD = 4  # pages handed out for each worker: none waits for the next


def batch(file: Path | None, workers: int, hints: Hints = NOTHING) -> None:
    """Print one JSON line for each line in; what cannot be read has an "error" instead of an article."""
    lines = lines_of(file)
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


def _answer(line: bytes, hints: Hints) -> str:
    """The answer to one line of a batch."""
    try:
        item = item_in(line)
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
