"""Searching: the articles that answer a query, the best or the newest first, as many as are asked for.

    first = islice(answers(connection, node, where), 20)

A common word has hundreds of thousands of answers, and no engine ranks them all while somebody waits. So they
are taken newest first, in windows of days that widen until there are enough (`storage.facets` lets the index
ask for a window). The newest RANKED are ranked among themselves, then the next ones, and so on: whoever reads
on comes to every answer once. Where there are no more than RANKED, the best of all come first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import chain, count, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from storage import copies, engines, facets, search_index
from storage.errors import UsageError
from storage.filters import EVERYTHING, PUBLISHED, Filter, filtered, narrowed
from storage.models import article, person, version
from storage.ranking import scores
from storage.search_index import INDEX, Matches
from storage.search_query import And, Facets, Node, Or, Phrase, phrases
from storage.standing import NOW, Standing
from storage.words import fold, words

RANKED = 200  # answers that are ranked among themselves
OPENING = 4 * RANKED  # versions in a window, at least
WIDER = 50  # the next window holds so many times as many days as those before, at most
MANY = 4  # times as many days certainly hold a window's versions
NAMES = 40  # of authors that the index is asked for

DATES = select(version.c.date_published).where(version.c.date_published.is_not(None))
DATES = DATES.order_by(version.c.date_published.desc()).limit(1)
DATES_UNTIL = DATES.where(version.c.date_published <= bindparam("until"))
# When the version was published that is OPENING before the last one until an instant …
OPENING_ALONE = DATES_UNTIL.offset(bindparam("before"))
# … after the first one and the last one of all, and the last one until then.
FIRST_DATE = DATES.order_by(None).order_by(version.c.date_published)
OPENINGS = select(*(one.scalar_subquery() for one in (FIRST_DATE, DATES, DATES_UNTIL, OPENING_ALONE)))


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DATE = "date"  # of publication, the newest first


def order_by(name: Order | str) -> Order:
    """`name` as one of the orders; UsageError where it is none."""
    try:
        return Order(name)
    except ValueError as error:
        raise UsageError(f"answers are in the order of {' or '.join(Order)}, not of {name!r}") from error


class Found(NamedTuple):
    """An article that answers a query, by the version that does."""

    id: int
    version_id: int
    score: float = 0.0
    # By relevance; the larger the better.


def matching(where: Filter, node: Node | None, standing: Standing = NOW) -> Select[Any]:
    """The ids of the articles that a filter lets through and, where there is a query, the index finds."""
    if node is None:
        return filtered(select(article.c.id).select_from(article), where, standing)
    last, first = _span(where)
    return _select(_within(node, where, first, last), where, standing)


def _select(node: Node, where: Filter, standing: Standing) -> Select[Any]:
    # Materialised, or the engine may ask the index for one article after another.
    found = select(INDEX.c.rowid).where(Matches(node)).cte("found").prefix_with("MATERIALIZED")
    query = (
        select(article.c.id)
        .select_from(found)
        .join(version, version.c.id == found.c.rowid)
        .join(article, article.c.id == version.c.article_id)
    )
    return narrowed(query.where(version.c.id == standing.version_id), where)


def answers(
    connection: Connection,
    node: Node,
    where: Filter = EVERYTHING,
    standing: Standing = NOW,
    *,
    order: Order = Order.RELEVANCE,
    unique: bool = False,
) -> Iterator[Found]:
    """Every answer, as it is asked for. `unique`: of articles that share their text the first one alone."""
    engines.of(connection.engine.url).begin_searching(connection)
    every = _newest_first(connection, _by_authors(connection, node, where), where, standing)
    stories: set[int] = set()
    while block := list(islice(every, RANKED)):
        if order is Order.RELEVANCE:
            block = _ranked(connection, block, node)
        yield from _first_of_each(connection, block, stories) if unique else block


def _ranked(connection: Connection, block: Sequence[Found], node: Node) -> list[Found]:
    indexed = search_index.indexed(connection, [one.version_id for one in block])
    scored = scores(phrases(node), [indexed[one.version_id] for one in block], search_index.COLUMNS)
    placed = [one._replace(score=score) for one, score in zip(block, scored, strict=True)]
    return sorted(placed, key=lambda one: -one.score)  # what is as good stays newest first


def _first_of_each(connection: Connection, block: Sequence[Found], seen: set[int]) -> Iterator[Found]:
    """Those whose story has not been seen; it is from then on."""
    story = copies.stories(connection, [one.id for one in block])
    for one in block:
        if story[one.id] not in seen:
            seen.add(story[one.id])
            yield one


def _newest_first(connection: Connection, node: Node, where: Filter, standing: Standing) -> Iterator[Found]:
    """Every answer, the last published first."""
    last, bottom = _span(where)
    now = _now(where, standing)
    oldest, latest, newest, opening = map(_day_of, connection.execute(OPENINGS, _until(now)).one())
    today, number = facets.day_number(now), 0
    first = today + 1  # pages say that they will be published in 2099
    if min(last, latest) < first:
        last, first = min(last, today), opening
    while last >= bottom:
        first = max(first, bottom)
        for answer in _of_window(connection, node, where, standing, first, last):
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
    missing = RANKED - number % RANKED
    return max(1, min(WIDER, 3 * missing // (2 * max(number, 1))))


def _span(where: Filter) -> tuple[int, int]:
    """The last and the first day that a filter lets through."""
    last = facets.day_number(where.until) if where.until else facets.LAST_DAY
    return last, facets.day_number(where.since) if where.since else facets.FIRST_DAY


def _until(instant: dt.datetime) -> dict[str, object]:
    return {"until": instant, "before": OPENING}


def _day_of(published: dt.datetime | None) -> int:
    """The first day of all where nothing was published."""
    return facets.day_number(published) if published else facets.FIRST_DAY


def _of_window(
    connection: Connection, node: Node, where: Filter, standing: Standing, first: int, last: int
) -> Iterator[Found]:
    """The answers of these days, the last published first, some at a time."""
    query = (
        _select(_within(node, where, first, last), _narrowed_to(where, first, last), standing)
        .add_columns(version.c.id.label("version_id"))
        .order_by(PUBLISHED.desc(), article.c.id.desc())
        .limit(RANKED)
    )
    for offset in count(0, RANKED):
        batch = connection.execute(query.offset(offset)).all()
        yield from (Found(row.id, row.version_id) for row in batch)
        if len(batch) < RANKED:
            return


def _within(node: Node, where: Filter, first: int, last: int) -> Node:
    """`node`, and what the index knows of a filter and of these days. Pure."""
    if where.source is not None:
        node = _also(node, [facets.source(where.source)])
    if where.language is not None:
        node = _also(node, [facets.in_language(where.language)])
    # What is after the last of so many days has been found already, unless the filter leaves it out.
    if first > facets.FIRST_DAY or where.until is not None:
        node = _also(node, facets.around(first, last))
    return node


def _narrowed_to(where: Filter, first: int, last: int) -> Filter:
    """`where`, and these days of those that it lets through. Pure."""
    end, begin = _span(where)
    return replace(
        where,
        since=where.since if first <= begin else dt.date.fromordinal(first),
        until=where.until if last >= end else dt.date.fromordinal(last),
    )


def _also(node: Node, any_of: Sequence[str]) -> Node:
    return And((node, Facets(tuple(any_of))))


def _by_authors(connection: Connection, node: Node, where: Filter) -> Node:
    """`node`, and words of the names of those whom a filter may mean, unless they are too many.

    Whose articles they are the rows say: whole names would keep the index longer than they spare.
    """
    if where.author is None:
        return node
    meant = person.c.folded.contains(fold(where.author), autoescape=True)
    names = connection.scalars(select(person.c.folded).where(meant).limit(NAMES + 1)).all()
    if not names or len(names) > NAMES:
        return node
    spelled, named = [words(name) for name in names], []
    for part in words(where.author):
        having = [[one for one in name if part in one] for name in spelled]
        if not all(having):
            return node
        choices = tuple(Phrase((one,)) for one in dict.fromkeys(chain.from_iterable(having)))
        named.append(Or(choices) if len(choices) > 1 else choices[0])
    return And((node, *named))
