"""What a person sets with `-s NAME=VALUE`, checked against what there is to set. Needs no Scrapy."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any

from crawler import settings
from crawler.errors import UsageError
from crawler.settings import is_on

OURS = "ARCHIVE_"  # how the names of our settings begin
SWITCHED_OFF = ("", "0", "false", "no", "off")


def own_settings(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Our settings with `overrides` on top, for who needs none of Scrapy's; UsageError as `checked`."""
    known = {name: value for name, value in vars(settings).items() if name.isupper()}
    return {**known, **{name: checked(name, value, known) for name, value in overrides.items()}}


def checked(name: str, value: Any, known: Mapping[Any, Any]) -> Any:
    """`value` if it is of the kind that the setting's default in `known` is; else UsageError."""
    if name.startswith(OURS) and name not in known:
        near = get_close_matches(name, [one for one in known if one.startswith(OURS)], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"-s {name}: there is no such setting{hint}")
    default = known.get(name)
    if isinstance(value, str) and isinstance(default, bool):
        if not is_on(value) and value.lower() not in SWITCHED_OFF:
            raise UsageError(f"-s {name}={value}: write 1 or 0")
        return is_on(value)
    if isinstance(value, str) and isinstance(default, int | float):
        return _number(name, value)
    return value


def _number(name: str, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"-s {name}={text}: write a number") from None
    if not isfinite(number) or (name.startswith(OURS) and number < 0):
        raise UsageError(f"-s {name}={text}: write a number from 0 on")
    return int(number) if number.is_integer() else number
