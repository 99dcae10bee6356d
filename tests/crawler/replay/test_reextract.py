"""Stored pages read again: command, workers, WARC files and the archive as they are."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.extraction.identity import extractor_id
from tests.command import Command
from tests.databases import on_both_engines
from tests.site import XML, Site, answer, rss, story

SOURCE = '[sources.gazette]\nname = "The Gazette"\nhome_page = "{url}/"\nfeeds = ["{url}/feed"]\n'
SELECTORS = '[[sources.gazette.overrides]]\nheadline = "h2.real"\n'
WITHOUT_STORY = '[[sources.gazette.overrides]]\nremove = ["article"]\n'
KINDS = b"<article><h2 class=real>What it is called</h2>"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def publish(site: Site, *paths: str, page: bytes | None = None) -> None:
    """Serve a story at each path, and a feed that names them."""
    for path in paths:
        site.serve(path, page or story(f"The story at {path}"))
    site.serve("/feed", rss(*(f"{site.url}{path}" for path in paths)), headers=XML)


def configure(command: Command, site: Site, more: str = "") -> None:
    (command.folder / "sources.toml").write_text(SOURCE.format(url=site.url) + more)


def crawl(command: Command, site: Site, *paths: str, page: bytes | None = None) -> None:
    publish(site, *paths, page=page)
    configure(command, site)
    assert command.crawl("gazette")["outcomes"] == {"stored": len(paths)}


def reextract(command: Command, *arguments: object, code: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(command("reextract", *arguments, "--json", code=code))
    return result


def test_what_todays_extractor_has_read_is_not_read_again(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry", "/news/pier")
    assert newsarchive.query("SELECT DISTINCT extractor FROM version") == [(extractor_id(),)]
    assert "nothing to read" in newsarchive("reextract")


@on_both_engines
def test_a_new_reading_is_no_edit(site: Site, newsarchive: Command) -> None:
    page = story("A ferry").replace(b"<article>", KINDS)
    crawl(newsarchive, site, "/news/ferry", page=page)
    [before] = newsarchive.query("SELECT number, fetched_at, capture_id, headline FROM version")
    assert before[3] == "A ferry"
    configure(newsarchive, site, SELECTORS)

    assert reextract(newsarchive)["versions"] == {"changed": 1}

    columns = "number, reading, is_superseded, fetched_at, capture_id, headline, extractor"
    old, new = newsarchive.query(f"SELECT {columns} FROM version ORDER BY reading")
    assert old == (1, 1, 1, *before[1:], extractor_id())
    assert new[:6] == (1, 2, 0, *before[1:3], "What it is called")
    assert new[6].startswith(extractor_id() + "-")
    with newsarchive.archive() as archive:
        [hit] = archive.search('"What it is called"')
        assert hit.headline == "What it is called"
        item = archive.get(hit.id)
        assert item is not None
        assert item.version == 1
        assert item.article.canonical_url == f"{site.url}/news/ferry"
    assert reextract(newsarchive)["versions"] == {}
    assert newsarchive.problems() == []
    site.serve("/feed", rss(f"{site.url}/news/ferry", f"{site.url}/news/new"), headers=XML)
    again = newsarchive.crawl(f"{site.url}/news/ferry")
    assert again["outcomes"] == {"unchanged": 1}, "a crawl takes the new reading for the article as it is"


def test_a_live_crawl_says_which_override_read(site: Site, newsarchive: Command) -> None:
    publish(site, "/news/ferry", page=story("A ferry").replace(b"<article>", KINDS))
    configure(newsarchive, site, SELECTORS)
    newsarchive.crawl("gazette")
    [(extractor,)] = newsarchive.query("SELECT extractor FROM version")
    assert extractor.startswith(extractor_id() + "-")
    assert reextract(newsarchive)["versions"] == {}
    configure(newsarchive, site)
    assert reextract(newsarchive)["versions"] == {"changed": 1}


def test_where_nothing_changes_no_row_is_added(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry")
    newsarchive.query("UPDATE version SET extractor = 'earlier', evidence = '[]'")
    assert reextract(newsarchive)["versions"] == {"same": 1}
    [(number, reading, extractor, read_at, evidence)] = newsarchive.query(
        "SELECT number, reading, extractor, read_at, CAST(evidence AS TEXT) FROM version"
    )
    assert (number, reading, extractor) == (1, 1, extractor_id())
    assert read_at is not None
    assert "headline" in evidence
    assert reextract(newsarchive)["versions"] == {}


@on_both_engines
def test_all_versions_are_read_again(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry")
    site.serve("/news/ferry", story("The ferry is back"))
    assert newsarchive.crawl(f"{site.url}/news/ferry")["outcomes"] == {"updated": 1}
    newsarchive.query("UPDATE version SET extractor = 'earlier', headline = 'Wrong'")
    assert reextract(newsarchive)["versions"] == {"changed": 2}
    assert newsarchive.query(
        "SELECT number, headline FROM version WHERE NOT is_superseded ORDER BY number"
    ) == [
        (1, "The story at /news/ferry"),
        (2, "The ferry is back"),
    ]
    with newsarchive.archive() as archive:
        assert [item.article.headline for item in archive.articles()] == ["The ferry is back"]
    assert newsarchive.problems() == []


def test_compare_writes_nothing(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry", "/news/pier")
    newsarchive.query("UPDATE version SET extractor = 'earlier'")
    newsarchive.query("UPDATE version SET headline = 'Wrong', description = 'Lost' WHERE id = 1")
    newsarchive.query("UPDATE version SET headline = NULL WHERE id = 2")
    before = newsarchive.everything()
    told = reextract(newsarchive, "--compare", "--examples", 2)
    assert newsarchive.everything() == before
    assert told["versions"] == {"changed": 2}
    fields = told["fields"]["gazette"]
    assert {
        name: fields[name][name_] for name, name_ in (("headline", "gained"), ("description", "lost"))
    } == {
        "headline": 1,
        "description": 1,
    }
    assert fields["headline"]["changed"] == 1
    assert fields["body"] == {"same": 2, "examples": []}
    examples = fields["headline"]["examples"]  # in the order in which pages were read
    assert {example["before"] for example in examples} == {"Wrong", ""}
    assert all(example["after"].startswith("The story at /news/") for example in examples)
    fewer = reextract(newsarchive, "--compare", "--examples", 1)["fields"]["gazette"]
    assert len(fewer["headline"]["examples"]) == 1
    shown = newsarchive("reextract", "--compare")
    assert "headline" in shown
    assert "body" not in shown.split("versions")[0].split("gazette ·")[0], "rows are what changes"
    assert "- Lost" in shown


def test_filters_choose_what_is_read(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry", "/news/pier", "/news/lamp")
    newsarchive.query("UPDATE version SET extractor = 'earlier'")
    [(number,)] = newsarchive.query("SELECT id FROM article WHERE canonical_url LIKE '%pier'")
    assert reextract(newsarchive, "--id", number)["versions"] == {"same": 1}
    assert reextract(newsarchive, '"at /news/ferry"')["versions"] == {"same": 1}
    assert reextract(newsarchive, "--language", "ja")["versions"] == {}
    assert reextract(newsarchive, "--source", "gazette")["versions"] == {"same": 1}
    assert reextract(newsarchive, "--all")["versions"] == {"same": 3}
    for wrong in (("--source", "gazete"), ("--id", "99")):
        assert newsarchive.run("reextract", *wrong).returncode == 2, wrong


def test_a_capture_that_is_not_there_costs_its_article(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry", "/news/pier")
    newsarchive.query("UPDATE version SET extractor = 'earlier'")
    [path] = newsarchive.warcs()
    [(offset,)] = newsarchive.query(
        "SELECT warc_offset FROM capture JOIN version ON capture_id = capture.id "
        "WHERE version.url LIKE '%ferry'",
    )
    content = bytearray(path.read_bytes())
    content[offset + 200 : offset + 210] = b"0123456789"
    path.write_bytes(content)
    told = reextract(newsarchive, code=1)
    assert told["versions"] == {"failed": 1, "same": 1}
    [problem] = told["problems"]
    assert "/news/ferry" in problem
    path.unlink()
    told = reextract(newsarchive, code=1)
    assert told["versions"] == {"failed": 1}
    assert "is missing" in told["problems"][0]


def test_versions_without_raw_bytes_are_told(site: Site, newsarchive: Command) -> None:
    publish(site, "/news/ferry")
    configure(newsarchive, site)
    newsarchive.crawl("gazette", "-s", "ARCHIVE_CAPTURES=0")
    newsarchive.query("UPDATE version SET extractor = NULL")
    assert reextract(newsarchive)["versions"] == {"no_raw_bytes": 1}


def test_what_is_no_article_any_more_stays(site: Site, newsarchive: Command) -> None:
    crawl(newsarchive, site, "/news/ferry")
    configure(newsarchive, site, WITHOUT_STORY)
    before = newsarchive.everything()
    told = reextract(newsarchive)
    assert told["versions"] == {"no_article": 1}
    assert "/news/ferry: " in told["no_longer_articles"][0]
    assert newsarchive.everything() == before


def test_pages_that_were_no_article_become_one(site: Site, newsarchive: Command) -> None:
    site.behave("/old/ferry", answer(b"", 301, {"Location": "/news/ferry"}))
    site.serve("/news/ferry", story("A ferry"))
    site.serve("/news/short", b"<html><body><p>Hardly a word.</p></body></html>")
    site.serve("/news/pier", story("A pier"))
    addresses = [f"{site.url}{path}" for path in ("/old/ferry", "/news/short", "/news/pier")]
    site.serve("/feed", rss(*addresses), headers=XML)
    configure(newsarchive, site, WITHOUT_STORY)
    assert "stored" not in newsarchive.crawl("gazette")["outcomes"]
    configure(newsarchive, site)

    assert reextract(newsarchive, "--compare", "--failed")["pages_that_were_no_article"]["stored"] == 2
    assert newsarchive.query("SELECT count(*) FROM article") == [(0,)]
    told = reextract(newsarchive, "--failed")
    assert told["pages_that_were_no_article"]["stored"] == 2

    found = dict(newsarchive.query("SELECT url, outcome FROM ledger"))
    assert found[addresses[0]] == found[addresses[2]] == "stored"
    assert found[addresses[1]] in ("too_short", "not_article")
    [fetched, first_seen] = newsarchive.query(
        "SELECT capture.fetched_at, article.first_seen_at FROM article JOIN version "
        "ON version.id = current_version_id JOIN capture ON capture.id = capture_id "
        "WHERE canonical_url LIKE '%/pier'",
    )[0]
    assert fetched == first_seen
    assert newsarchive.problems() == []
    assert "stored" not in reextract(newsarchive, "--failed")["pages_that_were_no_article"]


@on_both_engines
def test_killed_and_run_again_it_goes_on(site: Site, newsarchive: Command) -> None:
    paths = [f"/news/story-{number}" for number in range(60)]
    crawl(newsarchive, site, *paths)
    newsarchive.query("UPDATE version SET extractor = 'earlier', headline = 'Wrong'")
    done = 0
    for goal in (1, 12, 25):
        with newsarchive.started("reextract") as process:
            latest = time.monotonic() + 60
            while _read(newsarchive) < goal and not process.has_ended and time.monotonic() < latest:
                time.sleep(0.005)
            process.kill()
            assert process.wait(60) == -signal.SIGKILL
        before, done = done, _read(newsarchive)
        assert before <= done < len(paths)
    assert done >= 25
    told = reextract(newsarchive)
    assert told["versions"] == {"changed": len(paths) - done}, "nothing is read twice"
    assert newsarchive.query(
        "SELECT count(*), max(reading), count(*) FILTER (WHERE is_superseded) FROM version"
    ) == [(2 * len(paths), 2, len(paths))]
    assert newsarchive.problems() == []


def _read(command: Command) -> int:
    return int(command.query("SELECT count(*) FROM version WHERE reading = 2")[0][0])
