"""The sources at a glance, as a table: what each brings against its usual, and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.alarms.channels import remedy
from crawler.cli.charts import sparkline
from crawler.cli.screen import ago
from storage.health.rules import Rule
from storage.health.status import DAYS, Health, ShareNow, SourceHealth, Trouble

SHOWN = {
    Rule.NO_BYLINE: "no byline",
    Rule.NO_DATE: "no date",
    Rule.NO_BODY: "no body",
    Rule.BLOCKED: "blocked",
    Rule.ERRORS: "errors",
}
FAR = 0.15  # beyond its usual, a share is worth a colour


def health_table(health: Health, now: dt.datetime) -> Table:
    """A row for each source, the worst first."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.add_column("")
    table.add_column("source", overflow="fold")
    table.add_column("last success")
    if any(one.next_run for one in health.sources):
        table.add_column("next run")
    table.add_column("14 days")
    table.add_column("today/usual", justify="right")
    for name in SHOWN.values():
        table.add_column(name, justify="right")
    for one in health.sources:
        table.add_row(*_cells(one, now, with_next=any(o.next_run for o in health.sources)))
    return table


def _cells(one: SourceHealth, now: dt.datetime, *, with_next: bool) -> Iterator[RenderableType]:
    yield Text("✗", "bold red") if one.troubles else Text("✓", "green")
    yield Text(one.slug, "bold")
    failing = f" ({one.failing_endpoints}/{one.endpoints} fail)" if one.failing_endpoints else ""
    yield Text.assemble(ago(one.last_success), (failing, "red"))
    if with_next:
        yield _until(one.next_run, now)
    yield Text(" " * (DAYS - len(one.articles))) + sparkline(one.articles)
    usual = f"{one.usual.median:.0f}" if one.usual else "?"
    yield Text.assemble(str(one.today), (f"/{usual}", "dim"))
    for rule in SHOWN:
        yield _share(one.shares[rule], is_alarming=any(t.rule is rule for t in one.troubles))


def _share(share: ShareNow, *, is_alarming: bool) -> Text:
    if share.share is None:
        return Text("–", "dim")
    is_far = share.usual is not None and share.share > share.usual + FAR
    colour = "bold red" if is_alarming else "yellow" if is_far else ""
    usual = "" if share.usual is None else f"/{share.usual:.0%}"
    return Text.assemble((f"{share.share:.0%}", colour), (usual, "dim"))


def _until(at: dt.datetime | None, now: dt.datetime) -> Text:
    if at is None or at <= now:
        return Text("now" if at else "–", "dim")
    minutes = round((at - now).total_seconds() / 60)
    return Text(f"in {minutes} min" if minutes < 120 else f"in {minutes // 60} h")


def trouble_lines(troubles: Iterable[Trouble]) -> Iterator[Text]:
    """What is wrong, and what may be done about it: two lines each."""
    for trouble in troubles:
        since = f", since {trouble.since:%Y-%m-%d %H:%M} UTC" if trouble.since else ""
        yield Text.assemble(
            ("✗ ", "bold red"),
            (trouble.source or "the archive", "bold"),
            " ",
            (str(trouble.rule), "red"),
            f": {trouble.detail}{since}",
        )
        yield Text(f"  {remedy(trouble.rule)}", "dim")
