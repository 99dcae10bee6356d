"""When an article is looked at again for edits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.rhythm import DueRecheck, Lateness, allowance, next_recheck, within_budget
from crawler.scheduling.rhythm.rechecks import SAMPLE, STEPS

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
CALM = 0.5  # a chance that picks no article for learning

MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
COUNTS = st.lists(st.floats(0, 1e6), min_size=len(STEPS), max_size=len(STEPS)).map(tuple)


def _next(
    age: dt.timedelta, lateness: Lateness, chance: float = CALM, *, edited: bool = False
) -> dt.timedelta | None:
    """The age at the next look of an article that was looked at when it was `age` old."""
    start = NOW - age
    at = next_recheck(
        published=start,
        first_seen=start,
        last_checked=NOW,
        changes=[NOW] if edited else [],
        source_lateness=lateness,
        now=NOW,
        chance=chance,
    )
    return at - start if at else None


def _ages(lateness: Lateness, chance: float = CALM) -> list[dt.timedelta]:
    """The ages at which an article that is never edited is looked at."""
    ages, age = [], 2 * MINUTE
    while (after := _next(age, lateness, chance)) is not None:
        ages.append(age := after)
    return ages


def _shown(found: float, looks: float = 1000) -> Lateness:
    return Lateness(looks=(looks,) * len(STEPS), found=(found * looks,) * len(STEPS))


def test_an_article_is_looked_at_often_in_its_first_hours_and_rarely_later() -> None:
    ages = _ages(_shown(0.2))
    assert len(ages) == len(STEPS)
    assert all(step <= age <= 1.1 * step for step, age in zip(STEPS, ages, strict=True))


def test_a_source_that_never_edits_is_left_alone_but_for_a_sample() -> None:
    assert _ages(_shown(0.0)) == []
    picked = [_next(2 * MINUTE, _shown(0.0), n / 1000) for n in range(1000)]
    assert sum(age is not None for age in picked) == SAMPLE * 1000
    assert {step for step in STEPS for age in picked if age and step <= age <= 1.1 * step} == set(STEPS)


def test_a_source_is_looked_at_as_late_as_it_edits() -> None:
    looks = (1000.0,) * len(STEPS)
    early = Lateness(looks=looks, found=(300, 200, 100, 0, 0, 0, 0))
    late = Lateness(looks=looks, found=(0, 0, 0, 0, 0, 200, 200))
    assert max(_ages(early)) < 9 * HOUR
    assert min(_ages(late)) >= 10 * DAY


def test_an_article_that_was_just_edited_is_looked_at_sooner_and_longer() -> None:
    for age in (HOUR, 8 * HOUR, 3 * DAY):
        plain, edited = _next(age, _shown(0.1)), _next(age, _shown(0.1), edited=True)
        assert plain is not None
        assert edited is not None
        assert age < edited < plain
    assert _next(DAY, _shown(0.02)) is None
    assert _next(DAY, _shown(0.02), edited=True) is not None


def test_an_article_without_a_date_or_with_one_to_come_counts_from_when_it_was_seen() -> None:
    for published in (None, NOW + DAY):
        at = next_recheck(
            published=published,
            first_seen=NOW,
            last_checked=NOW,
            changes=[],
            source_lateness=Lateness(),
            now=NOW,
            chance=CALM,
        )
        assert at is not None
        assert HOUR <= at - NOW <= 1.1 * HOUR


def test_what_was_missed_while_the_machine_slept_is_made_up_for_once() -> None:
    start = NOW - 20 * HOUR
    at = next_recheck(
        published=start,
        first_seen=start,
        last_checked=start,
        changes=[],
        source_lateness=_shown(0.2),
        now=NOW,
        chance=CALM,
    )
    assert at == NOW
    assert _next(20 * HOUR, _shown(0.2)) >= 3 * DAY  # type: ignore[operator]  # a day has nearly passed


@given(
    st.none() | MOMENTS,
    MOMENTS,
    st.timedeltas(dt.timedelta(), 400 * DAY),
    st.lists(MOMENTS, max_size=5).map(sorted),
    st.builds(Lateness, looks=COUNTS, found=COUNTS),
    st.floats(0, 1, exclude_max=True),
)
def test_a_recheck_is_never_in_the_past_and_they_come_to_an_end(
    published: dt.datetime | None,
    first_seen: dt.datetime,
    since: dt.timedelta,
    changes: list[dt.datetime],
    lateness: Lateness,
    chance: float,
) -> None:
    now, looks = first_seen + since, 0
    while now is not None:
        at = next_recheck(
            published=published,
            first_seen=first_seen,
            last_checked=now,
            changes=changes,
            source_lateness=lateness,
            now=now,
            chance=chance,
        )
        assert at is None or (at.tzinfo is dt.UTC and at >= now)
        now, looks = at, looks + 1
        assert looks < 100


def test_lateness_is_counted_by_the_age_at_the_look() -> None:
    lateness = (
        Lateness().after(70 * MINUTE, edited=True).after(DAY, edited=False).after(90 * DAY, edited=True)
    )
    assert lateness.looks == (1, 0, 0, 1, 0, 0, 1)
    assert lateness.found == (1, 0, 0, 0, 0, 0, 1)


def test_a_budget_goes_to_the_likeliest_edits_first() -> None:
    due = [
        DueRecheck(url_id=1, due_at=NOW, age=30 * DAY),
        DueRecheck(url_id=2, due_at=NOW, age=HOUR),
        DueRecheck(url_id=3, due_at=NOW - HOUR, age=HOUR),
        DueRecheck(url_id=4, due_at=NOW, age=HOUR, edits=2),
    ]

    def chosen(allowed: int) -> list[int]:
        return [one.url_id for one in within_budget(due, lateness=Lateness(), allowed=allowed)]

    assert chosen(10) == [4, 3, 2, 1]
    assert chosen(2) == [4, 3]
    assert chosen(0) == []


@pytest.mark.parametrize(
    ("spent", "lately", "allowed"),
    [(0, 0, 34), (30, 30, 4), (30, 0, 34), (34, 34, 0), (180, 10, 20), (200, 0, 0), (300, 300, 0)],
)
def test_a_budget_is_spread_over_the_day(spent: int, lately: int, allowed: int) -> None:
    assert allowance(200, spent=spent, lately=lately) == allowed


def test_a_day_of_it_is_the_whole_budget_and_no_more() -> None:
    spent: list[int] = []
    for _ in range(96):  # quarters of an hour, in which more is always due
        spent.append(allowance(200, spent=sum(spent[-96:]), lately=sum(spent[-16:])))
    assert sum(spent) == 200
    assert allowance(0, spent=0, lately=0) == 0
    assert allowance(1, spent=0, lately=0) == 1
