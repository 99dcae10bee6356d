"""The scheduler over real HTTP: what is due is crawled once, whatever happens to the process."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler.fetching.tdmrep import PLACE
from tests.command import Command
from tests.site import XML, Site, answer, rss, story

# Short leases and looks; no waiting for a host's own pace on loopback.
QUICK = (
    *("-s", "ARCHIVE_LEASE_SECONDS=4", "-s", "ARCHIVE_LOOK_SECONDS=0.3", "-s", "ARCHIVE_READERS=1"),
    *("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=5", "-s", "CONCURRENT_REQUESTS=3"),
)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.fixture
def start(newsarchive: Command) -> Iterator[Start]:
    """Starts a scheduler; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        started.append(_start(newsarchive, *arguments))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


def _serve(site: Site, name: str, stories: int = 2) -> str:
    """A feed of its own for a source; returns its table in sources.toml."""
    urls = [site.serve(f"/{name}/{n}", story(f"Harbour {name} {n}")) for n in range(stories)]
    feed = site.serve(f"/{name}.xml", rss(*urls), headers=XML)
    return f'[sources.{name}]\nhome_page = "{site.url}/{name}/"\nfeeds = ["{feed}"]\n'


def _list(command: Command, *tables: str) -> None:
    (command.folder / "sources.toml").write_text("".join(tables), encoding="utf-8")


