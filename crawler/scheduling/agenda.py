"""What is due when, and why then. Pure: what the archive knows goes in, appointments come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.scheduling.rhythm import Bounds, is_due
from crawler.sources import Source
from storage.agenda import SourceAgenda
from storage.sources import EndpointState

# So long a look for edits waits for a crawl that has other work, too.
RECHECKS_WAIT = dt.timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """How the scheduler is set."""

    bounds: Bounds = Bounds()  # noqa: RUF009 - frozen
    probe_days: float = 7
    # After which a home page is searched for endpoints again.
    rechecks: int = 200
    # Looks for edits of a source's articles in a day.

    @classmethod
    def of(cls, settings: Mapping[Any, Any]) -> Manners:
        """As the settings have it."""
        return cls(
            bounds=Bounds(
                shortest=dt.timedelta(minutes=float(settings["ARCHIVE_CHECK_MIN_MINUTES"])),
                longest=dt.timedelta(minutes=float(settings["ARCHIVE_CHECK_MAX_MINUTES"])),
            ),
            probe_days=float(settings["ARCHIVE_PROBE_DAYS"]),
            rechecks=int(settings["ARCHIVE_RECHECKS_A_DAY"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """When a source is crawled next."""

    slug: str
    at: dt.datetime | None
    # None: not before a person changes something.
    why: str
    endpoint: str | None = None
    # Which is asked then, where it is one.

    def is_due(self, now: dt.datetime) -> bool:
        """Whether it is time."""
        return self.at is not None and self.at <= now


def appointment(
    source: Source, known: SourceAgenda | None, *, now: dt.datetime, manners: Manners
) -> Appointment:
    """When to crawl a source next; `known` is None where it never was."""
    if not source.enabled:
        return Appointment(slug=source.slug, at=None, why="off in sources.toml")
    if known is not None and known.paused_at is not None:
        return Appointment(
            slug=source.slug, at=None, why=f"paused since {known.paused_at:%Y-%m-%d %H:%M} UTC"
        )
    if known is None or known.last_run_at is None:
        return Appointment(slug=source.slug, at=now, why="never crawled")
    found = list(_appointments(source, known, now, manners))
    if not found:
        return Appointment(slug=source.slug, at=now, why="nothing of it is known yet")
    return min(found, key=lambda appointment: appointment.at or now)


def endpoint_at(source: Source, state: EndpointState, *, now: dt.datetime, manners: Manners) -> dt.datetime:
    """When to look at an endpoint again; `now` where it is time, or past it."""
    if state.last_checked_at is None:
        return now
    timing = source.timing
    if timing is None:
        due = is_due(state.next_check_at, now=now, bounds=manners.bounds)
        return now if due or state.next_check_at is None else state.next_check_at
    if state.last_checked_at > now:  # by a clock that was ahead
        return now
    at = timing.after(state.last_checked_at, source.time_zone)
    if state.failures and state.next_check_at is not None:
        at = max(at, state.next_check_at)
    return max(at, now)


def _appointments(
    source: Source, known: SourceAgenda, now: dt.datetime, manners: Manners
) -> Iterator[Appointment]:
    states = {state.url: state for state in known.endpoints}
    given = {endpoint.url for endpoint in source.endpoints}
    for url in given - states.keys():
        yield Appointment(slug=source.slug, at=now, why="new in sources.toml", endpoint=url)
    for state in known.endpoints:
        if not given or state.url in given:
            at = endpoint_at(source, state, now=now, manners=manners)
            yield Appointment(slug=source.slug, at=at, why=_why(source, state), endpoint=state.url)
    home = states.get(source.home_page)
    if not given and not (home and home.failures):  # a home page that fails rests as any endpoint does
        yield _search(source, known, now, manners)
    if source.timing is None and known.next_page_at is not None:
        yield Appointment(slug=source.slug, at=max(known.next_page_at, now), why="pages to fetch")
    if source.timing is None and known.next_recheck_at is not None:
        at = max(known.next_recheck_at + RECHECKS_WAIT, now)
        yield Appointment(slug=source.slug, at=at, why="articles to look at again for edits")


def _search(source: Source, known: SourceAgenda, now: dt.datetime, manners: Manners) -> Appointment:
    """When the home page is searched for endpoints again."""
    every = dt.timedelta(days=manners.probe_days)
    at = known.probed_at + every if known.probed_at else now
    return Appointment(slug=source.slug, at=max(at, now), why="search for feeds", endpoint=source.home_page)


def _why(source: Source, state: EndpointState) -> str:
    """One line that says what the time of an endpoint's next look goes by."""
    if state.failures:
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        return f"failed {times}: {state.last_error or state.failure}"
    if source.timing is not None:
        return str(source.timing)
    if state.rate is None:
        return "not known yet how often it brings news"
    return (
        f"brings {state.rate:.1f} new URLs a day"
        if state.rate < 10
        else f"brings {state.rate:.0f} new URLs a day"
    )
