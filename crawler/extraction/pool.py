"""Reading in worker processes: the event loop never parses, and a page can only hurt its worker.

One pool serves all crawls of a process. Workers live long, have loaded all that
reading needs before their first page (`ready`), and are replaced after a number
of pages, since trafilatura's memory grows. A page that takes too long or kills its worker costs that page
alone: the worker is replaced, and whoever asked gets a `ReaderError`.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as ReadTimeout
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import wait
from typing import Any, ClassVar, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")

PAGES_PER_WORKER = 2_000
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
        needed = prepare(workers)
        self._pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=start_worker,
            initargs=(needed,),
            context=_context(),
        )

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
        future: Any = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=self.seconds)
        try:
            result: T = await asyncio.wrap_future(future)
        except (TimeoutError, ReadTimeout) as error:
            raise ReaderError(f"reading took longer than {self.seconds:g} s") from error
        except ProcessExpired as error:
            raise ReaderError(f"the reader died (exit code {error.exitcode})") from error
        except MemoryError as error:
            raise ReaderError("reading takes too much memory") from error
        return result

    def close(self) -> None:
        """Stop the workers at once: what they hold is read again by the next crawl."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


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
