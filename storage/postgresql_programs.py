"""PostgreSQL's own programs for backups: pg_dump and pg_restore, the newest that this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL

from storage.errors import DatabaseError, UsageError

FOLDERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"
MARKS = ("article", "announcement", "alembic_version")  # tables by which an archive is known


def dump(url: URL, file: Path) -> None:
    """Write a database to `file`, in pg_dump's own format."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def restore(url: URL, file: Path) -> None:
    """Put what pg_dump wrote into an empty database, all of it or nothing."""
    listed = _run("pg_restore", None, "--list", str(file)).splitlines()
    tables = {line.split()[5] for line in listed if " TABLE " in line and " TABLE DATA " not in line}
    if not tables.issuperset(MARKS):
        raise UsageError(f"{file} is no backup of an archive")
    whole = "--exit-on-error", "--single-transaction"
    _run("pg_restore", url, "--no-owner", "--no-privileges", *whole, str(file))


def _run(name: str, url: URL | None, *arguments: str) -> str:
    """Run a program on a database; DatabaseError has what it says. No password is in its arguments."""
    environment = dict(os.environ)
    if url is not None:
        password = url.password or url.query.get("password")
        if password:
            environment["PGPASSWORD"] = str(password)
        bare = url.difference_update_query(["password"])
        bare = URL.create("postgresql", bare.username, None, bare.host, bare.port, bare.database, bare.query)
        arguments = (f"--dbname={bare.render_as_string(hide_password=False)}", *arguments)
    line = [_program(name), *arguments]
    done = subprocess.run(line, env=environment, capture_output=True, text=True)  # noqa: S603 (no shell)
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise DatabaseError(f"{name} failed: {'; '.join(line.strip() for line in told)}")
    return done.stdout


def _program(name: str) -> str:
    """That of the newest version: it reads older servers, no program reads newer ones."""
    found = [path for folder in FOLDERS for path in Path("/").glob(f"{folder[1:]}/{name}")]
    newest = max(found, key=lambda path: [int(n) for n in path.parts if n.isdigit()], default=None)
    program = str(newest) if newest else shutil.which(name)
    if program is None:
        raise DatabaseError(f"{name} is not on this machine: install PostgreSQL's client programs")
    return program
