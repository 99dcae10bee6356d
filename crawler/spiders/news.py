"""Crawl one source, or URLs that a person names.

    explorer   endpoints -> what they name -> ledger        (spiders/explorer.py, scheduling/announcing.py)
    frontier   ledger -> due URLs, newest first -> requests (storage/ledger.py)
    read_page  page -> worker -> article                    (spiders/page_desk.py, extraction/)
    pipelines  normalise -> deduplicate -> store -> keep pictures   (pipelines/)

Each URL leaves with one outcome: those that bring an article get it in the
transaction that stores it, the others here. A URL whose outcome could not be
written stays due, and the next crawl takes it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import kind
from crawler.errors import ArchiveError, UsageError
from crawler.extraction.pool import ReaderPool
from crawler.fetching.capture import Recorder
from crawler.fetching.failures import SILENT, meaning
from crawler.fetching.hosts import Turns
from crawler.fetching.packing import STAYS_PACKED
from crawler.fetching.patience import tried
from crawler.fetching.politeness import HostRests
from crawler.scheduling import targets
from crawler.scheduling.agenda import Manners
from crawler.scheduling.announcing import Rules
from crawler.scheduling.policy import Appetite
from crawler.scheduling.progress import Progress
from crawler.scheduling.runs import Run
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.explorer import Explorer, Limits
from crawler.spiders.fetcher import Fetcher, FetchError
from crawler.spiders.page_desk import PageDesk
from crawler.spiders.prober import Prober
from crawler.spiders.seat import Seat
from storage.ledger import LIVING, Due
from storage.records import CaptureKind, Outcome, Pictures, Submission
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

WINDOW = 16  # pages of one source under way at once: enough to keep the downloader and the readers busy
BATCH = 200  # URLs taken from the ledger at once
TIME_IS_UP = "closespider_timeout"  # Scrapy's word for it


class NewsSpider(ArchiveSpider):
    """`scrapy crawl news -a source=NAME` or `-a url=URL`.

    Further arguments: `-a limit=N -a since=2026-01-01 -a all=1 -a again=7`.
    """

    name = "news"

    def __init__(
        self,
        task: targets.Task | None = None,
        appetite: Appetite | None = None,
        limit: int | str | None = None,
        progress: Progress | None = None,
        dry_run: bool = False,
        **arguments: str,
    ) -> None:
        super().__init__(**{k: v for k, v in arguments.items() if k not in targets.ARGUMENTS})
        self.task = task
        self.appetite = appetite
        self.arguments = arguments
        self.limit = _number(limit)
        self.dry_run = dry_run
        self.progress = progress or Progress(source="")
        self.window = asyncio.Semaphore(WINDOW)
        self.taken: set[int] = set()
        self.held = ExitStack()  # what is shared with other crawls and to be let go
        self.seat: Seat | None = None  # None in a dry run, which is nobody's neighbour
        self.turns: Turns | None = None  # at the hosts that it asks: HostGate looks here
        self.recorder: Recorder | None = None  # None where raw bytes are not kept
        self.pictures_of: int | None = None  # the source whose pictures the pipeline is to keep

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if spider.task is None:
            spider.task = targets.task_from_arguments(spider.arguments, settings["ARCHIVE_SOURCES"])
        if spider.appetite is None:
            days = settings.getint("ARCHIVE_SITEMAP_DAYS")
            spider.appetite = targets.appetite_from_arguments(spider.arguments, sitemap_days=days)
        spider.progress.source = spider.task.source.slug
        crawler.signals.connect(spider.item_failed, signal=signals.item_error)
        crawler.signals.connect(spider.item_done, signal=signals.item_scraped)
        crawler.signals.connect(spider.item_done, signal=signals.item_dropped)
        crawler.signals.connect(spider.articles_done, signal=signals.spider_idle)
        crawler.signals.connect(spider.finish, signal=signals.spider_closed)
        return spider

    # -- the frontier -----------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Explore, then hand out what is due, newest first, a window at a time."""
        try:
            await self._open()
            self.progress.phase = "looking for articles"
            await self._explore()
            self.progress.phase = "fetching"
            number = await self.run.count_due()
            self.progress.to_fetch = number if self.limit is None else min(number, self.limit)
            if not number:
                return
            async for due in self._frontier():
                if self.dry_run:
                    self.progress.would_fetch.append(due.url)
                    continue
                await self.window.acquire()
                yield self._request(due)
        except ArchiveError as error:
            self.progress.stop(str(error))

    def _request(self, due: Due) -> Request:
        answered, failed = self.read_page, partial(self.failed, due=due)
        meta = self._meta(CaptureKind.PAGE) | {STAYS_PACKED: True}
        return Request(due.url, callback=answered, errback=failed, cb_kwargs={"due": due}, meta=meta)

    def _meta(self, kind: CaptureKind) -> dict[str, Any]:
        """What a request carries, so that the raw bytes of its responses are kept."""
        return self.recorder.to_keep(kind) if self.recorder else {}

    async def _open(self) -> None:
        settings, task = self.settings, self.task
        assert task is not None
        assert self.appetite is not None
        writer = Writer.shared(settings["ARCHIVE_DATABASE"])
        self.held.callback(writer.release)
        if not self.dry_run:
            self.seat = await Seat.take(self.crawler.settings, task.source.slug, self.progress)
            self.turns = self.seat.turns
        self.pool = ReaderPool.shared(
            settings.getint("ARCHIVE_READERS"), seconds=settings.getfloat("ARCHIVE_READ_SECONDS")
        )
        self.held.callback(self.pool.release)
        self.run = await Run.open(writer, task.source, self.appetite, Manners.of(settings))
        self.recorder = await Recorder.for_run(
            settings, source=task.source.slug, run_id=self.run.run_id, writer=writer
        )
        self.fetcher = Fetcher(
            self.crawler,
            max_size=settings.getint("ARCHIVE_ENDPOINT_MAXSIZE"),
            meta=self._meta(CaptureKind.ENDPOINT) if settings.getbool("ARCHIVE_CAPTURE_ENDPOINTS") else {},
        )
        source = task.source
        if source.pictures is not Pictures.NONE and not self.dry_run:
            self.pictures_of = self.run.source_id
        self.rules = Rules(
            home_page=source.home_page,
            appetite=self.appetite,
            include=source.include,
            exclude=source.exclude,
        )
        limits = Limits(
            sitemaps=settings.getint("ARCHIVE_SITEMAPS"),
            section_pages=settings.getint("ARCHIVE_SECTION_PAGES"),
            probe_days=settings.getfloat("ARCHIVE_PROBE_DAYS"),
        )
        self.explorer = Explorer(
            self.run,
            source,
            self.fetcher,
            self.pool,
            self.rules,
            limits,
            self.progress,
            due_only=task.due_only,
        )
        self.desk = PageDesk(
            task=task,
            run=self.run,
            pool=self.pool,
            explorer=self.explorer,
            max_size=settings.getint("DOWNLOAD_MAXSIZE"),
            stats=self.crawler.stats,
        )

    async def _explore(self) -> None:
        assert self.task is not None
        if self.task.whole:
            prober = Prober(self.fetcher, self.pool, max_sections=self.settings.getint("ARCHIVE_SECTIONS"))
            await self.explorer.explore(self.task.source.endpoints, prober)
        articles = [url for url in self.task.urls if not targets.looks_like_endpoint(url)]
        for url in self.task.urls:
            if url not in articles and not await self._take_endpoint(url):
                articles.append(url)
        if articles:
            await self.run.give(articles)
        await self.run.want_left()
        await self.run.want_again()
        if self.task.due_only:
            await self.run.want_rechecks()

    async def _take_endpoint(self, url: str) -> bool:
        """Read a URL that looks like a feed or sitemap; whether there is nothing left to do about it."""
        try:
            answer = await self.fetcher.get(url)
        except FetchError as error:
            self.progress.failed(url, str(error), answered=error.answered)
            return True
        self.progress.asked(answered=True)
        if kind(answer.body, answer.headers.get("content-type"), answer.url) == "html":
            return False  # "/rss-turns-25" is a story
        return await self.explorer.take(answer)

    async def _frontier(self) -> AsyncIterator[Due]:
        """What is due, until nothing is: a page that was read may have named more."""
        found = True
        while found:
            found = False
            async for due in self._due():
                found = True
                yield due
            await self._all_read()

    async def _due(self) -> AsyncIterator[Due]:
        last: Due | None = None
        while batch := await self.run.due(BATCH, last):
            last = batch[-1]
            for due in batch:
                if self.progress.broken or (self.limit is not None and len(self.taken) >= self.limit):
                    return
                if due.id not in self.taken:
                    self.taken.add(due.id)
                    yield due

    async def _all_read(self) -> None:
        """Wait until no page is under way."""
        for _ in range(WINDOW):
            await self.window.acquire()
        for _ in range(WINDOW):
            self.window.release()

    # -- a page -----------------------------------------------------------

    async def read_page(self, response: Response, due: Due) -> AsyncIterator[Submission]:
        """Read a response in a worker and hand its article on, or write down why it is none."""
        try:
            self.progress.asked(answered=True)
            submission = await self.desk.read(response, due)
            if submission is not None:
                yield submission
        except Exception as error:  # a bug of ours must not leave a URL without its outcome
            logger.exception("reading %s failed", due.url)
            await self.desk.decide(due, Outcome.EXTRACT_ERROR, _in_short(error), response)
        finally:
            self._done()

    async def failed(self, failure: Failure, due: Due) -> None:
        """Write down why a URL brought no response."""
        try:
            assert failure.value is not None
            if isinstance(failure.value, ArchiveError):  # the archive takes nothing: the URL stays due
                self.progress.stop(str(failure.value))
                return
            outcome, detail = meaning(failure.value)
            self.progress.asked(answered=outcome not in SILENT)
            rest = failure.value.seconds if isinstance(failure.value, HostRests) else None
            tries = tried(getattr(failure, "request", None))
            await self.desk.decide(due, outcome, detail, rest=rest, tries=tries)
        finally:
            self._done()

    async def item_failed(self, item: object, response: Response, failure: Failure) -> None:
        """Write down why an article could not be stored; Scrapy has logged the error."""
        if isinstance(failure.value, ArchiveError):  # the archive takes nothing: the URL stays due
            self.progress.stop(str(failure.value))
        elif isinstance(item, Submission) and failure.value is not None:
            due = response.cb_kwargs["due"]
            await self.desk.decide(due, Outcome.EXTRACT_ERROR, _in_short(failure.value), response)

    async def item_done(self, item: object, response: Response) -> None:
        """An article is in the archive: when to look at a known one again depends on what was found."""
        due: Due = response.cb_kwargs["due"]
        if isinstance(item, Submission) and due.outcome in LIVING:
            try:
                await self.run.plan_recheck(due.id)
            except ArchiveError as error:
                self.progress.stop(str(error))

    def _done(self) -> None:
        self.progress.read()
        self.window.release()

    # -- the end ----------------------------------------------------------

    def articles_done(self) -> None:
        """Say what the crawl may still be at."""
        if self.pictures_of is not None:
            self.progress.phase = "fetching pictures"

    async def finish(self, spider: Spider, reason: str) -> None:
        """Close the run's books."""
        self.progress.reason = reason
        if self.crawler.stats:
            self.progress.pictures = self.crawler.stats.get_value("archive/picture/kept", 0)
        try:
            if self.recorder:
                await self.recorder.close()
        except ArchiveError as error:
            self.progress.stop(str(error))
        try:
            if hasattr(self, "explorer") and reason == TIME_IS_UP:
                await self.explorer.cut_off()
            if hasattr(self, "run"):
                ended = "failed" if self.progress.broken else reason
                self.progress.account = await self.run.finish(ended, reached=self.progress.reached)
                self.progress.left = await self.run.count_left()
        except ArchiveError as error:
            self.progress.stop(str(error))
        finally:
            self.progress.phase = "done"
            try:
                if self.seat is not None:
                    await self.seat.leave()
            except ArchiveError as error:  # its leases run out by themselves
                self.progress.stop(str(error))
            finally:
                self.held.close()


def _number(limit: int | str | None) -> int | None:
    if limit is None or isinstance(limit, int):
        return limit
    if not limit.isdecimal():
        raise UsageError(f"limit={limit}: write a number")
    return int(limit)


def _in_short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
