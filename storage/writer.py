"""The one thread of a process that writes to the archive.

Callers hand it operations and get futures. It takes all that waits, runs them
in one transaction, commits, and takes what came meanwhile: no timer, so a quiet
archive answers at once and a busy one commits in groups. A future is done only
when its transaction has committed, so what it says is true after a crash.

    writer = Writer.shared(url)
    outcome = await asyncio.wrap_future(writer.submit(lambda c: articles.store(c, article)))
    writer.release()
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Connection, Engine

from storage.database import open_engine, writing

T = TypeVar("T")
Operation = Callable[[Connection], T]

MAX_GROUP = 200  # operations in one transaction: readers of WAL and other writers wait no longer than that


class Writer:
    """Runs operations on the archive one after another, in committed groups."""

    _shared: ClassVar[dict[str, Writer]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queue: queue.SimpleQueue[tuple[Operation[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._users = 0
        self._name = ""
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

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Run `operation` in a transaction soon; the future has its result once that has committed."""
        future: Future[T] = Future()
        self._queue.put((operation, future))
        return future

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._queue.put(None)
        self._thread.join()
        self.engine.dispose()

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            self._commit(group)

    def _next_group(self) -> list[tuple[Operation[Any], Future[Any]]] | None:
        """Wait for an operation and take all that is there, or None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)  # seen again after this group
                break
            group.append(more)
        return group

    def _commit(self, group: list[tuple[Operation[Any], Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with writing(self.engine) as connection:
                for operation, future in group:
                    try:
                        with connection.begin_nested():
                            done.append((future, operation(connection)))
                    except Exception as error:
                        future.set_exception(error)
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for future, result in done:
            future.set_result(result)
