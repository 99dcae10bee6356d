"""What each key of a source may hold. A check returns the value as kept, or raises Wrong with the remedy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from crawler import language_tags

Choice = TypeVar("Choice", bound=StrEnum)

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_COUNTRY = re.compile(r"[A-Z]{2}")
_SHOWN = 60  # characters of a wrong value in a message


class Wrong(ValueError):  # noqa: N818 (it never leaves this package)
    """A value that may not stand there; the text says so and what to write instead."""

    def __init__(self, value: Any, message: str, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.value = value
        self.place = place  # below the key: the number of a table, a key in it


def text(value: Any) -> str:
    """Any text but an empty one."""
    if not isinstance(value, str):
        raise Wrong(value, f"{shown(value)} is {kind(value)}; write a text in quotes")
    if not value.strip():
        raise Wrong(value, "it is empty; write a text or remove the key")
    return value.strip()


def web_address(value: Any) -> str:
    """An absolute http or https address."""
    address = text(value)
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 (reading it checks it)
        good = (
            parts.scheme.lower() in ("http", "https")
            and bool(parts.hostname)
            and not re.search(r"\s", address)
        )
    except ValueError:
        good = False
    if not good:
        raise Wrong(value, f"{shown(value)} is no web address; write it in full, as https://example.org/")
    return address


def language(value: Any) -> str:
    """A BCP 47 tag."""
    written = text(value)
    found = language_tags.tag(written)
    if found is None or len(found) != len(written):
        raise Wrong(value, f'{shown(value)} is no language tag; write one as "en" or "pt-BR"')
    return found


def country(value: Any) -> str:
    """An ISO 3166-1 code of two letters."""
    code = text(value)
    if not _COUNTRY.fullmatch(code):
        raise Wrong(value, f'{shown(value)} is no country code; write two capital letters, as "NO"')
    return code


def time_zone(value: Any) -> str:
    """A zone of the IANA database."""
    name = text(value)
    zones = available_timezones()
    if name not in zones:
        remedy = nearest(name, zones, 'write one as "Europe/Oslo"')
        raise Wrong(name, f"{shown(name)} is no time zone; {remedy}")
    return name


def pattern(value: Any) -> str:
    """A regular expression."""
    expression = text(value)
    try:
        re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise Wrong(
            expression,
            f"{shown(expression)} is no regular expression ({error}); "
            "in single quotes a backslash stands for itself: '/\\d+/'",
        ) from error
    return expression


def switch(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(value, f"{shown(value)} is {kind(value)}; write true or false")
    return value


def whole_number(value: Any) -> int:
    """0, 1, 2 …"""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Wrong(value, f"{shown(value)} is no whole number from 0 on; write it without quotes, as 24")
    return value


def day(value: Any) -> dt.date:
    """A day."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Wrong(value, f"{shown(value)} is no day; write one without quotes, as 2026-03-01")
    return value


def one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    """A check for one of a few words."""

    def checked(value: Any) -> Choice:
        word = text(value)
        known = [choice.value for choice in choices]
        if word not in known:
            remedy = nearest(word, known, f"write one of {', '.join(map(shown, known))}")
            raise Wrong(value, f"{shown(word)} is not known; {remedy}")
        return choices(word)

    return checked


def list_of(check: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """A check for a list whose items `check` checks."""

    def checked(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise Wrong(value, f"{shown(value)} is {kind(value)}; write a list, in [ ]")
        return tuple(dict.fromkeys(check(item) for item in value))

    return checked


KINDS: Mapping[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def kind(value: Any) -> str:
    """What a person would call `value`."""
    return KINDS.get(type(value), "a date or time")


def shown(value: Any) -> str:
    """`value` on one short line."""
    line = f'"{value}"' if isinstance(value, str) and value.isprintable() else repr(value)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for a word that is not `known`: the nearest one that is, or else `otherwise`."""
    found = get_close_matches(word, known, n=1, cutoff=0.65)
    return f'did you mean "{found[0]}"?' if found else otherwise
