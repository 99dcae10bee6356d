"""WARC files that others have made, and saved pages: command, workers and archive as they are."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import signal
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.captures.reading import responses
from tests.command import Command
from tests.databases import on_both_engines
from tests.site import story

DAY = "2026-02-01T09:30:00Z"
FERRY = "https://www.courier.example/news/ferry"


def http(body: bytes, *headers: str, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    """A response as it stands in a record."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def record(
    url: str, block: bytes, *, date: str = DAY, kind: str = "response", length: int | None = None
) -> bytes:
    """A record by hand, as WARC/1.0 has it."""
    fields = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {date}",
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block) if length is None else length}",
    )
    return "\r\n".join((*fields, "", "")).encode() + block + b"\r\n\r\n"


def warc(path: Path, *records: bytes) -> Path:
    """A file of records, a gzip member each."""
    path.write_bytes(b"".join(gzip.compress(one) for one in records))
    return path


def page(url: str, headline: str = "The ferry", **fields: Any) -> bytes:
    return record(url, http(story(headline)), **fields)


def take_in(command: Command, *arguments: object, code: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(command("import", *arguments, "--json", code=code))
    return result


def test_a_file_of_others_is_taken_in_once(newsarchive: Command) -> None:
    """Made by warcio, as Common Crawl's news are: unpacked bodies, the old encoding in a field of its own."""
    path = newsarchive.folder / "CC-NEWS.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "StormCrawler"}))
        for url, body, status, content_type in (
            (FERRY, story("The ferry"), "200 OK", "text/html; charset=utf-8"),
            ("https://gazette.example/short", b"<html><p>Hardly a word.", "200 OK", "text/html"),
            ("https://gazette.example/logo.png", b"\x89PNG", "200 OK", "image/png"),
            ("https://gazette.example/gone", b"gone", "404 Not Found", "text/html"),
        ):
            head = StatusAndHeaders(
                status, [("Content-Type", content_type), ("X-Crawl-Content-Encoding", "gzip")], "HTTP/1.1"
            )
            made = writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": DAY},
            )
            writer.write_record(made)
            writer.write_record(
                writer.create_warc_record(url, "request", payload=BytesIO(b"GET / HTTP/1.1\r\n\r\n"))
            )

    told = take_in(newsarchive, path)

    assert told["outcomes"]["stored"] == 1
    assert sum(told["outcomes"].values()) == 2
    assert told["passed_over"] == {"no_page": 2}
    with newsarchive.archive() as archive:
        item = archive.article_by_url(FERRY)
        assert item is not None
        assert item.source == "courier-example"
        assert item.fetched_at == item.first_seen_at == dt.datetime(2026, 2, 1, 9, 30, tzinfo=dt.UTC)
        raw = archive.raw(item.id)
        assert raw is not None
        assert raw.content() == story("The ferry")
        assert raw.header("X-Crawl-Content-Encoding") == "gzip"
        entry = archive.why(FERRY)
        assert entry is not None
        assert entry.announced_by == ("import:CC-NEWS.warc.gz",)
    [own] = newsarchive.captures.glob("imported/*.warc.gz")
    assert len(list(responses(own))) == 2
    assert b"WARC-Type: request" not in gzip.decompress(own.read_bytes()), "no request is made up"
    assert newsarchive.problems() == []

    again = take_in(newsarchive, path)
    assert (again["outcomes"], again["passed_over"]) == ({}, {"no_page": 2, "known": 2})
    assert newsarchive.query("SELECT count(*) FROM version") == [(1,)]


