"""One crawl process, many sources: a spider for each, side by side in one event loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

# Here, and not from deep within the running loop, as Scrapy would: it looks through the whole stack and all
# modules three times, which takes 0.4 s more there.
import scrapy.core.downloader.contextfactory  # noqa: F401
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings, SettingsAttribute

from crawler.garbage import look_seldom
from crawler.scheduling.policy import Appetite
from crawler.scheduling.progress import Progress
from crawler.scheduling.targets import Task
from crawler.setting_values import checked
from storage.writer import Writer

if TYPE_CHECKING:
    import asyncio

    from crawler.spiders.probe import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A task for a spider, and where it tells how far it is."""

    task: Task
    progress: Progress


class CrawlSettings(Settings):
    """Scrapy's settings, copied for each crawl: tables and priorities, not the values, which nobody changes.

    A deep copy took a fifth of what a crawl costs that finds nothing new.
    """

    def copy(self) -> Self:
        """Settings of one's own to change."""
        return _copy(self)


S = TypeVar("S", bound=BaseSettings)


def _copy(settings: S) -> S:
    found = copy(settings)
    found.attributes = {
        name: SettingsAttribute(
            _copy(one.value) if isinstance(one.value, BaseSettings) else one.value, one.priority
        )
        for name, one in settings.attributes.items()
    }
    return found


def scrapy_settings(overrides: Mapping[str, Any]) -> Settings:
    """The project's settings with what the command line says on top; UsageError where that makes no sense."""
    settings = CrawlSettings()
    settings.setmodule("crawler.settings", priority="project")
    # The command that runs us has set up logging; -s LOG_… still has its say.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")
    for name, value in overrides.items():
        settings.set(name, checked(name, value, settings), priority="cmdline")
    return settings


def crawl(
    jobs: Sequence[Job],
    overrides: Mapping[str, Any],
    *,
    appetite: Appetite,
    limit: int | None = None,
    dry_run: bool = False,
) -> None:
    """Run all jobs to their end. Blocks; a process can do it once, since its event loop ends with it.

    DatabaseError where the archive cannot be opened.
    """
    from crawler.spiders.news import NewsSpider

    settings = scrapy_settings(overrides)
    process = AsyncCrawlerProcess(settings)

    def begin(job: Job) -> asyncio.Task[None]:
        return process.crawl(
            NewsSpider, task=job.task, appetite=appetite, limit=limit, progress=job.progress, dry_run=dry_run
        )

    writer = Writer.shared(settings["ARCHIVE_DATABASE"])  # open while any job runs, and before the first
    try:
        for neighbours in _by_host(jobs):
            _in_turn(neighbours, begin)
        look_seldom()
        process.start()
    finally:
        writer.release()


def probe(finding: Finding, overrides: Mapping[str, Any]) -> None:
    """Look at one home page. Blocks, as `crawl` does."""
    from crawler.spiders.probe import ProbeSpider

    process = AsyncCrawlerProcess(scrapy_settings(overrides))
    process.crawl(ProbeSpider, finding=finding)
    process.start()


def _by_host(jobs: Sequence[Job]) -> list[list[Job]]:
    """The jobs of sources that share a host together: only one after another do they ask it politely."""
    neighbours: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        neighbours[urlsplit(job.task.source.home_page).netloc.removeprefix("www.")].append(job)
    return list(neighbours.values())


def _in_turn(jobs: Sequence[Job], begin: Callable[[Job], asyncio.Task[None]]) -> None:
    """Begin the first job, and each other one when that before it has ended, unless somebody stopped it."""
    first, *others = jobs

    def go_on(_: asyncio.Task[None]) -> None:
        if others and first.progress.reason != "shutdown":
            _in_turn(others, begin)

    begin(first).add_done_callback(go_on)
