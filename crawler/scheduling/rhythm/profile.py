"""At which hours a source brings its news: a weekday and a weekend day, in 24 hours each, in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

Profile = tuple[float, ...]
# How busy each of 48 hours is, beside a mean of 1: those of a weekday, then those of a Saturday or Sunday.
FLAT: Profile = (1.0,) * 48

HOUR, DAY = dt.timedelta(hours=1), 86_400.0
WEIGHT = 5.0  # what an hour was thought to be counts as much as so many URLs
QUIETEST, BUSIEST = 0.02, 20.0  # no hour is ever thought dead


def slot(at: dt.datetime) -> int:
    """The place of an instant (UTC) in a profile."""
    return (24 if at.weekday() >= 5 else 0) + at.hour


def hours(since: dt.datetime, until: dt.datetime) -> Iterator[tuple[int, float]]:
    """The (place in a profile, seconds) that a span of time passes through."""
    while since < until:
        end = min(since.replace(minute=0, second=0, microsecond=0) + HOUR, until)
        yield slot(since), (end - since).total_seconds()
        since = end


def expected(profile: Profile, since: dt.datetime, until: dt.datetime) -> float:
    """Days that a span of time is worth: a busy hour is more than an hour, a quiet one less."""
    return sum(profile[place] * seconds for place, seconds in hours(since, until)) / DAY


def learned_profile(
    before: Profile | None, new: int, *, rate: float, since: dt.datetime, until: dt.datetime
) -> Profile:
    """`before`, after a look at `until` brought `new` URLs that were not there at `since`.

    The URLs are shared out among the hours between as the profile so far would have it, and each hour
    moves towards its share, the more the more URLs `rate` (a day) would have had in it.
    """
    profile = before or FLAT
    span = until - since
    if not dt.timedelta() < span <= dt.timedelta(days=1):
        return profile  # too long ago to tell anything of hours
    usual = rate * expected(profile, since, until)
    if usual <= 0:
        return profile
    learned = list(profile)
    for place, seconds in hours(since, until):
        mean = rate * seconds / DAY
        moved = (learned[place] * new / usual - learned[place]) * mean / (mean + WEIGHT)
        learned[place] = min(max(learned[place] + moved, QUIETEST), BUSIEST)
    return tuple(learned)
