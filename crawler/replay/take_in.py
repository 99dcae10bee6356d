"""Pages that others have stored, into the ledger and the archive, as if a crawl had fetched them then.

    file -> page -> source -> worker: judgement -> our own WARC file -> one transaction:
                                                   capture, ledger, article

A page is in the archive when its capture has its row: so a second import of a
file adds nothing, and one that was killed goes on. Bytes that a killed import
had written without getting to their row are taken up first.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from crawler.extraction import Hints
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.items import EndpointKind
from crawler.judging import Judgement, judge
from crawler.replay.books import Books
from crawler.replay.foreign import Flaw, Found, found_in
from crawler.replay.judging import page_of, reread
from crawler.replay.side_by_side import side_by_side
from crawler.scheduling.announcing import Rules
from crawler.scheduling.policy import Appetite
from crawler.scheduling.targets import new_source, source_of_url
from crawler.settings import VERSION
from crawler.sources import Source
from storage.captures.exchange import Exchange
from storage.captures.reading import StoredResponse
from storage.captures.repair import repair
from storage.captures.rows import is_kept
from storage.captures.writing import CaptureFiles
from storage.records import Capture, CaptureKind, Outcome, Submission
from storage.urls import clean
from storage.writer import Writer

T = TypeVar("T")

AHEAD = 4  # pages handed out for each worker: none waits for the next
FOLDER = "imported"  # of our own WARC files, beside those of the sources
NO_RUN = 0  # in their names: what others have fetched belongs to no run of ours
PAGES = ("text/html", "application/xhtml+xml")
OK = 200
CLOCK_SKEW = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which pages to take in."""

    source: Source | None = None
    language: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    # Published (where that is not known: fetched) on such a UTC day.
    limit: int | None = None

    def takes(self, submission: Submission | None, fetched_at: dt.datetime) -> bool:
        """Whether a page that has been read is to be taken in."""
        item = submission.article if submission else None
        tag = (item.in_language or "").lower() if item else ""
        wanted = (self.language or "").lower()
        if wanted and not (tag == wanted or tag.startswith(f"{wanted}-")):
            return False
        moment = item.date_published.value if item and item.date_published else fetched_at
        day = moment.astimezone(dt.UTC).date() if isinstance(moment, dt.datetime) else moment
        return not ((self.since and day < self.since) or (self.until and day > self.until))


@dataclass(kw_only=True)
class Progress:
    """How far an import is; read by whoever shows it."""

    bytes: int = 0
    before: int = 0
    # Of the files that are done.
    outcomes: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    # "known", "no_page", "no_address", "filtered"
    flaws: list[str] = field(default_factory=list)


