"""Days and looks as the rules take them, out of objects of each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from storage.health.looks import KeptLook, Look, Looks
from storage.health.tally import COUNTS, Tally
from storage.health.usual import Days


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A source's day (UTC), as far as it was watched."""

    day: dt.date
    tally: Tally
    looks: int = 0
    # That were answered.
    blind_looks: int = 0
    longest_silence: dt.timedelta | None = None
    # That ended on that day.


def days_of(days: Iterable[Day]) -> Days:
    """These days."""
    days = tuple(days)
    return Days(
        day=[day.day for day in days],
        looks=[day.looks for day in days],
        counts={name: [getattr(day.tally, name) for day in days] for name in COUNTS},
    )


def looks_of(looks: Iterable[Look]) -> Looks:
    """These looks."""
    return Looks(
        [
            KeptLook(look.at.isoformat(), json.dumps(look.tally.as_json()), look.other_site or "")
            for look in looks
        ]
    )