@on_both_engines
def test_versions_stand_in_the_order_of_their_time(newsarchive: Command) -> None:
    march, january, may = (f"2026-0{month}-01T00:00:00Z" for month in (3, 1, 5))
    path = warc(
        newsarchive.folder / "a.warc.gz",
        page(FERRY, "In March", date=march),
        page(FERRY, "In January", date=january),
        page(FERRY, "In May", date=may),
        page(FERRY, "In May", date="2026-04-01T00:00:00Z"),
        page(FERRY, "In March", date="2026-04-02T00:00:00Z"),
    )
    told = take_in(newsarchive, path, "-s", "ARCHIVE_READERS=1")
    assert sum(told["outcomes"].values()) == 5
    found = newsarchive.query("SELECT headline FROM version ORDER BY number")
    assert [row[0] for row in found][:2] == ["In January", "In March"]
    assert found[-1] == ("In May",)
    times = newsarchive.query("SELECT fetched_at FROM version ORDER BY number")
    assert times == sorted(times)
    with newsarchive.archive() as archive:
        item = archive.article_by_url(FERRY)
        assert item is not None
        assert item.article.headline == "In May"
        assert item.first_seen_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        assert item.last_checked_at == dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    assert newsarchive.problems() == []


def test_pages_go_to_their_sources(newsarchive: Command) -> None:
    (newsarchive.folder / "sources.toml").write_text(
        '[sources.courier]\nname = "The Courier"\nhome_page = "https://courier.example/"\n'
        'exclude = ["/paid/"]\n'
        '[[sources.courier.overrides]]\nheadline = "title"\n'
    )
    path = warc(
        newsarchive.folder / "a.warc.gz",
        page(FERRY),
        page("https://courier.example/paid/offer", "An offer"),
        page("https://other.example/news/pier", "The pier"),
    )
    told = take_in(newsarchive, path, "--source", "courier")
    assert told["outcomes"] == {"stored": 1, "excluded": 1}
    assert told["passed_over"] == {"filtered": 1}
    assert newsarchive.query("SELECT source FROM ledger") == [("courier",)] * 2
    told = take_in(newsarchive, path)
    assert told["outcomes"] == {"stored": 1, "excluded": 1}
    assert sorted(newsarchive.query("SELECT source FROM articles")) == [("courier",), ("other-example",)]
    assert newsarchive.run("import", path, "--source", "nobody").returncode == 2


def test_filters(newsarchive: Command) -> None:
    dated = story("Dated", head='<meta property="article:published_time" content="2025-12-24T10:00:00Z">')
    path = warc(
        newsarchive.folder / "a.warc.gz",
        page(FERRY),
        record("https://courier.example/dated", http(dated)),
        page("https://courier.example/early", "Early", date="2025-06-01T00:00:00Z"),
    )
    assert take_in(newsarchive, path, "--language", "ja")["passed_over"] == {"filtered": 3}
    assert take_in(newsarchive, path, "--since", "2026-01-01")["outcomes"] == {"stored": 1}
    told = take_in(newsarchive, path, "--until", "2025-12-31", "--language", "en", "--limit", 1)
    assert told["outcomes"] == {"stored": 1}
    assert len(newsarchive.query("SELECT 1 FROM url")) == 2


def test_what_is_whole_in_a_damaged_file_is_taken(newsarchive: Command) -> None:
    urls = [f"https://courier.example/news/{name}" for name in "abcd"]
    whole = [gzip.compress(page(url, f"Story {url[-1]}")) for url in urls]
    broken = bytearray(whole[1])
    broken[100:140] = bytes(40)
    path = newsarchive.folder / "broken.warc.gz"
    bomb = gzip.compress(record("https://courier.example/bomb", http(b"<p>" + bytes(80 * 1024**2))))
    inner = gzip.compress(b"<html>" + bytes(40 * 1024**2))
    packed_bomb = gzip.compress(
        record("https://courier.example/inner", http(inner, "Content-Encoding: gzip"))
    )
    lying = gzip.compress(page("https://courier.example/lying", length=10**12))
    undated = gzip.compress(page("https://courier.example/undated", date="yesterday"))
    path.write_bytes(
        b"".join(
            (whole[0], broken, bomb, packed_bomb, lying, undated, whole[2], whole[3][: len(whole[3]) // 2])
        )
    )
    told = take_in(newsarchive, path, code=1)
    assert told["outcomes"] == {"stored": 2, "too_large": 1}
    assert len(told["flaws"]) == 5
    for word in ("unpacked", "larger than 64 MiB", "larger than any page", "torn", "no address, date"):
        assert any(word in flaw for flaw in told["flaws"]), told["flaws"]
    assert {row[0] for row in newsarchive.query("SELECT headline FROM articles")} == {"Story a", "Story c"}
    assert newsarchive.problems() == []


def test_bodies_as_crawlers_leave_them(newsarchive: Command) -> None:
    """In chunks, packed, and called packed though they are not; in a file that is not packed at all."""
    body = story("The ferry")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:200], body[200:])) + b"0\r\n\r\n"
    path = newsarchive.folder / "plain.warc"
    path.write_bytes(
        record("https://a.example/chunks", http(chunks, "Transfer-Encoding: chunked"))
        + record("https://b.example/packed", http(gzip.compress(body), "Content-Encoding: gzip"))
        + record("https://c.example/lying", http(body, "Content-Encoding: br"))
    )
    assert take_in(newsarchive, path)["outcomes"] == {"stored": 3}
    with newsarchive.archive() as archive:
        for number in (1, 2, 3):
            raw = archive.raw(number)
            assert raw is not None
            assert raw.content() == body
    assert newsarchive.problems() == []


