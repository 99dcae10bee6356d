"""An archive of generated articles, made in minutes: rows as the writer writes them, table by table.

Processes make the rows with the archive's own functions (`storage.articles.version_row`,
`storage.search_terms.terms` …); one puts them in, without the writer's questions, since nothing is there
yet. A test holds what comes of it next to what the real writer makes of the same articles.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from growth_loading import SEARCH, SEARCH_COLUMNS, columns, loading
from growth_press import CHUNK, DAYS, Press, Story
from numpy.typing import NDArray
from rich.progress import Progress
from sqlalchemy import Dialect, Engine, Table

from storage import facets, search_index, search_terms, tsvector
from storage.articles import version_row
from storage.changes import compare
from storage.database import open_engine
from storage.events import EventKind
from storage.health.looks import Look
from storage.health.tallies import _row_after
from storage.health.tally import Tally
from storage.models import (
    metadata,
)
from storage.records import Outcome, Submission
from storage.sketches import _packed
from storage.urls import key
from storage.words import fold

Rows = dict[str, list[tuple[Any, ...]]]
Row = dict[str, Any]
ENUMS = {"kind", "outcome", "role"}
ENDPOINTS = ("feed", "sitemap")  # of each source; both name each article


class Maker:
    """Makes the rows of an archive, ready for a database driver."""

    def __init__(self, articles: int, until: dt.date) -> None:
        self.press = Press(articles, until)
        self.people = {name: n + 1 for n, name in enumerate(self.press.people)}

    def frame(self) -> Iterator[tuple[str, list[Row]]]:
        """What is there before the first article: sources, their endpoints, names, looks day by day."""
        press = self.press
        yield (
            "source",
            [
                {
                    "id": one.id,
                    "slug": one.slug,
                    "name": one.slug.title(),
                    "language": one.language,
                    "home_page": f"https://{one.slug}.example/",
                }
                for one in press.sources
            ],
        )
        yield "endpoint", [row for one in press.sources for row in self._endpoints(one.slug, one.id)]
        yield (
            "person",
            [{"id": n, "name": name, "folded": fold(name)} for name, n in self.people.items()],
        )
        days = (press.minute_of // 1_440).astype(int)
        stored = np.zeros((len(press.sources), DAYS), dtype=int)
        np.add.at(stored, (press.source_of, days), 1)
        for one in press.sources:
            looks = list(self._looks(one.id, stored[one.id - 1].tolist()))
            yield "run", [row for row, _ in looks]
            yield "source_day", [row for _, row in looks]

    def _endpoints(self, slug: str, source_id: int) -> Iterator[Row]:
        for n, kind in enumerate(ENDPOINTS):
            at = self.press.start + dt.timedelta(days=DAYS - 1)
            yield {
                "id": (source_id - 1) * len(ENDPOINTS) + n + 1,
                "source_id": source_id,
                "url": f"https://{slug}.example/{kind}.xml",
                "kind": kind,
                "failures": 0,
                "last_checked_at": at,
                "last_success_at": at,
                "last_new": 1,
            }

    def _looks(self, source_id: int, stored: list[int]) -> Iterator[tuple[Row, Row]]:
        """A run and the account of its day, for each day."""
        latest: Any = None
        for day, number in enumerate(stored):
            at = self.press.start + dt.timedelta(days=day)
            tally = Tally(
                answered=len(ENDPOINTS),
                announced=number,
                news=number,
                pages=number,
                stored=number,
                read=number,
            )
            counted = _row_after(latest, Look(at=at, tally=tally, other_site=None))
            latest = SimpleNamespace(source_id=source_id, day=at.date(), **counted)
            yield (
                {
                    "id": (source_id - 1) * DAYS + day + 1,
                    "source_id": source_id,
                    "started_at": at,
                    "finished_at": at + dt.timedelta(minutes=5),
                    "reason": "finished",
                    "announced": number,
                    "outcomes": {"stored": number} if number else {},
                    "carried_over": {},
                    "tally": tally.as_json(),
                },
                vars(latest),
            )

    def chunk(self, number: int) -> tuple[dict[str, list[Row]], list[tuple[int, int]]]:
        """The rows of the articles of a chunk, and those of their sketches."""
        found: dict[str, list[Row]] = defaultdict(list)
        first: dict[int, Submission] = {}
        last: dict[int, tuple[int, Submission]] = {}
        for version_id, story in enumerate(self.press.chunk(number), self.press.version_id(number * CHUNK)):
            submission = story.submission
            before = first.setdefault(submission.url_id, submission)
            self._version(found, story, version_id, None if before is submission else before)
            found[SEARCH].append({"id": version_id, **self._indexed(story)})
            last[submission.url_id] = (version_id, submission)
        for article_id, (current_id, submission) in last.items():
            self._article(found, article_id, current_id, first[article_id], submission)
        return found, [(value, one) for one, (_, latest) in last.items() for value in latest.sketch]

    def _version(
        self, found: dict[str, list[Row]], story: Story, version_id: int, before: Submission | None
    ) -> None:
        """A version with its parts, the changes that made it, and what is told of it."""
        submission = story.submission
        item, number = submission.article, 2 if before else 1
        told = {"at": submission.fetched_at, "article_id": submission.url_id, "version_id": version_id}
        own = {"id": version_id, "article_id": submission.url_id, "number": number}
        found["version"].append({**own, "reading": 1, "is_superseded": False, **_version_row(story)})
        kind = EventKind.VERSION if before else EventKind.STORED
        found["event"].append({**told, "id": version_id, "kind": kind, "number": number})
        for one in compare(before.article, item, last_seen=before.fetched_at) if before else ():
            found["change"].append({**told, "kind": one.kind, "share": one.share, "detail": one.detail})
        parts: list[tuple[str, list[Row]]] = [
            ("byline", [{"person_id": self.people[one.name], "role": one.role} for one in item.bylines]),
            ("image", [{name: getattr(one, name) for name in one.__slots__} for one in item.images]),
            ("keyword", [{"keyword": word} for word in item.keywords]),
        ]
        for name, rows in parts:
            found[name] += [{"version_id": version_id, "position": n, **row} for n, row in enumerate(rows)]

    def _article(
        self,
        found: dict[str, list[Row]],
        article_id: int,
        current_id: int,
        first: Submission,
        last: Submission,
    ) -> None:
        """An article as it stands, and its entry in the ledger."""
        address, at = first.article.canonical_url, first.fetched_at
        found["article"].append(
            {
                "id": article_id,
                "source_id": first.source_id,
                "canonical_url": address,
                "key": key(address),
                "first_seen_at": at,
                "last_checked_at": last.fetched_at,
                "current_version_id": current_id,
                "text_hash": last.text_hash,
                "sketch": _packed(set(last.sketch)),
            }
        )
        published = first.article.date_published
        found["url"].append(
            {
                "id": article_id,
                "source_id": first.source_id,
                "url": address,
                "key": key(address),
                "first_seen_at": at,
                "last_seen_at": last.fetched_at,
                "announced_title": first.article.headline,
                "announced_at": published and published.value,
                "order_at": published and published.value,
                "attempts": 0,
                "outcome": Outcome.STORED if first is last else Outcome.UPDATED,
                "outcome_at": last.fetched_at,
                "outcome_run_id": first.run_id,
                "http_status": 200,
                "article_id": article_id,
            }
        )
        for n in range(len(ENDPOINTS)):
            found["announcement"].append(
                {
                    "url_id": article_id,
                    "endpoint_id": (first.source_id - 1) * len(ENDPOINTS) + n + 1,
                    "run_id": first.run_id,
                    "first_seen_at": at,
                    "last_seen_at": last.fetched_at,
                }
            )

    def _indexed(self, story: Story) -> dict[str, str]:
        item = story.submission.article
        slug = self.press.sources[story.submission.source_id - 1].slug
        assert item.date_published
        return {
            **search_terms.terms(replace(item, blocks=()) if story.body else item),
            **({"body": story.body.terms} if story.body else {}),
            "facets": " ".join(facets.facets(slug, item.in_language, item.date_published.value)),
        }


class Driver:
    """Makes tuples of rows, as the driver of a dialect takes them."""

    def __init__(self, dialect: Dialect) -> None:
        self.is_sqlite = dialect.name == "sqlite"
        self.ready = {table.name: _processors(table, dialect) for table in metadata.sorted_tables}

    def __call__(self, name: str, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
        """A value for each column."""
        if name == SEARCH:
            return [self._indexed(row) for row in rows]
        ready = self.ready[name]
        return [
            tuple(
                value if (value := row.get(column)) is None or make is None else make(value)
                for column, make in ready
            )
            for row in rows
        ]

    def _indexed(self, row: Row) -> tuple[Any, ...]:
        if self.is_sqlite:
            return tuple(row[name] for name in ("id", *SEARCH_COLUMNS["sqlite"][1:]))
        return tuple(tsvector.row(row["id"], row, search_index.COLUMNS).values())


def _version_row(story: Story) -> Row:
    """`version_row`, without reading once more what is known of a text."""
    item, body = story.submission.article, story.body
    if body is None:
        return version_row(story.submission)
    row = version_row(replace(story.submission, article=replace(item, blocks=())))
    blocks = [{name: getattr(block, name) for name in block.__slots__} for block in item.blocks]
    return {**row, "body": item.body, "blocks": blocks, "word_count": body.count}


def _processors(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """What makes of a value what the driver takes, by column."""
    made = (
        (one.name, one.type.dialect_impl(dialect).bind_processor(dialect))
        for one in table.c
        if one.name in columns(table.name)
    )
    return [(name, make or (str if name in ENUMS else None)) for name, make in made]


Made = tuple[list[Rows], Any]  # the rows for each driver; those of sketches
_make: Callable[[int], Made]


def _begin(articles: int, until: dt.date, dialects: Sequence[Dialect]) -> None:
    """In each process: get ready to make chunks."""
    global _make
    maker, drivers = Maker(articles, until), [Driver(dialect) for dialect in dialects]
    gc.disable()  # what is made here has no circles

    def make(number: int) -> Made:
        rows, sketches = maker.chunk(number)
        made = [{name: driver(name, of_table) for name, of_table in rows.items()} for driver in drivers]
        return made, np.array(sketches, dtype=np.int64)

    _make = make


def _chunk(number: int) -> Made:
    return _make(number)


POOL = multiprocessing.get_context("spawn").Pool


class Alone:
    """No pool: this process makes the chunks by itself."""

    def __init__(self, initializer: Callable[..., None], initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def imap(self, call: Callable[[int], Made], numbers: Iterable[int]) -> Iterator[Made]:
        """Each result as it is asked for."""
        return map(call, numbers)

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *_: object) -> None:
        gc.enable()


def fill(
    wheres: Sequence[str],
    articles: int,
    until: dt.date,
    progress: Progress,
    pool: Any = POOL,
) -> None:
    """Make the same archive of so many articles at each of `wheres`, which are empty."""
    task = progress.add_task(f"{articles:,} articles", total=articles)
    with ExitStack() as stack:
        engines = [stack.enter_context(_open(where)) for where in wheres]
        puts = [stack.enter_context(loading(engine)).put for engine in engines]
        drivers = [Driver(engine.dialect) for engine in engines]
        for name, rows in Maker(articles, until).frame():
            for put, driver in zip(puts, drivers, strict=True):
                put(name, driver(name, rows))
        sketches = []
        begin = (articles, until, [type(engine.dialect)() for engine in engines])
        with pool(initializer=_begin, initargs=begin) as makers:
            for made, of_sketch in makers.imap(_chunk, range(-(-articles // CHUNK))):
                for put, rows_of in zip(puts, made, strict=True):
                    for name, of_table in rows_of.items():
                        put(name, of_table)
                sketches.append(of_sketch)
                progress.advance(task, CHUNK)
        for batch in _sorted(np.concatenate(sketches)):
            for put in puts:
                put("sketch", batch)


@contextmanager
def _open(where: str) -> Iterator[Engine]:
    engine = open_engine(where)
    yield engine
    engine.dispose()


def _sorted(found: NDArray[np.int64]) -> Iterator[list[tuple[Any, ...]]]:
    """In the order of their table, some at a time."""
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    for start in range(0, len(found), 500_000):
        yield [tuple(row) for row in found[start : start + 500_000].tolist()]
