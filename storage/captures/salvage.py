"""All that is whole in a WARC file of whatever making, however damaged the rest is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.captures.members import MAGIC, member_at, next_start
from storage.captures.reading import StoredResponse, response_in, responses
from storage.errors import AlteredCaptureError, CaptureError, TornCaptureError

HTTP_RESPONSE = b"msgtype=response"  # in a record's own head
HEAD = 1_024  # bytes in which that stands
MOST_DAMAGE = 1_000  # places; a file with more is garbage, and may be made to be read for ever
MAX_RECORD = 64 * 1024**2  # bytes of a record when unpacked; a page is at most a quarter of that


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """A place that holds no whole record."""

    offset: int
    reason: str


def salvage(path: Path) -> Iterator[StoredResponse | Damage]:
    """The responses in a file, and a `Damage` for each place where there should be one and is none.

    CaptureError where the file cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(MAGIC)) == MAGIC
            yield from _bounded(_packed(file, path.name) if packed else _unpacked(path))
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror or error}") from error


def _bounded(items: Iterator[StoredResponse | Damage]) -> Iterator[StoredResponse | Damage]:
    damaged = 0
    for item in items:
        damaged += isinstance(item, Damage)
        if isinstance(item, Damage) and damaged > MOST_DAMAGE:
            yield Damage(offset=item.offset, reason="damaged in too many places: the rest is not read")
            return
        yield item


def _packed(file: BinaryIO, name: str) -> Iterator[StoredResponse | Damage]:
    place: int | None = 0
    while place is not None:
        try:
            member = member_at(file, place, MAX_RECORD)
        except (TornCaptureError, AlteredCaptureError) as error:
            yield Damage(offset=place, reason=str(error))
            place = next_start(file, place + 1)
            continue
        if member is None:
            return
        place += member.length
        if member.is_cut:
            reason = f"larger than {MAX_RECORD >> 20} MiB when unpacked: passed over"
            yield Damage(offset=member.offset, reason=reason)
            continue
        try:
            response = response_in(member, name)
        except CaptureError as error:
            yield Damage(offset=member.offset, reason=str(error))
            continue
        if response is not None:
            yield response
        elif HTTP_RESPONSE in member.data[:HEAD].lower():
            yield Damage(offset=member.offset, reason="it says that it is larger than any page: passed over")


def _unpacked(path: Path) -> Iterator[StoredResponse | Damage]:
    """Records that are not packed one by one; behind one that is broken, none can be found."""
    end = 0
    try:
        for response in responses(path):
            end = response.capture.warc_offset + response.capture.warc_length
            yield response
    except CaptureError as error:
        yield Damage(offset=end, reason=str(error).removeprefix(f"{path}: "))
