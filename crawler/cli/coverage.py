"""`newsarchive coverage`: what was announced, what of it is there, and what nobody could see."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.health.coverage import ARTICLES, DayCoverage, Found, Sight
from storage.records import Outcome

DAYS = 14


@with_options
def coverage(
    options: Options,
    source: Annotated[
        str | None, typer.Argument(help="A source: its days. Without it, a line for each source.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help="From this day (UTC) on; without it, 14 days."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Show day by day what was announced, what of it is in the archive, and what became of the rest.

    A day counts the URLs that were first announced on it. "silent" is an outlet that answered and had
    nothing new; on a day that is "blind" nothing answered, on one that is "refused" most pages were
    consent dialogues or refusals, and "not looked" is our own doing. Below stands which way of
    discovery found what, and what one found that another missed.

    Examples:  newsarchive coverage
               newsarchive coverage example-org --since 2026-01-01
    """
    from crawler.scheduling.days import day

    today = dt.datetime.now(dt.UTC).date()
    first = day(since, "--since") if since else today - dt.timedelta(days=DAYS - 1)
    if first > today:
        raise UsageError(f"--since {since}: that day has not come yet")
    with Archive.open(options.database) as archive:
        known = [status.slug for status in archive.sources()]
        if source is not None and source not in known:
            raise UsageError(f'no source "{source}" in the archive: `newsarchive status` has them')
        days = archive.days(source=source, first=first, last=today)
    if as_json:
        print(json.dumps([_day_json(one) for one in days], ensure_ascii=False))
    elif source is None:
        _print_sources(days)
    else:
        _print_days(days)


def _day_json(one: DayCoverage) -> dict[str, Any]:
    return {
        "source": one.source,
        "day": one.day.isoformat(),
        "sight": one.sight,
        "announced": one.announced,
        "stored": one.stored,
        "outcomes": dict(one.outcomes),
        "methods": {
            name: {"urls": found.urls, "articles": found.articles, "alone": found.alone}
            for name, found in one.methods.items()
        },
        "missed": [
            {"found_by": by, "missed_by": other, "articles": n} for (by, other), n in one.missed.items()
        ],
    }


# Outcomes by what they mean for coverage, each with its colour in the bars.
GROUPS: Sequence[tuple[str, str, frozenset[str]]] = (
    ("articles", "green", frozenset(ARTICLES)),
    ("waiting", "yellow", frozenset({Outcome.PENDING})),
    ("refused", "magenta", frozenset({Outcome.CONSENT_WALL, Outcome.ROBOTS})),
    (
        "errors",
        "red",
        frozenset({Outcome.HTTP_ERROR, Outcome.NETWORK_ERROR, Outcome.EXTRACT_ERROR, Outcome.TOO_LARGE}),
    ),
    ("gone", "cyan", frozenset({Outcome.GONE})),
)
OTHERS = ("no articles", "bright_black")  # duplicates, sections, what our own rules exclude
BAR = 30
SIGHTS: Mapping[Sight | None, tuple[str, str]] = {
    Sight.SEEN: ("", ""),
    Sight.SILENT: ("silent", "yellow"),
    Sight.REFUSED: ("refused", "magenta"),
    Sight.BLIND: ("blind", "bold red"),
    Sight.NOT_LOOKED: ("not looked", "red"),
    None: ("", ""),
}


def _parts(outcomes: Mapping[str, int]) -> list[tuple[int, str]]:
    """The bar of a day: a number and a colour for each group."""
    counts = [(sum(outcomes.get(name, 0) for name in names), colour) for _, colour, names in GROUPS]
    return [*counts, (sum(outcomes.values()) - sum(n for n, _ in counts), OTHERS[1])]


