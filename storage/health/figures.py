"""The counts of each source that a monitor follows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from storage.models import article, source, source_day, url


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One source in numbers."""

    slug: str
    articles: int
    outcomes: dict[str, int]
    due: int
    # URLs to fetch now.
    last_success: dt.datetime | None
    last_news: dt.datetime | None


def figures(connection: Connection, *, now: dt.datetime) -> list[Figures]:
    """All sources, by slug."""
    outcomes: dict[int, dict[str, int]] = defaultdict(dict)
    counted = select(url.c.source_id, url.c.outcome, func.count()).group_by(url.c.source_id, url.c.outcome)
    for source_id, outcome, number in connection.execute(counted):
        outcomes[source_id][outcome] = number
    there = article.c.current_version_id.is_not(None)
    articles = _counts(connection, article.c.source_id, there)
    is_due = url.c.next_fetch_at.is_not(None) & (url.c.next_fetch_at <= now)
    due = _counts(connection, url.c.source_id, is_due)
    seen = select(
        source_day.c.source_id,
        func.max(source_day.c.last_look_at).label("look"),
        func.max(source_day.c.last_news_at).label("news"),
    ).group_by(source_day.c.source_id)
    last = {row.source_id: row for row in connection.execute(seen)}
    return [
        Figures(
            slug=row.slug,
            articles=articles.get(row.id, 0),
            outcomes=outcomes[row.id],
            due=due.get(row.id, 0),
            last_success=last[row.id].look if row.id in last else None,
            last_news=last[row.id].news if row.id in last else None,
        )
        for row in connection.execute(select(source.c.id, source.c.slug).order_by(source.c.slug)).all()
    ]


def _counts(connection: Connection, source_id: Any, condition: Any) -> dict[int, int]:
    query = select(source_id, func.count()).where(condition).group_by(source_id)
    return {row[0]: row[1] for row in connection.execute(query)}
