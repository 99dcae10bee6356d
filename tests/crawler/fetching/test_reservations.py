"""What publishers reserve: found wherever it may stand, recorded, obeyed where a setting says so."""

from __future__ import annotations

import gzip
import io
import json
import random
import zlib

import pytest
from sqlalchemy import select

from crawler.fetching.reservations import PIECE, Reservation, head, reservations
from crawler.fetching.tdmrep import PLACE, is_reserved, rules
from storage.models import capture
from tests.command import Command
from tests.site import HTML, Site, story

NOARCHIVE, TDM = Reservation.NOARCHIVE, Reservation.TDM


@pytest.mark.parametrize(
    ("headers", "page", "found"),
    [
        ({}, b"<meta name=robots content='index, NOARCHIVE'>", (NOARCHIVE,)),
        ({}, b'<META content="noarchive" NAME="Robots"/>', (NOARCHIVE,)),
        ({}, b'<meta name="newsarchive" content="noarchive">', (NOARCHIVE,)),
        ({}, b'<meta name="googlebot" content="noarchive">', ()),
        ({}, b'<meta name="robots" content="noindex">', ()),
        ({"x-robots-tag": ["noarchive, nofollow"]}, b"", (NOARCHIVE,)),
        ({"x-robots-tag": ["nofollow", "newsarchive: noarchive"]}, b"", (NOARCHIVE,)),
        ({"x-robots-tag": ["googlebot: noarchive"]}, b"", ()),
        ({"x-robots-tag": ["unavailable_after: 25 Jun 2027 15:00:00 PST, noarchive"]}, b"", (NOARCHIVE,)),
        ({}, b'<META NAME="TDM-RESERVATION" CONTENT="1">', (TDM,)),
        ({}, b'<meta name="NewsArchive" content="noarchive">', (NOARCHIVE,)),
        ({"tdm-reservation": ["1"]}, b"", (TDM,)),
        ({"tdm-reservation": ["0"]}, b"", ()),
        (
            {},
            b'<meta name="tdm-reservation" content="1"><meta name=robots content=noarchive>',
            (NOARCHIVE, TDM),
        ),
        ({}, b"<meta" * 1000, ()),
    ],
)
def test_where_it_stands(headers: dict[str, list[str]], page: bytes, found: tuple[Reservation, ...]) -> None:
    assert reservations(headers, page) == found


@pytest.mark.parametrize(
    ("location", "path", "named"),
    [
        ("/", "/any", True),
        ("/news", "/news/1", True),
        ("/news", "/newsroom", True),  # as in robots.txt
        ("/news/", "/news", False),
        ("/*/premium", "/news/premium/1", True),
        ("/*/premium$", "/news/premium/1", False),
        ("/*.pdf$", "/a/b.pdf", True),
        ("/a*b*$", "/a-b-c", True),
        ("/a$", "/a", True),
        ("/ab*b$", "/ab", False),
        ("/a?page=*", "/a?page=2", True),
        ("*", "/", True),
        ("", "/", True),
        ("/foo-%24", "/foo-$", True),
        ("/foo-$", "/foo-$", False),
        ("/%7Ejane", "/~jane", True),
        ("/~jane", "/%7ejane", True),
        ("/a%2fb", "/a%2Fb", True),
        ("/a%2Fb", "/a/b", False),
    ],
)
def test_which_paths_a_rule_of_tdmrep_names(location: str, path: str, named: bool) -> None:
    found = rules(json.dumps([{"location": location, "tdm-reservation": 1}]).encode())
    assert is_reserved(found, f"https://e.org{path}") is (True if named else None)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"{}", b"[1, null, {}]", b'[{"location": 1, "tdm-reservation": 1}]', b"[" * 100_000],
)
def test_a_tdmrep_file_that_cannot_be_read_reserves_nothing(body: bytes) -> None:
    assert rules(body) == ()


def test_the_first_rule_counts_unless_the_page_speaks_for_itself() -> None:
    file = [{"location": "/free", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": "1"}]
    found = rules(json.dumps(file).encode())
    assert (is_reserved(found, "https://e.org/free/1"), is_reserved(found, "https://e.org")) == (False, True)
    assert reservations({}, b"", by_file=True) == (TDM,)
    assert reservations({"tdm-reservation": ["0"]}, b"", by_file=True) == ()
    tag = b'<meta name="tdm-reservation" content="%d">'
    assert reservations({"tdm-reservation": ["1"]}, tag % 0, by_file=True) == ()
    assert reservations({"tdm-reservation": ["0"]}, tag % 1, by_file=False) == (TDM,)


def test_the_head_of_a_packed_page() -> None:
    assert head(gzip.compress(b"<meta name=robots>" + b"x" * 10**6), "gzip").startswith(b"<meta name=robots>")
    assert head(b"no gzip", "gzip") == b""


def test_a_packed_head_is_the_same_however_it_is_packed() -> None:
    noise = random.Random(0).randbytes(3 * PIECE)  # it can hardly be packed
    page = b"<meta name=robots>" + noise.replace(b"<", b">") + b"</head><body>" + noise
    named = io.BytesIO()
    with gzip.GzipFile("page.html", "wb", fileobj=named) as file:  # says more in its header than most do
        file.write(page)
    whole = page.partition(b"</head")[0]
    assert head(gzip.compress(page), "gzip") == whole
    assert head(named.getvalue(), "x-gzip") == whole
    assert head(zlib.compress(page), "deflate") == whole
    assert head(page, "") == whole
    assert whole.startswith(torn := head(gzip.compress(page)[:PIECE], "gzip"))
    assert torn.startswith(b"<meta name=robots>")


def test_a_head_that_ends_where_a_piece_does() -> None:
    for length in range(PIECE - 40, PIECE + 40):
        text = b"x" * length
        assert head(gzip.compress(text + b"</head>" + text, compresslevel=0), "gzip") == text


def test_recorded_and_obeyed_on_demand(newsarchive: Command) -> None:
    with Site() as site:
        tag = '<meta name="robots" content="noarchive">'
        urls = [
            site.serve("/news/kept", story("Kept")),
            site.serve("/news/tag", story("By a tag", head=tag)),
            site.serve("/news/header", story("By a header"), headers={**HTML, "TDM-Reservation": "1"}),
        ]
        rules = [{"location": "/news/by-*", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
        site.serve(PLACE, json.dumps(rules).encode(), headers={"Content-Type": "application/json"})
        urls.append(site.serve("/news/by-file", story("By a file")))
        urls.append(
            site.serve("/news/by-itself", story("Free", head='<meta name="tdm-reservation" content="0">'))
        )
        assert newsarchive.crawl(*urls)["outcomes"] == {"stored": 5}
        assert site.asked.count(PLACE) == 1
        kept = sorted(newsarchive.query(select(capture.c.url, capture.c.reservations)))
        tdm = ["tdm-reservation"]
        assert kept == sorted(zip(urls, [None, ["noarchive"], tdm, tdm, None], strict=True))

        other = Command(newsarchive.folder / "obeying")
        other.folder.mkdir()
        obey = ("-s", "ARCHIVE_OBEY_NOARCHIVE=1", "-s", "ARCHIVE_OBEY_TDM=1")
        assert other.crawl(*urls, *obey)["outcomes"] == {"excluded": 3, "stored": 2}
        assert other.query("SELECT count(*) FROM capture") == [(2,)]
        details = other.query("SELECT detail FROM url WHERE outcome = 'excluded' ORDER BY url")
        assert details == [
            ("its publisher reserves it: tdm-reservation",),
            ("its publisher reserves it: tdm-reservation",),
            ("its publisher reserves it: noarchive",),
        ]
