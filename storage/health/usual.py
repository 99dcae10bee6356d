"""What is usual for a source, from its last weeks. Pure, and robust: medians and quantiles, no means."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from operator import add

WEEKS = 6  # what shares and articles a day are compared with
SILENCE_DAYS = 180  # a source that brings an article a week has 25 silences in it
LEAST_SILENCES = 5
LEAST_PAGES = 20  # below, nothing is usual yet
LEAST_DAYS = 5
ENOUGH = 5  # pages of a day, or days of a kind, that say something
WEEKEND = 5  # Saturday in `weekday()`
SHORTEST_LIMIT = dt.timedelta(hours=6)  # however busy an outlet is, that long says nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """Days of a source, column by column: of a thousand sources, objects of all days would take seconds."""

    day: Sequence[dt.date] = ()
    # In order.
    looks: Sequence[int] = ()
    counts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    # By their names in `Tally` (storage.health.tally); those that are not asked for may be left out.

    def before(self, day: dt.date) -> Days:
        """Those before a day."""
        end = bisect_left(self.day, day)
        counts = {name: numbers[:end] for name, numbers in self.counts.items()}
        return Days(day=self.day[:end], looks=self.looks[:end], counts=counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """Where a number usually lies."""

    median: float
    low: float
    high: float
    days: int
    # How many days say so.


def usual_number(days: Days, on: dt.date, count: str) -> Usual | None:
    """What is usual for a day like `on`: its weekday, else its kind of day, else any; None: not known yet.

    Days on which nobody looked say nothing.
    """
    if not days.day:
        return None
    weekday = on.weekday()
    kinds = range(weekday, weekday + 1), range(WEEKEND, 7) if weekday >= WEEKEND else range(WEEKEND), range(7)
    counts = zip(days.day, days.counts[count], strict=True)
    seen = [(day.weekday(), number) for day, number in compress(counts, days.looks)]
    for kind in kinds:
        numbers = sorted(number for like, number in seen if like in kind)
        if len(numbers) >= ENOUGH:
            return Usual(
                median=quantile(numbers, 0.5),
                low=quantile(numbers, 0.1),
                high=quantile(numbers, 0.9),
                days=len(numbers),
            )
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A part of the pages that were met."""

    part: str
    # A count of `Tally`.
    whole: tuple[str, ...]
    # Such counts, added up.

    def columns(self, column: Callable[[str], Sequence[int]]) -> tuple[Sequence[int], Sequence[int]]:
        """Part and whole of each look, or of each day; `column`: one count of each."""
        wholes = column(self.whole[0])
        for name in self.whole[1:]:
            wholes = list(map(add, wholes, column(name)))
        return column(self.part), wholes


def usual_share(days: Days, share: Share) -> Usual | None:
    """Which share of pages is usual; None as long as too little has been seen."""
    if not days.day:
        return None
    parts, wholes = share.columns(days.counts.__getitem__)
    pages = sum(wholes)
    number = len(wholes) - wholes.count(0)  # days on which a page says something
    if number < LEAST_DAYS or pages < LEAST_PAGES:
        return None
    part = sum(compress(parts, wholes))
    if not part:  # most shares of most sources
        return Usual(median=0.0, low=0.0, high=2 / (pages + 4), days=number)
    pooled = part / pages
    daily = sorted(p / whole for p, whole in zip(parts, wholes, strict=True) if whole >= ENOUGH) or [pooled]
    # Of few pages hardly any share is impossible: two more pages of each kind.
    cautious = (pooled * pages + 2) / (pages + 4)
    median = quantile(daily, 0.5) if len(daily) >= LEAST_DAYS else pooled
    return Usual(
        median=median,
        low=min(median, quantile(daily, 0.1)),
        high=max(median, cautious, quantile(daily, 0.95)),
        days=number,
    )


def silence_limit(silences: Iterable[int], patience: float) -> dt.timedelta | None:
    """How long a source may bring nothing before that is more than usual; None: too little is known.

    `silences`: in seconds.

    It goes by the longest silences of its days, and has more patience where
    only few are known: the longest of five may be a short one by chance.
    """
    lengths = sorted(silences)
    if len(lengths) < LEAST_SILENCES:
        return None
    spared = len(lengths) // 10
    # An outage of long ago must not make the next one unheard: what stands apart from all others goes.
    while spared and lengths[-1] > patience * lengths[-2] > 0:
        lengths.pop()
        spared -= 1
    limit = lengths[-1] * (patience + 8 / math.sqrt(len(lengths)))
    return max(dt.timedelta(seconds=limit), SHORTEST_LIMIT)


# Pages of one look resemble each other (a dozen agency stories at once): so many count as one by one.
ALIKE = 8


@lru_cache(maxsize=4096)
def upper_tail(part: int, whole: int, share: float) -> float:
    """How likely at least `part` of `whole` are where `share` is usual, and alike pages come together.

    The tail of a beta-binomial distribution; 0 < share < 1.
    """
    a, b = ALIKE * share, ALIKE * (1 - share)
    return math.fsum(
        math.exp(_log_choose(whole, k) + _log_beta(k + a, whole - k + b) - _log_beta(a, b))
        for k in range(part, whole + 1)
    )


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of ordered values are at or below, between two of them in proportion."""
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
