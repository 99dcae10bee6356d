"""Coverage: day by day what was announced and what became of it, who found what, what nobody could see."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.health.facts import day_of
from storage.health.usual import Day
from storage.models import announcement, endpoint, source, source_day, url
from storage.records import Outcome

IMPORT = "import:"  # begins the address of the announcer that stands for a file


class Sight(StrEnum):
    """What could be seen of a source on a day."""

    SEEN = "seen"
    SILENT = "silent"  # it answered, and announced nothing new: the outlet's own doing
    REFUSED = "refused"  # most of its pages were consent dialogues or refusals
    BLIND = "blind"  # it was asked, and nothing answered
    NOT_LOOKED = "not_looked"  # nobody asked


def sight(day: Day | None) -> Sight:
    """What could be seen on a day; None: there was no look."""
    if day is None or not (day.looks or day.blind_looks):
        return Sight.NOT_LOOKED
    if not day.looks:
        return Sight.BLIND
    if day.tally.pages and day.tally.blocked * 2 > day.tally.pages:
        return Sight.REFUSED
    return Sight.SEEN if day.tally.announced else Sight.SILENT


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


@dataclass
class _Count:
    """A day being counted."""

    outcomes: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    sets: list[frozenset[str]] = field(default_factory=list)

    def add(self, outcome: str, methods: frozenset[str], *, is_article: bool) -> None:
        self.outcomes[outcome] += 1
        self.found.update(methods)
        if len(methods) == 1:
            self.alone.update(methods)
        if is_article:
            self.articles.update(methods)
            self.sets.append(methods)

    def missed(self) -> dict[tuple[str, str], int]:
        """Of the articles, what each way found that another did not."""
        ways = sorted(self.found)
        pairs = ((one, other) for one in ways for other in ways if one != other)
        counts = {(a, b): sum(a in found and b not in found for found in self.sets) for a, b in pairs}
        return {pair: number for pair, number in counts.items() if number}


def coverage(
    connection: Connection, *, slug: str | None = None, first: dt.date, last: dt.date
) -> list[DayCoverage]:
    """Every day from `first` to `last` of each source, from its first look on; newest day first."""
    counts = _counted(connection, slug, first, last)
    looks = _looks(connection, slug, first, last)
    begun = first_days(connection, slug)
    named = {name for name, _ in (*counts, *looks)} | set(begun)
    days = [last - dt.timedelta(days=n) for n in range((last - first).days + 1)]
    keys = [(name, day) for day in days for name in sorted(named)]
    return [
        _day(key, counts.get(key), looks.get(key), begun.get(key[0]))
        for key in keys
        if key in counts or key in looks or (key[0] in begun and key[1] >= begun[key[0]])
    ]


def _day(key: Key, count: _Count | None, looked: Day | None, begun: dt.date | None) -> DayCoverage:
    count = count or _Count()
    name, day = key
    return DayCoverage(
        source=name,
        day=day,
        sight=sight(looked) if begun is not None and day >= begun else None,
        outcomes=dict(count.outcomes.most_common()),
        methods={
            way: Found(urls=number, articles=count.articles[way], alone=count.alone[way])
            for way, number in count.found.most_common()
        },
        missed=count.missed(),
    )


def _counted(connection: Connection, slug: str | None, first: dt.date, last: dt.date) -> dict[Key, _Count]:
    """What became of the URLs first seen on these days, and who named them."""
    counts: dict[Key, _Count] = defaultdict(_Count)
    for row, methods in _with_methods(connection.execute(_urls(slug, first, last))):
        is_article = row.outcome in ARTICLES
        counts[row.slug, row.first_seen_at.date()].add(row.outcome, methods, is_article=is_article)
    return dict(counts)


def _urls(slug: str | None, first: dt.date, last: dt.date) -> Select[Any]:
    begin = dt.datetime.combine(first, dt.time.min, dt.UTC)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, dt.UTC)
    query = (
        select(url.c.id, source.c.slug, url.c.first_seen_at, url.c.outcome)
        .add_columns(endpoint.c.kind, endpoint.c.url.label("announcer"))
        .join(source, source.c.id == url.c.source_id)
        .outerjoin(announcement, announcement.c.url_id == url.c.id)
        .outerjoin(endpoint, endpoint.c.id == announcement.c.endpoint_id)
        .where(url.c.first_seen_at >= begin, url.c.first_seen_at < end)
        .order_by(url.c.id)
    )
    return query if slug is None else query.where(source.c.slug == slug)


def _with_methods(rows: Iterable[Any]) -> Iterator[tuple[Any, frozenset[str]]]:
    """Each URL's first row, with all that named it; its rows come one after another."""
    first: Any = None
    methods: set[str] = set()
    for row in rows:
        if first is not None and row.id != first.id:
            yield first, frozenset(methods)
            methods = set()
        if first is None or row.id != first.id:
            first = row
        if row.kind is not None:
            methods.add(method(row.kind, row.announcer))
    if first is not None:
        yield first, frozenset(methods)


def method(kind: str, announcer: str) -> str:
    """The way of discovery that an announcer is of."""
    if announcer.startswith(IMPORT):
        return "import"
    return "section" if kind == "listing" else kind


def _looks(connection: Connection, slug: str | None, first: dt.date, last: dt.date) -> dict[Key, Day]:
    query = (
        select(source.c.slug, source_day)
        .join(source, source.c.id == source_day.c.source_id)
        .where(source_day.c.day >= first, source_day.c.day <= last)
    )
    if slug is not None:
        query = query.where(source.c.slug == slug)
    return {(row.slug, row.day): day_of(row) for row in connection.execute(query)}


def first_days(connection: Connection, slug: str | None = None) -> dict[str, dt.date]:
    """The first day on which each source was looked at; `slug`: of one source alone."""
    # One step into the key of `source_day` for each source, or all its rows would be read.
    day = select(func.min(source_day.c.day)).where(source_day.c.source_id == source.c.id).scalar_subquery()
    query = select(source.c.slug, day.label("day"))
    if slug is not None:
        query = query.where(source.c.slug == slug)
    return {row.slug: row.day for row in connection.execute(query) if row.day is not None}
