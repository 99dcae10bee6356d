"""What a person sees of the scheduler: what runs, what came of it, what is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crawler.cli.screen import ago, err, outcome_line
from crawler.scheduling.agenda import Appointment
from storage.leases import Lease

if TYPE_CHECKING:
    from crawler.spiders.watch import Board

SHOWN_NEXT = 8


@contextmanager
def watching(board: Board, *, show: bool) -> Iterator[None]:
    """Show what the scheduler is at, on standard error, until the block ends."""
    if not show:
        yield
        return
    with Live(get_renderable=lambda: board_view(board), console=err, refresh_per_second=2, transient=True):
        yield


def board_view(board: Board) -> RenderableType:
    """What runs, the counts so far, and what is next."""
    running = _table("crawling", "phase", "endpoints", "new URLs", "pages")
    for slug, p in sorted(board.running.items()):
        pages = f"{p.fetched}/{max(p.to_fetch, p.fetched)}"
        running.add_row(Text(slug, "bold"), p.phase, str(p.endpoints), str(p.new), pages)
    if not board.running:
        running.add_row(Text("nothing", "dim"), "", "", "", "")
    now = dt.datetime.now(dt.UTC)
    soon = _table("next", "in", "why")
    for one in board.next[:SHOWN_NEXT]:
        soon.add_row(Text(one.slug, "bold"), until(one.at, now), Text(one.why, "dim"))
    counts = {name: number for name, number in board.outcomes.items() if name != "known"}
    done = Text.assemble(f"{board.crawls} crawls ended  ", outcome_line(counts))
    failing = [slug for slug, number in board.unreached.items() if number]
    lost = Text(f"not reached: {', '.join(failing)}", "red") if failing else Text("")
    return Group(running, Text(""), soon, Text(""), done, lost)


def next_table(
    found: Sequence[tuple[Appointment, dt.datetime | None, Lease | None]], now: dt.datetime
) -> Table:
    """When each source is crawled next, and why then."""
    table = _table("source", "next crawl", "in", "last", "why")
    for one, last, lease in found:
        at = one.at.strftime("%Y-%m-%d %H:%M:%S UTC") if one.at else "–"
        why = f"is being crawled by {lease.who}" if lease else one.why
        where = Text(f"  {one.endpoint}", "dim") if one.endpoint and not lease else Text("")
        table.add_row(Text(one.slug, "bold"), at, until(one.at, now), ago(last), Text.assemble(why, where))
    return table


def until(at: dt.datetime | None, now: dt.datetime) -> str:
    """How long until `at`, in one unit."""
    if at is None:
        return ""
    seconds = (at - now).total_seconds()
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1 else "now"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    return table
