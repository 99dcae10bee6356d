"""Exports, counts, people and Datasette as a person uses them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import pytest

from storage.database import open_engine, writing
from storage.records import Byline, Image, Moment
from tests.command import Command
from tests.storage.newsroom import DAY, NOON, Newsroom, article


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("out"))
    engine = open_engine(str(command.database))
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        for number in range(3):
            newsroom.store(
                article(
                    f"https://courier.example/{number}",
                    headline=f"Pier {number}",
                    bylines=(Byline(name="Ada Holm"),),
                    images=(Image(url="https://i.example/1.jpg", caption=f"Gull {number}"),),
                    date_published=Moment(value=NOON + number * DAY, raw="x", origin="y"),
                    in_language="en",
                )
            )
    engine.dispose()
    return command


def test_export(command: Command) -> None:
    done = command.run("export", "--format", "parquet", "--partition", "source,day", "-o", "parts")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("3 articles written to parts (")
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT count(DISTINCT day) FROM read_parquet('{command.folder}/parts/*/*/*.parquet')"
        ).fetchone()
    assert found == (3,)
    again = command.run("export", "--format", "parquet", "-o", "parts")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "--force" in again.stderr
    captions = command("export", "gull", "--what", "captions", "--since", "2026-03-03")
    assert [json.loads(line)["caption"] for line in captions.splitlines()] == ["Gull 1", "Gull 2"]


def test_counts_and_people(command: Command) -> None:
    words = json.loads(command("counts", "--by", "source", "--json"))[0]["words"]
    assert json.loads(command("counts", "--by", "author", "--json")) == [
        {"key": "Ada Holm", "articles": 3, "words": words}
    ]
    assert "█" in command("counts")
    assert command("counts", "--source", "nobody").strip() == "No articles."
    [ada] = json.loads(command("people", "holm", "--json"))
    assert (ada["articles"], ada["roles"], ada["first"]) == (3, {"writer": 3}, NOON.isoformat())
    assert "Ada Holm" in command("people")
    assert command("people", "nobody").strip() == "Nobody is named so."


def test_an_article_that_was_not_there_yet(command: Command) -> None:
    done = command.run("show", 1, "--as-of", "2020-01-01T00:00Z")
    assert done.returncode == 2
    assert done.stderr == f"error: no article 1 at that time: it is in the archive since {NOON.isoformat()}\n"
    unknown = command.run("show", 99, "--as-of", "2020-01-01T00:00Z")
    assert "no article 99 in the archive" in unknown.stderr


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def test_datasette(command: Command) -> None:
    line = command.line("datasette", "--port", 0)
    with subprocess.Popen(
        line, cwd=command.folder, env=command.environment(), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        address = running.stdout.readline().split()[2]
        assert address.startswith("http://127.0.0.1:")
        deadline = time.monotonic() + 60
        while True:
            try:
                database = _get(f"{address}archive.json")
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert all(table["hidden"] for table in database["tables"])
        assert {"articles", "captions", "ledger"} <= {view["name"] for view in database["views"]}
        articles = _get(f"{address}archive/articles.json?_size=1")
        assert articles["filtered_table_rows_count"] == 3
        facets = articles["facet_results"]
        assert {"source", "in_language", "article_section", "date_published"} <= set(facets)
        assert facets["source"]["results"][0]["count"] == 3
        assert len(facets["date_published"]["results"]) == 3
        found = _get(f"{address}archive/search.json?words=gull+1&_shape=array")
        assert [row["headline"] for row in found] == ["Pier 1"]
        with pytest.raises(urllib.error.HTTPError):
            _get(f"{address}archive.json?sql=delete+from+article&_shape=array")
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


def test_datasette_says_what_it_cannot_serve(command: Command, tmp_path: Path) -> None:
    done = command.run("datasette", "--database", "postgresql://localhost/news")
    assert (done.returncode, "SQLite archives only" in done.stderr) == (2, True)
    assert command.run("datasette", "--database", str(tmp_path / "none.db")).returncode == 1
    code = "import sys; sys.modules['datasette'] = None; from crawler.cli import main; main()"
    shutil.copyfile(command.database, tmp_path / "archive.db")
    line = [command.line()[0], "-c", code, "datasette"]
    environment = {**command.environment(), "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    assert done.stderr == "error: Datasette is not installed: pip install 'newsarchive[datasette]'\n"
