"""`newsarchive schedule`, `next`, `pause` and `resume`: keeping sources up to date."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from typing import Annotated

import typer

from crawler.cli.exit_codes import FAILED, INTERRUPTED, OK
from crawler.cli.options import Options, with_options
from crawler.log import formatter
from crawler.scheduling.agenda import Appointment
from crawler.sources import Source, load
from storage import agenda
from storage.database import open_engine, writing
from storage.leases import Lease
from storage.sources import keep_source

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Its name in sources.toml.")]


@with_options
def schedule(
    options: Options,
    once: Annotated[
        bool, typer.Option("--once", help="Crawl what is due, then exit: for cron and systemd timers.")
    ] = False,
    metrics: Annotated[
        str | None,
        typer.Option("--metrics", metavar="HOST:PORT", help="Serve figures for Prometheus there."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each step to standard error.")
    ] = False,
) -> None:
    """Keep all sources of sources.toml up to date, until you stop it.

    Each feed, sitemap and section page is asked as often as it brings news, and
    as its publisher wishes; or when the source says so with every or cron.
    Articles are looked at again for edits. sources.toml may be edited meanwhile.

    After looks, at most once a minute, it is checked what is as usual: alarms go
    to the log and to whom the settings name (newsarchive alarms).

    Several schedulers may share an archive. SIGTERM or Ctrl-C finishes what is
    under way (a second one ends at once); killed, nothing is lost, and the next
    one goes on.

    Exit codes: 0 done or stopped; 1, with --once, a source could not be reached.
    """
    from crawler.cli.schedule_screen import watching
    from crawler.spiders.watch import Board, Watch

    show = not verbose and not once and sys.stderr.isatty()
    _set_up_logging(verbose, quiet=show, kind=options.scrapy.get("ARCHIVE_LOG_FORMAT", ""))
    board = Board()
    watch = Watch(options.sources, options.overrides, board, once=once, metrics=metrics)
    with watching(board, show=show):
        finished = watch.run()
    if not finished:  # a second signal: at once, whatever other threads are at
        os._exit(INTERRUPTED)
    raise typer.Exit(FAILED if once and +board.unreached else OK)


@with_options
def next_(
    options: Options,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Show when each source is crawled next, and why then."""
    listed = load(options.sources)
    found = appointments(options, listed)
    if as_json:
        print(json.dumps([_as_json(*item) for item in found], ensure_ascii=False))
        return
    from crawler.cli import screen
    from crawler.cli.schedule_screen import next_table

    screen.out.print(next_table(found, dt.datetime.now(dt.UTC)))


@with_options
def pause(options: Options, source: SourceArgument) -> None:
    """Let the scheduler leave a source alone until `newsarchive resume`; a crawl that runs goes on."""
    _set_paused(options, source, dt.datetime.now(dt.UTC))
    print(f"{source} is paused; newsarchive resume {source} lets it go on")


@with_options
def resume(options: Options, source: SourceArgument) -> None:
    """Let the scheduler crawl a paused source again."""
    _set_paused(options, source, None)
    print(f"{source} is crawled again when it is due")


def _set_paused(options: Options, slug: str, at: dt.datetime | None) -> None:
    from crawler.scheduling.targets import named

    source = named(slug, load(options.sources))
    engine = open_engine(options.database)
    try:
        with writing(engine) as connection:
            if slug not in agenda.sources(connection, [slug]):
                keep_source(connection, slug=slug, name=source.name, home_page=source.home_page)
            agenda.pause(connection, slug, at=at)
    finally:
        engine.dispose()


def appointments(
    options: Options, listed: dict[str, Source]
) -> list[tuple[Appointment, dt.datetime | None, Lease | None]]:
    """(what is next, when it was crawled last, who is at it) of each listed source, the soonest first."""
    from crawler.scheduling.agenda import Manners, appointment
    from crawler.setting_values import own_settings

    now = dt.datetime.now(dt.UTC)
    set_so = Manners.of(own_settings(options.overrides))
    engine = open_engine(options.database)
    try:
        with engine.connect() as connection:
            known, crawls = agenda.sources(connection), agenda.crawls(connection, now=now)
    finally:
        engine.dispose()
    found = []
    for slug, source in listed.items():
        last = known[slug].last_run_at if slug in known else None
        found.append((appointment(source, known.get(slug), now=now, manners=set_so), last, crawls.get(slug)))
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda item: (item[0].at or never, item[0].slug))


def _as_json(one: Appointment, last: dt.datetime | None, lease: Lease | None) -> dict[str, object]:
    return {
        "source": one.slug,
        "next": one.at.isoformat() if one.at else None,
        "why": one.why,
        "endpoint": one.endpoint,
        "last_crawl": last.isoformat() if last else None,
        "crawled_by": lease.who if lease else None,
    }


def _set_up_logging(verbose: bool, *, quiet: bool, kind: str) -> None:
    """One line a crawl; on a terminal, where a table shows them, only what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(kind))
    own = logging.WARNING if quiet else logging.INFO

    def wanted(record: logging.LogRecord) -> bool:
        if record.name == "scrapy.downloadermiddlewares.robotstxt":  # a traceback there, a line of ours here
            return verbose
        least = own if record.name.startswith("newsarchive.") else logging.ERROR
        return verbose or record.levelno >= least

    handler.addFilter(wanted)
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    logging.getLogger("newsarchive").setLevel(logging.INFO)
