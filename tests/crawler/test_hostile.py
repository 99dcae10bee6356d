"""A hostile or broken site costs its own pages, each with an outcome; the rest of the crawl is as ever."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from storage.records import Outcome
from storage.reports import LedgerEntry
from tests.command import Command
from tests.site import HTML, XML, Site, answer, rss, story

QUICK = ("-s", "DOWNLOAD_TIMEOUT=2", "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_MAXSIZE=1000000")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def _entry(command: Command, url: str) -> LedgerEntry:
    with command.archive() as archive:
        entry = archive.why(url)
    assert entry is not None
    return entry


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>and so on</p>" * 4096)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def _broken_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"<html><body>That is")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def _garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff\x16\x03\x01 no HTTP at all\r\n\r\n")
    handler.connection.shutdown(socket.SHUT_RDWR)


def _bomb() -> bytes:
    return gzip.compress(b"<html><body>" + b"<p>0</p>" * 5_000_000)


def test_each_bad_page_has_its_outcome_and_good_ones_are_kept(site: Site, newsarchive: Command) -> None:
    gzipped = {**HTML, "Content-Encoding": "gzip"}
    wanted = {
        site.serve("/good-news-from-the-harbour", story("Good news")): Outcome.STORED,
        site.serve("/announced-as-huge", b"x" * 1_200_000): Outcome.TOO_LARGE,
        site.behave("/endless-story", _endless): Outcome.TOO_LARGE,
        site.serve("/a-bomb-in-gzip", _bomb(), headers=gzipped): Outcome.TOO_LARGE,
        site.behave("/a-silent-server", _silent): Outcome.NETWORK_ERROR,
        site.behave("/broken-off-in-the-middle", _broken_off): Outcome.NETWORK_ERROR,
        site.behave("/garbage-for-http", _garbage): Outcome.NETWORK_ERROR,
        site.serve("/a-loop", b"", 302, {"Location": f"{site.url}/a-loop"}): Outcome.HTTP_ERROR,
        site.serve("/not-for-you", b"no", 403): Outcome.HTTP_ERROR,
        site.serve("/never-was", b"no", 404): Outcome.GONE,
        site.serve("/to-the-front", b"", 302, {"Location": f"{site.url}/"}): Outcome.GONE,
        site.serve("/to-a-file", b"", 302, {"Location": "file:///etc/passwd"}): Outcome.HTTP_ERROR,
        site.serve(
            "/really-a-picture", b"\x89PNG\r\n\x1a\n" + bytes(500), headers={"Content-Type": "image/png"}
        ): (Outcome.NOT_ARTICLE),
        site.serve("/empty-page", b""): Outcome.TOO_SHORT,
        site.serve("/control-characters", story("Bells \x07 and \x00 nulls \x1b[31m red")): Outcome.STORED,
        site.serve("/bad-gzip", b"\x1f\x8b not gzip at all", headers=gzipped): Outcome.EXTRACT_ERROR,
    }
    site.serve("/", story("Home"))
    feed = site.serve("/feed", rss(*wanted), headers=XML)

    result = newsarchive.crawl(feed, *QUICK)

    assert result["announced"] == sum(result["outcomes"].values()) == len(wanted)
    entries = {url: _entry(newsarchive, url) for url in wanted}
    wrong = {
        url: (entry.outcome, entry.detail)
        for url, entry in entries.items()
        if entry.outcome is not wanted[url]
        and not (entry.outcome is Outcome.NOT_ARTICLE and wanted[url] is Outcome.TOO_SHORT)
    }
    assert not wrong
    assert all(entry.detail for entry in entries.values() if entry.outcome is not Outcome.STORED)
    with newsarchive.archive() as archive:
        texts = "".join(item.article.body + (item.article.headline or "") for item in archive.articles())
    assert not {c for c in texts if ord(c) < 32} - {"\n"}


def test_a_failure_that_may_pass_is_tried_again_later(site: Site, newsarchive: Command) -> None:
    later = site.serve("/busy-today", b"wait", 429, {"Retry-After": "3600"})
    down = site.serve("/down-today", b"", 500)
    newsarchive.crawl(later, down, *QUICK)
    busy, broken = _entry(newsarchive, later), _entry(newsarchive, down)
    for entry, low, high in ((busy, 3500, 3700), (broken, 600, 1200)):
        assert entry.outcome is Outcome.HTTP_ERROR
        assert entry.next_fetch_at is not None
        assert entry.outcome_at is not None
        assert low < (entry.next_fetch_at - entry.outcome_at).total_seconds() < high


def test_retry_after_is_waited_for(site: Site, newsarchive: Command) -> None:
    times: list[float] = []

    def busy_once(handler: BaseHTTPRequestHandler) -> None:
        times.append(time.monotonic())
        first = len(times) == 1
        headers = {"Retry-After": "2"} if first else HTML
        answer(b"" if first else story("At last"), 503 if first else 200, headers)(handler)

    url = site.behave("/patience", busy_once)
    assert newsarchive.crawl(url)["outcomes"] == {"stored": 1}
    assert 2 <= times[1] - times[0] < 5


def test_a_page_that_takes_too_long_to_read_costs_itself(site: Site, newsarchive: Command) -> None:
    urls = [site.serve(f"/story-number-{n}", story(f"Story {n}")) for n in range(4)]
    result = newsarchive.crawl(*urls, "-s", "ARCHIVE_READ_SECONDS=0.001")
    assert result["outcomes"] == {"extract_error": 4}
    assert "took longer" in (_entry(newsarchive, urls[0]).detail or "")


def test_feeds_and_sitemaps_are_read_as_far_as_they_go(site: Site, newsarchive: Command) -> None:
    urls = [site.serve(f"/2026/11/{n:02}/a-story-of-the-harbour", story(f"Harbour {n}")) for n in range(1, 7)]
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>'.encode()
    lazy = rss(urls[1]).replace(b"<title>Feed", b"<title>&l11;")
    robots = ["/broken.xml", "/bomb.xml", "/loop.xml", "/torn.xml.gz", "/gone.xml", "/zip-bomb.xml.gz"]
    site.serve("/robots.txt", "\n".join(f"Sitemap: {site.url}{p}" for p in robots).encode())
    sitemap = "".join(f"<url><loc>{u}</loc><lastmod>2999-01-01</lastmod></url>" for u in urls[2:4])
    site.serve("/broken.xml", f"<urlset>{sitemap}<url><loc>http://[".encode(), headers=XML)
    site.serve("/bomb.xml", bomb + lazy, headers=XML)
    loop = "".join(f"<sitemap><loc>{site.url}{p}</loc></sitemap>" for p in ("/loop.xml", "/loop2.xml"))
    site.serve("/loop.xml", f"<sitemapindex>{loop}</sitemapindex>".encode(), headers=XML)
    site.serve("/loop2.xml", f"<sitemapindex>{loop}</sitemapindex>".encode(), headers=XML)
    whole = gzip.compress(f"<urlset><url><loc>{urls[4]}</loc></url>{' ' * 9999}</urlset>".encode(), 0)
    site.serve("/torn.xml.gz", whole[: len(whole) // 2], headers={"Content-Type": "application/gzip"})
    packed = zlib.compressobj(wbits=31)
    unfolding = b"".join(packed.compress(bytes(1 << 20)) for _ in range(300)) + packed.flush()
    site.serve("/zip-bomb.xml.gz", unfolding, headers={"Content-Type": "application/gzip"})
    page = "".join(
        f'<article><h2><a href="{u}">A long headline about the harbour</a></h2></article>' for u in urls[:1]
    )
    site.serve("/", f"<html lang=en><body><main>{page}</main></body></html>".encode())

    started = time.monotonic()
    result = newsarchive.crawl(f"{site.url}/", *QUICK, "--all")

    assert time.monotonic() - started < 60
    assert result["outcomes"].get("stored", 0) >= 4, result
    assert site.asked.count("/loop.xml") == site.asked.count("/loop2.xml") == 1


def test_a_flood_of_old_urls_is_written_down_and_left(site: Site, newsarchive: Command) -> None:
    number = 30_000
    old = "".join(
        f"<url><loc>{site.url}/old/{n}</loc><lastmod>2019-05-01</lastmod></url>" for n in range(number)
    )
    new = site.serve("/this-very-week-at-the-harbour", story("This week"))
    site.serve("/robots.txt", f"Sitemap: {site.url}/all.xml".encode())
    day = time.strftime("%Y-%m-%d", time.gmtime())
    site.serve(
        "/all.xml", f"<urlset>{old}<url><loc>{new}</loc><lastmod>{day}</lastmod></url></urlset>".encode()
    )
    site.serve("/", b"<html lang=en><body>Hello</body></html>")
    result = newsarchive.crawl(f"{site.url}/")
    assert result["announced"] == number + 1
    assert result["outcomes"] == {"pending": number, "stored": 1}
    assert result["left"] == number
    assert not [path for path in site.asked if path.startswith("/old/")]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "0.0.0.0"])
def test_private_addresses_are_refused(site: Site, newsarchive: Command, host: str) -> None:
    port = site.server.server_port
    url = f"http://{host}:{port}/a-story"
    site.serve("/a-story", story("Private"))
    done = newsarchive.run("crawl", url, "--json", allow_private=False)
    assert '"excluded": 1' in done.stdout, done.stdout + done.stderr
    assert not site.asked


def test_a_source_that_cannot_be_reached_is_a_failure(newsarchive: Command) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        home = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        done = newsarchive.run("crawl", home, *QUICK)
    assert done.returncode == 1
    assert "could not be reached" in done.stdout
    assert "Traceback" not in done.stderr
