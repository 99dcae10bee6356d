"""What can be checked on this machine, without asking any site."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crawler.alarms import Plan
from crawler.doctor.finding import Check
from crawler.errors import ArchiveError
from crawler.sources import load
from storage import database
from storage.captures import locking
from storage.captures.folder import OPEN
from storage.filters import count_all
from storage.health.facts import disks
from storage.health.rules import size

PACKAGES = ("newsarchive", "scrapy", "trafilatura", "lxml", "sqlalchemy", "apscheduler")
OLDEST_SQLITE = (3, 35)  # RETURNING


def checks(where: str, settings: Mapping[str, Any], sources: Path, captures: Path) -> Iterator[Check]:
    """All checks that need no network."""
    yield _versions()
    yield _sqlite()
    yield _checked("database", lambda: _database(where), "")
    yield _checked("sources", lambda: _sources(sources), "mend the line that is named")
    yield _checked("settings", lambda: _settings(settings), "mend the setting that is named")
    yield from _disks(settings)
    yield _writable("captures", captures)
    yield _torn(captures)


def _checked(name: str, look: Callable[[], str], remedy: str) -> Check:
    """A check that says what is there, or raises an ArchiveError."""
    try:
        return Check(name=name, ok=True, detail=look())
    except ArchiveError as error:
        return Check(name=name, ok=False, detail=str(error), remedy=remedy)


def _versions() -> Check:
    found, missing = [f"python {platform.python_version()}"], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    remedy = f"python -m pip install {' '.join(missing)}" if missing else ""
    return Check(name="versions", ok=not missing, detail=", ".join(found), remedy=remedy)


def _sqlite() -> Check:
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    fts5 = "ENABLE_FTS5" in options
    ok = fts5 and sqlite3.sqlite_version_info >= OLDEST_SQLITE
    detail = f"{sqlite3.sqlite_version}, full-text search (FTS5) {'there' if fts5 else 'missing'}"
    return Check(name="sqlite", ok=ok, detail=detail, remedy="use a Python with a newer SQLite, with FTS5")


def _database(where: str) -> str:
    revision = database.revision_of(where)
    engine = database.open_engine(where, create=False)
    try:
        with engine.connect() as connection:
            number = count_all(connection)
            server = ""
            if connection.dialect.name != "sqlite":
                server = f", {connection.execute(text('SELECT version()')).scalar_one()}"
    finally:
        engine.dispose()
    return f"{database.shown(where)}: revision {revision}, {number} articles{server}"


def _sources(path: Path) -> str:
    if not path.exists():
        return f"no {path}: crawl URLs, or begin one with `newsarchive add URL`"
    found = load(path)
    return f"{path}: {len(found)} sources"


def _settings(settings: Mapping[str, Any]) -> str:
    channels = [channel.name for channel in Plan.of(settings).channels]
    return f"alarms go to {' and '.join(channels)}" if channels else "alarms go to the log alone"


def _disks(settings: Mapping[str, Any]) -> Iterator[Check]:
    try:
        plan = Plan.of(settings)
    except ArchiveError:
        return  # told already
    for disk in disks(plan.folders):
        yield Check(
            name="disk",
            ok=disk.free >= plan.limits.disk_free,
            detail=f"{size(disk.free)} of {size(disk.total)} free at {disk.path}",
            remedy=f"make room: at least {size(plan.limits.disk_free)} (ARCHIVE_ALARM_DISK_FREE)",
        )


def _writable(name: str, folder: Path) -> Check:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"newsarchive")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        remedy = "give this user the right to write there, or set ARCHIVE_CAPTURES_FOLDER"
        return Check(name=name, ok=False, detail=f"{there}: {error.strerror}", remedy=remedy)
    return Check(name=name, ok=True, detail=f"{folder} can be written")


def _torn(captures: Path) -> Check:
    """Files that a killed crawl has left open."""
    left = []
    held = 0
    for path in sorted(captures.glob(f"*/*{OPEN}")):
        try:
            if locking.is_held(path):
                held += 1
            else:
                left.append(path.relative_to(captures).as_posix())
        except OSError:  # it was closed meanwhile
            continue
    if not left:
        being = f"; {held} being written" if held else ""
        return Check(name="torn files", ok=True, detail=f"none{being}")
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return Check(
        name="torn files",
        ok=False,
        detail=", ".join(left[:3]) + more,
        remedy="the next crawl of their source mends them; `newsarchive verify` says whether all is there",
    )
