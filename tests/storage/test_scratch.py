"""Copies to try something on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from storage import scratch
from storage.archive import Archive
from storage.database import open_engine, writing
from storage.errors import DatabaseError
from storage.models import metadata
from tests.databases import rows
from tests.storage.newsroom import BODY, Newsroom, article, paragraphs


def test_copy_of_an_archive_in_use(engine: Engine, where: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO person (name, folded) VALUES ('Ada', 'ada')"))
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO person (name, folded) VALUES ('Not yet', 'not yet')"))
        scratch.copy(where, target)
        connection.rollback()
    assert rows(str(target), "SELECT name FROM person") == [("Ada",)]


def test_a_copy_has_every_row(engine: Engine, where: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        for n in range(3):
            newsroom.store(article(f"https://courier.example/{n}", blocks=paragraphs(*BODY, f"{n}.")))
    scratch.copy(where, target)
    copied = open_engine(str(target))
    with engine.connect() as before, copied.connect() as after:
        for table in metadata.tables.values():
            query = select(table).order_by(*table.primary_key)
            assert before.execute(query).all() == after.execute(query).all(), table.name
    copied.dispose()
    with Archive.open(where) as one, Archive.open(str(target)) as other:
        assert list(one.articles()) == list(other.articles())


def test_copy_of_nothing_and_of_no_database(tmp_path: Path) -> None:
    scratch.copy(str(tmp_path / "missing.db"), tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    (tmp_path / "notes #1?.txt").write_text("Buy milk. " * 500)
    with pytest.raises(DatabaseError, match="cannot copy the archive"):
        scratch.copy(str(tmp_path / "notes #1?.txt"), tmp_path / "copy.db")
