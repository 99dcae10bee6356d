"""Whole crawls over loopback: what comes over the wire is in the archive, byte for byte."""

from __future__ import annotations

import gzip
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from storage.captures.reading import StoredResponse, responses
from tests.command import Command
from tests.databases import on_both_engines
from tests.site import HTML, XML, Behaviour, Site, answer, rss, story

STORY = story("The pier stays closed")
GZIPPED = {**HTML, "Content-Encoding": "gzip", "X-Odd": "\xc5lesund"}
OFF = ("-s", "ARCHIVE_CAPTURES=0")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def _in_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for part in (STORY[:300], STORY[300:]):
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    handler.wfile.write(b"0\r\n\r\n")


def _unwilling() -> Behaviour:
    """503 at first, the story when asked again."""
    answers = iter([answer(b"later", 503), answer(STORY, 200, HTML)])
    return lambda handler: next(answers)(handler)


def at(site: Site, path: str) -> str:
    return f"{site.url}{path}"


def kept(command: Command) -> dict[str, list[StoredResponse]]:
    """Every stored response by the path that was asked."""
    found: dict[str, list[StoredResponse]] = {}
    for path in command.warcs():
        for response in responses(path):
            found.setdefault("/" + response.capture.url.split("/", 3)[3], []).append(response)
    return found


def test_all_that_is_fetched_is_kept(site: Site, newsarchive: Command) -> None:
    packed = gzip.compress(STORY)
    site.routes |= {
        "/packed": answer(packed, 200, GZIPPED),
        "/chunks": _in_chunks,
        "/moved": answer(b"", 301, {"Location": "/packed?moved=1"}),
        "/packed?moved=1": answer(packed, 200, GZIPPED),
        "/unwilling": _unwilling(),
        "/gone": answer(b"not any more", 410, HTML),
        "/short": answer(b"<html><body><p>Hardly a word.</p></body></html>", 200, HTML),
        "/broken": answer(b"no gzip at all", 200, GZIPPED),
    }
    paths = sorted(site.routes.keys() - {"/packed?moved=1"})
    site.routes["/feed.xml"] = answer(rss(*(at(site, path) for path in paths)), 200, XML)
    newsarchive.crawl(at(site, "/feed.xml"))

    found = kept(newsarchive)
    assert {path: [r.status for r in answers] for path, answers in found.items()} == {
        "/packed": [200],
        "/chunks": [200],
        "/moved": [301],
        "/packed?moved=1": [200],
        "/unwilling": [503, 200],
        "/gone": [410],
        "/short": [200],
        "/broken": [200],
    }  # no robots.txt, no feed
    assert found["/packed"][0].body == packed
    assert found["/packed"][0].content() == STORY
    assert found["/packed"][0].header("X-Odd") == GZIPPED["X-Odd"]
    assert found["/chunks"][0].body == STORY
    assert found["/broken"][0].body == b"no gzip at all"
    assert found["/gone"][0].body == b"not any more"
    stored = newsarchive.query("SELECT count(*), count(DISTINCT run_id), min(kind) FROM capture")
    assert stored == [(9, 1, "page")]
    assert newsarchive.problems() == []
    [path] = newsarchive.warcs()
    _assert_others_read_it(path)


def _assert_others_read_it(path: Path) -> None:
    """warcio finds its digests right, and fastwarc a request beside each response."""
    subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], check=True)
    with path.open("rb") as file:
        records = [(r.record_type, dict(r.headers), r.reader.read()) for r in ArchiveIterator(file)]
    assert records[0][0] == WarcRecordType.warcinfo
    assert b"software: newsarchive/" in records[0][2]
    pairs = list(zip(records[1::2], records[2::2], strict=True))
    assert len(pairs) == 9
    for response, request in pairs:
        assert (response[0], request[0]) == (WarcRecordType.response, WarcRecordType.request)
        assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
        assert response[1]["WARC-IP-Address"] == "127.0.0.1"


@on_both_engines
def test_a_version_knows_its_page(site: Site, newsarchive: Command) -> None:
    site.routes["/moved"] = answer(b"", 301, {"Location": "/story"})
    site.routes["/story"] = answer(gzip.compress(STORY), 200, GZIPPED)
    newsarchive.crawl(at(site, "/moved"))
    query = (
        "SELECT capture.url, capture.http_status, version.fetched_at = capture.fetched_at "
        "FROM version JOIN capture ON capture.id = capture_id"
    )
    assert newsarchive.query(query) == [(at(site, "/story"), 200, 1)]
    with newsarchive.archive() as archive:
        item = archive.article_by_url(at(site, "/story"))
        assert item is not None
        response = archive.raw(item.id)
        assert response is not None
        assert response.content() == STORY
        assert archive.raw(item.id, version=2) is None
    assert newsarchive("show", item.id, "--raw") == STORY.decode()


def test_a_new_version_has_its_own(site: Site, newsarchive: Command) -> None:
    for text in ("The pier stays closed", "The pier is open"):
        site.routes["/story"] = answer(story(text), 200, HTML)
        newsarchive.crawl(at(site, "/story"))
    with newsarchive.archive() as archive:
        item = archive.article_by_url(at(site, "/story"))
        assert item is not None
        contents = [archive.raw(item.id, version=number) for number in (1, 2)]
        assert [response and response.content() for response in contents] == [
            story("The pier stays closed"),
            story("The pier is open"),
        ]
    assert newsarchive.problems() == []


