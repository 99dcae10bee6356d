"""An archive as a file and back, and from one engine to the other: nothing is lost, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from storage import backups, transfer
from storage.archive import Archive
from storage.backups import back_up, restore
from storage.database import open_engine, writing
from storage.errors import DatabaseError, UsageError
from storage.models import cluster, endpoint, metadata, version
from storage.records import Byline, Image
from storage.takedown import Folders, take_down
from storage.transfer import require_empty
from tests.command import Command
from tests.databases import Files, archive_on, rows
from tests.postgresql import Server
from tests.storage.newsroom import BODY, DAY, NOON, Newsroom, article, paragraphs


@pytest.fixture
def filled(where: str, tmp_path: Path) -> str:
    """An archive with edits, copies, names, pictures, a takedown, and an endpoint that names a later one."""
    engine = open_engine(where)
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        for n in range(6):
            told = {"bylines": (Byline(name=f"Ada Holm {n}"),), "keywords": ("pier", "予算")}
            picture = Image(url=f"https://courier.example/{n}.jpg", caption=f"Pier {n}", is_lead=True)
            texts = paragraphs(*BODY, f"Edition {n}.") if n < 3 else paragraphs(f"Only {n}.")
            newsroom.store(article(f"https://courier.example/{n}", blocks=texts, images=(picture,), **told))
        newsroom.next_run()
        newsroom.store(article("https://courier.example/5", headline="Edited"))
        index = newsroom.endpoint("https://courier.example/index.xml", "sitemap")
        connection.execute(
            update(endpoint).where(endpoint.c.id == newsroom.endpoint_id).values(parent_id=index)
        )
    take_down(engine, 4, reason="asked", at=NOON + DAY, folders=Folders(captures=tmp_path, pictures=tmp_path))
    engine.dispose()
    return where


@contextmanager
def both(one: str, other: str) -> Iterator[tuple[Archive, Archive]]:
    with Archive.open(one) as before, Archive.open(other) as after:
        yield before, after


def assert_same(one: str, other: str, tmp_path: Path) -> None:
    first, second = open_engine(one), open_engine(other)
    with first.connect() as before, second.connect() as after:
        for table in metadata.sorted_tables:
            query = select(table).order_by(*table.primary_key)
            assert before.execute(query).all() == after.execute(query).all(), table.name
    with both(one, other) as (was, now):
        assert list(was.events()) == list(now.events())
        for query in ("pier", "edited", "予算", '"pier 2"', "ada holm 1"):
            found = [sorted(hit.id for hit in archive.search(query)) for archive in (was, now)]
            assert found[0] == found[1], query
            assert found[0], query
        wrong = [(c.name, problem) for c in now.checks() for problem in c.look() if problem]
        assert wrong == []
    with writing(second) as connection:  # the next ids are new ones
        newsroom = Newsroom(connection, "tagblatt")
        newsroom.store(article("https://tagblatt.example/new"))
    first.dispose()
    second.dispose()


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_copy_to_either_engine(filled: str, to: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    maker = Files(tmp_path) if to == "sqlite" else request.getfixturevalue("postgresql")
    told: list[tuple[str, int, int]] = []
    with archive_on(maker, tmp_path / "target", empty=True) as target:
        counts = transfer.transfer(filled, target, lambda *step: told.append(step))
        assert (counts["article"], counts["version"]) == (6, 6)
        assert told[-1] == (transfer.INDEX, 6, 6)
        assert_same(filled, target, tmp_path)
        with pytest.raises(UsageError, match="something in it"):
            transfer.transfer(filled, target)


def test_a_copy_that_fails_leaves_nothing(filled: str, nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def count(connection: object, table: object) -> int:
        return next(numbers)

    numbers = iter(range(1_000_000))
    monkeypatch.setattr(transfer, "_count", count)
    with pytest.raises(DatabaseError, match="rows in the copy instead of"):
        transfer.transfer(filled, nowhere)
    engine = open_engine(nowhere)
    with engine.connect() as connection:
        require_empty(connection)
    engine.dispose()


def test_no_list_is_null_in_the_copy(filled: str, nowhere: str) -> None:
    transfer.transfer(filled, nowhere)
    kinds = rows(nowhere, "SELECT count(*) FROM run WHERE tally IS NULL")
    assert kinds == [(2,)]


def test_back_up_and_restore(filled: str, nowhere: str, tmp_path: Path) -> None:
    file = tmp_path / "backups" / "monday"
    file.parent.mkdir()
    engine = open_engine(filled)
    with writing(engine) as connection:  # in use
        connection.execute(insert(cluster), {"earliest_id": 1, "size": 1})
        assert back_up(filled, file) == file.stat().st_size > 1_000
        connection.rollback()
    engine.dispose()
    assert list(file.parent.iterdir()) == [file]
    with pytest.raises(UsageError, match="is there already"):
        back_up(filled, file)
    back_up(filled, file, replace=True)
    restore(file, nowhere)
    assert_same(filled, nowhere, tmp_path)
    with pytest.raises(UsageError, match="already"):
        restore(file, nowhere)


def test_what_is_no_backup(nowhere: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        restore(tmp_path / "none", nowhere)
    for content in (b"", b"Buy milk", b"PGDM"):
        (tmp_path / "notes").write_bytes(content)
        with pytest.raises(UsageError, match="no backup of an archive"):
            restore(tmp_path / "notes", nowhere)
    for content in (b"PGDMP and then nothing", b"SQLite format 3\0 and then nothing"):
        (tmp_path / "torn").write_bytes(content)
        with pytest.raises((DatabaseError, UsageError)):
            restore(tmp_path / "torn", nowhere)
    with pytest.raises(DatabaseError):
        back_up(str(tmp_path / "none.db"), tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    assert not (tmp_path / "none.db").exists()


def test_a_backup_of_the_other_engine(filled: str, tmp_path: Path, databases: Files | Server) -> None:
    other = "postgresql://nobody@127.0.0.1:1/x" if isinstance(databases, Files) else str(tmp_path / "x.db")
    back_up(filled, tmp_path / "backup")
    with pytest.raises(UsageError, match="db copy"):
        restore(tmp_path / "backup", other)


def test_a_damaged_sqlite_backup(tmp_path: Path) -> None:
    source, target = tmp_path / "archive.db", tmp_path / "target.db"
    open_engine(str(source)).dispose()
    (tmp_path / "target.db-wal").write_bytes(b"left")
    with pytest.raises(UsageError, match="left of another archive"):
        restore(source, str(target))
    (tmp_path / "target.db-wal").unlink()
    with pytest.raises(UsageError, match="the archive itself"):
        back_up(str(source), source, replace=True)
    whole = bytearray(source.read_bytes())
    whole[len(whole) // 2 :] = b"\xff" * (len(whole) - len(whole) // 2)
    (tmp_path / "damaged").write_bytes(whole)
    with pytest.raises(DatabaseError):
        restore(tmp_path / "damaged", str(target))
    assert not target.exists()
    assert backups.LEFT_BEHIND


def test_without_pg_dump(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not filled.startswith("postgresql"):
        return
    monkeypatch.setattr("storage.postgresql_programs.FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseError, match="pg_dump is not on this machine"):
        back_up(filled, tmp_path / "backup")
    assert not list(tmp_path.glob("*backup*"))


def test_the_commands(filled: str, nowhere: str, tmp_path: Path) -> None:
    command = Command(tmp_path, filled)
    assert "bytes)" in command("db", "backup", "kept", "--database", filled)
    assert "is restored from kept" in command("db", "restore", "kept", "--database", nowhere)
    assert "all is right" in command("verify", "--database", nowhere)
    done = command.run("db", "restore", "kept", "--database", nowhere)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    (tmp_path / "copy-of-it-captures").mkdir()
    out = command("db", "copy", "copy-of-it.db", "--database", filled)
    assert "6 articles" in out
    assert "all is right" in command("verify", "--database", "copy-of-it.db")
    assert command.run("db", "copy", filled, "--database", filled).returncode == 2
    assert rows(str(tmp_path / "copy-of-it.db"), f"SELECT count(*) FROM {version.name}") == [(6,)]
