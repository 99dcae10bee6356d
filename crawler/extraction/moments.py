"""Dates and times in running text, in the languages that news is written in. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.extraction import month_names
from crawler.extraction.time_zones import ABBREVIATIONS, named_zone


@dataclass(frozen=True, slots=True)
class Reader:
    """How a page writes its dates."""

    language: str | None = None
    # Primary subtag: "de".
    month_first: bool = False
    # 06/01 is June 1st.
    zone: dt.tzinfo | None = None
    # The clock of times that name none; without it they are days.
    country: str | None = None
    # What "CST" means: ISO 3166 alpha-2.
    latest: dt.date | None = None
    # No date is later: decides what 06/01 is where the usual order would make it one.


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as it was found in a text."""

    value: dt.datetime | dt.date
    # Aware, or a day.
    start: int
    end: int
    # Where it stands in the text.


# Month names that CLDR's tables lack: other spellings and abbreviations, other traditions.
_MORE_MONTHS = {
    **dict.fromkeys(("genn", "jänner", "كانون الثاني"), 1),
    **dict.fromkeys(("feber", "شباط"), 2),
    **dict.fromkeys(("mrz", "maerz", "آذار"), 3),
    **dict.fromkeys(("نيسان", "ابريل"), 4),
    **dict.fromkeys(("май", "мая", "أيار"), 5),
    "حزيران": 6,
    "تموز": 7,
    **dict.fromkeys(("آب", "اغسطس"), 8),
    **dict.fromkeys(("sept", "sett", "setiembre", "أيلول"), 9),
    "اكتوبر": 10,
}

