"""When a look that failed is tried again."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest

from crawler.scheduling.looking import after_failure
from crawler.scheduling.rhythm import Bounds, Failure
from storage.sources import EndpointState

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
UNKNOWN = dict.fromkeys(field.name for field in fields(EndpointState))
DULL: dict[str, Any] = {
    **UNKNOWN,
    "id": 1,
    "url": "https://e.org/feed",
    "rate": 0.1,
}  # hardly ever brings news


@pytest.mark.parametrize(
    ("is_timed", "failures", "retry_after", "rest"),
    [
        (False, 0, None, Bounds().longest),  # no sooner than it is worth a look
        (True, 0, None, 10 * MINUTE),  # as soon as what went wrong may be over: `every` says the rest
        (True, 1, None, 12.5 * MINUTE),
        (True, 0, 3600.0, HOUR),
        (True, 99, None, Bounds().dead_longest),
    ],
)
def test_the_rest(is_timed: bool, failures: int, retry_after: float | None, rest: dt.timedelta) -> None:
    state = EndpointState(**{**DULL, "failures": failures})
    at = after_failure(
        state, Failure.REFUSED, retry_after, now=NOW, bounds=Bounds(), chance=0.0, is_timed=is_timed
    )
    assert at - NOW == rest
