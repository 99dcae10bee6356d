"""How questions, storing and crawling keep their speed as an archive grows: SQLite and PostgreSQL.

    python benchmarks/growth.py --articles 1000000 --database growth.db
    python benchmarks/growth.py --articles 1000000 --database postgresql://ada@localhost/growth

makes an archive of generated articles (in minutes, see growth_fill.py; where it is there already, it is
measured as it is), asks it what people ask (growth_questions.py), stores some more articles, and announces
every address that it knows once again, as a second crawl of all sources does. A database that is named twice
or more: all get the same articles.

Of each question the round that took least processor time counts (ours and the server's, whose processes have
to be on this machine), and the quickest: other programs may run meanwhile.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from growth_again import repeat
from growth_costs import announcing, cpu_of, server_process, storing
from growth_fill import fill
from growth_press import Press
from growth_questions import Question, accounts, searches
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from storage import Archive
from storage.database import database_url, open_engine
from storage.engines import of
from storage.errors import ArchiveError

HEADS = ("", "questions", "CPU ms: median", "p95", "most", "ms: median", "p95")

LEAST = 10_000  # articles: fewer have not all the sources that storing more of them takes


class Took(NamedTuple):
    """What a question took, in ms."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Line:
    """What the questions of one kind take."""

    kind: str
    took: list[Took]

    @property
    def cells(self) -> tuple[str, ...]:
        cpu, wall = sorted(one.cpu for one in self.took), sorted(one.wall for one in self.took)
        figures = (statistics.median(cpu), _p95(cpu), cpu[-1], statistics.median(wall), _p95(wall))
        return self.kind, str(len(cpu)), *(f"{figure:,.1f}" for figure in figures)


def _p95(ordered: Sequence[float]) -> float:
    return ordered[round(0.95 * (len(ordered) - 1))]


def asked(archive: Archive, questions: Iterable[Question], rounds: int) -> Iterator[Line]:
    """What each kind of question takes; a round more warms up."""
    with archive._engine.connect() as connection:  # the pool has no other, so that all use its process
        server = server_process(connection)
    kinds: dict[str, list[Took]] = defaultdict(list)
    for question in questions:
        took = [_took(partial(question.ask, archive), server) for _ in range(rounds + 1)][1:]
        kinds[question.kind].append(Took(min(one.cpu for one in took), min(one.wall for one in took)))
    yield from (Line(kind, took) for kind, took in kinds.items())
    yield Line("all of these", [one for took in kinds.values() for one in took])


def _took(call: Callable[[], object], server: int | None) -> Took:
    begun, cpu = time.perf_counter(), time.process_time() + cpu_of(server)
    call()
    cpu = time.process_time() + cpu_of(server) - cpu
    return Took(1000 * cpu, 1000 * (time.perf_counter() - begun))


def show(title: str, lines: Iterable[Line], *, markdown: bool) -> None:
    """A table on the screen, or as README has it."""
    if markdown:
        print(f"\n| {title} | {' | '.join(HEADS[1:])} |\n|{' --- |' * len(HEADS)}")
        for line in lines:
            print(f"| {' | '.join(line.cells)} |", flush=True)
        return
    table = Table(title, *HEADS[1:], box=None)
    for line in lines:
        table.add_row(*line.cells)
    Console().print(table)


def size(where: str) -> int:
    """How many articles are there; 0 where there is no archive."""
    url = database_url(where)
    if not of(url).is_there(url):
        return 0
    open_engine(where).dispose()
    with Archive.open(where) as archive:
        return archive.count()


def make(wheres: list[str], articles: int, texts: int, until: dt.date) -> None:
    """Fill these databases."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        fill(wheres, texts, until, progress)
        for where in wheres:
            repeat(where, articles // texts, progress)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--texts", type=int, default=100_000, help="how many have a text of their own (100000)"
    )
    parser.add_argument(
        "--database", action="append", help="a path or URL (default: growth.db); more than one"
    )
    parser.add_argument("--until", type=dt.date.fromisoformat, help="the day after the last article (today)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked (3)")
    parser.add_argument("--stored", type=int, default=2_000, help="articles to store more; 0: none")
    parser.add_argument("--no-announcing", action="store_true", help="without the second crawl")
    parser.add_argument("--markdown", action="store_true", help="print tables as README has them")
    arguments = parser.parse_args()
    if arguments.articles < LEAST:
        parser.error(f"--articles: {LEAST:,} at least, or sources to store more for are missing")
    texts = min(arguments.texts, arguments.articles)
    wheres = arguments.database or ["growth.db"]
    until = arguments.until or dt.datetime.now(dt.UTC).date()
    empty = [where for where in wheres if not size(where)]
    if empty:
        make(empty, arguments.articles, texts, until)
    press = Press(texts, until)
    for where in wheres:
        with Archive.open(where) as archive:
            print(f"\n{database_url(where).get_backend_name()}, {archive.count():,} articles")
            show("search", asked(archive, searches(press), arguments.rounds), markdown=arguments.markdown)
            show("account", asked(archive, accounts(press), arguments.rounds), markdown=arguments.markdown)
        if arguments.stored:
            print(storing(where, arguments.stored))
        if not arguments.no_announcing:
            print(announcing(where))


if __name__ == "__main__":
    try:
        main()
    except ArchiveError as error:
        raise SystemExit(f"error: {error}") from error
