"""What a person may name to be crawled, and what it comes to; every mistake is one line with its remedy."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.scheduling.targets import (
    appetite,
    appetite_from_arguments,
    looks_like_endpoint,
    task_from_arguments,
    tasks,
)
from crawler.sources import Source

PAPER = Source(slug="paper", name="The Paper", home_page="https://www.paper.org/")
SPORT = Source(slug="paper-sport", name="Sport", home_page="https://www.paper.org/sport/")
OTHER = Source(slug="other", name="Other", home_page="https://news.other.example/de/")
SOURCES = {source.slug: source for source in (PAPER, SPORT, OTHER)}


@pytest.mark.parametrize(
    ("target", "slug", "home_page", "whole"),
    [
        ("paper", "paper", PAPER.home_page, True),
        ("https://www.paper.org/", "paper", PAPER.home_page, True),
        ("http://paper.org", "paper", PAPER.home_page, True),
        ("https://paper.org/?utm_source=x", "paper", PAPER.home_page, True),
        ("https://www.paper.org/sport", "paper-sport", SPORT.home_page, True),
        ("https://news.other.example/de/", "other", OTHER.home_page, True),
        ("https://www.paper.org/sport/match-1", "paper", PAPER.home_page, False),
        ("https://blog.paper.org/story", "paper", PAPER.home_page, False),
        ("https://blog.paper.org/", "blog-paper-org", "https://blog.paper.org/", True),
        ("https://new.example/story", "new-example", "https://new.example/", False),
        ("https://new.example/", "new-example", "https://new.example/", True),
        ("http://127.0.0.1:8000/x", "127-0-0-1-8000", "http://127.0.0.1:8000/", False),
    ],
)
def test_whose_a_target_is(target: str, slug: str, home_page: str, whole: bool) -> None:
    [task] = tasks([target], SOURCES)
    assert (task.source.slug, task.source.home_page, task.whole) == (slug, home_page, whole)
    assert bool(task.urls) is not whole


def test_a_new_source_takes_nobody_s_name() -> None:
    taken = {"new-example": Source(slug="new-example", name="N", home_page="https://elsewhere.example/")}
    [task] = tasks(["https://new.example/a"], taken)
    assert task.source.slug == "new-example-2"


def test_targets_of_one_source_are_one_task() -> None:
    names = ["https://new.example/a", "https://new.example/b", "https://new.example/a", "paper", "other"]
    new, paper, other = tasks(names, SOURCES)
    assert new.urls == ("https://new.example/a", "https://new.example/b")
    assert (paper.whole, other.whole) == (True, True)
    [both] = tasks(["https://new.example/", "https://new.example/a"], SOURCES)
    assert both.whole
    assert both.urls == ("https://new.example/a",)


def test_files_of_targets(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_bytes("\ufeff# mine\r\nhttps://new.example/a\r\n\r\n  paper \n".encode())
    assert [task.source.slug for task in tasks([f"@{file}"], SOURCES)] == ["new-example", "paper"]


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("papr", "did you mean paper?"),
        ("nothing-like-it", "newsarchive add URL"),
        ("paper.org", "did you mean https://paper.org ?"),
        ("ftp://paper.org/", "not a web address"),
        ("http://", "not a web address"),
        ("http://[", "not a web address"),
        ("@/no/such/file", "cannot read /no/such/file: No such file"),
        ("", "no source named ''"),
    ],
)
def test_mistakes(target: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        tasks([target], SOURCES)
    assert remedy in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"# nothing\n\n", b"\xff\xfe"])
def test_files_that_name_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "urls").write_bytes(content)
    with pytest.raises(UsageError, match=r"names no URL|not UTF-8"):
        tasks([f"@{tmp_path / 'urls'}"], SOURCES)


@given(st.text(max_size=50).filter(lambda text: not text.startswith("@")))
def test_any_target_is_a_task_or_one_line(target: str) -> None:
    with suppress(UsageError):
        assert len(tasks([target], SOURCES)) == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (path, True)
        for path in ("/feed", "/feed/", "/rss.xml", "/news.atom", "/sitemap_index.xml.gz", "/rss/de")
    ]
    + [(path, False) for path in ("/", "/news/story.html", "/feedback", "/embassy", "/2026/rssi-story")],
)
def test_the_look_of_feeds_and_sitemaps(path: str, expected: bool) -> None:
    assert looks_like_endpoint(f"https://e.example{path}") is expected


def test_arguments_of_scrapy(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none.toml")
    task = task_from_arguments({"url": "https://new.example/a  https://new.example/b"}, nowhere)
    assert task.urls == ("https://new.example/a", "https://new.example/b")
    for arguments, words in (
        ({}, "-a source=NAME"),
        ({"url": "https://a.example/x https://b.example/x"}, "one"),
    ):
        with pytest.raises(UsageError, match=words):
            task_from_arguments(arguments, nowhere)
    wanted = appetite_from_arguments({"all": "Yes", "since": "2026-01-01"}, sitemap_days=3)
    assert wanted.take_all
    assert wanted.since == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert not appetite_from_arguments({"all": "0"}, sitemap_days=3).take_all


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "01.02.2026", "2026-01-01T10:00"])
def test_a_day_that_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="2026-01-31"):
        appetite(take_all=False, since=text, sitemap_days=7)
