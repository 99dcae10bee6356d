"""What must hold after a soak (benchmarks/soak.py). Pure: the servers' log and the archive's rows go in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from soak_press import crawl_delay

Entry = Mapping[str, Any]  # a line of the servers' log

AT_ONCE = 3
# A gap is measured where the answer begins: a thread may be late by so many seconds.
LATE = 0.1
# What was answered within so many seconds before a SIGKILL may not have been stored.
SETTLE = 20.0
# A process that was frozen asks for so many seconds on, before it finds out that its leases have run out.
THAW = 2.5
# A request that was sent before the answer to another one is there within so many seconds after it.
UNDER_WAY = 1.0
# A 429 that a process gets in its last moments: nobody else can know of it.
LAST_MOMENT = 0.5
# Memory is flat if its last quarter is at most so much more than its second.
GROWTH = 1.15
LONG_ENOUGH = 60  # seconds that a process has lived: a shorter life says nothing on memory


@dataclass(kw_only=True)
class Life:
    """One process, from its start to its end."""

    who: str
    began: float
    killed: float | None = None
    frozen: list[tuple[float, float]] = field(default_factory=list)
    sizes: list[tuple[float, int, int]] = field(default_factory=list)
    # (time, KiB of the scheduler, KiB of its readers)

    def died_soon_after(self, moment: float, seconds: float) -> bool:
        return self.killed is not None and moment >= self.killed - seconds

    def thawed(self, moment: float) -> bool:
        return any(begin <= moment <= end + THAW for begin, end in self.frozen)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must hold."""

    name: str
    wrong: list[str]
    measured: str


def accounted(log: list[Entry], rows: list[Any]) -> Check:
    named = {url for entry in log if entry["status"] == 200 for url in entry.get("named", ())}
    times = Counter(row.url for row in rows)
    wrong = [f"{url}: {times[url]} rows" for url in sorted(named) if times[url] != 1]
    wrong += [f"{row.url}: {row.outcome}" for row in rows if row.outcome == "pending"]
    return Check(
        name="each announced URL has exactly one outcome", wrong=wrong, measured=f"{len(named)} URLs"
    )


def stored(log: list[Entry], urls: list[str], kept: set[str]) -> Check:
    last = {f"{urls[entry['site']]}{entry['path']}": entry["status"] for entry in log}
    pages = [url for url, status in last.items() if "/news/" in url and status == 200]
    wrong = [f"{url}: not kept" for url in pages if url not in kept]
    return Check(name="each page answered with 200 is stored", wrong=wrong, measured=f"{len(pages)} pages")


def once(addresses: Iterable[str], texts: Iterable[str]) -> Check:
    found = Counter(addresses)
    wrong = [f"{url}: {n} articles" for url, n in found.items() if n > 1]
    wrong += [f"{n} articles: {body[:60]}" for body, n in Counter(texts).items() if n > 1]
    return Check(name="nothing is stored twice", wrong=wrong, measured=f"{len(found)} articles")


def edits(
    log: list[Entry], urls: list[str], versions: Iterable[tuple[str, str]], lives: Iterable[Life]
) -> Check:
    """Each edition that was served is one version; `versions` are (URL, body), those of an article in order.

    What a process got shortly before it was killed may be lost, unless it was served again.
    """
    known = {life.who: life for life in lives}
    kept: defaultdict[str, list[int]] = defaultdict(list)
    for url, body in versions:
        kept[url].append(_edition(body))
    served: defaultdict[str, list[int]] = defaultdict(list)
    wrong, excused = [], 0
    for entry in log:
        if entry["status"] != 200 or "edition" not in entry:
            continue
        url, number = f"{urls[entry['site']]}{entry['path']}", entry["edition"]
        served[url].append(number)
        life = known.get(entry["who"])
        if number not in kept.get(url, ()):
            if life is not None and life.died_soon_after(entry["at"], SETTLE):
                excused += 1
            else:
                wrong.append(f"{url}: edition {number} is no version")
    for url, numbers in kept.items():
        wrong += [
            f"{url}: edition {n} is {times} versions" for n, times in Counter(numbers).items() if times > 1
        ]
        wrong += [f"{url}: edition {n} was never served" for n in set(numbers) - set(served[url])]
        if served[url] and numbers[-1] != max(served[url]):
            wrong.append(f"{url}: edition {numbers[-1]} is current, {max(served[url])} was served")
    seen = sum(len(set(numbers)) - 1 for numbers in served.values())
    more = sum(len(numbers) - 1 for numbers in kept.values())
    measured = f"{seen} edits seen, {more} kept" + (f", {excused} died with their process" if excused else "")
    return Check(name="each edit that was seen is one version", wrong=wrong, measured=measured)


