"""`newsarchive extract`: one page's article, or many pages', as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.options import SourcesFile, options
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.sources import Source


def extract(
    file: Annotated[Path | None, typer.Argument(help="An HTML file, .gz too; - is standard input.")] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            help="Where the page was: links hang on it, dates may stand in it. With --source, its home page.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            help="Read as a page of this source in sources.toml: with its overrides, language and time zone. "
            "What its selectors found is told on standard error.",
        ),
    ] = None,
    fetched: Annotated[
        str | None,
        typer.Option(
            "--fetched",
            metavar="DAY",
            help="When the page was fetched (2026-03-01): chooses the override, bounds dates. Today without.",
        ),
    ] = None,
    batch: Annotated[
        bool,
        typer.Option("--batch", help='Read JSON Lines {"id", "path", "url"} from FILE or standard input.'),
    ] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes for --batch.")] = 1,
    sources_file: SourcesFile = None,
) -> None:
    """Read articles from saved pages and print them as JSON, without a crawl and without an archive.

    Examples:  newsarchive extract page.html --url https://example.org/story
               newsarchive extract page.html --source example-org
               newsarchive extract --batch < pages.jsonl > articles.jsonl
    """
    from crawler.cli import saved_pages
    from crawler.extraction import Hints
    from crawler.replay.page_list import read_page
    from storage.records import article_to_json

    publisher = source_named(source, sources_file) if source else None
    fetched_at = _end_of(fetched) if fetched else None
    hints = Hints.of(publisher, fetched_at=fetched_at) if publisher else Hints(fetched_at=fetched_at)
    if batch:
        saved_pages.batch(file, workers, hints)
        return
    if file is None:
        raise UsageError("nothing to read: give an HTML file, or --batch")
    url = url or (publisher.home_page if publisher else None)
    if url is None:
        raise UsageError("--url is missing: give the address that the page came from, or --source")
    page = sys.stdin.buffer.read() if str(file) == "-" else read_page(file)
    article = saved_pages.read_one(page, url, hints)
    if publisher:
        print(*saved_pages.account(article, hints), sep="\n", file=sys.stderr)
    print(json.dumps({"id": url, **article_to_json(article)}, ensure_ascii=False, indent=2))


def source_named(name: str, sources_file: Path | None) -> Source:
    """The source of that name in sources.toml; UsageError where there is none."""
    from crawler.scheduling.targets import named
    from crawler.sources import load

    return named(name, load(options(sources_file=sources_file).sources))


def _end_of(text: str) -> dt.datetime:
    """The last second of the day that was written."""
    from crawler.scheduling.days import day

    return dt.datetime.combine(day(text, "--fetched"), dt.time(23, 59, 59), dt.UTC)
