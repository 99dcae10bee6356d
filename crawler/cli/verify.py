"""`newsarchive verify`: is everything in the archive that should be, and as it was written?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Annotated

import typer

from crawler.cli.exit_codes import FAILED, OK
from crawler.cli.options import Options, with_options
from storage import Archive
from storage.verification import Check

SHOWN = 10  # problems of one check, for a person; --json has them all


@dataclass(kw_only=True)
class Verified:
    """What came of one check."""

    name: str
    meaning: str
    checked: int = 0
    wrong: list[str] = field(default_factory=list)


@with_options
def verify(
    options: Options,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Read the whole archive and say what is wrong with it: tables, search index and raw bytes.

    Every stored response is read and compared with the hash that was taken when
    it came; every version, every entry of the search index and of the ledger is
    looked at. Nothing is changed, and a crawl may go on meanwhile.

    Exit code 0: all is right. 1: something is not; each thing gets a line.
    """
    with Archive.open(options.database, captures=options.captures, pictures=options.pictures) as archive:
        verified = _all(archive, show=sys.stderr.isatty())
        unkept = archive.count_without_raw_bytes()
    wrong = sum(len(check.wrong) for check in verified)
    if as_json:
        found = {
            "ok": not wrong,
            "checks": [asdict(c) for c in verified],
            "versions_without_raw_bytes": unkept,
        }
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(verified, unkept, options)
    raise typer.Exit(FAILED if wrong else OK)


def _make(check: Check, problems: Iterable[str | None]) -> Verified:
    done = Verified(name=check.name, meaning=check.meaning)
    for problem in problems:
        done.checked += 1
        if problem is not None:
            done.wrong.append(problem)
    return done


def _all(archive: Archive, *, show: bool) -> list[Verified]:
    """Make all checks, on a terminal with a bar for each."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from crawler.cli import screen

    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen.err, transient=True, disable=not show) as bars:
        return [
            _make(check, bars.track(check.look(), total=check.total, description=check.name))
            for check in archive.checks()
        ]


def _print(verified: list[Verified], unkept: int, options: Options) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "what was checked"):
        table.add_column(name)
    for name in ("looked at", "wrong"):
        table.add_column(name, justify="right")
    table.add_column("what holds", style="dim")
    for check in verified:
        mark = Text("✗", "bold red") if check.wrong else Text("✓", "green")
        wrong = Text(str(len(check.wrong)), "bold red" if check.wrong else "dim")
        table.add_row(mark, Text(check.name, "bold"), str(check.checked), wrong, check.meaning)
    screen.out.print(table)
    for check in verified:
        for problem in check.wrong[:SHOWN]:
            screen.out.print(Text(f"! {check.name}: {problem}", "red"), soft_wrap=True)
        if len(check.wrong) > SHOWN:
            rest = len(check.wrong) - SHOWN
            screen.out.print(f"! {check.name}: … and {rest} more (--json names them all)", style="red")
    if unkept:
        told = "were read without raw bytes being kept (ARCHIVE_CAPTURES), and cannot be read again"
        screen.out.print(f"{unkept} versions {told}", style="yellow")
    number = sum(len(check.wrong) for check in verified)
    verdict = Text(f"{number} things are wrong", "bold red") if number else Text("all is right", "bold green")
    screen.out.print(Text.assemble(verdict, f" · {options.place} · {options.captures}"))
