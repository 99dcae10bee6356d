"""Parquet: typed columns, zstd, row groups of bounded size; on demand folders as Hive names them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storage.errors import UsageError
from storage.export import destination
from storage.export.request import Request
from storage.tabular import row

GROUP_ROWS = 2_000  # in a row group
GROUP_CHARACTERS = 16_000_000  # of bodies, after which it ends sooner
OPEN_FILES = (
    64  # parts that are written side by side; the one used least is closed, and goes on in a new file
)
HELD = 20_000  # rows that wait in all open parts together
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"  # what Hive, DuckDB and pyarrow read as NULL


def library() -> None:
    """UsageError where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'newsarchive[parquet]'") from error


def write(records: Iterator[Any], request: Request) -> int:
    """Write one file, or with `partition` a folder of them; returns how many rows."""
    assert request.output
    if not request.partition:
        with destination.new_file(request.output) as part, _Part.open(part, request) as file:
            for record in records:
                file.add(row(record))
        return file.rows
    with destination.new_folder(request.output) as folder, _Folder.open(folder, request) as parts:
        number = 0
        for number, record in enumerate(records, 1):  # noqa: B007 - the count is the result
            parts.add(row(record))
    return number


class _Part:
    """A Parquet file that is being written."""

    def __init__(self, path: Path, schema: Any) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self._table = pa.Table.from_pylist
        self._schema = schema
        self._writer = parquet.ParquetWriter(path, schema, compression="zstd")
        self.waiting: list[dict[str, Any]] = []
        self._characters = 0
        self.rows = 0

    @classmethod
    @contextmanager
    def open(cls, path: Path, request: Request) -> Iterator[_Part]:
        part = cls(path, _schema(request))
        try:
            yield part
            part.flush()
        finally:
            part.abandon()

    def add(self, cells: dict[str, Any]) -> None:
        self.waiting.append(cells)
        self.rows += 1
        self._characters += len(cells.get("body") or "")
        if len(self.waiting) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """End the row group."""
        if self.waiting:
            self._writer.write_table(self._table(self.waiting, schema=self._schema))
        self.waiting, self._characters = [], 0

    def abandon(self) -> None:
        self._writer.close()


class _Folder:
    """Parts by the values of columns: `source=courier/day=2026-03-01/part-0.parquet`."""

    def __init__(self, folder: Path, request: Request) -> None:
        self._folder = folder
        self._names = request.partition
        self._schema = _schema(request)
        self._open: OrderedDict[str, _Part] = OrderedDict()
        self._files: dict[str, int] = {}

    @classmethod
    @contextmanager
    def open(cls, folder: Path, request: Request) -> Iterator[_Folder]:
        parts = cls(folder, request)
        try:
            yield parts
            for part in parts._open.values():
                part.flush()
        finally:
            for part in parts._open.values():
                part.abandon()

    def add(self, cells: dict[str, Any]) -> None:
        part = self._part("/".join(f"{name}={_value(cells, name)}" for name in self._names))
        part.add(cells)
        while sum(len(one.waiting) for one in self._open.values()) > HELD:
            self._close_one()

    def _part(self, place: str) -> _Part:
        if place not in self._open:
            if len(self._open) >= OPEN_FILES:
                self._close_one()
            number = self._files.get(place, 0)
            self._files[place] = number + 1
            path = self._folder / place / f"part-{number}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[place] = _Part(path, self._schema)
        self._open.move_to_end(place)
        return self._open[place]

    def _close_one(self) -> None:
        _, part = self._open.popitem(last=False)
        part.flush()
        part.abandon()


def _schema(request: Request) -> Any:
    """The columns of a file; those that its folder's name says are not repeated in it."""
    from storage.export.schemas import SCHEMAS

    schema = SCHEMAS[request.what.value]
    for name in request.partition:
        place = schema.get_field_index(name)
        schema = schema.remove(place) if place >= 0 else schema
    return schema


def _value(cells: dict[str, Any], name: str) -> str:
    if name == "day":
        published = cells["date_published"]
        return published.date().isoformat() if published else NO_VALUE
    value = cells["in_language" if name == "language" else name]
    return quote(str(value), safe="") if value else NO_VALUE
