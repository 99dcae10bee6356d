"""Opening the archive's database: where it is, how it is set, which revision it has.

What SQLite and PostgreSQL do each in their own way is in `storage.engines`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage import engines, views
from storage.engines import REMEDY
from storage.errors import AwayError, DatabaseError, UsageError

DEFAULT = "archive.db"
REVISION = "0013"  # the newest in storage/migrations; a test holds the two together
MIGRATIONS = Path(__file__).parent / "migrations"
IS_URL = re.compile(r"^[a-z][\w+]*://", re.IGNORECASE)
# What stands between the user's name and the last @ before the name of the database; and parameters.
PASSWORD = re.compile(r"(?<=://)([^:/@]*):.*(?=@[^@]*/)|(\bpassword=)[^&]*", re.IGNORECASE)
# The tables by which an archive is known; another application may have an alembic_version of its own.
MARKS = {"alembic_version", "article", "announcement"}


def database_url(where: str) -> URL:
    """`where` as an SQLAlchemy URL; a plain path is an SQLite file. UsageError where it is neither."""
    try:
        if not IS_URL.match(where):
            return URL.create("sqlite", database=str(Path(where).expanduser()))
        url = make_url(where)
    except (ArgumentError, ValueError, RuntimeError) as error:  # no URL, a port "x", the home of nobody
        raise UsageError(f"not a database: {shown(where)!r} {REMEDY}") from error
    backend = engines.BACKENDS.get(url.get_backend_name())
    if backend is None or url.drivername not in backend.DRIVERS:
        raise UsageError(f"{url.drivername} is not supported {REMEDY}")
    if found := backend.problem(url):
        raise UsageError(f"{found}: {shown(where)!r} {REMEDY}")
    return url


def shown(where: str) -> str:
    """`where` as a person may see it: without a password."""
    if not IS_URL.match(where):
        return where
    return PASSWORD.sub(lambda found: f"{found[1]}:***" if found[1] is not None else f"{found[2]}***", where)


def folder_beside(where: str, what: str) -> Path:
    """The folder of the archive's captures or pictures, where no setting names one.

    archive.db -> archive-captures beside it; a database on a server -> its name in the working directory.
    """
    url = database_url(where)
    name = engines.of(url).folder_name(url)
    return name.with_name(f"{name.name}-{what}")


def open_engine(where: str, *, create: bool = True) -> Engine:
    """An engine on the archive at `where`, its tables made if it is empty.

    With `create=False` a missing file is a DatabaseError instead of a new archive.
    """
    with _explained(where):
        engine = _engine(where, create=create)
        try:
            _require_revision(engine, create=create)
        except BaseException:
            engine.dispose()
            raise
        return engine


def place(engine: Engine) -> str:
    """Where an engine's archive is, for a person: its file or its URL without the password."""
    url = engine.url
    return url.database or "" if engine.dialect.name == "sqlite" else _plain(url)


def _plain(url: URL) -> str:
    return shown(url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with; AwayError where the server does not answer, or not any more."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if not engines.of(engine.url).is_away(error):
            raise
        raise AwayError(f"no answer from the archive {place(engine)}: {reason(error)}") from error


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """What the driver says, in one line."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        url = database_url(where)
        told = url.database if url.get_backend_name() == "sqlite" else _plain(url)
        raise DatabaseError(f"cannot open the archive {told}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """The driver's own words, as one line."""
    lines = str(getattr(error, "orig", None) or error).split("Multiple connection attempts failed")[0]
    return "; ".join(line.strip() for line in lines.splitlines() if line.strip())


def _engine(where: str, *, create: bool, foreign_keys: bool = True) -> Engine:
    url = database_url(where)
    backend = engines.of(url)
    if not create and not backend.is_there(url):
        raise DatabaseError(
            f"no archive at {url.database}: crawl something first, or name another with --database"
        )
    return backend.connect(url, foreign_keys=foreign_keys)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the archive to itself from its start: others may read, and wait to write."""
    backend = engines.of(engine.url)
    with engine.connect().execution_options(**backend.WRITING) as connection, connection.begin():
        backend.begin_writing(connection)
        yield connection


def in_transaction(connection: Connection) -> bool:
    """Whether the database itself still has the transaction that `connection` believes to be in."""
    if connection.invalidated:
        return False
    return engines.of(connection.engine.url).is_in_transaction(connection.connection.dbapi_connection)


def _require_revision(engine: Engine, *, create: bool) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found is None and create:
        engines.of(engine.url).prepare(engine)
        with writing(engine) as connection:  # under the lock: two first crawls may start at once
            found = _revision(connection)
            if found is None:
                from storage import schema  # the models, which most who open an archive need not

                schema.create(connection, REVISION)
                found = REVISION
    if found is None:
        raise DatabaseError(f"{place(engine)} is no archive: name another with --database")
    if found != REVISION:
        remedy = "`newsarchive db upgrade` brings it there" if found < REVISION else "a later one made it"
        raise DatabaseError(
            f"{place(engine)} has revision {found}; this newsarchive needs {REVISION}: {remedy}"
        )


def _revision(connection: Connection) -> str | None:
    """The archive's revision, None for an empty database; DatabaseError for one of something else."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if not names >= MARKS:
        where = place(connection.engine)
        raise DatabaseError(f"{where} is a database of something else: name another one")
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database to `revision` inside the connection's transaction."""
    from alembic import command  # 0.2 s to import, needed with a new version at most

    views.drop(connection)
    command.upgrade(alembic_config(connection), revision)
    if revision in ("head", REVISION):
        views.create(connection)


def upgrade_archive(where: str) -> tuple[str, str]:
    """Bring the archive at `where` to this version's revision; returns the revision before, and after."""
    with _whatever_its_revision(where) as engine, writing(engine) as connection:
        before = _known_revision(connection)
        if before > REVISION:
            raise DatabaseError(f"{place(engine)} has revision {before}, which a later newsarchive made")
        if before != REVISION:
            from storage.clusters import place_all  # numpy: 0.1 s to import, needed by writers alone

            upgrade(connection)
            place_all(connection)
            _check_references(connection)
        return before, REVISION


def _check_references(connection: Connection) -> None:
    """Undo an upgrade (by raising in its transaction) after which a row refers to nothing."""
    broken = engines.of(connection.engine.url).dangling(connection)
    if broken:
        raise DatabaseError(f"the archive is damaged: {broken[0]}")


def revision_of(where: str) -> str:
    """The revision of the archive at `where`."""
    with _whatever_its_revision(where) as engine, engine.connect() as connection:
        return _known_revision(connection)


def _known_revision(connection: Connection) -> str:
    found = _revision(connection)
    if found is None:
        raise DatabaseError(f"{place(connection.engine)} is no archive: name another with --database")
    return found


@contextmanager
def _whatever_its_revision(where: str) -> Iterator[Engine]:
    with _explained(where):
        engine = _engine(where, create=False, foreign_keys=False)
        try:
            yield engine
        finally:
            engine.dispose()


def alembic_config(connection: Connection) -> Any:
    """Alembic's configuration for a connection: the package's own revisions, no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
