"""README says what the code does: its tables are compared with the code, its examples are run."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import settings
from crawler.cli.commands import LINES
from crawler.demo import Newspaper
from crawler.sources import load, override_tables
from storage.database import open_engine
from storage.datasette_metadata import COLUMNS, DESCRIPTIONS, FACETS
from storage.records import Article, Outcome, article_to_json
from tests.command import Command, help_of
from tests.news_page import SENTENCES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VIEWS = (
    "articles",
    "captions",
    "bylines",
    "embeds",
    "corrections",
    "copies",
    "versions",
    "changes",
    "events",
    "coverage",
    "discovery",
    "looks",
    "alarms",
    "attempts",
    "ledger",
)


def _section(title: str) -> str:
    found = re.search(rf"^#+ {re.escape(title)}.*?\n(.*?)(?=^#|\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README has no section {title!r}"
    return found[1]


def _first_cells(text: str) -> list[str]:
    """The names in the first column of a section's table, in order."""
    rows = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def _code(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    command = Command(tmp_path_factory.mktemp("docs"))
    with Newspaper() as paper:
        command.crawl(paper.outlets[0].home_page, "--limit", 12)
        yield command


def test_every_setting_is_explained() -> None:
    ours = {name for name in dir(settings) if name.startswith("ARCHIVE_")}
    assert set(re.findall(r"\bARCHIVE_[A-Z_]+", README)) == ours


def test_every_command_is_shown() -> None:
    shown = {name for block in _code("sh") for name in re.findall(r"newsarchive ([a-z]+)", block)}
    assert shown == set(LINES)


def test_every_flag_in_an_example_exists() -> None:
    lines = {line for block in _code("sh") for line in block.splitlines() if line.startswith("newsarchive ")}
    helps: dict[tuple[str, ...], str] = {}
    for line in lines:
        words = line.split()
        name = tuple(words[1:3]) if words[1] == "db" else (words[1],)
        for flag in re.findall(r" (--[a-z-]+)", line.partition("#")[0]):
            if name not in helps:
                helps[name] = help_of(*name)
            assert flag in helps[name], line


@pytest.mark.parametrize("view", VIEWS)
def test_the_data_dictionary_is_the_view(view: str, tmp_path: Path) -> None:
    database = tmp_path / "archive.db"
    open_engine(str(database)).dispose()
    with sqlite3.connect(database) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({view})")]
        views = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    documented = _first_cells(_section(f"`{view}`"))
    assert views == set(VIEWS)
    assert sorted(documented) == sorted(columns)


def test_every_outcome_is_explained() -> None:
    assert set(_first_cells(_section("Outcomes"))) == set(Outcome)


def test_the_json_keys_are_those_documented() -> None:
    keys = ["id", *article_to_json(Article(url="https://example.org/", canonical_url="https://example.org/"))]
    documented = re.findall(
        r"`(\w+)`", _section("Articles as JSON").split("```")[0].partition("same keys:")[2]
    )
    parts = {
        "url",
        "caption",
        "credit_line",
        "alt_text",
        "file_sha256",
        "kind",
        "text",
    }  # of images and embeds
    assert [k for k in dict.fromkeys(documented) if k not in parts - {"url"}] == keys


def test_the_example_of_sources_toml_is_right(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(_code("toml")[0], encoding="utf-8")
    source = load(path)["example-org"]
    assert (source.time_zone, len(source.endpoints)) == ("Europe/Oslo", 5)
    assert load(ROOT / "sources.toml")


OLD_DESIGN = """<h1 class=title>Pier closed</h1><h2 class=head>Live</h2>
    <div class=text><span class=author>Ada Holt</span>{story}</div>"""
NEW_DESIGN = """<h1>The Example</h1><h2 class=head>Pier closed again</h2>
    <p class=meta>Printed on 2 March 2026, <time datetime="2026-03-03 09:30">today</time></p>
    <div class=live-ticker><p>Storm: live!</p></div>
    <div class=article-text><div class=live-ticker><p>Also live, every minute of the storm.</p></div>{story}
    <div class=photo><img src=a.jpg><span>Enlarge!</span><p>The pier. Photo: Ann Lee</p></div></div>{story}"""


def test_the_example_of_overrides_runs(tmp_path: Path) -> None:
    command, shown = Command(tmp_path), _code("sh", _section("When a site is read wrongly"))[0]
    (tmp_path / "sources.toml").write_text("\n".join(_code("toml")[:2]), encoding="utf-8")
    story = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    (tmp_path / "page.html").write_text(NEW_DESIGN.format(story=story), encoding="utf-8")
    (tmp_path / "old.html").write_text(OLD_DESIGN.format(story=story), encoding="utf-8")
    now, before = (line.partition("#")[0].split()[1:] for line in shown.splitlines())
    new, old = (command.run(*arguments) for arguments in (now, before))
    assert (new.returncode, old.returncode) == (0, 0), new.stderr + old.stderr
    article = json.loads(new.stdout)
    assert article["headline"] == "Pier closed again"
    assert article["date_published"] == "2026-03-03T09:30:00+01:00"
    assert article["body"].split("\n\n") == list(SENTENCES)
    assert [(i["caption"], i["credit_line"]) for i in article["images"]] == [("The pier.", "Ann Lee")]
    article = json.loads(old.stdout)
    assert (article["headline"], article["authors"]) == ("Pier closed", ["Ada Holt"])
    assert "from 2026-03-01" in new.stderr
    assert "from the beginning" in old.stderr


def test_every_key_of_an_override_is_explained() -> None:
    assert sorted(_first_cells(_section("When a site is read wrongly"))) == sorted(override_tables.KEYS)


def test_the_python_example_runs(crawled: Command) -> None:
    example = _code("python")[0]
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=crawled.folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "None"  # the address that nothing announced


def test_the_examples_of_exports_run(crawled: Command) -> None:
    for line in _code("sh", _section("Exports"))[0].splitlines():
        arguments = shlex.split(line)[1:]
        done = crawled.run(*arguments)
        assert (done.returncode, " written to " in done.stderr) == (0, True), f"{line}\n{done.stderr}"
        assert (crawled.folder / arguments[-1]).exists(), line
    done = _run(_code("python", _section("Exports"))[0], crawled)
    assert "gazette" in done.stdout.lower() or "│" in done.stdout


def test_the_examples_of_asking_run(crawled: Command) -> None:
    done = _run(_code("python", _section("From Python"))[0], crawled)
    assert "'keywords'" in done.stdout.splitlines()[-1]
    for line in _code("sh", _section("From Python"))[0].splitlines():
        assert crawled(*shlex.split(line)[1:]), line


def _run(example: str, crawled: Command) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", example]
    done = subprocess.run(line, cwd=crawled.folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def test_datasette_describes_the_views_as_this_page_does() -> None:
    titles = dict(re.findall(r"^### `(\w+)`: (.*)$", README, re.MULTILINE))
    assert list(DESCRIPTIONS) == list(FACETS) == list(VIEWS)
    for view, description in DESCRIPTIONS.items():
        assert description.lower().startswith(titles[view].lower()), view
    kept = README.partition("## What is kept")[2]
    for name, meaning in COLUMNS.items():
        assert re.search(rf"^\| .*`{name}`.* \| {re.escape(meaning)} \|", kept, re.MULTILINE), name


def test_the_sql_example_runs(crawled: Command) -> None:
    statements = re.findall(r'sqlite3 archive.db "(SELECT[^"]*)"', README)
    assert statements
    with sqlite3.connect(crawled.database) as connection:
        for statement in statements:
            connection.execute(statement).fetchall()


def test_every_picture_and_link_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_the_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
