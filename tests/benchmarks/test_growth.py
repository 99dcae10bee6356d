"""The archive of benchmarks/growth.py is what the real writer makes of the same articles."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress
from sqlalchemy import select

from storage import articles, search_index
from storage.archive import Archive
from storage.database import open_engine
from storage.models import metadata, version
from storage.records import Outcome
from storage.writer import Writer
from tests.databases import Files, archive_on
from tests.postgresql import Server

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import growth_again
import growth_fill
import growth_press
from growth_loading import loading

NUMBER = 60
UNTIL = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (growth_press, growth_fill):
        monkeypatch.setattr(module, "DAYS", 9)
    monkeypatch.setattr(growth_press, "VOCABULARY", 2_000)
    monkeypatch.setattr(growth_press, "PEOPLE", 100)


@pytest.fixture
def filled(databases: Files | Server, tmp_path: Path) -> Iterator[str]:
    """A generated archive."""
    with archive_on(databases, tmp_path / "filled") as where, Progress(disable=True) as progress:
        growth_fill.fill([where], NUMBER, UNTIL, progress, pool=growth_fill.Alone)
        yield where


@pytest.fixture
def written(databases: Files | Server, tmp_path: Path) -> Iterator[str]:
    """The same articles through the archive's writer, whose ledger has announced them."""
    with archive_on(databases, tmp_path / "written") as where:
        engine = open_engine(where)
        maker, driver = growth_fill.Maker(NUMBER, UNTIL), growth_fill.Driver(engine.dialect)
        rows, _ = maker.chunk(0)
        announced = [
            {**row, "article_id": None, "outcome": Outcome.PENDING, "outcome_run_id": None}
            for row in rows["url"]
        ]
        with loading(engine) as loader:
            for name, found in (*maker.frame(), ("url", announced), ("announcement", rows["announcement"])):
                loader.put(name, driver(name, found))
        writer = Writer(engine)
        for story in maker.press.chunk(0):
            writer.submit(partial(_store, story.submission)).result()
        writer.close()
        yield where


def _store(submission: Any, connection: Any) -> Outcome:
    return articles.store(connection, submission)


def everything(where: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table and of the index, in the order of their keys."""
    engine = open_engine(where)
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }
        indexed = search_index.indexed(connection, connection.scalars(select(version.c.id)).all())
        found["search index"] = sorted((i, *sorted(terms.items())) for i, terms in indexed.items())
    engine.dispose()
    return found


def test_it_is_what_the_writer_writes(filled: str, written: str) -> None:
    generated, real = everything(filled), everything(written)
    assert len(real["version"]) == NUMBER + NUMBER // growth_press.EDITED
    for name in real:
        assert generated[name] == real[name], name


def test_it_answers_as_that_one_does(filled: str, written: str) -> None:
    asked = ("the", "der die", "the OR 的", '"of the"', "в*", "story", "a NOT the")
    with Archive.open(filled) as generated, Archive.open(written) as real:
        for query in asked:
            assert generated.search(query, limit=99) == real.search(query, limit=99), query
        assert generated.sources() == real.sources()
        assert [generated.changes(n) for n in range(NUMBER)] == [real.changes(n) for n in range(NUMBER)]


def test_it_may_have_its_articles_several_times(filled: str, tmp_path: Path) -> None:
    with Archive.open(filled) as archive:
        once = archive.count(query="the")
    with Progress(disable=True) as progress:
        growth_again.repeat(filled, 3, progress)
    with Archive.open(filled, captures=tmp_path / "c", pictures=tmp_path / "p") as archive:
        assert archive.count() == 3 * NUMBER
        assert archive.count(query="the") == 3 * once
        wrong = [problem for check in archive.checks() for problem in check.look() if problem]
        assert wrong == []
