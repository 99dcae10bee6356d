"""What the rules need to know, read from the database."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.health.rules import Disk, Look, SourceFacts
from storage.health.tallies import watch_of
from storage.health.tally import COUNTS, Tally, Watch
from storage.health.usual import SILENCE_DAYS, WEEKS, Day
from storage.models import alarm, run, source, source_day

LOOKS = 30  # of each source: the newest


def source_facts(
    connection: Connection, *, now: dt.datetime, muted: Mapping[str, Iterable[str]] | None = None
) -> list[SourceFacts]:
    """All sources that were ever looked at, by slug. `muted`: the rules that are not for a source."""
    first = now.date() - dt.timedelta(days=SILENCE_DAYS)
    silences = _silences(connection, first)
    days = _days(connection, now.date() - dt.timedelta(weeks=WEEKS), now.date())
    latest = _latest_days(connection)
    raised = _raised(connection)
    known = connection.execute(select(source).order_by(source.c.slug)).all()
    return [
        SourceFacts(
            slug=row.slug,
            home_page=row.home_page,
            looks=looks_of(connection, row.id),
            days=days[row.id],
            silences=silences[row.id],
            watch=watch_of(latest.get(row.id)) if row.id in latest else Watch(),
            last_stored_at=latest[row.id].last_stored_at if row.id in latest else None,
            muted=frozenset((muted or {}).get(row.slug, ())),
            raised=raised[row.slug],
        )
        for row in known
    ]


def looks_of(connection: Connection, source_id: int, most: int = LOOKS) -> tuple[Look, ...]:
    """The newest looks at a source, newest first; those that are going on are not among them."""
    query = (
        select(run.c.started_at, run.c.tally, run.c.other_site)
        .where(run.c.source_id == source_id, run.c.tally.is_not(None))
        .order_by(run.c.id.desc())
        .limit(most)
    )
    return tuple(
        Look(at=row.started_at, tally=Tally.of_json(row.tally), other_site=row.other_site)
        for row in connection.execute(query)
    )


def day_of(row: Row[Any]) -> Day:
    """A row of `source_day` as the rules take it."""
    silence = row.longest_silence
    return Day(
        day=row.day,
        tally=Tally(**{name: getattr(row, name) for name in COUNTS}),
        looks=row.looks,
        blind_looks=row.blind_looks,
        longest_silence=None if silence is None else dt.timedelta(seconds=silence),
    )


def _days(connection: Connection, first: dt.date, before: dt.date) -> dict[int, list[Day]]:
    query = select(source_day).where(source_day.c.day >= first, source_day.c.day < before)
    days: dict[int, list[Day]] = defaultdict(list)
    for row in connection.execute(query.order_by(source_day.c.day)):
        days[row.source_id].append(day_of(row))
    return days


def _silences(connection: Connection, first: dt.date) -> dict[int, list[dt.timedelta]]:
    query = select(source_day.c.source_id, source_day.c.longest_silence).where(
        source_day.c.day >= first, source_day.c.longest_silence.is_not(None)
    )
    silences: dict[int, list[dt.timedelta]] = defaultdict(list)
    for source_id, seconds in connection.execute(query):
        silences[source_id].append(dt.timedelta(seconds=seconds))
    return silences


def _latest_days(connection: Connection) -> dict[int, Row[Any]]:
    one = source_day.alias()
    newest = select(func.max(one.c.day)).where(one.c.source_id == source.c.id).scalar_subquery()
    same = (source_day.c.source_id == source.c.id) & (source_day.c.day == newest)
    query = select(source_day).select_from(source).join(source_day, same)
    return {row.source_id: row for row in connection.execute(query)}


def _raised(connection: Connection) -> dict[str, dict[str, dt.datetime]]:
    raised: dict[str, dict[str, dt.datetime]] = defaultdict(dict)
    query = select(alarm.c.subject, alarm.c.rule, alarm.c.raised_at).where(alarm.c.cleared_at.is_(None))
    for subject, rule, at in connection.execute(query):
        raised[subject][rule] = at
    return raised


def disks(folders: Iterable[Path]) -> list[Disk]:
    """The room that is left where these folders lie (or are going to): one entry a disk."""
    found: dict[int, Disk] = {}
    for folder in folders:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        usage = shutil.disk_usage(there)
        found.setdefault(there.stat().st_dev, Disk(path=str(there), free=usage.free, total=usage.total))
    return list(found.values())
