"""Starts `newsarchive` with the libraries of others loaded: to load them is most of what a command costs.

A process that has imported them waits, and forks for each command: what a test runs is a process of its own
all the same, in its own folder and environment, and imports all of ours anew. How the command starts without
that is seen where tests start it themselves (`Command.line`).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

# What the process of a crawl imports. Not trafilatura: only readers do, and its numpy begins a thread.
LIBRARIES = (
    *("typer._adapters", "rich.ansi", "rich.live", "rich.panel", "rich.progress", "rich.rule", "rich.table"),
    *("sqlite3", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg", "psycopg"),
    *("lxml.html", "PIL.Image", "rapidfuzz.process", "rapidfuzz.distance", "tldextract", "warcio.warcwriter"),
    *("scrapy.crawler", "scrapy.core.downloader.handlers.http11", "scrapy.core.scheduler", "scrapy.squeues"),
    *("scrapy.downloadermiddlewares.cookies", "scrapy.downloadermiddlewares.httpcompression"),
    *("scrapy.downloadermiddlewares.robotstxt", "scrapy.extensions.throttle", "scrapy.pipelines.media"),
    *("scrapy.spidermiddlewares.referer", "protego", "queuelib", "multiprocessing.forkserver"),
)
OURS = {"crawler", "storage", "pipelines"}


def run(
    line: list[str], *, env: Mapping[str, str], cwd: Path, stdin: str | None, timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of a `Command.line`, with its output captured."""
    arguments = line[line.index("crawler") + 1 :]
    told, tell = socket.socketpair()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write((stdin or "").encode())
        given.seek(0)
        with told:
            with tell:
                files = [given.fileno(), out.fileno(), err.fileno(), tell.fileno()]
                request = json.dumps({"arguments": arguments, "env": dict(env), "cwd": str(cwd)})
                socket.send_fds(_waiting(), [request.encode()], files)
            with told.makefile() as lines:
                pid = int(lines.readline())
                told.settimeout(timeout)
                try:
                    code = int(lines.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(line, timeout) from None
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


def main() -> None:
    """Wait, and become the command that is asked for."""
    sys.path[0] = ""  # not the folder of the tests, whose names are not meant for all
    for name in LIBRARIES:
        importlib.import_module(name)
    assert not OURS & sys.modules.keys()
    assert threading.active_count() == 1
    gc.freeze()
    become = _forked(socket.socket(fileno=int(sys.argv[1])))
    os.chdir(become["cwd"])
    os.environ.clear()
    os.environ.update(become["env"])
    time.tzset()
    sys.path[0] = become["cwd"]
    sys.argv = ["crawler", *become["arguments"]]
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
