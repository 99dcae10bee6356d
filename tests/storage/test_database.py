"""Opening an archive: new, old, missing, or something else altogether."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage.database import (
    MIGRATIONS,
    REVISION,
    database_url,
    in_transaction,
    open_engine,
    shown,
    writing,
)
from storage.errors import DatabaseError, UsageError
from tests.databases import only_postgresql, only_sqlite, rows
from tests.postgresql import Server


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("archive.db", "archive.db"),
        ("/var/news/archive.db", "/var/news/archive.db"),
        ("sqlite:///archive.db", "archive.db"),
        ("sqlite:////var/news/archive.db", "/var/news/archive.db"),
        ("sqlite+pysqlite:///archive.db", "archive.db"),
        ("a b%20c?.db", "a b%20c?.db"),
        ("~/archive.db", str(Path("~/archive.db").expanduser())),
    ],
)
def test_where_an_archive_is(where: str, path: str) -> None:
    url = database_url(where)
    assert url.get_backend_name() == "sqlite"
    assert url.database == path


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://localhost",
        "postgresql+psycopg2://localhost/news",
        "mysql://localhost/news",
        "nonsense://x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/archive.db",
        "sqlite://host:port/archive.db",
        "sqlite+aiosqlite:///archive.db",
        "~nobody-of-that-name/archive.db",
    ],
)
def test_where_none_can_be(where: str) -> None:
    with pytest.raises(UsageError, match="give a path such as archive") as caught:
        database_url(where)
    assert "\n" not in str(caught.value)


def test_a_new_archive_has_its_tables_and_readers_do_not_wait_for_writers(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    engine = open_engine(str(path))
    with writing(engine) as writer:
        writer.execute(text("INSERT INTO person (name, folded) VALUES ('Ada', 'ada')"))
        with engine.connect() as reader:
            assert reader.scalar(text("SELECT count(*) FROM person")) == 0
            assert reader.scalar(text("PRAGMA journal_mode")) == "wal"
            assert reader.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()
    assert {"article", "version", "url", "article_search"} <= tables(path)


def test_an_archive_is_opened_again_as_it_was(where: str) -> None:
    engine = open_engine(where)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO person (name, folded) VALUES ('Ada', 'ada')"))
    engine.dispose()
    for create in (True, False):
        engine = open_engine(where, create=create)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT name FROM person")) == "Ada"
        engine.dispose()


def test_a_file_without_a_byte_becomes_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.touch()
    open_engine(str(path)).dispose()
    assert "article" in tables(path)


def test_a_missing_archive_is_not_made_for_who_only_asks(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with pytest.raises(DatabaseError, match=r"no archive at .*/archive\.db"):
        open_engine(str(path), create=False)
    assert not path.exists()


def test_an_empty_file_is_no_archive_for_who_only_asks(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.touch()
    with pytest.raises(DatabaseError, match="is no archive"):
        open_engine(str(path), create=False)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("table", ["bookmark", "alembic_version"])
def test_the_database_of_another_application_is_left_as_it_is(
    tmp_path: Path, table: str, create: bool
) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"CREATE TABLE {table} (version_num)")
        other.execute(f"INSERT INTO {table} VALUES (?)", (REVISION,))
        other.commit()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="database of something else"):
        open_engine(str(path), create=create)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["places.sqlite"]


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 500)
    for create in (True, False):
        with pytest.raises(DatabaseError, match=r"cannot open .*/notes\.txt: file is not a database"):
            open_engine(str(path), create=create)
    assert path.read_text() == "Buy milk. " * 500


def test_a_directory_is_no_archive(tmp_path: Path) -> None:
    for create in (True, False):
        with pytest.raises(DatabaseError, match="cannot open the archive"):
            open_engine(str(tmp_path), create=create)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot open the archive"):
        open_engine(str(tmp_path / "no" / "archive.db"))
    assert not (tmp_path / "no").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@only_sqlite
def test_an_unreadable_archive(where: str) -> None:
    Path(where).chmod(0)
    with pytest.raises(DatabaseError, match="cannot open the archive"):
        open_engine(where)


@only_sqlite
def test_a_torn_archive(where: str) -> None:
    Path(where).write_bytes(Path(where).read_bytes()[:5_000])
    with pytest.raises(DatabaseError, match="cannot open the archive"):
        open_engine(where)


def test_an_archive_of_another_revision_is_refused(engine: Engine, where: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for create in (True, False):
        with pytest.raises(DatabaseError, match=f"has revision 9999; this newsarchive needs {REVISION}"):
            open_engine(where, create=create)


def test_revision_is_that_of_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [REVISION]


OPEN_AND_WRITE = """
import sys
from sqlalchemy import text
from storage.database import open_engine, writing
sys.stdin.readline()
engine = open_engine(sys.argv[1])
with writing(engine) as connection:
    connection.execute(text("INSERT INTO person (name, folded) VALUES (:n, :n)"), {"n": sys.argv[2]})
