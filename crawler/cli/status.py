"""`newsarchive status` and `newsarchive alarms`: is everything as it usually is?"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from crawler.cli.exit_codes import FAILED, OK
from crawler.cli.options import Options, with_options
from storage import Archive
from storage.database import open_engine
from storage.health.alarms import Alarm
from storage.health.rules import Rule
from storage.health.status import Health, SourceHealth, Trouble

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@with_options
def status(options: Options, as_json: AsJson = False) -> None:
    """Show each source at a glance, the worst first: is it as it usually is?

    The 14 days are bars of new articles a day: a dot is a day without any, a red cross one on which
    nobody looked or nothing answered. A share of pages stands before its usual one: of the pages of
    the last looks. What is wrong is told below, with what may be done about it.

    Exit code 0: nothing is wrong. 1: something is.
    """
    from crawler.alarms import Plan

    plan = Plan.of(options.overrides)
    now = dt.datetime.now(dt.UTC)
    with Archive.open(options.database) as archive:
        found = archive.health(now, limits=plan.limits, folders=plan.folders, muted=plan.muted())
        statuses = {s.slug: s for s in archive.sources()}
        articles = archive.count()
    found = _as_scheduled(found, options)
    if as_json:
        sources = [{**asdict(statuses[one.slug]), **_source_json(one)} for one in found.sources]
        told = {"ok": found.is_well, "articles": articles, "sources": sources}
        told["troubles"] = [_trouble_json(trouble) for trouble in found.troubles]
        print(json.dumps(told, default=str, ensure_ascii=False))
    else:
        urls = sum(sum(s.outcomes.values()) for s in statuses.values())
        left = sum(s.left for s in statuses.values())
        _print(found, now, f"[bold]{articles}[/] articles, {urls} URLs accounted for, {left} left", options)
    raise typer.Exit(OK if found.is_well else FAILED)


def _as_scheduled(found: Health, options: Options) -> Health:
    """With the next runs that sources.toml leads to: nothing else is scheduled."""
    from crawler.cli.schedule import appointments
    from crawler.scheduling.targets import listed

    sources = listed(options.sources)
    at = {one.slug: one.at for one, _, _ in appointments(options, sources)} if sources else {}
    planned = (replace(one, next_run=at.get(one.slug)) for one in found.sources)
    return replace(found, sources=tuple(planned))


def _print(found: Health, now: dt.datetime, sums: str, options: Options) -> None:
    from crawler.cli import screen
    from crawler.cli.status_screen import health_table, trouble_lines

    screen.out.print(health_table(found, now))
    screen.out.print()
    for trouble in (*found.troubles, *(t for one in found.sources for t in one.troubles)):
        for line in trouble_lines([trouble]):
            screen.out.print(line, soft_wrap=True)
    verdict = "[green]nothing is wrong[/]" if found.is_well else ""
    screen.out.print(" · ".join(filter(None, (sums, verdict, options.place))))


def _source_json(one: SourceHealth) -> dict[str, Any]:
    return {
        "last_success": one.last_success and one.last_success.isoformat(),
        "last_news": one.last_news and one.last_news.isoformat(),
        "next_run": one.next_run and one.next_run.isoformat(),
        "silent_seconds": int(one.silence.total_seconds()),
        "silence_limit_seconds": one.silence_limit and int(one.silence_limit.total_seconds()),
        "articles_a_day": one.articles,
        "usual_articles": one.usual and asdict(one.usual),
        "shares": {
            str(rule): {"part": s.part, "whole": s.whole, "share": s.share, "usual": s.usual}
            for rule, s in one.shares.items()
        },
        "troubles": [_trouble_json(trouble) for trouble in one.troubles],
    }


def _trouble_json(trouble: Trouble) -> dict[str, Any]:
    from crawler.alarms.channels import remedy

    since = trouble.since and trouble.since.isoformat()
    return {"rule": trouble.rule, "since": since, "detail": trouble.detail, "remedy": remedy(trouble.rule)}


@with_options
def alarms(
    options: Options,
    as_json: AsJson = False,
    all_: Annotated[bool, typer.Option("--all", help="Those that are over, too, the newest first.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Look first what has turned, and tell it (webhook, e-mail).")
    ] = False,
) -> None:
    """Show the alarms that are raised, the worst first.

    The scheduler makes a check after each look; where crawls are started by cron, let it run
    `newsarchive alarms --check` after them. A check raises and clears alarms, each once, and tells of
    it by webhook and e-mail, if the settings name them; what could not be told is told at the next.

    Exit code 0: no alarm is raised. 1: some are.
    """
    from crawler.alarms import check as check_now

    with Archive.open(options.database) as archive:
        if check:
            engine = open_engine(options.database, create=False)
            try:
                check_now(engine, dt.datetime.now(dt.UTC), options.overrides)
            finally:
                engine.dispose()
        found = archive.alarms(every=all_)
        is_raised = bool(archive.alarms())
    if as_json:
        print(json.dumps([_alarm_json(alarm) for alarm in found], ensure_ascii=False))
    else:
        _print_alarms(found, every=all_)
    raise typer.Exit(FAILED if is_raised else OK)


def _print_alarms(found: list[Alarm], *, every: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen

    if not found:
        screen.out.print("No alarm was ever raised." if every else "No alarm is raised.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "alarm", "source", "raised (UTC)", *(("cleared (UTC)",) if every else ())):
        table.add_column(name)
    table.add_column("what was seen", overflow="fold")
    for alarm in found:
        cleared = [Text(f"{alarm.cleared_at:%Y-%m-%d %H:%M}" if alarm.cleared_at else "")] if every else []
        table.add_row(
            Text("✗", "bold red") if alarm.is_open else Text("✓", "green"),
            Text(alarm.rule, "red" if alarm.is_open else "dim"),
            Text(alarm.source or "the archive", "bold"),
            f"{alarm.raised_at:%Y-%m-%d %H:%M}",
            *cleared,
            Text(alarm.detail),
        )
    screen.out.print(table)


def _alarm_json(alarm: Alarm) -> dict[str, Any]:
    from crawler.alarms.channels import remedy

    told = {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in asdict(alarm).items()
    }
    return {**told, "remedy": remedy(Rule(alarm.rule))}
