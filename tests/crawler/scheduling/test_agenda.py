"""What is due when, and why: a table of what the archive knows, and the appointment that follows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from crawler.items import Endpoint, EndpointKind
from crawler.scheduling.agenda import RECHECKS_WAIT, Manners, appointment
from crawler.sources import Source
from crawler.sources.timing import cron, every
from storage.agenda import SourceAgenda
from storage.sources import EndpointState

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FEED, HOME = "https://a.org/feed", "https://a.org/"
SOURCE = Source(slug="a", name="A", home_page=HOME, endpoints=(Endpoint(url=FEED, kind=EndpointKind.FEED),))
STATE = EndpointState(
    id=1,
    url=FEED,
    kind="feed",
    etag=None,
    last_modified=None,
    modified_at=None,
    last_checked_at=NOW - HOUR,
    last_success_at=NOW - HOUR,
    last_new=1,
    failures=0,
    failure=None,
    last_error=None,
    next_check_at=NOW + HOUR,
    rate=12.0,
    asked_interval=None,
    moved_to=None,
)
KNOWN = SourceAgenda(
    slug="a",
    paused_at=None,
    probed_at=NOW - DAY,
    next_page_at=None,
    next_recheck_at=None,
    last_run_at=NOW - HOUR,
    endpoints=(STATE,),
)
FAILING = replace(STATE, failures=3, failure="dns", last_error="no such host", next_check_at=NOW + DAY)


@pytest.mark.parametrize(
    ("source", "known", "at", "why"),
    [
        (SOURCE, None, NOW, "never crawled"),
        (SOURCE, KNOWN, NOW + HOUR, "brings 12 new URLs a day"),
        (replace(SOURCE, enabled=False), KNOWN, None, "off"),
        (SOURCE, replace(KNOWN, paused_at=NOW - HOUR), None, "paused since 2026-11-24 11:00"),
        (SOURCE, replace(KNOWN, endpoints=()), NOW, "new in sources.toml"),
        (SOURCE, replace(KNOWN, endpoints=(replace(STATE, next_check_at=NOW - DAY),)), NOW, "brings"),
        # A clock that was ahead.
        (SOURCE, replace(KNOWN, endpoints=(replace(STATE, next_check_at=NOW + 30 * DAY),)), NOW, "brings"),
        (SOURCE, replace(KNOWN, endpoints=(FAILING,)), NOW + DAY, "failed 3 times in a row: no such host"),
        (SOURCE, replace(KNOWN, next_page_at=NOW + MINUTE), NOW + MINUTE, "pages to fetch"),
        (SOURCE, replace(KNOWN, next_recheck_at=NOW), NOW + RECHECKS_WAIT, "for edits"),
        (replace(SOURCE, every=every("90m")), KNOWN, NOW + HOUR / 2, "every 90m"),
        (replace(SOURCE, every=every("30m")), KNOWN, NOW, "every 30m"),
        (replace(SOURCE, every=every("30m")), replace(KNOWN, endpoints=(FAILING,)), NOW + DAY, "failed"),
        (replace(SOURCE, cron=cron("0 13 * * *")), replace(KNOWN, next_page_at=NOW), NOW + HOUR, "cron 0 13"),
        (replace(SOURCE, cron=cron("30 11 * * *")), KNOWN, NOW, "cron 30 11"),
        (
            replace(SOURCE, cron=cron("0 21 * * *"), time_zone="Asia/Tokyo"),
            replace(KNOWN, endpoints=(replace(STATE, last_checked_at=NOW),)),
            NOW + DAY,
            "cron 0 21",
        ),
        # Without endpoints in sources.toml: those that the home page names, searched for once a week.
        (replace(SOURCE, endpoints=()), KNOWN, NOW + HOUR, "brings"),
        (replace(SOURCE, endpoints=()), replace(KNOWN, probed_at=NOW - 8 * DAY), NOW, "search for feeds"),
        (
            replace(SOURCE, endpoints=()),
            replace(KNOWN, probed_at=None, endpoints=(replace(FAILING, url=HOME),)),
            NOW + DAY,
            "failed 3 times",
        ),
    ],
)
def test_appointments(source: Source, known: SourceAgenda | None, at: dt.datetime | None, why: str) -> None:
    found = appointment(source, known, now=NOW, manners=Manners())
    assert found.at == at
    assert why in found.why
    assert found.is_due(NOW) == (at == NOW)
