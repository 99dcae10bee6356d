"""A press that exists in numbers only: when each source publishes, edits, fails and dies in a year.

`source(seed, number, days)` is the same again for the same arguments. Instants are seconds since `START`.
What is drawn, and how, stands in the tables at the top; docs/scheduling.md says it in words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.scheduling.rhythm import Failure

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
BEFORE = 45  # days that the press has existed before the first look
EDITS_END = 30  # days after which no article is edited

RATES = (0.1, 300.0)  # articles a day, spread evenly over the orders of magnitude
OFFSETS = (
    -8,
    -5,
    -3,
    0,
    1,
    1,
    1,
    2,
    3,
    5,
    8,
    9,
)  # hours from UTC, with those that have much press more often
HOLIDAYS = (0, 94, 120, 148, 227, 304, 357, 358, 359, 364)  # days of the year
WORLD_NEWS = 12  # events a year that nearly everybody writes of
LOCAL_NEWS = 8  # … and those that one source does
HABITS = {"newsroom": 0.70, "round the clock": 0.20, "once a day": 0.10}
ONCE_A_DAY = 20.0  # articles a day above which nobody brings all at once
# How many of its newest entries a feed holds, and how many feeds do.
WINDOWS = ((10, 15, 20, 25, 30, 50, 100), (0.25, 0.10, 0.20, 0.10, 0.10, 0.15, 0.10))
SHORTEST_WINDOW = 0.15  # days of a source's usual news that its feed holds at least
# What a feed says of its interval (minutes), whether its answers are really that old, and how many feeds do.
WORDS = (
    (None, False, 0.50),
    (60, False, 0.25),  # a default of the software that means nothing
    (10, True, 0.15),  # a cache that keeps its word
    (1440, False, 0.07),  # a lie: a day
    (1, False, 0.03),  # a lie: a minute
)
OUTAGES = (
    (5.0, 2.0, 1.2),
    (0.4, 96.0, 0.9),
)  # (a year, median hours, spread): of hours, and of days to weeks
PASSING = (Failure.TIMEOUT, Failure.HTTP_5XX, Failure.REFUSED, Failure.DNS, Failure.BROKEN)
DYING, MOVING = 0.06, 0.04  # shares of sources, in a year
FINAL = (Failure.HTTP_404, Failure.HTTP_410, Failure.DNS)

Instants = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """A time in which a feed cannot be read."""

    start: float
    end: float
    failure: Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class PressSource:
    """One source's year."""

    rate: float
    # Articles a day, as drawn; holidays, bursts and changes of habit come on top.
    published: Instants
    # In order; those before 0 were there before the first look.
    visible: Instants
    # When each article stands in the feed as it is served.
    window: int
    asked: dt.timedelta | None
    outages: tuple[Outage, ...]
    # In order, apart from each other.
    edits: tuple[Instants, NDArray[np.int64]]
    # Instants, and the place in `published` of the article; by article, then instant.


def source(seed: int, number: int, days: int) -> PressSource:
    """Draw the source of this number."""
    rng = np.random.default_rng([seed, number])
    rate = float(np.exp(rng.uniform(*np.log(RATES))))
    outages = _outages(rng, days)
    dead = outages[-1].start if outages and outages[-1].end == np.inf else np.inf
    published = _articles(rng, rate, days, np.random.default_rng([seed]))
    published = published[published < dead]
    minutes, kept, _ = WORDS[rng.choice(len(WORDS), p=[share for *_, share in WORDS])]
    age = minutes * MINUTE if minutes and kept else 0.0
    return PressSource(
        rate=rate,
        published=published,
        visible=np.ceil(published / age) * age if age else published,
        window=max(int(rng.choice(WINDOWS[0], p=WINDOWS[1])), round(SHORTEST_WINDOW * rate)),
        asked=dt.timedelta(minutes=minutes) if minutes else None,
        outages=outages,
        edits=_edits(rng, published),
    )


def _articles(rng: np.random.Generator, rate: float, days: int, world: np.random.Generator) -> Instants:
    hour = np.arange(-BEFORE * 24, (days + 1) * 24)
    habit = str(rng.choice(list(HABITS), p=list(HABITS.values())))
    if habit == "once a day" and rate > ONCE_A_DAY:
        habit = "newsroom"
    intensity = rate / 24 * _week(rng, hour, habit) * _bursts(rng, hour, days, world)
    if rng.random() < 0.25:  # the newsroom grows or shrinks on some day
        intensity[hour >= rng.uniform(0, days * 24)] *= np.exp(rng.normal(0, 0.7))
    counts = rng.poisson(intensity)
    within = rng.uniform(0, 10 * MINUTE if habit == "once a day" else HOUR, counts.sum())
    return np.sort(np.repeat(hour, counts) * HOUR + within)


