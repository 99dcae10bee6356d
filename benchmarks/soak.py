"""Let two schedulers keep up with sites that misbehave, kill them again and again, then check what is kept.

    python benchmarks/soak.py [--sites 50] [--minutes 20] [--seed 1] [--kills-a-minute 2] [--database …]

The sites are on loopback (soak_press.py, soak_sites.py). A scheduler is killed, stopped by SIGTERM or frozen
beyond its leases, readers of both are killed, and a person crawls by hand meanwhile (soak_processes.py). In
the first tenth both are killed at once; from then on one of them lives, so that its memory can be judged. At
the end the faults stop and `newsarchive crawl` drains. Exits 1 where a check (soak_checks.py) fails. A
database that is given must be empty.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import soak_checks
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from soak_checks import Check
from soak_press import FAIR, Plan, timing
from soak_processes import SETTINGS, Person, Scheduler, Workplace
from soak_sites import serve
from sqlalchemy import text

from storage.database import open_engine

KEPT = "('stored', 'updated', 'unchanged', 'duplicate', 'redirected', 'paywall')"
CALMING = 3.0  # seconds until all sites take connections again
BLOWS = (*("kill",) * 6, *("kill a reader",) * 3, "terminate", "freeze")


@contextmanager
def served(plan: Plan) -> Iterator[tuple[list[str], Any]]:
    """The addresses of the sites, and the event that ends their faults."""
    context = multiprocessing.get_context("spawn")
    calm, over = context.Event(), context.Event()
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(plan, calm, over, there))
    process.start()
    try:
        yield here.recv(), calm
    finally:
        over.set()
        process.join(10)


def first_request(log: Path, patience: float = 90) -> float:
    """Wait for it; returns the time."""
    latest = time.monotonic() + patience
    while not log.exists() and time.monotonic() < latest:
        time.sleep(0.1)
    return time.monotonic()


def plan_of_blows(seconds: float, blows: int, chance: random.Random) -> list[tuple[float, str]]:
    """(moment, what happens), in order: both are killed in the first tenth, then blows at random."""
    if blows == 1:
        return [(0.4 * seconds, "kill")]
    later = [(chance.uniform(0.15, 0.85) * seconds, chance.choice(BLOWS)) for _ in range(blows - 1)]
    return sorted([(0.1 * seconds, "kill both"), *later])


def strike(what: str, lasting: Scheduler, other: Scheduler, chance: random.Random) -> None:
    """Let something happen to the schedulers."""

    def restart() -> None:
        other.stop()
        other.start()

    blows: dict[str, Callable[[], object]] = {
        "kill both": lambda: (lasting.kill(), other.kill_and_start(), lasting.start()),
        "kill": other.kill_and_start,
        "kill a reader": lambda: chance.choice((lasting, other)).kill_a_reader(chance),
        "terminate": restart,
        "freeze": other.freeze,
    }
    blows[what]()


def soak(
    place: Workplace, slugs: list[str], log: Path, options: argparse.Namespace
) -> tuple[Counter[str], int, Person]:
    """Run them for so long; returns what happened to them, and how many ended by themselves.

    The time begins with the first request: a busy machine takes a while to start a process.
    """
    chance, seconds = random.Random(options.seed), options.minutes * 60
    blows = plan_of_blows(seconds, max(1, round(options.minutes * options.kills_a_minute)), chance)
    happened: Counter[str] = Counter()
    schedulers = lasting, other = Scheduler(place, "one"), Scheduler(place, "other")
    person = Person(place, slugs, options.by_hand)
    try:
        begun = first_request(log)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("soaking", total=seconds)
            while (elapsed := time.monotonic() - begun) < seconds:
                progress.update(task, completed=elapsed)
                if blows and elapsed > blows[0][0]:
                    _, what = blows.pop(0)
                    happened[what] += 1
                    strike(what, lasting, other, chance)
                for scheduler in schedulers:
                    scheduler.look_after()
                person.look_after(chance)
                time.sleep(0.5)
        person.wait()
        for scheduler in schedulers:
            scheduler.stop()
    finally:
        for scheduler in schedulers:
            if scheduler.process.poll() is None:
                scheduler.kill()
    return happened, sum(scheduler.died for scheduler in schedulers), person


def drain(place: Workplace, slugs: list[str], passes: int) -> None:
    """Crawl what is left; the last pass looks at every article again."""
    for left in reversed(range(passes)):
        again = () if left else ("--again", "1")
        process, _ = place.begin("drain", "crawl", *slugs, *again, *SETTINGS)
        process.wait()


def read_log(path: Path) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(entries, key=lambda entry: entry["at"])


def judged(
    place: Workplace, database: str, urls: list[str], log: list[dict[str, Any]]
) -> tuple[list[Check], str]:
    """The checks of the archive against the servers' log."""
    engine = open_engine(database)
    with engine.connect() as connection:
        ledger = list(connection.execute(text("SELECT url, outcome FROM ledger")))
        articles = list(connection.execute(text("SELECT canonical_url, body FROM articles")))
        versions = connection.execute(
            text("SELECT canonical_url, body FROM versions ORDER BY article_id, version")
        ).all()
        # A page that was kept may be away at its last look.
        found = connection.execute(
            text(f"SELECT url FROM url WHERE article_id IS NOT NULL OR outcome IN {KEPT}")
        )
        have = {str(url) for (url,) in found}
    engine.dispose()
    code, verified = place.run("verify", "--json")
    sound = [] if code == 0 and json.loads(verified)["ok"] else [verified[:200]]
    outcomes = ", ".join(f"{n} {k}" for k, n in Counter(row.outcome for row in ledger).most_common())
    return [
        soak_checks.accounted(log, ledger),
        soak_checks.stored(log, urls, have),
        soak_checks.once([row.canonical_url for row in articles], [row.body for row in articles]),
        soak_checks.edits(log, urls, [(row.canonical_url, row.body) for row in versions], place.lives),
        *soak_checks.polite(log, place.lives),
        soak_checks.flat(place.lives),
        Check(name="newsarchive verify is clean", wrong=sound, measured=f"exit code {code}"),
    ], outcomes


