"""What publishers reserve: found wherever it may stand, recorded, obeyed where a setting says so."""

from __future__ import annotations

import gzip
import sqlite3

import pytest

from crawler.fetching.reservations import Reservation, head, reservations
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


def test_the_head_of_a_packed_page() -> None:
    assert head(gzip.compress(b"<meta name=robots>" + b"x" * 10**6), "gzip").startswith(b"<meta name=robots>")
    assert head(b"no gzip", "gzip") == b""


def test_recorded_and_obeyed_on_demand(newsarchive: Command) -> None:
    with Site() as site:
        tag = '<meta name="robots" content="noarchive">'
        urls = [
            site.serve("/news/kept", story("Kept")),
            site.serve("/news/tag", story("By a tag", head=tag)),
            site.serve("/news/header", story("By a header"), headers={**HTML, "TDM-Reservation": "1"}),
        ]
        assert newsarchive.crawl(*urls)["outcomes"] == {"stored": 3}
        with sqlite3.connect(newsarchive.database) as connection:
            rows = dict(connection.execute("SELECT url, reservations FROM capture").fetchall())
        assert rows == dict(zip(urls, [None, '["noarchive"]', '["tdm-reservation"]'], strict=True))

        other = Command(newsarchive.folder / "obeying")
        other.folder.mkdir()
        obey = ("-s", "ARCHIVE_OBEY_NOARCHIVE=1", "-s", "ARCHIVE_OBEY_TDM=1")
        assert other.crawl(*urls, *obey)["outcomes"] == {"excluded": 2, "stored": 1}
        with sqlite3.connect(other.database) as connection:
            assert connection.execute("SELECT count(*) FROM capture").fetchone() == (1,)
            details = connection.execute(
                "SELECT detail FROM url WHERE outcome = 'excluded' ORDER BY url"
            ).fetchall()
        assert details == [
            ("its publisher reserves it: tdm-reservation",),
            ("its publisher reserves it: noarchive",),
        ]
