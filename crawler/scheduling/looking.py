"""What a look at an endpoint teaches, and when the next one is. Pure: the rhythm, fed by the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.scheduling.rhythm import (
    Bounds,
    EndpointLook,
    Failure,
    Profile,
    first_rate,
    learned_profile,
    learned_rate,
    next_look,
    rest,
)
from storage.announced import Announced
from storage.sources import EndpointState, NextLook


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What an answer said of itself."""

    asked_interval: dt.timedelta | None = None
    # The longest that the publisher asks for: ttl, sy:updatePeriod, max-age.
    moved_to: str | None = None
    # Where the endpoint has moved for good.


def after_success(
    state: EndpointState,
    announced: Sequence[Announced],
    new: int,
    seen: Seen,
    *,
    now: dt.datetime,
    profile: Profile | None,
    bounds: Bounds,
    chance: float,
) -> tuple[NextLook, Profile | None]:
    """The next look after one that brought `new` URLs, and what the source's profile is now."""
    last = state.last_success_at if state.last_success_at and state.last_success_at < now else None
    if last is None:
        rate, elapsed = first_rate([item.published for item in announced], now), None
    else:
        elapsed = now - last
        rate = learned_rate(state.rate, new, elapsed)
        profile = learned_profile(profile, new, rate=rate, since=last, until=now)
    look = EndpointLook(
        rate=rate, last_new=new, elapsed=elapsed, asked_interval=seen.asked_interval, profile=profile
    )
    seconds = round(seen.asked_interval.total_seconds()) if seen.asked_interval else None
    at = next_look(look, now=now, bounds=bounds, chance=chance)
    return NextLook(at=at, rate=rate, asked_interval=seconds, moved_to=seen.moved_to), profile


def after_failure(
    state: EndpointState,
    failure: Failure,
    retry_after: float | None,
    *,
    now: dt.datetime,
    bounds: Bounds,
    chance: float,
    is_timed: bool = False,
) -> dt.datetime:
    """When to look again after a look that failed.

    `is_timed`: a person says when it is looked at (`every`, `cron`), so what it usually brings says nothing.
    """
    look = EndpointLook(
        rate=state.rate,
        failures=state.failures + 1,
        failure=failure,
        retry_after=dt.timedelta(seconds=retry_after) if retry_after is not None else None,
    )
    if is_timed:
        return now + rest(look, bounds=bounds, chance=chance)
    return next_look(look, now=now, bounds=bounds, chance=chance)
