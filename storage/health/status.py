"""Each source at a glance: what it brings against its usual, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from storage.health import alarms, facts
from storage.health.coverage import first_days
from storage.health.rules import ARCHIVE, SEVERITY, SHARES, Limits, Rule, SourceFacts, findings
from storage.health.tally import Tally
from storage.health.turns import Key, changes
from storage.health.usual import Day, Usual, silence_limit, usual_number, usual_share
from storage.models import endpoint, source, source_day

DAYS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A rule that holds now, whether or not somebody has been told of it."""

    rule: Rule
    source: str | None
    # None: the archive as a whole.
    since: dt.datetime | None
    # When its alarm was raised; None: no check has seen it yet.
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareNow:
    """A share of pages in the last looks, and what is usual."""

    part: int
    whole: int
    usual: float | None
    # None: not known yet.

    @property
    def share(self) -> float | None:
        """None: no page says."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """One source, now."""

    slug: str
    last_success: dt.datetime | None
    # The last look that was answered.
    last_news: dt.datetime | None
    next_run: dt.datetime | None
    # By its endpoints; `every`, `cron` and pauses overrule it, which `newsarchive status` knows.
    silence: dt.timedelta
    # How long it has brought nothing new while it was watched.
    silence_limit: dt.timedelta | None
    # What is more than usual; None: not known yet.
    articles: tuple[int | None, ...]
    # New ones on each of the last days since its first look, the last of them today; None: nothing was seen.
    usual: Usual | None
    # For a whole day like today.
    shares: Mapping[Rule, ShareNow]
    endpoints: int
    failing_endpoints: int
    troubles: tuple[Trouble, ...]
    # The worst first.

    @property
    def today(self) -> int:
        """New articles so far."""
        return (self.articles and self.articles[-1]) or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """All sources, the worst first, and what is wrong with the archive as a whole."""

    sources: tuple[SourceHealth, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles and not any(one.troubles for one in self.sources)


def health(
    connection: Connection,
    now: dt.datetime,
    *,
    limits: Limits | None = None,
    folders: Collection[Path] = (),
    muted: Mapping[str, Iterable[str]] | None = None,
) -> Health:
    """What a check would find now; nothing is written."""
    limits = limits or Limits()
    known = facts.source_facts(connection, now=now, muted=muted)
    troubles = _troubles(connection, known, now, limits, folders)
    endpoints = _endpoints(connection)
    days = _days(connection, now.date())
    begun = first_days(connection)
    found = [
        _source(
            one,
            troubles,
            days.get(one.slug, {}),
            begun.get(one.slug, now.date()),
            endpoints.get(one.slug),
            now,
            limits,
        )
        for one in known
    ]
    found.sort(key=lambda one: (SEVERITY[one.troubles[0].rule] if one.troubles else len(Rule), one.slug))
    return Health(sources=tuple(found), troubles=tuple(t for t in troubles if t.source is None))


def _troubles(
    connection: Connection,
    known: Sequence[SourceFacts],
    now: dt.datetime,
    limits: Limits,
    folders: Collection[Path],
) -> list[Trouble]:
    """The alarms that are raised and those that a check would raise, without those that it would clear."""
    held = {(one.rule, one.source or ARCHIVE): one for one in alarms.alarms(connection)}
    for_archive = [rule for rule, subject in held if subject == ARCHIVE]
    found = list(findings(known, facts.disks(folders), limits, now, for_archive))
    turned: dict[Key, Any] = {(c.rule, c.subject): c for c in changes(found, held)}
    troubles = [
        Trouble(rule=one.rule, source=one.source, since=one.raised_at, detail=one.detail)
        for key, one in held.items()
        if key not in turned
    ]
    troubles += [
        Trouble(rule=c.rule, source=c.subject or None, since=None, detail=c.detail)
        for c in turned.values()
        if c.raised
    ]
    return sorted(troubles, key=lambda trouble: SEVERITY[trouble.rule])


def _source(
    one: SourceFacts,
    troubles: Iterable[Trouble],
    days: Mapping[dt.date, Day],
    begun: dt.date,
    endpoints: Any,
    now: dt.datetime,
    limits: Limits,
) -> SourceHealth:
    today = now.date()
    last = [day for n in reversed(range(DAYS)) if (day := today - dt.timedelta(days=n)) >= begun]
    recent = sum((look.tally for look in one.looks), Tally())
    return SourceHealth(
        slug=one.slug,
        last_success=one.watch.last_look_at,
        last_news=one.watch.last_news_at,
        next_run=endpoints.next_run if endpoints else None,
        silence=one.watch.silence,
        silence_limit=silence_limit(one.silences, limits.patience),
        articles=tuple(days[d].tally.stored if d in days and days[d].looks else None for d in last),
        usual=usual_number(one.days, today, lambda day: day.tally.stored),
        shares={rule: _share(rule, recent, one.days) for rule in SHARES},
        endpoints=endpoints.number if endpoints else 0,
        failing_endpoints=endpoints.failing if endpoints else 0,
        troubles=tuple(trouble for trouble in troubles if trouble.source == one.slug),
    )


def _share(rule: Rule, recent: Tally, days: Sequence[Day]) -> ShareNow:
    usual = usual_share(days, SHARES[rule])
    return ShareNow(
        part=SHARES[rule].part(recent),
        whole=SHARES[rule].whole(recent),
        usual=usual.median if usual else None,
    )


def _days(connection: Connection, today: dt.date) -> dict[str, dict[dt.date, Day]]:
    query = (
        select(source.c.slug, source_day)
        .join(source, source.c.id == source_day.c.source_id)
        .where(source_day.c.day > today - dt.timedelta(days=DAYS))
    )
    days: dict[str, dict[dt.date, Day]] = {}
    for row in connection.execute(query):
        days.setdefault(row.slug, {})[row.day] = facts.day_of(row)
    return days


def _endpoints(connection: Connection) -> dict[str, Any]:
    """How many feeds, sitemaps and section pages each source has, how many fail, when the first is due."""
    # The column comes with the scheduler; without it no next run is known.
    due = endpoint.c.get("next_check_at")
    query = (
        select(
            source.c.slug,
            func.count().label("number"),
            func.sum((endpoint.c.failures > 0).cast(endpoint.c.failures.type)).label("failing"),
            (func.min(due) if due is not None else func.max(None)).label("next_run"),
        )
        .join(source, source.c.id == endpoint.c.source_id)
        .where(endpoint.c.kind != "given", endpoint.c.parent_id.is_(None))
        .group_by(source.c.slug)
    )
    return {row.slug: row for row in connection.execute(query)}
