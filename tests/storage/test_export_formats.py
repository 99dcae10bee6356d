"""Exports as other programs open them: DuckDB, pandas, an XML reader, gzip and zstd."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
import zstandard

from storage.archive import Archive
from storage.database import open_engine, writing
from storage.errors import ExportError, UsageError
from storage.export import FORMATS, Request, What, export, parquet, to_json
from storage.export.file_names import file_name
from storage.export.lines import BYLINE_COLUMNS, CAPTION_COLUMNS
from storage.filters import Filter
from storage.records import Block, BlockKind, Byline, Image, Moment, Role
from tests.command import Command
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.storage.newsroom import DAY, NOON, Newsroom, article

TEI = "{http://www.tei-c.org/ns/1.0}"
BLOCKS = (
    Block(kind=BlockKind.PARAGRAPH, text="The pier is shut & <barred>.\x0b"),
    Block(kind=BlockKind.HEADING, text="What comes next"),
    Block(kind=BlockKind.QUOTE, text="We wait."),
    Block(kind=BlockKind.LIST_ITEM, text="a vote"),
    Block(kind=BlockKind.LIST_ITEM, text="a bill"),
    Block(kind=BlockKind.SOCIAL_POST, text="Oh no", url="https://social.example/1"),
)
IMAGES = (
    Image(url="https://i.example/1.jpg", caption="A gull", credit_line="Wire", is_lead=True),
    Image(url="https://i.example/2 b.jpg", alt_text="A lighthouse", block_position=2),
)


@pytest.fixture(scope="module")
def shelf_file(tmp_path_factory: pytest.TempPathFactory, databases: Files | Server) -> Iterator[str]:
    """The pier in two versions, and a bare article of another paper."""
    with archive_on(databases, tmp_path_factory.mktemp("formats")) as path:
        _fill(path)
        yield path


def _fill(path: str) -> None:
    engine = open_engine(path)
    with writing(engine) as connection:
        courier = Newsroom(connection)
        pier = "https://courier.example/pier"
        told: dict[str, Any] = {
            "headline": "Núria's pier: 予算",
            "description": "Two lines",
            "byline": "By Ada Holm",
            "bylines": (Byline(name="Ada Holm"), Byline(name="Jo Lens", role=Role.PHOTOGRAPHER)),
            "date_published": Moment(value=NOON, raw="2 March", origin="time"),
            "date_modified": Moment(value=dt.date(2026, 3, 3), raw="3 March", origin="time"),
            "in_language": "en",
            "is_accessible_for_free": True,
            "keywords": ("ports", "weather"),
            "article_section": "Harbour",
        }
        courier.store(article(pier, blocks=BLOCKS[:1], **told))
        courier.now += DAY
        courier.store(article(pier, blocks=BLOCKS, images=IMAGES, **told))
        Newsroom(connection, "tagblatt").store(
            article("https://tagblatt.example/x", headline=None, blocks=())
        )
    engine.dispose()


@pytest.fixture
def where(tmp_path: Path, databases: Files | Server, shelf_file: str) -> Iterator[str]:
    with archive_on(databases, tmp_path / "archive", like=shelf_file) as where:
        yield where


def test_lines_packed_by_their_ending(archive: Archive, tmp_path: Path) -> None:
    plain, gz, zst = (tmp_path / f"out.jsonl{ending}" for ending in ("", ".gz", ".zst"))
    for path in (plain, gz, zst):
        assert export(archive, Request(format="jsonl", output=path)) == 2
    records = [json.loads(line) for line in plain.read_text(encoding="utf-8").splitlines()]
    assert records == [to_json(item) for item in archive.articles()]
    assert gzip.decompress(gz.read_bytes()) == plain.read_bytes()
    with zst.open("rb") as packed:
        assert zstandard.ZstdDecompressor().stream_reader(packed).read() == plain.read_bytes()


@pytest.mark.parametrize(
    ("what", "columns"), [(What.CAPTIONS, CAPTION_COLUMNS), (What.BYLINES, BYLINE_COLUMNS)]
)
def test_parts_as_lines_are_those_of_parquet(
    archive: Archive, tmp_path: Path, what: What, columns: tuple[str, ...]
) -> None:
    for kind in ("jsonl", "csv", "parquet"):
        assert export(archive, Request(format=kind, what=what, output=tmp_path / kind)) == 2
    lines = [json.loads(line) for line in (tmp_path / "jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(tuple(line) == columns for line in lines)
    [first, second] = csv.DictReader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8")))
    assert first["position"], second["position"] == ("0", "1")
    table = pq.read_table(tmp_path / "parquet").to_pylist()
    dates = {"date_published", "date_published_precision"}
    assert [{k: v for k, v in row.items() if k not in dates} for row in table] == [
        {k: v for k, v in line.items() if k not in dates} for line in lines
    ]


def test_parquet_in_duckdb_and_pandas(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert export(archive, Request(format="parquet", output=path)) == 2
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        told = connection.execute(
            "SELECT authors[1], images[1].caption, len(blocks), year(date_published), is_accessible_for_free,"
            f" date_modified_precision FROM '{path}' WHERE list_contains(keywords, 'ports')"
        ).fetchall()
    assert told == [("Ada Holm", "A gull", 6, 2026, True, "day")]
    assert (types["date_published"], types["authors"]) == ("TIMESTAMP WITH TIME ZONE", "VARCHAR[]")
    assert (types["id"], types["is_accessible_for_free"]) == ("BIGINT", "BOOLEAN")
    assert types["bylines"] == 'STRUCT("name" VARCHAR, "role" VARCHAR)[]'
    frame = pd.read_parquet(path)
    assert str(frame["date_published"].dtype) == "datetime64[us, UTC]"
    assert frame["date_published"][0] == pd.Timestamp(NOON)
    assert pd.isna(frame["headline"][1])
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_in_parts(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "OPEN_FILES", 1)
    folder = tmp_path / "articles"
    asked = Request(format="parquet", output=folder, partition=("source", "day"), versions="all")
    assert export(archive, asked) == 3
    assert {path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")} == {
        "source=courier/day=2026-03-02",
        "source=tagblatt/day=__HIVE_DEFAULT_PARTITION__",
    }
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT source, day::VARCHAR, count(*) FROM read_parquet('{folder}/*/*/*.parquet',"
            " hive_partitioning = true) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert rows == [("courier", "2026-03-02", 2), ("tagblatt", None, 1)]


def test_row_groups_are_bounded(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 1)
    export(archive, Request(format="parquet", output=tmp_path / "out.parquet"))
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 2


def test_tei(archive: Archive, tmp_path: Path) -> None:
    assert export(archive, Request(format="tei", output=tmp_path / "corpus.xml")) == 2
    corpus = ElementTree.parse(tmp_path / "corpus.xml").getroot()
    assert [child.tag for child in corpus] == [f"{TEI}teiHeader", f"{TEI}TEI", f"{TEI}TEI"]
    pier = corpus[1]
    assert pier.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert [part.tag.removeprefix(TEI) for part in pier.findall(f"./{TEI}teiHeader/{TEI}fileDesc/*")] == [
        "titleStmt",
        "publicationStmt",
        "sourceDesc",
    ]
    source = f".//{TEI}sourceDesc/{TEI}bibl"
    dates = {date.get("type"): date.get("when") for date in pier.findall(f"{source}/{TEI}date")}
    assert (dates["published"], dates["modified"]) == ("2026-03-02T12:00:00Z", "2026-03-03")
    assert pier.find(f"{source}/{TEI}ptr").get("target") == "https://courier.example/pier"  # type: ignore[union-attr]
    assert [name.text for name in pier.findall(f".//{TEI}titleStmt/{TEI}author")] == ["Ada Holm"]
    first, second = pier.findall(f"./{TEI}text/{TEI}body/{TEI}div")
    assert [child.tag.removeprefix(TEI) for child in first] == ["p", "figure", "p"]
    assert first[2].text == "The pier is shut & <barred>.\ufffd"
    assert [child.tag.removeprefix(TEI) for child in second] == ["head", "figure", "quote", "list", "p"]
    figure = first.find(f"{TEI}figure")
    assert figure is not None
    assert (figure.findtext(f"{TEI}head"), figure.findtext(f"{TEI}p")) == ("A gull", "Wire")
    assert second.findtext(f"{TEI}figure/{TEI}figDesc") == "A lighthouse"
    assert second.find(f"{TEI}figure/{TEI}graphic").get("url") == "https://i.example/2%20b.jpg"  # type: ignore[union-attr]
    assert [item.text for item in second.findall(f"{TEI}list/{TEI}item")] == ["a vote", "a bill"]


def test_tei_in_a_folder_and_a_corpus_of_nothing(archive: Archive, tmp_path: Path) -> None:
    export(archive, Request(format="tei", output=tmp_path / "tei"))
    assert {ElementTree.parse(p).getroot().tag for p in (tmp_path / "tei").rglob("*.xml")} == {f"{TEI}TEI"}
    empty = Request(format="tei", output=tmp_path / "no.xml", where=Filter(source="nobody"))
    assert export(archive, empty) == 0
    assert ElementTree.parse(tmp_path / "no.xml").find(f"{TEI}TEI/{TEI}text/{TEI}body") is not None


def test_plain_text(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    assert export(archive, Request(format="text", output=folder)) == 2
    rows = list(csv.DictReader(io.StringIO((folder / "metadata.csv").read_text(encoding="utf-8"))))
    assert rows[0]["file"] == "0000/courier-1-nuria-s-pier.txt"
    texts = [(folder / row["file"]).read_text(encoding="utf-8") for row in rows]
    assert texts[0].startswith("Núria's pier: 予算\n\nTwo lines\n\nThe pier is shut")
    assert len(list(folder.rglob("*.txt"))) == 2


@pytest.mark.parametrize(
    "headline", ["../../etc/passwd", "CON", "a/b\\c:d*?\0", "予算", "." * 300, "x" * 500]
)
def test_names_of_files_are_safe(archive: Archive, headline: str) -> None:
    from dataclasses import replace

    item = archive.get(1)
    assert item
    name = file_name(replace(item, source="../x", article=replace(item.article, headline=headline)), ".txt")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert (name.count("."), len(name) < 140, name[0] != "-") == (1, True, True)


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_there_is_replaced_on_demand_only(archive: Archive, tmp_path: Path, kind: str) -> None:
    asked = Request(format=kind, output=tmp_path / "out")
    export(archive, asked)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="--force"):
        export(archive, asked)
    assert export(archive, Request(format=kind, output=tmp_path / "out", force=True)) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_no_folder_of_others_is_replaced(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    for kind in ("text", "parquet", "jsonl"):
        with pytest.raises(UsageError):
            export(archive, Request(format=kind, output=tmp_path / "mine", force=True))
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "dear"


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_fails_leaves_nothing(archive: Archive, tmp_path: Path, kind: str) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    (tmp_path / "to").mkdir()
    with pytest.raises(KeyboardInterrupt):
        export(archive, Request(format=kind, output=tmp_path / "to" / "out"), seen=stop)
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_disk_without_room_is_told_as_a_failure(archive: Archive, tmp_path: Path, kind: str) -> None:
    """A limit on the size of files stands for the full disk: writing fails midway, with another number."""
    (tmp_path / "to").mkdir()
    list(archive.articles())  # what reading itself writes is there
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(ExportError, match=r"cannot write .*out: .*File too large"):
            export(archive, Request(format=kind, output=tmp_path / "to" / "out"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "to").iterdir()) == []


def test_standard_output_without_room_is_told(where: str, tmp_path: Path) -> None:
    command = Command(tmp_path, where)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command.line("export", "--format", "jsonl"),
            env=command.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (1, "error: cannot write: No space left on device\n")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"format": "xlsx"}, "jsonl, csv, parquet"),
        ({"format": "tei"}, "needs --output"),
        ({"format": "tei", "what": What.CAPTIONS, "output": Path("x.xml")}, "articles only"),
        ({"format": "csv", "partition": ("day",)}, "for --format parquet"),
        ({"format": "parquet", "partition": ("moon",), "output": Path("x")}, "source, day"),
        ({"format": "parquet", "output": Path("x.gz")}, "packed"),
        ({"format": "csv", "output": Path("no/such/x.csv")}, "no folder"),
    ],
)
def test_requests_without_sense(archive: Archive, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        export(archive, Request(**asked))


def test_all_versions(archive: Archive, tmp_path: Path) -> None:
    export(archive, Request(format="jsonl", output=tmp_path / "all", versions="all"))
    lines = [json.loads(line) for line in (tmp_path / "all").read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["version"]) for line in lines] == [(1, 1), (1, 2), (2, 1)]
    with pytest.raises(UsageError, match="exclude each other"):
        archive.as_of(NOON + DAY).articles(versions="all")
    assert len(list(archive.bylines(versions="all"))) == 4


def test_ctrl_c_leaves_no_half_file(where: str, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom storage import Archive\nfrom storage.export import Request, export\n"
        "from pathlib import Path\n"
        "def seen(): print('on', flush=True); time.sleep(60)\n"
        "export(Archive.open(sys.argv[1]), Request(format='csv', output=Path(sys.argv[2])), seen=seen)\n"
    )
    target = tmp_path / "to" / "out.csv"
    target.parent.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code, where, str(target)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout
        running.stdout.readline()
        assert [path.suffix for path in target.parent.iterdir()] == [".part"]
        os.kill(running.pid, signal.SIGINT)
    assert list(target.parent.iterdir()) == []
