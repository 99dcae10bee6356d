"""Which articles are made of one text: found, compared and grouped in the transaction that stores.

Candidates are the articles that share a value of their sketch (`storage.sketches`); what
they really have in common decides (`storage.overlap`). An article that is a copy of members of two
clusters joins them. Nothing is dropped: a cluster only says what belongs together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage import events, origins, sketches
from storage.models import article, cluster, copy, version
from storage.models import sketch as sketch_table
from storage.origins import Member
from storage.overlap import Overlap, compare
from storage.shingles import Text, read, sketch
from storage.sketches import Sharing
from storage.words import words

# Candidates that are compared at most: one from each cluster, since its members are alike.
ATTEMPTS = 3
# Members, the earliest first, that are asked whose text theirs is, and of which each is compared.
ASKED = 200

# Statements are made once: to put one together costs more than to run it.
BODIES = (
    select(article.c.id, version.c.body)
    .join(version, version.c.id == article.c.current_version_id)
    .where(article.c.id.in_(bindparam("articles", expanding=True)))
)
FREE_BODY = (
    select(version.c.body)
    .join(article, version.c.id == article.c.current_version_id)
    .where(article.c.id == bindparam("article"), version.c.is_accessible_for_free.is_not(False))
)
MEMBERS = (
    select(*(copy.c[name] for name in Member._fields))
    .where(copy.c.cluster_id == bindparam("cluster"))
    .order_by(copy.c.order_at, copy.c.article_id)
    .limit(ASKED)
)
OF_CLUSTER = (
    select(copy.c.article_id)
    .where(copy.c.cluster_id == bindparam("cluster"))
    .order_by(copy.c.order_at, copy.c.article_id)
)
SAYS = select(cluster).where(cluster.c.id == bindparam("cluster"))
SIZE = select(func.count()).where(copy.c.cluster_id == bindparam("cluster"))
NEW_CLUSTER = insert(cluster).returning(cluster.c.id)
SETTLE = update(cluster).where(cluster.c.id == bindparam("cluster"))
COMPARED = update(copy).where(copy.c.article_id == bindparam("article"))
FORGET = update(copy).where(copy.c.compared_with_id == bindparam("article"))
MOVE = update(copy).where(copy.c.cluster_id == bindparam("from"))
DISMISS = delete(copy).where(copy.c.article_id == bindparam("article"))
DISMISS_ALL = delete(copy).where(copy.c.cluster_id == bindparam("cluster"))
DISSOLVE = delete(cluster).where(cluster.c.id == bindparam("cluster"))
UNCOMPARED = {"compared_with_id": None, "share_reused": None}

SAID = ("earliest_id", "agency", "likely_origin_id")  # by a cluster, of its members

Shares = Mapping[tuple[int, int], float]


class _Match(NamedTuple):
    """An article that the one being placed has its text in common with."""

    article_id: int
    cluster_id: int | None
    overlap: Overlap


def place(connection: Connection, article_id: int, values: Sequence[int], *, at: dt.datetime) -> None:
    """Group an article, as it stands now, with those that it has its text in common with.

    `values` is the sketch of its current version. An article that was edited until it
    resembles no member of its cluster leaves it. `at`: when that was seen.
    """
    before = sketches.state(connection, article_id)
    found = sketches.look_up(connection, article_id, values)
    sketches.keep(connection, article_id, before.values, values, found)
    matches = list(_matches(connection, article_id, sketches.candidates(found, ATTEMPTS)))
    own = before.cluster_id
    if own is not None and own not in [match.cluster_id for match in matches]:
        _take_out(connection, article_id, own, at=at)
        own = None  # the next cluster may be given its id
    elif own is not None:
        connection.execute(DISMISS, {"article": article_id})
    if matches:
        _join(connection, article_id, matches, own, at=at)


def place_new(connection: Connection, article_id: int, new: sketches.New, *, at: dt.datetime) -> None:
    """The same for an article that was looked up before it was there (`sketches.new`)."""
    sketches.add(connection, article_id, new.values)
    matches = list(_matches(connection, article_id, sketches.candidates(new.found, ATTEMPTS)))
    if matches:
        _join(connection, article_id, matches, None, at=at)


def leave(connection: Connection, article_id: int, *, at: dt.datetime) -> None:
    """Take an article out of its cluster, and out of what others are looked up in."""
    before = sketches.state(connection, article_id)
    sketches.keep(connection, article_id, before.values, (), ())
    if before.cluster_id is not None:
        _take_out(connection, article_id, before.cluster_id, at=at)


def place_all(connection: Connection) -> None:
    """Place the articles of an archive that is older than its sketches, in the order in which they came."""
    if connection.scalar(select(sketch_table.c.value).limit(1)) is not None:
        return
    rows = connection.execute(select(article.c.id, article.c.last_checked_at).order_by(article.c.id)).all()
    for row in rows:
        body = connection.scalar(FREE_BODY, {"article": row.id})
        place(connection, row.id, sketch(words(body or "")), at=row.last_checked_at)


def _matches(connection: Connection, article_id: int, candidates: Sequence[Sharing]) -> Iterator[_Match]:
    if not candidates:
        return
    texts = _texts(connection, [article_id, *(row.article_id for row in candidates)])
    for row in candidates:
        overlap = compare(texts[article_id], texts[row.article_id])
        if overlap.is_copy:
            yield _Match(row.article_id, row.cluster_id, overlap)


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, Text]:
    """The bodies of articles as they stand now."""
    return {row.id: read(row.body) for row in connection.execute(BODIES, {"articles": ids})}


def _take_out(connection: Connection, article_id: int, left: int, *, at: dt.datetime) -> None:
    """Take an article out of its cluster for good. One member is no cluster."""
    connection.execute(DISMISS, {"article": article_id})
    _tell(connection, [article_id], None, at=at)
    connection.execute(FORGET.values(UNCOMPARED), {"article": article_id})
    if (connection.scalar(SIZE, {"cluster": left}) or 0) > 1:
        _settle(connection, left, {}, at=at)
    else:
        alone = connection.scalars(OF_CLUSTER, {"cluster": left}).all()
        _tell(connection, alone, None, at=at)
        connection.execute(DISMISS_ALL, {"cluster": left})
        connection.execute(DISSOLVE, {"cluster": left})


def _join(
    connection: Connection, article_id: int, matches: Sequence[_Match], own: int | None, *, at: dt.datetime
) -> None:
    """Make one cluster of an article, those that it matches, and their clusters; `own`: that it is in."""
    others = {match.cluster_id for match in matches if match.cluster_id is not None}
    cluster_id = _united(connection, article_id, others, at=at)
    alone = [match.article_id for match in matches if match.cluster_id is None]
    rows = [row._asdict() for row in origins.members(connection, [article_id, *alone])]
    connection.execute(insert(copy), [{"cluster_id": cluster_id, **row} for row in rows])
    shares = {(article_id, match.article_id): match.overlap.first for match in matches}
    shares |= {(match.article_id, article_id): match.overlap.second for match in matches}
    _tell(connection, [*alone, *([] if own == cluster_id else [article_id])], cluster_id, at=at)
    _settle(connection, cluster_id, shares, at=at)


def _tell(
    connection: Connection, articles: Sequence[int], cluster_id: int | None, *, at: dt.datetime
) -> None:
    events.tell(connection, events.EventKind.CLUSTER, articles, at=at, cluster_id=cluster_id)


def _united(connection: Connection, article_id: int, clusters: set[int], *, at: dt.datetime) -> int:
    """The cluster that `clusters` become: the oldest of them, or a new one where there are none."""
    if not clusters:
        new = {"earliest_id": article_id, "size": 0}
        return int(connection.execute(NEW_CLUSTER, new).scalar_one())
    oldest, *others = sorted(clusters)
    for other in others:
        _tell(connection, connection.scalars(OF_CLUSTER, {"cluster": other}).all(), oldest, at=at)
        connection.execute(MOVE.values(cluster_id=oldest), {"from": other})
        connection.execute(DISSOLVE, {"cluster": other})
    return oldest


def _settle(connection: Connection, cluster_id: int, shares: Shares, *, at: dt.datetime) -> None:
    """Say which member is the earliest, how much the others have of it, and whose text it may be.

    `shares`: how much of the first's text stands in the second's, where that is known already.
    """
    members = [Member(*row) for row in connection.execute(MEMBERS, {"cluster": cluster_id})]
    _compare(connection, members, shares)
    agency, origin = origins.likely(members)
    row = {
        "earliest_id": members[0].article_id,
        "size": connection.scalar(SIZE, {"cluster": cluster_id}),
        "agency": agency,
        "likely_origin_id": origin,
    }
    before = connection.execute(SAYS, {"cluster": cluster_id}).one()
    connection.execute(SETTLE, {"cluster": cluster_id, **row})
    if before.size and any(getattr(before, name) != row[name] for name in SAID):
        _tell(connection, [members[0].article_id], cluster_id, at=at)


def _compare(connection: Connection, members: Sequence[Member], shares: Shares) -> None:
    """Measure those that were compared with nothing yet; the earliest itself reuses nothing."""
    earliest = members[0].article_id
    new = [member.article_id for member in members[1:] if member.compared_with_id is None]
    unknown = [member for member in new if (member, earliest) not in shares]
    texts = _texts(connection, [earliest, *unknown]) if unknown else {}
    measured = {(member, earliest): compare(texts[member], texts[earliest]).first for member in unknown}
    rows: list[dict[str, object]] = [
        {"article": one, "compared_with_id": earliest, "share_reused": {**shares, **measured}[one, earliest]}
        for one in new
    ]
    if members[0].compared_with_id is not None:
        rows.append({"article": earliest, **UNCOMPARED})
    if rows:
        connection.execute(COMPARED, rows)
