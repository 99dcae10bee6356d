"""A simulated year of looking at feeds: how soon what is published is found, and what that costs.

    python benchmarks/schedule_year.py                        # 1,000 sources, 365 days: 5 to 20 minutes
    python benchmarks/schedule_year.py --sources 100 --days 60
    python benchmarks/schedule_year.py --markdown             # the tables of docs/scheduling.md
    python benchmarks/schedule_year.py --chart docs/images/schedule-year.svg     # pip install -e '.[bench]'

The press is drawn by `simulated_press.py`; the clock is simulated, the policy is the crawler's own
(`crawler.scheduling.rhythm`). The same seed gives the same figures.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from look_policies import Looks, Rechecks, fixed_looks, fixed_rechecks, learned_looks, learned_rechecks
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from simulated_press import DAY, HOUR, MINUTE, Instants, PressSource, source

err = Console(stderr=True)
SEED = 6
LEARNED = "learned"
INTERVALS = {
    "5 minutes": 5 * MINUTE,
    "15 minutes": 15 * MINUTE,
    "30 minutes": 30 * MINUTE,
    "1 hour": HOUR,
    "3 hours": 3 * HOUR,
    "6 hours": 6 * HOUR,
    "1 day": DAY,
}
# An article again every so often, so many times.
RECHECKS = {"15 minutes": (HOUR, 24), "1 hour": (6 * HOUR, 28), "1 day": (DAY, 30)}
TABLE = ("15 minutes", "1 hour", "1 day", LEARNED)
CLASSES = {"less than 1": 1.0, "1 to 10": 10.0, "10 to 50": 50.0, "50 or more": np.inf}  # articles a day
SOON = 15 * MINUTE
SAMPLED = 500  # articles of a source that are looked at again
DELAYS = np.append(np.arange(0, 2 * DAY, MINUTE / 2), np.inf)  # what delays are counted in


@dataclass(kw_only=True)
class Tally:
    """What a policy came to."""

    sources: int = 0
    requests: int = 0
    articles: int = 0
    found: int = 0
    soon: int = 0
    # Found within SOON.
    within_a_day: int = 0
    delays: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(DELAYS) - 1, dtype=np.int64))
    rechecks: Rechecks = field(default_factory=Rechecks)

    def add(self, other: Tally) -> None:
        """Count in what it came to elsewhere."""
        for name in ("sources", "requests", "articles", "found", "soon", "within_a_day"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.delays += other.delays
        self.rechecks.requests += other.rechecks.requests
        self.rechecks.edits += other.rechecks.edits
        self.rechecks.late += other.rechecks.late

    def share(self, number: int) -> float:
        """`number` of the articles, as a share."""
        return number / max(self.articles, 1)

    @property
    def median_delay(self) -> float:
        """Seconds within which half the articles that are found at all are found."""
        half = np.searchsorted(np.cumsum(self.delays), max(self.found, 1) / 2)
        return float(DELAYS[min(int(half) + 1, len(DELAYS) - 2)])


Tallies = dict[tuple[str, str], Tally]
# By policy and class of source.


def found_at(press: PressSource, looks: Looks) -> Instants:
    """When each article was found; infinity: never, since newer ones had pushed it out of the feed."""
    asked = looks.at[looks.answered]
    first = np.searchsorted(asked, press.visible)
    found = np.append(asked, np.inf)[first]
    newer = np.searchsorted(press.visible, found, side="right") - np.arange(len(found))
    return np.where(newer > press.window, np.inf, found)


def tally(press: PressSource, looks: Looks, days: int) -> tuple[Tally, NDArray[np.int64], Instants]:
    """What the looks found, and a sample of the articles with the instants at which they were found."""
    found = found_at(press, looks)
    counted = np.flatnonzero((press.published >= 0) & (press.published < days * DAY))
    delay = (found - press.published)[counted]
    had = np.isfinite(delay)
    result = Tally(
        sources=1,
        requests=int(np.searchsorted(looks.at, days * DAY)),
        articles=len(counted),
        found=int(had.sum()),
        soon=int((delay <= SOON).sum()),
        within_a_day=int((delay <= DAY).sum()),
        delays=np.histogram(delay[had], DELAYS)[0],
    )
    sample = counted[had][:: max(len(counted) // SAMPLED, 1)]
    return result, sample, found[sample]


def year(number: int, *, seed: int, days: int) -> Tallies:
    """One source under each policy."""
    press = source(seed, number, days)
    rng = random.Random(f"{seed} {number}")
    until = (days + 2) * DAY
    of_class = next(name for name, end in CLASSES.items() if press.rate < end)
    result: Tallies = {}
    for name, interval in INTERVALS.items():
        looks = fixed_looks(press, interval, until=until, chance=rng.random())
        one, articles, found = tally(press, looks, days)
        if name in RECHECKS:
            every, times = RECHECKS[name]
            one.rechecks = fixed_rechecks(press, articles, found, interval=every, times=times)
        result[name, of_class] = one
    one, articles, found = tally(press, learned_looks(press, until=until, rng=rng), days)
    one.rechecks = learned_rechecks(press, articles, found, rng=rng)
    result[LEARNED, of_class] = one
    return result


def simulate(sources: int, days: int, *, seed: int = SEED, processes: int = 1) -> Tallies:
    """Every source under each policy."""
    total: Tallies = {}
    for part in _parts(partial(year, seed=seed, days=days), sources, processes):
        for key, one in part.items():
            total.setdefault(key, Tally()).add(one)
    return total


def _parts(one_year: partial[Tallies], sources: int, processes: int) -> Iterator[Tallies]:
    if processes == 1:
        yield from map(one_year, range(sources))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        parts = pool.map(one_year, range(sources), chunksize=4)
        yield from track(parts, "simulating", total=sources, console=err, transient=True)


def together(tallies: Tallies, policy: str) -> Tally:
    """What a policy came to with all sources."""
    total = Tally()
    for (name, _), one in tallies.items():
        if name == policy:
            total.add(one)
    return total


def looks_table(tallies: Tallies) -> Table:
    """How soon articles are found."""
    table = Table(
        "policy", "within 15 min", "within a day", "median", "never", "requests an article", box=None
    )
    for policy in TABLE:
        one = together(tallies, policy)
        table.add_row(
            policy if policy == LEARNED else f"every {policy}",
            f"{one.share(one.soon):.1%}",
            f"{one.share(one.within_a_day):.1%}",
            _span(one.median_delay),
            f"{one.share(one.articles - one.found):.2%}",
            f"{one.requests / max(one.found, 1):.2f}",
        )
    return table


def classes_table(tallies: Tallies, days: int) -> Table:
    """How the learned policy shares its looks out."""
    table = Table("articles a day", "sources", "looks a day", "within 15 min", "median", "never", box=None)
    for name in CLASSES:
        one = tallies.get((LEARNED, name), Tally())
        table.add_row(
            name,
            str(one.sources),
            f"{one.requests / max(one.sources, 1) / days:.1f}",
            f"{one.share(one.soon):.1%}",
            _span(one.median_delay),
            f"{one.share(one.articles - one.found):.2%}",
        )
    return table


def rechecks_table(tallies: Tallies) -> Table:
    """How many edits are seen."""
    table = Table("rechecks", "edits seen", "half of them within", "rechecks an edit seen", box=None)
    for policy in TABLE:
        one = together(tallies, policy).rechecks
        table.add_row(
            policy if policy == LEARNED else _plain(*RECHECKS[policy]),
            f"{len(one.late) / max(one.edits, 1):.1%}",
            _span(float(np.median(one.late)) if one.late else 0.0),
            f"{one.requests / max(len(one.late), 1):.1f}",
        )
    return table


def _plain(every: float, times: int) -> str:
    days = every * times / DAY
    return f"every {every / HOUR:.0f} h, {days:.0f} day{'s' if days > 1 else ''}"


def _span(seconds: float) -> str:
    return f"{seconds / MINUTE:.1f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def markdown(table: Table) -> str:
    """The table as it stands in a page of docs."""
    columns = [[str(column.header), *map(str, column.cells)] for column in table.columns]
    head, *rows = (f"| {' | '.join(row)} |" for row in zip(*columns, strict=True))
    return "\n".join([head, "|" + " --- |" * len(columns), *rows])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw them as an SVG file, too")
    arguments = parser.parse_args()
    if min(arguments.sources, arguments.days, arguments.processes) < 1:
        print("error: --sources, --days and --processes are at least 1", file=sys.stderr)
        return 2
    tallies = simulate(arguments.sources, arguments.days, seed=arguments.seed, processes=arguments.processes)
    show(
        [looks_table(tallies), classes_table(tallies, arguments.days), rechecks_table(tallies)],
        arguments.markdown,
    )
    if arguments.chart:
        from schedule_chart import draw  # matplotlib is not needed for the tables

        draw(tallies, arguments.days, arguments.chart)
    return 0


def show(tables: Iterable[Table], as_markdown: bool) -> None:
    """Print the tables, an empty line after each."""
    for table in tables:
        if as_markdown:
            print(markdown(table), end="\n\n")
        else:
            Console().print(table, "")


if __name__ == "__main__":
    sys.exit(main())
