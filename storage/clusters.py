"""Which articles are made of one text: found, compared and grouped in the transaction that stores.

Candidates are the articles that share a value of their sketch (`storage.sketches`); what
they really have in common decides (`storage.overlap`). An article that is a copy of members of two
clusters joins them. Nothing is dropped: a cluster only says what belongs together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import origins, sketches
from storage.models import article, cluster, copy, version
from storage.overlap import Overlap, compare
from storage.shingles import Text, read
from storage.sketches import Sharing

# Candidates that are compared at most: one from each cluster, since its members are alike.
ATTEMPTS = 5


class _Match(NamedTuple):
    """An article that the one being placed has its text in common with."""

    article_id: int
    cluster_id: int | None
    overlap: Overlap


def place(connection: Connection, article_id: int, sketch: Sequence[int]) -> None:
    """Group an article, as it stands now, with those that it has its text in common with.

    `sketch` is of its current version. An article that was edited until it
    resembles no member of its cluster leaves it.
    """
    found = sketches.look_up(connection, article_id, sketch)
    sketches.keep(connection, article_id, sketch, found)
    matches = list(_matches(connection, article_id, sketches.candidates(found, ATTEMPTS)))
    before = connection.scalar(select(copy.c.cluster_id).where(copy.c.article_id == article_id))
    if before is not None and before not in [match.cluster_id for match in matches]:
        _leave(connection, article_id, before)
    if matches:
        _join(connection, article_id, matches)


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
    query = (
        select(article.c.id, version.c.body)
        .join(version, version.c.id == article.c.current_version_id)
        .where(article.c.id.in_(ids))
    )
    return {row.id: read(row.body) for row in connection.execute(query)}


def _leave(connection: Connection, article_id: int, cluster_id: int) -> None:
    """Take an article out of its cluster; what is left of a pair is no cluster."""
    connection.execute(delete(copy).where(copy.c.article_id == article_id))
    _forget_comparisons(connection, article_id)
    left = connection.scalar(select(func.count()).where(copy.c.cluster_id == cluster_id)) or 0
    if left > 1:
        _settle(connection, cluster_id)
    else:
        connection.execute(delete(copy).where(copy.c.cluster_id == cluster_id))
        connection.execute(delete(cluster).where(cluster.c.id == cluster_id))


def _join(connection: Connection, article_id: int, matches: Sequence[_Match]) -> None:
    """Make one cluster of an article, those that it matches, and their clusters."""
    alone = [match.article_id for match in matches if match.cluster_id is None]
    connection.execute(delete(copy).where(copy.c.article_id == article_id))
    cluster_id = _united(connection, article_id, {m.cluster_id for m in matches if m.cluster_id is not None})
    rows = [row._asdict() for row in origins.members(connection, [article_id, *alone])]
    connection.execute(insert(copy), [{"cluster_id": cluster_id, **row} for row in rows])
    measured: dict[tuple[int, int], float] = {}
    for match in matches:
        measured[article_id, match.article_id] = match.overlap.first
        measured[match.article_id, article_id] = match.overlap.second
    _settle(connection, cluster_id, measured)


def _united(connection: Connection, article_id: int, clusters: set[int]) -> int:
    """The cluster that `clusters` become: the oldest of them, or a new one where there are none."""
    if not clusters:
        new = {"earliest_id": article_id, "size": 0}
        return int(connection.execute(insert(cluster).returning(cluster.c.id), new).scalar_one())
    oldest, *others = sorted(clusters)
    if others:
        moved = copy.c.cluster_id.in_(others)
        connection.execute(update(copy).where(moved).values(cluster_id=oldest))
        connection.execute(delete(cluster).where(cluster.c.id.in_(others)))
    return oldest


def _settle(
    connection: Connection, cluster_id: int, measured: Mapping[tuple[int, int], float] | None = None
) -> None:
    """Say which member is the earliest, how much the others have of it, and whose text it may be.

    `measured`: the share of the first's text that stands in the second's, where it is known already.
    """
    order = select(copy.c.article_id).where(copy.c.cluster_id == cluster_id)
    earliest = int(connection.scalar(order.order_by(copy.c.order_at, copy.c.article_id).limit(1)) or 0)
    _compare_with(connection, cluster_id, earliest, measured or {})
    size = select(func.count()).where(copy.c.cluster_id == cluster_id)
    agency, origin = origins.likely(connection, cluster_id, earliest)
    connection.execute(
        update(cluster)
        .where(cluster.c.id == cluster_id)
        .values(earliest_id=earliest, size=size.scalar_subquery(), agency=agency, likely_origin_id=origin)
    )


def _compare_with(
    connection: Connection, cluster_id: int, earliest: int, measured: Mapping[tuple[int, int], float]
) -> None:
    """Measure the members that were compared with nothing yet; the earliest itself reuses nothing."""
    own = copy.c.article_id == earliest
    connection.execute(update(copy).where(own).values(compared_with_id=None, share_reused=None))
    unmeasured = select(copy.c.article_id).where(
        copy.c.cluster_id == cluster_id, copy.c.compared_with_id.is_(None), copy.c.article_id != earliest
    )
    shares = {member: measured.get((member, earliest)) for member in connection.scalars(unmeasured)}
    unknown = [member for member, share in shares.items() if share is None]
    texts = _texts(connection, [earliest, *unknown]) if unknown else {}
    for member, share in shares.items():
        reused = compare(texts[member], texts[earliest]).first if share is None else share
        _keep_share(connection, member, earliest, reused)


def _keep_share(connection: Connection, member: int, compared_with: int, share: float) -> None:
    values = {"compared_with_id": compared_with, "share_reused": share}
    connection.execute(update(copy).where(copy.c.article_id == member).values(values))


def _forget_comparisons(connection: Connection, article_id: int) -> None:
    """What was compared with an article that is no member any more is to be compared again."""
    compared = copy.c.compared_with_id == article_id
    connection.execute(update(copy).where(compared).values(compared_with_id=None, share_reused=None))
