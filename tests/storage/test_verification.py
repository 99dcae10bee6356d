"""Whatever is wrong with an archive is found, and told for what it is."""

from __future__ import annotations

import datetime as dt
import gzip
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.captures.rows import keep, of_article
from storage.captures.writing import CaptureFiles
from storage.database import open_engine, writing
from storage.records import Capture
from storage.verification import Check, checks, count_without_captures
from tests.databases import only_sqlite
from tests.storage.newsroom import HOUR, Newsroom, article
from tests.storage.test_captures import exchange

ADDRESSES = tuple(f"https://courier.example/{n}" for n in range(4))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures"


@pytest.fixture
def kept(engine: Engine, folder: Path) -> list[Capture]:
    """An archive of four articles with their raw bytes, all in one file, and a redirect without one."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        run = CaptureFiles(folder, source="courier", run_id=newsroom.run_id, info={"software": "test/1"})
        captures = []
        for n, address in enumerate(ADDRESSES):
            captures.append(run.write(exchange(address, fetched_at=newsroom.now + n * HOUR)))
            newsroom.store(article(address), capture=captures[-1], fetched_at=captures[-1].fetched_at)
        captures.append(
            run.write(exchange(f"{ADDRESSES[0]}/old", status=301, body=b"", fetched_at=newsroom.now))
        )
        keep(connection, captures[-1], newsroom.run_id)
        run.close()
    return captures


def _checks(engine: Engine, folder: Path) -> Iterator[Check]:
    return checks(engine, folder, folder.with_name("pictures"))


def wrong(engine: Engine, folder: Path) -> dict[str, list[str]]:
    """What each check finds, of those that find something."""
    found = {check.name: [p for p in check.look() if p] for check in _checks(engine, folder)}
    return {name: problems for name, problems in found.items() if problems}


def change(engine: Engine, *statements: str) -> None:
    """Damage the archive behind its back: rows may refer to nothing."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
    engine.dispose()


