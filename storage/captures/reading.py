"""Reading captures: one at its address, or all of a file, also of files that others have written."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from storage.captures.decoding import LIMIT, decode
from storage.captures.folder import path_of
from storage.captures.members import MAGIC, Member, member_at
from storage.captures.records import KIND
from storage.errors import AlteredCaptureError, CaptureError, MissingCaptureError, TornCaptureError
from storage.records import Capture, CaptureKind


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredResponse:
    """A response as it came over the wire."""

    capture: Capture
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    # Content encodings not undone.

    def header(self, name: str) -> str:
        """All values of a header, joined as HTTP joins them; "" where there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    def content(self, limit: int = LIMIT) -> bytes:
        """The document: the body with its encodings undone. CaptureError where that cannot be done."""
        return decode(
            self.body,
            content_encoding=self.header("Content-Encoding"),
            transfer_encoding=self.header("Transfer-Encoding"),
            limit=limit,
        )


def read(folder: Path, capture: Capture) -> StoredResponse:
    """The response that `capture` points to.

    MissingCaptureError where its file is not there, TornCaptureError where that
    ends too early, AlteredCaptureError where something else stands in its place.
    """
    path = path_of(folder, capture.warc_file)
    place = f"{path} at byte {capture.warc_offset}, {capture.url}"
    try:
        with path.open("rb") as file:
            member = member_at(file, capture.warc_offset)
        found = response_in(member, capture.warc_file) if member else None
    except FileNotFoundError as error:
        raise MissingCaptureError(f"{path} is missing") from error
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error
    except CaptureError as error:
        raise type(error)(f"{place}: {error}") from error
    if member is None:
        raise TornCaptureError(f"{place}: torn: the file ends before it")
    if found is None or not is_same(found.capture, capture):
        raise AlteredCaptureError(f"{place}: altered: its bytes are not those that were written")
    return found


def is_same(found: Capture, wanted: Capture) -> bool:
    """Whether what was found at a place is what a row says of it."""
    there = (found.url, found.warc_length, found.sha256, found.http_status)
    return there == (wanted.url, wanted.warc_length, wanted.sha256, wanted.http_status)


def responses(path: Path, name: str | None = None) -> Iterator[StoredResponse]:
    """All responses of a WARC file, packed or not, one at a time. CaptureError where it breaks off.

    `name` is what their captures call the file; without it, its own name. What
    is larger than any page (LIMIT) is passed over.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(MAGIC)) == MAGIC
            file.seek(0)
            yield from (_packed if packed else _unpacked)(file, name or path.name)
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror or error}") from error
    except CaptureError as error:
        raise type(error)(f"{path}: {error}") from error


def _packed(file: BinaryIO, name: str) -> Iterator[StoredResponse]:
    """warcio would read a torn file to its tear, and say nothing."""
    place = 0
    while member := member_at(file, place):
        response = response_in(member, name)
        if response:
            yield response
        place += member.length


def _unpacked(file: BinaryIO, name: str) -> Iterator[StoredResponse]:
    try:
        records = ArchiveIterator(file)
        for record in records:
            parsed = _parse(record)
            if parsed:
                place = (records.get_record_offset(), records.get_record_length())
                yield _response(parsed, name, *place)
    except ArchiveLoadFailed as error:
        raise CaptureError(f"it is no WARC file ({' '.join(str(error).split())})") from error


def response_in(member: Member, name: str) -> StoredResponse | None:
    """The response that a member of the file `name` holds; None where it holds another kind of record."""
    try:
        records = ArchiveIterator(BytesIO(member.data))
        parsed = _parse(next(records))
        if parsed and next(records, None) is not None:
            raise CaptureError("its records are not packed one by one: `warcio recompress` does that")
    except (ArchiveLoadFailed, StopIteration) as error:
        raise AlteredCaptureError("altered: no WARC record stands there") from error
    return parsed and _response(parsed, name, member.offset, member.length)


class _Parsed(NamedTuple):
    """A response record, taken apart."""

    fields: StatusAndHeaders
    http: StatusAndHeaders
    body: bytes


def _parse(record: Any) -> _Parsed | None:
    """The parts of a record that holds a response; TornCaptureError where it ends before its time."""
    if record.rec_type != "response" or record.http_headers is None or (record.length or 0) > LIMIT:
        return None
    body: bytes = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise TornCaptureError("torn: the file ends in the middle of a record")
    return _Parsed(record.rec_headers, record.http_headers, body)


def _response(parsed: _Parsed, name: str, offset: int, length: int) -> StoredResponse:
    field = parsed.fields.get_header
    try:
        status = int(parsed.http.get_statuscode())
        url = field("WARC-Target-URI").strip("<>")  # WARC 1.0 writes them with brackets
        fetched_at = _instant(field("WARC-Date"))
    except (AttributeError, TypeError, ValueError) as error:
        raise AlteredCaptureError("altered: the record has no address, date or status") from error
    kind = field(KIND)
    return StoredResponse(
        capture=Capture(
            url=url,
            kind=CaptureKind(kind) if kind in set(CaptureKind) else CaptureKind.PAGE,
            warc_file=name,
            warc_offset=offset,
            warc_length=length,
            sha256=hashlib.sha256(parsed.body).hexdigest(),
            http_status=status,
            fetched_at=fetched_at,
        ),
        status=status,
        headers=tuple(parsed.http.headers),
        body=parsed.body,
    )


def _instant(date: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(date)
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
