"""Leases: one holder at a time, in one process or many, whatever dies and whatever the clocks say."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine

from storage import leases
from storage.database import writing
from storage.leases import Holder, Kind, Lease

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def _holder(process: str, task: str = "gazette") -> Holder:
    return Holder(process=process, task=task, who=f"a crawl ({process})")


def _claim(
    connection: Connection, process: str, *, after: int = 0, task: str = "gazette", **more: Any
) -> Lease:
    return leases.claim(
        connection,
        Kind.SOURCE,
        "gazette",
        _holder(process, task),
        now=NOW + after * MINUTE,
        length=MINUTE,
        **more,
    )


def test_one_at_a_time_until_it_runs_out(connection: Connection) -> None:
    assert _claim(connection, "a").is_of(_holder("a"))
    assert _claim(connection, "a").is_of(_holder("a"))  # again is no harm
    refused = _claim(connection, "b")
    assert refused.is_of(_holder("a"))
    assert (refused.wanted_at, refused.who) == (NOW, "a crawl (a)")
    assert not _claim(connection, "a", task="other").is_of(
        _holder("a", "other")
    )  # nor two crawls of a process
    assert _claim(connection, "b", after=2).is_of(_holder("b"))
    assert leases.renew(connection, "a", now=NOW, length=MINUTE) == {}


def test_renewed_released_and_taken_from_the_dead(connection: Connection) -> None:
    _claim(connection, "a")
    [lease] = leases.renew(connection, "a", now=NOW + MINUTE, length=5 * MINUTE).values()
    assert lease.until == NOW + 6 * MINUTE
    assert _claim(connection, "b", after=3).is_of(_holder("a"))
    assert _claim(connection, "b", after=3, instead_of="a").is_of(_holder("b"))
    leases.release(connection, Kind.SOURCE, "gazette", _holder("a"))  # it is another's by now
    assert set(leases.held(connection, Kind.SOURCE, now=NOW + 3 * MINUTE)) == {"gazette"}
    leases.release(connection, Kind.SOURCE, "gazette", _holder("b"), next_at=NOW)
    assert leases.held(connection, Kind.SOURCE, now=NOW) == {}
    assert _claim(connection, "c", after=3).next_at == NOW


def test_a_host_rests_after_one_who_has_not_let_go_of_it(connection: Connection) -> None:
    _claim(connection, "a", pause=MINUTE)
    assert _claim(connection, "a", after=1, pause=MINUTE).next_at is None  # one's own
    assert _claim(connection, "b", after=2, pause=MINUTE).next_at == NOW + 3 * MINUTE
    leases.rest(
        connection, Kind.SOURCE, "gazette", _holder("a"), until=NOW + 9 * MINUTE
    )  # not its own any more
    leases.rest(connection, Kind.SOURCE, "gazette", _holder("b"), until=NOW + 8 * MINUTE)
    assert _claim(connection, "c", after=2, pause=MINUTE, instead_of="b").next_at == NOW + 8 * MINUTE
    leases.release(connection, Kind.SOURCE, "gazette", _holder("c"), next_at=NOW)
    assert _claim(connection, "d", after=3, pause=MINUTE).next_at == NOW


def test_a_clock_that_was_ahead_holds_nothing_for_long(connection: Connection) -> None:
    _claim(connection, "a", after=60 * 24)
    assert leases.held(connection, Kind.SOURCE, now=NOW) == {}
    leases.release(connection, Kind.SOURCE, "gazette", _holder("a"), next_at=NOW + 60 * 24 * MINUTE)
    lease = _claim(connection, "b")
    assert lease.is_of(_holder("b"))
    assert lease.next_at is None  # nor does it keep anybody from the host


def test_of_many_who_ask_at_once_one_has_it(engine: Engine) -> None:
    def ask(number: int) -> bool:
        with writing(engine) as connection:
            return _claim(connection, str(number)).is_of(_holder(str(number)))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(24))) == 1