def _start(command: Command, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command.line("schedule", *QUICK, *arguments),
        env=command.environment(),
        cwd=command.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _stop(process: subprocess.Popen[str], *, code: int = 0) -> str:
    """SIGTERM; returns the log."""
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode == code, log
    assert "Traceback" not in log
    return log


def _articles(command: Command, source: str = "%") -> int:
    rows = command.query(
        f"SELECT count(*) FROM article JOIN source ON source.id = source_id WHERE slug LIKE '{source}'",
    )
    return int(str(rows[0][0])) if rows else 0


def _wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_once_then_next_pause_and_resume(site: Site, newsarchive: Command) -> None:
    _list(newsarchive, _serve(site, "alpha"), _serve(site, "beta"), _serve(site, "gamma"))
    newsarchive("pause", "gamma")
    newsarchive("schedule", "--once", *QUICK)
    assert _articles(newsarchive) == 4
    asked = Counter(site.asked)

    newsarchive("schedule", "--once", *QUICK)  # nothing is due

    assert Counter(site.asked) == asked
    assert not [path for path in asked if "gamma" in path]
    alpha, _, gamma = sorted(json.loads(newsarchive("next", "--json")), key=lambda one: one["source"])
    assert alpha["next"] > alpha["last_crawl"]
    assert alpha["endpoint"] == f"{site.url}/alpha.xml"
    assert (gamma["next"], gamma["why"][:12]) == (None, "paused since")
    assert "paused since" in newsarchive("next")
    newsarchive("resume", "gamma")
    newsarchive("schedule", "--once", *QUICK)
    assert _articles(newsarchive, "gamma") == 2
    assert "did you mean gamma?" in newsarchive.run("pause", "gamme").stderr


def test_two_schedulers_do_nothing_twice_and_stop_in_order(
    site: Site, newsarchive: Command, start: Start
) -> None:
    names = [f"s{n}" for n in range(6)]
    _list(newsarchive, *(_serve(site, name) for name in names))
    one, other = start(), start()
    _wait(lambda: _articles(newsarchive) == 12)
    time.sleep(1)
    logs = [_stop(process) for process in (one, other)]
    asked = Counter(path for path in site.asked if path not in ("/robots.txt", PLACE))
    assert set(asked.values()) == {1}, asked
    assert all(sum(f" {name}: " in log for log in logs) == 1 for name in names), logs
    assert newsarchive.query("SELECT count(*), count(DISTINCT source_id) FROM run") == [(6, 6)]
    assert newsarchive.query("SELECT DISTINCT reason FROM run") == [("finished",)]
    assert newsarchive.query("SELECT count(*) FROM lease WHERE holder IS NOT NULL") == [(0,)]
    assert newsarchive.query("SELECT id FROM scheduler_job") == [("newsarchive:look",)]


def _gated(site: Site, name: str, stories: int) -> tuple[str, threading.Semaphore]:
    """A source each of whose stories needs a permit of the test to be answered."""
    table, permits = _serve(site, name, stories), threading.Semaphore(0)
    for n in range(stories):
        open_ = site.routes[f"/{name}/{n}"]

        def behave(handler: BaseHTTPRequestHandler, open_: Callable[..., None] = open_) -> None:
            permits.acquire(timeout=60)
            open_(handler)

        site.behave(f"/{name}/{n}", behave)
    return table, permits


def test_killed_in_the_middle_then_stopped_in_the_middle(
    site: Site, newsarchive: Command, start: Start
) -> None:
    """SIGKILL: another process takes the work up. SIGTERM: what is in flight is stored, the rest is due."""
    table, permits = _gated(site, "slow", stories=30)
    _list(newsarchive, table)
    patient = ("-s", "DOWNLOAD_TIMEOUT=60")
    first = start(*patient)
    permits.release(4)
    _wait(lambda: _articles(newsarchive) == 4)
    readers = _children(first.pid)
    assert readers
    first.kill()
    first.wait()

    second = start(*patient)
    permits.release(7)  # three are used up by those who wait for the dead
    _wait(lambda: _articles(newsarchive) >= 6)
    _wait(lambda: not any(map(_lives, readers)))  # no orphans
    threading.Timer(1, permits.release, [100]).start()
    _stop(second)

    assert 6 < _articles(newsarchive) < 20, "stopped too late to tell"
    asked = {path for path in site.asked if path.startswith("/slow/")}
    waiting = newsarchive.query("SELECT url FROM url WHERE outcome = 'pending' AND next_fetch_at IS NOT NULL")
    assert _articles(newsarchive) + len(waiting) == 30
    assert not {str(url).removeprefix(site.url) for (url,) in waiting} & asked
    assert newsarchive.query("SELECT reason FROM run ORDER BY id") == [(None,), ("shutdown",)]

    newsarchive("schedule", "--once", *QUICK)
    assert _articles(newsarchive) == 30
    assert json.loads(newsarchive("verify", "--json"))["ok"]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    own = [int(line) for line in found.stdout.split()]
    return own + [grandchild for child in own for grandchild in _children(child)]


def test_a_source_that_hangs_or_floods_does_not_slow_the_others(
    site: Site, newsarchive: Command, start: Start
) -> None:
    """… and sources.toml may be edited meanwhile, for better or worse."""
    gate = threading.Event()
    hanging, flood = Site(), Site()
    with hanging, flood:
        table = _serve(hanging, "hangs")
        hanging.behave("/hangs.xml", lambda handler: (gate.wait(60), answer(b"")(handler))[1])
        many = _serve(flood, "floods", stories=40)
        _list(newsarchive, table, many, _serve(site, "calm"))
        process = start("-s", "ARCHIVE_RUN_PAGES=5", "-s", "ARCHIVE_RUN_SECONDS=12")
        _wait(lambda: _articles(newsarchive, "calm") == 2 and _articles(newsarchive, "floods") >= 5)
        _wait(
            lambda: newsarchive.query("SELECT 1 FROM lease WHERE name = 'hangs' AND holder IS NOT NULL") != []
        )

        _list(newsarchive, table, many, "[sources.calm]\nfeed = 1\n")
        time.sleep(1)
        _list(newsarchive, table, many, _serve(site, "calm"), _serve(site, "later"))
        _wait(lambda: _articles(newsarchive, "later") == 2)

        _wait(lambda: _articles(newsarchive, "floods") == 40)  # five at a time
        _wait(lambda: newsarchive.query("SELECT 1 FROM endpoint WHERE failure = 'timeout'") != [])
        log = _stop(process)
        gate.set()
    assert log.count("a source has no such key") == 1, log
    assert "new later" in log
    runs = newsarchive.query(
        "SELECT count(*) FROM run JOIN source ON source.id = source_id WHERE slug = 'floods'",
    )
    assert int(str(runs[0][0])) >= 8


def test_a_crawl_by_hand_waits_for_the_scheduler_or_says_who_is_at_it(
    site: Site, newsarchive: Command, start: Start
) -> None:
    table, permits = _gated(site, "slow", stories=6)
    _list(newsarchive, table)
    process = start("-s", "DOWNLOAD_TIMEOUT=60")
    permits.release(1)
    _wait(lambda: _articles(newsarchive) == 1)
    done = newsarchive.run("crawl", "slow", "-s", "ARCHIVE_WAIT_SECONDS=0")
    assert done.returncode == 1
    assert "slow is being crawled by newsarchive schedule (process" in done.stdout
    assert "crawled by newsarchive schedule" in newsarchive("next")
    permits.release(100)
    _wait(lambda: _articles(newsarchive) == 6)
    _stop(process)
    assert newsarchive.crawl("slow")["outcomes"] == {}  # its feed says what it said
