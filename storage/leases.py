"""Leases: which process is at which source or host, so that no two are.

A lease is taken in one transaction, renewed as long as its holder lives, and
let go at the end. One that nobody renews runs out, and the next who asks has
it. Each step is one conditional UPDATE: it holds on any database, however many
processes ask at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    insert,
    not_,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningUpdate

from storage.models import lease

# Nobody takes a lease for so long: one that ends later was written by a clock that was ahead.
LONGEST = dt.timedelta(hours=1)
NONE = dt.timedelta()
# The clocks of two machines may differ by so much.
SKEW = dt.timedelta(minutes=1)


class Kind(StrEnum):
    """What a lease is for."""

    SOURCE = "source"
    HOST = "host"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A process, or one crawl of it."""

    process: str
    # Unique among all processes that ever were.
    task: str
    # What it holds the lease for: a source's slug.
    who: str
    # In words, for people.


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """A lease as it stands."""

    name: str
    holder: str | None
    task: str | None
    who: str | None
    taken_at: dt.datetime | None
    until: dt.datetime | None
    wanted_at: dt.datetime | None
    next_at: dt.datetime | None

    def is_of(self, holder: Holder) -> bool:
        """Whether this holder has it."""
        return (self.holder, self.task) == (holder.process, holder.task)

    def is_held(self, now: dt.datetime) -> bool:
        """Whether anybody has it."""
        return self.until is not None and now < self.until <= now + LONGEST


OURS = and_(lease.c.holder == bindparam("of_process"), lease.c.task == bindparam("of_task"))
THIS = and_(lease.c.kind == bindparam("of_kind"), lease.c.name == bindparam("of_name"))
COLUMNS = tuple(lease.c[field.name] for field in fields(Lease))


def _take() -> ReturningUpdate[Any]:
    """Take a lease that may be taken. Each crawl does it several times: put together once."""
    now, rested = (bindparam(name, type_=lease.c.until.type) for name in ("now", "rested"))
    farthest, ahead = (bindparam(name, type_=lease.c.until.type) for name in ("farthest", "ahead"))
    dead = lease.c.holder == bindparam("instead_of", type_=lease.c.holder.type)
    free = or_(lease.c.holder.is_(None), lease.c.until <= now, lease.c.until > farthest, OURS, dead)
    left = and_(lease.c.holder.is_not(None), not_(OURS))
    sooner = or_(lease.c.next_at.is_(None), lease.c.next_at < rested)
    # A clock that was ahead took it: so was what it says of the host.
    rest = case((lease.c.taken_at > ahead, null()), (and_(left, sooner), rested), else_=lease.c.next_at)
    columns = ("holder", "task", "who", "taken_at", "until", "wanted_at")
    new = {name: bindparam(f"new_{name}", type_=lease.c[name].type) for name in columns}
    return update(lease).where(THIS, free).values(**new, next_at=rest).returning(*COLUMNS)


TAKE = _take()
RELEASE = (
    update(lease)
    .where(THIS, OURS)
    .values(
        **dict.fromkeys(("holder", "task", "who", "until", "wanted_at")),
        next_at=bindparam("until_then", type_=lease.c.next_at.type),
    )
)


def claim(
    connection: Connection,
    kind: Kind,
    name: str,
    holder: Holder,
    *,
    now: dt.datetime,
    length: dt.timedelta,
    pause: dt.timedelta = NONE,
    instead_of: str | None = None,
) -> Lease:
    """Take a lease if it is free, run out, one's own or that of `instead_of`, a process known to be dead.

    Returns it as it stands then: somebody else's now knows that it is wanted. Whoever has not let go of it
    may have asked the host just now: then it rests for `pause`.
    """
    taken = connection.execute(
        TAKE,
        {
            **_keys(kind, name, holder),
            **{f"new_{column}": value for column, value in _row(holder, now, length).items()},
            "instead_of": instead_of,
            "now": now,
            "farthest": now + LONGEST,
            "ahead": now + SKEW,
            "rested": now + pause,
        },
    ).one_or_none()
    if taken is not None:
        return _lease(taken)
    if not _make(connection, kind, name, holder, now, length):
        connection.execute(update(lease).where(_named(kind, name)).values(wanted_at=now))
    return find(connection, kind, [name])[name]


def _make(
    connection: Connection, kind: Kind, name: str, holder: Holder, now: dt.datetime, length: dt.timedelta
) -> bool:
    """Take a lease that nobody ever had; False where somebody has it, also since a moment ago."""
    if connection.scalar(select(lease.c.name).where(_named(kind, name))) is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(lease).values(kind=kind, name=name, **_row(holder, now, length)))
    except IntegrityError:
        return False
    return True


def _row(holder: Holder, now: dt.datetime, length: dt.timedelta) -> dict[str, object]:
    return {
        "holder": holder.process,
        "task": holder.task,
        "who": holder.who,
        "taken_at": now,
        "until": now + length,
        "wanted_at": None,
    }


def rest(connection: Connection, kind: Kind, name: str, holder: Holder, *, until: dt.datetime) -> None:
    """Nobody is to ask the host before `until`, whatever becomes of who has it now."""
    connection.execute(update(lease).where(_named(kind, name), _is(holder)).values(next_at=until))


def renew(
    connection: Connection, process: str, *, now: dt.datetime, length: dt.timedelta
) -> dict[tuple[Kind, str], Lease]:
    """Renew all leases of a process; returns those that it still has, by kind and name."""
    own = lease.c.holder == process
    connection.execute(update(lease).where(own).values(until=now + length))
    rows = connection.execute(_select(lease.c.kind).where(own))
    return {(Kind(row.kind), row.name): _lease(row) for row in rows}


def release(
    connection: Connection, kind: Kind, name: str, holder: Holder, *, next_at: dt.datetime | None = None
) -> None:
    """Let go of a lease, if one has it still; nobody is to ask the host before `next_at`."""
    connection.execute(RELEASE, {**_keys(kind, name, holder), "until_then": next_at})


def held(connection: Connection, kind: Kind, *, now: dt.datetime) -> dict[str, Lease]:
    """The leases of a kind that somebody has now, by name."""
    rows = map(_lease, connection.execute(_select().where(lease.c.kind == kind, lease.c.until > now)))
    return {found.name: found for found in rows if found.is_held(now)}


def find(connection: Connection, kind: Kind, names: Iterable[str]) -> dict[str, Lease]:
    """The leases of these names, held or not."""
    rows = connection.execute(_select().where(lease.c.kind == kind, lease.c.name.in_(list(names))))
    return {row.name: _lease(row) for row in rows}


def _keys(kind: Kind, name: str, holder: Holder) -> dict[str, object]:
    return {"of_kind": kind, "of_name": name, "of_process": holder.process, "of_task": holder.task}


def _is(holder: Holder) -> ColumnElement[bool]:
    return and_(lease.c.holder == holder.process, lease.c.task == holder.task)


def _named(kind: Kind, name: str) -> ColumnElement[bool]:
    return and_(lease.c.kind == kind, lease.c.name == name)


def _select(*further: ColumnElement[Any]) -> Select[Any]:
    return select(*(lease.c[field.name] for field in fields(Lease)), *further)


def _lease(row: Row[Any]) -> Lease:
    return Lease(**{field.name: row._mapping[field.name] for field in fields(Lease)})
