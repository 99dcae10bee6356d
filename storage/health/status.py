"""Each source at a glance: what it brings against its usual, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from storage.health import alarms, facts
from storage.health.coverage import first_days
from storage.health.looks import Looks
from storage.health.rules import ARCHIVE, SEVERITY, SHARES, Limits, Rule, SourceFacts, findings
from storage.health.turns import Key, changes
from storage.health.usual import Days, Share, Usual, silence_limit, usual_number
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
    of_today = _articles_today(connection, now.date())
    begun = first_days(connection)
    own: dict[str | None, list[Trouble]] = defaultdict(list)
    for trouble in troubles:
        own[trouble.source].append(trouble)
    found = [
        _source(
            one,
            own.get(one.slug, ()),
            of_today.get(one.slug),
            begun.get(one.slug, now.date()),
            endpoints.get(one.slug),
            now,
            limits,
        )
        for one in known
    ]
    found.sort(key=lambda one: (SEVERITY[one.troubles[0].rule] if one.troubles else len(Rule), one.slug))
    return Health(sources=tuple(found), troubles=tuple(own.get(None, ())))


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
    of_today: int | None,
    begun: dt.date,
    endpoints: Any,
    now: dt.datetime,
    limits: Limits,
) -> SourceHealth:
    today = now.date()
    articles: dict[dt.date, int | None] = dict(_articles(one.days))
    articles[today] = of_today
    last = [day for n in reversed(range(DAYS)) if (day := today - dt.timedelta(days=n)) >= begun]
    return SourceHealth(
        slug=one.slug,
        last_success=one.watch.last_look_at,
        last_news=one.watch.last_news_at,
        next_run=endpoints.next_run if endpoints else None,
        silence=one.watch.silence,
        silence_limit=silence_limit(one.silences, limits.patience),
        articles=tuple(map(articles.get, last)),
        usual=usual_number(one.days, today, "stored"),
        shares={rule: _share(share, one.looks, one.usual_shares[rule]) for rule, share in SHARES.items()},
        endpoints=endpoints.number if endpoints else 0,
        failing_endpoints=endpoints.failing if endpoints else 0,
        troubles=tuple(troubles),
    )


def _articles(days: Days) -> Iterable[tuple[dt.date, int]]:
    """The new articles of each of the last days on which it answered."""
    if not days.day:
        return ()
    last = slice(-DAYS, None)
    return compress(zip(days.day[last], days.counts["stored"][last], strict=True), days.looks[last])


def _share(share: Share, looks: Looks, usual: Usual | None) -> ShareNow:
    parts, wholes = share.columns(looks.column)
    return ShareNow(part=sum(parts), whole=sum(wholes), usual=usual.median if usual else None)


def _articles_today(connection: Connection, today: dt.date) -> dict[str, int]:
    """How many new articles each source has had so far, of those that have answered."""
    query = (
        select(source.c.slug, source_day.c.stored)
        .select_from(source)
        .join(source_day, source_day.c.source_id == source.c.id)
        .where(source_day.c.day == today, source_day.c.looks > 0)
    )
    return dict(connection.execute(query).all())


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
