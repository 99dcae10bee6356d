"""`newsarchive reextract`: stored pages read again with today's extractor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.archive import Author, Language, Since, SourceName, Until, chosen, found
from crawler.cli.exit_codes import FAILED, OK
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive

if TYPE_CHECKING:
    from crawler.replay.comparison import Comparison
    from crawler.replay.reextract import Choice, Progress
    from crawler.sources import Source

SHOWN = 10  # lines of one kind, for a person; --json has them all
MEANINGS = {
    "changed": "read otherwise: a reading more",
    "same": "read as before; the extractor's name is noted",
    "no_article": "today's extractor finds no article: left as it was",
    "no_raw_bytes": "the raw bytes were not kept: cannot be read again",
    "overtaken": "read again by somebody else meanwhile",
    "failed": "the raw bytes are missing or damaged, or no reader gets through",
}
WOULD = {"changed": "would be read otherwise", "same": "would be read as before"}


@with_options
def reextract(
    options: Options,
    query: Annotated[str | None, typer.Argument(help="Only what this search finds; without it, all.")] = None,
    source: SourceName = None,
    author: Author = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    articles: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID|URL", help="Only this article; may be given several times."),
    ] = None,
    all_: Annotated[
        bool,
        typer.Option("--all", help="Read what today's extractor has read, too (a time zone has changed)."),
    ] = False,
    failed: Annotated[
        bool,
        typer.Option(
            "--failed",
            help="Read pages that were no article, too: not_article, too_short, consent_wall, "
            "extract_error. Of the filters, --source alone goes for them.",
        ),
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Write nothing: say by source and field what would change.")
    ] = False,
    examples: Annotated[
        int, typer.Option("--examples", min=0, max=1000, help="With --compare: examples of each field.")
    ] = 2,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object on standard output.")
    ] = False,
) -> None:
    """Read stored pages again with today's extractor, on all processors.

    Each version says which extractor read it; what today's has not read is read
    again from its raw bytes. A new reading keeps the number and the time of its
    version, and the reading before it stays in the archive: it is no edit by
    the newsroom. Killed and run again, it goes on where it stopped.

    Examples:  newsarchive reextract --compare --source example-org
               newsarchive reextract --since 2026-01-01 --failed

    Exit code 1: raw bytes were missing or damaged; each such page gets a line.
    """
    from crawler.replay.comparison import Comparison
    from crawler.replay.reextract import Choice, Progress

    where = chosen(source, author, since, until, language)
    sources, ids = _known(options, source, articles or [])
    choice = Choice(where=where, query=query, ids=ids, all_=all_, failed=failed)
    progress, comparison = Progress(), Comparison(examples) if compare else None
    with _shown(progress):
        _run(options, sources, choice, progress, comparison)
    if as_json:
        print(json.dumps(_as_json(progress, comparison), ensure_ascii=False))
    else:
        _print(progress, comparison)
    raise typer.Exit(FAILED if progress.problems else OK)


def _known(
    options: Options, slug: str | None, articles: list[str]
) -> tuple[Mapping[str, Source], tuple[int, ...]]:
    """The sources by slug, and the ids of the articles that were named."""
    from crawler.scheduling.targets import listed, remembered

    with Archive.open(options.database) as archive:
        in_archive = remembered(archive.sources())
        ids = tuple(found(archive, name).id for name in articles)
    if slug is not None and slug not in in_archive:
        raise UsageError(f"no source named {slug!r} in the archive: `newsarchive status` lists them")
    return {**in_archive, **listed(options.sources)}, ids


def _run(
    options: Options,
    sources: Mapping[str, Source],
    choice: Choice,
    progress: Progress,
    comparison: Comparison | None,
) -> None:
    from crawler.extraction.pool import ReaderPool
    from crawler.replay.reextract import Rereader
    from crawler.setting_values import own_settings
    from storage.writer import Writer

    settings = own_settings(options.overrides)
    writer = Writer.shared(options.database)
    pool = ReaderPool(int(settings["ARCHIVE_READERS"]), seconds=float(settings["ARCHIVE_READ_SECONDS"]))
    try:
        rereader = Rereader(writer, options.captures, sources, pool, progress, comparison)
        asyncio.run(rereader.run(choice))
    finally:
        pool.close()
        writer.release()


@contextmanager
def _shown(progress: Progress) -> Iterator[None]:
    """A bar on standard error, where that is a terminal, until the block ends."""
    from crawler.cli import screen

    with screen.following("reading again", lambda: (progress.done, progress.total)):
        yield


def _as_json(progress: Progress, comparison: Comparison | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "versions": dict(progress.effects.most_common()),
        "pages_that_were_no_article": dict(progress.outcomes.most_common()),
        "no_longer_articles": progress.refused,
        "problems": progress.problems,
    }
    if comparison is not None:
        told["fields"] = {
            source: {
                name: {**changes.turns, "examples": [_example(e) for e in changes.examples]}
                for name, changes in by_field.items()
            }
            for source, by_field in sorted(comparison.sources.items())
        }
    return told


def _example(example: Any) -> dict[str, Any]:
    return {"id": example.article_id, "url": example.url, "before": example.before, "after": example.after}


def _print(progress: Progress, comparison: Comparison | None) -> None:
    from rich.text import Text

    from crawler.cli import comparison_screen, screen

    if comparison is not None:
        screen.out.print(comparison_screen.table(comparison))
        for example in comparison_screen.examples(comparison):
            screen.out.print(example, soft_wrap=True)
    meanings = MEANINGS if comparison is None else {**MEANINGS, **WOULD}
    if progress.effects:
        screen.out.print(screen.counted(progress.effects, "versions", meanings))
    else:
        screen.out.print("nothing to read: today's extractor has read every version that was asked for")
    if progress.outcomes:
        line = screen.outcome_line(progress.outcomes)
        verb = "would be" if comparison is not None else "are"
        screen.out.print(Text.assemble(f"pages that were no article {verb} now: ", line))
    for name, lines, style in (
        ("no article any more", progress.refused, "yellow"),
        ("cannot be read", progress.problems, "red"),
    ):
        screen.print_some(name, lines, SHOWN, style)
