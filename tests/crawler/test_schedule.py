"""The scheduler over real HTTP: what is due is crawled once, whatever happens to the process."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.command import Command
from tests.site import XML, Site, answer, rss, story

# Short leases and looks; no waiting for a host's own pace on loopback.
QUICK = (
    *("-s", "ARCHIVE_LEASE_SECONDS=4", "-s", "ARCHIVE_LOOK_SECONDS=0.3", "-s", "ARCHIVE_READERS=1"),
    *("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=5"),
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


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


def _query(command: Command, sql: str) -> list[tuple[object, ...]]:
    if not command.database.exists():
        return []
    connection = sqlite3.connect(command.database, timeout=30)
    try:
        return connection.execute(sql).fetchall()
    except sqlite3.OperationalError:  # the tables are not made yet
        return []
    finally:
        connection.close()


def _articles(command: Command, source: str = "%") -> int:
    rows = _query(
        command,
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
