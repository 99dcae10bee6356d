"""The scheduler's second look: what another process has done meanwhile is not done again."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Endpoint, EndpointKind
from crawler.scheduling.policy import Appetite
from crawler.scheduling.runs import Run
from crawler.sources import Source
from crawler.spiders.watch import Board, Watch
from storage import agenda
from storage.leases import Kind
from storage.writer import Writer

FEED = Endpoint(url="https://example.org/feed", kind=EndpointKind.FEED)
SOURCE = Source(slug="gazette", name="Gazette", home_page="https://example.org/", endpoints=(FEED,))


class NoProcess:
    """Says what it is asked to crawl."""

    stopping = False

    def __init__(self) -> None:
        self.crawled: list[str] = []

    def crawl(self, spider: type, *, task: Any, **more: Any) -> asyncio.Future[None]:
        self.crawled.append(task.source.slug)
        return asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("somebody_was_faster", [True, False])
def test_a_source_that_is_not_due_any_more_once_it_is_ours_is_left_alone(
    tmp_path: Path, somebody_was_faster: bool
) -> None:
    (tmp_path / "sources.toml").write_text(
        '[sources.gazette]\nhome_page = "https://example.org/"\nfeeds = ["https://example.org/feed"]\n'
    )
    where = str(tmp_path / "archive.db")
    watch = Watch(tmp_path / "sources.toml", {"ARCHIVE_DATABASE": where}, Board())
    asyncio.run(_begin(watch, where, somebody_was_faster))


async def _begin(watch: Watch, where: str, somebody_was_faster: bool) -> None:
    from crawler.fetching.holding import Holding

    writer = watch.writer = Writer.shared(where)
    watch.holding = Holding.shared(where, seconds=60)
    process: Any = NoProcess()
    watch.process = process
    try:
        if somebody_was_faster:
            run = await Run.open(writer, SOURCE, Appetite())
            [endpoint] = await run.keep_endpoints([FEED])
            await run.announce(endpoint, ())
            await run.finish("finished")
        begun = await watch._begin(SOURCE)
        now = dt.datetime.now(dt.UTC)
        held = await asyncio.wrap_future(writer.submit(lambda c: agenda.crawls(c, now=now)))
    finally:
        await watch.holding.release(Kind.SOURCE, "gazette", "gazette")
        watch.holding.close()
        writer.release()
    assert begun is not somebody_was_faster
    assert process.crawled == ([] if somebody_was_faster else ["gazette"])
    assert ("gazette" in held) is not somebody_was_faster


BEGINNING = """
import asyncio, os, signal
from scrapy import Spider, signals
from crawler.spiders.watch import Process

class Slow(Spider):
    name = "slow"

    @classmethod
    def from_crawler(cls, crawler):
        spider = super().from_crawler(crawler)
        crawler.signals.connect(spider.opening, signal=signals.spider_opened)
        crawler.signals.connect(spider.ended, signal=signals.spider_closed)
        return spider

    async def opening(self):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.5)  # as one that waits for the archive

    def ended(self, reason):
        print("ended:", reason)

    async def start(self):
        await asyncio.sleep(60)
        yield

process = Process({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Slow)
process.start(stop_after_crawl=False)
"""


def test_a_crawl_that_was_beginning_ends_in_order() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "ended: shutdown\n"), done.stderr
