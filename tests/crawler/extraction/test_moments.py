"""Dates and times in running text."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extraction.moments import _FORMS, Reader, _plain, read_moments

BERLIN = ZoneInfo("Europe/Berlin")
EARLIEST, LATEST = (dt.datetime.combine(dt.date(year, 1, 1), dt.time()) for year in (1950, 2090))


def read(
    text: str, language: str | None = "en", *, zone: dt.tzinfo | None = BERLIN, month_first: bool = False
) -> list[str]:
    reader = Reader(language=language, month_first=month_first, zone=zone)
    return [reading.value.isoformat() for reading in read_moments(text, reader)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # As programs write them.
        ("2026-05-03T15:47:42.389000+00:00", None, "2026-05-03T15:47:42+00:00"),
        ("2026-05-03T15:47:42.000+0200", None, "2026-05-03T15:47:42+02:00"),
        ("2026-05-03 15:47:42 +01:00", None, "2026-05-03T15:47:42+01:00"),
        ("2026-05-03T15:47:42Z", None, "2026-05-03T15:47:42+00:00"),
        ("2026-05-03T15:47:42", None, "2026-05-03T15:47:42+02:00"),
        ("20260503T154742Z", None, "2026-05-03T15:47:42+00:00"),
        ("2026-05-03", None, "2026-05-03"),
        ("Sun, 03 May 2026 15:47:42 GMT", None, "2026-05-03T15:47:42+00:00"),
        ("Sun May 03 2026 15:47:42 GMT+0200 (CEST)", None, "2026-05-03T15:47:42+02:00"),
        ("1777823262", None, "2026-05-03T15:47:42+00:00"),
        ("1777823262000", None, "2026-05-03T15:47:42+00:00"),
        # As people do.
        ("May 3, 2026 3:47 pm ET", "en", "2026-05-03T15:47:00-04:00"),
        ("3rd of May, 2026", "en", "2026-05-03"),
        ("Published 15:47, 3 May 2026", "en", "2026-05-03T15:47:00+02:00"),
        ("3 May 2026 at 12:10 am", "en", "2026-05-03T00:10:00+02:00"),
        ("Stand: 03.05.2026 15:47 Uhr", "de", "2026-05-03T15:47:00+02:00"),
        ("3. Mai 2026, 15.47 Uhr", "de", "2026-05-03T15:47:00+02:00"),
        ("03.05.26, 8 Uhr", "de", "2026-05-03T08:00:00+02:00"),
        ("Publié le 3 mai 2026 à 15h47", "fr", "2026-05-03T15:47:00+02:00"),
        ("3 de mayo de 2026 a las 15:47", "es", "2026-05-03T15:47:00+02:00"),
        ("3 de maio de 2026 às 15h47", "pt", "2026-05-03T15:47:00+02:00"),
        ("3 maggio 2026, ore 15:47", "it", "2026-05-03T15:47:00+02:00"),
        ("3 mei 2026 om 15:47", "nl", "2026-05-03T15:47:00+02:00"),
        ("Publicerad 3 maj 2026 kl 15.47", "sv", "2026-05-03T15:47:00+02:00"),
        ("3. mai 2026 kl. 15:47", "no", "2026-05-03T15:47:00+02:00"),
        ("3 maja 2026", "pl", "2026-05-03"),
        ("3 Mayıs 2026 Pazar 15:47", "tr", "2026-05-03T15:47:00+02:00"),
        ("3 мая 2026, 15:47", "ru", "2026-05-03T15:47:00+02:00"),
        ("2026. május 3. 15:47", "hu", "2026-05-03T15:47:00+02:00"),
        ("3. května 2026", "cs", "2026-05-03"),
        ("2026年5月3日(日) 15時47分", "ja", "2026-05-03T15:47:00+02:00"),
        ("２０２６年５月３日", "ja", "2026-05-03"),
        ("2026.05.03 15:47", "ko", "2026-05-03T15:47:00+02:00"),
        ("입력 2026년 5월 3일 오후 3:47", "ko", "2026-05-03T15:47:00+02:00"),
        ("3 مايو 2026", "ar", "2026-05-03"),
        ("٣ مايو ٢٠٢٦", "ar", "2026-05-03"),
        ("3 พฤษภาคม 2569", "th", "2026-05-03"),
        ("3 tháng 5, 2026", "vi", "2026-05-03"),
        # Without the page's word for its language.
        ("25. ledna 2026", None, "2026-01-25"),
        ("19. Januar 2026", None, "2026-01-19"),
    ],
)
def test_one_date(text: str, language: str | None, expected: str) -> None:
    assert read(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("06/01/2026", False, "2026-01-06"),
        ("06/01/2026", True, "2026-06-01"),
        ("26/01/2026", True, "2026-01-26"),
        ("06.01.2026", True, "2026-01-06"),
    ],
)
def test_the_order_of_figures(text: str, *, month_first: bool, expected: str) -> None:
    assert read(text, month_first=month_first) == [expected]


def test_figures_that_would_lie_in_the_future_are_read_the_other_way() -> None:
    reader = Reader(language="en", month_first=True, latest=dt.date(2026, 3, 1))
    (reading,) = read_moments("06/01/2026", reader)
    assert reading.value == dt.date(2026, 1, 6)


def test_without_a_zone_a_time_is_a_day() -> None:
    assert read("3 May 2026, 15:47", zone=None) == ["2026-05-03"]
    assert read("3 May 2026, 15:47 UTC", zone=None) == ["2026-05-03T15:47:00+00:00"]


def test_several_in_a_line() -> None:
    line = "Publié le 3 mai 2026 à 15h47, modifié le 4 mai 2026 à 08h10"
    assert read(line, "fr") == ["2026-05-03T15:47:00+02:00", "2026-05-04T08:10:00+02:00"]


def test_the_place_of_a_date() -> None:
    text = "am 3. Mai 2026 um 15:47 Uhr in Kiel"
    (reading,) = read_moments(text, Reader(language="de", zone=BERLIN))
    assert text[reading.start : reading.end] == "3. Mai 2026 um 15:47"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May",
        "5 January",
        "31.02.2026",
        "32 May 2026",
        "2026-13-01",
        "1234567",
        "3 minutes ago",
        "Page 3 of 2026",
        "1/2/3",
    ],
)
def test_no_date(text: str) -> None:
    assert read(text) == []


@given(st.datetimes(EARLIEST, LATEST, timezones=st.just(dt.UTC)))
def test_iso_texts_are_read_to_the_second(moment: dt.datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read(whole.isoformat(), zone=None) == [whole.isoformat()]


@given(
    st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 1, 1)),
    st.sampled_from(["%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y"]),
)
def test_days_are_read_as_they_are_written(day: dt.date, form: str) -> None:
    assert read(day.strftime(form)) == [day.isoformat()]


@given(st.text(alphabet="0123456789./-: TZ+amp時年月日", max_size=80))
def test_nothing_raises(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1/" * 50_000, "2026-" * 20_000, "12:" * 50_000, "May 3 " * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert len(read(text)) < 200


@pytest.mark.parametrize("form", range(len(_FORMS)))
def test_no_date_is_without_what_its_form_cannot_do_without(form: int) -> None:
    needed, pattern = _FORMS[form]

    @settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.from_regex(pattern))
    def matching(text: str) -> None:
        if pattern.search(_plain(text)):
            assert needed.search(_plain(text))

    matching()
