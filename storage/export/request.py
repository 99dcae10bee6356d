"""What is exported, in which format: the requests that there are, and how each is carried out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import UsageError
from storage.export import destination
from storage.export.lines import BYLINE_COLUMNS, CAPTION_COLUMNS, CSV_COLUMNS, write_csv, write_jsonl
from storage.filters import EVERYTHING, Filter

if TYPE_CHECKING:
    from storage.archive import Archive, Versions


class What(StrEnum):
    """What one record of an export is."""

    ARTICLES = "articles"
    CAPTIONS = "captions"
    BYLINES = "bylines"


# Format, and the ending by which it is known.
FORMATS = {"jsonl": ".jsonl", "csv": ".csv", "parquet": ".parquet", "tei": ".xml", "text": ""}
PACKED = (".gz", ".zst")
COLUMNS = {What.ARTICLES: CSV_COLUMNS, What.CAPTIONS: CAPTION_COLUMNS, What.BYLINES: BYLINE_COLUMNS}
PARTS = ("source", "day", "language")  # what Parquet can be parted by


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One export."""

    format: str
    # A key of FORMATS.
    output: Path | None = None
    # A file; a folder for text, for TEI whose name does not end in .xml, for Parquet in parts. None: stdout.
    what: What = What.ARTICLES
    where: Filter = EVERYTHING
    query: str | None = None
    versions: Versions = "current"
    partition: tuple[str, ...] = ()
    # Of PARTS.
    force: bool = False


def check(request: Request) -> None:
    """UsageError where a request has no sense, before anything is read."""
    format_, output = request.format, request.output
    if format_ not in FORMATS:
        raise UsageError(f"--format {format_}: there is {', '.join(FORMATS)}")
    if output is None and format_ not in ("jsonl", "csv"):
        raise UsageError(f"--format {format_} needs --output, since it is no text that could be printed")
    if format_ in ("tei", "text") and request.what is not What.ARTICLES:
        raise UsageError(f"--format {format_} has articles only; {request.what} go to jsonl, csv or parquet")
    if request.partition and format_ != "parquet":
        raise UsageError("--partition is for --format parquet")
    for name in request.partition:
        if name not in PARTS or (name == "language" and request.what is not What.ARTICLES):
            raise UsageError(f"--partition {name}: there is {', '.join(PARTS)} (language for articles only)")
    if output is None:
        return
    if output.name.endswith(PACKED) and format_ not in ("jsonl", "csv"):
        raise UsageError(f"{output}: only jsonl and csv are packed by the ending of their file")
    if output.name.endswith(".zst"):
        destination.zstandard()
    if format_ == "parquet":
        import_module("storage.export.parquet").library()
    destination.refuse_existing(output, force=request.force)


def export(archive: Archive, request: Request, *, seen: Callable[[], None] = lambda: None) -> int:
    """Write what is asked for, calling `seen` at each record; returns how many records were written."""
    check(request)
    records = _counted(_records(archive, request), seen)
    match request.format:
        case "parquet":
            from storage.export import parquet

            return parquet.write(records, request)
        case "tei":
            from storage.export import tei

            return tei.write(records, request)
        case "text":
            from storage.export import plain

            return plain.write(records, request)
    return _write_lines(records, request)


def _records(archive: Archive, request: Request) -> Iterator[Any]:
    asked = {"query": request.query, "versions": request.versions}
    ask: dict[What, Callable[..., Iterator[Any]]] = {
        What.ARTICLES: archive.articles,
        What.CAPTIONS: archive.captions,
        What.BYLINES: archive.bylines,
    }
    return ask[request.what](request.where, **asked)


def _counted(records: Iterable[Any], seen: Callable[[], None]) -> Iterator[Any]:
    for record in records:
        yield record
        seen()


def _write_lines(records: Iterator[Any], request: Request) -> int:
    def write(out: Any) -> int:
        if request.format == "csv":
            return write_csv(records, out, COLUMNS[request.what])
        return write_jsonl(records, out)

    if request.output is None:
        return write(sys.stdout)
    with (
        destination.new_file(request.output) as part,
        destination.text_file(part, request.output.name) as out,
    ):
        return write(out)
