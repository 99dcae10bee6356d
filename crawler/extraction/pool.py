"""Reading in worker processes: the event loop never parses, and a page can only hurt its worker.

One pool serves all crawls of a process. Workers live long, have loaded all that
reading needs before their first page (crawler.readers), and are replaced after a
number of pages, since trafilatura's memory grows. A page that takes too long, or
kills its worker twice, costs that page alone: the worker is replaced, and whoever
asked gets a `ReaderError`.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import wait
from typing import Any, ClassVar, ParamSpec, TypeVar

from crawler.extraction.reader import Call, DiedError, Reader

P = ParamSpec("P")
T = TypeVar("T")

PAGES_PER_WORKER = 1_000
MEMORY_LIMIT = 3 * 1024**3  # bytes of address space: a page that wants more gets a MemoryError
ORPHANED = 1  # a worker's exit code when its crawl has gone


class ReaderError(Exception):
    """A worker gave no answer; the text says why in a few words."""


class ReaderPool:
    """A pool of reading processes, shared by the crawls of this process."""

    _shared: ClassVar[dict[tuple[int, float], ReaderPool]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, workers: int = 0, *, seconds: float = 30) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.seconds = seconds
        self._users = 0
        self._key = (workers, seconds)
        self._prepare = partial(start_worker, prepare(workers))
        self._context = _context()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="reader")
        self._readers: set[Reader] = set()
        self._idle: list[Reader] = []
        self._closed = False

    @classmethod
    def shared(cls, workers: int, *, seconds: float) -> ReaderPool:
        """The process's pool with these settings; each caller releases it once."""
        with cls._lock:
            pool = cls._shared.get((workers, seconds))
            if pool is None:
                pool = cls._shared[workers, seconds] = cls(workers, seconds=seconds)
            pool._users += 1
            return pool

    def release(self) -> None:
        """Let go; the last user stops the workers."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._shared.pop(self._key, None)
        self.close()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function`'s result from a worker.

        `function` is a module's own and its arguments can be pickled. What it
        raises is raised here; a worker that dies or takes too long raises ReaderError.
        """
        call = Call(function=function, args=args, kwargs=kwargs)
        try:
            result: T = await asyncio.wrap_future(self._threads.submit(self._read, call))
        except TimeoutError as error:
            raise ReaderError(f"reading took longer than {self.seconds:g} s") from error
        except DiedError as error:
            raise ReaderError(f"the reader died ({error})") from error
        except MemoryError as error:
            raise ReaderError("reading takes too much memory") from error
        return result

    def _read(self, call: Call) -> Any:
        """In one of our threads: each holds one worker."""
        try:
            return self._ask(call, self._take())
        except DiedError:  # that need not be the page's doing: somebody may have killed all of them
            return self._ask(call, self._begin())

    def _ask(self, call: Call, reader: Reader) -> Any:
        try:
            answer = reader.ask(call, self.seconds)
        except (DiedError, TimeoutError):
            self._drop(reader)
            raise
        except BaseException:
            self._put_back(reader)
            raise
        self._put_back(reader)
        return answer

    def _take(self) -> Reader:
        """A worker that has nothing to do, the one that was busy last; else a new one."""
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        return self._begin()

    def _begin(self) -> Reader:
        reader = None if self._closed else Reader(self._context, self._prepare)
        with self._lock:
            if reader and not self._closed:
                self._readers.add(reader)
                return reader
        if reader:
            reader.stop()
        raise DiedError(None)

    def _put_back(self, reader: Reader) -> None:
        if reader.asked < PAGES_PER_WORKER:
            self._idle.append(reader)
        else:
            self._drop(reader)

    def _drop(self, reader: Reader) -> None:
        self._readers.discard(reader)
        reader.stop()

    def close(self) -> None:
        """Stop the workers at once: what they hold is read again by the next crawl."""
        with self._lock:
            self._closed = True
            left = list(self._readers)
        for reader in left:
            self._drop(reader)
        self._threads.shutdown(cancel_futures=True)


def start_worker(needed: str) -> None:
    """Prepare a worker: it dies with its parent, leaves Ctrl-C to it, and has loaded what reading needs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    _limit_memory()
    import_module(needed)  # has been imported where there is a fork server


def prepare(workers: int) -> str:
    """Let the fork server load what reading needs, while this process has other things to do.

    Returns the module that loads it. Several workers share all that a first page would load; one alone loads
    it with its first page, since there may be none to read.
    """
    needed = "crawler.readers.loaded" if workers == 1 else "crawler.readers.warm"
    if "forkserver" in multiprocessing.get_all_start_methods():
        multiprocessing.get_context("forkserver").set_forkserver_preload([needed])
        forkserver.ensure_running()
    return needed


def _context() -> multiprocessing.context.BaseContext:
    """How workers start: never by forking a process that runs an event loop."""
    known = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in known else "spawn")


def _die_with_parent() -> None:
    """End this worker when the crawl ends, however it ends.

    Neither the fork server nor a closed pipe tells it: every worker holds
    the ends of both open, so that they would keep each other alive.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(ORPHANED)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
