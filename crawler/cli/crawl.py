"""`newsarchive crawl`: one crawl of sources and URLs, with what became of everything."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.exit_codes import FAILED, INTERRUPTED, OK
from crawler.cli.options import Options, with_options

if TYPE_CHECKING:
    from crawler.scheduling.progress import Progress
    from crawler.scheduling.targets import Task

SHOWN_PROBLEMS = 10
SHOWN_URLS = 50  # of a dry run, for a person; --json has them all


@with_options
def crawl(
    options: Options,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET...",
            help="A home page, feed, sitemap, section page or article; a source's name; @FILE of URLs.",
        ),
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Fetch at most N pages of each source, newest first.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="YYYY-MM-DD", help="Take what is dated so or later, from old sitemaps too."
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Take all that was ever announced, however old.")
    ] = False,
    again: Annotated[
        int | None,
        typer.Option(
            "--again",
            metavar="DAYS",
            min=1,
            max=36_500,
            help="Look again, too, at the articles published in the last DAYS days: edited? removed?",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be fetched; the archive stays as it is.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object on standard output.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each step to standard error.")
    ] = False,
) -> None:
    """Find what is new on news sites, fetch and read it, and store it in the archive.

    Given a home page, its feeds, sitemaps and section pages are found first. A
    first crawl takes what feeds, news sitemaps and section pages name, and from
    general sitemaps what is from the last 7 days; the rest is written down for
    --all or --since. A crawl that was cut off goes on where it stood. Known
    articles are fetched again when their site says that they changed; --again
    fetches them whatever it says.

    Examples:  newsarchive crawl https://example.org/
               newsarchive crawl example-org other-source --since 2026-01-01
               newsarchive crawl @urls.txt --limit 100 --json
               newsarchive crawl example-org --again 3
    """
    from crawler.extraction import pool
    from crawler.setting_values import own_settings

    settings = own_settings(options.overrides)
    # Readers load what they need beside all that follows: this is why nothing large is imported above.
    pool.prepare(int(settings["ARCHIVE_READERS"]))
    from crawler.cli import screen
    from crawler.scheduling.progress import Progress
    from crawler.scheduling.targets import appetite

    days = int(settings["ARCHIVE_SITEMAP_DAYS"])
    hunger = appetite(take_all=all_, since=since, sitemap_days=days, again_days=again)
    tasks = _tasks(targets, options)
    from crawler.spiders import crawling

    jobs = [crawling.Job(task=task, progress=Progress(source=task.source.slug)) for task in tasks]
    progress = [job.progress for job in jobs]
    _set_up_logging(verbose, options.scrapy.get("ARCHIVE_LOG_FORMAT", ""))
    started = time.monotonic()
    with (
        _database(options, dry_run=dry_run) as database,
        screen.crawling(progress, show=not verbose and screen.err.is_terminal),
    ):
        crawling.crawl(
            jobs,
            {
                **options.overrides,
                "ARCHIVE_DATABASE": database,
                **({"ARCHIVE_CAPTURES": False} if dry_run else {}),
            },
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


def _tasks(targets: list[str], options: Options) -> list[Task]:
    """The targets, found in sources.toml, in the archive of earlier crawls, or made of their URL."""
    from crawler.scheduling.targets import listed, remembered, tasks
    from storage import Archive
    from storage.errors import DatabaseError

    known = listed(options.sources)
    try:
        with Archive.open(options.database) as archive:
            known = {**remembered(archive.sources()), **known}
    except DatabaseError:
        pass  # the first crawl makes it; what else is wrong with it is said then
    return tasks(targets, known)


@contextmanager
def _database(options: Options, *, dry_run: bool) -> Iterator[str]:
    """The archive to write to; a dry run gets a copy of its own."""
    if not dry_run:
        yield options.database
        return
    with tempfile.TemporaryDirectory() as folder:
        from storage import scratch

        copy = Path(folder) / "dry-run.db"
        scratch.copy(options.database, copy)
        yield str(copy)


def _set_up_logging(verbose: bool, log_format: str) -> None:
    from crawler.log import formatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO if verbose else logging.ERROR)  # Scrapy sets its loggers' own levels
    handler.setFormatter(formatter(log_format))
    logging.getLogger().addHandler(handler)
    if not verbose:  # a robots.txt that cannot be had is a traceback there; here it is a line of the summary
        handler.addFilter(lambda record: record.name != "scrapy.downloadermiddlewares.robotstxt")


def _count_articles(database: str) -> int:
    from storage import Archive

    with Archive.open(database) as archive:
        return archive.count()


def _exit_code(progress: list[Progress]) -> int:
    """0, or 1 where a source could not be reached at all, or 130 after Ctrl-C."""
    if any(p.reason == "shutdown" for p in progress):
        return INTERRUPTED
    done = all(p.reached and not p.broken and p.reason == "finished" for p in progress)
    return OK if done else FAILED


def _as_json(progress: list[Progress], articles: int, seconds: float, dry_run: bool) -> dict[str, object]:
    accounts = [p.account for p in progress if p.account]
    return {
        "announced": sum(account.announced for account in accounts),
        "outcomes": _sum(account.outcomes for account in accounts),
        "carried_over": _sum(account.carried_over for account in accounts),
        "left": sum(p.left for p in progress),
        "articles": articles,
        "pictures": sum(p.pictures for p in progress),
        "seconds": round(seconds, 2),
        "problems": [problem for p in progress for problem in p.problems],
        **({"would_fetch": [url for p in progress for url in p.would_fetch]} if dry_run else {}),
    }


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total.most_common())


def _print_summary(
    progress: list[Progress], articles: int, seconds: float, options: Options, dry_run: bool
) -> None:
    from crawler.cli import screen

    for p in progress:
        _print_source(p, dry_run)
    verb = "would be fetched" if dry_run else "in the archive"
    number = sum(len(p.would_fetch) for p in progress) if dry_run else articles
    what = "pages" if dry_run else "articles"
    screen.out.print(f"[bold]{number}[/] {what} {verb} · {seconds:.1f} s · {options.place}")


def _print_source(p: Progress, dry_run: bool) -> None:
    from rich.text import Text

    from crawler.cli import screen

    screen.out.print(Text(p.source, "bold underline"))
    if dry_run:
        for url in p.would_fetch[:SHOWN_URLS]:
            screen.out.print(Text(url), soft_wrap=True)
        if len(p.would_fetch) > SHOWN_URLS:
            screen.out.print(
                f"… and {len(p.would_fetch) - SHOWN_URLS} more (--json names them all)", style="dim"
            )
    elif p.account:
        screen.out.print(
            screen.outcome_table(p.account.outcomes, "What became of the URLs announced in this crawl")
        )
        if p.account.carried_over:
            line = screen.outcome_line(p.account.carried_over)
            screen.out.print(Text.assemble("of those announced before: ", line))
    if p.pictures:
        screen.out.print(f"{p.pictures} pictures were kept")
    if p.left:
        hint = f"newsarchive crawl {p.source} --since 2026-01-01, or --all"
        screen.out.print(
            f"{p.left} older URLs are written down and left; to get them: {hint}", style="yellow"
        )
    for problem in p.problems[:SHOWN_PROBLEMS]:
        screen.out.print(Text(f"! {problem}", "red"), soft_wrap=True)
    if len(p.problems) > SHOWN_PROBLEMS:
        screen.out.print(f"! … and {len(p.problems) - SHOWN_PROBLEMS} more problems", style="red")
    if not p.reached:
        screen.out.print(Text(f"! {p.source} could not be reached", "bold red"))
    screen.out.print()
