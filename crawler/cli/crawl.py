"""`newsarchive crawl`: one crawl of sources and URLs, with what became of everything."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.options import Options, with_options

if TYPE_CHECKING:
    from crawler.scheduling.progress import Progress
    from crawler.scheduling.targets import Task
    from crawler.sources import Source

SHOWN_URLS = 50  # of a dry run, for a person; --json has them all


@with_options
def crawl(
    options: Options,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET...",
            help="A home page, feed, sitemap, section page or article; the name of a source; @FILE with a URL a line.",
        ),
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Fetch at most N pages of each source, newest first.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help="Take what is dated on this day or later, old sitemap entries too."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Take all that was ever announced, however old.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be fetched; the archive stays as it is.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object on standard output.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to standard error.")] = False,
) -> None:
    """Find what is new on news sites, fetch and read it, and store it in the archive.

    Given a home page, its feeds, sitemaps and section pages are found first. A
    first crawl takes what feeds, news sitemaps and section pages name, and from
    general sitemaps what is from the last 7 days; the rest is written down for
    --all or --since. A crawl that was cut off goes on where it stood.

    Examples:  newsarchive crawl https://example.org/
               newsarchive crawl example-org other-source --since 2026-01-01
               newsarchive crawl @urls.txt --limit 100 --json
    """
    from crawler.cli import screen
    from crawler.scheduling import crawling
    from crawler.scheduling.progress import Progress
    from crawler.scheduling.targets import appetite

    hunger = appetite(take_all=all_, since=since, sitemap_days=_sitemap_days(options))
    tasks = _tasks(targets, options)
    jobs = [crawling.Job(task=task, progress=Progress(source=task.source.slug)) for task in tasks]
    progress = [job.progress for job in jobs]
    _set_up_logging(verbose)
    started = time.monotonic()
    with _database(options, dry_run=dry_run) as database, screen.crawling(progress, show=not verbose):
        crawling.crawl(
            jobs,
            {**options.overrides, "ARCHIVE_DATABASE": database},
            appetite=hunger,
            limit=limit,
            dry_run=dry_run,
        )
        articles = _count_articles(database)
    seconds = time.monotonic() - started
    if as_json:
        print(json.dumps(_as_json(progress, articles, seconds, dry_run), ensure_ascii=False))
    else:
        _print_summary(progress, articles, seconds, options, dry_run)
    raise typer.Exit(_exit_code(progress))
