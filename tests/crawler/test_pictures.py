"""Pictures as files: whole crawls over HTTP, by the command as it is installed."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import Newspaper
from storage.picture_files import PART
from tests.command import Command
from tests.databases import on_both_engines
from tests.site import XML, Behaviour, Site, answer, rss, story
from tests.some_pictures import SVG, bomb, figures, picture

JPEG = {"Content-Type": "image/jpeg"}
QUICK = ("-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_TIMES=0")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        yield served


def _source(command: Command, site: Site, *urls: str, pictures: str = "all") -> None:
    """A source whose feed names `urls`."""
    feed = site.serve("/feed", rss(*urls), headers=XML)
    (command.folder / "sources.toml").write_text(
        f'[sources.a]\nhome_page = "{site.url}/"\nfeeds = ["{feed}"]\npictures = "{pictures}"\n'
    )


def _page(site: Site, path: str, *pictures: str, headline: str = "The harbour at dawn") -> str:
    shown = figures(*pictures).encode()
    return site.serve(path, story(headline).replace(b"</h1>", b"</h1>" + shown))


COLUMNS = "image_url", "file", "file_detail", "media_type", "width", "height"


def _captions(command: Command) -> dict[str, dict[str, Any]]:
    """The rows of the view by the address of the picture."""
    found = command.query(f"SELECT {', '.join(COLUMNS)} FROM captions ORDER BY image_url")
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in found}


def _files(command: Command) -> list[Path]:
    return sorted(path for path in command.pictures.rglob("*") if path.is_file())


def _asked(site: Site) -> Counter[str]:
    return Counter(path for path in site.asked if path.startswith("/img/"))


@pytest.mark.parametrize(("pictures", "kept"), [("none", 0), ("lead", 1), ("all", 3)])
def test_a_source_says_which_pictures(site: Site, newsarchive: Command, pictures: str, kept: int) -> None:
    urls = [site.serve(f"/img/{n}.jpg", picture(seed=n), headers=JPEG) for n in range(3)]
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *urls), pictures=pictures)
    result = newsarchive.crawl("a")
    assert (result["outcomes"], result["pictures"]) == ({"stored": 1}, kept)
    assert list(_asked(site)) == [f"/img/{n}.jpg" for n in range(kept)]
    assert [row["file"] is not None for row in _captions(newsarchive).values()] == [
        n < kept for n in range(3)
    ]
    assert len(_files(newsarchive)) == kept
    assert newsarchive.problems() == []
    shown = "".join(newsarchive("show", "1").replace("│", "").split())
    for path in _files(newsarchive):
        assert f"{newsarchive.pictures.name}/{path.parent.name}/{path.name}" in shown


def test_what_is_said_to_be_a_picture_is_checked_to_be_one(site: Site, newsarchive: Command) -> None:
    """Each costs itself; the good ones, the article and the account are as without them."""
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /img/forbidden", headers={})
    good = picture(size=(80, 60))
    kept = {
        site.serve("/img/good.jpg", good, headers=JPEG): "image/jpeg",
        site.serve("/img/png-called.jpg", picture("PNG", seed=2), headers=JPEG): "image/png",
        site.serve("/img/no-type", picture("WEBP", seed=3), headers={}): "image/webp",
        site.serve("/img/again.jpg?w=2", good, headers={"Content-Type": "text/html"}): "image/jpeg",
        site.serve("/img/led", b"", 302, {"Location": f"{site.url}/img/target.gif"}): "image/gif",
        site.serve("/img/..%2f..%2f..%2fevil%00.jpg", picture(seed=4), headers=JPEG): "image/jpeg",
    }
    site.serve("/img/target.gif", picture("GIF", seed=5), headers=JPEG)
    failed = {
        site.serve("/img/page.jpg", b"<html><body>Sign in</body></html>", headers=JPEG): "no JPEG, PNG",
        site.serve("/img/broken-off.jpg", picture(seed=6)[:-900], headers=JPEG): "a broken picture",
        site.serve("/img/bomb.png", bomb(), headers={"Content-Type": "image/png"}): "pixels",
        site.serve("/img/program.jpg", SVG, headers={"Content-Type": "image/svg+xml"}): "no JPEG, PNG",
        site.serve("/img/large.jpg", picture("PNG", (300, 200)), headers=JPEG): "larger than",
        f"{site.url}/img/not-there.jpg": "HTTP 404",
        site.serve("/img/forbidden.jpg", good, headers=JPEG): "robots.txt forbids",
        site.serve("/img/nothing.jpg", b"", headers=JPEG): "no JPEG, PNG",
        site.serve("/img/to-a-file", b"", 302, {"Location": "file:///etc/passwd"}): "",
        "http://127.0.0.1:9/closed.jpg": "",
    }
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *kept, *failed))
    result = newsarchive.crawl("a", *QUICK, "-s", "ARCHIVE_PICTURE_MAXSIZE=100000")
    rows = _captions(newsarchive)
    assert set(rows) == {*kept, *failed}
    for url, media_type in kept.items():
        assert (rows[url]["media_type"], rows[url]["file_detail"]) == (media_type, None), url
    for url, reason in failed.items():
        assert rows[url]["file"] is None
        assert reason in rows[url]["file_detail"], (url, rows[url]["file_detail"])
    assert result["outcomes"] == {"stored": 1}
    assert (result["announced"], result["problems"], result["pictures"]) == (1, [], len(kept))
    same, again = f"{site.url}/img/good.jpg", f"{site.url}/img/again.jpg?w=2"
    assert rows[same]["file"] == rows[again]["file"]
    assert (rows[same]["width"], rows[same]["height"]) == (80, 60)
    files = _files(newsarchive)
    assert len(files) == len(kept) - 1
    assert {path.stem for path in files} == {hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    assert {str(path.relative_to(newsarchive.pictures)) for path in files} == {
        rows[url]["file"] for url in kept
    }
    assert sorted(p.name for p in newsarchive.folder.iterdir() if not p.name.startswith("archive.db")) == [
        newsarchive.captures.name,
        newsarchive.pictures.name,
        "sources.toml",
    ]
    assert newsarchive.problems() == []


def test_private_addresses_are_not_asked_for_pictures(site: Site, newsarchive: Command) -> None:
    """What an earlier crawl has left is wanted still; this one may not fetch it."""
    urls = [site.serve("/img/0.jpg", picture(), headers=JPEG)]
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *urls), pictures="none")
    newsarchive.crawl("a")
    _want_all(newsarchive)
    _source(newsarchive, site)
    newsarchive("crawl", "a", allow_private=False, code=1)
    assert not _asked(site)
    [row] = _captions(newsarchive).values()
    assert "127.0.0.1 is a private address" in row["file_detail"]


def _want_all(command: Command) -> None:
    command.query("UPDATE image SET file_state = 'wanted', file_detail = NULL, file_sha256 = NULL")


def test_articles_do_not_wait_for_their_pictures(site: Site, newsarchive: Command) -> None:
    """No picture is answered before every article was asked for."""
    articles = [f"/news/story-{n}" for n in range(120)]  # more than are under way at once

    def patient(body: bytes) -> Behaviour:
        def behave(handler: BaseHTTPRequestHandler) -> None:
            deadline = time.monotonic() + 40
            while not set(articles) <= set(site.asked) and time.monotonic() < deadline:
                time.sleep(0.05)
            answer(body if time.monotonic() < deadline else b"too late", headers=JPEG)(handler)

        return behave

    pages = []
    for n, path in enumerate(articles):
        url = site.behave(f"/img/{n}.jpg", patient(picture(seed=n)))
        pages.append(_page(site, path, url, headline=f"Harbour, day {n}"))
    _source(newsarchive, site, *pages)
    result = newsarchive.crawl("a", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=60")
    assert result["outcomes"] == {"stored": 120}
    assert result["pictures"] == 120, [row["file_detail"] for row in _captions(newsarchive).values()]


def test_a_killed_crawl_goes_on_where_it_stood_and_no_picture_is_fetched_twice(
    site: Site, newsarchive: Command
) -> None:
    def slow(body: bytes) -> Behaviour:
        def behave(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(0.1)
            answer(body, headers=JPEG)(handler)

        return behave

    pages = []
    for n in range(6):
        urls = [site.behave(f"/img/{n}-{k}.jpg", slow(picture(seed=5 * n + k))) for k in range(5)]
        pages.append(_page(site, f"/news/story-{n}", *urls, headline=f"Harbour, day {n}"))
    _source(newsarchive, site, *pages)
    chance = random.Random(3)
    for kill in range(3):
        with newsarchive.started("crawl", "a") as process:
            deadline = time.monotonic() + 60
            while len(_asked(site)) < 7 * (kill + 1) and time.monotonic() < deadline:
                time.sleep(chance.uniform(0.005, 0.05))
            process.kill()
            process.wait(60)
        for path in _files(newsarchive):
            half = path.name.startswith(PART)
            assert half or hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    assert len(_asked(site)) < 30, "all too late"
    newsarchive.crawl("a")
    assert all(row["file"] for row in _captions(newsarchive).values())
    assert len(_captions(newsarchive)) == len(_asked(site)) == 30
    assert [problem for problem in newsarchive.problems() if PART not in problem] == []
    # What was under way when a crawl was killed is asked for again, and nothing else is.
    assert sum(_asked(site).values()) <= 30 + 3 * 2
    before = _asked(site)
    assert newsarchive.crawl("a")["pictures"] == 0
    assert _asked(site) == before


@on_both_engines
def test_a_new_version_takes_the_file_that_is_there(site: Site, newsarchive: Command) -> None:
    urls = [site.serve(f"/img/{n}.jpg", picture(seed=n), headers=JPEG) for n in range(2)]
    page = _page(site, "/news/harbour-at-dawn", urls[0])
    _source(newsarchive, site, page)
    newsarchive.crawl("a")
    _page(site, "/news/harbour-at-dawn", *urls, headline="The harbour at noon")
    newsarchive("crawl", page)
    assert dict(_asked(site)) == {"/img/0.jpg": 1, "/img/1.jpg": 1}
    with newsarchive.archive() as archive:
        item = archive.article_by_url(page)
    assert item is not None
    assert item.version == 2
    assert all(image.file_sha256 for image in item.article.images)


def test_a_folder_that_cannot_be_written_costs_no_article(site: Site, newsarchive: Command) -> None:
    urls = [site.serve(f"/img/{n}.jpg", picture(seed=n), headers=JPEG) for n in range(4)]
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *urls))
    (newsarchive.folder / "full").write_text("")
    done = newsarchive.run("crawl", "a", "-s", "ARCHIVE_PICTURES_FOLDER=full")
    assert "1 articles in the archive" in done.stdout
    assert "Traceback" not in done.stderr
    assert "pictures are left for the next crawl: cannot write to the folder of pictures full" in done.stderr
    assert newsarchive.crawl("a", "-s", "ARCHIVE_PICTURES_FOLDER=elsewhere")["pictures"] == 4
    assert len(list((newsarchive.folder / "elsewhere").glob("*/*.jpg"))) == 4
    shown = newsarchive("show", "1", "-s", "ARCHIVE_PICTURES_FOLDER=elsewhere")
    assert shown.count("elsewhere/") == 4


def test_ctrl_c_leaves_the_rest_for_the_next_crawl(site: Site, newsarchive: Command) -> None:
    def slow(body: bytes) -> Behaviour:
        def behave(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(0.3)
            answer(body, headers=JPEG)(handler)

        return behave

    urls = [site.behave(f"/img/{n}.jpg", slow(picture(seed=n))) for n in range(40)]
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *urls))
    process = subprocess.Popen(
        newsarchive.line("crawl", "a"),
        env=newsarchive.environment(),
        cwd=newsarchive.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(_asked(site)) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    states = dict(newsarchive.query("SELECT file_state, count(*) FROM image GROUP BY 1"))
    assert newsarchive.query("SELECT reason FROM run") == [("shutdown",)]
    assert set(states) == {"kept", "wanted"}
    assert states["wanted"] > 20


def test_dry_run_fetches_none(site: Site, newsarchive: Command) -> None:
    urls = [site.serve("/img/0.jpg", picture(), headers=JPEG)]
    _source(newsarchive, site, _page(site, "/news/harbour-at-dawn", *urls), pictures="none")
    newsarchive.crawl("a")
    _want_all(newsarchive)
    _source(newsarchive, site)
    newsarchive.crawl("a", "--dry-run")
    assert not _asked(site)
    assert not _files(newsarchive)


def test_the_newspaper_with_all_its_pictures(paper: Newspaper, newsarchive: Command) -> None:
    homes = [outlet.home_page for outlet in paper.outlets]
    (newsarchive.folder / "sources.toml").write_text(
        "".join(f'[sources.s{n}]\nhome_page = "{h}"\npictures = "all"\n' for n, h in enumerate(homes))
    )
    result = newsarchive.crawl("s0", "s1")
    rows = _captions(newsarchive)
    assert result["pictures"] == len(rows) > 40
    assert all(row["file"] for row in rows.values())
    assert newsarchive.problems() == []
    asked = Counter(request.path for request in paper.requests if request.path.startswith("/media/"))
    assert set(asked.values()) == {1}
