"""The edit ledger: what happened to each article, written in the transaction that saw it.

Whether an article is there, and whether it stands behind a paywall, can be told
from the changes that came last; so nothing is written twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from storage import events
from storage.changes import Change, access, compare
from storage.models import article, change, check_mark, version
from storage.reading import load_version
from storage.records import ChangeKind
from storage.upserts import upsert

# Where the article is now; behind what it stands.
WHEREABOUTS = (ChangeKind.REMOVED, ChangeKind.REDIRECTED, ChangeKind.BACK)
ACCESS = (ChangeKind.PAYWALL_RAISED, ChangeKind.PAYWALL_LOWERED)


def record(
    connection: Connection,
    article_id: int,
    changes: Iterable[Change],
    *,
    at: dt.datetime,
    version_id: int | None = None,
) -> None:
    """Write changes of an article down, and the version that came of them; tell where it is gone to."""
    changes = tuple(changes)
    rows = [
        {
            "article_id": article_id,
            "version_id": version_id,
            "at": at,
            "kind": one.kind,
            "share": one.share,
            "detail": one.detail,
        }
        for one in changes
    ]
    if rows:
        connection.execute(insert(change), rows)
    for one in changes:
        if one.kind in events.OF_CHANGES:
            events.tell(connection, events.OF_CHANGES[one.kind], [article_id], at=at)


def mark_checked(connection: Connection, article_id: int, number: int, *, at: dt.datetime) -> None:
    """A check mark: the version was read again, and is as it was."""
    row = {"article_id": article_id, "number": number, "checks": 1, "last_at": at}
    connection.execute(
        upsert(connection, check_mark).on_conflict_do_update(
            index_elements=[check_mark.c.article_id, check_mark.c.number],
            set_={"checks": check_mark.c.checks + 1, "last_at": at},
        ),
        row,
    )


def found_there(connection: Connection, article_id: int, *, at: dt.datetime) -> None:
    """The article was read at its address: if it had gone from there before, it is back."""
    last = _last(connection, article_id, WHEREABOUTS)
    if last is not None and last.kind != ChangeKind.BACK and last.at <= at:
        record(connection, article_id, [Change(kind=ChangeKind.BACK, detail=_after(last))], at=at)


def removed(connection: Connection, article_id: int, *, at: dt.datetime, detail: str | None) -> None:
    """The article is gone for good, or at least until it is back."""
    changed = update(article).where(article.c.id == article_id, article.c.removed_at.is_(None))
    if connection.execute(changed.values(removed_at=at)).rowcount:
        record(connection, article_id, [Change(kind=ChangeKind.REMOVED, detail=detail)], at=at)


def redirected(connection: Connection, article_id: int, *, at: dt.datetime, target: str) -> None:
    """The article's address leads elsewhere; written again only when it leads somewhere else."""
    moved = Change(kind=ChangeKind.REDIRECTED, detail=f"leads to {target}")
    last = _last(connection, article_id, WHEREABOUTS)
    if last is None or (last.kind, last.detail) != (moved.kind, moved.detail):
        record(connection, article_id, [moved], at=at)


def change_of_access(
    connection: Connection, article_id: int, before: bool | None, after: bool | None
) -> Change | None:
    """A paywall raised or lowered since the last look: a teaser that was found in between left no version.

    `before` is what the current version's page said of access, `after` what it says now.
    """
    last = _last(connection, article_id, ACCESS)
    return access(before if last is None else last.kind == ChangeKind.PAYWALL_LOWERED, after)


def _last(connection: Connection, article_id: int, kinds: Iterable[ChangeKind]) -> Row[Any] | None:
    query: Select[Any] = select(change.c.kind, change.c.detail, change.c.at).where(
        change.c.article_id == article_id, change.c.kind.in_(tuple(kinds))
    )
    return connection.execute(query.order_by(change.c.at.desc(), change.c.id.desc()).limit(1)).one_or_none()


def _after(last: Row[Any]) -> str:
    return "its address had led elsewhere" if last.kind == ChangeKind.REDIRECTED else "it had been removed"


def retell(connection: Connection, article_id: int, number: int) -> None:
    """Write the changes that made version `number` anew: the version before it is another one now."""
    before, after = (load_version(connection, article_id, n) for n in (number - 1, number))
    own = (version.c.article_id == article_id, version.c.is_superseded.is_(False))
    ids = select(version.c.number, version.c.id, version.c.extractor).where(*own)
    known = {
        row.number: row for row in connection.execute(ids.where(version.c.number.in_((number - 1, number))))
    }
    if before is None or after is None:
        return
    connection.execute(delete(change).where(change.c.version_id == known[number].id))
    changes = compare(
        before.article,
        after.article,
        same_reader=known[number - 1].extractor == known[number].extractor,
        paywall=access(before.article.is_accessible_for_free, after.article.is_accessible_for_free),
        last_seen=before.fetched_at,
    )
    record(connection, article_id, changes, at=after.fetched_at, version_id=known[number].id)


def renumber(connection: Connection, article_id: int, number: int) -> None:
    """Let the check marks of `number` and later versions count one further: an earlier one was found."""
    later = select(check_mark.c.number).where(
        check_mark.c.article_id == article_id, check_mark.c.number >= number
    )
    for old in connection.scalars(later.order_by(check_mark.c.number.desc())).all():
        own = (check_mark.c.article_id == article_id, check_mark.c.number == old)
        connection.execute(update(check_mark).where(*own).values(number=old + 1))
