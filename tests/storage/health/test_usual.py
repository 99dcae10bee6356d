from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.health.tally import Tally, Watch
from storage.health.usual import (
    SHORTEST_LIMIT,
    Share,
    quantile,
    silence_limit,
    upper_tail,
    usual_number,
    usual_share,
)
from tests.storage.health.columns import Day, days_of

MONDAY = dt.date(2026, 1, 5)
NOON = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
AN_HOUR = 3600  # seconds
BYLINES = Share(part="no_byline", whole=("read",))


def day(number: int, looks: int = 1, **counts: int) -> Day:
    return Day(day=MONDAY + dt.timedelta(days=number), tally=Tally(**counts), looks=looks)


def test_a_weekday_is_compared_with_its_own_kind() -> None:
    days = [day(n, stored=2 if n % 7 >= 5 else (30 if n % 7 else 50)) for n in range(42)]
    for offset, number in ((0, 50), (1, 30), (5, 2), (6, 2)):
        usual = usual_number(days_of(days), MONDAY + dt.timedelta(days=42 + offset), "stored")
        assert usual is not None
        assert usual.median == number


def test_with_few_weeks_workdays_are_compared_with_workdays() -> None:
    days = [day(n, stored=1 if n % 7 >= 5 else 30) for n in range(14)]
    usual = usual_number(days_of(days), MONDAY + dt.timedelta(days=14), "stored")
    assert usual is not None
    assert (usual.median, usual.days) == (30, 10)


def test_days_on_which_nobody_looked_say_nothing() -> None:
    days = [day(n, stored=30) for n in range(20)] + [day(n, looks=0) for n in range(20, 42)]
    usual = usual_number(days_of(days), MONDAY, "stored")
    assert usual is not None
    assert usual.low == 30
    assert usual_number(days_of(day(n, looks=0) for n in range(42)), MONDAY, "stored") is None


def test_a_share_is_usual_only_when_enough_was_seen() -> None:
    assert usual_share(days_of(day(n, read=4, no_byline=4) for n in range(4)), BYLINES) is None
    assert usual_share(days_of(day(n, read=3) for n in range(6)), BYLINES) is None
    usual = usual_share(days_of(day(n, read=20, no_byline=5) for n in range(10)), BYLINES)
    assert usual is not None
    assert usual.median == 0.25
    assert 0.25 <= usual.high < 0.28


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=42), st.booleans())
def test_a_share_is_taken_of_the_days_that_had_pages(counts: list[tuple[int, int]], none: bool) -> None:
    days = [day(n, read=read, no_body=0 if none else no_body) for n, (read, no_body) in enumerate(counts)]
    usual = usual_share(days_of(days), Share(part="no_body", whole=("read", "no_body")))
    parts = [(one.tally.no_body, one.tally.read + one.tally.no_body) for one in days]
    parts = [(part, whole) for part, whole in parts if whole]
    pages = sum(whole for _, whole in parts)
    if len(parts) < 5 or pages < 20:
        assert usual is None
        return
    assert usual is not None
    pooled = sum(part for part, _ in parts) / pages
    daily = sorted(part / whole for part, whole in parts if whole >= 5)
    assert usual.median == (quantile(daily, 0.5) if len(daily) >= 5 else pooled)
    assert usual.high >= (pooled * pages + 2) / (pages + 4)
    assert usual.days == len(parts)


def test_one_bad_day_does_not_become_usual() -> None:
    days = [day(n, read=20, no_byline=20 if n == 7 else 1) for n in range(42)]
    usual = usual_share(days_of(days), BYLINES)
    assert usual is not None
    assert usual.median == 0.05
    assert usual.high < 0.2


def test_the_limit_of_silence_follows_the_source() -> None:
    busy = silence_limit([8 * AN_HOUR] * 100, 2)
    weekly = silence_limit([167 * AN_HOUR] * 12 + [170 * AN_HOUR], 2)
    assert busy is not None
    assert weekly is not None
    assert 16 * HOUR < busy < 24 * HOUR
    assert 14 * 24 * HOUR < weekly < 35 * 24 * HOUR
    assert silence_limit([8 * AN_HOUR] * 4, 2) is None
    assert silence_limit([0] * 50, 2) == SHORTEST_LIMIT


def test_an_outage_of_long_ago_does_not_make_the_next_one_unheard() -> None:
    assert silence_limit([8 * AN_HOUR] * 99 + [500 * AN_HOUR], 2) == silence_limit([8 * AN_HOUR] * 99, 2)


@given(st.lists(st.integers(0, 10**7), min_size=5, max_size=200), st.floats(1, 10))
def test_the_limit_is_longer_than_nearly_all_that_was(seconds: list[int], patience: float) -> None:
    limit = silence_limit(seconds, patience)
    assert limit is not None
    assert sum(dt.timedelta(seconds=s) > limit for s in seconds) <= len(seconds) // 10


@given(st.integers(1, 60), st.floats(0.02, 0.98), st.data())
@settings(max_examples=200)
def test_tails_are_chances_and_shrink(whole: int, share: float, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, whole))
    tail = upper_tail(part, whole, share)
    assert -1e-9 <= tail <= upper_tail(part - 1, whole, share) + 1e-9 <= 1 + 2e-9
    assert upper_tail(0, whole, share) == pytest.approx(1)


def test_quantiles_lie_between_values() -> None:
    assert [quantile([1, 2, 3, 5], q) for q in (0, 0.5, 1)] == [1, 2.5, 5]
    assert quantile([7], 0.95) == 7


def test_silence_is_what_was_watched() -> None:
    watch = Watch()
    watch, ended = watch.after(NOON, 3)
    assert ended is None
    watch, ended = watch.after(NOON + 2 * HOUR, 0)
    assert (watch.silence, ended) == (2 * HOUR, None)
    watch, ended = watch.after(NOON + 5 * HOUR, 1)  # looks between failed, or were not made
    assert (watch.silence, ended) == (dt.timedelta(0), 5 * HOUR)
    watch, ended = watch.after(NOON + 500 * HOUR, 1)  # nobody looked for weeks: that was not its silence
    assert ended == 26 * HOUR


def test_a_clock_that_was_put_back_makes_no_silence() -> None:
    watch, _ = Watch().after(NOON, 1)
    watch, _ = watch.after(NOON - HOUR, 0)
    assert watch.silence == dt.timedelta(0)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 2)), max_size=50))
def test_silence_never_exceeds_the_time_that_passed(looks: list[tuple[int, int]]) -> None:
    watch, at = Watch(), NOON
    for hours, news in looks:
        at += hours * HOUR
        watch, ended = watch.after(at, news)
        assert dt.timedelta(0) <= watch.silence <= at - NOON
        assert ended is None or (news and ended <= at - NOON)
