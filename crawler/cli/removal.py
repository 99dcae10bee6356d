"""`newsarchive remove` takes articles down; `newsarchive prune` lets go what rules say is old enough."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy import Engine, select

from crawler.cli.archive import AsJson, found
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive, attempts
from storage.captures.dropping import Dropped, drop
from storage.database import open_engine, writing
from storage.models import source as source_table
from storage.records import ArchivedArticle

DAYS_IN_MONTH = 30.4375  # of a mean year


@with_options
def remove(
    options: Options,
    targets: Annotated[list[str], typer.Argument(metavar="ID|URL...", help="Articles: ids or addresses.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why: kept for good, and told to those who ask for the article.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take articles down: every version, pictures, index entries, and the raw bytes in the WARC files.

    What is left is a tombstone with the reason and the hashes. No crawl fetches
    or keeps the article again, at whatever address it meets it. This cannot be
    undone. Feeds that were kept (ARCHIVE_CAPTURE_ENDPOINTS) may still name it.

    Examples:  newsarchive remove 17 --reason "court order 4 O 12/26"
               newsarchive remove https://example.org/some/story --reason "asked by the author" --yes
    """
    with Archive.open(options.database) as archive:
        items = list({item.id: item for item in (found(archive, target) for target in targets)}.values())
    if not yes and not _agreed(items):
        raise typer.Abort
    from storage.takedown import Folders, take_down  # numpy: 0.1 s to import, which no other command needs

    folders = Folders(captures=options.captures, pictures=options.pictures)
    with _engine(options) as engine:
        removals = [take_down(engine, item.id, reason=reason, at=_now(), folders=folders) for item in items]
    if as_json:
        print(json.dumps([asdict(removal) for removal in removals], indent=2))
        return
    for removal, item in zip(removals, items, strict=True):
        counts = (
            (removal.versions, "version"),
            (removal.captures, "stored page"),
            (removal.pictures, "picture"),
            (removal.urls, "address"),
        )
        told = ", ".join(_number(number, of_what) for number, of_what in counts)
        print(f"took down {removal.article_id} {item.article.canonical_url}: {told}")


def _agreed(items: list[ArchivedArticle]) -> bool:
    for item in items:
        print(
            f"{item.id}  {item.source}  {item.article.headline or item.article.canonical_url}",
            file=sys.stderr,
        )
    if not sys.stdin.isatty():
        raise UsageError("this cannot be undone: give --yes where nobody can be asked")
    return typer.confirm(f"Take {_number(len(items), 'article')} down for good?", err=True)


@with_options
def prune(
    options: Options,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what a rule says is old enough: raw bytes, and the records of single attempts.

    A source's `raw_bytes_months` in sources.toml says how long raw bytes stay, else the setting
    ARCHIVE_RAW_BYTES_MONTHS (0: for ever). Articles and all their versions stay;
    only what they were read from goes, and they cannot be read again. Also
    finishes what a removal that was killed has left.

    ARCHIVE_ATTEMPT_MONTHS (0: for ever) says how long `newsarchive why` tells each attempt to
    fetch an address; what became of the address stays. Run it once a day.

    Examples:  newsarchive prune --dry-run
               newsarchive prune -s ARCHIVE_RAW_BYTES_MONTHS=24 -s ARCHIVE_ATTEMPT_MONTHS=24
    """
    from storage.takedown import expire

    now = _now()
    attempt_months = _setting(options, "ARCHIVE_ATTEMPT_MONTHS")
    with _engine(options) as engine:
        limits = {slug: _months_before(now, months) for slug, months in _months(options, engine).items()}
        with writing(engine) as connection:
            expired = {slug: expire(connection, slug, before=limit) for slug, limit in limits.items()}
            if dry_run:
                connection.rollback()
        dropped = Dropped() if dry_run else drop(engine, options.captures, at=now)
        forgotten = 0
        if attempt_months:
            forgotten = _forget_attempts(engine, _months_before(now, attempt_months), dry_run=dry_run)
    if as_json:
        told = {"expired": expired, "dropped": asdict(dropped), "attempts": forgotten, "dry_run": dry_run}
        print(json.dumps(told, indent=2))
        return
    if forgotten:
        print(f"{_number(forgotten, 'attempt')} made before {_months_before(now, attempt_months):%Y-%m-%d}")
    for slug, number in expired.items():
        if number:
            print(f"{slug}: {_number(number, 'stored response')} fetched before {limits[slug]:%Y-%m-%d}")
    if dry_run:
        print("nothing was changed (--dry-run)")
    else:
        gone, freed = _number(dropped.captures, "stored response"), f"{dropped.size / 1e6:,.1f} MB"
        print(f"{gone} taken away, {freed} freed")
    if dropped.waiting:
        print(f"{_number(dropped.waiting, 'file')} still open by a crawl: run it again when that has ended")


def _months(options: Options, engine: Engine) -> dict[str, int]:
    """For how many months each source keeps its raw bytes; those that keep them for ever are not in it."""
    from crawler.sources import load

    default = _setting(options, "ARCHIVE_RAW_BYTES_MONTHS")
    listed = load(options.sources) if options.sources.exists() else {}
    told = {slug: source.raw_bytes_months for slug, source in listed.items()}
    with engine.connect() as connection:
        slugs = connection.scalars(select(source_table.c.slug).order_by(source_table.c.slug)).all()
    months = {slug: told.get(slug) for slug in slugs}
    return {slug: number for slug, own in months.items() if (number := default if own is None else own)}


def _setting(options: Options, name: str) -> int:
    """A setting that is a number of months."""
    from crawler import settings

    given = options.scrapy.get(name, getattr(settings, name))
    if not str(given).isascii() or not str(given).isdigit():
        raise UsageError(f"{name}={given}: write a number of months")
    return int(given)


def _months_before(now: dt.datetime, months: int) -> dt.datetime:
    try:
        return now - dt.timedelta(days=months * DAYS_IN_MONTH)
    except OverflowError as error:
        raise UsageError(f"{months} months: longer than there are dates") from error


def _forget_attempts(engine: Engine, before: dt.datetime, *, dry_run: bool) -> int:
    """Forget the attempts of before an instant, a part at a time; returns how many."""
    if dry_run:
        with engine.connect() as connection:
            return attempts.count(connection, before=before)
    total = 0
    while True:
        with writing(engine) as connection:
            number = attempts.forget(connection, before=before)
        total += number
        if number < attempts.BATCH:
            return total


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def _engine(options: Options) -> Iterator[Engine]:
    engine = open_engine(options.database, create=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _number(number: int, of_what: str) -> str:
    plural = f"{of_what}es" if of_what.endswith("s") else f"{of_what}s"
    return f"{number:,} {of_what if number == 1 else plural}"
