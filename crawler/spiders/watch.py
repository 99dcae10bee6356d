"""The scheduler: one process that keeps many sources up to date.

    clock (APScheduler) ─> look: what is due? ─> claim ─> a spider each, side by side ─> next looks
                             ^      (scheduling/agenda.py)                                 │
                             └──────────── sources.toml, the archive's tables ─────────────┘

Nothing is remembered here that matters: killed at any moment, the next process
finds in the archive what is due and who is at it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from sqlalchemy import Connection

from crawler.alarms.rounds import Rounds
from crawler.errors import ArchiveError
from crawler.extraction.pool import ReaderPool
from crawler.fetching.holding import Holding, is_dead
from crawler.metrics import serve
from crawler.scheduling.agenda import Appointment, Manners, appointment
from crawler.scheduling.clock import ticking
from crawler.scheduling.listing import SourceList
from crawler.scheduling.policy import Appetite
from crawler.scheduling.progress import Progress
from crawler.scheduling.runs import utc_now
from crawler.scheduling.targets import Task
from crawler.sources import Source
from crawler.spiders.crawling import scrapy_settings
from crawler.spiders.news import NewsSpider
from storage import agenda
from storage.agenda import SourceAgenda
from storage.leases import Kind
from storage.writer import Writer

T = TypeVar("T")

logger = logging.getLogger("newsarchive.schedule")

STOP_LOOK = 0.05  # seconds after which to look whether a crawl that was beginning has begun
REST = 60.0  # seconds that a source rests whose crawl left it due and fetched nothing
NAPS = 3  # without a word from the clock (it was set back?) the process looks by itself, so much less often


@dataclass
class Board:
    """What a scheduling process is at: read by whoever shows it."""

    running: dict[str, Progress] = field(default_factory=dict)
    next: list[Appointment] = field(default_factory=list)
    # What is not running, the soonest first.
    crawls: int = 0
    # That have ended.
    unreached: Counter[str] = field(default_factory=Counter)
    # Crawls by source that could not reach it, or broke.
    outcomes: Counter[str] = field(default_factory=Counter)


class Process(AsyncCrawlerProcess):
    """Scrapy's process, which says when it is told to stop, so that nothing new begins."""

    stopping = False

    async def stop(self) -> None:
        """End all crawls. Scrapy's own way is not heard by one that is only just beginning.

        Told again, as Scrapy does once its reactor stops: nobody waits any more.
        """
        if self.stopping:
            return
        self.stopping = True
        while self.crawlers:
            begun = [crawler for crawler in self.crawlers if _listens(crawler)]
            await asyncio.gather(*(crawler.stop_async() for crawler in begun))
            await asyncio.sleep(STOP_LOOK)


def _listens(crawler: Crawler) -> bool:
    """Whether a crawl has begun, and not been told to stop yet. What is not crawling may have no engine."""
    return crawler.crawling and crawler.engine.running


