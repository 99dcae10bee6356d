"""`scrapy crawl news` works as in any Scrapy project, pipelines included."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Archive
from tests.site import XML, Site, rss, story

ROOT = Path(__file__).parents[2]
DATE = '<meta property="article:published_time" content="2026-11-20T08:00:00+01:00">'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def _scrapy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"DATABASE": folder / "a.db", "SOURCES": folder / "sources.toml", "ALLOW_PRIVATE": 1}
    ours = [word for name, value in settings.items() for word in ("-s", f"ARCHIVE_{name}={value}")]
    line = [sys.executable, "-m", "scrapy", *arguments, *(ours if arguments[0] == "crawl" else [])]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE")}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_the_project_offers_one_spider() -> None:
    assert _scrapy(ROOT, "list").stdout.split() == ["news"]


def test_a_source_into_json_lines_and_the_archive(site: Site, tmp_path: Path) -> None:
    urls = [site.serve(f"/story-{n}", story(f"Story {n}", head=DATE)) for n in range(2)]
    feed = site.serve("/feed", rss(*urls), headers=XML)
    (tmp_path / "sources.toml").write_text(f'[sources.a]\nhome_page = "{site.url}/"\nfeeds = ["{feed}"]\n')
    done = _scrapy(tmp_path, "crawl", "news", "-a", "source=a", "-O", str(tmp_path / "out.jsonl"))
    articles = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {article["headline"] for article in articles} == {"Story 0", "Story 1"}, done.stderr
    assert {article["date_published"] for article in articles} == {"2026-11-20T08:00:00+01:00"}
    with Archive.open(str(tmp_path / "a.db")) as archive:
        assert archive.count() == 2


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_url_into_other_formats(site: Site, tmp_path: Path, suffix: str) -> None:
    url, out = site.serve("/story", story("Story", head=DATE)), tmp_path / f"out.{suffix}"
    _scrapy(tmp_path, "crawl", "news", "-a", f"url={url}", "-O", str(out))
    with out.open(newline="") as file:
        [article] = json.load(file) if suffix == "json" else list(csv.DictReader(file))
    assert (article["url"], article["headline"]) == (url, "Story")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "nothing to crawl: give -a source=NAME"), (["-a", "source=x"], "no source named 'x'")],
)
def test_wrong_arguments_are_told(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = _scrapy(tmp_path, "crawl", "news", *arguments)
    assert done.returncode != 0
    assert words in done.stderr
