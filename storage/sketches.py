"""The index by which texts that share something are found: a row for each value of a sketch.

What is looked up is bounded however popular a formula becomes, and however often
a text is printed: of one value no more than `ROOM` articles are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import chain, repeat
from typing import NamedTuple

from sqlalchemy import Connection, Executable, bindparam, delete, insert, select, update

from storage.models import article, copy, sketch
from storage.shingles import SKETCH, VALUE_BYTES

# A value that more stories share than this is a formula: it says nothing …
FORMULA = 12
# … and of one that so many articles have, no more are kept.
ROOM = 24

VALUES = tuple(f"value_{number}" for number in range(SKETCH))
LOOK_UP = (
    select(sketch.c.value, sketch.c.article_id, copy.c.cluster_id)
    .outerjoin(copy, copy.c.article_id == sketch.c.article_id)
    .where(sketch.c.value.in_([bindparam(name) for name in VALUES]))
)
STATE = (
    select(article.c.sketch, copy.c.cluster_id)
    .outerjoin(copy, copy.c.article_id == article.c.id)
    .where(article.c.id == bindparam("article"))
)
KEEP = update(article).where(article.c.id == bindparam("article"))
ADD = insert(sketch)
DROP = delete(sketch).where(
    sketch.c.value == bindparam("value"), sketch.c.article_id == bindparam("article_id")
)


class Sharing(NamedTuple):
    """An article that has a value of the sketch that was looked up."""

    value: int
    article_id: int
    cluster_id: int | None

    @property
    def story(self) -> int:
        """The same for all members of a cluster, and for nothing else."""
        return -self.article_id if self.cluster_id is None else self.cluster_id


class State(NamedTuple):
    """What the archive knows of an article before it is placed."""

    values: Set[int]
    cluster_id: int | None


class New(NamedTuple):
    """An article that is not there yet: by what it will be found, and who has values of its sketch."""

    values: Set[int]
    found: Sequence[Sharing]

    @property
    def packed(self) -> bytes | None:
        """As its row has it."""
        return _packed(self.values)


def look_up(connection: Connection, article_id: int | None, values: Sequence[int]) -> list[Sharing]:
    """Who else has one of `values`, of which there are no more than a sketch has."""
    if not values:
        return []
    asked = chain(values, repeat(values[0]))  # a list of one length needs no statement of its own
    rows = connection.execute(LOOK_UP, dict(zip(VALUES, asked, strict=False)))
    return [Sharing(*row) for row in rows if row.article_id != article_id]


def new(connection: Connection, values: Sequence[int]) -> New:
    """What an article with such a sketch is to be told before it is there."""
    found = look_up(connection, None, values)
    return New(_with_room(values, found), found)


def add(connection: Connection, article_id: int, values: Set[int]) -> None:
    """Let a new article be found by `values`, which its row has already."""
    _change(connection, ADD, article_id, values)


def state(connection: Connection, article_id: int) -> State:
    """What an article was last looked up by, and its cluster."""
    packed, cluster_id = connection.execute(STATE, {"article": article_id}).one()
    return State(frozenset(_unpacked(packed or b"")), cluster_id)


def keep(
    connection: Connection,
    article_id: int,
    old: Set[int],
    values: Sequence[int],
    found: Sequence[Sharing],
) -> None:
    """Let the article be found by `values` and no more by its `old` ones; `found`: who else has them."""
    new = _with_room(values, found, old)
    if old != new:
        _change(connection, DROP, article_id, old - new)
        _change(connection, ADD, article_id, new - old)
        connection.execute(KEEP, {"article": article_id, "sketch": _packed(new)})


def _with_room(values: Sequence[int], found: Sequence[Sharing], old: Set[int] = frozenset()) -> Set[int]:
    crowd = Counter(row.value for row in found)
    return {value for value in values if value in old or crowd[value] < ROOM}


def _change(connection: Connection, statement: Executable, article_id: int, values: Set[int]) -> None:
    if values:
        rows = [{"value": value, "article_id": article_id} for value in sorted(values)]
        connection.execute(statement, rows)


def candidates(found: Sequence[Sharing], most: int) -> list[Sharing]:
    """One article of each story that is worth a comparison, the likeliest first. Pure."""
    stories: dict[int, set[int]] = defaultdict(set)  # by value
    for row in found:
        stories[row.value].add(row.story)
    telling = [row for row in found if len(stories[row.value]) <= FORMULA]
    common = Counter(row.article_id for row in telling)
    weight: Counter[int] = Counter()  # of stories, in millionths: a rare value says more than a popular one
    for value in {row.value for row in telling}:
        for story in stories[value]:
            weight[story] += 1_000_000 // len(stories[value])
    likeliest = sorted(telling, key=lambda row: (-weight[row.story], -common[row.article_id], row.article_id))
    return list({row.story: row for row in reversed(likeliest)}.values())[::-1][:most]


def _packed(values: Set[int]) -> bytes | None:
    return b"".join(value.to_bytes(VALUE_BYTES, "big") for value in sorted(values)) or None


def _unpacked(packed: bytes) -> Iterator[int]:
    for start in range(0, len(packed), VALUE_BYTES):
        yield int.from_bytes(packed[start : start + VALUE_BYTES], "big")
