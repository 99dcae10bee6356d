"""What the rules need to know, read from the database."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, String, func, literal, select

from storage import engines
from storage.health.looks import KeptLook, Looks
from storage.health.rules import SHARES, Disk, SourceFacts
from storage.health.tallies import watch_of
from storage.health.tally import Watch
from storage.health.usual import SILENCE_DAYS, WEEKS, Days
from storage.models import alarm, run, source, source_day

LOOKS = 30  # of each source: the newest
# What a day is compared by.
COMPARED = sorted({"stored", *(name for share in SHARES.values() for name in (share.part, *share.whole))})
BETWEEN_FIELDS, BETWEEN_LOOKS = "\x1e", "\x1d"  # neither JSON nor the name of a site has such characters
_LOOK = (
    run.c.id.cast(String)
    + BETWEEN_FIELDS
    + run.c.started_at.cast(String)
    + BETWEEN_FIELDS
    + run.c.tally.cast(String)
    + BETWEEN_FIELDS
    + func.coalesce(run.c.other_site, "")
)
# A day as JSON. Of thirty looks and of forty days of a source one text: as rows they would take PostgreSQL's
# driver longer than what is in them.
_DAY = reduce(
    add,
    (part for name in ("looks", *COMPARED) for part in (",", source_day.c[name].cast(String))),
    literal('["') + source_day.c.day.cast(String) + '"',
) + literal("]")


def source_facts(
    connection: Connection, *, now: dt.datetime, muted: Mapping[str, Iterable[str]] | None = None
) -> list[SourceFacts]:
    """All sources that were ever looked at, by slug. `muted`: the rules that are not for a source."""
    # Each question goes from the sources to few rows of each; read whole, the tables grow with the years.
    engines.of(connection.engine.url).expect_few_rows(connection)
    today = now.date()
    silences = _silences(connection, today - dt.timedelta(days=SILENCE_DAYS))
    days = _days(connection, today - dt.timedelta(weeks=WEEKS), today)
    looks = _looks(connection)
    latest = _latest_days(connection)
    raised = _raised(connection)
    known = connection.execute(select(source).order_by(source.c.slug)).all()
    return [
        SourceFacts(
            slug=row.slug,
            home_page=row.home_page,
            looks=looks.get(row.id) or Looks(),
            days=days.get(row.id) or Days(),
            silences=silences.get(row.id, ()),
            watch=watch_of(latest.get(row.id)) if row.id in latest else Watch(),
            last_stored_at=latest[row.id].last_stored_at if row.id in latest else None,
            muted=frozenset((muted or {}).get(row.slug, ())),
            raised=raised[row.slug],
        )
        for row in known
    ]


def _looks(connection: Connection) -> dict[int, Looks]:
    """The newest looks at each source; those that are going on are not among them."""
    newest = (
        select(_LOOK.label("look"))
        .where(run.c.source_id == source.c.id, run.c.tally.is_not(None))
        .order_by(run.c.id.desc())
        .limit(LOOKS)
        .correlate(source)
        .subquery()
    )
    together = select(func.aggregate_strings(newest.c.look, BETWEEN_LOOKS)).scalar_subquery()
    return {
        source_id: Looks(_kept(text))
        for source_id, text in connection.execute(select(source.c.id, together)).all()
        if text
    }


def _kept(text: str) -> list[KeptLook]:
    looks = [look.split(BETWEEN_FIELDS) for look in text.split(BETWEEN_LOOKS)]
    # The newest have the highest numbers; no engine promises in which order it puts texts together.
    looks.sort(key=lambda look: int(look[0]), reverse=True)
    return [KeptLook(*look[1:]) for look in looks]


def _days(connection: Connection, first: dt.date, before: dt.date) -> dict[int, Days]:
    """What is taken for usual, of each source."""
    together = (
        select(func.aggregate_strings(_DAY, ","))
        .where(source_day.c.source_id == source.c.id, source_day.c.day >= first, source_day.c.day < before)
        .scalar_subquery()
    )
    return {
        source_id: _in_columns(json.loads(f"[{text}]"))
        for source_id, text in connection.execute(select(source.c.id, together)).all()
        if text
    }


def _in_columns(rows: list[list[Any]]) -> Days:
    """Days by their columns: the day, how many looks there were, what is COMPARED."""
    rows.sort()  # no engine promises in which order it puts texts together
    day, looks, *counts = zip(*rows, strict=True)
    return Days(
        day=tuple(map(dt.date.fromisoformat, day)),
        looks=looks,
        counts=dict(zip(COMPARED, counts, strict=True)),
    )


def _silences(connection: Connection, first: dt.date) -> dict[int, list[int]]:
    """The longest of each day, of each source."""
    longest = source_day.c.longest_silence
    of_source = (
        select(func.aggregate_strings(longest.cast(String), BETWEEN_FIELDS))
        .where(source_day.c.source_id == source.c.id, source_day.c.day >= first, longest.is_not(None))
        .scalar_subquery()
    )
    return {
        source_id: list(map(int, text.split(BETWEEN_FIELDS)))
        for source_id, text in connection.execute(select(source.c.id, of_source)).all()
        if text
    }


def _latest_days(connection: Connection) -> dict[int, Row[Any]]:
    one = source_day.alias()
    newest = select(func.max(one.c.day)).where(one.c.source_id == source.c.id).scalar_subquery()
    same = (source_day.c.source_id == source.c.id) & (source_day.c.day == newest)
    columns = [
        source_day.c[n] for n in ("source_id", "last_look_at", "last_news_at", "silence", "last_stored_at")
    ]
    query = select(*columns).select_from(source).join(source_day, same)
    return {row.source_id: row for row in connection.execute(query).all()}


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