"""


def test_processes_that_create_an_archive_at_once(nowhere: str) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_WRITE, nowhere, str(n)], stdin=subprocess.PIPE)
        for n in range(2)
    ]
    for one in crowd:  # they have all started and wait for the word
        assert one.stdin
        one.stdin.write(b"go\n")
        one.stdin.close()
    assert [one.wait(timeout=60) for one in crowd] == [0] * 2
    assert rows(nowhere, "SELECT name FROM person ORDER BY name") == [("0",), ("1",)]


def test_a_transaction_that_fails_leaves_nothing_not_even_a_table(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE left_over (x INTEGER)"))
            connection.execute(text("INSERT INTO person (name, folded) VALUES ('Ada', 'ada')"))
            assert in_transaction(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with engine.connect() as connection:
        assert not inspect(connection).has_table("left_over")
        assert connection.scalar(text("SELECT count(*) FROM person")) == 0


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("postgresql://ada:s3cret@db.example/news", "postgresql://ada:***@db.example/news"),
        (
            "postgresql://ada@db.example/news?password=s3cret&a=1",
            "postgresql://ada@db.example/news?password=***&a=1",
        ),
        ("postgresql://ada:s3c@ret@db.example:x/news", "postgresql://ada:***@db.example:x/news"),
        ("postgresql://ada:s3/cret@db.example/news", "postgresql://ada:***@db.example/news"),
        ("postgresql://db.example:5432/news", "postgresql://db.example:5432/news"),
        ("postgresql://db.example/ne@ws", "postgresql://db.example/ne@ws"),
        ("a:b@c.db", "a:b@c.db"),
    ],
)
def test_where_without_the_password(where: str, told: str) -> None:
    assert shown(where) == told


@pytest.mark.parametrize(
    "where", ["postgresql://ada:s3cret@db.example:x/news", "postgresql+psycopg2://ada:s3cret@db.example/news"]
)
def test_a_url_with_a_mistake_does_not_tell_the_password(where: str) -> None:
    with pytest.raises(UsageError) as caught:
        database_url(where)
    assert "s3cret" not in str(caught.value)


@only_postgresql
def test_a_server_that_does_not_let_in(databases: Server) -> None:
    url = databases.url.set(password="s3cret", database="newsarchive_missing")
    for changed, told in (
        (url, "does not exist"),
        (url.set(port=1), "refused"),
        (url.set(username="nobody_of_that_name"), "does not exist"),
        (url.set(host="127.0.0.1", query={"options": "-c nonsense=1"}), "nonsense"),
    ):
        for create in (True, False):
            with pytest.raises(
                DatabaseError, match=r"^cannot open the archive postgresql://.*\*\*\*@"
            ) as caught:
                open_engine(changed.render_as_string(hide_password=False), create=create)
            line = str(caught.value)
            assert told in line
            assert "s3cret" not in line
            assert len(line.splitlines()) == 1


@only_postgresql
def test_an_empty_database_becomes_an_archive(nowhere: str) -> None:
    with pytest.raises(DatabaseError, match="is no archive"):
        open_engine(nowhere, create=False)
    open_engine(nowhere).dispose()
    assert rows(nowhere, "SELECT count(*) FROM articles") == [(0,)]


@only_postgresql
@pytest.mark.parametrize("table", ["bookmark", "alembic_version"])
def test_a_database_of_something_else(nowhere: str, table: str) -> None:
    rows(nowhere, f"CREATE TABLE {table} (version_num text)")
    with pytest.raises(DatabaseError, match="database of something else"):
        open_engine(nowhere)


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.postgresql.find_spec", lambda _: None)
    with pytest.raises(DatabaseError, match=r"pip install 'newsarchive\[postgresql\]'"):
        open_engine("postgresql://127.0.0.1:1/news")
