"""Reading captures: one at its address, or all of a file, also of files that others have written."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from storage.captures.decoding import LIMIT, decode
from storage.captures.folder import path_of
from storage.captures.members import Member, member_at
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
    try:
        with path.open("rb") as file:
            member = member_at(file, capture.warc_offset)
    except FileNotFoundError as error:
        raise MissingCaptureError(f"{path} is not there") from error
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror}") from error
    except CaptureError as error:
        raise type(error)(f"{path}: {error}") from error
    if member is None:
        raise TornCaptureError(
            f"{path} ends before byte {capture.warc_offset}, where {capture.url} should be"
        )
    found = response_in(member, capture.warc_file)
    if found is None or not is_same(found.capture, capture):
        raise AlteredCaptureError(
            f"{path}: at byte {capture.warc_offset} is not what was written of {capture.url}"
        )
    return found


def is_same(found: Capture, wanted: Capture) -> bool:
    """Whether what was found at a place is what a row says of it."""
    there = (found.url, found.warc_length, found.sha256, found.http_status)
    return there == (wanted.url, wanted.warc_length, wanted.sha256, wanted.http_status)


def responses(path: Path, name: str | None = None) -> Iterator[StoredResponse]:
    """All responses of a WARC file, packed or not, one at a time. CaptureError where it breaks off.

    `name` is what their captures call the file; without it, its own name.
    """
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                parsed = _parse(record)
                if parsed is not None:
                    place = (name or path.name, records.get_record_offset(), records.get_record_length())
                    yield _response(parsed, *place)
    except OSError as error:
        raise CaptureError(f"cannot read {path}: {error.strerror or error}") from error
    except ArchiveLoadFailed as error:
        raise CaptureError(f"{path} is no WARC file: {error}") from error
    except CaptureError as error:
        raise type(error)(f"{path}: {error}") from error


def response_in(member: Member, name: str) -> StoredResponse | None:
    """The response that a member of the file `name` holds; None where it holds another kind of record."""
    try:
        parsed = _parse(next(ArchiveIterator(BytesIO(member.data))))
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
    if record.rec_type != "response" or record.http_headers is None:
        return None
    body: bytes = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise TornCaptureError("torn: the file ends in the middle of a record")
    return _Parsed(record.rec_headers, record.http_headers, body)


def _response(parsed: _Parsed, name: str, offset: int, length: int) -> StoredResponse:
    field = parsed.fields.get_header
    status = int(parsed.http.get_statuscode() or 0)
    kind = field(KIND)
    return StoredResponse(
        capture=Capture(
            url=field("WARC-Target-URI").strip("<>"),  # WARC 1.0 writes them with brackets
            kind=CaptureKind(kind) if kind in set(CaptureKind) else CaptureKind.PAGE,
            warc_file=name,
            warc_offset=offset,
            warc_length=length,
            sha256=hashlib.sha256(parsed.body).hexdigest(),
            http_status=status,
            fetched_at=_instant(field("WARC-Date")),
        ),
        status=status,
        headers=tuple(parsed.http.headers),
        body=parsed.body,
    )


def _instant(date: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(date)
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
