"""Coverage: day by day what was announced and what became of it, who found what, what nobody could see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, case, func, select

from storage import engines
from storage.models import announcement, endpoint, source, source_day, url
from storage.records import Outcome

BETWEEN = " "  # names of ways have no spaces
IMPORT = "import:"  # begins the address of the announcer that stands for a file


class Sight(StrEnum):
    """What could be seen of a source on a day."""

    SEEN = "seen"
    SILENT = "silent"  # it answered, and announced nothing new: the outlet's own doing
    REFUSED = "refused"  # most of its pages were consent dialogues or refusals
    BLIND = "blind"  # it was asked, and nothing answered
    NOT_LOOKED = "not_looked"  # nobody asked


class Seen(NamedTuple):
    """What was met on a day, as far as it says what could be seen."""

    looks: int = 0
    # That were answered.
    blind_looks: int = 0
    pages: int = 0
    blocked: int = 0
    announced: int = 0


def sight(day: Seen | None) -> Sight:
    """What could be seen on a day; None: there was no look."""
    if day is None or not (day.looks or day.blind_looks):
        return Sight.NOT_LOOKED
    if not day.looks:
        return Sight.BLIND
    if day.pages and day.blocked * 2 > day.pages:
        return Sight.REFUSED
    return Sight.SEEN if day.announced else Sight.SILENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one way of discovery found."""

    urls: int = 0
    articles: int = 0
    alone: int = 0
    # URLs that no other way has found.


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCoverage:
    """One source's day (UTC): the URLs that were first announced on it."""

    source: str
    day: dt.date
    sight: Sight | None
    # None: before looks were counted.
    outcomes: Mapping[str, int]
    methods: Mapping[str, Found]
    # feed, sitemap, news_sitemap, section, given, import
    missed: Mapping[tuple[str, str], int]
    # (one, other): how many articles one found and the other did not.

    @property
    def announced(self) -> int:
        """URLs."""
        return sum(self.outcomes.values())

    @property
    def stored(self) -> int:
        """Those that are articles of the archive now."""
        return sum(self.outcomes.get(outcome, 0) for outcome in ARTICLES)


ARTICLES = (Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.PAYWALL)
Key = tuple[str, dt.date]


Group = tuple[str, frozenset[str], int]  # an outcome, the ways that named its URLs, how many these are
NOTHING: Sequence[Group] = ()


def coverage(
    connection: Connection, *, slug: str | None = None, first: dt.date, last: dt.date
) -> list[DayCoverage]:
    """Every day from `first` to `last` of each source, from its first look on; newest day first."""
    # Else PostgreSQL compiles the question before it asks, which takes longer than to ask it.
    engines.of(connection.engine.url).expect_few_rows(connection)
    counts = _counted(connection, slug, first, last)
    looks = _looks(connection, slug, first, last)
    begun = first_days(connection, slug)
    named = sorted({name for name, _ in (*counts, *looks)} | set(begun))
    days = [last - dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        _day(key, counts.get(key, NOTHING), looks.get(key), has_begun=has_begun)
        for day in days
        for name in named
        for key in ((name, day),)
        if (has_begun := name in begun and day >= begun[name]) or key in counts or key in looks
    ]


def _day(key: Key, groups: Sequence[Group], seen: Seen | None, *, has_begun: bool) -> DayCoverage:
    name, day = key
    outcomes, methods, missed = _sums(tuple(groups))
    return DayCoverage(
        source=name,
        day=day,
        sight=sight(seen) if has_begun else None,
        outcomes=dict(outcomes),  # each day's own: whoever is handed it may change it
        methods=dict(methods),
        missed=dict(missed),
    )


@lru_cache(maxsize=4096)  # of a thousand sources most days are like another one: two articles of a feed
def _sums(
    groups: tuple[Group, ...],
) -> tuple[Mapping[str, int], Mapping[str, Found], Mapping[tuple[str, str], int]]:
    """What became of the URLs, what each way found, and what it missed."""
    outcomes: dict[str, int] = {}
    for outcome, _, number in groups:
        outcomes[outcome] = outcomes.get(outcome, 0) + number
    outcomes = dict(sorted(outcomes.items(), key=itemgetter(1), reverse=True))
    return outcomes, _found(groups), _missed(groups)


