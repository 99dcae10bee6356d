"""Who a cluster's text is from, as far as its members say. Never more than that: it may stay unknown.

The agency that members name wrote it; where the archive holds that agency's own page, that is the origin.
Where nobody names an agency, the origin is who published first, if that is certain.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from storage import agencies
from storage.models import article, byline, copy, person, source, version
from storage.records import Role
from storage.words import fold


class Member(NamedTuple):
    """What of an article counts in its cluster: columns of `copy`."""

    article_id: int
    order_at: dt.datetime
    agency: str | None
    is_agency: bool


def members(connection: Connection, ids: Sequence[int]) -> list[Member]:
    """The articles with these ids as members of a cluster."""
    query = (
        select(
            article.c.id,
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
        .where(article.c.id.in_(ids))
    )
    signed = _organisations(connection, ids)
    return [_member(row, signed[row.id]) for row in connection.execute(query)]


def _organisations(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The agencies, desks and outlets in the bylines of articles."""
    query = (
        select(article.c.id, person.c.name)
        .join(byline, byline.c.version_id == article.c.current_version_id)
        .join(person, person.c.id == byline.c.person_id)
        .where(article.c.id.in_(ids), byline.c.role == Role.AGENCY)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        names[row.id].append(row.name)
    return names


def _member(row: Any, signed: Sequence[str]) -> Member:
    named = agencies.named(signed, row.head, row.tail)
    outlet = {agencies.known(name) or fold(name) for name in (row.name, row.slug, row.site_name) if name}
    own = next((name for name in outlet if agencies.known(name)), None)
    is_agency = own is not None or named in outlet or fold(named or "") in outlet
    return Member(row.id, _order_at(row), own or named, is_agency)


def _order_at(row: Any) -> dt.datetime:
    """When it was published; a day is its end, so that an instant of that day comes before it."""
    instant: dt.datetime = row.date_published or row.first_seen_at
    return _end_of_day(instant) if row.date_published_precision == "day" else instant


def _end_of_day(instant: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(instant.date(), dt.time.max, dt.UTC)


def likely(connection: Connection, cluster_id: int, earliest: int) -> tuple[str | None, int | None]:
    """The agency whose text a cluster is, and the member that is likely its origin; None: not known."""
    agency, is_named = _agency(connection, cluster_id)
    if agency is not None:
        return agency, _own_page(connection, cluster_id, agency)
    return None, None if is_named or not _is_surely_first(connection, cluster_id, earliest) else earliest


def _agency(connection: Connection, cluster_id: int) -> tuple[str | None, bool]:
    """The agency that most members name, None where two are named as often; and whether any is named.

    A name that is no known agency's counts where outlets of two sources give it:
    one outlet alone may put anything before its dash.
    """
    query = (
        select(copy.c.agency, func.count(article.c.source_id.distinct()).label("sources"))
        .join(article, article.c.id == copy.c.article_id)
        .where(copy.c.cluster_id == cluster_id, copy.c.agency.is_not(None))
        .group_by(copy.c.agency)
    )
    votes = {row.agency: row.sources for row in connection.execute(query)}
    counted = {name: n for name, n in votes.items() if n > 1 or all(map(agencies.known, name.split(", ")))}
    most = [name for name, n in counted.items() if n == max(counted.values())]
    return (most[0] if len(most) == 1 else None), bool(counted)


def _own_page(connection: Connection, cluster_id: int, agency: str) -> int | None:
    own = select(copy.c.article_id).where(
        copy.c.cluster_id == cluster_id, copy.c.is_agency, copy.c.agency == agency
    )
    return connection.scalar(own.order_by(copy.c.order_at, copy.c.article_id).limit(1))


def _is_surely_first(connection: Connection, cluster_id: int, earliest: int) -> bool:
    """Whether it says when it was published, and no other may have been published as early."""
    first = connection.execute(
        select(copy.c.order_at, version.c.date_published)
        .join(article, article.c.id == copy.c.article_id)
        .join(version, version.c.id == article.c.current_version_id)
        .where(copy.c.article_id == earliest)
    ).one()
    if first.date_published is None:
        return False
    unclear = (first.order_at, _end_of_day(first.order_at))  # the same instant, or that day without an hour
    rival = select(copy.c.article_id).where(
        copy.c.cluster_id == cluster_id, copy.c.article_id != earliest, copy.c.order_at.in_(unclear)
    )
    return connection.scalar(rival.limit(1)) is None
