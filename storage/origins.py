"""Who a cluster's text is from, as far as its members say. Never more than that: it may stay unknown.

The agency that members name wrote it; where the archive holds that agency's own page, that is the origin.
Where nobody names an agency, the origin is who published first, if that is certain.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from storage import agencies
from storage.models import article, byline, person, source, version
from storage.records import Role
from storage.words import fold

FACTS = (
    select(
        article.c.id,
        article.c.source_id,
        article.c.first_seen_at,
        version.c.date_published,
        version.c.date_published_precision,
        version.c.site_name,
        func.substr(version.c.body, 1, agencies.HEAD).label("head"),
        func.substr(version.c.body, -agencies.TAIL).label("tail"),
        source.c.name,
        source.c.slug,
    )
    .join(version, version.c.id == article.c.current_version_id)
    .join(source, source.c.id == article.c.source_id)
    .where(article.c.id.in_(bindparam("articles", expanding=True)))
)
ORGANISATIONS = (
    select(article.c.id, person.c.name)
    .join(byline, byline.c.version_id == article.c.current_version_id)
    .join(person, person.c.id == byline.c.person_id)
    .where(article.c.id.in_(bindparam("articles", expanding=True)), byline.c.role == Role.AGENCY)
)


class Member(NamedTuple):
    """What of an article counts in its cluster: columns of `copy`."""

    article_id: int
    source_id: int
    order_at: dt.datetime
    # When it was published; of a day its end, so that an instant of that day comes before it.
    is_dated: bool
    # Its page says when; else `order_at` is when it was first seen.
    agency: str | None
    is_agency: bool
    # Its outlet is that agency.
    compared_with_id: int | None = None


def members(connection: Connection, ids: Sequence[int]) -> list[Member]:
    """The articles with these ids as members of a cluster."""
    signed: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(ORGANISATIONS, {"articles": ids}):
        signed[row.id].append(row.name)
    return [_member(row, signed[row.id]) for row in connection.execute(FACTS, {"articles": ids})]


def _member(row: Any, signed: Sequence[str]) -> Member:
    named = agencies.named(signed, row.head, row.tail)
    outlet = [name for name in (row.name, row.slug, row.site_name) if name]
    own = next((agency for name in outlet if (agency := agencies.known(name))), None)
    instant: dt.datetime = row.date_published or row.first_seen_at
    return Member(
        article_id=row.id,
        source_id=row.source_id,
        order_at=_end_of_day(instant) if row.date_published_precision == "day" else instant,
        is_dated=row.date_published is not None,
        agency=own or named,
        is_agency=own is not None or fold(named or "") in map(fold, outlet),
    )


def _end_of_day(instant: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(instant.date(), dt.time.max, dt.UTC)


def likely(members: Sequence[Member]) -> tuple[str | None, int | None]:
    """The agency whose text `members`, the earliest first, share, and the one that is likely its origin.

    None is what is not known. Pure.
    """
    votes = _votes(members)
    if votes:
        most = max(votes.values())
        agency, *rivals = [name for name, number in votes.items() if number == most]
        if rivals:
            return None, None
        own = (one.article_id for one in members if one.is_agency and one.agency == agency)
        return agency, next(own, None)
    return None, members[0].article_id if _is_surely_first(members) else None


def _votes(members: Sequence[Member]) -> dict[str, int]:
    """How many sources name each agency.

    A name that is no known agency's counts where two sources give it: one
    outlet alone may put anything before its dash.
    """
    sources: dict[str, set[int]] = defaultdict(set)
    for member in members:
        if member.agency:
            sources[member.agency].add(member.source_id)
    return {
        name: len(found)
        for name, found in sources.items()
        if len(found) > 1 or all(map(agencies.known, name.split(", ")))
    }


def _is_surely_first(members: Sequence[Member]) -> bool:
    """Whether the first says when it was published, and no other may have been published as early."""
    first, *others = members
    unclear = (first.order_at, _end_of_day(first.order_at))  # the same instant, or that day without an hour
    return first.is_dated and not any(other.order_at in unclear for other in others)
