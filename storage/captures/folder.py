"""Where the WARC files of an archive lie, and how they are called.

archive.db
archive-captures/
    example-org/
        20260302120000-17-00001.warc.gz         run 17's first file
        20260303120000-18-00001.warc.gz.open    being written; or torn, where nobody holds its lock
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from storage.database import folder_beside
from storage.errors import AlteredCaptureError

WHOLE = ".warc.gz"
OPEN = ".warc.gz.open"
NAME = re.compile(r"\d{14}-(?P<run>\d{1,9})-\d{5}")


def default_folder(where: str) -> Path:
    """The folder of captures of the archive at `where`: beside an SQLite file, named after it."""
    return folder_beside(where, "captures")


def file_name(source: str, run_id: int, serial: int, begun: dt.datetime) -> str:
    """The name of a run's file, below the folder of captures."""
    return f"{source}/{begun:%Y%m%d%H%M%S}-{run_id}-{serial:05}{WHOLE}"


def run_of(name: str) -> int | None:
    """The id of the run that wrote the file `name`, as its name says."""
    found = NAME.match(name.rpartition("/")[2])
    return int(found["run"]) if found else None


def path_of(folder: Path, name: str) -> Path:
    """The file `name` as it is called at present: whole, or still open."""
    whole = folder / name
    if not whole.resolve().is_relative_to(folder.resolve()):
        raise AlteredCaptureError(f"{name} leads out of the folder of captures")
    still_open = whole.with_name(whole.name.removesuffix(WHOLE) + OPEN)
    return still_open if still_open.exists() and not whole.exists() else whole


def name_of(folder: Path, path: Path) -> str:
    """The name under which rows know the file at `path`, open or not."""
    return path.relative_to(folder).as_posix().removesuffix(OPEN).removesuffix(WHOLE) + WHOLE
