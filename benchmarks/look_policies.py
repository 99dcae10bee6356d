"""How the simulated press is looked at: by fixed intervals, and by `crawler.scheduling.rhythm`.

A policy of looks gives the instants at which it asked a source's feed, and which of these were answered. A
policy of rechecks gives, for articles that were found at certain instants, what its looks at them came to.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from simulated_press import START, Instants, PressSource

from crawler.scheduling.rhythm import (
    Bounds,
    EndpointLook,
    Lateness,
    Profile,
    first_rate,
    learned_profile,
    learned_rate,
    next_look,
    next_recheck,
)

BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks at one feed."""

    at: Instants
    answered: NDArray[np.bool_]


@dataclass(kw_only=True, slots=True)
class Rechecks:
    """What looking at articles again came to."""

    requests: int = 0
    edits: int = 0
    # That were made.
    late: list[float] = field(default_factory=list)
    # Seconds until they were seen, of those that were; one that is edited over before a look is not.


def fixed_looks(source: PressSource, interval: float, *, until: float, chance: float) -> Looks:
    """A look every `interval` seconds, whatever happens."""
    at = np.arange(chance * interval, until, interval)
    answered = np.ones(len(at), dtype=bool)
    for outage in source.outages:
        answered[np.searchsorted(at, outage.start) : np.searchsorted(at, outage.end)] = False
    return Looks(at, answered)


def learned_looks(source: PressSource, *, until: float, rng: random.Random) -> Looks:
    """Looks when the rhythm of the crawler has them."""
    watch = _Watch(source)
    at, answered = [rng.random() * 900.0], []
    while at[-1] < until:
        look = watch.look(at[-1])
        answered.append(look.failure is None)
        now = START + dt.timedelta(seconds=at[-1])
        after = next_look(look, now=now, bounds=BOUNDS, chance=rng.random())
        at.append((after - START).total_seconds())
    return Looks(np.array(at[:-1]), np.array(answered, dtype=bool))


class _Watch:
    """What an archive would know of a feed."""

    def __init__(self, source: PressSource) -> None:
        self.source = source
        self.visible: list[float] = source.visible.tolist()
        self.ends = [outage.end for outage in source.outages]
        self.seen = 0
        # Articles that have stood in the feed.
        self.last: float | None = None
        self.failures = 0
        self.rate: float | None = None
        self.profile: Profile | None = None

    def look(self, at: float) -> EndpointLook:
        """Ask the feed, and learn of it."""
        place = bisect_right(self.ends, at)
        outage = self.source.outages[place] if place < len(self.ends) else None
        if outage is not None and outage.start <= at:
            self.failures += 1
            return EndpointLook(
                rate=self.rate,
                failures=self.failures,
                failure=outage.failure,
                asked_interval=self.source.asked,
                profile=self.profile,
            )
        return self._read(at)

    def _read(self, at: float) -> EndpointLook:
        stood, self.failures = bisect_right(self.visible, at), 0
        new = min(stood - self.seen, self.source.window)
        now = START + dt.timedelta(seconds=at)
        elapsed = None if self.last is None else dt.timedelta(seconds=at - self.last)
        if elapsed is None:
            self.rate = first_rate(self._dates(stood - new, stood), now)
        else:
            self.rate = learned_rate(self.rate, new, elapsed)
            self.profile = learned_profile(self.profile, new, rate=self.rate, since=now - elapsed, until=now)
        self.seen, self.last = stood, at
        return EndpointLook(
            rate=self.rate,
            last_new=new,
            elapsed=elapsed,
            asked_interval=self.source.asked,
            profile=self.profile,
        )

    def _dates(self, since: int, until: int) -> list[dt.datetime]:
        return [START + dt.timedelta(seconds=at) for at in self.source.published[since:until].tolist()]


def fixed_rechecks(
    source: PressSource, articles: NDArray[np.int64], found: Instants, *, interval: float, times: int
) -> Rechecks:
    """Each article again every `interval` seconds, so many times."""
    result = Rechecks(requests=times * len(articles))
    for _, start, edits in _edited(source, articles, found):
        result.edits += len(edits)
        # The look that comes after each edit; the last edit before it is the one that it sees.
        looks = np.ceil((edits - start) / interval)
        last = np.append(looks[1:] != looks[:-1], True)
        seen = last & (looks >= 1) & (looks <= times)
        result.late += (start + looks * interval - edits)[seen].tolist()
    return result


def learned_rechecks(
    source: PressSource, articles: NDArray[np.int64], found: Instants, *, rng: random.Random
) -> Rechecks:
    """Each article again when the crawler's rhythm has it; what is found changes how others are looked at."""
    result, lateness = Rechecks(), Lateness()
    edits = {article: at for article, _, at in _edited(source, articles, found)}
    result.edits = sum(map(len, edits.values()))
    empty = np.array([])
    queue = [
        (at, article, at, _seconds_to_instant(at), ())
        for article, at in zip(articles.tolist(), found.tolist(), strict=True)
    ]
    heapq.heapify(queue)
    while queue:
        at, article, before, first_seen, changes = heapq.heappop(queue)
        now, published = _seconds_to_instant(at), _seconds_to_instant(source.published[article])
        if at > before:
            made = edits.get(article, empty)
            place = bisect_left(made, at)
            edited = place > 0 and made[place - 1] >= before
            lateness = lateness.after(now - published, edited=edited)
            result.requests += 1
            if edited:
                result.late.append(at - made[place - 1])
                changes = (*changes, now)
        after = next_recheck(
            published=published,
            first_seen=first_seen,
            last_checked=now,
            changes=changes,
            source_lateness=lateness,
            now=now,
            chance=rng.random(),
        )
        if after is not None:
            heapq.heappush(queue, ((after - START).total_seconds(), article, at, first_seen, changes))
    return result


def _seconds_to_instant(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=float(seconds))


def _edited(
    source: PressSource, articles: NDArray[np.int64], found: Instants
) -> list[tuple[int, float, Instants]]:
    """(article, when it was found, its edits) of those that were edited at all."""
    at, article = source.edits
    first, end = np.searchsorted(article, articles), np.searchsorted(article, articles, side="right")
    return [(int(articles[n]), float(found[n]), at[first[n] : end[n]]) for n in np.flatnonzero(end > first)]
