"""One crawl process, many sources: a spider for each, side by side in one event loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings

from crawler.errors import UsageError
from crawler.garbage import look_seldom
from crawler.scheduling.policy import Appetite
from crawler.scheduling.progress import Progress
from crawler.scheduling.targets import Task
from crawler.settings import is_on
from storage.writer import Writer

if TYPE_CHECKING:
    import asyncio

    from crawler.spiders.probe import Finding

OURS = "ARCHIVE_"  # how the names of our settings begin
SWITCHED_OFF = ("", "0", "false", "no", "off")


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A task for a spider, and where it tells how far it is."""

    task: Task
    progress: Progress


def scrapy_settings(overrides: Mapping[str, Any]) -> Settings:
    """The project's settings with what the command line says on top; UsageError where that makes no sense."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # The command that runs us has set up logging; -s LOG_… still has its say.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")
    for name, value in overrides.items():
        settings.set(name, _checked(name, value, settings), priority="cmdline")
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


def _checked(name: str, value: Any, settings: BaseSettings) -> Any:
    """`value` if it is of the kind that the setting's default is."""
    if name.startswith(OURS) and name not in settings:
        near = get_close_matches(name, [known for known in settings if known.startswith(OURS)], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"-s {name}: there is no such setting{hint}")
    default = settings.get(name)
    if isinstance(value, str) and isinstance(default, bool):
        if not is_on(value) and value.lower() not in SWITCHED_OFF:
            raise UsageError(f"-s {name}={value}: write 1 or 0")
        return is_on(value)
    if isinstance(value, str) and isinstance(default, int | float):
        return _number(name, value)
    return value


def _number(name: str, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"-s {name}={text}: write a number") from None
    if not isfinite(number) or (name.startswith(OURS) and number < 0):
        raise UsageError(f"-s {name}={text}: write a number from 0 on")
    return int(number) if number.is_integer() else number
