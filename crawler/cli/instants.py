"""Instants as a person writes them, and the archive as it stood then."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from crawler.errors import UsageError
from storage import Archive
from storage.standing import By

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="INSTANT",
        help="As the archive stood then: 2026-03-01T12:00+01:00; without an offset it is this machine's time,"
        " a bare day means its end.",
    ),
]
ByWhom = Annotated[
    By,
    typer.Option(
        "--by", help="With --as-of: what had been [b]captured[/] by then, or [b]published[/] by the newsroom."
    ),
]


def standing(archive: Archive, as_of: str | None, by: By) -> Archive:
    """`archive`, as of an instant where one is given; says on standard error which instant was understood."""
    if as_of is None:
        return archive
    meant = instant(as_of, "--as-of")
    if dt.datetime.fromisoformat(as_of).tzinfo is None:
        print(f"as of {meant.isoformat()} (this machine's time zone), {by}", file=sys.stderr)
    return archive.as_of(meant, by)


def instant(text: str, name: str) -> dt.datetime:
    """`text` as an aware instant; UsageError, which begins with `name`, says how one is written."""
    try:
        read = dt.datetime.fromisoformat(text)
        if len(text) <= len("2026-03-01"):
            read = dt.datetime.combine(read.date(), dt.time.max.replace(microsecond=0))
        return read if read.tzinfo else read.astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{name}: {text!r} is no instant such as 2026-03-01T12:00 or 2026-03-01") from error
