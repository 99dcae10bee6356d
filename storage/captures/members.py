"""The gzip members of a WARC file: a record each, so that one can be read without the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from storage.captures.decoding import LIMIT
from storage.captures.inflating import GZIP, InflateError, inflater
from storage.errors import AlteredCaptureError, TornCaptureError

CHUNK = 256 * 1024
MAGIC = b"\x1f\x8b\x08"
RECORD = b"WARC/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One whole member."""

    offset: int
    length: int
    data: bytes
    # Unpacked; its checksum was right.
    is_cut: bool = False
    # It is larger than the limit, and `data` only its beginning.


def members(file: BinaryIO, offset: int = 0) -> Iterator[Member]:
    """The whole members from `offset` on; what lies between them and is none is passed over."""
    place: int | None = offset
    while place is not None:
        try:
            member = member_at(file, place)
        except (TornCaptureError, AlteredCaptureError):
            place = next_start(file, place + 1)
            continue
        if member is None:
            return
        # A page may itself be packed, and lie here as it came: only what begins a record is one of ours.
        if member.data.startswith(RECORD):
            yield member
        place += member.length


def next_start(file: BinaryIO, offset: int) -> int | None:
    """Where the next bytes stand with which a member may begin, from `offset` on."""
    overlap = len(MAGIC) - 1
    file.seek(offset)
    tail = b""
    while chunk := file.read(CHUNK):
        found = (tail + chunk).find(MAGIC)
        if found >= 0:
            return offset - len(tail) + found
        offset += len(chunk)
        tail = (tail + chunk)[-overlap:]
    return None


def member_at(file: BinaryIO, offset: int, limit: int = LIMIT) -> Member | None:
    """The member that begins at `offset`; None at the end of the file.

    TornCaptureError where the file ends before it does, AlteredCaptureError where it is none.
    """
    file.seek(offset)
    unpacker = inflater(GZIP)
    parts: list[bytes] = []
    read = size = 0
    while not unpacker.eof:
        chunk = file.read(CHUNK)
        if not chunk:
            break
        read += len(chunk)
        try:
            part = unpacker.decompress(chunk)
        except InflateError as error:
            raise AlteredCaptureError(f"altered: what stands there cannot be unpacked ({error})") from error
        size += len(part)
        if size <= limit:
            parts.append(part)
    if not read:
        return None
    if not unpacker.eof:
        raise TornCaptureError("torn: the file ends in the middle of it")
    length = read - len(unpacker.unused_data)
    return Member(offset=offset, length=length, data=b"".join(parts), is_cut=size > limit)