class Importer:
    """One run of `newsarchive import`."""

    def __init__(
        self,
        writer: Writer,
        folder: Path,
        sources: dict[str, Source],
        pool: ReaderPool,
        progress: Progress,
        choice: Choice,
    ) -> None:
        self.writer = writer
        self.folder = folder
        self.sources = sources
        self.pool = pool
        self.progress = progress
        self.choice = choice
        self.books = Books(writer)
        self._by_host: dict[str, Source] = {}
        self._taken = 0
        # The one thread that packs and writes raw bytes.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="captures")

    async def run(self, paths: Sequence[Path]) -> None:
        """Take in all files, one after another; returns when all is written."""
        try:
            await self._take_up_what_was_left()
            for path in paths:
                await self._take_file(path)
                self.progress.before += path.stat().st_size
        finally:
            await self.books.close()
            self._thread.shutdown()

    async def _take_file(self, path: Path) -> None:
        info = {"software": f"newsarchive/{VERSION}", "description": f"imported from {path.name}"}
        files = CaptureFiles(self.folder, source=FOLDER, run_id=NO_RUN, info=info)

        async def take(response: StoredResponse) -> None:
            await self._take(response, files, path.name)

        await side_by_side(self._wanted(path), take, window=AHEAD * self.pool.workers)
        # After an error it stays open, for the next import to take up what has no row yet.
        await self._in_thread(files.close)

    # -- what to take ------------------------------------------------------

    def _wanted(self, path: Path) -> Iterator[StoredResponse]:
        """The pages of a file that are to be read; the others are counted."""
        for item in found_in(path):
            self.progress.bytes = self.progress.before + item.end
            if isinstance(item, Flaw):
                self.progress.flaws.append(item.reason)
                continue
            why_not = self._why_not(item)
            if why_not is not None:
                self.progress.passed_over[why_not] += 1
                continue
            if self.choice.limit is not None and self._taken >= self.choice.limit:
                return
            self._taken += 1
            yield item.response

    def _why_not(self, item: Found) -> str | None:
        """Why a response is passed over before it is read, or None."""
        response, capture = item.response, item.response.capture
        declared = response.header("Content-Type").partition(";")[0].strip().lower()
        is_page = response.status == OK and capture.kind is CaptureKind.PAGE and response.body
        if not is_page or (declared and declared not in PAGES):
            return "no_page"
        url = clean(capture.url)
        if url is None or capture.fetched_at > dt.datetime.now(dt.UTC) + CLOCK_SKEW:
            return "no_address"
        if self.choice.source is not None and self._source(url) != self.choice.source:
            return "filtered"
        if self.choice.since and capture.fetched_at.astimezone(dt.UTC).date() < self.choice.since:
            return "filtered"  # what is published later than it was fetched is no page of that day
        with self.writer.engine.connect() as connection:
            return "known" if is_kept(connection, capture.url, capture.fetched_at) else None

    def _source(self, url: str) -> Source:
        """The source that a page belongs to: one that is known, else a new one of its host."""
        host = urlsplit(url).netloc
        known = self._by_host.get(host)
        if known is None:
            known = source_of_url(url, self.sources.values())
            known = known or new_source(url, urljoin(url, "/"), self.sources)
            self.sources[known.slug] = self._by_host[host] = known
        return known

    # -- a page ------------------------------------------------------------

    async def _take(self, response: StoredResponse, files: CaptureFiles, name: str) -> None:
        url = clean(response.capture.url)
        assert url is not None
        source = self._source(url)
        excluded = _rules(source).excluded(url, EndpointKind.LISTING, url)
        if excluded:
            await self.books.exclude(source, url, excluded, name)
            self.progress.outcomes[Outcome.EXCLUDED] += 1
            return
        hints = Hints.of(source, fetched_at=response.capture.fetched_at)
        judged = await self._judged(self.pool.run(judge, page_of(response, url), hints))
        if not self.choice.takes(judged.submission, response.capture.fetched_at):
            self.progress.passed_over["filtered"] += 1
            return
        capture = await self._in_thread(lambda: files.write(_exchange(response)))
        await self._write_down(source, url, judged, capture, name)

    async def _judged(self, reading: Awaitable[Judgement]) -> Judgement:
        try:
            return await reading
        except ReaderError as error:
            return Judgement(outcome=Outcome.EXTRACT_ERROR, reason=str(error), extractor="")

    async def _write_down(
        self, source: Source, url: str, judged: Judgement, capture: Capture, name: str
    ) -> None:
        submission = replace(judged.submission, capture=capture) if judged.submission else None
        outcome = await self.books.enter(
            source, url, capture, submission, judged.outcome, judged.reason, name
        )
        self.progress.outcomes[outcome] += 1

    # -- what a killed import has left -------------------------------------

    async def _take_up_what_was_left(self) -> None:
        loop = asyncio.get_running_loop()

        def adopt(captures: list[Capture], _: int | None) -> None:
            for capture in captures:
                with self.writer.engine.connect() as connection:
                    if is_kept(connection, capture.url, capture.fetched_at):
                        continue
                asyncio.run_coroutine_threadsafe(self._take_up(capture), loop).result()

        await asyncio.to_thread(repair, self.folder, FOLDER, adopt)

    async def _take_up(self, capture: Capture) -> None:
        url = clean(capture.url)
        if url is None:
            return
        source = self._source(url)
        hints = Hints.of(source, fetched_at=capture.fetched_at)
        judged = await self._judged(self.pool.run(reread, self.folder, capture, hints, url))
        await self._write_down(source, url, judged, capture, FOLDER)

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._thread.submit(function))


def _rules(source: Source) -> Rules:
    return Rules(
        home_page=source.home_page, appetite=Appetite(), include=source.include, exclude=source.exclude
    )


def _exchange(response: StoredResponse) -> Exchange:
    """A response as our own files take it: at its time, without a request, which nobody knows."""
    return Exchange(
        url=response.capture.url,
        kind=CaptureKind.PAGE,
        fetched_at=response.capture.fetched_at,
        status=response.status,
        headers=tuple((_bytes(name), _bytes(value)) for name, value in response.headers),
        body=response.body,
        method=None,
    )


def _bytes(text: str) -> bytes:
    """A header as it came: it was read as Latin-1 where it could be."""
    flat = " ".join(text.splitlines())
    try:
        return flat.encode("latin-1")
    except UnicodeEncodeError:
        return flat.encode("utf-8", "replace")
