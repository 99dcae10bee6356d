"""Make the visits: one crawl process that asks all sources side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from crawler.doctor.spider import DoctorSpider, Visit
from crawler.spiders.crawling import scrapy_settings


def examine(visits: Sequence[Visit], overrides: Mapping[str, Any]) -> None:
    """Ask each source once. Blocks; once a process, since a reactor cannot start twice."""
    process = AsyncCrawlerProcess(scrapy_settings({**overrides, "RETRY_TIMES": 0}))
    process.crawl(DoctorSpider, visits=visits)
    process.start()
