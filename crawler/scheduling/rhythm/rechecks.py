"""When an article is looked at again for edits, and for which articles a day's requests are spent."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

# The ages at which an article is looked at again.
STEPS = (1 * HOUR, 3 * HOUR, 8 * HOUR, 1 * DAY, 3 * DAY, 10 * DAY, 30 * DAY)
# How many looks of a hundred find an edit, by step, before a source has shown how it edits …
USUAL = (0.15, 0.12, 0.10, 0.08, 0.05, 0.03, 0.02)
STEADY = 40  # … which counts as much as so many looks
WORTH = 0.04  # a look that finds an edit less often than this is left out, except …
SAMPLE = 0.03  # … in so many articles of a hundred, so that a source that changes its habits is noticed
NEAR = 0.7  # a step is passed by a look at so much of its age
RESTLESS = 3.0  # an article that was edited once is so much likelier to be edited again
SHORTEST = dt.timedelta(minutes=20)
SHARE = 4 * HOUR  # so much of a day has its share of the day's rechecks
JITTER = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """How late a source edits: how many looks at its articles, at the age of each step, found an edit."""

    looks: tuple[float, ...] = (0.0,) * len(STEPS)
    found: tuple[float, ...] = (0.0,) * len(STEPS)

    def after(self, age: dt.timedelta, *, edited: bool) -> Lateness:
        """The same after a look at an article of that age (at the look)."""
        at = step(age)
        looks, found = list(self.looks), list(self.found)
        looks[at] += 1
        found[at] += edited
        return replace(self, looks=tuple(looks), found=tuple(found))

    def worth(self, at: int) -> float:
        """The share of looks at a step that find an edit."""
        return (self.found[at] + STEADY * USUAL[at]) / (self.looks[at] + STEADY)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRecheck:
    """An article that is due to be looked at again."""

    url_id: int
    due_at: dt.datetime
    age: dt.timedelta
    edits: int = 0
    # Found so far.


def step(age: dt.timedelta) -> int:
    """The step that a look at an article of that age is made for."""
    return max(bisect_right(STEPS, age / NEAR) - 1, 0)


def next_recheck(
    *,
    published: dt.datetime | None,
    first_seen: dt.datetime,
    last_checked: dt.datetime,
    changes: Sequence[dt.datetime],
    source_lateness: Lateness,
    now: dt.datetime,
    chance: float,
) -> dt.datetime | None:
    """When to look at an article again, or None: no more.

    `changes` are the instants at which its edits were found; `chance` in [0, 1) spreads looks out and picks
    the articles that are looked at for the sake of learning.
    """
    start = _start(published, first_seen)
    age = max(last_checked - start, dt.timedelta())
    at = _next_step(age, edited=bool(changes), lateness=source_lateness, chance=chance)
    if at is None:
        return None
    due = STEPS[at]
    if changes and changes[-1] >= last_checked:  # it was edited just now
        due = age + max((due - age) / 2, SHORTEST)
    spread = JITTER * (chance * 97 % 1)  # another number than the one that picked the step
    return max(start + due * (1 + spread), now)


def allowance(budget: int, *, spent: int, lately: int) -> int:
    """How many rechecks a source may have now that may have `budget` a day.

    It had `spent` in the last day and `lately` in the last SHARE of one: what is left in the evening is not
    gone by noon, and a machine that slept does not ask for all that it missed at once.
    """
    return max(min(budget - spent, ceil(budget * (SHARE / DAY)) - lately), 0)


def within_budget(due: Iterable[DueRecheck], *, lateness: Lateness, allowed: int) -> list[DueRecheck]:
    """The rechecks to make now, as many as are allowed.

    Those that are likeliest to find an edit come first, then those that have waited longest.
    """
    ordered = sorted(
        due, key=lambda one: (-_worth(step(one.age), edited=bool(one.edits), lateness=lateness), one.due_at)
    )
    return ordered[:allowed]


def _start(published: dt.datetime | None, first_seen: dt.datetime) -> dt.datetime:
    """From when an article's age counts: its date, unless that is missing or after we saw it."""
    return first_seen if published is None or published > first_seen else published


def _next_step(age: dt.timedelta, *, edited: bool, lateness: Lateness, chance: float) -> int | None:
    left = range(bisect_right(STEPS, age / NEAR), len(STEPS))
    if not left:
        return None
    if chance < SAMPLE:
        return left[int(chance / SAMPLE * len(left))]
    return next((at for at in left if _worth(at, edited=edited, lateness=lateness) >= WORTH), None)


def _worth(at: int, *, edited: bool, lateness: Lateness) -> float:
    return lateness.worth(at) * (RESTLESS if edited else 1.0)
