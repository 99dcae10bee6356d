"""The forms in which feeds and sitemaps write dates, and what is none."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.dates import instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 07 Jan 2026 15:04:05 +0200", "2026-01-07T15:04:05+02:00"),
        ("Wednesday, 7 January 2026 15:04 EST", "2026-01-07T15:04:00-05:00"),
        ("07 Jan 26 15:04 GMT", "2026-01-07T15:04:00+00:00"),
        ("07 Jan 94 15:04 GMT", "1994-01-07T15:04:00+00:00"),
        ("Friday, 07-Jan-94 15:04:05 GMT", "1994-01-07T15:04:05+00:00"),
        ("7 Jan 2026", "2026-01-07T00:00:00+00:00"),
        ("Jan 7, 2026 3:04 PM", "2026-01-07T15:04:00+00:00"),
        ("Jan 7, 2026 12:04 AM", "2026-01-07T00:04:00+00:00"),
        ("January 7th, 2026", "2026-01-07T00:00:00+00:00"),
        ("Wed Jan  7 15:04:05 2026", "2026-01-07T15:04:05+00:00"),
        ("Wed Jan  7 15:04:05 PDT 2026", "2026-01-07T15:04:05-07:00"),
        ("Wed, 07 Jan 2026 15:04:05 GMT+0200", "2026-01-07T15:04:05+02:00"),
        ("Wed, 7 Jan 2026 9:04:05 -05:00", "2026-01-07T09:04:05-05:00"),
        ("Wed, 07 Jan 2026 24:00:00 GMT", "2026-01-08T00:00:00+00:00"),
        ("Wed, 07 Jan 2026 15:04:60 GMT", "2026-01-07T15:05:00+00:00"),
        ("2026-01-07", "2026-01-07T00:00:00+00:00"),
        ("2026-01", "2026-01-01T00:00:00+00:00"),
        ("20260107", "2026-01-07T00:00:00+00:00"),
        ("20260107150405", "2026-01-07T15:04:05+00:00"),
        ("2026-01-07 15:04:05", "2026-01-07T15:04:05+00:00"),
        ("2026-01-07T15:04:05Z", "2026-01-07T15:04:05+00:00"),
        ("2026-01-07t15:04:05z", "2026-01-07T15:04:05+00:00"),
        ("2026-01-07T15:04+0200", "2026-01-07T15:04:00+02:00"),
        ("2026-01-07T15:04:05 +0200", "2026-01-07T15:04:05+02:00"),
        ("2026-01-07T15:04:05.1234567+02:00", "2026-01-07T15:04:05.123456+02:00"),
        ("  2026-01-07T15:04:05+09:00\n", "2026-01-07T15:04:05+09:00"),
        ("2026/01/07 15:04:05 JST", "2026-01-07T15:04:05+09:00"),
        ("2026年1月7日 15:04", "2026-01-07T15:04:00+00:00"),
        ("2026. 1. 7. 15:04", "2026-01-07T15:04:00+00:00"),
        ("Mi, 07 Okt 2026 15:04:05 +0200", "2026-10-07T15:04:05+02:00"),
        ("mer., 07 août 2026 15:04:05 +0200", "2026-08-07T15:04:05+02:00"),
        ("7 juin 2026, 15h04", "2026-06-07T15:04:00+00:00"),
        ("7 juillet 2026", "2026-07-07T00:00:00+00:00"),
        ("7 de enero de 2026 15:04", "2026-01-07T15:04:00+00:00"),
        ("1767798245", "2026-01-07T15:04:05+00:00"),
        ("1767798245000", "2026-01-07T15:04:05+00:00"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    found = instant(text)
    assert found is not None
    assert found == dt.datetime.fromisoformat(expected)
    assert found.utcoffset() == dt.datetime.fromisoformat(expected).utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "2026",
        "31 Feb 2026",
        "2026-13-45",
        "2026-01-07T25:00:00Z",
        "01/02/2026 10:00",  # in which order?
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
        "9999-12-31T23:59:59Z",
        "2026-01-07T15:04:05+99:00",
        "-",
        "x" * 1000,
    ],
)
def test_what_is_no_date(text: str | None) -> None:
    assert instant(text) is None


moments = st.datetimes(
    min_value=dt.datetime(1700, 1, 1),  # noqa: DTZ001
    max_value=dt.datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))),
).map(lambda moment: moment.replace(microsecond=0))


@given(moments)
def test_what_is_written_is_read(moment: dt.datetime) -> None:
    assert instant(moment.isoformat()) == moment
    assert instant(format_datetime(moment)) == moment
    assert instant(moment.strftime("%A, %d %B %Y %H:%M:%S %z")) == moment
    assert instant(moment.strftime("%a %b %d %H:%M:%S %Y")) == moment.replace(tzinfo=dt.UTC)


@given(st.text(max_size=120) | st.from_regex(r"[0-9 /.:,TZ+-]{4,40}", fullmatch=True))
def test_any_text(text: str) -> None:
    found = instant(text)
    if found is not None:
        assert found.astimezone(dt.UTC).year > 1600
