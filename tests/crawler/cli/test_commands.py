"""The command as a person uses it: what it prints, and what its exit code says."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli.commands import LINES
from crawler.fetching.tdmrep import PLACE
from tests.command import Command, help_of
from tests.site import XML, Site, answer, rss, story

KEYS = [
    *("id", "url", "canonical_url", "headline", "description", "byline", "authors"),
    *("date_published", "date_modified", "body", "headings", "images", "keywords"),
    *("article_section", "in_language", "site_name", "is_accessible_for_free"),
    *("genre", "breadcrumbs", "corrections", "embeds", "amp_url", "license_url"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as served:
        urls = [served.serve(f"/news/story-{n}", story(f"Harbour news {n}")) for n in range(4)]
        served.serve("/feed", rss(*urls), headers=XML)
        link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        served.serve(
            "/", f"<html lang=en><head><title>Gazette</title>{link}</head><body></body></html>".encode()
        )
        yield served


@pytest.fixture(scope="module")
def archived(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("archived"))
    assert command.crawl(f"{site.url}/")["outcomes"] == {"stored": 4}
    return command


@pytest.mark.parametrize("command", LINES)
def test_help(command: str) -> None:
    assert f"Usage: newsarchive {command}" in help_of(command)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "No such command"),
        (["crawl"], "TARGET"),
        (["crawl", "x", "--frobnicate"], "--frobnicate"),
        (["crawl", "no-such-source"], "newsarchive add URL"),
        (["crawl", "https://e.org/", "--since", "soon"], "2026-01-31"),
        (["crawl", "https://e.org/", "--limit", "many"], "--limit"),
        (["crawl", "https://e.org/", "-s", "LOG_LEVEL"], "NAME=VALUE"),
        (["crawl", "https://e.org/", "-s", "ARCHIVE_READERS=all"], "write a number"),
        (["crawl", "https://e.org/", "-s", "ARCHIVE_READER=1"], "did you mean ARCHIVE_READERS?"),
        (["crawl", "@missing.txt"], "missing.txt"),
        (["search", "x", "--until", "1.1.2026"], "--until"),
        (["search", "x", "--limit", "0"], "--limit"),
        (["search", "( ("], ""),
        (["show", "999999999999999999999"], "no article"),
        (["export", "--format", "xml"], "jsonl, csv, parquet"),
        (["extract"], "nothing to read"),
        (["extract", "page.html"], "--url"),
        (["extract", "none.html", "--url", "https://e.org/"], "none.html"),
        (["add", "example.org"], "https://example.org/"),
        (["add", "none.opml"], "none.opml"),
        (["status", "--database", "oracle://x/y"], "not supported"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(archived: Command, arguments: list[str], words: str) -> None:
    done = archived.run(*arguments)
    assert done.returncode == 2, done.stderr
    assert not done.stdout
    [line] = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_a_key_of_sources_toml_that_is_none(newsarchive: Command) -> None:
    (newsarchive.folder / "sources.toml").write_text('[sources.a]\nhome_page = "https://a.org/"\nfeed = []\n')
    done = newsarchive.run("sources")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "sources.toml, line 3" in line


def test_an_archive_that_cannot_be_made(newsarchive: Command) -> None:
    done = newsarchive.run("crawl", "https://e.org/", "--database", "no/such/folder/a.db")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_crawl_prints_one_object_and_nothing_else(site: Site, newsarchive: Command) -> None:
    done = newsarchive.run("crawl", f"{site.url}/feed", "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"announced", "outcomes", "articles", "seconds"} <= set(result)
    assert result["announced"] == sum(result["outcomes"].values()) == result["articles"] == 4


def test_search(archived: Command) -> None:
    [hit] = json.loads(archived("search", '"Harbour news 2"', "--limit", 1, "--json"))
    assert hit["headline"] == "Harbour news 2"
    assert "Harbour news" in archived("search", "harbour", "--language", "en")
    assert json.loads(archived("search", "harbour", "--source", "nobody", "--json")) == []


def test_show_by_id_and_by_address(site: Site, archived: Command) -> None:
    one = json.loads(archived("show", 1, "--json"))
    assert json.loads(archived("show", one["canonical_url"], "--json")) == one
    assert one["headline"] in archived("show", 1)


def test_export(archived: Command) -> None:
    lines = [json.loads(line) for line in archived("export").splitlines()]
    assert len(lines) == 4
    assert set(KEYS) <= set(lines[0])
    archived("export", "--format", "csv", "-o", "out.csv")
    rows = list(csv.DictReader(io.StringIO((archived.folder / "out.csv").read_text())))
    assert {row["headline"] for row in rows} == {line["headline"] for line in lines}
    assert archived("export", "--since", "2999-01-01") == ""


def test_a_pipe_that_closes_early(archived: Command) -> None:
    line = " ".join(archived.line("export"))
    done = subprocess.run(
        f"{line} | head -c 10",
        shell=True,
        cwd=archived.folder,
        env=archived.environment(),
        capture_output=True,
        text=True,
    )
    assert len(done.stdout) == 10
    assert done.stderr == ""


def test_status(archived: Command) -> None:
    status = json.loads(archived("status", "--json"))
    assert status["articles"] == 4
    assert status["sources"][0]["outcomes"] == {"stored": 4}
    assert "4 articles" in archived("status")


def test_extract(newsarchive: Command) -> None:
    (newsarchive.folder / "page.html").write_bytes(story("A ferry"))
    one = json.loads(newsarchive("extract", "page.html", "--url", "https://e.org/ferry"))
    assert list(one) == KEYS
    assert one["headline"] == "A ferry"
    stdin = newsarchive("extract", "-", "--url", "https://e.org/ferry", stdin=story("A ferry").decode())
    assert json.loads(stdin) == one


CONTESTED = """<html><head><title>Ferries | Quay News</title>
<meta property="og:title" content="Ferries stop in ice">
<meta property="article:published_time" content="2026-03-02T09:00:00Z"></head><body><article>
<h1>Harbour frozen over</h1><p class="byline">By Ada Holm</p>
<time datetime="2026-03-05T10:00:00+01:00">5 March</time>
<p>{}</p></article></body></html>""".format(
    "</p><p>".join(["The ice came in the night, and no boat went out."] * 6)
)


def test_explain_a_page(newsarchive: Command) -> None:
    (newsarchive.folder / "page.html").write_text(CONTESTED)
    asked = ("explain", "page.html", "--url", "https://quay.example/news/ice")
    said = json.loads(newsarchive(*asked, "--json"))
    assert {c["value"] for c in said["headline"]} >= {"Ferries stop in ice", "Harbour frozen over"}
    [chosen] = [c for c in said["headline"] if c["chosen"]]
    assert not chosen["conflicts"]
    assert any(c["conflicts"] for c in said["headline"])
    assert {c["origin"] for c in said["date_published"] if c["chosen"]} == {"meta:article:published_time"}
    shown = newsarchive(*asked)
    assert "✓" in shown
    assert "≠" in shown
    assert "--url is missing" in newsarchive.run("explain", "page.html").stderr


def test_explain_an_archived_article(archived: Command) -> None:
    said = json.loads(archived("explain", "1", "--json"))
    [chosen] = [c for c in said["headline"] if c["chosen"]]
    assert chosen["value"].startswith("Harbour news")
    assert "no article 99" in archived.run("explain", "99").stderr


OVERRIDES = """
[sources.gazette]
home_page = "https://gazette.example/"
name = "The Gazette"
language = "de"
time_zone = "Europe/Vienna"