def whole(options: argparse.Namespace, folder: Path) -> tuple[list[Check], str]:
    """One soak from start to end."""
    database = options.database or str(folder / "archive.db")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    environment = {**kept, "NEWSARCHIVE_DATABASE": database, "NEWSARCHIVE_ALLOW_PRIVATE": "1"}
    root = str(Path(__file__).parents[1])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    place = Workplace(folder=folder, environment=environment)
    plan = Plan(
        sites=options.sites,
        seed=options.seed,
        interval=options.interval,
        edits=options.edits,
        log=folder / "requests.jsonl",
    )
    slugs = [f"s{n}" for n in range(options.sites)]
    with served(plan) as (urls, calm):
        tables = [
            f'[sources.{slug}]\nhome_page = "{url}/"\nfeeds = ["{url}/feed.xml"]\n{timing(n, options.every)}'
            for n, (slug, url) in enumerate(zip(slugs, urls, strict=True))
        ]
        (folder / "sources.toml").write_text("".join(tables), encoding="utf-8")
        happened, died, person = soak(place, slugs, plan.log, options)
        calm.set()
        time.sleep(CALMING)
        drain(place, slugs, options.drains)
    log = read_log(plan.log)
    results, outcomes = judged(place, database, urls, log)
    blows = ", ".join(f"{n} × {what}" for what, n in happened.most_common())
    wrong = [f"{died} did"] * bool(died) + [f"{person.failed} crawls by hand broke"] * bool(person.failed)
    results.append(Check(name="no process ends by itself", wrong=wrong, measured=blows))
    faults = Counter(entry["fault"] for entry in log if entry["fault"] != FAIR)
    told = ", ".join(f"{count} {name}" for name, count in faults.most_common()) or "none"
    return results, f"{len(log)} requests, {person.crawls} crawls by hand; {outcomes}; faults: {told}"


def show(results: list[Check], summary: str) -> None:
    table = Table("", "check", "measured", "wrong")
    for check in results:
        wrong = "; ".join(check.wrong[:5]) + (f" … {len(check.wrong)} in all" if len(check.wrong) > 5 else "")
        table.add_row("✗" if check.wrong else "✓", check.name, check.measured, wrong)
    console = Console()
    console.print(table)
    console.print(summary, markup=False)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills-a-minute", type=float, default=2)
    parser.add_argument("--interval", type=float, default=30, help="seconds between two articles of a site")
    parser.add_argument("--edits", type=float, default=60, help="seconds between two editions of a page")
    parser.add_argument("--every", default="10s", help="how often most feeds are asked")
    parser.add_argument("--by-hand", type=float, default=45, help="seconds between two crawls by hand")
    parser.add_argument("--drains", type=int, default=2, help="passes over all sources at the end")
    parser.add_argument("--database", help="an empty one, or a PostgreSQL URL; else a new file")
    return parser.parse_args(given)


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the schedulers go with it
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    print(f"the archive, the logs and the requests are in {folder}", file=sys.stderr)
    results, summary = whole(options, folder)
    show(results, summary)
    if any(check.wrong for check in results):
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
