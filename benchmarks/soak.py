"""Let two schedulers keep up with sites that misbehave, kill them again and again, then check what is kept.

    python benchmarks/soak.py [--sites 50] [--minutes 20] [--seed 1] [--kills-a-minute 2] [--database …]

The sites are on loopback (soak_sites.py). At the end the faults stop and two passes of `newsarchive crawl`
drain. Exits 1 where a check fails. A database that is given must be empty.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from soak_sites import FAIR, Plan, crawl_delay, serve
from sqlalchemy import text

from storage.database import open_engine

SETTINGS = (
    *("-s", "ARCHIVE_LEASE_SECONDS=4", "-s", "ARCHIVE_LOOK_SECONDS=0.5", "-s", "ARCHIVE_READERS=1"),
    *("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=4", "-s", "ARCHIVE_RUN_SECONDS=60"),
)
AT_ONCE = 3
# A gap is measured where the answer begins: a thread may be late by so many seconds.
LATE = 0.1
GROWTH = 1.2
# A scheduler that lived shorter says nothing on memory.
LONG_ENOUGH = 60
KEPT = "('stored', 'updated', 'unchanged', 'duplicate', 'redirected', 'paywall')"
LOADING_SECONDS = 20.0  # in which SIGTERM finds a process that does not listen yet, and ends it


@dataclass
class Scheduler:
    """`newsarchive schedule` as a process, started again whenever it was killed."""

    folder: Path
    environment: dict[str, str]
    name: str
    process: subprocess.Popen[bytes] | None = None
    lives: list[list[tuple[float, int]]] = field(default_factory=list)
    # Of each process: (time, KiB of memory).

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crawler", "schedule", *SETTINGS],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self.lives.append([])

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process
        age = time.monotonic() - self.lives[-1][0][0] if self.lives[-1] else 0.0
        self.process.terminate()
        code = self.process.wait(timeout=90)
        return 0 if code == -signal.SIGTERM and age < LOADING_SECONDS else code

    def sample(self) -> None:
        assert self.process
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
        self.lives[-1] += [(time.monotonic(), int(size)) for size in found]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must hold."""

    name: str
    wrong: list[str]
    measured: str


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


def soak(schedulers: list[Scheduler], log: Path, *, seconds: float, kills: int, chance: random.Random) -> int:
    """Run them for so long and kill one now and then; returns how many exited by themselves.

    The time begins with the first request: a busy machine takes a while to start a process.
    """
    moments = sorted(chance.uniform(0.1, 0.8) * seconds for _ in range(kills))
    for scheduler in schedulers:
        scheduler.start()
    begun, died = first_request(log), 0
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("soaking", total=seconds)
        while (elapsed := time.monotonic() - begun) < seconds:
            progress.update(task, completed=elapsed)
            if moments and elapsed > moments[0]:
                moments.pop(0)
                victim = chance.choice(schedulers)
                victim.kill()
                victim.start()
            for scheduler in schedulers:
                assert scheduler.process
                if scheduler.process.poll() is not None:
                    died += 1
                    scheduler.start()
                scheduler.sample()
            time.sleep(0.5)
    return died + sum(scheduler.stop() != 0 for scheduler in schedulers)


def accounted(log: list[dict[str, Any]], rows: list[Any]) -> Check:
    named = {url for entry in log if entry["status"] == 200 for url in entry["named"]}
    times = Counter(row.url for row in rows)
    wrong = [f"{url}: {times[url]} rows" for url in sorted(named) if times[url] != 1]
    wrong += [f"{row.url}: {row.outcome}" for row in rows if row.outcome == "pending"]
    return Check(
        name="each announced URL has exactly one outcome", wrong=wrong, measured=f"{len(named)} URLs"
    )


def stored(log: list[dict[str, Any]], urls: list[str], kept: set[str]) -> Check:
    last = {f"{urls[entry['site']]}{entry['path']}": entry["status"] for entry in log}
    pages = [url for url, status in last.items() if "/news/" in url and status == 200]
    wrong = [f"{url}: not kept" for url in pages if url not in kept]
    return Check(name="each page answered with 200 is stored", wrong=wrong, measured=f"{len(pages)} pages")


def polite(log: list[dict[str, Any]]) -> Iterator[Check]:
    """From the servers' own logs, whoever asked."""
    hosts = defaultdict(list)
    for entry in log:
        if entry["path"] != "/robots.txt":
            hosts[entry["site"]].append(entry)
    fast, crowded, shortest, most = [], [], {}, 0
    for site, entries in hosts.items():
        asked, delay = sorted(entry["at"] for entry in entries), crawl_delay(site)
        gaps = [later - earlier for earlier, later in pairwise(asked)]
        if delay and gaps:
            shortest[site] = min(gaps) / delay
            fast += [f"site {site}: {gap:.2f} s of {delay} s" for gap in gaps if gap < delay - LATE]
        steps = sorted([(entry["at"], 1) for entry in entries] + [(entry["end"], -1) for entry in entries])
        level = 0
        for _, step in steps:
            level += step
            most = max(most, level)
            crowded += [f"site {site}: {level} at once"] if level > AT_ONCE else []
    least = f"shortest gap {min(shortest.values(), default=1):.0%} of the delay"
    yield Check(name="no host is asked faster than its Crawl-delay", wrong=fast, measured=least)
    yield Check(name=f"at most {AT_ONCE} requests at once", wrong=crowded, measured=f"{most} at most")


