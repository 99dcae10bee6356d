"""What `newsarchive why` shows in a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from crawler.cli import screen
from storage.life import Announcer, Life, LifeAttempt
from storage.records import Outcome


def show_unknown(address: str, rules: Mapping[str, str], near: Sequence[str]) -> None:
    """An address that nothing ever announced."""
    screen.out.print(Text(f"Nothing ever announced {address}", "bold"), soft_wrap=True)
    for slug, said in rules.items():
        screen.out.print(Text(f"  {slug} {said}"), soft_wrap=True)
    if not rules:
        screen.out.print("  No source has its site: `newsarchive crawl URL` fetches it.")
    if near:
        screen.out.print("Known addresses like it:")
    for other in near:
        screen.out.print(Text(f"  {other}"), soft_wrap=True)


def show_life(life: Life) -> None:
    """How the address stands, each attempt to fetch it, and what happened to its article."""
    entry = life.entry
    screen.out.print(Text(entry.url, "bold"), soft_wrap=True)
    line = Text.assemble(_coloured(entry.outcome), f" · {screen.MEANINGS.get(entry.outcome, '')}")
    screen.out.print(line + (f": {entry.detail}" if entry.detail else ""), soft_wrap=True)
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    for name, value in _facts(life):
        facts.add_row(name, Text(value))
    screen.out.print(facts)
    if life.attempts:
        screen.out.print()
        screen.out.print(_attempts(life.attempts))
    if events := sorted(_events(life), key=lambda event: event[0]):
        table = _table("when (UTC)", "event", "what")
        for at, kind, what in events:
            table.add_row(f"{at:%Y-%m-%d %H:%M:%S}", Text(kind, "cyan"), Text(what))
        screen.out.print()
        screen.out.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _coloured(outcome: Outcome) -> tuple[str, str]:
    return str(outcome), screen.COLOURS.get(outcome, "white")


def _facts(life: Life) -> Iterator[tuple[str, str]]:
    entry = life.entry
    yield "source", entry.source
    if life.announced_title:
        yield "announced as", life.announced_title
    if life.announced_at:
        yield "… dated", f"{life.announced_at:%Y-%m-%d %H:%M} UTC"
    if life.canonical_url:
        number = len(life.versions)
        name = "alias of" if life.is_alias else "article"
        versions = f"{number} version{'s' if number != 1 else ''}"
        yield name, f"{entry.article_id}, {versions}, at {life.canonical_url}"
    for alias in life.aliases:
        yield "also at", alias
    if entry.attempts:
        yield (
            "in vain",
            f"{entry.attempts} crawl{'s' if entry.attempts != 1 else ''} since it last brought an article",
        )
    yield "next look", f"{entry.next_fetch_at:%Y-%m-%d %H:%M} UTC" if entry.next_fetch_at else "none is due"


def _attempts(attempts: Sequence[LifeAttempt]) -> Table:
    table = _table("attempt (UTC)", "crawl", "answer", "outcome", "why", "raw bytes")
    for one in attempts:
        table.add_row(
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            str(one.run_id or ""),
            _answer(one),
            Text(*_coloured(one.outcome)) if one.outcome else "",
            Text(_why(one)),
            Text(_raw_bytes(one)),
        )
    return table


def _raw_bytes(one: LifeAttempt) -> str:
    if one.dropped_at:
        return f"gone since {one.dropped_at:%Y-%m-%d}"
    return "kept" if one.warc_file else ""


def _answer(one: LifeAttempt) -> str:
    return f"HTTP {one.http_status}" if one.http_status else "none"


def _why(one: LifeAttempt) -> str:
    if one.detail and one.detail != _answer(one):
        return one.detail
    return f"read as version {one.version}" if one.version else ""


def _announcer(one: Announcer) -> str:
    if one.method == "given":
        return "a person"
    return f"{one.method.replace('_', ' ')} {one.url.removeprefix('import:')}"


def _events(life: Life) -> Iterator[tuple[dt.datetime, str, str]]:
    for one in life.announcers:
        times = f" (last {one.last_seen_at:%Y-%m-%d %H:%M})" if one.last_seen_at != one.first_seen_at else ""
        yield one.first_seen_at, "announced", f"by {_announcer(one)}{times}"
    for change in life.changes:
        yield change.at, str(change.kind), change.detail or ""
    for version in life.versions:
        yield version.fetched_at, "version", f"{version.number}: {version.headline or '(no headline)'}"
    entry = life.entry
    if entry.outcome_at and not any(one.outcome == entry.outcome for one in life.attempts):
        yield entry.outcome_at, str(entry.outcome), entry.detail or ""
