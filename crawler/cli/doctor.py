"""`newsarchive doctor`: is everything here that a crawl needs?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.exit_codes import FAILED, OK
from crawler.cli.options import Options, with_options
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from crawler.doctor.finding import Check
    from crawler.sources import Source


@with_options
def doctor(
    options: Options,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no site.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Look at this machine and ask each source once: what is wrong, and what to do about it.

    Database and its revision, disk, folders, files that a killed crawl has left, versions; then from
    each source in sources.toml one feed (else its home page), whether its robots.txt lets us in, and
    by the servers' clocks this machine's own.

    Exit code 0: all is well. 1: something is not; its line says what to do.
    """
    from crawler.doctor import here

    found = list(here.checks(options.database, options.overrides, options.sources, options.captures))
    sources = _sources(options)
    if sources and not offline:
        found += _visited(sources, options)
    if as_json:
        told = {"ok": all(check.ok for check in found), "checks": [asdict(check) for check in found]}
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(found)
    raise typer.Exit(OK if all(check.ok for check in found) else FAILED)


def _sources(options: Options) -> list[Source]:
    from crawler.scheduling.targets import listed

    try:
        return [source for source in listed(options.sources).values() if source.enabled]
    except ArchiveError:
        return []  # a check has told it


def _visited(sources: Sequence[Source], options: Options) -> list[Check]:
    import logging

    from crawler.doctor import sites
    from crawler.doctor.spider import Visit
    from crawler.doctor.visiting import examine

    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    visits = [Visit(source=source) for source in sources]
    examine(visits, options.overrides)
    return list(sites.checks(visits))


def _print(found: Sequence[Check]) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("check", style="bold")
    table.add_column("what was found", overflow="fold")
    for check in found:
        mark = Text("✓", "green") if check.ok else Text("✗", "bold red")
        detail = Text(check.detail, "" if check.ok else "red")
        if not check.ok and check.remedy:
            detail = Text.assemble(detail, "\n", (check.remedy, "yellow"))
        table.add_row(mark, Text(check.name), detail)
    screen.out.print(table)
    wrong = sum(not check.ok for check in found)
    verdict = (
        Text(f"{wrong} of {len(found)} are not well", "bold red") if wrong else Text("all is well", "green")
    )
    screen.out.print(verdict)
