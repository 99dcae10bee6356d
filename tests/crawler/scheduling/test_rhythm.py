"""When to look again at a feed: what holds for all values, and a few days in the life of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.scheduling.rhythm import (
    BACKOFF,
    FLAT,
    Bounds,
    EndpointLook,
    Failure,
    Profile,
    first_rate,
    is_due,
    learned_profile,
    learned_rate,
    next_look,
)

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)  # a Tuesday
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BOUNDS = Bounds()
TICK = dt.timedelta(milliseconds=1)  # sums of floats

MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
CHANCES = st.floats(0, 1, exclude_max=True)
RATES = st.floats(0, 1e5)
SPANS = st.timedeltas(dt.timedelta(), 400 * DAY)
PROFILES = st.none() | st.lists(st.floats(0.02, 20), min_size=48, max_size=48).map(tuple)
LOOKS = st.builds(
    EndpointLook,
    rate=st.none() | RATES,
    last_new=st.none() | st.integers(0, 10_000),
    elapsed=st.none() | SPANS,
    failures=st.integers(0, 10**6),
    failure=st.none() | st.sampled_from(Failure),
    asked_interval=st.none() | SPANS,
    retry_after=st.none() | SPANS,
    profile=PROFILES,
)


@given(LOOKS, MOMENTS, CHANCES)
def test_a_look_is_always_within_the_bounds(look: EndpointLook, now: dt.datetime, chance: float) -> None:
    at = next_look(look, now=now, bounds=BOUNDS, chance=chance)
    assert at.utcoffset() == dt.timedelta()
    rests = look.failures or look.retry_after is not None
    assert BOUNDS.shortest <= at - now <= (BOUNDS.dead_longest if rests else BOUNDS.longest)


@given(LOOKS, MOMENTS, CHANCES, RATES, RATES)
def test_more_news_is_never_looked_at_later(
    look: EndpointLook, now: dt.datetime, chance: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    quiet, busy = replace(look, rate=less), replace(look, rate=more)
    after = next_look(quiet, now=now, bounds=BOUNDS, chance=chance)
    assert next_look(busy, now=now, bounds=BOUNDS, chance=chance) <= after + TICK


@given(LOOKS, MOMENTS, CHANCES, st.integers(0, 1000))
def test_news_in_the_last_look_never_defers_the_next(
    look: EndpointLook, now: dt.datetime, chance: float, more: int
) -> None:
    assume(look.last_new is not None)
    busier = replace(look, last_new=(look.last_new or 0) + more)
    after = next_look(look, now=now, bounds=BOUNDS, chance=chance)
    assert next_look(busier, now=now, bounds=BOUNDS, chance=chance) <= after + TICK


@given(LOOKS, MOMENTS, CHANCES)
def test_a_failure_more_never_brings_the_next_look_forward(
    look: EndpointLook, now: dt.datetime, chance: float
) -> None:
    after = next_look(look, now=now, bounds=BOUNDS, chance=chance)
    again = replace(look, failures=look.failures + 1)
    assert next_look(again, now=now, bounds=BOUNDS, chance=chance) >= after


@given(LOOKS, MOMENTS, CHANCES)
def test_a_server_that_asks_for_a_rest_gets_it(look: EndpointLook, now: dt.datetime, chance: float) -> None:
    assume(look.retry_after is not None)
    at = next_look(look, now=now, bounds=BOUNDS, chance=chance)
    assert at - now >= min(look.retry_after or DAY, BOUNDS.dead_longest)


@given(LOOKS, MOMENTS, SPANS)
def test_a_publishers_wish_never_brings_a_look_forward_once_the_rate_is_known(
    look: EndpointLook, now: dt.datetime, asked: dt.timedelta
) -> None:
    assume(look.rate is not None)
    ours = next_look(replace(look, asked_interval=None), now=now, bounds=BOUNDS, chance=0)
    theirs = next_look(replace(look, asked_interval=asked), now=now, bounds=BOUNDS, chance=0)
    assert ours <= theirs


@pytest.mark.parametrize(
    ("rate", "at_least", "at_most"),
    [
        (0.0, 12 * HOUR, 12 * HOUR),
        (1 / 7, 12 * HOUR, 12 * HOUR),
        (1.0, 4 * HOUR, 8 * HOUR),
        (20.0, 10 * MINUTE, 30 * MINUTE),
        (200.0, 5 * MINUTE, 8 * MINUTE),
        (1e9, 5 * MINUTE, 5 * MINUTE),
    ],
)
def test_the_more_news_the_more_looks(rate: float, at_least: dt.timedelta, at_most: dt.timedelta) -> None:
    interval = next_look(EndpointLook(rate=rate), now=NOW, bounds=BOUNDS, chance=0) - NOW
    assert at_least <= interval <= at_most


def test_an_endpoint_of_which_nothing_is_known_is_looked_at_as_its_publisher_asks() -> None:
    assert next_look(EndpointLook(), now=NOW, bounds=BOUNDS, chance=0) == NOW + HOUR
    asked = EndpointLook(asked_interval=20 * MINUTE)
    assert next_look(asked, now=NOW, bounds=BOUNDS, chance=0) == NOW + 20 * MINUTE
    lies = EndpointLook(asked_interval=MINUTE)
    assert next_look(lies, now=NOW, bounds=BOUNDS, chance=0) == NOW + BOUNDS.shortest


def test_a_publisher_that_asks_for_a_day_is_not_believed() -> None:
    look = EndpointLook(rate=20)
    plain = next_look(look, now=NOW, bounds=BOUNDS, chance=0) - NOW
    asked = next_look(replace(look, asked_interval=DAY), now=NOW, bounds=BOUNDS, chance=0) - NOW
    assert plain < asked <= 2 * plain


@pytest.mark.parametrize("failure", Failure)
def test_a_dead_feed_is_asked_ever_more_rarely_and_never_forgotten(failure: Failure) -> None:
    look = EndpointLook(rate=50, failure=failure)
    waits = [
        next_look(replace(look, failures=n), now=NOW, bounds=BOUNDS, chance=0) - NOW for n in range(1, 60)
    ]
    assert waits[0] >= 10 * MINUTE
    assert all(one <= other for one, other in pairwise(waits))
    assert DAY <= waits[-1] == BACKOFF[failure].longest <= BOUNDS.dead_longest


def test_a_deed_of_the_owner_rests_longer_than_a_mishap() -> None:
    first = {failure: backoff.first for failure, backoff in BACKOFF.items()}
    assert set(first) == set(Failure)
    assert (
        first[Failure.TIMEOUT] < first[Failure.HTTP_404] < first[Failure.HTTP_403] < first[Failure.HTTP_410]
    )


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (200, None),
        (304, None),
        (302, Failure.HTTP_4XX),
        (401, Failure.HTTP_403),
        (404, Failure.HTTP_404),
        (410, Failure.HTTP_410),
        (418, Failure.HTTP_4XX),
        (429, Failure.HTTP_429),
        (500, Failure.HTTP_5XX),
        (599, Failure.HTTP_5XX),
    ],
)
def test_what_a_status_means(status: int, failure: Failure | None) -> None:
    assert Failure.of_status(status) is failure


@given(RATES, st.integers(0, 500), st.timedeltas(MINUTE, 30 * DAY))
def test_a_rate_lies_between_what_was_thought_and_what_was_seen(
    before: float, new: int, elapsed: dt.timedelta
) -> None:
    seen = new / (elapsed / DAY)
    rate = learned_rate(before, new, elapsed)
    assert min(before, seen) * (1 - 1e-9) <= rate <= max(before, seen) * (1 + 1e-9)


@given(RATES, st.timedeltas(MINUTE, 30 * DAY), st.integers(2, 50))
def test_a_rate_does_not_depend_on_how_often_nothing_was_seen(
    before: float, elapsed: dt.timedelta, looks: int
) -> None:
    rate = before
    for _ in range(looks):
        rate = learned_rate(rate, 0, elapsed / looks)
    assert rate == pytest.approx(learned_rate(before, 0, elapsed), rel=1e-6, abs=1e-9)


def test_a_rate_is_learned_and_forgotten() -> None:
    rate = learned_rate(None, 0, DAY)
    for _ in range(4 * 30):
        rate = learned_rate(rate, 10, DAY / 4)
    assert rate == pytest.approx(40, rel=0.03)
    for _ in range(30):
        rate = learned_rate(rate, 1, DAY)
    assert rate == pytest.approx(1, abs=1)


def test_a_clock_that_was_set_back_teaches_nothing() -> None:
    assert learned_rate(7.0, 5, -HOUR) == 7.0
    assert learned_rate(None, 5, dt.timedelta()) == 0.0
    assert learned_profile(None, 5, rate=7, since=NOW, until=NOW - HOUR) == FLAT


def test_the_first_rate_is_that_of_the_dates_in_the_feed() -> None:
    dates = [NOW - n * DAY / 4 for n in range(20)]
    assert first_rate([*dates, None, NOW + DAY], NOW) == pytest.approx(4, rel=0.1)
    assert first_rate([NOW - DAY], NOW) is None
    assert first_rate([None, None], NOW) is None
    assert first_rate([NOW] * 30, NOW) == 30 * 24  # all at once: one hour, not none


@given(PROFILES, st.integers(0, 500), RATES, MOMENTS, SPANS)
def test_a_profile_keeps_its_shape(
    before: Profile | None, new: int, rate: float, since: dt.datetime, span: dt.timedelta
) -> None:
    after = learned_profile(before, new, rate=rate, since=since, until=since + span)
    assert len(after) == 48
    assert all(0.02 <= value <= 20 for value in after)


def test_a_source_that_sleeps_at_night_is_left_alone_till_the_morning() -> None:
    profile: Profile | None = None
    at = NOW - 60 * DAY
    while at < NOW:
        new = 4 if 6 <= at.hour < 18 else 0
        profile = learned_profile(profile, new, rate=48, since=at, until=at + HOUR)
        at += HOUR
    look = EndpointLook(rate=48, profile=profile)

    def wait(hour: int) -> dt.timedelta:
        now = NOW.replace(hour=hour)
        return next_look(look, now=now, bounds=BOUNDS, chance=0) - now

    assert wait(12) <= 10 * MINUTE
    assert wait(19) >= 1 * HOUR
    assert wait(5) <= 75 * MINUTE  # … and not longer than into its morning


def test_breaking_news_is_looked_at_sooner() -> None:
    usual = EndpointLook(rate=10, last_new=0, elapsed=HOUR)
    burst = replace(usual, last_new=8)
    soon, later = (next_look(look, now=NOW, bounds=BOUNDS, chance=0) - NOW for look in (burst, usual))
    assert soon * 3 < later


def test_looks_that_were_together_drift_apart() -> None:
    look = EndpointLook(rate=2)
    waits = {next_look(look, now=NOW, bounds=BOUNDS, chance=n / 1000) for n in range(1000)}
    assert len(waits) == 1000
    assert max(waits) - min(waits) > 0.09 * (max(waits) - NOW)


def test_after_a_long_sleep_there_is_one_look_and_no_storm() -> None:
    """1,000 feeds wake together after three days: one look each, then spread over their next interval."""
    woken = [
        next_look(
            EndpointLook(rate=2 + n / 100, last_new=6, elapsed=3 * DAY),
            now=NOW,
            bounds=BOUNDS,
            chance=n * 0.618 % 1,
        )
        for n in range(1000)
    ]
    minutes = [int((at - NOW) / MINUTE) for at in woken]
    assert min(minutes) >= 5
    assert max(map(minutes.count, minutes)) < 60


@pytest.mark.parametrize(
    ("at", "due"),
    [(None, True), (NOW, True), (NOW + TICK, False), (NOW + 7 * DAY, False), (NOW + 8 * DAY, True)],
)
def test_what_a_clock_that_was_ahead_has_set_is_due(at: dt.datetime | None, due: bool) -> None:
    assert is_due(at, now=NOW, bounds=BOUNDS) is due