[[sources.gazette.overrides]]
headline = "h2"
keywords = "ul.tags"

[[sources.gazette.overrides]]
from = 2026-03-01
headline = "h3"
date_published = "em"
"""


def test_extract_as_a_page_of_a_source(newsarchive: Command) -> None:
    (newsarchive.folder / "sources.toml").write_text(OVERRIDES)
    twice = "<h2>The old design's</h2><h3>The new design's</h3><em>5. Jänner 2026, 18.30 Uhr</em><article>"
    page = story("A ferry").decode().replace("<article>", twice).replace(" lang=en", "")
    (newsarchive.folder / "page.html").write_text(page, encoding="utf-8")
    done = newsarchive.run("extract", "page.html", "--source", "gazette")
    new = json.loads(done.stdout)
    assert list(new) == KEYS
    assert new["id"] == "https://gazette.example/"
    assert new["headline"] == "The new design's"
    assert new["date_published"] == "2026-01-05T18:30:00+01:00"
    assert new["site_name"] == "The Gazette"
    assert done.stderr.splitlines() == [
        "read with the override that holds from 2026-03-01:",
        "  headline  h3  “The new design's”",
        "  date_published  em  “2026-01-05T18:30:00+01:00”",
    ]
    done = newsarchive.run("extract", "page.html", "--source", "gazette", "--fetched", "2026-02-28")
    assert json.loads(done.stdout)["headline"] == "The old design's"
    assert (
        done.stderr.splitlines()[2]
        == "  keywords  ul.tags  found nothing that can be used; read as on any site"
    )
    line = json.dumps({"id": 1, "path": "page.html", "url": "https://gazette.example/a"})
    batch = newsarchive("extract", "--batch", "--source", "gazette", stdin=line)
    assert json.loads(batch)["headline"] == "The new design's"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "gazete"], "did you mean gazette?"),
        (["--source", "gazette", "--fetched", "March"], "2026-01-31"),
        (["--source", "gazette", "--sources", "none.toml"], "none.toml: no such file"),
        (
            ["--source", "gazette", "--sources", "wrong.toml"],
            "wrong.toml, line 9: sources.gazette.overrides.headline",
        ),
    ],
)
def test_extract_with_a_source_that_is_none(newsarchive: Command, arguments: list[str], words: str) -> None:
    (newsarchive.folder / "sources.toml").write_text(OVERRIDES)
    (newsarchive.folder / "wrong.toml").write_text(OVERRIDES.replace('"h2"', '"h2["'))
    (newsarchive.folder / "page.html").write_bytes(story("A ferry"))
    done = newsarchive.run("extract", "page.html", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_goes_on_after_bad_lines(newsarchive: Command, workers: int) -> None:
    (newsarchive.folder / "a.html.gz").write_bytes(gzip.compress(story("A ferry")))
    good = {"path": "a.html.gz", "url": "https://e.org/a"}
    items = [{"id": 7, **good}, {"id": None, "path": "none", "url": "https://e.org/"}, {"id": "x"}, [1]]
    lines = [
        *map(json.dumps, items),
        "{",
        "[" * 100_000,
        '{"id": "\\ud800"}',
        "",
        json.dumps({"id": [1], **good}),
    ]
    done = newsarchive("extract", "--batch", "--workers", workers, stdin="\n".join(lines))
    found = [json.loads(line) for line in done.splitlines()]
    assert [one["id"] for one in found] == [7, None, "x", None, None, None, "\ud800", [1]]
    assert [one.get("headline") for one in found] == ["A ferry", *[None] * 6, "A ferry"]
    assert all(one["error"] for one in found[1:-1])
    assert list(found[0]) == KEYS


def test_sources_are_added_and_listed(site: Site, newsarchive: Command) -> None:
    file = newsarchive.folder / "sources.toml"
    file.write_text("# Our own list.\n")
    newsarchive("add", f"{site.url}/", "--slug", "gazette")
    assert file.read_text().startswith("# Our own list.\n")
    [source] = json.loads(newsarchive("sources", "--json"))
    assert (source["slug"], source["feed"]) == ("gazette", [f"{site.url}/feed"])
    assert "gazette" in newsarchive("sources")
    before = len(site.asked)
    assert "gazette" in newsarchive.run("add", f"{site.url}/", "--slug", "gazette").stderr
    newsarchive("add", f"{site.url}/", "--slug", "gazette", code=2)
    assert len(site.asked) == before
    newsarchive("sources", "--opml", "list.opml")
    newsarchive("add", "list.opml", "--sources", "other.toml")
    [same] = json.loads(newsarchive("sources", "--json", "--sources", "other.toml"))
    assert same["feed"] == source["feed"]


def test_a_site_that_cannot_be_reached_is_not_added(newsarchive: Command) -> None:
    done = newsarchive.run("add", "http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "refused" in done.stderr
    assert not (newsarchive.folder / "sources.toml").exists()


def test_a_flag_is_stronger_than_the_environment(archived: Command, tmp_path: Path) -> None:
    def articles(*flags: str, **environment: str) -> int:
        line = archived.line("status", "--json", *flags)
        done = subprocess.run(
            line, cwd=tmp_path, env={**archived.environment(), **environment}, capture_output=True, text=True
        )
        return int(json.loads(done.stdout)["articles"]) if done.returncode == 0 else -1

    assert articles() == -1
    assert articles(NEWSARCHIVE_DATABASE=str(archived.database)) == 4
    assert articles("--database", str(archived.database), NEWSARCHIVE_DATABASE="none.db") == 4


def test_two_sources_of_one_host_take_turns(newsarchive: Command) -> None:
    with Site() as site:
        text = ""
        for name in ("news", "sport"):
            urls = [site.serve(f"/{name}/story-{n}", story(f"{name} {n}")) for n in range(3)]
            feed = site.serve(f"/{name}/feed", rss(*urls), headers=XML)
            text += f'[sources.{name}]\nhome_page = "{site.url}/{name}/"\nfeeds = ["{feed}"]\n'
        (newsarchive.folder / "sources.toml").write_text(text)
        assert newsarchive.crawl("news", "sport")["outcomes"] == {"stored": 6}
        turns = [path.split("/")[1] for path in site.asked if path not in ("/robots.txt", PLACE)]
    assert turns == sorted(turns)


def test_a_story_whose_address_looks_like_a_feed(newsarchive: Command) -> None:
    with Site() as site:
        url = site.behave("/charity-feeds-thousands", answer(story("Charity")))
        assert newsarchive.crawl(url)["outcomes"] == {"stored": 1}
