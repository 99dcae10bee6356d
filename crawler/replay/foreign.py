"""Pages that others have stored: out of WARC files, or out of files that a list names. For a thread.

Whatever is wrong with a file costs the place that is wrong: it becomes a
`Flaw`, and what is whole around it is taken.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.errors import UsageError
from crawler.replay.page_list import item_in, lines_of, read_page
from storage.captures.decoding import decode
from storage.captures.members import MAGIC
from storage.captures.reading import StoredResponse
from storage.captures.salvage import Damage, salvage
from storage.errors import CaptureError
from storage.records import Capture, CaptureKind

WARC = b"WARC/"
HTML = "text/html"
NOWHERE = ""  # the file of a page that no WARC file holds


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A response, and where in its file it ends."""

    response: StoredResponse
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """A place in a file that gives nothing, and why."""

    reason: str
    end: int


def is_list(path: Path) -> bool:
    """Whether the file is a list of pages, not a WARC file; UsageError where it is neither."""
    try:
        with path.open("rb") as file:
            start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if start.startswith((MAGIC, WARC)):
        return False
    if start.startswith(b"{"):
        return True
    raise UsageError(f"{path} is no WARC file, and no list of pages (JSON Lines)")


def found_in(path: Path) -> Iterator[Found | Flaw]:
    """All responses of a WARC file, or all pages of a list."""
    return _listed(path) if is_list(path) else _recorded(path)


def _recorded(path: Path) -> Iterator[Found | Flaw]:
    for item in salvage(path):
        if isinstance(item, Damage):
            yield Flaw(reason=f"{path} at byte {item.offset}: {item.reason}", end=item.offset)
            continue
        end = item.capture.warc_offset + item.capture.warc_length
        try:
            yield Found(response=_plain(item), end=end)
        except (CaptureError, ValueError) as error:
            yield Flaw(reason=f"{path} at byte {item.capture.warc_offset}: {error}", end=end)


def _plain(response: StoredResponse) -> StoredResponse:
    """`response` as it stands in files of ours: not in chunks, and not called packed where it is not.

    Some crawlers unpack a body and leave its Content-Encoding as it was.
    """
    body = decode(response.body, content_encoding="", transfer_encoding=response.header("Transfer-Encoding"))
    undone = {"transfer-encoding"}
    if body.lstrip()[:1] == b"<":
        undone.add("content-encoding")
    headers = tuple(pair for pair in response.headers if pair[0].lower() not in undone)
    return replace(response, headers=headers, body=body)


def _listed(path: Path) -> Iterator[Found | Flaw]:
    end = 0
    for number, line in enumerate(lines_of(path), 1):
        end += len(line)
        try:
            yield Found(response=_saved(line), end=end)
        except (ValueError, RecursionError, UsageError) as error:
            yield Flaw(reason=f"{path}, line {number}: {error}", end=end)


def _saved(line: bytes) -> StoredResponse:
    """The page that a line names, as its server may have sent it."""
    item = item_in(line)
    path = Path(item["path"])
    body = read_page(path)
    content_type = item.get("content_type") or HTML
    if not isinstance(content_type, str) or not content_type.isprintable():
        raise ValueError("content_type is no media type")
    return StoredResponse(
        capture=Capture(
            url=item["url"],
            kind=CaptureKind.PAGE,
            warc_file=NOWHERE,
            warc_offset=0,
            warc_length=0,
            sha256=hashlib.sha256(body).hexdigest(),
            http_status=200,
            fetched_at=_instant(item.get("fetched_at"), path),
        ),
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
    )


def _instant(text: object, path: Path) -> dt.datetime:
    """When a page was fetched: what its line says, else when its file was last written."""
    if text is None:
        return dt.datetime.fromtimestamp(int(path.stat().st_mtime), dt.UTC)
    try:
        instant = dt.datetime.fromisoformat(text if isinstance(text, str) else json.dumps(text))
    except ValueError as error:
        raise ValueError(f"fetched_at: {text!r} is no time such as 2026-01-31T12:00:00Z") from error
    return instant.astimezone(dt.UTC) if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
