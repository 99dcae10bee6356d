"""The answers to a query from the newest back, in windows of days that widen until there are enough.

A common word has hundreds of thousands of answers, and a rare one a dozen: how many are in the first window
says how many days the next one has. They begin where the index has few facets to be told (`facets.rounded`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from storage import facets, search_index
from storage.filters import PUBLISHED, Filter
from storage.matching import of_index, span, within
from storage.models import article, version
from storage.search_query import Node
from storage.standing import Standing

BATCH = 200  # answers that are read at once, and that a window should have
OPENING = 4 * BATCH  # versions in a window, at least
WIDER = 50  # the next window holds so many times as many days as those before, at most
MANY = 4  # times as many days certainly hold a window's versions

DATES = select(version.c.date_published).where(version.c.date_published.is_not(None))
DATES = DATES.order_by(version.c.date_published.desc()).limit(1)
DATES_UNTIL = DATES.where(version.c.date_published <= bindparam("until"))
# When the version was published that is OPENING before the last one until an instant …
OPENING_ALONE = DATES_UNTIL.offset(bindparam("before"))
# … after the first one and the last one of all, and the last one until then.
FIRST_DATE = DATES.order_by(None).order_by(version.c.date_published)
OPENINGS = select(*(one.scalar_subquery() for one in (FIRST_DATE, DATES, DATES_UNTIL, OPENING_ALONE)))


class Found(NamedTuple):
    """An article that answers a query, by the version that does."""

    id: int
    version_id: int
    score: float = 0.0
    # By relevance; the larger the better.


def newest_first(connection: Connection, node: Node, where: Filter, standing: Standing) -> Iterator[Found]:
    """Every answer, the last published first."""
    last, bottom = span(where)
    now = _now(where, standing)
    oldest, latest, newest, opening = map(_day_of, connection.execute(OPENINGS, _until(now)).one())
    today, number = facets.day_number(now), 0
    windows = Windows(connection, node, where, standing)
    first = today + 1  # pages say that they will be published in 2099
    if min(last, latest) < first:
        last, first = min(last, today), opening
    while last >= bottom:
        first = max(first, bottom)
        for answer in windows.answers(first, last):
            number += 1
            yield answer
        last, seen = first - 1, max(1, newest - first + 1)
        if last == today:
            first = opening
        elif last >= bottom:
            first = facets.rounded(_further(connection, last, seen, number), last)
        if first <= oldest:
            first = bottom


def _further(connection: Connection, last: int, seen: int, number: int) -> int:
    """Where the next window begins, when so many answers were in the days that have been seen."""
    times = _times(number)
    first = last + 1 - seen * times
    if times >= MANY:
        return first
    return min(first, _day_of(connection.scalar(OPENING_ALONE, _until(facets.end_of(last)))))


def _now(where: Filter, standing: Standing) -> dt.datetime:
    """The instant that windows are counted from: hardly anything is later, whatever pages may say."""
    now = standing.instant or dt.datetime.now(dt.UTC)
    return min(now, facets.end_of(facets.day_number(where.until))) if where.until else now


def _times(number: int) -> int:
    """How many times as many days are looked at next, when so many answers were in those before. Pure."""
    missing = BATCH - number % BATCH
    return max(1, min(WIDER, 3 * missing // (2 * max(number, 1))))


def _until(instant: dt.datetime) -> dict[str, object]:
    return {"until": instant, "before": OPENING}


def _day_of(published: dt.datetime | None) -> int:
    """The first day of all where nothing was published."""
    return facets.day_number(published) if published else facets.FIRST_DAY


@dataclass
class Windows:
    """Asks for one window after another, by statements that are put together once."""

    connection: Connection
    node: Node
    where: Filter
    standing: Standing
    statements: dict[bool, Select[Any]] = field(default_factory=dict)
    # By whether the index is told the days.

    def answers(self, first: int, last: int) -> Iterator[Found]:
        """The answers of these days, the last published first, some at a time."""
        node = within(self.node, self.where, first, last)
        is_told = first > facets.FIRST_DAY
        if is_told not in self.statements:
            self.statements[is_told] = self._statement(node)
        told = search_index.parameters(node) | _bounds(_narrowed_to(self.where, first, last))
        for offset in count(0, BATCH):
            batch = self.connection.execute(
                self.statements[is_told], told | {"most": BATCH, "offset": offset}
            ).all()
            yield from (Found(row.id, row.version_id) for row in batch)
            if len(batch) < BATCH:
                return

    def _statement(self, node: Node) -> Select[Any]:
        return (
            of_index(node, replace(self.where, since=None, until=None), self.standing)
            .where(PUBLISHED.between(bindparam("since"), bindparam("until")))
            .add_columns(version.c.id.label("version_id"))
            .order_by(PUBLISHED.desc(), article.c.id.desc())
            .limit(bindparam("most"))
            .offset(bindparam("offset"))
        )


def _narrowed_to(where: Filter, first: int, last: int) -> Filter:
    """`where`, and these days of those that it lets through. Pure."""
    end, begin = span(where)
    return replace(
        where,
        since=where.since if first <= begin else dt.date.fromordinal(first),
        until=where.until if last >= end else dt.date.fromordinal(last),
    )


def _bounds(where: Filter) -> dict[str, dt.datetime]:
    """The first and the last moment that a filter lets through."""
    return {
        "since": dt.datetime.combine(where.since or dt.date.min, dt.time.min, dt.UTC),
        "until": dt.datetime.combine(where.until or dt.date.max, dt.time.max, dt.UTC),
    }
