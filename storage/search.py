"""Searching: the articles that answer a query, the best or the newest first, as many as are asked for.

    first = islice(answers(connection, node, where), 20)

A common word has hundreds of thousands of answers, and no engine ranks them all while somebody waits. So they
are taken newest first (`storage.windows`). The newest RANKED are ranked among themselves, then the next ones,
and so on: whoever reads on comes to every answer once. Where there are no more than RANKED, the best of all
come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice

from sqlalchemy import Connection

from storage import copies, engines, search_index, windows
from storage.errors import UsageError
from storage.filters import EVERYTHING, Filter
from storage.matching import by_authors
from storage.ranking import scores
from storage.search_query import Node, phrases
from storage.standing import NOW, Standing
from storage.windows import Found

RANKED = windows.BATCH  # answers that are ranked among themselves


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
    engines.of(connection.engine.url).expect_few_rows(connection)
    every = windows.newest_first(connection, by_authors(connection, node, where), where, standing)
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