class Watch:
    """Crawls what is due until it is told to stop; `once`: until nothing is due."""

    def __init__(
        self,
        sources: Path,
        overrides: Mapping[str, Any],
        board: Board,
        *,
        once: bool = False,
        metrics: str | None = None,
    ) -> None:
        self.board = board
        self.once = once
        self.metrics = metrics  # host:port where figures are served
        self.list = SourceList(sources)
        self.settings = scrapy_settings(overrides)
        self.settings.set("CLOSESPIDER_TIMEOUT", self.settings.getfloat("ARCHIVE_RUN_SECONDS"), "cmdline")
        self.manners = Manners.of(self.settings)
        self.appetite = Appetite(sitemap_days=self.settings.getint("ARCHIVE_SITEMAP_DAYS"))
        self.rests: dict[str, float] = {}  # until when (time.monotonic) a source rests
        self.hosts: dict[str, str] = {}  # the host of each source that is crawled
        self.queue: deque[str] = deque()  # what was due when the agenda was read last, and has not begun
        self.stale_at = self.rested_at = 0.0  # when (time.monotonic) to read it again, and not before when

    def run(self) -> bool:
        """Blocks; a process can do it once. Whether all crawls have come to their end."""
        where = self.settings["ARCHIVE_DATABASE"]
        with ExitStack() as held:
            self.writer = Writer.shared(where)
            held.callback(self.writer.release)
            pool = ReaderPool.shared(  # warm as long as this process lives
                self.settings.getint("ARCHIVE_READERS"),
                seconds=self.settings.getfloat("ARCHIVE_READ_SECONDS"),
            )
            held.callback(pool.release)
            self.holding = Holding.shared(
                where, seconds=self.settings.getfloat("ARCHIVE_LEASE_SECONDS"), command="newsarchive schedule"
            )
            held.callback(self.holding.close)
            self.rounds = Rounds(self.writer.engine, self.settings)
            if self.metrics:
                serve(self.writer.engine, self.settings, self.metrics)
            self.process = Process(self.settings)
            self.awake = asyncio.Event()
            loop = asyncio.get_event_loop()
            seconds = self.settings.getfloat("ARCHIVE_LOOK_SECONDS")
            held.enter_context(ticking(self.writer.engine, partial(_wake, loop, self.awake), seconds=seconds))
            watching = loop.create_task(self._watch(NAPS * seconds))
            self.process.start(stop_after_crawl=False)
            if watching.done() and not watching.cancelled() and (error := watching.exception()):
                raise error
        return not self.board.running

    async def _watch(self, nap: float) -> None:
        try:
            while not self.process.stopping:
                self.awake.clear()
                begun = await self._look()
                if self.once and not begun and not self.board.running:
                    await self.rounds.finish()
                    break
                self.rounds.go()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.awake.wait(), nap)
        finally:
            if not self.process.stopping:
                _stop_reactor()

    async def _look(self) -> int:
        """Begin what is due, as far as there is room; returns how many crawls that are."""
        self.list.refresh()
        if time.monotonic() > self.stale_at:
            self.queue.clear()
        begun = await self._begin_queued()
        if not begun and not self.queue:
            await self._read_agenda()
            begun = await self._begin_queued()
        return begun

    async def _begin_queued(self) -> int:
        sources, begun = self.list.sources, 0
        while self.queue and len(self.board.running) < self._room and not self.process.stopping:
            slug = self.queue.popleft()
            if slug in sources and self._may_begin(slug):
                begun += await self._begin(sources[slug])
        running = self.board.running
        self.board.next = [waiting for waiting in self.board.next if waiting.slug not in running]
        return begun

    async def _read_agenda(self) -> None:
        """Find out what is due, in all sources: so seldom that a tenth of the time goes into it at most."""
        await asyncio.sleep(self.rested_at - time.monotonic())
        began = time.monotonic()
        self.queue.clear()
        now = utc_now()
        try:
            known = await self._read(None)
            taken = await self._commit(lambda c: agenda.crawls(c, now=now))
        except ArchiveError as error:
            logger.error("%s", error)
            return
        appointments = [
            appointment(source, known.get(slug), now=now, manners=self.manners)
            for slug, source in self.list.sources.items()
        ]
        self._show(appointments)
        for due in self._in_order(appointments, known, now):
            holder = taken[due.slug].holder if due.slug in taken else None
            if holder is None or holder == self.holding.process or is_dead(holder):
                self.queue.append(due.slug)
        ended = time.monotonic()
        self.stale_at = ended + self.settings.getfloat("ARCHIVE_LOOK_SECONDS")
        self.rested_at = min(ended + 9 * (ended - began), self.stale_at)

    @property
    def _room(self) -> int:
        return self.settings.getint("ARCHIVE_SOURCES_AT_ONCE")

    def _show(self, appointments: list[Appointment]) -> None:
        waiting = [a for a in appointments if a.at is not None and a.slug not in self.board.running]
        self.board.next = sorted(waiting, key=lambda a: (a.at, a.slug))

    def _in_order(
        self, appointments: list[Appointment], known: Mapping[str, SourceAgenda], now: dt.datetime
    ) -> Iterator[Appointment]:
        """What is due and may begin: the source that was crawled longest ago first."""
        long_ago = dt.datetime.min.replace(tzinfo=dt.UTC)

        def last_run(due: Appointment) -> dt.datetime:
            return (known[due.slug].last_run_at if due.slug in known else None) or long_ago

        for due in sorted((a for a in appointments if a.is_due(now)), key=last_run):
            if self._may_begin(due.slug):
                yield due

    def _may_begin(self, slug: str) -> bool:
        """Whether a source that is due is neither crawled nor rests."""
        return slug not in self.board.running and self.rests.get(slug, 0.0) <= time.monotonic()

    async def _begin(self, source: Source) -> bool:
        """Crawl a source, if it is ours to crawl and still due: another process may just have been there."""
        host = urlsplit(source.home_page).netloc.removeprefix("www.")
        if host in self.hosts.values():
            return False
        slug = source.slug
        _, ours = await self.holding.claim(Kind.SOURCE, slug, slug)
        if not ours:
            return False
        known = (await self._read([slug])).get(slug)
        is_due = appointment(source, known, now=utc_now(), manners=self.manners).is_due(utc_now())
        if not is_due or self.process.stopping:  # it may have been told so meanwhile
            await self.holding.release(Kind.SOURCE, slug, slug)
            return False
        progress = Progress(source=slug)
        self.board.running[slug], self.hosts[slug] = progress, host
        task = self.process.crawl(
            NewsSpider,
            task=Task(source=source, whole=True, due_only=True),
            appetite=self.appetite,
            limit=self.settings.getint("ARCHIVE_RUN_PAGES"),
            progress=progress,
        )
        task.add_done_callback(partial(self._ended, progress, time.monotonic()))
        return True

    def _ended(self, progress: Progress, began: float, task: asyncio.Task[None]) -> None:
        """Note what came of a crawl, and look what is due now."""
        slug = progress.source
        self.board.running.pop(slug, None)
        self.hosts.pop(slug, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            progress.stop(f"{type(error).__name__}: {error}")
        self.board.crawls += 1
        failed = not progress.reached or progress.broken is not None
        self.board.unreached[slug] = self.board.unreached[slug] + 1 if failed else 0
        if progress.account:
            self.board.outcomes.update(progress.account.outcomes)
            self.board.outcomes.update(progress.account.carried_over)
        if not progress.fetched:
            self.rests[slug] = time.monotonic() + REST
        logger.log(logging.WARNING if failed else logging.INFO, "%s", _in_words(progress, began))
        self.awake.set()

    async def _read(self, slugs: list[str] | None) -> dict[str, SourceAgenda]:
        return await self._commit(lambda c: agenda.sources(c, slugs))

    async def _commit(self, operation: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self.writer.submit(operation))


def _wake(loop: asyncio.AbstractEventLoop, awake: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(awake.set)


def _stop_reactor() -> None:
    from twisted.internet import reactor
    from twisted.internet.error import ReactorNotRunning

    with suppress(ReactorNotRunning):
        reactor.stop()  # type: ignore[misc]


def _in_words(progress: Progress, began: float) -> str:
    """A crawl in one line: "example-org: 3 new URLs, 3 stored, 1.2 s"."""
    account = progress.account
    counts = Counter(account.outcomes) + Counter(account.carried_over) if account else Counter[str]()
    counts.pop("known", None)
    outcomes = [f"{number} {name}" for name, number in counts.most_common()]
    facts = [f"{progress.new} new URLs", *outcomes, f"{time.monotonic() - began:.1f} s"]
    if progress.reason not in (None, "finished"):
        facts.append(f"ended by {progress.reason}")
    return f"{progress.source}: {', '.join(facts)}" + "".join(f"; {p}" for p in progress.problems[:3])
