"""When a source is to be crawled, where sources.toml says so: every so often, or at cron's times."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST = dt.timedelta(seconds=1)
LONGEST = dt.timedelta(days=366)
# crontab(5): 0 and 7 are Sunday. APScheduler counts from Monday, so numbers become names.
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIELDS = ("minute", "hour", "day", "month", "day_of_week")

_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd])")
_RANGE = re.compile(r"(?P<first>\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?|\*(?:/(?P<each>\d+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Every:
    """So often after the last look."""

    interval: dt.timedelta
    text: str
    # As it was written: "30m".

    def after(self, last: dt.datetime, zone: str | None) -> dt.datetime:
        """When to look again after a look at `last`."""
        return last + self.interval

    def __str__(self) -> str:
        return f"every {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cron:
    """At the times that a crontab expression names, by the clock of the source."""

    text: str
    # Five fields: minute, hour, day of the month, month, day of the week.

    def after(self, last: dt.datetime, zone: str | None) -> dt.datetime:
        """The first time after `last`."""
        found: dt.datetime | None = _trigger(self.text, zone).get_next_fire_time(
            None, last + dt.timedelta(microseconds=1)
        )
        return (found or last + LONGEST).astimezone(dt.UTC)

    def __str__(self) -> str:
        return f"cron {self.text}"


Timing = Every | Cron


def every(text: str) -> Every:
    """`text` as an interval; ValueError where it is none."""
    found = _INTERVAL.fullmatch(text.strip())
    if found is None:
        raise ValueError('write a number and its unit, as "90s", "30m", "6h" or "2d"')
    interval = dt.timedelta(seconds=int(found[1]) * UNITS[found[2]])
    if not SHORTEST <= interval <= LONGEST:
        raise ValueError("it is to be from 1s to 366d")
    return Every(interval=interval, text=found[0])


def cron(text: str) -> Cron:
    """`text` as a crontab expression; ValueError where it is none, or names a time that never comes."""
    written = " ".join(text.split())
    trigger = _trigger(written, None)
    if trigger.get_next_fire_time(None, dt.datetime(2024, 1, 1, tzinfo=dt.UTC)) is None:
        raise ValueError("that time never comes")
    return Cron(text=written)


def _trigger(text: str, zone: str | None) -> BaseTrigger:
    from apscheduler.triggers.combining import OrTrigger
    from apscheduler.triggers.cron import CronTrigger

    parts = text.lower().split(" ")
    if len(parts) != len(FIELDS):
        raise ValueError('write five fields: minute, hour, day, month and weekday, as "0 6 * * mon"')
    fields: dict[str, Any] = dict(zip(FIELDS, parts, strict=True))
    fields["day_of_week"] = weekdays(parts[4])
    where = ZoneInfo(zone) if zone else dt.UTC
    if parts[2].startswith("*") or parts[4].startswith("*"):
        return CronTrigger(timezone=where, **fields)
    # crontab(5): where both days are restricted, either suffices.
    by_date, by_weekday = {**fields, "day_of_week": "*"}, {**fields, "day": "*"}
    return OrTrigger([CronTrigger(timezone=where, **by_date), CronTrigger(timezone=where, **by_weekday)])


def weekdays(field: str) -> str:
    """cron's field of weekdays in names, which mean the same to everybody."""
    days = sorted({day for part in field.split(",") for day in _days(part)})
    return ",".join(WEEKDAYS[day] for day in days) if len(days) < 7 else "*"


def _days(part: str) -> list[int]:
    """The days (0: Sunday) of "*", "*/2", "mon", "1-5", "fri-sun", "0-6/2"."""
    found = _RANGE.fullmatch(part)
    if found is None:
        raise ValueError(f'"{part}" is no weekday; write them as "mon-fri" or "mon,thu"')
    if found["first"] is None:
        return list(range(0, 7, _step(found["each"])))
    first = _day(found["first"])
    last = _day(found["last"]) if found["last"] else (6 if found["step"] else first)
    if last < first:
        last += 7  # fri-mon
    return sorted({day % 7 for day in range(first, last + 1, _step(found["step"]))})


def _day(name: str) -> int:
    if name.isdecimal() and int(name) <= 7:
        return int(name)
    if name in WEEKDAYS:
        return WEEKDAYS.index(name)
    raise ValueError(f'"{name}" is no weekday; write mon, tue, wed, thu, fri, sat or sun')


def _step(text: str | None) -> int:
    if text is None:
        return 1
    if not int(text):
        raise ValueError("a step of 0 leads nowhere")
    return int(text)
