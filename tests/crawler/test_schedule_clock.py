"""A scheduler whose machine sleeps, whose clock jumps, and which is told twice to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler.cli.exit_codes import INTERRUPTED
from tests.command import Command
from tests.site import XML, Site, answer, rss, story

HOUR = 3600
QUICK = (
    *("-s", "ARCHIVE_LEASE_SECONDS=2", "-s", "ARCHIVE_LOOK_SECONDS=0.3", "-s", "AUTOTHROTTLE_ENABLED=0"),
    *("-s", "ROBOTSTXT_OBEY=0", "-s", "DOWNLOAD_TIMEOUT=60"),
)
STORIES = 3
SETTLED = 2.0  # seconds in which a storm would show


class Scheduler:
    """A live one, and the clock that it goes by."""

    def __init__(self, command: Command) -> None:
        self.clock = command.folder / "clock"
        self.set_ahead(0)
        self.process = subprocess.Popen(
            command.line("schedule", *QUICK),
            env={
                **command.environment(),
                "PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[1] / "clock"), str(Path.cwd()))),
                "TEST_CLOCK": str(self.clock),
            },
            cwd=command.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def set_ahead(self, seconds: float) -> None:
        new = self.clock.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.clock)

    def sleep(self, until: float) -> None:
        """The machine sleeps: nothing runs, and when it wakes it is later."""
        self.process.send_signal(signal.SIGSTOP)
        self.set_ahead(until)
        time.sleep(0.2)
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def _wait(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _serve(site: Site, name: str, more: str = "") -> str:
    urls = [site.serve(f"/{name}/{n}", story(f"Harbour {name} {n}")) for n in range(STORIES)]
    feed = site.serve(f"/{name}.xml", rss(*urls), headers=XML)
    gone = site.serve(f"/{name}-gone.xml", b"", 410)
    return f'[sources.{name}]\nhome_page = "{site.url}/{name}/"\nfeeds = ["{feed}", "{gone}"]\n{more}'


def test_a_year_with_a_clock_that_jumps(site: Site, newsarchive: Command) -> None:
    """Each jump is one look at what is due by then; edits are found; two signals end it at once."""
    newsarchive.folder.joinpath("sources.toml").write_text(
        _serve(site, "free") + _serve(site, "hourly", 'every = "1h"\n').replace(site.url, _other(site))
    )
    scheduler = Scheduler(newsarchive)
    try:
        _wait(lambda: newsarchive.query("SELECT count(*) FROM article") == [(2 * STORIES,)])
        _wait(lambda: not _at_work(newsarchive))

        # A laptop's night. What is due is asked once, edits are found, what rests is left alone.
        for name in ("free", "hourly"):
            for n in range(STORIES):
                site.serve(
                    f"/{name}/{n}", story(f"Harbour {name} {n}", head="<meta>").replace(b"boats", b"ships")
                )
        before = Counter(site.asked)
        scheduler.sleep(until=13 * HOUR)
        _wait(lambda: {"/free.xml", "/hourly.xml"} <= set(Counter(site.asked) - before))
        _wait(lambda: not _at_work(newsarchive))
        time.sleep(SETTLED)
        asked = Counter(site.asked) - before
        assert asked["/free.xml"] == asked["/hourly.xml"] == 1, asked
        assert "/free-gone.xml" not in asked
        assert max(asked.values()) == 1
        edited = newsarchive.query(
            "SELECT slug, max(number) FROM version JOIN article ON article.id = article_id"
            " JOIN source ON source.id = article.source_id GROUP BY slug ORDER BY slug"
        )
        assert edited == [("free", 2), ("hourly", 2)]

        # The clock is set back by a day: what was asked "in the future" is asked again, once.
        before = Counter(site.asked)
        scheduler.set_ahead(-11 * HOUR)
        _wait(lambda: "/hourly.xml" in Counter(site.asked) - before)
        _wait(lambda: not _at_work(newsarchive))
        time.sleep(SETTLED)
        asked = Counter(site.asked) - before
        assert max(asked.values()) == 1, asked
        assert scheduler.process.poll() is None

        # A page that hangs while it is told to stop, and told again.
        gate = threading.Event()

        def hang(handler: BaseHTTPRequestHandler) -> None:
            gate.wait(60)
            answer(story("Late"))(handler)

        late = site.behave("/hourly/late", hang).replace(site.url, _other(site))
        site.serve("/hourly.xml", rss(late), headers=XML)
        scheduler.set_ahead(-9 * HOUR)
        _wait(lambda: "/hourly/late" in site.asked)
        scheduler.process.terminate()
        time.sleep(1.5)
        assert scheduler.process.poll() is None, "it finishes what is in flight"
        told = time.monotonic()
        scheduler.process.terminate()
        _, log = scheduler.process.communicate(timeout=30)
        assert time.monotonic() - told < 20
        assert scheduler.process.returncode == INTERRUPTED, log
        assert "Traceback" not in log
        gate.set()
    finally:
        scheduler.process.kill()
    assert newsarchive.query(f"SELECT outcome FROM url WHERE url = '{late}'") == [("pending",)]
    assert newsarchive.crawl("hourly")["outcomes"]["stored"] == 1


def _other(site: Site) -> str:
    """The same site by another name: a host of its own."""
    return site.url.replace("127.0.0.1", "localhost")


def _at_work(command: Command) -> bool:
    return bool(command.query("SELECT 1 FROM lease WHERE kind = 'source' AND holder IS NOT NULL"))
