"""`newsarchive why URL`: everything that the archive knows of one address."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crawler.cli.exit_codes import FAILED
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.life import Life
from storage.urls import clean, same_site


@with_options
def why(
    options: Options,
    url: Annotated[str, typer.Argument(metavar="URL", help="An address, in any spelling.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Tell the whole life of an address: who announced it, what came of it, which versions there are.

    Each stored response is an attempt; of attempts that brought no response only the number and the
    last one are kept. Of an address that nothing ever announced it tells which sources could have it,
    what their rules say of it, and the most similar addresses that are known.

    Exit code 0: the address is known. 1: nothing ever announced it.
    """
    address = clean(url)
    if address is None:
        raise UsageError(f"{url}: no web address")
    with Archive.open(options.database) as archive:
        life = archive.life(address)
        near = archive.near(address) if life is None else []
        home_pages = {s.slug: s.home_page for s in archive.sources()}
    if life is not None:
        _tell_life(life, as_json=as_json)
        return
    _tell_unknown(address, _rules(options, address, home_pages), near, as_json=as_json)
    raise typer.Exit(FAILED)


def _rules(options: Options, address: str, home_pages: dict[str, str]) -> dict[str, str]:
    """What the rules of each source that the address may belong to say of it."""
    from crawler.items import EndpointKind
    from crawler.scheduling.announcing import Rules
    from crawler.scheduling.policy import Appetite
    from crawler.scheduling.targets import listed

    said = {
        slug: "in the archive, not in sources.toml: no rules"
        for slug, home_page in home_pages.items()
        if same_site(home_page, address)
    }
    for source in listed(options.sources).values():
        if same_site(source.home_page, address):
            rules = Rules(
                home_page=source.home_page,
                appetite=Appetite(),
                include=source.include,
                exclude=source.exclude,
            )
            reason = rules.excluded(address, EndpointKind.FEED, source.home_page)
            said[source.slug] = f"would refuse it: {reason}" if reason else "would take it, were it announced"
    return said


def _tell_unknown(address: str, rules: dict[str, str], near: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"url": address, "known": False, "rules": rules, "near": near}, ensure_ascii=False))
        return
    from rich.text import Text

    from crawler.cli import screen

    screen.out.print(Text(f"Nothing ever announced {address}", "bold"), soft_wrap=True)
    for slug, said in rules.items():
        screen.out.print(Text(f"  {slug} {said}"), soft_wrap=True)
    if not rules:
        screen.out.print("  No source has its site: `newsarchive crawl URL` fetches it.")
    if near:
        screen.out.print("Known addresses like it:")
    for other in near:
        screen.out.print(Text(f"  {other}"), soft_wrap=True)


def _tell_life(life: Life, *, as_json: bool) -> None:
    if as_json:
        told = {"known": True, **_plain(asdict(life))}
        print(json.dumps(told, ensure_ascii=False, default=str))
        return
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen

    entry = life.entry
    colour = screen.COLOURS.get(entry.outcome, "white")
    screen.out.print(Text(entry.url, "bold"), soft_wrap=True)
    line = Text.assemble((entry.outcome, colour), f" · {screen.MEANINGS.get(entry.outcome, '')}")
    screen.out.print(line + (f": {entry.detail}" if entry.detail else ""), soft_wrap=True)
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    for name, value in _facts(life):
        facts.add_row(name, Text(value))
    screen.out.print(facts)
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    for column in ("when (UTC)", "", "what"):
        table.add_column(column, overflow="fold")
    for at, kind, what in sorted(_events(life), key=lambda event: event[0]):
        table.add_row(f"{at:%Y-%m-%d %H:%M:%S}", Text(kind, "cyan"), Text(what))
    screen.out.print()
    screen.out.print(table)


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
        yield "attempts", f"{entry.attempts} since it last brought an article"
    yield "next look", f"{entry.next_fetch_at:%Y-%m-%d %H:%M} UTC" if entry.next_fetch_at else "none is due"


def _events(life: Life) -> Iterator[tuple[dt.datetime, str, str]]:
    entry = life.entry
    for one in life.announcers:
        times = f" (last {one.last_seen_at:%Y-%m-%d %H:%M})" if one.last_seen_at != one.first_seen_at else ""
        yield one.first_seen_at, "announced", f"by {one.method.replace('_', ' ')} {one.url}{times}"
    for response in life.responses:
        read = f", read as version {response.version}" if response.version else ""
        gone = f", its bytes gone {response.dropped_at:%Y-%m-%d}" if response.dropped_at else ""
        yield (
            response.fetched_at,
            "response",
            f"HTTP {response.http_status}, {response.warc_file}{read}{gone}",
        )
    for change in life.changes:
        yield change.at, str(change.kind), change.detail or ""
    for version in life.versions:
        yield version.fetched_at, "version", f"{version.number}: {version.headline or '(no headline)'}"
    if entry.outcome_at:
        yield entry.outcome_at, str(entry.outcome), entry.detail or ""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
