"""The writing thread: what it says is in the file is in the file, whatever happens."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from storage import engines
from storage.database import open_engine
from storage.engines import BACKENDS
from storage.errors import DatabaseError
from storage.writer import GATHER_SECONDS, MAX_GROUP, Operation, Writer
from tests.databases import only_postgresql, only_sqlite, rows

INSERT = text("INSERT INTO person (name, folded) VALUES (:name, :name)")


@pytest.fixture
def writer(where: str) -> Iterator[Writer]:
    writer = Writer(open_engine(where))
    yield writer
    writer.close()


def add(name: str) -> Operation[str]:
    """An operation that adds a person, and returns the name."""

    def operation(connection: Connection) -> str:
        connection.execute(INSERT, {"name": name})
        return name

    return operation


def names(where: str) -> list[str]:
    """Who is in the file, as any other process sees it."""
    return [name for (name,) in rows(where, "SELECT name FROM person ORDER BY id")]


@contextmanager
def held(writer: Writer) -> Iterator[None]:
    """Keep the writer busy, so that all that is submitted meanwhile is one group."""
    gate = threading.Event()
    busy = writer.submit(lambda _: gate.wait(10))
    while not busy.running():
        time.sleep(0.001)
    try:
        yield
    finally:
        gate.set()
        assert busy.result(10)


def test_results_and_order(writer: Writer, where: str) -> None:
    futures = [writer.submit(add(str(n))) for n in range(500)]
    assert [future.result(10) for future in futures] == [str(n) for n in range(500)]
    assert names(where) == [str(n) for n in range(500)]


def test_what_waits_is_committed_in_groups(writer: Writer) -> None:
    commits: list[Connection] = []
    event.listen(writer.engine, "commit", commits.append)
    with held(writer):
        futures = [writer.submit(add(str(n))) for n in range(2 * MAX_GROUP + 1)]
    for future in futures:
        future.result(10)
    assert len(commits) == 1 + 3


def test_a_quiet_archive_answers_at_once(writer: Writer) -> None:
    started = time.monotonic()
    for n in range(20):
        writer.submit(add(str(n))).result(10)
    assert time.monotonic() - started < 5


def test_what_can_wait_does_so_for_others(writer: Writer, where: str) -> None:
    commits: list[Connection] = []
    writer.submit(add("busy")).result(10)  # a quarter of a second begins
    event.listen(writer.engine, "commit", commits.append)
    futures = []
    for n in range(10):
        futures.append(writer.submit(add(str(n)), can_wait=True))
        time.sleep(GATHER_SECONDS / 100)
    assert [future.result(10) for future in futures] == [str(n) for n in range(10)]
    assert len(commits) <= 2  # two where this test was held up between two of them
    assert names(where) == ["busy", *map(str, range(10))]


@pytest.fixture
def long_wait(monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds that what can wait is left for: more than a slow machine needs for a few commits."""
    monkeypatch.setattr("storage.writer.GATHER_SECONDS", 5)
    return 5


def test_what_can_wait_does_not_where_nothing_happens(writer: Writer, long_wait: float) -> None:
    started = time.monotonic()
    writer.submit(add("alone"), can_wait=True).result(10)
    assert time.monotonic() - started < long_wait / 2


def test_what_cannot_wait_takes_along_what_can(writer: Writer, long_wait: float) -> None:
    commits: list[Connection] = []
    writer.submit(add("busy")).result(10)
    event.listen(writer.engine, "commit", commits.append)
    started = time.monotonic()
    patient = writer.submit(add("patient"), can_wait=True)
    writer.submit(add("urgent")).result(10)
    assert patient.done()
    assert len(commits) == 1
    assert time.monotonic() - started < long_wait / 2


def test_closing_waits_for_no_others(where: str, long_wait: float) -> None:
    writer = Writer(open_engine(where))
    writer.submit(add("busy")).result(10)
    started = time.monotonic()
    left = writer.submit(add("left"), can_wait=True)
    writer.close()
    assert left.result(0) == "left"
    assert time.monotonic() - started < long_wait / 2


def test_an_operation_that_raises_costs_itself_alone(writer: Writer, where: str) -> None:
    def half(connection: Connection) -> None:
        connection.execute(INSERT, {"name": "half"})
        raise ZeroDivisionError

    with held(writer):
        before, failed, twice, after = (writer.submit(f) for f in (add("a"), half, add("a"), add("b")))
    with pytest.raises(ZeroDivisionError):
        failed.result(10)
    with pytest.raises(Exception, match=r"UNIQUE constraint failed|violates unique constraint"):
        twice.result(10)
    assert (before.result(10), after.result(10)) == ("a", "b")
    assert names(where) == ["a", "b"]


def test_a_future_is_done_only_when_its_row_is_in_the_file(writer: Writer, where: str) -> None:
    seen: dict[str, list[str]] = {}

    def slow(connection: Connection) -> str:
        connection.execute(INSERT, {"name": "slow"})
        seen["while it runs"] = names(where)
        return "slow"

    def look(future: Future[str]) -> None:
        seen[f"when {future.result()} is done"] = names(where)

    with held(writer):
        for operation in (add("first"), slow, add("last")):
            writer.submit(operation).add_done_callback(look)
    writer.submit(lambda _: None).result(10)
    everyone = ["first", "slow", "last"]
    assert seen == {
        "while it runs": [],
        **{f"when {name} is done": everyone for name in everyone},
    }


def test_a_caller_that_no_longer_waits_stops_nobody(writer: Writer, where: str) -> None:
    with held(writer):
        given_up = writer.submit(add("given up"))
        assert given_up.cancel()
        kept = writer.submit(add("kept"))
    assert kept.result(10) == "kept"
    assert names(where) == ["kept"]


def test_a_task_that_is_cancelled_while_it_waits(writer: Writer, where: str) -> None:
    async def give_up() -> str:
        with held(writer):
            waiting = asyncio.create_task(_await(writer, "given up"))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.sleep(0)
        return await _await(writer, "kept")

    assert asyncio.run(give_up()) == "kept"
    assert names(where) == ["kept"]


async def _await(writer: Writer, name: str) -> str:
    return await asyncio.wrap_future(writer.submit(add(name)))


@only_sqlite
def test_a_full_disk(writer: Writer, where: str) -> None:
    """SQLite drops the whole transaction then: nobody in the group may hear that all is well."""

    def limit(pages: int) -> Operation[None]:
        def operation(connection: Connection) -> None:
            used = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {used + pages}"))

        return operation

    writer.submit(limit(3)).result(10)
    with held(writer):
        futures = [writer.submit(add(name)) for name in ("before", "much " * 20_000, "after")]
    for future in futures:
        with pytest.raises(DatabaseError, match=r"cannot write to the archive .*archive\.db: .*"):
            future.result(10)
    assert names(where) == []
    writer.submit(limit(1_000_000)).result(10)
    assert writer.submit(add("room again")).result(10) == "room again"
    assert names(where) == ["room again"]


HOLD = """
import sys
from storage.database import open_engine, writing
with writing(open_engine(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_holding(where: str) -> Iterator[None]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin
    assert holder.stdout
    with holder:
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()


def test_another_process_holds_the_archive_too_long(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for backend in BACKENDS.values():
        monkeypatch.setattr(backend, "BUSY_SECONDS", 0.2)
    with closing(Writer(open_engine(where))) as writer:
        with another_process_holding(where):
            futures = [writer.submit(add(name)) for name in "ab"]
            for future in futures:
                with pytest.raises(DatabaseError, match=r"database is locked|due to lock timeout"):
                    future.result(10)
        assert writer.submit(add("c")).result(10) == "c"
    assert names(where) == ["c"]


def test_another_process_holds_the_archive_for_a_moment(writer: Writer, where: str) -> None:
    with another_process_holding(where):
        future = writer.submit(add("patient"))
        time.sleep(0.2)
        assert not future.done()
    assert future.result(10) == "patient"


def test_one_archive_has_one_writer_until_its_last_user_is_gone(where: str) -> None:
    first, second = Writer.shared(where), Writer.shared(where)
    assert first is second
    first.release()
    waiting = [second.submit(add(str(n))) for n in range(300)]
    second.release()
    assert all(future.done() for future in waiting)
    assert len(names(where)) == 300
    with pytest.raises(RuntimeError, match="closed"):
        second.submit(add("late"))
    third = Writer.shared(where)
    assert third is not first
    assert third.submit(add("again")).result(10) == "again"
    third.release()


def test_two_archives_have_a_writer_each(where: str, nowhere: str) -> None:
    one, other = Writer.shared(where), Writer.shared(nowhere)
    assert one is not other
    other.submit(add("there")).result(10)
    one.release()
    other.release()
    assert (names(where), names(nowhere)) == ([], ["there"])


def test_an_archive_that_cannot_be_opened_has_no_writer(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError):
            Writer.shared(str(tmp_path))
    assert str(tmp_path) not in Writer._shared


def test_closing_twice_is_closing_once(where: str) -> None:
    writer = Writer(open_engine(where))
    writer.close()
    writer.close()


@only_postgresql
def test_a_server_that_drops_its_connections(writer: Writer, where: str) -> None:
    """As when it is restarted: what it had not committed is written again, once."""
    admin = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    attempts: list[str] = []

    def interrupted(connection: Connection) -> str:
        connection.execute(INSERT, {"name": "interrupted"})
        attempts.append("once more")
        if len(attempts) == 1:
            rows(where, f"{admin} AND pid <> pg_backend_pid()")
        connection.execute(INSERT, {"name": "the rest"})
        return "there"

    writer.submit(add("before")).result(10)
    with held(writer):
        futures = [writer.submit(f) for f in (add("first"), interrupted, add("last"))]
    assert [future.result(30) for future in futures] == ["first", "there", "last"]
    assert len(attempts) == 2
    assert sorted(names(where)) == ["before", "first", "interrupted", "last", "the rest"]


@only_postgresql
def test_a_deadlock_with_somebody_else_is_tried_again(writer: Writer, where: str) -> None:
    """Another program in the same database takes our rows in the other order."""
    for name in "ab":
        writer.submit(add(name)).result(10)
    touch = text("UPDATE person SET folded = folded || '!' WHERE name = :name")
    engine = open_engine(where)
    attempts: list[str] = []

    with engine.connect().execution_options(isolation_level="READ COMMITTED") as other, other.begin():
        other.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # it is ours that is chosen
        other.execute(touch, {"name": "b"})

        def both(connection: Connection) -> int:
            attempts.append("")
            connection.execute(text("SET LOCAL deadlock_timeout = '100ms'"))
            for name in "ab":
                connection.execute(touch, {"name": name})
            return len(attempts)

        future = writer.submit(both)
        while not future.running() or not attempts:
            time.sleep(0.01)
        time.sleep(0.05)
        other.execute(touch, {"name": "a"})
    assert future.result(30) > 1
    engine.dispose()
    assert rows(where, "SELECT name, folded FROM person ORDER BY name") == [("a", "a!!"), ("b", "b!!")]


@only_postgresql
def test_a_server_that_stays_away(writer: Writer, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.writer.PATIENCE_SECONDS", 0.5)
    database = where.rpartition("/")[2]
    admin = where.removesuffix(database) + "postgres"
    writer.submit(add("before")).result(10)
    allow = f"UPDATE pg_database SET datallowconn = {{}} WHERE datname = '{database}'"
    rows(admin, allow.format("false"))
    rows(admin, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    with pytest.raises(DatabaseError, match=r"^cannot write to .*not currently accept"):
        writer.submit(add("lost")).result(20)
    rows(admin, allow.format("true"))
    assert writer.submit(add("back")).result(10) == "back"
    assert names(where) == ["before", "back"]


STORE = """
import sys
from storage.database import open_engine
from storage.writer import Writer
from storage import articles
from tests.storage.newsroom import Newsroom, article

writer = Writer(open_engine(sys.argv[1]))
newsroom = writer.submit(Newsroom).result()

def store(address):
    def operation(connection):
        newsroom.connection = connection
        return articles.store(connection, newsroom.submission(article(address)))
    return operation

for n in range(1_000_000):
    address = f"https://courier.example/{sys.argv[2]}/{n}"
    writer.submit(store(address)).add_done_callback(lambda f, a=address: print(a, f.result(), flush=True))
    if n % 7 == 0:  # sometimes one by one, mostly in groups
        writer.submit(lambda _: None).result()
"""


def test_what_was_acknowledged_survives_sigkill(where: str) -> None:
    moments = random.Random(7)
    acknowledged: set[str] = set()
    for round_ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", STORE, where, str(round_)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        lines = [process.stdout.readline()]
        time.sleep(moments.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        acknowledged |= {line.split()[0] for line in lines if line.endswith(" stored\n")}
    assert len(acknowledged) >= 4
    kept = rows(where, "SELECT canonical_url FROM articles WHERE body != ''")
    accounted = rows(where, "SELECT url, outcome FROM ledger")
    engine = open_engine(where)
    with engine.connect() as connection:
        backend = engines.of(engine.url)
        assert backend.damages(connection) + backend.dangling(connection) == []
    engine.dispose()
    stored = {address for (address,) in kept}
    assert acknowledged <= stored
    assert len(kept) == len(stored)
    assert stored == {address for address, outcome in accounted if outcome == "stored"}
