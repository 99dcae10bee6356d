"""The one thread of a process that writes to the archive.

Callers hand it operations and get futures. It takes all that waits, runs them
in one transaction, commits, and takes what came meanwhile. A group costs more
than what is in it, so operations whose callers have time (`can_wait`) are left
until a quarter of a second after the last group began, unless one comes that
has not: a quiet archive answers at once, a busy one commits four times a
second. A future is done only when its transaction has committed, so what it
says is true after a crash.

    writer = Writer.shared(url)
    outcome = await asyncio.wrap_future(writer.submit(lambda c: articles.store(c, article)))
    writer.release()
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ClassVar, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage import engines
from storage.database import in_transaction, open_engine, place, reason, writing
from storage.errors import DatabaseError
from storage.gathering import gathering

T = TypeVar("T")
Operation = Callable[[Connection], T]
Answer = Callable[[], None]

MAX_GROUP = 200  # operations in one transaction: readers of WAL and other writers wait no longer than that
GATHER_SECONDS = 0.25  # between the beginnings of two groups of operations that can wait
PATIENCE_SECONDS = 60  # how long a server may be away: it is restarted meanwhile
PAUSE = (0.1, 0.5)  # seconds before the next attempt


class _Task(NamedTuple):
    operation: Operation[Any]
    future: Future[Any]
    can_wait: bool


class Writer:
    """Runs operations on the archive one after another, in committed groups."""

    _shared: ClassVar[dict[str, Writer]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._users = 0
        self._name = ""
        self._next_at = 0.0  # by the monotonic clock: when what can wait has waited enough
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    @classmethod
    def shared(cls, where: str) -> Writer:
        """The process's writer for the archive at `where`; each caller releases it once."""
        with cls._lock:
            writer = cls._shared.get(where)
            if writer is None:
                writer = cls._shared[where] = cls(open_engine(where))
                writer._name = where
            writer._users += 1
            return writer

    def release(self) -> None:
        """Let go; the last user waits until all is committed and the database is closed."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._shared.pop(self._name, None)
        self.close()

    def submit(self, operation: Operation[T], *, can_wait: bool = False) -> Future[T]:
        """Run `operation` in a transaction soon; the future has its result once that has committed.

        One that `can_wait` may be left for GATHER_SECONDS, so that others come into its group.

        What `operation` raises is the future's exception, and undoes what it
        did, nothing else. DatabaseError where the whole group could not be
        written: another process held the archive too long, the disk is full.
        """
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the archive's writer is closed")
            self._queue.put(_Task(operation, future, can_wait))
        return future

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._closing:
            if not self._closed:
                self._queue.put(None)
            self._closed = True
        self._thread.join()
        self.engine.dispose()

    def _run(self) -> None:
        more = True
        while more:
            group, more = self._next_group()
            self._next_at = time.monotonic() + GATHER_SECONDS
            # A caller that no longer waits may have changed its mind: its operation is not begun.
            group = [task for task in group if task.future.set_running_or_notify_cancel()]
            if group:
                self._write(group)

    def _next_group(self) -> tuple[list[_Task], bool]:
        """Wait for operations until it is time, and take all that are there; False where none comes after."""
        group: list[_Task] = []
        rest: float | None = None  # seconds to wait for the next one
        is_urgent = False
        while len(group) < MAX_GROUP:
            try:
                task = self._queue.get(timeout=rest)
            except queue.Empty:
                break
            if task is None:
                return group, False
            group.append(task)
            is_urgent = is_urgent or not task.can_wait
            rest = 0 if is_urgent else max(0, self._next_at - time.monotonic())
        return group, True

    def _write(self, group: list[_Task]) -> None:
        """Run and commit `group`, then answer each: nobody hears of what is not in the file."""
        try:
            answers = self._answers(group)
        except Exception as error:
            answers = [partial(task.future.set_exception, self._explained(error)) for task in group]
        for answer in answers:
            answer()

    def _answers(self, group: list[_Task]) -> list[Answer]:
        """Commit `group`; what the server undid, or never got, is tried again unless it is away too long."""
        backend = engines.of(self.engine.url)
        patience = time.monotonic() + PATIENCE_SECONDS
        run = _together
        while True:
            answers: list[Answer] = []
            try:
                with writing(self.engine) as connection:
                    answers += run(connection, group)
                return answers
            except _OneFailedError:
                run = _one_by_one
                continue
            except DBAPIError as error:
                # Once it has been told to commit, a server that is gone may have done so.
                has_run = len(answers) == len(group)
                again = backend.is_undone(error) or (backend.is_away(error) and not has_run)
                if not again or time.monotonic() > patience:
                    raise
            time.sleep(random.uniform(*PAUSE))  # noqa: S311 (so that two that met do not meet again)

    def _explained(self, error: Exception) -> Exception:
        if not isinstance(error, DBAPIError):
            return error
        explained = DatabaseError(f"cannot write to the archive {place(self.engine)}: {reason(error)}")
        explained.__cause__ = error
        return explained


class _OneFailedError(Exception):
    """An operation of a group has raised: nothing of the group is kept."""


def _together(connection: Connection, group: list[_Task]) -> list[Answer]:
    """Run a group without a way back to between two of its operations, which would cost each of them."""
    try:
        with gathering(connection):
            return [partial(task.future.set_result, task.operation(connection)) for task in group]
    except Exception as error:
        if isinstance(error, DBAPIError) and _is_of_the_server(connection, error):
            raise
        raise _OneFailedError from error


def _one_by_one(connection: Connection, group: list[_Task]) -> list[Answer]:
    return [_attempt(connection, task) for task in group]


def _attempt(connection: Connection, task: _Task) -> Answer:
    """Run one operation; what it raises is its answer, and nothing of it is left in the transaction."""
    try:
        with connection.begin_nested(), gathering(connection):
            result = task.operation(connection)
    except Exception as error:
        # On a full disk SQLite takes the whole transaction back, and commits what follows piece by piece.
        # What PostgreSQL undoes for the sake of another transaction is to be tried again as a whole.
        if not in_transaction(connection) or (
            isinstance(error, DBAPIError) and engines.of(connection.engine.url).is_undone(error)
        ):
            raise
        return partial(task.future.set_exception, error)
    return partial(task.future.set_result, result)


def _is_of_the_server(connection: Connection, error: DBAPIError) -> bool:
    """Whether an error is no operation's own: it will be the same for all of the group."""
    backend = engines.of(connection.engine.url)
    return backend.is_undone(error) or backend.is_away(error)
