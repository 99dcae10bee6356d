"""The tables [[sources.SLUG.overrides]]: checked, each mistake with its place, and written again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from crawler.sources import checks
from crawler.sources.checks import Wrong
from crawler.sources.override import ELEMENT_FIELDS, FIELDS, Override

# What the words of a picture are looked for in.
_WITHIN_IMAGES = ("caption", "credit_line")


def value_selector(value: Any) -> str:
    """A selector for a text."""
    return _selector(value, wants_elements=False)


def element_selector(value: Any) -> str:
    """A selector for parts of the page."""
    return _selector(value, wants_elements=True)


# Every key of such a table with its check, in the order in which they are written.
KEYS: Mapping[str, Callable[[Any], Any]] = {
    "from": checks.day,
    "remove": checks.list_of(element_selector),
    **{name: element_selector if name in ELEMENT_FIELDS else value_selector for name in FIELDS},
}


def overrides(value: Any) -> tuple[Override, ...]:
    """The overrides of a source, the earliest first. Wrong says in which table and key the mistake is."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise Wrong(value, "overrides are tables, each under [[sources.SLUG.overrides]]")
    found: list[Override] = []
    for index, table in enumerate(value):
        override = _override(table, index)
        _check_order(found, override, index)
        found.append(override)
    return tuple(found)


def tables(found: tuple[Override, ...]) -> list[dict[str, Any]]:
    """`found` as the tables that they are read from; only the keys that say something."""
    return [
        {
            **({"from": one.valid_from} if one.valid_from else {}),
            **({"remove": one.remove} if one.remove else {}),
            **one.selectors,
        }
        for one in found
    ]


def _selector(value: Any, *, wants_elements: bool) -> str:
    selector = checks.text(value)
    from crawler.sources import selectors  # lxml is not needed for sources without overrides

    try:
        selectors.check(selector, wants_elements=wants_elements)
    except selectors.SelectorError as error:
        is_none = f"{checks.shown(selector)} is no selector that can be used here ({error})"
        raise Wrong(selector, f'{is_none}; write CSS, as "h1.title", or XPath, as "//h1[@id]"') from error
    return selector


def _override(table: dict[str, Any], index: int) -> Override:
    values = {key: _value(key, value, index) for key, value in table.items()}
    for key in _WITHIN_IMAGES:
        if key in values and "images" not in values:
            raise Wrong(None, "it is looked for in each of the images; write images, too", (index, key))
    return Override(valid_from=values.pop("from", None), **values)


def _value(key: str, value: Any, index: int) -> Any:
    place = (index, key)
    if key not in KEYS:
        remedy = checks.nearest(key, KEYS, f"the keys are {', '.join(KEYS)}")
        above = "the source's own keys stand above its overrides"
        raise Wrong(None, f"an override has no such key; {remedy}; {above}", place)
    try:
        return KEYS[key](value)
    except Wrong as error:
        raise Wrong(error.value, str(error), place) from error


def _check_order(before: list[Override], override: Override, index: int) -> None:
    if not before:
        return
    day, last = override.valid_from, before[-1].valid_from or dt.date.min
    if day is None:
        raise Wrong(None, "from is missing; only the first override holds from the beginning", (index,))
    if day <= last:
        remedy = "write the overrides in the order of their days"
        raise Wrong(None, f"{day} does not come after {last}; {remedy}", (index, "from"))
