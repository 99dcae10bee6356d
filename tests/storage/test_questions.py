"""Counts, people, names and captions of an archive, and the tables that notebooks make of them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from storage.archive import Archive
from storage.database import writing
from storage.errors import UsageError
from storage.export.schemas import SCHEMAS
from storage.filters import Filter
from storage.records import Byline, Image, Moment, Role
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article, paragraphs

ADA, NURIA = Byline(name="Ada Holm"), Byline(name="Núria Roca", role=Role.PHOTOGRAPHER)


@pytest.fixture
def shelf(engine: Engine, archive: Archive) -> Archive:
    """Three articles: two of the courier by Ada Holm, one of the tagblatt by nobody."""
    with writing(engine) as connection:
        courier, tagblatt = Newsroom(connection), Newsroom(connection, "tagblatt")
        for number, names in enumerate([(ADA, NURIA, ADA), (Byline(name="Núria Roca"), ADA)]):
            courier.store(
                article(
                    f"https://courier.example/{number}",
                    headline=f"<b>Pier</b> {number}",
                    blocks=paragraphs(f"Pier {number} again."),
                    bylines=names,
                    images=(Image(url=f"https://i.example/{number}.jpg", caption=f"Gull {number}"),),
                    date_published=Moment(value=NOON + number * DAY, raw="x", origin="y"),
                    article_section="Harbour",
                    in_language="en",
                )
            )
        tagblatt.store(article("https://tagblatt.example/x", blocks=paragraphs("Mole."), in_language="de"))
    return archive


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", [("2026-03-02", 2), ("2026-03-03", 1)]),
        ("source", [("courier", 2), ("tagblatt", 1)]),
        ("language", [("en", 2), ("de", 1)]),
        ("section", [("Harbour", 2), (None, 1)]),
        ("author", [("Ada Holm", 2), (None, 1), ("Núria Roca", 1)]),
    ],
)
def test_counts(shelf: Archive, by: str, expected: list[tuple[str | None, int]]) -> None:
    found = [(one.key, one.articles) for one in shelf.counts(by)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert [n for _, n in found] == [n for _, n in expected]


def test_counts_with_filters(shelf: Archive) -> None:
    assert [(c.key, c.articles, c.words) for c in shelf.counts("source", query="pier")] == [("courier", 2, 6)]
    assert shelf.counts("day", Filter(since=dt.date(2999, 1, 1))) == []
    assert [c.articles for c in shelf.as_of(NOON - HOUR).counts("source")] == []
    with pytest.raises(UsageError, match="day, source, language, section, author"):
        shelf.counts("moon")


def test_people(shelf: Archive) -> None:
    ada, nuria = shelf.people()
    assert (ada.name, ada.articles, ada.roles) == ("Ada Holm", 2, {Role.WRITER: 2})
    assert (ada.first, ada.last) == (NOON, NOON + DAY)
    assert (nuria.articles, nuria.roles) == (2, {Role.PHOTOGRAPHER: 1, Role.WRITER: 1})
    assert shelf.people("NURIA") == [nuria]
    assert shelf.people("%") == []
    assert shelf.people(limit=1) == [ada]
    [only] = shelf.people("holm", Filter(since=(NOON + DAY).date()))
    assert (only.articles, only.first) == (1, NOON + DAY)
    assert shelf.people(where=Filter(source="tagblatt")) == []
    assert shelf.people(query="mole") == []


def test_captions_and_names_stream_with_a_query(shelf: Archive) -> None:
    assert [c.image.caption for c in shelf.captions(query='"pier 1"')] == ["Gull 1"]
    assert [(c.article_id, c.position, c.name) for c in shelf.bylines(query='"pier 1"')] == [
        (2, 0, "Núria Roca"),
        (2, 1, "Ada Holm"),
    ]
    assert list(shelf.as_of(NOON - HOUR).captions()) == []


def test_tables_in_a_notebook(shelf: Archive) -> None:
    frame = shelf.articles().to_pandas()
    assert str(frame["date_published"].dtype) == "datetime64[us, UTC]"
    assert frame["authors"].tolist()[0][0] == "Ada Holm"
    assert frame["body"].tolist()[2] == "Mole."
    assert shelf.captions().to_pandas()["image_url"].tolist() == [
        f"https://i.example/{n}.jpg" for n in (0, 1)
    ]
    table = shelf.counts("source").to_arrow()
    assert isinstance(table, pa.Table)
    assert table.to_pylist()[0] == {"key": "courier", "articles": 2, "words": 6}
    assert isinstance(shelf.search("pier").to_pandas(), pd.DataFrame)
    assert shelf.people().to_pandas()["articles"].sum() == 4


def test_arrow_tables_have_the_columns_of_an_export(shelf: Archive) -> None:
    found = {"articles": shelf.articles(), "captions": shelf.captions(), "bylines": shelf.bylines()}
    for kind, records in found.items():
        table = records.to_arrow()
        assert table.schema == SCHEMAS[kind]
        assert table.num_rows
    nothing = shelf.articles(Filter(source="nobody")).to_arrow()
    assert (nothing.schema, nothing.num_rows) == (SCHEMAS["articles"], 0)


def test_a_page_of_hits_escapes(shelf: Archive) -> None:
    shown = shelf.search("pier")._repr_html_()
    assert "&lt;b&gt;Pier&lt;/b&gt; 0" in shown
    assert "<b>" not in shown
    assert shelf.search("nothing")._repr_html_() == "<p>nothing</p>"


def test_what_is_not_installed_is_named(shelf: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, extra in (("pandas", "pandas"), ("pyarrow", "parquet")):
        monkeypatch.setitem(sys.modules, name, None)
        ask = shelf.people().to_pandas if name == "pandas" else shelf.people().to_arrow
        with pytest.raises(UsageError, match=rf"newsarchive\[{extra}\]"):
            ask()


ASK = """
import sys
from storage import Archive
import storage.export, storage.export.plain, storage.export.tei
with Archive.open(sys.argv[1]) as archive:
    assert len(list(archive.captions())) == 2 and archive.people() and archive.counts("day")
loaded = {name.partition(".")[0] for name in sys.modules}
wrong = {"scrapy", "twisted", "numpy", "pandas", "pyarrow", "rapidfuzz", "lxml", "rich"}
wrong |= {"crawler", "pipelines"}
assert not loaded & wrong, loaded & wrong
"""


def test_asking_loads_nothing_heavy(shelf: Archive, where: str) -> None:
    line = [sys.executable, "-c", ASK, where]
    asked = subprocess.run(line, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr
