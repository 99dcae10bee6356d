"""Which clock a page means."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction.time_zones import BY_COUNTRY, BY_LANGUAGE, named_zone, zone_of

DAY = dt.datetime.combine(dt.date(2026, 7, 1), dt.time(12))


@pytest.mark.parametrize(
    ("text", "country", "hours"),
    [
        ("Z", None, 0),
        ("UTC", None, 0),
        ("GMT+1", None, 1),
        ("+0530", None, 5.5),
        ("-03:00", None, -3),
        ("CEST", None, 2),
        ("MESZ", None, 2),
        ("(JST)", None, 9),
        ("ET", None, -4),
        ("IST", None, 5.5),
        ("IST", "IE", 1),
        ("CST", "CN", 8),
    ],
)
def test_named_zones(text: str, country: str | None, hours: float) -> None:
    zone = named_zone(text, country)
    assert zone is not None
    assert zone.utcoffset(DAY) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "XYZ", "+99:00"])
def test_no_zone(text: str) -> None:
    assert named_zone(text) is None


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"time_zone": "Asia/Tokyo", "country": "DE", "url": "https://x.de/"}, "Asia/Tokyo"),
        ({"country": "AT", "url": "https://x.de/"}, "Europe/Vienna"),
        ({"url": "https://x.co.za/"}, "Africa/Johannesburg"),
        ({"language": "ja", "url": "https://x.com/"}, "Asia/Tokyo"),
        ({"time_zone": "Mars/Olympus", "url": "https://x.pl/"}, "Europe/Warsaw"),
        ({"language": "en", "url": "https://x.com/"}, None),
        ({"country": "US", "url": "https://x.com/"}, None),
        ({"url": "http://["}, None),
    ],
)
def test_the_clock_of_a_page(known: dict[str, str], name: str | None) -> None:
    given = {"time_zone": None, "country": None, "language": None, **known}
    zone = zone_of(**given)  # type: ignore[arg-type]
    assert zone == (ZoneInfo(name) if name else None)


def test_every_zone_of_the_tables_exists() -> None:
    for name in {*BY_COUNTRY.values(), *BY_LANGUAGE.values()}:
        ZoneInfo(name)
