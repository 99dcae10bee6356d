"""The soak in small: two schedulers, sites that misbehave, SIGKILL; benchmarks/soak.py is the long one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import soak
import soak_sites


def _entry(at: float, path: str = "/news/1", *, site: int = 2, lasts: float = 0.01) -> dict[str, object]:
    return {"site": site, "path": path, "at": at, "end": at + lasts, "status": 200, "named": []}


@pytest.mark.skipif("NEWSARCHIVE_TEST_SOAK" not in os.environ, reason="half a minute of kills: by hand")
def test_half_a_minute() -> None:
    """All checks hold, and something was kept."""
    line = [sys.executable, soak.__file__, "--sites", "4", "--minutes", "0.5", "--interval", "5"]
    done = subprocess.run([*line, "--kills-a-minute", "4"], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills" in done.stdout
    assert " 0 articles" not in done.stdout


def test_the_servers_own_logs_tell_who_is_asked_too_fast() -> None:
    delay = soak_sites.crawl_delay(2)
    fast, crowded = soak.polite([_entry(0), _entry(delay / 2)])
    assert fast.wrong
    assert not crowded.wrong
    fast, crowded = soak.polite([_entry(n * delay, lasts=10) for n in range(4)])
    assert not fast.wrong
    assert crowded.wrong


@pytest.mark.parametrize("times", [0, 2])
def test_a_url_that_is_lost_or_there_twice_is_found(times: int) -> None:
    log = [_entry(0, "/feed.xml") | {"named": ["http://x.example/1"]}]
    row = type("Row", (), {"url": "http://x.example/1", "outcome": "stored"})
    assert soak.accounted(log, [row] * times).wrong
    assert not soak.accounted(log, [row]).wrong


def test_a_page_that_was_answered_and_is_not_kept_is_found() -> None:
    assert soak.stored([_entry(0, site=0)], ["http://x.example"], set()).wrong
    assert not soak.stored([_entry(0, site=0)], ["http://x.example"], {"http://x.example/news/1"}).wrong
