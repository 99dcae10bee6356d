"""Looks for edits: which articles to fetch again now, and when each is due after it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from random import random

from sqlalchemy import Connection

from crawler.scheduling.rhythm import SHARE, DueRecheck, Lateness, allowance, next_recheck, within_budget
from storage import rechecks
from storage.rechecks import DueArticle
from storage.records import Moment

DAY = dt.timedelta(days=1)
LEFT = dt.timedelta(hours=1)  # when what the day's budget has left out is weighed again


def take(connection: Connection, source_id: int, *, now: dt.datetime, budget: int) -> int:
    """Let the ledger fetch the articles of a source that are due for a look; returns how many."""
    due = rechecks.due(connection, source_id, now=now, limit=10 * budget)
    if not due:
        return 0
    day, lately = (rechecks.spent(connection, source_id, since=now - span) for span in (DAY, SHARE))
    chosen = within_budget(
        (_due(item, now) for item in due),
        lateness=known_lateness(connection, source_id),
        allowed=allowance(budget, spent=day, lately=lately),
    )
    urls = {one.url_id for one in chosen}
    rechecks.take(connection, (item for item in due if item.url_id in urls), now=now)
    rechecks.postpone(connection, source_id, now=now, until=now + LEFT)
    return len(chosen)


def plan(connection: Connection, source_id: int, url_id: int, *, now: dt.datetime) -> None:
    """Set when to look again at the article of a URL that was read again, and learn from what that found."""
    life = rechecks.biography(connection, url_id)
    if life is None:
        return
    edited = bool(life.edits) and life.edits[-1] >= life.last_checked_at
    age = max(life.last_checked_at - (life.published or life.first_seen_at), dt.timedelta())
    late = known_lateness(connection, source_id).after(age, edited=edited)
    rechecks.keep_lateness(connection, source_id, asdict(late))
    at = next_recheck(
        published=life.published,
        first_seen=life.first_seen_at,
        last_checked=life.last_checked_at,
        changes=life.edits,
        source_lateness=late,
        now=now,
        chance=random(),  # noqa: S311
    )
    rechecks.plan(connection, life.article_id, at)


def known_lateness(connection: Connection, source_id: int) -> Lateness:
    """How late a source edits, as far as its articles have shown."""
    return _lateness(rechecks.lateness(connection, source_id))


def first_look(published: Moment | None, *, lateness: Lateness, now: dt.datetime) -> dt.datetime | None:
    """When to look again at an article of which no more is known than that it was read now."""
    value = published.value if published else None
    if value is not None and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), dt.UTC)
    return next_recheck(
        published=value,
        first_seen=now,
        last_checked=now,
        changes=(),
        source_lateness=lateness,
        now=now,
        chance=random(),  # noqa: S311
    )


def _due(item: DueArticle, now: dt.datetime) -> DueRecheck:
    start = min(item.published or item.first_seen_at, item.first_seen_at)
    return DueRecheck(
        url_id=item.url_id, due_at=item.next_check_at, age=max(now - start, dt.timedelta()), edits=item.edits
    )


def _lateness(kept: dict[str, Sequence[float]]) -> Lateness:
    looks, found = (tuple(kept.get(name, ())) for name in ("looks", "found"))
    usual = Lateness()
    if len(looks) == len(found) == len(usual.looks):
        return Lateness(looks=looks, found=found)
    return usual  # nothing is known, or the steps were others then
