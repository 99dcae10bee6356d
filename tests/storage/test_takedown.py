"""An article that is taken down goes with all that the archive has of it, and does not come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, func, select, text

from storage import takedown
from storage.archive import Archive
from storage.captures import rows as capture_rows
from storage.captures.dropping import drop
from storage.captures.folder import path_of
from storage.captures.reading import read
from storage.captures.writing import CaptureFiles
from storage.database import writing
from storage.errors import BusyCaptureError, UsageError
from storage.models import article as article_table
from storage.models import byline, capture, change, check_mark, image, keyword, person, sketch, url, version
from storage.records import Byline, Capture, ChangeKind, Image, Outcome, Role
from storage.takedown import Folders, Removal, take_down
from storage.verification import checks
from tests.databases import only_sqlite
from tests.storage.newsroom import DAY, NOON, Newsroom, article, paragraphs
from tests.storage.test_captures import exchange

SECRET = "xylograph"  # stands in what is taken down, and nowhere else
PIER = "https://courier.example/pier"
OTHER = "https://courier.example/other"
REASON = "court order 4 O 12/26"
TOLD = {
    "headline": f"A {SECRET} in the pier",
    "bylines": (Byline(name=f"Ada {SECRET.title()}", role=Role.WRITER),),
    "images": (Image(url=f"https://courier.example/{SECRET}.jpg", caption=SECRET, is_lead=True),),
    "keywords": (SECRET,),
    "blocks": paragraphs(
        *(f"Sentence {n} of the {SECRET} speaks of the old pier and its planks." for n in range(9))
    ),
}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(captures=tmp_path / "captures", pictures=tmp_path / "pictures")


@pytest.fixture
def kept(engine: Engine, folders: Folders) -> list[Capture]:
    """Two articles, one with two versions and a check, in one WARC file."""
    captures = []
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        files = CaptureFiles(
            folders.captures, source="courier", run_id=newsroom.run_id, info={"software": "t/1"}
        )
        edited = {**TOLD, "headline": f"Another {SECRET}"}
        for address, fields in ((PIER, TOLD), (OTHER, {}), (PIER, edited), (PIER, edited)):
            newsroom.next_run()
            captures.append(
                files.write(exchange(address, fetched_at=newsroom.now, body=address.encode() * 9))
            )
            capture_rows.keep(connection, captures[-1], newsroom.run_id)
            newsroom.store(article(address, **fields), capture=captures[-1], fetched_at=newsroom.now)
        files.close()
    return captures


def remove(engine: Engine, folders: Folders, article_id: int = 1) -> Removal:
    return take_down(engine, article_id, reason=REASON, at=NOON + DAY, folders=folders)


def wrong(engine: Engine, folders: Folders) -> list[str]:
    found = (check.look() for check in checks(engine, folders.captures, folders.pictures))
    return [problem for look in found for problem in look if problem]


def everything_said(engine: Engine) -> str:
    """All rows of all tables and of the index, as one text."""
    with engine.connect() as connection:
        tables = article_table.metadata.sorted_tables
        rows = [list(map(str, row)) for table in tables for row in connection.execute(select(table))]
        rows += [list(map(str, row)) for row in connection.execute(text("SELECT * FROM article_search"))]
    return json.dumps(rows, ensure_ascii=False)


@pytest.mark.usefixtures("kept")
class TestGone:
    def test_not_a_word_of_it_is_left(self, engine: Engine, folders: Folders) -> None:
        assert SECRET in everything_said(engine).lower()
        removal = remove(engine, folders)
        assert removal == Removal(article_id=1, versions=2, captures=3, pictures=0, urls=1)
        assert SECRET not in everything_said(engine).lower()

    @only_sqlite
    def test_not_a_trace_of_it_is_in_the_file(self, engine: Engine, folders: Folders, where: str) -> None:
        files = list(Path(where).parent.glob("archive.db*"))
        assert SECRET.encode() in b"".join(path.read_bytes() for path in files).lower()
        remove(engine, folders)
        assert SECRET.encode() not in b"".join(path.read_bytes() for path in files).lower()

    def test_the_others_stay_as_they_were(
        self, engine: Engine, folders: Folders, kept: list[Capture]
    ) -> None:
        remove(engine, folders)
        with engine.connect() as connection:
            counts = {
                table.name: _count(connection, table) for table in (version, byline, image, keyword, sketch)
            }
            found = capture_rows.of_article(connection, 2)
        assert counts["version"] == 1
        assert found
        assert found.warc_file != kept[1].warc_file
        assert read(folders.captures, found).body == OTHER.encode() * 9
        assert wrong(engine, folders) == []

    def test_its_raw_bytes_are_gone_from_the_disk(self, engine: Engine, folders: Folders) -> None:
        remove(engine, folders)
        stored = [path for path in folders.captures.rglob("*") if path.is_file()]
        assert len(stored) == 1
        from storage.captures.reading import responses

        assert [response.capture.url for response in responses(stored[0])] == [OTHER]

    def test_a_tombstone_says_why(self, engine: Engine, folders: Folders, where: str) -> None:
        remove(engine, folders)
        with Archive.open(where) as archive:
            stone = archive.tombstone(1)
            assert stone
            assert (stone.reason, stone.versions, stone.canonical_url) == (REASON, 2, PIER)
            assert len(set(stone.content_hashes)) == 2
            assert archive.get(1) is None
            assert archive.search(SECRET) == []
            [told] = archive.changes(1)
            assert (told.kind, told.detail) == (ChangeKind.TAKEN_DOWN, REASON)
            assert archive.tombstones() == [stone]
            assert archive.count() == 1


def _count(connection: object, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[attr-defined, no-any-return]


@pytest.mark.usefixtures("kept")
class TestNeverAgain:
    @pytest.mark.parametrize(
        "change_it",
        [
            pytest.param(lambda item: item, id="at its own address"),
            pytest.param(
                lambda item: replace(item, url=f"{PIER}/amp"),
                id="at another address that names it as canonical",
            ),
            pytest.param(
                lambda item: replace(item, url=f"{OTHER}-2", canonical_url=f"{OTHER}-2"),
                id="its text elsewhere",
            ),
        ],
    )
    def test_it_is_refused(
        self, engine: Engine, folders: Folders, change_it: Callable[[object], object]
    ) -> None:
        remove(engine, folders)
        edited = article(PIER, **{**TOLD, "headline": f"Another {SECRET}"})
        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            newsroom.now = NOON + 2 * DAY
            files = CaptureFiles(folders.captures, source="courier", run_id=newsroom.run_id, info={})
            found = files.write(exchange(PIER, fetched_at=newsroom.now))
            capture_rows.keep(connection, found, newsroom.run_id)
            files.close()
            item = change_it(edited)
            assert newsroom.store(item, capture=found) is Outcome.TAKEN_DOWN  # type: ignore[arg-type]
            assert newsroom.due_urls() == []
        assert drop(engine, folders.captures, at=NOON + 3 * DAY).captures == 1
        assert wrong(engine, folders) == []

    def test_nothing_makes_its_address_due(self, engine: Engine, folders: Folders) -> None:
        remove(engine, folders)
        from storage import ledger
        from storage.urls import key

        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            newsroom.now = NOON + 2 * DAY
            newsroom.announce(PIER)
            ledger.want(connection, [key(PIER)], now=newsroom.now)
            ledger.want_left(connection, newsroom.source_id, since=None, now=newsroom.now)
            ledger.want_again(connection, newsroom.source_id, since=NOON - DAY, now=newsroom.now)
            assert PIER not in newsroom.due_urls()
            assert newsroom.row(PIER).outcome == Outcome.TAKEN_DOWN


class TestRefusals:
    def test_a_removal_needs_a_reason(self, engine: Engine, folders: Folders, kept: list[Capture]) -> None:
        with pytest.raises(UsageError, match="needs a reason"):
            take_down(engine, 1, reason=" ", at=NOON, folders=folders)

    def test_no_such_article(self, engine: Engine, folders: Folders, kept: list[Capture]) -> None:
        with pytest.raises(UsageError, match="no article 99"):
            remove(engine, folders, 99)

    def test_while_a_crawl_writes_its_file_nothing_is_done(
        self, engine: Engine, folders: Folders, kept: list[Capture]
    ) -> None:
        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            newsroom.next_run(DAY)
            files = CaptureFiles(folders.captures, source="courier", run_id=newsroom.run_id, info={})
            found = files.write(exchange(PIER, fetched_at=newsroom.now))
            newsroom.store(article(PIER, **TOLD, description="New."), capture=found)
        with pytest.raises(BusyCaptureError, match="still open"):
            remove(engine, folders)
        with writing(engine) as connection:
            takedown.expire(connection, "courier", before=NOON + 9 * DAY)
        assert drop(engine, folders.captures, at=NOON + 9 * DAY).waiting == 1
        files.close()
        assert remove(engine, folders).versions == 3


class TestKilled:
    """Whatever a removal that was killed has left, the next `drop` finishes."""

    def test_before_any_file_was_written_anew(
        self, engine: Engine, folders: Folders, kept: list[Capture], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(takedown, "drop", _killed)
        with pytest.raises(KeyboardInterrupt):
            remove(engine, folders)
        assert path_of(folders.captures, kept[0].warc_file).exists()
        assert drop(engine, folders.captures, at=NOON).captures == 3
        assert wrong(engine, folders) == []

    def test_before_the_old_file_was_deleted(
        self, engine: Engine, folders: Folders, kept: list[Capture], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from storage.captures import dropping

        with monkeypatch.context() as patch:
            patch.setattr(dropping, "_delete", _killed)
            with pytest.raises(KeyboardInterrupt):
                remove(engine, folders)
        assert path_of(folders.captures, kept[0].warc_file).exists()
        assert drop(engine, folders.captures, at=NOON).files == 1
        assert not path_of(folders.captures, kept[0].warc_file).exists()
        assert wrong(engine, folders) == []


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_old_raw_bytes_expire(engine: Engine, folders: Folders, kept: list[Capture]) -> None:
    with writing(engine) as connection:
        assert takedown.expire(connection, "courier", before=kept[2].fetched_at) == 2
        assert takedown.expire(connection, "other", before=NOON + DAY) == 0
    assert drop(engine, folders.captures, at=NOON + DAY).captures == 2
    assert wrong(engine, folders) == []
    with engine.connect() as connection:
        assert capture_rows.of_article(connection, 1, 1) is None
        assert capture_rows.of_article(connection, 1, 2) is not None
        assert capture_rows.of_article(connection, 2) is None
        assert _count(connection, version) == 3
        reasons = connection.scalars(select(capture.c.drop_reason).order_by(capture.c.id)).all()
    assert reasons == ["expired", "expired", None, None]


def test_a_whole_file_that_expires_is_deleted(engine: Engine, folders: Folders, kept: list[Capture]) -> None:
    with writing(engine) as connection:
        takedown.expire(connection, "courier", before=NOON + DAY)
    done = drop(engine, folders.captures, at=NOON + DAY)
    assert (done.captures, done.files) == (4, 1)
    assert done.size > 0
    assert [path for path in folders.captures.rglob("*") if path.is_file()] == []


def test_tables_that_belong_to_articles_are_all_emptied(
    engine: Engine, folders: Folders, kept: list[Capture]
) -> None:
    remove(engine, folders)
    remove(engine, folders, 2)
    with engine.connect() as connection:
        left = {
            table.name: _count(connection, table)
            for table in (version, byline, image, keyword, person, check_mark, sketch)
        }
        told = connection.scalars(select(change.c.kind)).all()
        outcomes = connection.scalars(select(url.c.outcome)).all()
    assert set(left.values()) == {0}, left
    assert told == ["taken_down"] * 2
    assert set(outcomes) == {"taken_down"}
