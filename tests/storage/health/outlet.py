"""A simulated outlet, seen look by look: what an archive would know of it, without any page."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from storage.health.looks import Look
from storage.health.rules import SourceFacts
from storage.health.tally import Tally, Watch
from storage.health.usual import SILENCE_DAYS, WEEKS
from tests.storage.health.columns import Day, days_of, looks_of

MONDAY = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How an outlet publishes."""

    workday: float
    # Articles on a working day.
    weekend: float
    # … on Saturday, Sunday and a holiday.
    begins: int = 6
    ends: int = 22
    # The hours in which it publishes.
    no_byline: float = 0.15
    # The share of its pages without one; it differs from day to day.
    errors: float = 0.01
    look_hours: float = 1.0
    weekly: int | None = None
    # It publishes on this weekday alone.


NATIONAL = Habits(workday=140, weekend=70)
REGIONAL = Habits(workday=20, weekend=5, no_byline=0.4)
TRADE = Habits(workday=4, weekend=0, begins=8, ends=17)
WEEKLY = Habits(workday=8, weekend=0, weekly=3, look_hours=4)
BLOG = Habits(workday=0.25, weekend=0.25, begins=0, ends=24, look_hours=6)
ONCE_A_DAY = Habits(workday=30, weekend=12, look_hours=24)
HABITS = {
    "national": NATIONAL,
    "regional": REGIONAL,
    "trade": TRADE,
    "weekly": WEEKLY,
    "blog": BLOG,
    "looked at once a day": ONCE_A_DAY,
}


def holidays(seed: random.Random) -> set[dt.date]:
    """Single days here and there, and one long weekend of four, in each quarter."""
    days = {(MONDAY + dt.timedelta(days=seed.randrange(7, 280))).date() for _ in range(6)}
    for quarter in range(3):
        friday = MONDAY + dt.timedelta(days=91 * quarter + 7 * seed.randrange(1, 12) + 4)
        days |= {(friday + dt.timedelta(days=n)).date() for n in (0, 3)}
    return days


def _as_it_is(tally: Tally) -> Tally:
    return tally


@dataclass
class Outlet:
    """An outlet and its archive's account of it, as time passes."""

    habits: Habits
    seed: random.Random
    now: dt.datetime = MONDAY
    days: dict[dt.date, Day] = field(default_factory=dict)
    looks: deque[Look] = field(default_factory=lambda: deque(maxlen=30))
    watch: Watch = field(default_factory=Watch)
    stored_at: dt.datetime | None = None
    holidays: Collection[dt.date] = ()
    change: Callable[[Tally], Tally] = _as_it_is
    # What is done to each look: an outage, a new layout.

    def pass_by(self, span: dt.timedelta) -> Iterator[SourceFacts]:
        """Look regularly for so long; what is known after each look."""
        end = self.now + span
        while self.now < end:
            self._look()
            yield self.facts()

    def facts(self) -> SourceFacts:
        today = self.now.date()
        known = [day for day in self.days.values() if day.day < today]
        silences = (day.longest_silence for day in known[-SILENCE_DAYS:])
        return SourceFacts(
            slug="outlet",
            home_page="https://outlet.example/",
            looks=looks_of(reversed(self.looks)),
            days=days_of(known[-7 * WEEKS :]),
            silences=[round(silence / SECOND) for silence in silences if silence is not None],
            watch=self.watch,
            last_stored_at=self.stored_at,
        )

    def _look(self) -> None:
        step = dt.timedelta(hours=self.habits.look_hours)
        tally = self.change(self._tally(self.now, step))
        self.now += step
        self.looks.append(Look(at=self.now, tally=tally))
        day = self.days.get(self.now.date()) or Day(day=self.now.date(), tally=Tally())
        silence = day.longest_silence
        if tally.looked:
            self.watch, ended = self.watch.after(self.now, tally.news)
            silence = max(filter(None, (silence, ended)), default=None)
        if tally.stored:
            self.stored_at = self.now
        self.days[day.day] = replace(
            day,
            tally=day.tally + tally,
            looks=day.looks + tally.looked,
            blind_looks=day.blind_looks + tally.blind,
            longest_silence=silence,
        )

    def _tally(self, begin: dt.datetime, step: dt.timedelta) -> Tally:
        hours = range(math.ceil(step / HOUR))
        news = sum(self._articles(begin + n * HOUR) for n in hours)
        share = self.seed.betavariate(8 * self.habits.no_byline, 8 * (1 - self.habits.no_byline))
        errors = sum(self.seed.random() < self.habits.errors for _ in range(news))
        read = news - errors
        return Tally(
            answered=2,
            announced=news,
            news=news,
            pages=news,
            stored=read,
            read=read,
            no_byline=sum(self.seed.random() < share for _ in range(read)),
            no_picture=sum(self.seed.random() < 0.05 for _ in range(read)),
            errors=errors,
        )

    def _articles(self, hour: dt.datetime) -> int:
        habits, day = self.habits, hour.date()
        quiet = day.weekday() >= 5 or day in self.holidays
        mean = habits.weekend if quiet else habits.workday
        if habits.weekly is not None:
            mean = habits.workday if day.weekday() == habits.weekly else 0
        if not habits.begins <= hour.hour < habits.ends:
            return 0
        return _poisson(mean / (habits.ends - habits.begins), self.seed)


def _poisson(mean: float, seed: random.Random) -> int:
    limit, number, product = math.exp(-mean), 0, seed.random()
    while product > limit:
        number += 1
        product *= seed.random()
    return number


def settled(habits: Habits, seed: int, *, weeks: int = 8) -> Outlet:
    """An outlet that has been watched for some weeks."""
    chance = random.Random(seed)
    outlet = Outlet(habits=habits, seed=chance, holidays=holidays(chance))
    for _ in outlet.pass_by(weeks * 7 * DAY):
        pass
    return outlet
