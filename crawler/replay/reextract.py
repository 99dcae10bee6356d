"""The archive's own pages read again with today's extractor.

    versions, refused pages -> Hints -> worker: capture -> judgement -> compare, or one transaction

A run that is killed goes on where it stood: what has been read again carries
today's extractor id, and is passed over. What no longer is an article stays as
it is, and is told.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

from sqlalchemy import Connection

from crawler.extraction import Hints
from crawler.extraction.identity import extractor_for
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.fetching.statuses import meaning_of_status
from crawler.judging import Judgement
from crawler.replay.comparison import Comparison
from crawler.replay.judging import reread
from crawler.replay.side_by_side import side_by_side
from crawler.sources import Source
from storage import backfill, rereading
from storage.captures.reading import read as read_capture
from storage.errors import CaptureError
from storage.filters import EVERYTHING, Filter
from storage.records import Capture
from storage.rereading import Effect, RefusedPage, StoredVersion
from storage.writer import Writer

T = TypeVar("T")

AHEAD = 4  # pages handed out for each worker: none waits for the next


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What to read again."""

    where: Filter = EVERYTHING
    query: str | None = None
    ids: Sequence[int] = ()
    all_: bool = False
    # Also what today's extractor has read.
    failed: bool = False
    # Also pages that were no article.


@dataclass(kw_only=True)
class Progress:
    """How far a run is; read by whoever shows it."""

    total: int = 0
    done: int = 0
    effects: Counter[str] = field(default_factory=Counter)
    # Of versions: storage.rereading.Effect, "no_article", "failed", "no_raw_bytes".
    outcomes: Counter[str] = field(default_factory=Counter)
    # Of pages that were no article before.
    problems: list[str] = field(default_factory=list)
    # Captures that are missing or damaged, pages that no reader survives: a line each.
    refused: list[str] = field(default_factory=list)
    # Articles that today's extractor takes for none: a line each.


class Rereader:
    """One run of `newsarchive reextract`."""

    def __init__(
        self,
        writer: Writer,
        folder: Path,
        sources: Mapping[str, Source],
        pool: ReaderPool,
        progress: Progress,
        comparison: Comparison | None = None,
    ) -> None:
        self.writer = writer
        self.folder = folder
        self.sources = sources
        self.pool = pool
        self.progress = progress
        self.comparison = comparison
        # Where there is one, nothing is written.

    async def run(self, choice: Choice) -> None:
        """Read all that is to be read; returns when it is written or compared."""
        self.progress.total = await asyncio.to_thread(self._count, choice)
        window = AHEAD * self.pool.workers
        await side_by_side(self._versions(choice, count=True), self._reread, window=window)
        if choice.failed:
            refused = rereading.refused(self.writer.engine, choice.where.source)
            await side_by_side(refused, self._retry, window=window)

    # -- what there is to read ---------------------------------------------

    def _count(self, choice: Choice) -> int:
        versions = sum(1 for _ in self._versions(choice, count=False))
        engine, slug = self.writer.engine, choice.where.source
        return versions + (sum(1 for _ in rereading.refused(engine, slug)) if choice.failed else 0)

    def _versions(self, choice: Choice, *, count: bool) -> Iterator[StoredVersion]:
        """The versions to read; those without raw bytes are counted and passed over."""
        engine = self.writer.engine
        for stored in rereading.versions(engine, choice.where, query=choice.query, ids=choice.ids):
            if not choice.all_ and stored.extractor == extractor_for(self._hints(stored)):
                continue
            if stored.capture is None:
                self.progress.effects["no_raw_bytes"] += count
            else:
                yield stored

    def _hints(self, stored: StoredVersion | RefusedPage, **announced: object) -> Hints:
        fetched_at = stored.fetched_at if isinstance(stored, StoredVersion) else stored.capture.fetched_at
        source = self.sources.get(stored.source)
        if source is None:
            return Hints(fetched_at=fetched_at, **announced)  # type: ignore[arg-type]
        return Hints.of(source, fetched_at=fetched_at, **announced)

    # -- an article's version ----------------------------------------------

    async def _reread(self, stored: StoredVersion) -> None:
        try:
            before = await self._ask(partial(rereading.announcement, stored=stored))
            hints = self._hints(stored, title=before.title, published=before.published)
            assert stored.capture is not None
            judged = await self._judged(stored.capture, hints)
            effect = await self._take(stored, judged) if judged else "failed"
            self.progress.effects[effect] += 1
        finally:
            self.progress.done += 1

    async def _take(self, stored: StoredVersion, judged: Judgement) -> str:
        submission = judged.submission
        if submission is None:
            told = f"article {stored.article_id}, version {stored.number}, {stored.url}"
            self.progress.refused.append(f"{told}: {judged.outcome} ({judged.reason})")
            return "no_article"
        if self.comparison is None:
            now = dt.datetime.now(dt.UTC)
            return await self._write(lambda c: rereading.put(c, stored, submission, at=now))
        article = await self._ask(partial(rereading.article_of, stored=stored))
        if article is None:
            return Effect.OVERTAKEN
        self.comparison.add(stored.source, stored.article_id, article, submission.article)
        return Effect.CHANGED if rereading.differing(article, submission.article) else Effect.SAME

    async def _judged(self, capture: Capture, hints: Hints, url: str | None = None) -> Judgement | None:
        """The judgement on a capture; None, and a line, where it cannot be had."""
        try:
            return await self.pool.run(reread, self.folder, capture, hints, url)
        except (CaptureError, ReaderError) as error:
            place = "" if isinstance(error, CaptureError) else f"{capture.url}: "
            self.progress.problems.append(f"{place}{error}")
            return None

    # -- a page that was no article ----------------------------------------

    async def _retry(self, page: RefusedPage) -> None:
        try:
            capture = await asyncio.to_thread(self._led_to, page)
            if capture is None:
                return
            hints = self._hints(page, title=page.title, published=page.published)
            judged = await self._judged(capture, hints, page.url)
            if judged is None:
                return
            self.progress.outcomes[await self._take_up(page, judged)] += 1
        finally:
            self.progress.done += 1

    async def _take_up(self, page: RefusedPage, judged: Judgement) -> str:
        submission = judged.submission
        if submission is None or self.comparison is not None:
            return judged.outcome
        ticket = backfill.Ticket(
            source_id=page.source_id, url_id=page.url_id, run_id=page.run_id, decided_at=page.decided_at
        )
        return await self._write(lambda c: backfill.store(c, submission, ticket))

    def _led_to(self, page: RefusedPage) -> Capture | None:
        """The capture of the page itself, at the end of redirects; None where that is no page."""
        capture: Capture | None = page.capture
        for _ in range(rereading.REDIRECTS):
            if capture is None or meaning_of_status(capture.http_status) is None:
                return capture
            try:
                location = read_capture(self.folder, capture).header("Location")
            except CaptureError as error:
                self.progress.problems.append(str(error))
                return None
            target = urljoin(capture.url, location) if location else None
            after = capture.fetched_at
            capture = rereading.last_capture(self.writer.engine, target, after=after) if target else None
        return None

    # -- the archive -------------------------------------------------------

    async def _ask(self, question: Callable[[Connection], T]) -> T:
        def asked() -> T:
            with self.writer.engine.connect() as connection:
                return question(connection)

        return await asyncio.to_thread(asked)

    async def _write(self, operation: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self.writer.submit(operation))
