"""The files of pictures: told by their bytes, named by their hash, each kept once.

    archive.db
    archive-pictures/ab/ab3f….jpg

Nothing that a server says goes into a name, and a name is only given to a file
that is whole: one that is written lies beside it under another until then.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from sqlalchemy import Connection, exists, select

from storage.database import folder_beside
from storage.errors import ArchiveError
from storage.models import image, picture_file
from storage.records import PictureFile

# What Pillow calls the formats that are kept. SVG is none of them: it is a program.
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # several JPEGs in one file, as some cameras write them
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}
TRIED = [name for name in MEDIA_TYPES if name != "MPO"]  # found as a JPEG
PART = ".part-"  # how the name of a file begins that is being written
STALE_SECONDS = 3_600  # after which a file that is being written was left by a process that was killed


class NoPicture(ValueError):  # noqa: N818 (an answer, no mistake)
    """The bytes are no picture that is kept; the text says why."""


class FolderError(ArchiveError):
    """The folder of pictures cannot be written."""


def folder(configured: str, database: str) -> Path:
    """Where the pictures of an archive are: where a setting says, else beside the archive."""
    if configured:
        return Path(configured).expanduser()
    return folder_beside(database, "pictures")


def examined(body: bytes, *, max_pixels: int, at: dt.datetime) -> PictureFile:
    """What the picture is that these bytes are, decoded to its end; NoPicture where they are none."""
    from PIL import Image, UnidentifiedImageError  # not needed to read an archive

    try:
        with Image.open(BytesIO(body), formats=TRIED) as picture:
            media_type = MEDIA_TYPES[picture.format or ""]
            width, height = picture.size
            if width * height > max_pixels:
                raise NoPicture(f"{width} x {height} pixels are more than ARCHIVE_PICTURE_MAXPIXELS")
            picture.draft("RGB", (1, 1))  # a JPEG is read whole, but unfolded to an eighth of each side
            picture.load()
    except NoPicture:
        raise
    except UnidentifiedImageError as error:
        raise NoPicture("no JPEG, PNG, WebP, GIF or AVIF") from error
    except Exception as error:  # Pillow's readers raise whatever they stumble over
        raise NoPicture(f"a broken picture: {error}"[:200]) from error
    return PictureFile(
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=media_type,
        width=width,
        height=height,
        size=len(body),
        fetched_at=at,
    )


def write(where: Path, file: PictureFile, body: bytes) -> None:
    """Keep the bytes of a picture in the folder at `where`, unless they are there; FolderError."""
    path = where / file.path
    try:
        if path.is_file() and path.stat().st_size == file.size:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, body)
    except OSError as error:
        raise FolderError(f"cannot write to the folder of pictures {where}: {error.strerror}") from error


def tidy(where: Path) -> None:
    """Take away what processes that were killed have left half written."""
    for part in where.glob(f"*/{PART}*"):
        with suppress(OSError):  # another process may be at it, too
            if time.time() - part.stat().st_mtime > STALE_SECONDS:
                part.unlink()


def check(connection: Connection, where: Path) -> Iterator[str | None]:
    """What is wrong with the files of an archive's pictures, a line each; None for each that is as it was."""
    known = {file.path: file for file in _files(connection)}
    for path, file in known.items():
        problem = _problem(where / path, file)
        yield f"{where / path}: {problem}" if problem else None
    linked = exists().where(image.c.file_sha256 == picture_file.c.sha256)
    for sha256 in connection.scalars(select(picture_file.c.sha256).where(~linked)):
        yield f"{where}: no picture of an article points to {sha256}"
    for found in sorted(where.rglob("*")):
        if found.is_file() and found.relative_to(where).as_posix() not in known:
            half = found.name.startswith(PART)
            yield f"{found}: {'half written' if half else 'nothing in the archive points to it'}"


def _files(connection: Connection) -> Iterator[PictureFile]:
    for row in connection.execute(select(picture_file).order_by(picture_file.c.sha256)):
        yield PictureFile(**row._mapping)


def _problem(path: Path, file: PictureFile) -> str | None:
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None if found == file.sha256 else "its bytes are not those that its name says"


def _write_whole(path: Path, body: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(body)
            opened.flush()
            os.fsync(opened.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
