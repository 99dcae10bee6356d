"""Two processes at one host: together they ask it as one would, also when one is killed or stands still."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from storage import engines
from storage.database import database_url, open_engine, writing
from tests.command import Command
from tests.site import HTML, XML, Site, answer, rss, story

DELAY = 1.0
QUICK = ("-s", "ARCHIVE_LEASE_SECONDS=4", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=120")


@contextmanager
def _crawl(command: Command, source: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command.line("crawl", source, *QUICK),
        env=command.environment(),
        cwd=command.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 110
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def _freeze(process: subprocess.Popen[bytes], engine: Engine) -> None:
    """Stop it at a moment at which it does not write: all others would wait for that to end."""
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            with writing(engine):
                return
        except OperationalError:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.05)


@pytest.fixture
def impatient(newsarchive: Command, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The archive, for one who does not wait long for his turn to write."""
    where = newsarchive.where or str(newsarchive.database)
    monkeypatch.setattr(engines.of(database_url(where)), "BUSY_SECONDS", 0.2)
    engine = open_engine(where)
    yield engine
    engine.dispose()


def test_two_processes_ask_a_host_as_one_would(newsarchive: Command) -> None:
    """One waits for the other's turn to end; that one is killed in it."""
    times: list[tuple[float, str]] = []
    gate, killed = threading.Event(), threading.Event()
    with Site() as site:

        def timed(path: str, body: bytes, headers: dict[str, str]) -> str:
            def behave(handler: BaseHTTPRequestHandler) -> None:
                times.append((time.monotonic(), path))
                if path.endswith(".xml"):
                    (gate if path == "/late.xml" else killed).wait(120)
                answer(body, headers=headers)(handler)

            return site.behave(path, behave)

        site.serve("/robots.txt", f"User-agent: *\nCrawl-delay: {DELAY}\n".encode())
        pages = [timed(f"/late/{n}", story(f"Harbour {n}"), HTML) for n in range(2)]
        feeds = {"late": timed("/late.xml", rss(*pages), XML), "doomed": timed("/doomed.xml", rss(), XML)}
        tables = (
            f'[sources.{name}]\nhome_page = "{site.url}/{name}/"\nfeeds = ["{feed}"]\n'
            for name, feed in feeds.items()
        )
        (newsarchive.folder / "sources.toml").write_text("".join(tables))
        with _crawl(newsarchive, "late") as late:
            _wait(lambda: "/late.xml" in site.asked)
            with _crawl(newsarchive, "doomed") as doomed:
                _wait(lambda: bool(newsarchive.query("SELECT 1 FROM lease WHERE wanted_at IS NOT NULL")))
                time.sleep(1.5)  # now the first one has heard of it, too, and lets go after its feed
                gate.set()
                _wait(lambda: "/doomed.xml" in site.asked)
                doomed.kill()
                killed.set()
            assert late.wait(timeout=90) == 0
    order = list(dict.fromkeys(path for _, path in times))
    assert order == ["/late.xml", "/doomed.xml", "/late/1", "/late/0"]
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(times)) > DELAY - 0.05, times


def test_one_that_stood_still_asks_for_its_turn_again(newsarchive: Command, impatient: Engine) -> None:
    """What it has handed to the downloader by then waits until the one who took over is done."""
    times: list[tuple[float, str]] = []
    with Site() as site:

        def timed(path: str, body: bytes, headers: dict[str, str]) -> str:
            def behave(handler: BaseHTTPRequestHandler) -> None:
                times.append((time.monotonic(), path.split("/")[1]))
                answer(body, headers=headers)(handler)

            return site.behave(path, behave)

        site.serve("/robots.txt", f"User-agent: *\nCrawl-delay: {DELAY}\n".encode())
        (newsarchive.folder / "sources.toml").write_text("")
        for name in ("frozen", "awake"):
            pages = [timed(f"/{name}/{n}", story(f"Harbour {name} {n}"), HTML) for n in range(6)]
            feed = timed(f"/{name}/feed.xml", rss(*pages), XML)
            with (newsarchive.folder / "sources.toml").open("a") as sources:
                sources.write(f'[sources.{name}]\nhome_page = "{site.url}/{name}/"\nfeeds = ["{feed}"]\n')
        with _crawl(newsarchive, "frozen") as frozen:
            _wait(lambda: "/frozen/5" in site.asked)
            _freeze(frozen, impatient)
            with _crawl(newsarchive, "awake") as awake:
                _wait(lambda: site.asked.count("/awake/5") + site.asked.count("/awake/4") > 0)
                frozen.send_signal(signal.SIGCONT)
                assert awake.wait(timeout=90) == 0
            assert frozen.wait(timeout=90) == 0
    assert Counter(name for _, name in times) == {"frozen": 7, "awake": 7}
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(times)) > DELAY - 0.05, times
