"""Which articles are to be looked at for edits, and what is known of each. When, is the crawler's policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from storage.ledger import LIVING
from storage.models import article, change, run, source, url, version
from storage.records import ChangeKind, Outcome

# What happens to an article, and is no edit of its text.
NO_EDITS = (
    ChangeKind.PAYWALL_RAISED,
    ChangeKind.PAYWALL_LOWERED,
    ChangeKind.REDIRECTED,
    ChangeKind.REMOVED,
    ChangeKind.BACK,
    ChangeKind.REREAD,
)
LOOKED = (Outcome.UNCHANGED, Outcome.UPDATED)  # what becomes of a URL whose article is looked at again


# Each crawl asks for it.
_EDITS = select(func.count(func.distinct(change.c.at))).where(
    change.c.article_id == article.c.id, change.c.kind.not_in(NO_EDITS)
)
_LEAD = (
    select(func.min(url.c.id))
    .where(url.c.article_id == article.c.id, url.c.outcome.in_(LIVING))
    .scalar_subquery()
)
DUE = (
    select(
        article.c.id,
        _LEAD.label("url_id"),
        article.c.next_check_at,
        version.c.date_published,
        article.c.first_seen_at,
        _EDITS.scalar_subquery().label("edits"),
    )
    .join(version, version.c.id == article.c.current_version_id)
    .where(
        article.c.source_id == bindparam("source"),
        article.c.next_check_at.is_not(None),
        article.c.next_check_at <= bindparam("now", type_=article.c.next_check_at.type),
    )
    .order_by(article.c.next_check_at)
    .limit(bindparam("most"))
)
LATENESS = select(source.c.lateness).where(source.c.id == bindparam("source"))


@dataclass(frozen=True, kw_only=True, slots=True)
class DueArticle:
    """An article that is to be looked at again, and the URL that leads to it."""

    article_id: int
    url_id: int
    next_check_at: dt.datetime
    published: dt.datetime | None
    first_seen_at: dt.datetime
    edits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Biography:
    """What is known of an article that was looked at."""

    article_id: int
    published: dt.datetime | None
    first_seen_at: dt.datetime
    last_checked_at: dt.datetime
    edits: tuple[dt.datetime, ...]
    # When each was found, in order.


def due(connection: Connection, source_id: int, *, now: dt.datetime, limit: int) -> list[DueArticle]:
    """Articles of a source that are to be looked at now, those due longest first."""
    return [
        DueArticle(
            article_id=row.id,
            url_id=row.url_id,
            next_check_at=row.next_check_at,
            published=row.date_published,
            first_seen_at=row.first_seen_at,
            edits=row.edits,
        )
        for row in connection.execute(DUE, {"source": source_id, "now": now, "most": limit})
        if row.url_id is not None
    ]


def take(connection: Connection, taken: Iterable[DueArticle], *, now: dt.datetime) -> None:
    """Let the ledger fetch these articles; their next look is set when they have been read."""
    for item in taken:
        connection.execute(update(url).where(url.c.id == item.url_id).values(next_fetch_at=now))
        plan(connection, item.article_id, None)


def postpone(connection: Connection, source_id: int, *, now: dt.datetime, until: dt.datetime) -> None:
    """Leave what is due of a source for later."""
    waiting = (article.c.source_id == source_id, article.c.next_check_at <= now)
    connection.execute(update(article).where(*waiting).values(next_check_at=until))


def plan(connection: Connection, article_id: int, at: dt.datetime | None) -> None:
    """Set when to look at an article again; None: no more."""
    connection.execute(update(article).where(article.c.id == article_id).values(next_check_at=at))


def spent(connection: Connection, source_id: int, *, since: dt.datetime) -> int:
    """How many articles of a source its crawls since then have looked at again."""
    rows = connection.execute(
        select(run.c.outcomes, run.c.carried_over).where(
            run.c.source_id == source_id, run.c.started_at >= since
        )
    )
    return sum((counts or {}).get(outcome, 0) for row in rows for counts in row for outcome in LOOKED)


def biography(connection: Connection, url_id: int) -> Biography | None:
    """What is known of the article that a URL leads to, or None where it leads to none."""
    query = (
        select(article.c.id, version.c.date_published, article.c.first_seen_at, article.c.last_checked_at)
        .join(url, url.c.article_id == article.c.id)
        .join(version, version.c.id == article.c.current_version_id)
        .where(url.c.id == url_id, url.c.outcome.in_(LIVING))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    edits = (
        select(change.c.at)
        .where(change.c.article_id == row.id, change.c.kind.not_in(NO_EDITS))
        .distinct()
        .order_by(change.c.at)
    )
    return Biography(
        article_id=row.id,
        published=row.date_published,
        first_seen_at=row.first_seen_at,
        last_checked_at=row.last_checked_at,
        edits=tuple(connection.scalars(edits)),
    )


def lateness(connection: Connection, source_id: int) -> dict[str, Sequence[float]]:
    """How late a source edits, as the policy has written it down."""
    found: Any = connection.scalar(LATENESS, {"source": source_id})
    return found or {}


def keep_lateness(connection: Connection, source_id: int, found: dict[str, Sequence[float]]) -> None:
    """Remember how late a source edits."""
    connection.execute(update(source).where(source.c.id == source_id).values(lateness=found))
