"""When an endpoint (a feed, sitemap or section page) is looked at again."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.scheduling.rhythm.backoff import BACKOFF, Failure
from crawler.scheduling.rhythm.profile import FLAT, Profile, expected, hours

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

MEMORY = dt.timedelta(days=7)  # what was longer ago counts for less than a third in a rate
# How long an endpoint with one new URL a day rests; with many times as many, so many times shorter. At
# PROMPT it is short enough: shorter only where each look may expect a new URL. Found by simulation
# (benchmarks/schedule_year.py).
PACE = dt.timedelta(hours=5)
PROMPT = dt.timedelta(minutes=10)
STEADY = 2.0  # the last look's news counts beside so many URLs at the usual rate: news comes in bursts
GRANTED = 1.5  # the publisher's wish for a longer pause stretches ours at most so much
JITTER = 0.1  # of the interval: endpoints that were once looked at together drift apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """Between which limits an endpoint's interval lies."""

    shortest: dt.timedelta = dt.timedelta(minutes=5)
    longest: dt.timedelta = dt.timedelta(hours=12)
    # Of one that answers.
    dead_longest: dt.timedelta = dt.timedelta(days=7)
    # Of one that fails again and again.
    first: dt.timedelta = dt.timedelta(hours=1)
    # Of one whose rate is not known yet, where the publisher asks for none.

    def held(self, interval: dt.timedelta) -> dt.timedelta:
        """`interval`, or the limit that it passes."""
        return min(max(interval, self.shortest), self.longest)


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointLook:
    """What is known of an endpoint after a look at it."""

    rate: float | None = None
    # New URLs a day (`learned_rate`); None: nothing is known yet.
    last_new: int | None = None
    # New URLs that this look brought; None where it failed.
    elapsed: dt.timedelta | None = None
    # … and over how much time: since the successful look before; None where there was none.
    failures: int = 0
    # In a row, this look among them.
    failure: Failure | None = None
    # Why this look failed; None: it succeeded.
    asked_interval: dt.timedelta | None = None
    # What the publisher says: ttl, sy:updatePeriod, Cache-Control's max-age. The longest of these.
    retry_after: dt.timedelta | None = None
    # Retry-After of this look's answer.
    profile: Profile | None = None
    # At which hours its news comes (`learned_profile`); None: not known.


def learned_rate(before: float | None, new: int, elapsed: dt.timedelta) -> float:
    """New URLs a day after a look brought `new` ones in `elapsed`; `before` is the rate till then.

    A mean that forgets: a look weighs as much as the time that it covers.
    """
    if elapsed <= dt.timedelta():  # a clock was set back
        return before or 0.0
    days = elapsed / DAY
    if before is None:
        return new / max(days, HOUR / DAY)
    kept = math.exp(-days / (MEMORY / DAY))
    # `new / days` weighs 1 - kept; written so that it holds for any time, however short.
    return before * kept + new * (-math.expm1(-days / (MEMORY / DAY)) / days)


def first_rate(published: Iterable[dt.datetime | None], now: dt.datetime) -> float | None:
    """New URLs a day, by the dates in an endpoint's first answer; None where they say nothing."""
    dates = [date for date in published if date is not None and date <= now]
    if len(dates) < 2:
        return None
    return len(dates) / max((now - min(dates)) / DAY, HOUR / DAY)


def next_look(look: EndpointLook, *, now: dt.datetime, bounds: Bounds, chance: float) -> dt.datetime:
    """When to look at an endpoint again; `chance` in [0, 1) brings the look forward a little."""
    interval = bounds.held(_wished(look, now, bounds) * (1 - JITTER * chance))
    return now + max(interval, rest(look, bounds=bounds, chance=chance))


def rest(look: EndpointLook, *, bounds: Bounds, chance: float) -> dt.timedelta:
    """How long an endpoint is left alone for what went wrong, whatever it usually brings."""
    asked = look.retry_after or dt.timedelta()
    if not look.failures:
        return min(asked, bounds.dead_longest)
    grown = BACKOFF[look.failure or Failure.TIMEOUT].rest(look.failures) * (1 - JITTER * chance)
    return min(max(grown, asked), bounds.dead_longest)


def is_due(at: dt.datetime | None, *, now: dt.datetime, bounds: Bounds) -> bool:
    """Whether a look that was set for `at` is due: never set, passed, or set by a clock that was ahead."""
    return at is None or at <= now or at > now + max(bounds.longest, bounds.dead_longest)


def _wished(look: EndpointLook, now: dt.datetime, bounds: Bounds) -> dt.timedelta:
    """The interval by the endpoint's news, and what its publisher asks for."""
    asked = look.asked_interval
    if look.rate is None:
        return asked or bounds.first
    interval = _interval(look, look.rate * _burst(look, look.rate, now), now, bounds)
    return interval if asked is None else max(interval, min(asked, GRANTED * interval))


def _burst(look: EndpointLook, rate: float, now: dt.datetime) -> float:
    """How much more news than usual the last look brought; less than 1: less."""
    if look.last_new is None or look.elapsed is None or not dt.timedelta() < look.elapsed <= DAY:
        return 1.0  # what came in the days that a machine slept says nothing of today
    usual = rate * expected(look.profile or FLAT, now - look.elapsed, now)
    return (look.last_new + STEADY) / (usual + STEADY)


def _interval(look: EndpointLook, rate: float, now: dt.datetime, bounds: Bounds) -> dt.timedelta:
    """How long until a look is worth its request: each hour adds what part of its own interval it is."""
    if look.profile is None:
        return _pace(rate, bounds)
    share = 0.0
    waited = dt.timedelta()
    for place, seconds in hours(now, now + bounds.longest):
        pace = _pace(rate * look.profile[place], bounds).total_seconds()
        if share + seconds / pace >= 1:
            return waited + dt.timedelta(seconds=(1 - share) * pace)
        share += seconds / pace
        waited += dt.timedelta(seconds=seconds)
    return bounds.longest


def _pace(rate: float, bounds: Bounds) -> dt.timedelta:
    """The interval at a rate that does not change."""
    if rate <= PACE / bounds.longest:
        return bounds.longest
    return bounds.held(max(PACE / rate, min(DAY / rate, PROMPT)))