def _week(rng: np.random.Generator, hour: NDArray[np.int64], habit: str) -> Instants:
    """How busy each hour is, beside a mean of about 1."""
    local = hour + int(rng.choice(OFFSETS))
    clock, day = local % 24, local // 24
    if habit == "once a day":
        shape = np.where(np.arange(24) == rng.integers(0, 24), 1.0, 0.0)
    else:
        peaks = [(rng.uniform(7, 11), rng.uniform(2, 3.5)), (rng.uniform(14, 19), rng.uniform(2, 4))]
        distance = [
            np.minimum(abs(np.arange(24) - at), 24 - abs(np.arange(24) - at)) / wide for at, wide in peaks
        ]
        shape = sum(np.exp(-(d**2) / 2) for d in distance) + (1.0 if habit == "round the clock" else 0.03)
    weekday = (START.weekday() + day) % 7
    quiet = (weekday >= 5) | np.isin(day % 365, HOLIDAYS)
    return (shape / shape.mean())[clock] * np.where(quiet, rng.uniform(0.15, 1.0), 1.0)


def _bursts(
    rng: np.random.Generator, hour: NDArray[np.int64], days: int, world: np.random.Generator
) -> Instants:
    """Breaking news: many times the usual, which wears off within hours."""
    busy = np.ones(len(hour))
    events = [*_events(world, WORLD_NEWS, days, 0.8), *_events(rng, LOCAL_NEWS, days, 1.0)]
    for at, height, length in events:
        busy += np.where(hour >= at, height * np.exp(-np.maximum(hour - at, 0) / length), 0)
    return busy


def _events(
    rng: np.random.Generator, a_year: int, days: int, scale: float
) -> list[tuple[float, float, float]]:
    number = rng.poisson(a_year * days / 365)
    drawn = rng.uniform((0, 2, 2), (days * 24, 6, 12), (number, 3))
    return [(at, height * scale, length) for at, height, length in drawn.tolist()]


def _outages(rng: np.random.Generator, days: int) -> tuple[Outage, ...]:
    drawn: list[Outage] = []
    for a_year, median, spread in OUTAGES:
        for start in rng.uniform(0, days, rng.poisson(a_year * days / 365)).tolist():
            length = median * HOUR * float(np.exp(rng.normal(0, spread)))
            drawn.append(_outage(start, length, PASSING[rng.integers(len(PASSING))]))
    if rng.random() < MOVING * days / 365:  # … until somebody gives the archive its new address
        drawn.append(_outage(rng.uniform(0, days), rng.uniform(1, 14) * DAY, Failure.HTTP_404))
    if rng.random() < DYING * days / 365:
        drawn.append(_outage(rng.uniform(0, days), np.inf, FINAL[rng.integers(len(FINAL))]))
    apart: list[Outage] = []
    for outage in sorted(drawn, key=lambda one: one.start):
        if not apart or outage.start >= apart[-1].end:
            apart.append(outage)
        elif outage.end > apart[-1].end:
            apart.append(Outage(start=apart[-1].end, end=outage.end, failure=outage.failure))
    return tuple(apart)


def _outage(day: float, length: float, failure: Failure) -> Outage:
    return Outage(start=day * DAY, end=day * DAY + length, failure=failure)


def _edits(rng: np.random.Generator, published: Instants) -> tuple[Instants, NDArray[np.int64]]:
    """Some sources edit half their articles and some hardly any; most within hours, some after weeks."""
    edited = rng.random(len(published)) < rng.beta(1, 4)
    number = np.where(edited, rng.geometric(0.5, len(published)), 0)
    article = np.repeat(np.arange(len(published)), number)
    median = np.exp(rng.uniform(np.log(0.5), np.log(24)))
    lateness = median * HOUR * np.exp(rng.normal(0, 1.4, len(article)))
    at, article = (
        (published[article] + lateness)[lateness < EDITS_END * DAY],
        article[lateness < EDITS_END * DAY],
    )
    order = np.lexsort((at, article))
    return at[order], article[order]
