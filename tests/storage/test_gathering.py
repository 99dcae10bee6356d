"""Rows that are written at the end of a group: once, in order, and nothing of an operation that failed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Executable, bindparam, delete, func, insert, select, text, update

from storage import attempts, events, search_index
from storage.database import open_engine
from storage.events import EventKind
from storage.gathering import gathering, later
from storage.models import byline, image, person, source
from storage.records import Attempt, Outcome
from storage.writer import Writer
from tests.databases import rows
from tests.storage.newsroom import NOON, Newsroom, article
from tests.storage.test_counted_work import counted
from tests.storage.test_writer import held

ADD = insert(person)
NAMES = "SELECT name FROM person ORDER BY id"
PIER = "https://courier.example/pier"


def named(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "folded": name} for name in names]


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(text(NAMES)))


@pytest.fixture
def writer(where: str) -> Iterator[Writer]:
    writer = Writer(open_engine(where))
    yield writer
    writer.close()


def test_rows_are_written_in_their_order_by_one_statement(connection: Connection) -> None:
    with counted(connection) as sent, gathering(connection):
        later(connection, ADD, named("b", "a"))
        later(connection, ADD, named("c"))
        assert not sent
    assert len(sent) == 1
    assert names(connection) == ["b", "a", "c"]


def test_where_nothing_gathers_they_are_written_at_once(connection: Connection) -> None:
    with gathering(connection):
        later(connection, ADD, named("a"))
    later(connection, ADD, named("b"))
    assert names(connection) == ["a", "b"]


@pytest.mark.parametrize(
    "statement",
    [
        select(person.c.id),
        select(source.c.id).where(select(person.c.id).exists()),
        select(select(func.count()).select_from(person).scalar_subquery()),
        select(source.c.id).union_all(select(person.c.id)),
        select(source.c.id).join(person.alias("other"), source.c.id == 0),
        select(select(person.c.name).cte("all").c.name),
        update(person).values(folded="b"),
        update(source).values(name=select(person.c.name).scalar_subquery()),
        insert(person).values(name="z", folded="z"),
        insert(byline).from_select(["person_id"], select(person.c.id).where(person.c.id < 0)),
        delete(source),  # it may lead to others
        text("SELECT 1"),
    ],
)
def test_they_are_written_before_a_statement_that_may_need_them(
    connection: Connection, statement: Executable
) -> None:
    with counted(connection) as sent, gathering(connection):
        later(connection, ADD, named("a"))
        connection.execute(statement)
        assert len(sent) == 2
        assert sent[0].startswith("INSERT INTO person")
        later(connection, ADD, named("b"))
    assert {"a", "b"} <= set(names(connection))


def test_they_wait_for_no_statement_that_has_nothing_to_do_with_them(connection: Connection) -> None:
    with counted(connection) as sent, gathering(connection):
        later(connection, ADD, named("a"))
        connection.execute(select(source.c.id))
        connection.execute(update(image).values(caption=None))
        assert len(sent) == 2
    assert names(connection) == ["a"]


def test_rows_of_a_table_are_written_in_their_order_whatever_writes_them(connection: Connection) -> None:
    other = insert(person).values(folded="another statement")
    with gathering(connection):
        later(connection, ADD, named("a"))
        later(connection, other, [{"name": "b"}])
        later(connection, ADD, named("c"))
    assert names(connection) == ["a", "b", "c"]


def test_rows_that_ask_for_others_are_written_after_them(connection: Connection) -> None:
    newest = func.coalesce(func.max(person.c.name), "nobody")
    of_all = insert(source).from_select(
        ["slug", "name", "home_page"], select(bindparam("slug", type_=source.c.slug.type), newest, text("''"))
    )
    with gathering(connection):
        later(connection, of_all, [{"slug": "first"}])
        later(connection, ADD, named("a"))
        later(connection, of_all, [{"slug": "second"}])
    told = connection.execute(text("SELECT slug, name FROM source ORDER BY id")).all()
    assert [tuple(row) for row in told] == [("first", "nobody"), ("second", "a")]


def test_no_rows_are_none(connection: Connection) -> None:
    with counted(connection) as sent, gathering(connection):
        later(connection, ADD, [])
    assert not sent


def test_after_an_error_nothing_of_them_is_left(connection: Connection) -> None:
    def failing() -> None:
        with gathering(connection):
            later(connection, ADD, named("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with gathering(connection):
        later(connection, ADD, named("b"))
    assert names(connection) == ["b"]


def test_an_operation_that_fails_leaves_nothing_of_what_it_gathered(writer: Writer, where: str) -> None:
    def failing(connection: Connection) -> None:
        later(connection, ADD, named("lost"))
        raise ZeroDivisionError

    with held(writer):
        first, failed, last = (
            writer.submit(operation)
            for operation in (
                lambda c: later(c, ADD, named("first")),
                failing,
                lambda c: later(c, ADD, named("last")),
            )
        )
    assert isinstance(failed.exception(10), ZeroDivisionError)
    assert (first.result(10), last.result(10)) == (None, None)
    assert rows(where, NAMES) == [("first",), ("last",)]


def test_rows_that_cannot_be_written_are_the_failure_of_who_gathered_them(writer: Writer, where: str) -> None:
    nobody = [{"name": None, "folded": ""}]
    with held(writer):
        first, failed, last = (
            writer.submit(lambda c, rows=rows: later(c, ADD, rows))  # type: ignore[misc]
            for rows in (named("first"), [*named("lost"), *nobody], named("last"))
        )
    assert failed.exception(10) is not None
    assert (first.result(10), last.result(10)) == (None, None)
    assert rows(where, NAMES) == [("first",), ("last",)]


def test_what_a_future_tells_of_is_in_the_file(writer: Writer, where: str) -> None:
    writer.submit(lambda c: later(c, ADD, named("a"))).result(10)
    assert rows(where, NAMES) == [("a",)]


def test_questions_find_what_was_just_gathered(newsroom: Newsroom) -> None:
    connection = newsroom.connection
    with gathering(connection):
        newsroom.store(article(PIER))
        assert events.last(connection) == 1
        [version_id] = search_index.ids(connection)
        newsroom.store(article(f"{PIER}/2"))
        assert search_index.indexed(connection, [version_id, version_id + 1]).keys() == {
            version_id,
            version_id + 1,
        }
        one = Attempt(at=NOON, outcome=Outcome.STORED)
        attempts.keep(connection, [one], url_id=newsroom.url_id(PIER), run_id=newsroom.run_id)
        assert attempts.count(connection, before=NOON.replace(year=2027)) == 1


def test_an_index_row_that_was_just_gathered_can_be_replaced_and_taken_away(newsroom: Newsroom) -> None:
    connection = newsroom.connection
    with gathering(connection):
        newsroom.store(article(PIER))
        [version_id] = search_index.ids(connection)
        search_index.put(connection, version_id, article(PIER, headline="Gulls"))
        search_index.put(connection, version_id, article(PIER, headline="Terns"))
    [found] = search_index.indexed(connection, [version_id]).values()
    assert found["headline"] == "terns"
    with gathering(connection):
        search_index.put(connection, version_id, article(PIER))
        search_index.remove(connection, version_id)
    assert list(search_index.ids(connection)) == []


def test_the_events_of_a_group_are_in_the_order_in_which_things_happened(newsroom: Newsroom) -> None:
    with gathering(newsroom.connection):
        for number in range(3):
            newsroom.store(article(f"{PIER}/{number}"))
    told = newsroom.connection.execute(text("SELECT kind, article_id FROM event ORDER BY id")).all()
    stored, cluster = EventKind.STORED, EventKind.CLUSTER  # they are near-copies
    in_order = [(stored, 1), (stored, 2), (cluster, 1), (cluster, 2), (stored, 3), (cluster, 3)]
    assert [tuple(row) for row in told] == in_order
