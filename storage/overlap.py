"""How much of one text stands in another, and whether that makes it a copy. Pure.

What two texts share is measured in runs of words (`storage.shingles`), so common
words count for nothing. That alone cannot tell a copy from another article of
the same scheme: a market report, the weather, a result of the lottery. There
the same sentences hold other facts. A copy's sentences may go, come and be put
otherwise, but where they stay, their numbers and names stay, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from storage.shingles import Text

# Of the text that has more of itself in the other: so much is the other's …
REUSED = 0.6
# … and of the other one so much: a digest of ten briefs is no copy of any.
REUSED_OF_LONGER = 0.3
# Below so many widths (some 50 words) a text is a brief, of which nearly everything must agree.
BRIEF = 6
REUSED_OF_BRIEF = 0.8
# Between two runs that both have, a longer gap holds something else, not the same sentence with other facts …
GAP = 80
# … and so few words may be all that was exchanged.
SLOT = 4
# Words exchanged in sentences that both have, to one that stayed: beyond that it is a scheme filled in anew.
SWAPPED = 0.08
FACT = 3  # what a number or a name weighs: a desk changes words, hardly these
# The same of numbers alone, where long standing text surrounds a few: so many, and half as many as stayed.
NUMBERS = 2


class Span(NamedTuple):
    """A run of units from `start` up to `end`."""

    start: int
    end: int


Places: TypeAlias = NDArray[np.intp]
Runs: TypeAlias = Sequence[tuple[Span, Span]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """What two texts have in common."""

    first: float
    # The share of the first text that stands in the second.
    second: float
    # The share of the second that stands in the first.
    is_copy: bool
    # Whether one is made of the other.


def compare(first: Text, second: Text) -> Overlap:
    """What two texts have in common."""
    shares = _share(first, second), _share(second, first)
    is_copy = _is_enough(first, second, *shares) and not _follow_one_scheme(first, second)
    return Overlap(first=shares[0], second=shares[1], is_copy=is_copy)


def _share(text: Text, other: Text) -> float:
    """The share of `text`'s units that stand in a shingle of `other`."""
    if not text.units:
        return 0.0
    starts, _ = _matches(text, other)
    edges = np.zeros(len(text.units) + 1, np.int64)
    edges[starts] += 1
    edges[starts + text.width] -= 1
    return float(np.count_nonzero(np.cumsum(edges)[:-1]) / len(text.units))


def _is_enough(first: Text, second: Text, of_first: float, of_second: float) -> bool:
    shorter = min(len(first.units), len(second.units))
    if shorter < BRIEF * first.width:
        return max(of_first, of_second) >= REUSED_OF_BRIEF and min(of_first, of_second) >= REUSED_OF_LONGER
    return max(of_first, of_second) >= REUSED and min(of_first, of_second) >= REUSED_OF_LONGER


def _follow_one_scheme(first: Text, second: Text) -> bool:
    """Whether the sentences that both have were filled in with other words, numbers above all."""
    runs = list(_runs(first, second))
    swapped, ours, theirs = 0, set[str](), set[str]()
    for here, there in _gaps(first, second, runs):
        one, other = _kinds(first, here), _kinds(second, there)
        if one.is_like(other):
            swapped += one.swapped_for(other)
            ours.update(one.numbers - other.numbers)
            theirs.update(other.numbers - one.numbers)
    shared = sum(here.end - here.start for here, _ in runs)
    agreed = {unit for here, _ in runs for unit in first.units[slice(*here)] if unit[:1].isdigit()}
    numbers = min(len(ours), len(theirs))
    return swapped > SWAPPED * shared or (numbers >= NUMBERS and numbers > len(agreed) / 2)


class _Kinds(NamedTuple):
    """The units of a gap."""

    numbers: Counter[str]
    names: Counter[str]
    # What has a capital.
    others: Counter[str]

    def is_like(self, other: _Kinds) -> bool:
        """Whether these could be one sentence, but for its numbers and names."""
        most = max(self.others.total(), other.others.total())
        return most <= SLOT or 2 * (self.others & other.others).total() >= most

    def swapped_for(self, other: _Kinds) -> int:
        """How much stands here and something else there; a fact weighs as much as three other words."""
        ours, theirs = self._without(other), other._without(self)
        facts = min(_facts(ours), _facts(theirs))
        return min(_size(ours), _size(theirs)) + (FACT - 1) * facts

    def _without(self, other: _Kinds) -> _Kinds:
        return _Kinds(*(own - theirs for own, theirs in zip(self, other, strict=True)))


def _facts(kinds: _Kinds) -> int:
    return kinds.numbers.total() + kinds.names.total()


def _size(kinds: _Kinds) -> int:
    return _facts(kinds) + kinds.others.total()


def _kinds(text: Text, span: Span) -> _Kinds:
    kinds = _Kinds(Counter(), Counter(), Counter())
    for written, unit in zip(text.written[slice(*span)], text.units[slice(*span)], strict=True):
        kind = (
            kinds.numbers if written[0].isdigit() else kinds.names if written[0].isupper() else kinds.others
        )
        kind[unit] += 1
    return kinds


def _gaps(first: Text, second: Text, runs: Runs) -> Iterator[tuple[Span, Span]]:
    """What stands in the one and in the other between two runs that follow each other in both."""
    start = Span(0, 0), Span(0, 0)
    end = Span(len(first.units), 0), Span(len(second.units), 0)
    for (here, there), (next_here, next_there) in pairwise([start, *runs, end]):
        ours, theirs = Span(here.end, next_here.start), Span(there.end, next_there.start)
        if 0 < ours.end - ours.start <= GAP and 0 < theirs.end - theirs.start <= GAP:
            yield ours, theirs


def _runs(first: Text, second: Text) -> Iterator[tuple[Span, Span]]:
    """The longest runs that both have, in the order of the first."""
    here, there = _matches(first, second)
    if not len(here):
        return
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    for start, end in pairwise([0, *breaks.tolist(), len(here)]):
        length = end - start - 1 + first.width
        at, opposite = int(here[start]), int(there[start])
        yield Span(at, at + length), Span(opposite, opposite + length)


def _matches(first: Text, second: Text) -> tuple[Places, Places]:
    """Where a shingle of the first begins that the second has, and where it begins there."""
    if not len(second.shingles):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    order = np.argsort(second.shingles, kind="stable")
    ranked = second.shingles[order]
    ranks = np.minimum(np.searchsorted(ranked, first.shingles), len(ranked) - 1)
    here = np.flatnonzero(ranked[ranks] == first.shingles)
    return here, order[ranks[here]]
