"""`newsarchive export`: articles, captions and bylines for other programs."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.cli.archive import Author, Language, Since, SourceName, Until, chosen
from crawler.cli.instants import AsOf, ByWhom, standing
from crawler.cli.options import Options, with_options
from storage import Archive
from storage.export import Request, What, check
from storage.export import export as write
from storage.standing import By


@with_options
def export(
    options: Options,
    query: Annotated[str | None, typer.Argument(help="Only what this search finds; without it, all.")] = None,
    format_: Annotated[str, typer.Option("--format", help="jsonl, csv, parquet, tei or text.")] = "jsonl",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A file or folder; without it, standard output. .gz and .zst pack lines."
        ),
    ] = None,
    what: Annotated[
        What, typer.Option("--what", help="One record is an article, a picture or a name in a byline.")
    ] = What.ARTICLES,
    source: SourceName = None,
    author: Author = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    as_of: AsOf = None,
    by: ByWhom = By.CAPTURED,
    versions: Annotated[
        Literal["current", "all"], typer.Option("--versions", help="The version that stands, or every one.")
    ] = "current",
    partition: Annotated[
        str, typer.Option("--partition", metavar="NAMES", help="Parquet in folders by source, day, language.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write articles, captions or bylines for other programs, with the same filters as search.

    jsonl and csv: a record a line. parquet: typed columns (extra "parquet"). tei:
    TEI P5, one teiCorpus for a name that ends in .xml, else a folder. text: a
    folder with a file an article, and metadata.csv. Files appear when they are
    whole; Ctrl-C leaves none.

    Examples:  newsarchive export -o all.jsonl.gz
               newsarchive export storm --format csv --what captions -o captions.csv
               newsarchive export --format parquet --partition source,day -o articles
               newsarchive export --format tei --language de --since 2026-01-01 -o corpus.xml
    """
    request = Request(
        format=format_,
        output=output,
        what=what,
        where=chosen(source, author, since, until, language),
        query=query,
        versions=versions,
        partition=tuple(name.strip() for name in partition.split(",") if name.strip()),
        force=force,
    )
    check(request)
    with Archive.open(options.database) as archive:
        stood = standing(archive, as_of, by)
        if output is None:
            write(stood, request)
        else:
            _write_watched(stood, request, output)


def _write_watched(archive: Archive, request: Request, output: Path) -> None:
    """Write with a bar on the terminal and a summary, both on standard error."""
    from crawler.cli import screen

    done = 0

    def seen() -> None:
        nonlocal done
        done += 1

    known = request.what is What.ARTICLES and request.versions == "current" and screen.err.is_terminal
    total = archive.count(request.where, query=request.query) if known else 0
    start = time.monotonic()
    with screen.following(f"writing {output}", lambda: (done, total)):
        number = write(archive, request, seen=seen)
    files = [output] if output.is_file() else [path for path in output.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    seconds = time.monotonic() - start
    print(f"{number} {request.what} written to {output} ({size:.1f} MB, {seconds:.1f} s)", file=sys.stderr)
