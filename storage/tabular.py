"""Records as rows: what exports and notebooks make tables of.

A row has plain values: an instant is a datetime in UTC, a date that may be a day has its precision in a
column beside it (`date_published_precision`: "instant" or "day"), several are lists, records in it dicts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from storage.parts import Caption
from storage.records import ArchivedArticle, Moment

HIDDEN = frozenset({"evidence", "article", "image", "marks"})


def row(record: Any) -> dict[str, Any]:
    """A record of the archive as one row."""
    match record:
        case ArchivedArticle():
            page = record.article
            own = {"id": record.id, "source": record.source, "version": record.version}
            said = {**_cells(page), "authors": list(page.authors), "body": page.body}
            return {**own, **said, **_cells(record)}
        case Caption():
            picture = _cells(record.image)
            return {**_cells(record), "image_url": picture.pop("url"), **picture}
        case _:
            return _cells(record)


def _cells(record: Any) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for field in fields(record):
        if field.name in HIDDEN:
            continue
        value = getattr(record, field.name)
        cells[field.name] = _cell(value)
        if "Moment" in str(field.type):
            cells[f"{field.name}_precision"] = _precision(value)
    return cells


def _precision(value: Moment | None) -> str | None:
    return None if value is None else "day" if value.is_day else "instant"


def _cell(value: Any) -> Any:
    match value:
        case Moment():
            return _instant(value.value)
        case dt.datetime():
            return value.astimezone(dt.UTC)
        case Enum():
            return str(value)
        case tuple() | list():
            return [_cell(one) for one in value]
        case dict():
            return {str(name): _cell(one) for name, one in value.items()}
    return _cells(value) if is_dataclass(value) else value


def _instant(value: dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    return dt.datetime.combine(value, dt.time(), dt.UTC)