def test_what_is_no_such_file_is_said_at_once(newsarchive: Command) -> None:
    path = newsarchive.folder / "a.html"
    path.write_text("<html>")
    done = newsarchive.run("import", path, "--database", "none.db")
    assert done.returncode == 2
    assert "a.html is no WARC file" in done.stderr
    assert newsarchive.run("import", "missing.warc.gz", "--database", "none.db").returncode == 2
    assert not (newsarchive.folder / "none.db").exists()


def test_saved_pages(newsarchive: Command) -> None:
    (newsarchive.folder / "ferry.html.gz").write_bytes(gzip.compress(story("The ferry")))
    (newsarchive.folder / "pier.html").write_bytes(story("The pier"))
    lines = [
        {"url": FERRY, "path": "ferry.html.gz", "fetched_at": "2026-02-01T10:30:00+01:00"},
        {"url": "https://courier.example/pier", "path": "pier.html", "content_type": "text/html"},
        {"url": "https://courier.example/lost", "path": "lost.html"},
        {"path": "pier.html"},
        {"url": FERRY, "path": "pier.html", "fetched_at": "soon"},
    ]
    path = newsarchive.folder / "urls.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    told = take_in(newsarchive, path, code=1)
    assert told["outcomes"] == {"stored": 2}
    assert [flaw.partition(", ")[2].partition(":")[0] for flaw in told["flaws"]] == [
        "line 3",
        "line 4",
        "line 5",
    ]
    with newsarchive.archive() as archive:
        item = archive.article_by_url(FERRY)
        assert item is not None
        assert item.fetched_at == dt.datetime(2026, 2, 1, 9, 30, tzinfo=dt.UTC)
    assert take_in(newsarchive, path, code=1)["passed_over"] == {"known": 2}
    assert newsarchive.problems() == []


@on_both_engines
def test_killed_and_run_again_it_goes_on(newsarchive: Command) -> None:
    number = 80
    pages = (page(f"https://courier.example/news/{n}", f"Story {n}") for n in range(number))
    path = warc(newsarchive.folder / "a.warc.gz", *pages)
    for goal in (1, 15, 30):
        with newsarchive.started("import", path) as process:
            latest = time.monotonic() + 60
            while _stored(newsarchive) < goal and not process.has_ended and time.monotonic() < latest:
                time.sleep(0.003)
            process.kill()
            assert process.wait(60) == -signal.SIGKILL
    done = _stored(newsarchive)
    assert 30 <= done < number
    told = take_in(newsarchive, path)
    assert told["outcomes"]["stored"] + done == number
    assert newsarchive.query("SELECT count(*), count(DISTINCT url) FROM capture") == [(number, number)]
    assert newsarchive.query("SELECT count(*), sum(number) FROM version") == [(number, number)]
    assert newsarchive.problems() == []


def _stored(command: Command) -> int:
    return len(command.query("SELECT id FROM version"))
