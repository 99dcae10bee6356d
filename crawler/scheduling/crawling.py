"""One crawl process, many sources: a spider for each, side by side in one event loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.scheduling.policy import Appetite
from crawler.scheduling.progress import Progress
from crawler.scheduling.targets import Task

if TYPE_CHECKING:
    from crawler.spiders.probe import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A task for a spider, and where it tells how far it is."""

    task: Task
    progress: Progress


def scrapy_settings(overrides: Mapping[str, Any]) -> Settings:
    """The project's settings with what the command line says on top."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # The command that runs us has set up logging; -s LOG_… still has its say.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")
    settings.update(dict(overrides), priority="cmdline")
    return settings


def crawl(
    jobs: Sequence[Job],
    overrides: Mapping[str, Any],
    *,
    appetite: Appetite,
    limit: int | None = None,
    dry_run: bool = False,
) -> None:
    """Run all jobs to their end. Blocks; a process can do it once, since its event loop ends with it."""
    from crawler.spiders.news import NewsSpider

    process = AsyncCrawlerProcess(scrapy_settings(overrides))
    for job in jobs:
        process.crawl(
            NewsSpider, task=job.task, appetite=appetite, limit=limit, progress=job.progress, dry_run=dry_run
        )
    process.start()


def probe(finding: Finding, overrides: Mapping[str, Any]) -> None:
    """Look at one home page. Blocks, as `crawl` does."""
    from crawler.spiders.probe import ProbeSpider

    process = AsyncCrawlerProcess(scrapy_settings(overrides))
    process.crawl(ProbeSpider, finding=finding)
    process.start()
