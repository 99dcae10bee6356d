"""The soak in small: two schedulers, sites that misbehave, SIGKILL; benchmarks/soak.py is the long one."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import soak
import soak_checks
import soak_press
from soak_checks import Life

URLS = ["http://x.example"]
SMALL = "--sites 8 --minutes 0.4 --interval 4 --edits 6 --kills-a-minute 2 --by-hand 999 --drains 1"


def test_a_short_one_with_a_kill() -> None:
    """All checks hold, and something was there to be checked."""
    line = [sys.executable, soak.__file__, *SMALL.split()]
    done = subprocess.run(line, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 × kill" in done.stdout
    for nothing in (" 0 articles", " 0 URLs", " 0 pages", " 0 edits", " 0 gaps"):
        assert nothing not in done.stdout


def _entry(
    at: float, path: str = "/news/1", *, site: int = 2, lasts: float = 0.01, **more: object
) -> dict[str, object]:
    return {"site": site, "path": path, "at": at, "end": at + lasts, "status": 200, "who": "one-0", **more}


def test_the_servers_own_logs_tell_who_is_asked_too_fast() -> None:
    delay = soak_press.crawl_delay(2)
    fast, crowded, rested = soak_checks.polite([_entry(0), _entry(delay / 2)])
    assert fast.wrong
    assert not crowded.wrong + rested.wrong
    fast, crowded, _ = soak_checks.polite([_entry(n * delay, lasts=10) for n in range(4)])
    assert not fast.wrong
    assert crowded.wrong
    frozen = Life(who="one-0", began=0, frozen=[(delay / 4, delay)])
    assert not next(soak_checks.polite([_entry(0), _entry(delay / 2)], [frozen])).wrong


@pytest.mark.parametrize(("moments", "early"), [((0.1, 0.2, 3.1), 0), ((0.1, 0.2, 0.3), 1), ((1.5,), 1)])
def test_who_is_asked_before_its_retry_after_is_over_is_found(moments: tuple[float, ...], early: int) -> None:
    """Two requests may have been under way."""
    log = [_entry(0, site=0, status=429, rests_until=3.0), *(_entry(at, site=0) for at in moments)]
    assert len(list(soak_checks.polite(log))[2].wrong) == early
    killed = Life(who="one-0", began=0, killed=0.1)
    assert not list(soak_checks.polite(log, [killed]))[2].wrong


@pytest.mark.parametrize("times", [0, 2])
def test_a_url_that_is_lost_or_there_twice_is_found(times: int) -> None:
    log = [_entry(0, "/feed.xml", named=["http://x.example/1"])]
    row = type("Row", (), {"url": "http://x.example/1", "outcome": "stored"})
    assert soak_checks.accounted(log, [row] * times).wrong
    assert not soak_checks.accounted(log, [row]).wrong


def test_a_page_that_was_answered_and_is_not_kept_is_found() -> None:
    assert soak_checks.stored([_entry(0, site=0)], URLS, set()).wrong
    assert not soak_checks.stored([_entry(0, site=0)], URLS, {"http://x.example/news/1"}).wrong
    assert soak_checks.once(["http://x.example/news/1"] * 2, ["a", "b"]).wrong
    assert soak_checks.once(["http://x.example/1", "http://x.example/2"], ["a", "a"]).wrong


@pytest.mark.parametrize(
    ("kept", "wrong"), [((0, 2), 0), ((0,), 2), ((), 2), ((0, 2, 2), 1), ((0, 1, 2), 1), ((2, 0), 1)]
)
def test_edits_that_are_lost_kept_twice_or_made_up_are_found(kept: tuple[int, ...], wrong: int) -> None:
    log = [_entry(0, site=0, edition=0), _entry(9, site=0, edition=2)]
    versions = [("http://x.example/news/1", f"Update {n}: x" if n else "x") for n in kept]
    assert len(soak_checks.edits(log, URLS, versions, []).wrong) == wrong
    killed = Life(who="one-0", began=0, killed=10)
    log.append(_entry(20, site=0, edition=0, who="one-1"))
    assert not soak_checks.edits(log[:1] + log[2:], URLS, versions[:1], [killed]).wrong or kept[:1] != (0,)


def test_memory_that_grows_is_found() -> None:
    steady = Life(who="one-0", began=0, sizes=[(n, 100_000, 1) for n in range(100)])
    growing = Life(who="one-1", began=0, sizes=[(n, 100_000 + 1000 * n, 1) for n in range(100)])
    assert not soak_checks.flat([steady]).wrong
    assert soak_checks.flat([growing]).wrong
    assert "too short" in soak_checks.flat([Life(who="one-0", began=0, sizes=growing.sizes[:50])]).measured


def test_what_happens_is_the_same_for_the_same_seed() -> None:
    one, other = (soak.plan_of_blows(600, 20, random.Random(3)) for _ in range(2))
    assert one == other
    assert one[0] == (60, "kill both")
    assert len(one) == 20