def _print_days(days: Sequence[DayCoverage]) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen
    from crawler.cli.charts import stacked

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, justify in (("day", "left"), ("", "left"), ("announced", "right"), ("stored", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("")
    table.add_column("found by", overflow="fold")
    most = max((one.announced for one in days), default=1)
    for one in days:
        word, colour = SIGHTS[one.sight]
        table.add_row(
            f"{one.day:%a %Y-%m-%d}",
            Text(word, colour),
            str(one.announced or ""),
            str(one.stored or ""),
            stacked(_parts(one.outcomes), most, BAR),
            _ways(one.methods),
        )
    screen.out.print(table)
    screen.out.print(_legend())
    _print_sums(days)


def _ways(methods: Mapping[str, Found]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {found.urls}" for name, found in methods.items())


def _legend() -> Any:
    from rich.text import Text

    keys = [(name, colour) for name, colour, _ in GROUPS] + [OTHERS]
    return Text("  ").join(Text.assemble(("█ ", colour), (name, "dim")) for name, colour in keys)


def _print_sums(days: Sequence[DayCoverage]) -> None:
    """What became of everything, and what each way of discovery found alone or missed."""
    from crawler.cli import screen

    outcomes = _sum(one.outcomes for one in days)
    if outcomes:
        screen.out.print()
        screen.out.print(screen.outcome_table(outcomes, "What became of them"))
    found = _found(days)
    if found:
        screen.out.print()
        screen.out.print(_ways_table(found, _missed(days)))


def _found(days: Iterable[DayCoverage]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for one in days:
        for name, more in one.methods.items():
            old = found.get(name, Found())
            found[name] = Found(
                urls=old.urls + more.urls, articles=old.articles + more.articles, alone=old.alone + more.alone
            )
    return found


def _missed(days: Iterable[DayCoverage]) -> Counter[tuple[str, str]]:
    missed: Counter[tuple[str, str]] = Counter()
    for one in days:
        missed.update(one.missed)
    return missed


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _ways_table(found: Mapping[str, Found], missed: Mapping[tuple[str, str], int]) -> Any:
    from rich.table import Table

    ways = sorted(found, key=lambda name: -found[name].articles)
    table = Table(
        title="Which way found what", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    table.header_style = "dim"
    table.add_column("way")
    for name in ("URLs", "articles", "URLs by it alone"):
        table.add_column(name, justify="right")
    table.add_column("articles that it found and another missed", overflow="fold")
    for name in ways:
        others = (f"{missed[name, other]} not by {other}" for other in ways if (name, other) in missed)
        one = found[name]
        table.add_row(
            name, str(one.urls), str(one.articles), str(one.alone), ", ".join(others).replace("_", " ")
        )
    return table


def _print_sources(days: Sequence[DayCoverage]) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.cli import screen
    from crawler.cli.charts import sparkline, stacked

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("source", style="bold")
    table.add_column("announced a day")
    for name in ("announced", "stored", "days silent", "blind"):
        table.add_column(name, justify="right")
    table.add_column("")
    table.add_column("found by", overflow="fold")
    by_source: dict[str, list[DayCoverage]] = {}
    for one in days:
        by_source.setdefault(one.source, []).append(one)
    most = max((sum(d.announced for d in of_one) for of_one in by_source.values()), default=1)
    for slug, of_one in sorted(by_source.items()):
        sights = Counter(d.sight for d in of_one)
        unseen = sights[Sight.BLIND] + sights[Sight.NOT_LOOKED]
        outcomes = _sum(d.outcomes for d in of_one)
        table.add_row(
            Text(slug),
            sparkline([_seen(d) for d in reversed(of_one)]),
            str(sum(d.announced for d in of_one)),
            str(sum(d.stored for d in of_one)),
            str(sights[Sight.SILENT] or ""),
            Text(str(unseen or ""), "red"),
            stacked(_parts(outcomes), most, BAR),
            _ways(_found(of_one)),
        )
    screen.out.print(table)
    screen.out.print(_legend())


def _seen(one: DayCoverage) -> int | None:
    """What was announced; None where nobody could see."""
    blind = one.sight in (Sight.BLIND, Sight.NOT_LOOKED)
    return None if blind and not one.announced else one.announced
