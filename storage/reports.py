"""The account: what became of each URL, source by source and day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage import engines
from storage.ledger import announcers
from storage.models import article, endpoint, run, source, url
from storage.records import Outcome
from storage.urls import key

# Asked source by source: each is a step into an index, where one question of all would read a whole table.
_LEFT = (url.c.source_id == source.c.id) & (url.c.outcome == Outcome.PENDING) & url.c.next_fetch_at.is_(None)
LEFT = select(source.c.id, select(func.count()).where(_LEFT).scalar_subquery())
_THERE = (article.c.source_id == source.c.id) & article.c.current_version_id.is_not(None)
ARTICLES = select(source.c.id, select(func.count()).where(_THERE).scalar_subquery())
_RUN = run.alias()
_OF_SOURCE = select(func.max(_RUN.c.id)).where(_RUN.c.source_id == source.c.id)
_NEWEST = _OF_SOURCE.correlate(source).scalar_subquery()
LAST_RUNS = select(run.c.source_id, run.c.started_at, run.c.reason).select_from(source)
LAST_RUNS = LAST_RUNS.join(run, run.c.id == _NEWEST)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceStatus:
    """A source at a glance."""

    slug: str
    name: str
    home_page: str
    language: str | None
    country: str | None
    time_zone: str | None
    endpoints: int
    failing_endpoints: int
    articles: int
    outcomes: dict[str, int]
    # Of all URLs that it ever announced.
    left: int
    # Pending URLs that no crawl is to fetch yet: old entries of sitemaps.
    last_run: dt.datetime | None
    last_reason: str | None
    # Why the last run ended; None when it was cut off, or is going on.


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """What the archive knows of one URL."""

    url: str
    source: str
    outcome: Outcome
    detail: str | None
    http_status: int | None
    article_id: int | None
    attempts: int
    first_seen_at: dt.datetime
    outcome_at: dt.datetime | None
    next_fetch_at: dt.datetime | None
    announced_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverageDay:
    """What became of the URLs of one source that were first seen on one UTC day."""

    source: str
    day: dt.date
    outcomes: dict[str, int]

    @property
    def announced(self) -> int:
        """How many URLs were first seen that day."""
        return sum(self.outcomes.values())


def entry(connection: Connection, address: str) -> LedgerEntry | None:
    """The ledger's entry of a URL in any spelling, or None where nothing announced it."""
    columns = [
        url.c[name]
        for name in (
            "url",
            "detail",
            "http_status",
            "article_id",
            "attempts",
            "first_seen_at",
            "outcome_at",
            "next_fetch_at",
        )
    ]
    query = (
        select(url.c.id, url.c.outcome, source.c.slug, *columns)
        .join(source, source.c.id == url.c.source_id)
        .where(url.c.key == key(address))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return LedgerEntry(
        source=row.slug,
        outcome=Outcome(row.outcome),
        announced_by=tuple(announcers(connection, row.id)),
        **{c.name: getattr(row, c.name) for c in columns},
    )


def coverage(connection: Connection, *, slug: str | None, since: dt.datetime | None) -> list[CoverageDay]:
    """For each source and day what became of the URLs first seen then; newest day first."""
    day = func.date(url.c.first_seen_at)  # in UTC: the session's time zone is
    query = (
        select(source.c.slug, day, url.c.outcome, func.count())
        .join(source, source.c.id == url.c.source_id)
        .group_by(source.c.slug, day, url.c.outcome)
        .order_by(day.desc(), source.c.slug)
    )
    if slug is not None:
        query = query.where(source.c.slug == slug)
    if since is not None:
        query = query.where(url.c.first_seen_at >= since)
    days: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for name, date, outcome, number in connection.execute(query):
        days[name, str(date)][outcome] = number
    return [
        CoverageDay(source=name, day=dt.date.fromisoformat(date), outcomes=outcomes)
        for (name, date), outcomes in days.items()
    ]


def statuses(connection: Connection) -> list[SourceStatus]:
    """Every source that was ever crawled, by slug."""
    outcomes: dict[int, dict[str, int]] = defaultdict(dict)
    counted = select(url.c.source_id, url.c.outcome, func.count()).group_by(url.c.source_id, url.c.outcome)
    for source_id, outcome, number in connection.execute(counted):
        outcomes[source_id][outcome] = number
    engines.of(connection.engine.url).expect_few_rows(connection)  # from here on few rows of each
    left = dict(connection.execute(LEFT).all())
    articles = dict(connection.execute(ARTICLES).all())
    asked = _per_source(connection, endpoint.c.source_id)
    failing = _per_source(connection, endpoint.c.source_id, endpoint.c.failures > 0)
    runs = {r.source_id: r for r in connection.execute(LAST_RUNS)}
    return [
        SourceStatus(
            slug=row.slug,
            name=row.name,
            home_page=row.home_page,
            language=row.language,
            country=row.country,
            time_zone=row.time_zone,
            endpoints=asked.get(row.id, 0),
            failing_endpoints=failing.get(row.id, 0),
            articles=articles.get(row.id, 0),
            outcomes=outcomes[row.id],
            left=left.get(row.id, 0),
            last_run=runs[row.id].started_at if row.id in runs else None,
            last_reason=runs[row.id].reason if row.id in runs else None,
        )
        for row in connection.execute(select(source).order_by(source.c.slug)).all()
    ]


def _per_source(connection: Connection, source_id: Any, *conditions: Any) -> dict[int, int]:
    query: Select[Any] = select(source_id, func.count()).where(*conditions).group_by(source_id)
    return {row[0]: row[1] for row in connection.execute(query)}
