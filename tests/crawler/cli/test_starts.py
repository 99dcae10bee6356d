"""What a command loads before it begins: counted, not timed."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crawler.cli.commands import LINES, Line
from tests.command import Command
from tests.site import HTML, XML, Site, rss, story

NEVER = {"scrapy", "twisted", "trafilatura", "numpy", "pandas", "pyarrow", "apscheduler", "alembic", "PIL"}
# Commands that open no database load nothing that does; `db` and those that read pages are not run here.
WITHOUT = [["--help"], ["sources", "--json"], ["add", "nowhere"], ["extract", "--help"], ["demo", "--help"]]
ASKING = [
    *(["search", "harbour"], ["show", "1"], ["history", "1"], ["copies", "1"], ["explain", "1"]),
    *(["status"], ["alarms"], ["next"], ["coverage"], ["events"], ["metrics"], ["export"]),
    *(["why", "https://example.org/x"], ["counts", "--by", "day"], ["people"], ["db", "current"]),
]
# One process for all of them: what it has loaded after each, as far as it is listed here.
RUN = """
import json, sys
from crawler.cli.app import _exit_code
watched, lines = json.loads(sys.argv[1])
seen = [[line, _exit_code(line), [name for name in watched if name in sys.modules]] for line in lines]
print(json.dumps(seen), file=sys.stderr)
"""


def _loaded(command: Command, *lines: list[str]) -> list[tuple[list[str], int, set[str]]]:
    """(line, exit code, what is loaded by then) of commands that run one after another in one process."""
    watched = sorted(NEVER | {"sqlalchemy", "lxml"})
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([watched, lines])],
        cwd=command.folder,
        env={**command.environment(), "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [(line, code, set(found)) for line, code, found in json.loads(done.stderr.splitlines()[-1])]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("archived"))
    with Site() as site:
        feed = site.serve("/feed", rss(site.serve("/news/harbour", story("The harbour"))), headers=XML)
        command.crawl(feed)
    (command.folder / "sources.toml").write_text("[sources.gazette]\nhome_page = 'https://example.org/'\n")
    return command


def test_what_opens_no_database_loads_none(archived: Command) -> None:
    for line, code, loaded in _loaded(archived, *WITHOUT):
        assert code == (2 if line[0] == "add" else 0), line
        assert not loaded, line


def test_what_asks_the_archive_loads_no_crawler(archived: Command) -> None:
    for line, code, loaded in _loaded(archived, *ASKING):
        assert code == (1 if line[0] == "why" else 0), line
        assert not loaded & NEVER, line
        assert "sqlalchemy" in loaded, line


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_table_says_what_the_command_says(line: Line) -> None:
    told, _, _ = inspect.cleandoc(line.load().help).partition("\n\n")
    assert " ".join(told.split()) == line.help


def test_readers_load_nothing_of_what_fetches(newsarchive: Command) -> None:
    with Site() as site:
        reserved = {**HTML, "X-Robots-Tag": "noarchive", "TDM-Reservation": "1"}
        pages = [site.serve(f"/{n}", story(f"Boat {n} is back"), headers=reserved) for n in range(4)]
        done = subprocess.run(
            [*newsarchive.line("crawl", *pages), "-s", "ARCHIVE_READERS=2"],
            cwd=newsarchive.folder,
            # Each process says on stderr what it imports.
            env={**newsarchive.environment(), "PYTHONPROFILEIMPORTTIME": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr[-2_000:]
    times = Counter(line.rpartition("|")[2].strip() for line in done.stderr.splitlines())
    assert times["scrapy"] == times["twisted"] == times["sqlalchemy"] == 1  # by what fetches and stores
    assert times["storage.word_diff"] == times["rapidfuzz"] == 0  # no article was edited
    # By that one, and by what readers are forked from: they share it.
    shared = ("crawler.judging", "crawler.discovery.probe", "pipelines.fingerprint", "storage.shingles")
    assert {name for name in shared if not 1 <= times[name] <= 2} == set()
