"""every and cron in sources.toml: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from crawler.errors import SourcesError
from crawler.sources import timing
from crawler.sources.toml import parse, rendered

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("expression", "zone", "then"),
    [
        ("0 0 * * 0", None, "Sun 2026-11-29 00:00"),  # APScheduler's own reading: Monday
        ("0 0 * * 7", None, "Sun 2026-11-29 00:00"),
        ("0 0 * * 1", None, "Mon 2026-11-30 00:00"),
        ("0 6 * * mon", "Europe/Oslo", "Mon 2026-11-30 06:00"),
        ("0 6 * * 1-5", "Asia/Tokyo", "Wed 2026-11-25 06:00"),
        ("0 6 * * sat-mon", None, "Sat 2026-11-28 06:00"),
        ("0 0 * * */2", None, "Thu 2026-11-26 00:00"),  # Sunday, Tuesday, Thursday, Saturday
        ("*/15 * * * *", None, "Tue 2026-11-24 12:15"),
        ("0 6 1 * fri", None, "Fri 2026-11-27 06:00"),  # either day suffices, as in crontab(5)
        ("0 6 25 * fri", None, "Wed 2026-11-25 06:00"),
        ("30 4 1 JAN *", None, "Fri 2027-01-01 04:30"),
    ],
)
def test_cron(expression: str, zone: str | None, then: str) -> None:
    found = timing.cron(expression).after(NOW, zone)
    assert found.tzinfo is dt.UTC
    assert found.astimezone(ZoneInfo(zone or "UTC")).strftime("%a %Y-%m-%d %H:%M") == then
    assert timing.cron(expression).after(found, zone) > found


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("6h", 21_600), ("2 d", 172_800), ("366d", 31_622_400)]
)
def test_every(text: str, seconds: int) -> None:
    assert timing.every(text).after(NOW, None) - NOW == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('every = "30"', '"30m"'),
        ('every = "0s"', "from 1s to 366d"),
        ("every = 30", "write a text in quotes"),
        ('every = "999999d"', "from 1s to 366d"),
        ('cron = "0 6 * *"', "five fields"),
        ('cron = "0 6 * * 8"', "no weekday"),
        ('cron = "0 6 * * tues-day"', "no weekday"),
        ('cron = "61 6 * * *"', "61"),
        ('cron = "0 0 30 feb *"', "never comes"),
        ('cron = "0 0 * * mon/0"', "a step of 0"),
        ('every = "1h"\ncron = "0 6 * * *"', "remove one of them"),
    ],
)
def test_mistakes_name_line_key_and_remedy(line: str, words: str) -> None:
    text = f'[sources.a]\nhome_page = "https://a.org/"\n{line}\n'
    with pytest.raises(SourcesError) as caught:
        parse(text, "sources.toml")
    key = line.split()[-5 if "\n" in line else 0].partition("=")[0]
    assert words in str(caught.value)
    assert f"line {4 if chr(10) in line else 3}: sources.a.{'cron' if chr(10) in line else key}:" in str(
        caught.value
    )


def test_written_as_it_was_read() -> None:
    for line in ('every = "30m"', 'cron = "0 6 * * mon"'):
        text = f'[sources.a]\nname = "A"\nhome_page = "https://a.org/"\n{line}\n'
        [source] = parse(text, "sources.toml").values()
        assert rendered(source) == text
