"""Finding who has a value of a sketch, and which of them are worth a comparison."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, func, select

from storage import sketches
from storage.models import sketch
from storage.shingles import SKETCH
from storage.sketches import FORMULA, ROOM, Sharing, candidates
from tests.storage.newsroom import HOST, Newsroom, article


def ids(found: list[Sharing], most: int = 5) -> list[int]:
    return [row.article_id for row in candidates(found, most)]


def test_who_shares_most_comes_first() -> None:
    found = [Sharing(1, 10, None), Sharing(2, 20, None), Sharing(3, 20, None), Sharing(4, 30, None)]
    assert ids(found) == [20, 10, 30]
    assert ids(found, most=1) == [20]


def test_one_of_each_cluster() -> None:
    found = [Sharing(1, 10, 7), Sharing(1, 11, 7), Sharing(2, 11, 7), Sharing(2, 12, 8)]
    assert ids(found) == [11, 12]


def test_a_rare_value_says_more_than_a_popular_one() -> None:
    popular = [Sharing(value, number, None) for value in (1, 2) for number in range(10, 16)]
    assert ids([*popular, Sharing(3, 99, None)])[0] == 99


def test_a_formula_says_nothing() -> None:
    assert ids([Sharing(1, number, None) for number in range(FORMULA)])
    assert not ids([Sharing(1, number, None) for number in range(FORMULA + 1)])


def test_a_text_printed_everywhere_is_no_formula() -> None:
    assert ids([Sharing(1, number, 5) for number in range(FORMULA + 1)]) == [0]


@pytest.fixture
def placed(newsroom: Newsroom) -> list[int]:
    """The ids of more articles than a value has room for."""
    for n in range(ROOM + 2):
        newsroom.store(article(f"{HOST}{n}"), sketch=())
    return list(range(1, ROOM + 3))


def keep(connection: Connection, article_id: int, *values: int) -> None:
    before = sketches.state(connection, article_id)
    sketches.keep(
        connection, article_id, before.values, values, sketches.look_up(connection, article_id, values)
    )


def rows(connection: Connection) -> set[tuple[int, int]]:
    return {(row.value, row.article_id) for row in connection.execute(select(sketch))}


def test_what_an_article_is_found_by_follows_it(connection: Connection, placed: list[int]) -> None:
    keep(connection, 1, 5, 6)
    keep(connection, 2, 6)
    assert rows(connection) == {(5, 1), (6, 1), (6, 2)}
    assert sketches.look_up(connection, 1, [5, 6]) == [Sharing(6, 2, None)]
    keep(connection, 1, 6, 2**47)
    assert rows(connection) == {(6, 1), (2**47, 1), (6, 2)}
    keep(connection, 1)
    assert rows(connection) == {(6, 2)}
    assert sketches.state(connection, 1).values == set()


def test_a_value_has_room_for_so_many(connection: Connection, placed: list[int]) -> None:
    for number in placed:
        keep(connection, number, 5)
    assert connection.scalar(select(func.count()).select_from(sketch)) == ROOM
    keep(connection, placed[0], 5)
    assert (5, placed[0]) in rows(connection)


@pytest.mark.parametrize("size", [0, 1, SKETCH - 1, SKETCH])
def test_a_new_article_is_found_by_all_of_its_sketch(
    connection: Connection, placed: list[int], size: int
) -> None:
    keep(connection, 1, 3, 7)
    values = [*range(SKETCH, 2 * SKETCH - 1), 7][-size:] if size else []
    new = sketches.new(connection, values)
    assert new.found == ([Sharing(7, 1, None)] if size else [])
    sketches.add(connection, 2, new.values)
    assert rows(connection) == {(3, 1), (7, 1)} | {(value, 2) for value in values}
    assert [row.value for row in sketches.look_up(connection, 1, values)] == sorted(values)


def test_a_new_article_takes_no_room_where_there_is_none(connection: Connection, placed: list[int]) -> None:
    for number in placed[:ROOM]:
        keep(connection, number, 5)
    new = sketches.new(connection, [5, 6])
    assert (new.values, len(new.found)) == ({6}, ROOM)


def test_a_new_article_is_stored_with_what_it_is_found_by(newsroom: Newsroom) -> None:
    newsroom.store(article(f"{HOST}1"), sketch=(9, 8))
    assert sketches.state(newsroom.connection, 1).values == {8, 9}
    assert rows(newsroom.connection) == {(8, 1), (9, 1)}