def test_a_sound_archive(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    assert wrong(engine, folder) == {}
    looked = {check.name: (check.total, len(list(check.look()))) for check in _checks(engine, folder)}
    assert looked["captures"] == (5, 5)
    assert looked["articles"] == looked["search index"] == looked["versions"] == (4, 4)
    assert count_without_captures(engine) == 0


def test_an_empty_archive(engine: Engine, folder: Path) -> None:
    assert wrong(engine, folder) == {}


INDEX_COLUMNS = {
    "sqlite": {"text": "headline", "others": "", "values": ""},
    "postgresql": {"text": "terms", "others": ", vector, is_whole", "values": ", '', true"},
}
DAMAGE = {
    "articles": (
        "UPDATE article SET current_version_id = 99 WHERE id = 2",
        "article 2 has no current version",
    ),
    "versions": ("UPDATE version SET body = 'another' WHERE article_id = 2", "not the text of its blocks"),
    "versions ": ("UPDATE version SET word_count = 1 WHERE article_id = 2", "it says 1 words"),
    "search index": ("DELETE FROM article_search WHERE rowid = 2", "article 2 cannot be found"),
    "search index ": (
        "UPDATE article_search SET {text} = 'other' WHERE rowid = 2",
        "article 2 is in the search index with another text",
    ),
    "search index  ": (
        "INSERT INTO article_search (rowid, {text}{others}) VALUES (77, 'x'{values})",
        "a version 77, and the archive has none",
    ),
    "ledger": ("UPDATE url SET article_id = 99 WHERE article_id = 2", "its article is not there"),
    "ledger ": ("UPDATE url SET outcome = 'lost' WHERE article_id = 2", "an outcome that is none: lost"),
    "database": ("DELETE FROM run", "to a run that is not there"),
    "captures": ("DELETE FROM capture WHERE id = 2", "courier.example/1: no row points to it"),
    "captures ": ("UPDATE capture SET sha256 = 'x' WHERE id = 2", "altered"),
    "captures  ": ("UPDATE capture SET warc_offset = warc_offset + 1 WHERE id = 2", "altered"),
    "raw bytes": (
        "UPDATE version SET capture_id = NULL WHERE article_id = 2",
        "version 1 of article 2 has no raw bytes",
    ),
}


@pytest.mark.parametrize("where_", DAMAGE)
def test_damage_to_the_tables(where_: str, engine: Engine, folder: Path, kept: list[Capture]) -> None:
    statement, told = DAMAGE[where_]
    change(engine, statement.format(**INDEX_COLUMNS[engine.dialect.name]))
    found = wrong(engine, folder)
    assert where_.strip() in found, found
    assert any(told in problem for problem in found[where_.strip()]), found
    # The rest is as it was, but for what refers to a row that is gone.
    assert set(found) <= {where_.strip(), "database"}


Harm = Callable[[Path, list[Capture]], object]


def _cut(path: Path, kept: list[Capture]) -> None:
    path.write_bytes(path.read_bytes()[: kept[3].warc_offset + 40])


def _flip(path: Path, kept: list[Capture]) -> None:
    content = bytearray(path.read_bytes())
    content[kept[1].warc_offset + 60] ^= 0xFF
    path.write_bytes(content)


def _forge(path: Path, kept: list[Capture]) -> None:
    """Another text in a record that is sound in itself and as long as it was: only its hash tells."""
    content, place = path.read_bytes(), kept[1]
    end = place.warc_offset + place.warc_length
    text = gzip.decompress(content[place.warc_offset : end])
    text = text.replace(b"The pier stays closed.", b"a" * len("The pier stays closed."))
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(text) + packer.flush() + struct.pack("<LL", zlib.crc32(text), len(text))
    name = b"x" * (place.warc_length - len(packed) - 11) + b"\0"
    forged = b"\x1f\x8b\x08\x08" + b"\0" * 6 + name + packed
    path.write_bytes(content[: place.warc_offset] + forged + content[end:])


@pytest.mark.parametrize(
    ("harm", "told", "number"),
    [
        (lambda path, _: path.unlink(), "missing", 5),
        (_cut, "torn", 2),
        (_flip, "altered", 1),
        (_forge, "bytes are not those that were written", 1),
    ],
)
def test_damage_to_the_files(
    harm: Harm, told: str, number: int, engine: Engine, folder: Path, kept: list[Capture]
) -> None:
    harm(folder / kept[0].warc_file, kept)
    found = wrong(engine, folder)
    assert set(found) == {"captures"}
    assert len(found["captures"]) == number
    assert all(told in problem for problem in found["captures"])


@only_sqlite
def test_the_database_file_itself(engine: Engine, folder: Path, kept: list[Capture], where: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'version'"))
        size = connection.scalar(text("PRAGMA page_size"))
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    content = bytearray(Path(where).read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    Path(where).write_bytes(content)
    damaged = open_engine(where)
    found = wrong(damaged, folder)
    damaged.dispose()
    assert {"database", "versions"} <= set(found)


def test_a_file_that_a_crawl_is_writing(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    """What has its row is checked; what is on its way is nothing wrong."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        newsroom.next_run()
    run = CaptureFiles(folder, source="courier", run_id=newsroom.run_id, info={})
    with_row = run.write(exchange("https://courier.example/new"))
    run.write(exchange("https://courier.example/newer"))
    with writing(engine) as connection:
        keep(connection, with_row, newsroom.run_id)
    assert wrong(engine, folder) == {}
    run.close()
    assert "newer: no row points to it" in str(wrong(engine, folder))


def test_a_file_that_a_killed_crawl_has_left(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    path = folder / kept[0].warc_file
    path.with_name("20990101000000-5-00001.warc.gz.open").write_bytes(path.read_bytes()[:-30])
    found = wrong(engine, folder)
    assert set(found) == {"captures"}
    assert all(
        "the next crawl of its source, or import, mends it" in problem for problem in found["captures"]
    )


def test_versions_from_when_no_raw_bytes_were_kept(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    """Before and after a crawl that kept them, and in other sources, there may be none."""
    with writing(engine) as connection:
        other = Newsroom(connection, "herald")
        other.store(article("https://herald.example/1"))
        newsroom = Newsroom(connection)
        for name, days in (("before", -2), ("after", 2)):
            at = newsroom.now + dt.timedelta(days=days)
            newsroom.store(article(f"https://courier.example/{name}"), fetched_at=at)
    assert wrong(engine, folder) == {}
    assert count_without_captures(engine) == 3


def test_a_version_without_raw_bytes_is_not_given_those_of_another(
    engine: Engine, folder: Path, kept: list[Capture]
) -> None:
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        edited = article(ADDRESSES[0], headline="Another headline")
        newsroom.store(edited, fetched_at=newsroom.now + dt.timedelta(days=3))
        assert of_article(connection, 1, 1) == kept[0]
        assert of_article(connection, 1, 2) is None
        assert of_article(connection, 1) is None
        assert of_article(connection, 2) == kept[1]


def test_what_lies_in_the_folder_and_is_in_no_row(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    path = folder / kept[0].warc_file
    (path.parent / "copied.warc.gz").write_bytes(path.read_bytes())
    found = wrong(engine, folder)["captures"]
    assert len(found) == 5
    assert all("no row points to it" in problem for problem in found)


def test_a_picture_that_nothing_points_to(engine: Engine, folder: Path, kept: list[Capture]) -> None:
    stray = folder.with_name("pictures") / "ab" / "stray.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    assert wrong(engine, folder) == {"pictures": [f"{stray}: nothing in the archive points to it"]}
