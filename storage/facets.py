"""What a search filters by, as words of the index: each version's source, language and day. Pure.

An engine that looks up a common word and one source's articles each by itself, and compares them one by one,
takes seconds for a million articles. As words of the same index both are one question. Facets only say which
articles may be meant; the rows decide (`storage.filters`).

A day is its number, in hexadecimal digits, and every beginning of it: "b48f1", "b48f", "b48", "b4", "b". So
any span of days is a few words, whatever its length (`days`), and fewer still where some days more do no harm
(`around`): an engine asks each word of the question about each answer.
"""

from __future__ import annotations

import datetime as dt
import re

MARK = "\ue000"  # no word of a text has it: `storage.words` takes it for white space
# What parts words in FTS5, or means something in a tsquery.
NOT_IN_A_TERM = re.compile(r"[\x00-/:-@\[-`{-\x7f]")
LONGEST = 100  # characters
DIGITS = 5
SIXTEENTH = 16  # so many times as many days have a digit less
FIRST_DAY, LAST_DAY = 0, 0xFFFFF  # a page may say any date, and "published in 9999" is one


def facets(slug: str, language: str | None, published: dt.date) -> list[str]:
    """The facets of a version; `published`: its UTC day, or that on which its article was first seen."""
    number = f"{day_number(published):0{DIGITS}x}"
    found = [source(slug), *(_day(number[:size]) for size in range(1, DIGITS + 1))]
    tag = (language or "").lower().split("-")
    return found + [in_language("-".join(tag[:size])) for size in range(1, len(tag) + 1) if language]


def source(slug: str) -> str:
    """The facet of all articles of a source."""
    return _term("s", slug)


def in_language(tag: str) -> str:
    """The facet of all articles in a language, its variants among them."""
    return _term("l", tag.lower())


def day_number(day: dt.date) -> int:
    """A day as the facets count; the last ones of the calendar are one."""
    return min(day.toordinal(), LAST_DAY)


def end_of(number: int) -> dt.datetime:
    """The last moment of a day."""
    return dt.datetime.combine(dt.date.fromordinal(max(1, number)), dt.time.max, dt.UTC)


def days(first: int, last: int) -> list[str]:
    """The facets that the days from `first` to `last` have between them, and no other day has."""
    found = []
    while first <= last:
        left_out, size = 0, 1  # digits at its end, and the days that begin with the others
        while left_out < DIGITS - 1 and first % (size * 16) == 0 and first + size * 16 - 1 <= last:
            left_out, size = left_out + 1, size * 16
        found.append(_day(f"{first // size:0{DIGITS - left_out}x}"))
        first += size
    return found


def around(first: int, last: int) -> list[str]:
    """The facets of these days; of a long span also those of some days before and after it."""
    grain = _grain(first, last, most=SIXTEENTH)
    return days(first - first % grain, min(LAST_DAY, last - last % grain + grain - 1))


def rounded(first: int, last: int) -> int:
    """A day not after `first`, so that what is from there to `last` has few facets."""
    return first - first % _grain(first, last, most=SIXTEENTH**2)


def _grain(first: int, last: int, *, most: int) -> int:
    """The largest power of 16 that is no more than half a span, and not more than `most`."""
    grain = 1
    while grain < most and last - first + 1 >= 2 * SIXTEENTH * grain:
        grain *= SIXTEENTH
    return grain


def _day(digits: str) -> str:
    return f"{MARK}d{digits}"


def _term(kind: str, value: str) -> str:
    clean = value.encode("utf-8", "replace").decode("utf-8")[:LONGEST].lower()
    return f"{MARK}{kind}{NOT_IN_A_TERM.sub(MARK, clean)}"
