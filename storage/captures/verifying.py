"""Is each capture where its row says, and does each stored response have a row? One pass over each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from storage.captures import locking
from storage.captures.folder import OPEN, WHOLE, name_of, path_of
from storage.captures.members import Member, member_at
from storage.captures.reading import is_same, response_in
from storage.errors import AlteredCaptureError, CaptureError, MissingCaptureError, TornCaptureError
from storage.records import Capture

Known = Mapping[int, Capture]  # the rows of a file, by offset
# One a record that was looked at: the capture or the place, and what is wrong there (None where nothing is).
Finding = tuple[Capture | int, CaptureError | None]
LEFT_OPEN = "left open by a process that was killed; the next crawl of its source, or import, mends it"
ENDS_BEFORE = "torn: its file ends before it"


class UnknownCaptureError(CaptureError):
    """A response is stored, and no row points to it."""


def file_names(folder: Path) -> set[str]:
    """The WARC files that lie in the folder, as rows name them."""
    return {name_of(folder, path) for ending in (WHOLE, OPEN) for path in folder.glob(f"*/*{ending}")}


def check_file(folder: Path, name: str, known: Known) -> Iterator[Finding]:
    """Look at all records of the file `name`, and at each place where a row says that one is."""
    try:
        with path_of(folder, name).open("rb") as file:
            yield from _check(file, name, known)
    except FileNotFoundError:
        missing = MissingCaptureError("missing: its file is not there")
        yield from ((capture, missing) for capture in known.values())
    except OSError as error:
        unread = CaptureError(f"its file cannot be read: {error.strerror}")
        yield from ((capture, unread) for capture in known.values())


def _check(file: BinaryIO, name: str, known: Known) -> Iterator[Finding]:
    is_open = file.name.endswith(OPEN)
    is_written = is_open and locking.is_held(Path(file.name))
    seen: set[int] = set()
    place: int | None = 0
    while place is not None:
        finding, after = _look(file, name, place, known.get(place))
        seen.add(place)
        if finding and is_open and place not in known:
            if not is_written:  # else its row is on the way
                yield finding[0], TornCaptureError(LEFT_OPEN)
        elif finding:
            yield finding
        place = after if after is not None else _next(known, place)
    for capture in (known[offset] for offset in known.keys() - seen):
        finding, _ = _look(file, name, capture.warc_offset, capture)
        yield finding or (capture, TornCaptureError(ENDS_BEFORE))


def _look(file: BinaryIO, name: str, place: int, row: Capture | None) -> tuple[Finding | None, int | None]:
    """What is to be said of a place, and where the record after it begins, if that can be told."""
    try:
        member = member_at(file, place)
        if member is None:
            return ((row, TornCaptureError(ENDS_BEFORE)) if row else None), None
        return _compare(member, name, row), place + member.length
    except CaptureError as error:
        return (row or place, error), None


def _compare(member: Member, name: str, row: Capture | None) -> Finding | None:
    """A record and the row of its place; None where it is no response and none is expected."""
    response = response_in(member, name)
    if response is None:
        return (
            (row, AlteredCaptureError("altered: another kind of record stands in its place")) if row else None
        )
    if row is None:
        return response.capture, UnknownCaptureError("no row points to it")
    if not is_same(response.capture, row):
        return row, AlteredCaptureError("altered: its bytes are not those that were written")
    return row, None


def _next(known: Known, place: int) -> int | None:
    return min((offset for offset in known if offset > place), default=None)