def test_feeds_are_kept_when_asked_for(site: Site, newsarchive: Command) -> None:
    site.routes["/story"] = answer(STORY, 200, HTML)
    site.routes["/feed.xml"] = answer(rss(at(site, "/story")), 200, XML)
    newsarchive.crawl(at(site, "/feed.xml"), "-s", "ARCHIVE_CAPTURE_ENDPOINTS=1")
    assert newsarchive.query("SELECT url, kind FROM capture ORDER BY id") == [
        (at(site, "/feed.xml"), "endpoint"),
        (at(site, "/story"), "page"),
    ]
    assert kept(newsarchive)["/feed.xml"][0].body == rss(at(site, "/story"))
    assert newsarchive.problems() == []


def test_switched_off(site: Site, newsarchive: Command) -> None:
    site.routes["/story"] = answer(STORY, 200, HTML)
    result = newsarchive.crawl(at(site, "/story"), *OFF)
    assert result["outcomes"] == {"stored": 1}
    assert not newsarchive.captures.exists()
    assert "1 versions were read without raw bytes being kept" in newsarchive("verify")
    done = newsarchive.run("show", "1", "--raw")
    assert done.returncode == 2
    assert "the raw bytes of article 1 were not kept" in done.stderr


def test_a_dry_run_keeps_nothing(site: Site, newsarchive: Command) -> None:
    site.routes["/story"] = answer(STORY, 200, HTML)
    elsewhere = newsarchive.folder / "elsewhere"
    newsarchive.crawl(at(site, "/story"), "--dry-run", "-s", f"ARCHIVE_CAPTURES_FOLDER={elsewhere}")
    assert not elsewhere.exists()


def test_a_folder_elsewhere(site: Site, newsarchive: Command) -> None:
    site.routes["/story"] = answer(STORY, 200, HTML)
    elsewhere = newsarchive.folder / "elsewhere"
    there = ("-s", f"ARCHIVE_CAPTURES_FOLDER={elsewhere}")
    newsarchive.crawl(at(site, "/story"), *there)
    assert list(elsewhere.glob("*/*.warc.gz"))
    assert newsarchive.problems(captures=elsewhere) == []
    assert newsarchive("show", "1", "--raw", *there) == STORY.decode()
    assert "missing" in newsarchive("verify", code=1)


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))


def test_a_disk_that_takes_no_more(site: Site, newsarchive: Command) -> None:
    """The crawl stops and says why; the ledger holds nothing that is not so, and the next crawl goes on."""
    for n in range(12):
        noise = random.Random(n).randbytes(400_000).hex()
        page = story(f"Story {n}").replace(b"</body>", f"<!-- {noise} --></body>".encode())
        site.routes[f"/{n}"] = answer(page, 200, HTML)
    site.routes["/feed.xml"] = answer(rss(*(at(site, f"/{n}") for n in range(12))), 200, XML)
    done = subprocess.run(
        newsarchive.line("crawl", at(site, "/feed.xml")),
        env=newsarchive.environment(),
        cwd=newsarchive.folder,
        capture_output=True,
        text=True,
        preexec_fn=_limit_files,
    )
    assert done.returncode == 1
    assert f"cannot write raw bytes to {newsarchive.captures.name}: File too large" in done.stdout
    assert "Traceback" not in done.stderr
    outcomes = [outcome for (outcome,) in newsarchive.query("SELECT outcome FROM url")]
    assert 0 < outcomes.count("pending") < len(outcomes)
    assert newsarchive.problems() == []
    newsarchive.crawl(at(site, "/feed.xml"))
    assert newsarchive.query("SELECT count(*) FROM url WHERE outcome = 'pending'") == [(0,)]
    assert newsarchive.problems() == []


def test_a_folder_that_cannot_be_written(site: Site, newsarchive: Command) -> None:
    site.routes["/story"] = answer(STORY, 200, HTML)
    (newsarchive.folder / "file").write_text("in the way")
    done = newsarchive.run("crawl", at(site, "/story"), "-s", "ARCHIVE_CAPTURES_FOLDER=file")
    assert done.returncode == 1
    assert "cannot write raw bytes to file" in done.stdout
    assert newsarchive.query("SELECT outcome FROM url") == [("pending",)]
    assert newsarchive.crawl(at(site, "/story"))["outcomes"] == {"stored": 1}


@on_both_engines
def test_a_torn_file_is_mended_by_the_next_crawl(site: Site, newsarchive: Command) -> None:
    """Its bytes are there before its rows: what has none yet gets one."""
    for n in range(3):
        site.routes[f"/{n}"] = answer(story(f"Story {n}"), 200, HTML)
    site.routes["/feed.xml"] = answer(rss(*(at(site, f"/{n}") for n in range(3))), 200, XML)
    newsarchive.crawl(at(site, "/feed.xml"))
    [path] = newsarchive.warcs()
    path.rename(path.with_name(path.name + ".open"))
    with path.with_name(path.name + ".open").open("ab") as file:
        file.write(gzip.compress(b"WARC/1.1 half a record")[:20])
    for table in ("version", "attempt"):
        newsarchive.query(f"UPDATE {table} SET capture_id = NULL WHERE capture_id = 3")
    newsarchive.query("DELETE FROM capture WHERE id = 3")
    assert "mends it" in str(newsarchive.problems())
    done = newsarchive.run("crawl", at(site, "/feed.xml"), "-v")
    assert "3 responses in it are whole and kept, 20 torn bytes are cut off" in done.stderr
    assert newsarchive.query("SELECT count(*), count(run_id) FROM capture") == [(3, 3)]
    assert not list(newsarchive.captures.glob("*/*.open"))
    assert Path(path).exists()
