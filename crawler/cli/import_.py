"""`newsarchive import`: pages that others have stored, out of WARC files or lists of saved pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.archive import AsJson, Language, Since, Until
from crawler.cli.exit_codes import FAILED, OK
from crawler.cli.options import Options, with_options
from storage import Archive
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from crawler.replay.take_in import Choice, Progress
    from crawler.sources import Source

SHOWN = 10  # lines of one kind, for a person; --json has them all
PASSED_OVER = {
    "known": "in the archive already",
    "no_page": "images, redirects, errors, requests, robots.txt …",
    "no_address": "no web address, or fetched in the future",
    "filtered": "left out by --source, --language, --since or --until",
}


@with_options
def import_(
    options: Options,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="WARC files (.warc, .warc.gz), or JSON Lines of saved pages: "
            '{"url", "path", "fetched_at", "content_type"}; the last two may be missing.',
        ),
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Only pages of this source (its host, or its site).")
    ] = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Read at most N pages that are not there yet.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in pages that others have stored: WARC files (Common Crawl's news, say) and saved pages.

    Each page is judged as if it had been fetched now, at the time that its record
    gives: the same outcomes, the same ledger, its raw bytes in the archive's own
    WARC files. Its source is the one whose home page has its host; where there is
    none, one is made. A page that is there already is passed over, so an import
    that was cut off goes on, and a second one adds nothing.

    Examples:  newsarchive import CC-NEWS-20260301000000-00001.warc.gz --language en
               newsarchive import pages.jsonl --since 2026-01-01

    Exit code 1: a file is damaged; what is whole in it was taken in.
    """
    from crawler.cli import screen
    from crawler.cli.archive import chosen
    from crawler.replay.foreign import is_list
    from crawler.replay.take_in import Choice, Progress

    where = chosen(None, None, since, until, language)
    for file in files:
        is_list(file)  # before anything is done about another one
    sources = _sources(options)
    choice = Choice(
        source=_named(source, sources), language=language, since=where.since, until=where.until, limit=limit
    )
    progress = Progress()
    total = sum(file.stat().st_size for file in files)
    with screen.following("taking in", lambda: (progress.bytes, total), unit="bytes"):
        _run(options, sources, files, choice, progress)
    with Archive.open(options.database) as archive:
        articles = archive.count()
    if as_json:
        print(json.dumps(_as_json(progress, articles), ensure_ascii=False))
    else:
        _print(progress, articles, options)
    raise typer.Exit(FAILED if progress.flaws else OK)


def _sources(options: Options) -> dict[str, Source]:
    """The sources that the archive or sources.toml know."""
    from crawler.scheduling.targets import listed, remembered

    known = listed(options.sources)
    try:
        with Archive.open(options.database) as archive:
            return {**remembered(archive.sources()), **known}
    except DatabaseError:
        return known  # the import makes it; what else is wrong with it is said then


def _named(name: str | None, sources: dict[str, Source]) -> Source | None:
    from crawler.scheduling.targets import named

    return named(name, sources) if name is not None else None


def _run(
    options: Options,
    sources: dict[str, Source],
    files: Sequence[Path],
    choice: Choice,
    progress: Progress,
) -> None:
    from crawler.extraction.pool import ReaderPool
    from crawler.replay.take_in import Importer
    from crawler.setting_values import own_settings
    from storage.writer import Writer

    settings = own_settings(options.overrides)
    writer = Writer.shared(options.database)
    pool = ReaderPool(int(settings["ARCHIVE_READERS"]), seconds=float(settings["ARCHIVE_READ_SECONDS"]))
    try:
        asyncio.run(Importer(writer, options.captures, sources, pool, progress, choice).run(files))
    finally:
        pool.close()
        writer.release()


def _as_json(progress: Progress, articles: int) -> dict[str, object]:
    return {
        "outcomes": dict(progress.outcomes.most_common()),
        "passed_over": dict(progress.passed_over.most_common()),
        "articles": articles,
        "flaws": progress.flaws,
    }


def _print(progress: Progress, articles: int, options: Options) -> None:
    from crawler.cli import screen

    if progress.outcomes:
        screen.out.print(screen.outcome_table(progress.outcomes, "What became of the pages"))
    if progress.passed_over:
        screen.out.print(screen.counted(progress.passed_over, "passed over", PASSED_OVER))
    screen.print_some("not whole", progress.flaws, SHOWN, "red")
    screen.out.print(f"[bold]{articles}[/] articles in the archive · {options.place}")
