"""Retry-After as servers write it, and manners on real connections."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.fetching.politeness import retry_after
from storage.records import Outcome
from tests.command import Command
from tests.site import HTML, Site, answer, story

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SHORT = ("-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_TIMES=1")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 13:02:00 +0100", 120),
        ("Sun, 22 Nov 2026 12:02:00", 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        *((nonsense, None) for nonsense in ("", "soon", "-5", "1.5", "٣", "Sun, 99 Nov 2026 99:99:99 GMT")),
        ("9" * 400, 999_999_999),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    response = Response("http://e.org/", status=503, headers={"Retry-After": value})
    assert retry_after(response, NOW) == seconds


@pytest.mark.parametrize("status", [200, 301, 403, 404, 500])
def test_retry_after_counts_with_429_and_503_alone(status: int) -> None:
    assert retry_after(Response("http://e.org/", status=status, headers={"Retry-After": "9"}), NOW) is None


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_header_breaks_it(value: bytes) -> None:
    seconds = retry_after(Response("http://e.org/", status=429, headers={"Retry-After": value}), NOW)
    assert seconds is None or seconds >= 0


@given(st.datetimes(dt.datetime(1970, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_a_date_is_the_time_until_then(until: dt.datetime) -> None:
    response = Response("http://e.org/", status=429, headers={"Retry-After": format_datetime(until)})
    assert retry_after(response, NOW) == max(0, int((until.replace(microsecond=0) - NOW).total_seconds()))


@pytest.mark.parametrize("rule", ["Crawl-delay: 0.6", "Request-rate: 5/3"])
def test_the_pace_that_robots_txt_asks_for(site: Site, newsarchive: Command, rule: str) -> None:
    times: list[tuple[float, float]] = []

    def timed(handler: BaseHTTPRequestHandler) -> None:
        asked = time.monotonic()
        time.sleep(0.15)
        times.append((asked, time.monotonic()))
        answer(story(f"Story {handler.path}"))(handler)

    site.serve("/robots.txt", f"User-agent: *\n{rule}\nDisallow: /secret\n".encode())
    urls = [site.behave(f"/story-{n}", timed) for n in range(5)]
    secret = site.serve("/secret/plan", story("Secret"))
    assert newsarchive.crawl(*urls, secret)["outcomes"] == {"stored": 5, "robots": 1}
    assert "/secret/plan" not in site.asked
    assert min(asked - answered for (_, answered), (asked, _) in pairwise(times)) > 0.55


def test_a_host_rests_as_a_whole(site: Site, newsarchive: Command) -> None:
    """One page asks for two seconds: meanwhile no other page of the host is asked for."""
    times: dict[str, list[float]] = {}
    lock = threading.Lock()

    def noted(handler: BaseHTTPRequestHandler) -> None:
        with lock:
            times.setdefault(handler.path, []).append(time.monotonic())
            first_busy = handler.path == "/busy" and len(times["/busy"]) == 1
        if first_busy:
            answer(b"", 429, {"Retry-After": "2"})(handler)
        else:
            answer(story(f"Story {handler.path}"))(handler)

    urls = [site.behave(path, noted) for path in ("/busy", *(f"/story-{n}" for n in range(8)))]
    at_full_speed = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert newsarchive.crawl(*urls, *SHORT, *at_full_speed)["outcomes"] == {"stored": 9}
    asked = times["/busy"][0]
    assert not [t for ts in times.values() for t in ts if asked < t < asked + 1.9]


def test_a_host_that_asks_for_a_long_rest_is_left_alone(site: Site, newsarchive: Command) -> None:
    urls = [site.serve(f"/story-{n}", b"", 503, {**HTML, "Retry-After": "7200"}) for n in range(40)]
    result = newsarchive.crawl(*urls, *SHORT)
    assert result["outcomes"] == {"http_error": 40}
    assert len([path for path in site.asked if path.startswith("/story")]) <= 4
    with newsarchive.archive() as archive:
        entries = [archive.why(url) for url in urls]
    for entry in entries:
        assert entry is not None
        assert entry.outcome is Outcome.HTTP_ERROR
        assert entry.next_fetch_at is not None
        assert entry.outcome_at is not None
        assert 7000 < (entry.next_fetch_at - entry.outcome_at).total_seconds() <= 7201


def test_the_contact_is_sent_and_the_limit_for_a_host_holds(site: Site, newsarchive: Command) -> None:
    agents: set[str] = set()
    most = [0]
    under_way: set[str] = set()
    lock = threading.Lock()

    def noted(handler: BaseHTTPRequestHandler) -> None:
        agents.add(handler.headers["User-Agent"])
        with lock:
            under_way.add(handler.path)
            most[0] = max(most[0], len(under_way))
        time.sleep(0.3)
        with lock:
            under_way.remove(handler.path)
        answer(story(f"Story {handler.path}"))(handler)

    urls = [site.behave(f"/story-{n}", noted) for n in range(12)]
    newsarchive("crawl", *urls, "-s", "ARCHIVE_CONTACT=desk@example.org", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert most == [3]
    newsarchive("crawl", urls[0], "-s", "ARCHIVE_CONTACT=x", "-s", "USER_AGENT=mine/1")
    assert len(agents) == 2
    assert "mine/1" in agents
    assert any("contact: desk@example.org" in agent for agent in agents)
