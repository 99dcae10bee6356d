"""A copy of an archive to try something on: one SQLite file, whatever the archive is."""

from __future__ import annotations

from pathlib import Path

from storage.backups import copy_file
from storage.database import database_url, open_engine, writing
from storage.transfer import copy_rows


def copy(where: str, target: Path) -> None:
    """Copy the archive at `where`, in use or not, to the file `target`; a missing one leaves no copy.

    Of a database on a server all rows come, but not the search index: nothing can be searched in the copy.
    """
    url = database_url(where)
    if url.get_backend_name() != "sqlite":
        _copy_rows(where, target)
    elif (path := Path(url.database or "")).is_file():
        copy_file(path, target)


def _copy_rows(where: str, target: Path) -> None:
    origin, copied = open_engine(where), open_engine(str(target))
    try:
        with origin.connect() as reader, writing(copied) as writer:
            copy_rows(reader, writer)
    finally:
        origin.dispose()
        copied.dispose()
