"""Starts `newsarchive` with what it imports loaded: to load that is most of what a command costs.

A process that has imported it waits, and forks for each command: what a test runs is a process of its own
all the same, in its own folder and environment, with settings of its own. What a crawl's readers are forked
from is forked as well, where it would else be started: it has read a page before. How the command starts
without all that is seen where tests start it themselves (`Command.line`).
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import multiprocessing.util
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Self

# Commands that read pages.
READS = ("crawl", "import", "reextract", "schedule")
# What the process of a crawl imports of others.
LIBRARIES = (
    *("typer._adapters", "rich.ansi", "rich.live", "rich.panel", "rich.progress", "rich.rule", "rich.table"),
    *("sqlite3", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg", "psycopg"),
    *("lxml.html", "PIL.Image", "rapidfuzz.process", "rapidfuzz.distance", "tldextract", "warcio.warcwriter"),
    *("scrapy.crawler", "scrapy.core.downloader.handlers.http11", "scrapy.core.scheduler", "scrapy.squeues"),
    *("scrapy.downloadermiddlewares.cookies", "scrapy.downloadermiddlewares.httpcompression"),
    *("scrapy.downloadermiddlewares.robotstxt", "scrapy.extensions.throttle", "scrapy.pipelines.media"),
    *("scrapy.spidermiddlewares.referer", "protego", "queuelib", "multiprocessing.forkserver"),
    *(f"scrapy.downloadermiddlewares.{name}" for name in ("defaultheaders", "downloadtimeout", "httpauth")),
    *(f"scrapy.downloadermiddlewares.{name}" for name in ("httpproxy", "offsite", "stats", "useragent")),
    *("scrapy.extensions.feedexport", "scrapy.extensions.logstats", "scrapy.extensions.memusage"),
    *(f"scrapy.spidermiddlewares.{name}" for name in ("depth", "httperror", "start", "urllength")),
    *("scrapy.dupefilters", "scrapy.logformatter", "scrapy.pqueues", "scrapy.statscollectors"),
    *("alembic.command", "multiprocessing.popen_forkserver", "pydantic.plugin._loader", "rich._emoji_codes"),
)
# … and of ours: what asks an archive, and what readers need, who have read a page. None of it depends on the
# environment but the settings, which are read anew, and what is imported later.
OURS = (
    *("storage.archive", "crawler.readers.warm", "crawler.spiders.crawling", "crawler.spiders.news"),
    *("pipelines.keep_pictures", "pipelines.normalise", "pipelines.store"),
)
SETTINGS = "crawler.settings"
READERS = ("crawler.readers.loaded", "crawler.readers.warm")  # set how their process looks for garbage
MANY_FILES = 100


class Started:
    """A command that runs, with these files as its standard input, output and errors."""

    def __init__(self, line: list[str], *, env: Mapping[str, str], cwd: Path, files: Sequence[int]) -> None:
        self._line = line
        self._told, tell = socket.socketpair()
        arguments = line[line.index("crawler") + 1 :]
        request = json.dumps({"arguments": arguments, "env": dict(env), "cwd": str(cwd)})
        with tell:
            socket.send_fds(_waiting(), [request.encode()], [*files, tell.fileno()])
        self._lines = self._told.makefile()
        self.pid = int(self._lines.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._told.close()

    @property
    def has_ended(self) -> bool:
        return bool(select.select([self._told], [], [], 0)[0])

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        """Its exit code; it is killed where it has none by then."""
        self._told.settimeout(timeout)
        try:
            return int(self._lines.readline())
        except TimeoutError:
            self.kill()
            raise subprocess.TimeoutExpired(self._line, timeout) from None


def run(
    line: list[str], *, env: Mapping[str, str], cwd: Path, stdin: str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of a `Command.line`, with its output captured."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write((stdin or "").encode())
        given.seek(0)
        with Started(line, env=env, cwd=cwd, files=[one.fileno() for one in (given, out, err)]) as started:
            code = started.wait(timeout)
        texts = [_read(file) for file in (out, err)]
    return subprocess.CompletedProcess(line, code, *texts)


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@cache
def _waiting() -> socket.socket:
    """The way to the process that waits; it ends when nobody holds this end any more."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # numpy begins no thread: it would not be forked
        )
    return ours


def _forked(waiting: socket.socket) -> dict[str, Any]:
    """Fork for each request; returns in a process that is to become a command, with what it is to be."""
    while True:
        request, files, _, _ = socket.recv_fds(waiting, 1 << 20, 4)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not request:
            sys.exit()
        if not os.fork():
            break
        for file in files:
            os.close(file)
    waiting.close()
    *streams, tell = files
    if pid := os.fork():  # this one stays, to say how the command ends
        os.write(tell, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(tell, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(tell)
    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    become: dict[str, Any] = json.loads(request)
    return become


def _become(command: Mapping[str, Any]) -> None:
    os.chdir(command["cwd"])
    os.environ.clear()
    os.environ.update(command["env"])
    time.tzset()
    sys.path[0] = command["cwd"]
    sys.argv = ["crawler", *command["arguments"]]
    importlib.reload(sys.modules[SETTINGS])
    for name in READERS:
        del sys.modules[name]
    if sys.argv[1:2] and sys.argv[1] in READS:
        _have_spares()


def _have_spares() -> None:
    """Fork what `multiprocessing` is going to start: its tracker of resources, and what forks readers.

    Now: later this process has threads, and no child of another is its own.
    """
    spares: list[tuple[int, socket.socket]] = []
    for _ in range(2):
        spares.append(_spare([tell for _, tell in spares]))
    spawn = multiprocessing.util.spawnv_passfds

    def start(path: bytes, args: Sequence[Any], files: Sequence[int]) -> int:
        if not spares:
            return spawn(path, args, files)
        pid, tell = spares.pop()
        with tell:
            request = {"code": args[args.index("-c") + 1], "files": list(files)}
            socket.send_fds(tell, [json.dumps(request).encode()], files)
        return pid

    multiprocessing.util.spawnv_passfds = start


def _spare(others: list[socket.socket]) -> tuple[int, socket.socket]:
    """A child of this process that runs the code it is told, and the way to tell it; else it ends with us."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if pid := os.fork():
        theirs.close()
        return pid, ours
    for end in (ours, *others):
        end.close()
    with theirs:
        request, files, _, _ = socket.recv_fds(theirs, 1 << 20, MANY_FILES)
    if request:
        told = json.loads(request)
        away = [fcntl.fcntl(file, fcntl.F_DUPFD, MANY_FILES) for file in files]
        for file in files:
            os.close(file)
        for file, number in zip(away, told["files"], strict=True):  # the code says them
            os.dup2(file, number)
            os.close(file)
        with suppress(SystemExit):
            exec(told["code"], {"__name__": "__main__"})  # of multiprocessing's own
    os._exit(0)


def main() -> None:
    """Wait, and become the command that is asked for."""
    sys.path[0] = ""  # not the folder of the tests, whose names are not meant for all
    pace = gc.get_threshold()
    for name in (*LIBRARIES, *OURS):
        importlib.import_module(name)
    assert threading.active_count() == 1
    gc.set_threshold(*pace)
    gc.freeze()
    _become(_forked(socket.socket(fileno=int(sys.argv[1]))))
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
