"""The dates of feeds and sitemaps, in the forms that publishers really write.

They order and filter what was announced; the article's own date is read from its page. So a bare day
is its midnight, a time without a zone is taken as UTC, and what cannot be read is None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache

MAX_LENGTH = 100  # characters; a longer text is no date

# Newspapers began in 1605; below are the zeros of other people's databases ("0001-01-01").
FIRST_YEAR = 1605
LAST_YEAR = 9998  # one day more must fit, in any zone
# RFC 2822, section 4.3, and what email.utils does with two digits.
CENTURY_TURN = 69

# Hours from UTC. "IST", "BST" and "CST" mean several; these are the ones that feeds mean.
ZONES: Mapping[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "MET": 1,
    "CEST": 2, "MESZ": 2, "MEST": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "TRT": 3, "PKT": 5,
    "IST": 5.5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4,
    "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4, "CLST": -3, "COT": -5, "PET": -5,
}  # fmt: skip

# The beginnings of month names: English, and the languages that feeds are localised to by mistake.
MONTHS = (
    "jan ene gen янв stycz",
    "feb fév fev фев lut",
    "mar mär mrz maa мар",
    "apr avr abr апр kwi",
    "may mai mei maj mag мая май",
    "jun juin giu июн cze",
    "jul juil lug июл lip",
    "aug ago aoû août авг sier",
    "sep set сен wrz",
    "oct okt out ott окт paź",
    "nov ноя lis",
    "dec dez dic déc des дек gru",
)
_MONTH_OF = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
_LONGEST = max(map(len, _MONTH_OF))

_CLOCK = re.compile(
    r"""(?<!\d)(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*
    (?P<half>[ap]\.?m\b)?\.?\s*
    (?:(?:GMT|UTC)(?=[+-]))?(?P<zone>[+-]\d{1,2}:?\d{2}\b|[+-]\d{1,2}\b|[a-z]{1,4}\b(?![+-]\d))?""",
    re.IGNORECASE | re.VERBOSE,
)
# "Wed, 02 Oct 2002", "02-Oct-02", "2 de octubre de 2002"
_DAY_FIRST = re.compile(
    r"""(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|\.|º|er)?[\s-]*(?:de\s+)?
    (?P<month>[^\W\d_]{3,12})\.?,?(?:\s+de)?[\s-]+(?P<year>\d{4}|\d{2})\b""",
    re.VERBOSE,
)
# "October 2nd, 2002", "Oct  2 15:00:00 PDT 2002"
_MONTH_FIRST = re.compile(
    r"""(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+
    (?:\d{1,2}:\S+\s+(?:[A-Z]{3,4}\s+)?)?(?P<year>\d{4})\b""",
    re.VERBOSE,
)
# "2002/10/02", "2002-10", "2002年10月2日"
_YEAR_FIRST = re.compile(
    r"""(?<!\d)(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})
    (?:\s?[-/.月월]\s?(?P<day>\d{1,2})[日일]?)?(?!\d)""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<clock>\d{6}).*)?$")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?$")


def instant(text: str | None) -> dt.datetime | None:
    """`text` as an aware datetime; a bare day is its midnight in UTC. None where it is no date."""
    cleaned = (text or "").strip()
    return _instant(cleaned) if 4 <= len(cleaned) <= MAX_LENGTH else None


@lru_cache(maxsize=1024)  # a sitemap has one date many times
def _instant(text: str) -> dt.datetime | None:
    try:
        found = _iso(text) or _epoch(text) or _digits(text) or _written(text)
    except (ValueError, OverflowError):
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _iso(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _epoch(text: str) -> dt.datetime | None:
    """Seconds (or milliseconds) since 1970."""
    found = _EPOCH.match(text)
    return dt.datetime.fromtimestamp(int(found[1]), dt.UTC) if found else None


def _digits(text: str) -> dt.datetime | None:
    """``20240102`` and ``20240102150405``."""
    found = _DIGITS.match(text)
    if not found:
        return None
    fields = (found["year"], found["month"], found["day"], *re.findall("..", found["clock"] or ""))
    return dt.datetime(*map(int, fields), tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


def _written(text: str) -> dt.datetime | None:
    """A day somewhere in `text`, and a time of day after or before it."""
    day, clock = _day(text), _CLOCK.search(text)
    if day is None:
        return None
    if clock is None:
        return dt.datetime.combine(day, dt.time(), dt.UTC)
    return dt.datetime.combine(day, dt.time(), _zone(clock)) + _time(clock)


def _day(text: str) -> dt.date | None:
    if found := _YEAR_FIRST.search(text):
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            if month := _month(found["month"]):
                return dt.date(_year(found["year"]), month, int(found["day"]))
    return None


def _month(word: str) -> int | None:
    """The month that a name or its short form begins like; the longest beginning counts."""
    lower = word.lower()
    return next((_MONTH_OF[lower[:n]] for n in range(_LONGEST, 2, -1) if lower[:n] in _MONTH_OF), None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= CENTURY_TURN else 2000)


def _time(clock: re.Match[str]) -> dt.timedelta:
    """What has passed since midnight; 24:00:00 is the next one, and a leap second the next minute."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(clock[0])
    return dt.timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(clock: re.Match[str]) -> dt.timezone:
    name = clock["zone"] or "Z"
    if name[0] not in "+-":
        return dt.timezone(dt.timedelta(hours=ZONES.get(name.upper(), 0)))
    digits = name[1:].replace(":", "").zfill(2)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return dt.timezone(-offset if name[0] == "-" else offset)