def _found(groups: Sequence[Group]) -> dict[str, Found]:
    """What each way found, the one that found most first."""
    counts: dict[str, list[int]] = {}
    for outcome, ways, number in groups:
        for way in ways:
            count = counts.setdefault(way, [0, 0, 0])
            count[0] += number
            count[1] += number if outcome in ARTICLES else 0
            count[2] += number if len(ways) == 1 else 0
    ordered = sorted(counts, key=lambda way: (-counts[way][0], way))
    return {
        way: Found(urls=urls, articles=articles, alone=alone)
        for way in ordered
        for urls, articles, alone in (counts[way],)
    }


def _missed(groups: Sequence[Group]) -> dict[tuple[str, str], int]:
    """Of the articles, what each way found that another did not."""
    every = sorted({way for _, ways, _ in groups for way in ways})
    of_articles = [(ways, number) for outcome, ways, number in groups if outcome in ARTICLES]
    counts = {
        (one, other): sum(number for ways, number in of_articles if one in ways and other not in ways)
        for one in every
        for other in every
        if one != other
    }
    return {pair: number for pair, number in counts.items() if number}


def _counted(
    connection: Connection, slug: str | None, first: dt.date, last: dt.date
) -> dict[Key, list[Group]]:
    """What became of the URLs first seen on these days, and who named them; in the order of their first."""
    ways: dict[str | None, frozenset[str]] = {}
    counts: dict[Key, list[Group]] = {}
    for name, day, outcome, methods, number in connection.execute(_groups(slug, first, last)).all():
        if methods not in ways:
            ways[methods] = frozenset(methods.split(BETWEEN)) if methods else frozenset()
        key = name, day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
        counts.setdefault(key, []).append((outcome, ways[methods], number))
    return counts


def _groups(slug: str | None, first: dt.date, last: dt.date) -> Select[Any]:
    """URLs, counted by source, day, outcome, and the ways that named them as they come."""
    begin = dt.datetime.combine(first, dt.time.min, dt.UTC)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, dt.UTC)
    way = case(
        (endpoint.c.url.startswith(IMPORT, autoescape=True), "import"),
        (endpoint.c.kind == "listing", "section"),
        else_=endpoint.c.kind,
    )
    ways = (
        select(func.aggregate_strings(way, BETWEEN))
        .select_from(announcement)
        .join(endpoint, endpoint.c.id == announcement.c.endpoint_id)
        .where(announcement.c.url_id == url.c.id)
        .scalar_subquery()
    )
    seen = (
        select(source.c.slug, func.date(url.c.first_seen_at).label("day"), url.c.outcome, url.c.id)
        .add_columns(ways.label("ways"))
        .select_from(source)
        .join(url, url.c.source_id == source.c.id)
        .where(url.c.first_seen_at >= begin, url.c.first_seen_at < end)
    )
    if slug is not None:
        seen = seen.where(source.c.slug == slug)
    of = seen.subquery().c
    grouped = of.slug, of.day, of.outcome, of.ways
    return select(*grouped, func.count()).group_by(*grouped).order_by(func.min(of.id))


def method(kind: str, announcer: str) -> str:
    """The way of discovery that an announcer is of; `_groups` says the same in SQL."""
    if announcer.startswith(IMPORT):
        return "import"
    return "section" if kind == "listing" else kind


def _looks(connection: Connection, slug: str | None, first: dt.date, last: dt.date) -> dict[Key, Seen]:
    query = (
        select(source.c.slug, source_day.c.day, *(source_day.c[name] for name in Seen._fields))
        .select_from(source)
        .join(source_day, source_day.c.source_id == source.c.id)
        .where(source_day.c.day >= first, source_day.c.day <= last)
    )
    if slug is not None:
        query = query.where(source.c.slug == slug)
    return {(name, day): Seen(*met) for name, day, *met in connection.execute(query).all()}


def first_days(connection: Connection, slug: str | None = None) -> dict[str, dt.date]:
    """The first day on which each source was looked at; `slug`: of one source alone."""
    # One step into the key of `source_day` for each source, or all its rows would be read.
    day = select(func.min(source_day.c.day)).where(source_day.c.source_id == source.c.id).scalar_subquery()
    query = select(source.c.slug, day.label("day"))
    if slug is not None:
        query = query.where(source.c.slug == slug)
    return {name: day for name, day in connection.execute(query).all() if day is not None}
