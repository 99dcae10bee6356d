"""Which articles a filter lets through and a query finds: a statement in which the index is asked first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import facets
from storage.filters import Filter, filtered, narrowed
from storage.models import article, person, version
from storage.search_index import INDEX, Matches
from storage.search_query import And, Facets, Node, Or, Phrase
from storage.standing import NOW, Standing
from storage.words import fold, words

NAMES = 40  # of authors that the index is asked for


def matching(where: Filter, node: Node | None, standing: Standing = NOW) -> Select[Any]:
    """The ids of the articles that a filter lets through and, where there is a query, the index finds."""
    if node is None:
        return filtered(select(article.c.id).select_from(article), where, standing)
    last, first = span(where)
    return of_index(within(node, where, first, last), where, standing)


def of_index(node: Node, where: Filter, standing: Standing) -> Select[Any]:
    """The ids of the articles whose version that stands the index finds, and a filter lets through."""
    # Materialised, or the engine may ask the index for one article after another.
    found = select(INDEX.c.rowid).where(Matches(node)).cte("found").prefix_with("MATERIALIZED")
    query = (
        select(article.c.id)
        .select_from(found)
        .join(version, version.c.id == found.c.rowid)
        .join(article, article.c.id == version.c.article_id)
    )
    return narrowed(query.where(version.c.id == standing.version_id), where)


def span(where: Filter) -> tuple[int, int]:
    """The last and the first day that a filter lets through."""
    last = facets.day_number(where.until) if where.until else facets.LAST_DAY
    return last, facets.day_number(where.since) if where.since else facets.FIRST_DAY


def within(node: Node, where: Filter, first: int, last: int) -> Node:
    """`node`, and what the index knows of a filter and of these days. Pure."""
    if where.source is not None:
        node = _also(node, [facets.source(where.source)])
    if where.language is not None:
        node = _also(node, [facets.in_language(where.language)])
    # What is after the last of so many days has been found already, unless the filter leaves it out.
    if first > facets.FIRST_DAY or where.until is not None:
        node = _also(node, facets.around(first, last))
    return node


def _also(node: Node, any_of: Sequence[str]) -> Node:
    return And((node, Facets(tuple(any_of))))


def by_authors(connection: Connection, node: Node, where: Filter) -> Node:
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
