"""An archive of generated articles, made in minutes: rows as the writer writes them, table by table.

Processes make the rows with the archive's own functions (`storage.articles.version_row`,
`storage.search_index.terms` …); one puts them in, without the writer's questions, since nothing is there
yet. A test holds what comes of it next to what the real writer makes of the same articles.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from growth_loading import SEARCH, SEARCH_COLUMNS, columns, loading
from growth_press import CHUNK, DAYS, Press
from rich.progress import Progress
from sqlalchemy import Dialect, Table

from storage import facets, search_index, tsvector
from storage.articles import _columns, version_row
from storage.changes import compare
from storage.database import open_engine
from storage.events import EventKind
from storage.health.rules import Look
from storage.health.tallies import _row_after
from storage.health.tally import Tally
from storage.models import (
    endpoint,
    metadata,
    person,
    run,
    source,
    source_day,
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

    def __init__(self, articles: int, until: dt.date, dialect: Dialect) -> None:
        self.press = Press(articles, until)
        self.people = {name: n + 1 for n, name in enumerate(self.press.people)}
        self.dialect = dialect
        self.ready = {table.name: _processors(table, dialect) for table in metadata.sorted_tables}

    def frame(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """What is there before the first article: sources, their endpoints, names, looks day by day."""
        press = self.press
        yield self._rows(
            source,
            (
                {
                    "id": one.id,
                    "slug": one.slug,
                    "name": one.slug.title(),
                    "language": one.language,
                    "home_page": f"https://{one.slug}.example/",
                }
                for one in press.sources
            ),
        )
        yield self._rows(
            endpoint, (row for one in press.sources for row in self._endpoints(one.slug, one.id))
        )
        yield self._rows(
            person, ({"id": n + 1, "name": name, "folded": fold(name)} for n, name in enumerate(press.people))
        )
        days = (press.minute_of // 1_440).astype(int)
        stored = np.zeros((len(press.sources), DAYS), dtype=int)
        np.add.at(stored, (press.source_of, days), 1)
        for one in press.sources:
            looks = list(self._looks(one.id, stored[one.id - 1].tolist()))
            yield self._rows(run, (row for row, _ in looks))
            yield self._rows(source_day, (row for _, row in looks))

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

    def chunk(self, number: int) -> tuple[Rows, np.ndarray]:
        """The rows of the articles of a chunk, and those of their sketches."""
        found: dict[str, list[Row]] = defaultdict(list)
        indexed: list[tuple[int, dict[str, str]]] = []
        sketches: dict[int, tuple[int, ...]] = {}
        current: dict[int, tuple[int, Submission, Submission]] = {}
        submissions = self.press.chunk(number)
        version_id = self.press.version_id(number * CHUNK)
        for submission in submissions:
            article_id = submission.url_id
            before = current.get(article_id)
            self._version(found, submission, version_id, before)
            indexed.append((version_id, self._indexed(submission)))
            sketches[article_id] = submission.sketch
            current[article_id] = (version_id, before[2] if before else submission, submission)
            version_id += 1
        for article_id, (current_id, first, last) in current.items():
            self._article(found, article_id, current_id, first, last)
        rows = dict(self._rows(metadata.tables[name], of_table) for name, of_table in found.items())
        rows[SEARCH] = [self._search_row(*one) for one in indexed]
        return rows, np.array([(v, a) for a, values in sketches.items() for v in values], dtype=np.int64)

    def _version(
        self,
        found: dict[str, list[Row]],
        submission: Submission,
        version_id: int,
        before: tuple[int, Submission, Submission] | None,
    ) -> None:
        """A version with its parts, the changes that made it, and what is told of it."""
        item, article_id, number = submission.article, submission.url_id, 2 if before else 1
        found["version"].append(
            {
                "id": version_id,
                "article_id": article_id,
                "number": number,
                "reading": 1,
                "is_superseded": False,
                **version_row(submission),
            }
        )
        told = {"at": submission.fetched_at, "article_id": article_id, "version_id": version_id}
        kind = EventKind.VERSION if before else EventKind.STORED
        found["event"].append({**told, "id": version_id, "kind": kind, "number": number})
        for change_ in compare(before[2].article, item, last_seen=before[2].fetched_at) if before else ():
            found["change"].append({**told, **_columns(change_)})  # type: ignore[arg-type]
        parts: list[tuple[str, list[Row]]] = [
            ("byline", [{"person_id": self.people[one.name], "role": one.role} for one in item.bylines]),
            ("image", [_columns(one) for one in item.images]),
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

    def _indexed(self, submission: Submission) -> dict[str, str]:
        item = submission.article
        slug = self.press.sources[submission.source_id - 1].slug
        assert item.date_published
        told = facets.facets(slug, item.in_language, item.date_published.value)
        return {**search_index.terms(item), "facets": " ".join(told)}

    def _search_row(self, version_id: int, found: dict[str, str]) -> tuple[Any, ...]:
        if self.dialect.name == "sqlite":
            return (version_id, *(found[name] for name in SEARCH_COLUMNS["sqlite"][1:]))
        return tuple(tsvector.row(version_id, found, search_index.COLUMNS).values())

    def _rows(self, table: Table, rows: Iterable[Row]) -> tuple[str, list[tuple[Any, ...]]]:
        """Rows as the driver takes them, with a value for each column."""
        ready = self.ready[table.name]
        return table.name, [
            tuple(
                value if (value := row.get(name)) is None or make is None else make(value)
                for name, make in ready
            )
            for row in rows
        ]


def _processors(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """What makes of a value what the driver takes, by column."""
    made = (
        (one.name, one.type.dialect_impl(dialect).bind_processor(dialect))
        for one in table.c
        if one.name in columns(table.name)
    )
    return [(name, make or (str if name in ENUMS else None)) for name, make in made]


_maker: Maker


def _begin(articles: int, until: dt.date, dialect: Dialect) -> None:
    global _maker
    _maker = Maker(articles, until, dialect)


def _chunk(number: int) -> tuple[Rows, np.ndarray]:
    return _maker.chunk(number)


def fill(where: str, articles: int, until: dt.date, progress: Progress, processes: int | None = None) -> None:
    """Make an archive of so many articles at `where`, which is empty."""
    engine = open_engine(where)
    maker = Maker(articles, until, engine.dialect)
    chunks = -(-articles // CHUNK)
    task = progress.add_task(f"{articles:,} articles", total=articles)
    with loading(engine) as put:
        for name, rows in maker.frame():
            put(name, rows)
        sketches = []
        context = multiprocessing.get_context("spawn")
        with context.Pool(
            processes or os.cpu_count(), _begin, (articles, until, _bare(engine.dialect))
        ) as pool:
            for rows, of_sketch in pool.imap(_chunk, range(chunks)):
                for name, of_table in rows.items():
                    put(name, of_table)
                sketches.append(of_sketch)
                progress.advance(task, len(rows["article"]))
        found = np.concatenate(sketches)
        found = found[np.lexsort((found[:, 1], found[:, 0]))]
        for start in range(0, len(found), 500_000):
            put("sketch", [tuple(row) for row in found[start : start + 500_000].tolist()])
    engine.dispose()


def _bare(dialect: Dialect) -> Dialect:
    """A dialect that another process can be given."""
    return type(dialect)()