def flat(schedulers: list[Scheduler]) -> Check:
    """Memory in the last third of the longest life against its middle third."""
    name = "memory of the scheduler is flat"
    life = max((life for one in schedulers for life in one.lives), key=len)
    if not life or life[-1][0] - life[0][0] < LONG_ENOUGH:
        return Check(name=name, wrong=[], measured="too short to tell")
    third = len(life) // 3
    middle, end = (sum(size for _, size in part) / len(part) for part in (life[third:-third], life[-third:]))
    wrong = [f"{end / middle:.2f} times as much"] if end > GROWTH * middle else []
    return Check(name=name, wrong=wrong, measured=f"{middle / 1024:.0f} MiB, then {end / 1024:.0f} MiB")


def once(rows: list[Any], texts: list[str]) -> Check:
    addresses = Counter(row.canonical_url for row in rows)
    wrong = [f"{url}: {n} articles" for url, n in addresses.items() if n > 1]
    wrong += [f"{n} articles: {body[:60]}" for body, n in Counter(texts).items() if n > 1]
    return Check(name="nothing is stored twice", wrong=wrong, measured=f"{len(rows)} articles")


def run_command(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    line = [sys.executable, "-m", "crawler", *arguments]
    done = subprocess.run(line, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True)
    return done.returncode, done.stdout


def checks(options: argparse.Namespace, folder: Path, chance: random.Random) -> tuple[list[Check], str]:
    """One soak from start to end."""
    database = options.database or str(folder / "archive.db")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    environment = {**kept, "NEWSARCHIVE_DATABASE": database, "NEWSARCHIVE_ALLOW_PRIVATE": "1"}
    root = str(Path(__file__).parents[1])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    plan = Plan(
        sites=options.sites, seed=options.seed, interval=options.interval, log=folder / "requests.jsonl"
    )
    schedulers = [Scheduler(folder, environment, name) for name in ("one", "other")]
    kills = max(1, round(options.minutes * options.kills_a_minute))
    with served(plan) as (urls, calm):
        tables = [
            f'[sources.s{n}]\nhome_page = "{url}/"\nfeeds = ["{url}/feed.xml"]\nevery = "{options.every}"\n'
            for n, url in enumerate(urls)
        ]
        (folder / "sources.toml").write_text("".join(tables), encoding="utf-8")
        try:
            died = soak(schedulers, plan.log, seconds=options.minutes * 60, kills=kills, chance=chance)
        finally:
            for scheduler in schedulers:
                if scheduler.process and scheduler.process.poll() is None:
                    scheduler.kill()
        calm.set()
        slugs = [f"s{n}" for n in range(len(urls))]
        for _ in range(2):
            run_command(folder, environment, "crawl", *slugs, *SETTINGS)
    code, verified = run_command(folder, environment, "verify", "--json")
    log = [json.loads(line) for line in plan.log.read_text(encoding="utf-8").splitlines()]
    log.sort(key=lambda entry: entry["at"])
    engine = open_engine(database)
    with engine.connect() as connection:
        ledger = list(connection.execute(text("SELECT url, outcome FROM ledger")))
        articles = list(connection.execute(text("SELECT canonical_url, body FROM articles")))
        found = connection.execute(text(f"SELECT url FROM ledger WHERE outcome IN {KEPT}"))
        have = {str(url) for (url,) in found}
    engine.dispose()
    sound = [] if code == 0 and json.loads(verified)["ok"] else [verified[:200]]
    results = [
        accounted(log, ledger),
        stored(log, urls, have),
        once(articles, [row.body for row in articles]),
        *polite(log),
        flat(schedulers),
        Check(
            name="no scheduler ends by itself",
            wrong=[f"{died} did"] if died else [],
            measured=f"{kills} kills",
        ),
        Check(name="newsarchive verify is clean", wrong=sound, measured=f"exit code {code}"),
    ]
    faults = Counter(entry["fault"] for entry in log if entry["fault"] != FAIR)
    told = ", ".join(f"{name} {count}" for name, count in faults.most_common()) or "none"
    outcomes = ", ".join(f"{k} {n}" for k, n in Counter(row.outcome for row in ledger).most_common())
    summary = f"{len(log)} requests, {kills} kills, {len(articles)} articles ({outcomes}); faults: {told}"
    return results, summary


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
    parser.add_argument("--interval", type=float, default=15, help="seconds between two articles of a site")
    parser.add_argument("--every", default="10s", help="how often each feed is asked")
    parser.add_argument("--database", help="an empty one, or a PostgreSQL URL; else a new file")
    return parser.parse_args(given)


def main() -> int:
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    results, summary = checks(options, folder, random.Random(options.seed))
    show(results, summary)
    if any(check.wrong for check in results):
        print(f"the archive, the logs and the requests are in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
