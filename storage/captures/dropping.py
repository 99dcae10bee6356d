"""Taking raw bytes away again: WARC files written anew without some of their records.

A row says first why its bytes are to go (`drop_reason`). Then the file is
written anew beside the old one, one transaction moves the rows to the new file
and notes when the others' bytes went, and the old file is deleted last. Killed
at any point, the next `drop` goes on: no bytes are lost that are to stay, and
none are forgotten that are to go.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, exists, select, update

from storage.captures import locking
from storage.captures.folder import WHOLE, path_of
from storage.captures.members import Member, member_at
from storage.captures.reading import response_in
from storage.captures.writing import sync_folder
from storage.database import writing
from storage.errors import AlteredCaptureError, BusyCaptureError, CaptureError
from storage.models import capture

PART = ".part"  # how the name of a file ends that is being written anew
TIMES = re.compile(rf"(?:r(?P<times>\d+))?{re.escape(WHOLE)}$")  # how often a file was written anew
REQUEST = re.compile(rb"^WARC-Type: request\r$", re.MULTILINE)


@dataclass(kw_only=True, slots=True)
class Dropped:
    """What was taken away."""

    captures: int = 0
    files: int = 0
    # Written anew, or deleted.
    size: int = 0
    # Bytes on the disk that are free now.
    waiting: int = 0
    # Files that a crawl is writing: the next time.


def require_idle(folder: Path, names: Collection[str]) -> None:
    """BusyCaptureError where a process is writing one of these files."""
    for name in names:
        path = path_of(folder, name)
        if path.exists() and path.name != Path(name).name:
            held = locking.is_held(path)
            remedy = "try again when it has ended" if held else "the next crawl of its source mends it first"
            raise BusyCaptureError(f"{path} is still open by a crawl: {remedy}")


def drop(engine: Engine, folder: Path, *, at: dt.datetime) -> Dropped:
    """Take away all bytes whose rows say so; files that a crawl is writing wait for the next time."""
    done = Dropped()
    for name in _names_to_drop(engine):
        try:
            require_idle(folder, [name])
        except BusyCaptureError:
            done.waiting += 1
            continue
        _drop_from(engine, folder, name, at, done)
    for name in _left_behind(engine, folder):
        done.size += _delete(folder / name)
        done.files += 1
    return done


def _names_to_drop(engine: Engine) -> list[str]:
    wanted = (capture.c.drop_reason.is_not(None), capture.c.dropped_at.is_(None))
    with engine.connect() as connection:
        return sorted(connection.scalars(select(capture.c.warc_file).where(*wanted).distinct()))


def _left_behind(engine: Engine, folder: Path) -> list[str]:
    """Files of which no row needs anything, and that are there all the same."""
    other = capture.alias()
    still_used = exists().where(other.c.warc_file == capture.c.warc_file, other.c.dropped_at.is_(None))
    query = select(capture.c.warc_file).where(capture.c.dropped_at.is_not(None), ~still_used).distinct()
    with engine.connect() as connection:
        return [name for name in connection.scalars(query) if (folder / name).is_file()]


def _drop_from(engine: Engine, folder: Path, name: str, at: dt.datetime, done: Dropped) -> None:
    columns = (capture.c.id, capture.c.warc_offset, capture.c.drop_reason)
    query = select(*columns).where(capture.c.warc_file == name, capture.c.dropped_at.is_(None))
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    kept = [row for row in rows if row.drop_reason is None]
    gone = [row for row in rows if row.drop_reason is not None]
    old, new = folder / name, _next_name(name)
    places = _write_anew(old, folder / new, {row.warc_offset for row in gone}) if kept else {}
    with writing(engine) as connection:
        for row in kept:
            place = {"warc_file": new, "warc_offset": places[row.warc_offset]}
            connection.execute(update(capture).where(capture.c.id == row.id).values(place))
        ids = [row.id for row in gone]
        connection.execute(update(capture).where(capture.c.id.in_(ids)).values(dropped_at=at))
    done.captures += len(gone)
    done.files += 1
    done.size += _delete(old) - (_size(folder / new) if kept else 0)


def _next_name(name: str) -> str:
    def counted(found: re.Match[str]) -> str:
        return f"r{int(found['times'] or 0) + 1}{WHOLE}"

    return TIMES.sub(counted, name, count=1)


def _write_anew(old: Path, new: Path, without: Collection[int]) -> dict[int, int]:
    """Copy the records of a file, byte for byte, but for those at these offsets; where each stands now."""
    part = new.with_name(new.name + PART)
    places: dict[int, int] = {}
    try:
        with old.open("rb") as source, part.open("wb") as target:
            for member in _kept(source, old.name, without):
                places[member.offset] = target.tell()
                _copy(source, member, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(new)
        sync_folder(new.parent)
    except OSError as error:
        raise CaptureError(f"cannot write {old} anew: {error.strerror}") from error
    return places


def _kept(file: BinaryIO, name: str, without: Collection[int]) -> Iterator[Member]:
    """The members to keep: a request goes with its response, which stands before it."""
    place, goes_on = 0, False
    while member := member_at(file, place):
        place += member.length
        if member.offset in without:
            if response_in(member, name) is None:
                where = f"{name} at byte {member.offset}"
                raise AlteredCaptureError(f"{where}: another kind of record stands there")
            goes_on = True
        elif not (goes_on and REQUEST.search(member.data.partition(b"\r\n\r\n")[0] + b"\r")):
            goes_on = False
            yield member


def _copy(source: BinaryIO, member: Member, target: BinaryIO) -> None:
    source.seek(member.offset)
    target.write(source.read(member.length))


def _size(path: Path) -> int:
    return path.stat().st_size


def _delete(path: Path) -> int:
    """Delete a file; returns the bytes that it took."""
    try:
        size = _size(path)
        path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise CaptureError(f"cannot delete {path}: {error.strerror}") from error
    sync_folder(path.parent)
    return size