def polite(log: list[Entry], lives: Iterable[Life] = ()) -> Iterator[Check]:
    """From the servers' own logs, whoever asked."""
    known = {life.who: life for life in lives}
    hosts: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(log, key=lambda entry: entry["at"]):
        if entry["path"] != "/robots.txt" and not _thawed(entry, known):
            hosts[entry["site"]].append(entry)
    yield _paced(hosts)
    yield _not_crowded(hosts)
    yield _rested(hosts, known)


def _thawed(entry: Entry, known: Mapping[str, Life]) -> bool:
    life = known.get(entry.get("who") or "")
    return life is not None and life.thawed(entry["at"])


def _paced(hosts: Mapping[int, list[Entry]]) -> Check:
    fast, shortest, pairs = [], 1.0, 0
    for site, entries in hosts.items():
        delay = crawl_delay(site)
        for earlier, later in pairwise(entries) if delay else ():
            gap, pairs = later["at"] - earlier["at"], pairs + 1
            shortest = min(shortest, gap / delay)
            if gap < delay - LATE:
                fast.append(
                    f"site {site}: {gap:.2f} s of {delay} s, {earlier.get('who')} to {later.get('who')}"
                )
    measured = f"{pairs} gaps, the shortest {shortest:.0%} of the delay"
    return Check(name="no host is asked faster than its Crawl-delay", wrong=fast, measured=measured)


def _not_crowded(hosts: Mapping[int, list[Entry]]) -> Check:
    crowded, most = [], 0
    for site, entries in hosts.items():
        level = 0
        steps = [(entry["at"], 1) for entry in entries] + [(entry["end"], -1) for entry in entries]
        for _, step in sorted(steps):
            level += step
            most = max(most, level)
            crowded += [f"site {site}: {level} at once"] if level > AT_ONCE else []
    return Check(name=f"at most {AT_ONCE} requests at once", wrong=crowded, measured=f"{most} at most")


def _rested(hosts: Mapping[int, list[Entry]], known: Mapping[str, Life]) -> Check:
    early, orders = [], 0
    for site, entries in hosts.items():
        for order in entries:
            life = known.get(order.get("who") or "")
            if "rests_until" not in order or (life and life.died_soon_after(order["at"], LAST_MOMENT)):
                continue
            orders += 1
            early += _too_early(site, order, entries)
    return Check(
        name="no host is asked before its Retry-After is over", wrong=early, measured=f"{orders} orders"
    )


def _too_early(site: int, order: Entry, entries: list[Entry]) -> list[str]:
    """What was asked before the rest was over, but for what may have been under way when it was ordered."""
    until = order["rests_until"] - LATE
    found = [entry for entry in entries if order["end"] < entry["at"] < until]
    under_way = [entry for entry in found if entry["at"] < order["end"] + UNDER_WAY]
    wrong = under_way[AT_ONCE - 1 :] + found[len(under_way) :]
    return [f"site {site}: {until - entry['at']:.2f} s early, {entry.get('who')}" for entry in wrong]


def flat(lives: Iterable[Life]) -> Check:
    """Memory in the last quarter of the longest life against its second."""
    name = "memory of the scheduler is flat"
    sizes = max((life.sizes for life in lives), key=len, default=[])
    if not sizes or sizes[-1][0] - sizes[0][0] < LONG_ENOUGH:
        return Check(name=name, wrong=[], measured="too short to tell")
    quarter = len(sizes) // 4
    means = [
        [
            sum(row[column] for row in part) / len(part) / 1024
            for part in (sizes[quarter : 2 * quarter], sizes[-quarter:])
        ]
        for column in (1, 2)
    ]
    (before, after), (readers_before, readers_after) = means
    wrong = [f"{after / before:.2f} times as much"] if after > GROWTH * before else []
    return Check(
        name=name,
        wrong=wrong,
        measured=f"{before:.0f} MiB, then {after:.0f} MiB in {(sizes[-1][0] - sizes[0][0]) / 60:.0f} min"
        f" (its readers {readers_before:.0f}, then {readers_after:.0f})",
    )


def _edition(body: str) -> int:
    found = re.search(r"\bUpdate (\d+):", body)
    return int(found[1]) if found else 0
