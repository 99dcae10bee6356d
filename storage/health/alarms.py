"""Alarms in the database: what is raised, since when, and who is still to be told.

A turn and the notices of it are written in one transaction, so each turn is
told at least once to everybody, whatever is killed in between. A notice has a
number of its own, by which its reader can tell a second telling.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from storage.health.rules import ARCHIVE, SEVERITY, Rule
from storage.health.turns import Change, Key
from storage.models import alarm, alarm_notice

CLAIM = dt.timedelta(minutes=2)  # a notice that somebody is sending is left to them for so long


class TurnKind(StrEnum):
    """What an alarm can do."""

    RAISED = "raised"
    CLEARED = "cleared"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm, raised or long cleared."""

    id: int
    rule: Rule
    source: str | None
    # None: the archive as a whole.
    raised_at: dt.datetime
    detail: str
    cleared_at: dt.datetime | None
    cleared_detail: str | None
    notified_at: dt.datetime | None = None
    # When the last channel was told that it was raised; None: not all have been, or there are none.

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return self.cleared_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """An alarm was raised, or cleared."""

    id: int
    # The alarm's.
    kind: TurnKind
    rule: Rule
    source: str | None
    at: dt.datetime
    raised_at: dt.datetime
    detail: str

    @property
    def headline(self) -> str:
        """What happened, in a few words."""
        return f"{self.kind}: {self.rule} · {self.source or 'the archive'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A turn that somebody is to be told of."""

    id: int
    channel: str
    attempts: int
    turn: Turn


def open_alarms(connection: Connection) -> set[Key]:
    """The alarms that hold."""
    query = select(alarm.c.rule, alarm.c.subject).where(alarm.c.cleared_at.is_(None))
    return {(Rule(rule), subject) for rule, subject in connection.execute(query)}


def turn(connection: Connection, change: Change, *, at: dt.datetime, channels: Iterable[str]) -> Turn:
    """Raise or clear an alarm, and write down who is to be told."""
    row = _raise(connection, change, at) if change.raised else _clear(connection, change, at)
    kind = TurnKind.RAISED if change.raised else TurnKind.CLEARED
    rows = [{"alarm_id": row.id, "turn": kind, "channel": channel} for channel in channels]
    if rows:
        connection.execute(insert(alarm_notice), rows)
    return _turn(row, kind)


def _raise(connection: Connection, change: Change, at: dt.datetime) -> Row[Any]:
    values = {"rule": change.rule, "subject": change.subject, "raised_at": at, "detail": change.detail}
    return connection.execute(insert(alarm).values(values).returning(alarm)).one()


def _clear(connection: Connection, change: Change, at: dt.datetime) -> Row[Any]:
    same = and_(alarm.c.rule == change.rule, alarm.c.subject == change.subject, alarm.c.cleared_at.is_(None))
    values = {"cleared_at": at, "cleared_detail": change.detail}
    return connection.execute(update(alarm).where(same).values(values).returning(alarm)).one()


def _turn(row: Row[Any], kind: str) -> Turn:
    is_raised = kind == TurnKind.RAISED
    return Turn(
        id=row.id,
        kind=TurnKind(kind),
        rule=Rule(row.rule),
        source=None if row.subject == ARCHIVE else row.subject,
        at=row.raised_at if is_raised else row.cleared_at,
        raised_at=row.raised_at,
        detail=row.detail if is_raised else row.cleared_detail or "",
    )


def alarms(connection: Connection, *, every: bool = False, limit: int = 1000) -> list[Alarm]:
    """The alarms that hold, the worst first; `every`: all that ever were, the newest first."""
    query = select(alarm).order_by(alarm.c.raised_at.desc(), alarm.c.id.desc()).limit(limit)
    rows = connection.execute(query if every else query.where(alarm.c.cleared_at.is_(None))).all()
    told = _notified(connection, [row.id for row in rows])
    found = [
        Alarm(
            id=row.id,
            rule=Rule(row.rule),
            source=None if row.subject == ARCHIVE else row.subject,
            raised_at=row.raised_at,
            detail=row.detail,
            cleared_at=row.cleared_at,
            cleared_detail=row.cleared_detail,
            notified_at=told.get(row.id),
        )
        for row in rows
    ]
    return found if every else sorted(found, key=lambda a: (SEVERITY[a.rule], a.raised_at))


def _notified(connection: Connection, ids: Collection[int]) -> dict[int, dt.datetime]:
    query = select(alarm_notice.c.alarm_id, alarm_notice.c.sent_at).where(
        alarm_notice.c.alarm_id.in_(ids), alarm_notice.c.turn == TurnKind.RAISED
    )
    told: dict[int, dt.datetime] = {}
    untold: set[int] = set()
    for alarm_id, sent_at in connection.execute(query):
        if sent_at is None:
            untold.add(alarm_id)
        else:
            told[alarm_id] = max(sent_at, told.get(alarm_id, sent_at))
    return {alarm_id: at for alarm_id, at in told.items() if alarm_id not in untold}


def claim(
    connection: Connection, channels: Collection[str], *, now: dt.datetime, limit: int = 100
) -> list[Notice]:
    """Notices to send now, in the order of their turns; nobody else gets them for a while."""
    free = or_(alarm_notice.c.tried_at.is_(None), alarm_notice.c.tried_at <= now - CLAIM)
    waiting = and_(alarm_notice.c.sent_at.is_(None), alarm_notice.c.channel.in_(channels), free)
    query = (
        select(alarm, alarm_notice.c.id.label("notice_id"), alarm_notice.c.turn, alarm_notice.c.channel)
        .add_columns(alarm_notice.c.attempts)
        .join(alarm_notice, alarm_notice.c.alarm_id == alarm.c.id)
        .where(waiting)
        .order_by(alarm_notice.c.id)
        .limit(limit)
    )
    return [
        Notice(id=row.notice_id, channel=row.channel, attempts=row.attempts, turn=_turn(row, row.turn))
        for row in connection.execute(query).all()
        if _claimed(connection, and_(alarm_notice.c.id == row.notice_id, waiting), now)
    ]


def _claimed(connection: Connection, waiting: ColumnElement[bool], now: dt.datetime) -> bool:
    taken = {"tried_at": now, "attempts": alarm_notice.c.attempts + 1}
    return connection.execute(update(alarm_notice).where(waiting).values(taken)).rowcount == 1


def sent(connection: Connection, notice_id: int, *, at: dt.datetime) -> None:
    """A notice has been told."""
    values = {"sent_at": at, "last_error": None}
    connection.execute(update(alarm_notice).where(alarm_notice.c.id == notice_id).values(values))


def not_sent(connection: Connection, notice_id: int, *, error: str) -> None:
    """A notice could not be told; the next check tries again."""
    values = {"last_error": error, "tried_at": None}
    connection.execute(update(alarm_notice).where(alarm_notice.c.id == notice_id).values(values))


def count_waiting(connection: Connection) -> int:
    """How many notices could not be told yet."""
    query = select(alarm_notice.c.id).where(alarm_notice.c.sent_at.is_(None), alarm_notice.c.attempts > 0)
    return len(connection.execute(query).all())
