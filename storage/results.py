"""What a question to the archive gives: a list or a stream that a notebook can make a table of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from storage.errors import UsageError
from storage.tabular import row

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")
SHOWN = 20  # rows in a notebook
IN_A_CELL = 200  # characters


class Tabular(Iterable[T]):
    """Records that become a table where a library for tables is installed."""

    kind: str | None = None
    # What is exported under that name has the same columns (storage.export.schemas).

    def to_pandas(self) -> pd.DataFrame:
        """All of them as a DataFrame, instants as UTC timestamps."""
        pandas: Any = _library("pandas", "pandas", "to_arrow() does with newsarchive[parquet]")
        frame: pd.DataFrame = pandas.DataFrame.from_records([row(record) for record in self])
        return frame

    def to_arrow(self) -> pa.Table:
        """All of them as an Arrow table; articles, captions and bylines with the columns of an export."""
        arrow: Any = _library("pyarrow", "parquet", "to_pandas() does with newsarchive[pandas]")
        schema = None
        if self.kind is not None:
            from storage.export.schemas import SCHEMAS

            schema = SCHEMAS[self.kind]
        table: pa.Table = arrow.Table.from_pylist([row(record) for record in self], schema=schema)
        return table


class Results(list[T], Tabular[T]):
    """All records that answer a question."""

    def _repr_html_(self) -> str:
        """As a notebook shows them."""
        if not self:
            return "<p>nothing</p>"
        rows = [row(record) for record in self[:SHOWN]]
        head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(value)}</td>' for value in cells.values())}</tr>" for cells in rows
        )
        more = f"<p>… and {len(self) - SHOWN} more</p>" if len(self) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


class Stream(Iterator[T], Tabular[T]):
    """Records as they are read, once; only a table holds them all in memory."""

    def __init__(self, records: Iterator[T], kind: str | None = None) -> None:
        self._records = records
        self.kind = kind

    def __next__(self) -> T:
        return next(self._records)


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return escape(text if len(text) <= IN_A_CELL else f"{text[:IN_A_CELL]}…")


def _library(name: str, extra: str, otherwise: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        remedy = f"pip install 'newsarchive[{extra}]' ({otherwise})"
        raise UsageError(f"{name} is not installed: {remedy}") from error