_WORD = r"[^\s\d.,;:|/()\[\]\-–—]{2,20}"
_YEAR = r"(?:19|20)\d\d"
# Each form of a date, behind what it cannot do without: that is looked for in a twentieth of the time.
_FORMS = tuple(
    (re.compile(needed), re.compile(form, re.IGNORECASE))
    for needed, form in (
        # 2025-06-17, 2025/6/17, 2025. 5. 15., 2025年6月17日, 2025년 5월 15일
        (
            r"[0-9]{4}\s?[-./年년]",
            rf"(?<!\d)(?P<y>{_YEAR})\s?[-./年년]\s?(?P<m>\d{{1,2}})\s?[-./月월]\s?(?P<d>\d{{1,2}})(?!\d)\s?[日일]?",
        ),
        # 17.06.2025, 17/6/25, 17-06-2025
        (
            r"[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9]",
            rf"(?<![\d.])(?P<a>\d{{1,2}})\s?(?P<s>[./-])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?(?P<y>{_YEAR}|\d\d)(?![\d])",
        ),
        # 17. Juni 2025, 17 de junio de 2025, 17th of June, 2025, 17-Jun-2025
        (
            r"[0-9][^0-9]{2,40}[0-9]{4}",
            rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.|ος)?[\s-]?(?:de\s|of\s|d['’])?(?P<w>{_WORD})\.?,?[\s-]?"
            r"(?:del?\s|năm\s|г\.?\s)?(?P<y>(?:19|20|25)\d\d)(?!\d)",
        ),
        # June 17, 2025, Jun. 17th 2025
        (
            r"[0-9][^0-9]{1,4}[0-9]{4}",
            rf"(?P<w>{_WORD})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>{_YEAR})(?!\d)",
        ),
        # 2025. június 17., 2025 m. birželio 17
        (
            r"[0-9]{4}\.?\s[^0-9]{3,30}[0-9]",
            rf"(?<!\d)(?P<y>{_YEAR})\.?\s(?:m\.\s|gada\s)?(?P<w>{_WORD})\s(?P<d>\d{{1,2}})(?!\d)",
        ),
        # 17 tháng 6, 2025
        (
            r"[áÁ]",
            r"(?<!\d)(?P<d>\d{1,2})\s?tháng\s?(?P<m>\d{1,2}),?\s(?:năm\s)?(?P<y>20\d\d)(?!\d)",
        ),
        # 20250617T182400Z
        (
            r"[0-9]{8}",
            rf"(?<!\d)(?P<y>{_YEAR})(?P<m>\d\d)(?P<d>\d\d)(?=T\d{{4}}|T\d{{6}}|\b)",
        ),
    )
)
_ZONE_NAMES = "|".join(sorted(ABBREVIATIONS, key=len, reverse=True))
_TIME = (
    r"(?:(?P<pre>午前|午後|오전|오후|上午|下午|ΠΜ|ΜΜ)\s?)?"
    r"(?P<h>[01]?\d|2[0-4])"
    r"(?:\s?(?:[:.hH]|時|时|點|点|시|Uhr)\s?(?P<min>[0-5]\d)(?!\d)(?:\s?[:.分분]\s?(?P<sec>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s?[分분]?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|\s?(?P<half2>[ap])\.?\s?m\b\.?|\s?(?:Uhr|時|时|點|点|시|h)(?![^\W\d_]))"
    rf"(?:\s?\(?(?P<zone>(?:(?:{_ZONE_NAMES})(?![^\W\d_]))?\s?(?:[+\-−]\d{{1,2}}(?::?\d\d)?(?!\d))?)\)?)?"
)
_COMPACT_TIME = re.compile(
    r"T(?P<h>[01]\d|2[0-4])(?P<min>[0-5]\d)(?P<sec>[0-5]\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
# After a date: hardly more than "at", a comma, a weekday, but no other figure.
_TIME_AFTER = re.compile(rf"[^\d|]{{0,18}}?(?<!\d){_TIME}", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"(?<![\d.:/-]){_TIME}[^\d]{{0,14}}$", re.IGNORECASE)
_BEFORE = 36
_FIGURES = re.compile("[0-9][0-9]")
_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
_LATER_HALF = frozenset({"p", "午後", "오후", "下午", "ΜΜ"})

_LONGEST = 600
_BUDDHIST_ERA = 543


def read_moments(text: str, reader: Reader) -> list[Reading]:
    """Each date in `text` in its order, with its time where one stands beside it. Never raises."""
    text = _plain(text[:_LONGEST])
    if not _FIGURES.search(text):  # no form of a date does without
        return []
    if epoch := _EPOCH.fullmatch(text):
        return [Reading(dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC), 0, len(text))]
    found: list[Reading] = []
    taken = 0
    for match in sorted(_matches(text), key=lambda m: (m.start(), -m.end())):
        day = _day(match, reader) if match.start() >= taken else None
        if day is not None:
            reading = _with_time(text, match, day, reader, taken)
            found.append(reading)
            taken = reading.end
    return found


def _plain(text: str) -> str:
    """One character for one, so that places stay: every script's digits as 0-9, every space as a blank."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=2048)
def _plain_character(ch: str) -> str:
    if ch.isascii():
        return " " if ch.isspace() else ch
    digit = unicodedata.digit(ch, None)
    if digit is not None and unicodedata.category(ch) == "Nd":
        return str(digit)
    if ch.isspace():
        return " "
    narrow = unicodedata.normalize("NFKC", ch)
    return narrow if len(narrow) == 1 else ch


def _matches(text: str) -> Iterator[re.Match[str]]:
    for needed, form in _FORMS:
        if needed.search(text):
            yield from form.finditer(text)


def _day(match: re.Match[str], reader: Reader) -> dt.date | None:
    parts = match.groupdict()
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 2000 if year < 70 else 1900
    elif year > 2400:
        year -= _BUDDHIST_ERA
    if "a" in parts:
        month_first = reader.month_first and parts["s"] != "."
        return _from_figures(year, int(parts["a"]), int(parts["b"]), month_first, reader.latest)
    month = int(parts["m"]) if parts.get("m") else _month(parts.get("w") or "", reader.language)
    return _date(year, month, int(parts["d"])) if month else None


def _from_figures(
    year: int, one: int, other: int, month_first: bool, latest: dt.date | None
) -> dt.date | None:
    days = [_date(year, one, other), _date(year, other, one)]
    if not month_first:
        days.reverse()
    possible = [day for day in days if day is not None]
    return next((day for day in possible if latest is None or day <= latest), next(iter(possible), None))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _with_time(text: str, match: re.Match[str], day: dt.date, reader: Reader, taken: int) -> Reading:
    bare = Reading(day, match.start(), match.end())
    time = _COMPACT_TIME.match(text, match.end()) or _TIME_AFTER.match(text, match.end())
    if time is None:
        start = max(taken, match.start() - _BEFORE)
        time = _TIME_BEFORE.search(text, start, match.start())
    if time is None:
        return bare
    value = _instant(day, time, reader)
    begin, end = min(match.start(), time.start()), max(match.end(), time.end())
    end = begin + len(text[begin:end].rstrip())
    return Reading(value, begin, end) if value is not None else bare


def _instant(day: dt.date, time: re.Match[str], reader: Reader) -> dt.datetime | None:
    parts = time.groupdict()
    hour = int(parts["h"])
    half = (parts.get("half") or parts.get("half2") or parts.get("pre") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in _LATER_HALF or half.upper() in _LATER_HALF else 0)
    zone = named_zone(parts["zone"], reader.country) if (parts.get("zone") or "").strip() else reader.zone
    if hour > 23 or zone is None:
        return None
    clock = dt.time(hour, int(parts.get("min") or 0), int(parts.get("sec") or 0))
    return dt.datetime.combine(day, clock, zone)


def _month(word: str, language: str | None) -> int | None:
    """The number of the month that `word` names, in the page's language, in English, or in any."""
    folded = word.casefold().strip(".")
    known = month_names.in_language(language).get(folded) if language else None
    known = known or month_names.in_language("en").get(folded) or _MORE_MONTHS.get(folded)
    return known or month_names.in_any_language().get(folded)
