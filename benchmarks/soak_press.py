"""What the sites of benchmarks/soak.py publish, and the weather they have. Pure."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

# A site has the same weather for so many seconds; most of it is fair.
SPELL = 10.0
FAIR = "fair"
WEATHER = (FAIR,) * 7 + ("away", "refuses", "hangs", "torn", "garbage", "broken XML", "429", "moved")
# So old an article says it is when it appears: a scheduler's own look for edits (at an age of an hour) is due
# 19 to 25 minutes later.
AGE = dt.timedelta(minutes=41)
WORDS = (
    *("harbour", "boat", "council", "bridge", "winter", "market", "river", "school", "budget", "station"),
    *("museum", "storm", "farmer", "mayor", "court", "library", "train", "coast", "forest", "hospital"),
    *("election", "baker", "theatre", "tunnel", "island", "factory", "garden", "lighthouse"),
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the sites do."""

    sites: int
    seed: int
    interval: float
    # Seconds between two articles of a site.
    edits: float
    # Seconds after which every fourth page is another edition.
    log: Path
    # JSON lines: a request each.


def weather(seed: int, site: int, elapsed: float) -> str:
    """What a site is like at a moment."""
    return random.Random(f"{seed}/{site}/{int(elapsed / SPELL)}").choice(WEATHER)


def crawl_delay(site: int) -> float:
    """What its robots.txt asks for; 0: nothing."""
    return (0, 0.5, 1)[site % 3]


def timing(site: int, every: str) -> str:
    """Its line in sources.toml: every source that is not adaptive says when."""
    return {1: "", 2: 'cron = "* * * * *"\n'}.get(site % 5, f'every = "{every}"\n')


def page_status(number: int) -> int:
    """Some pages are announced and are not there."""
    return {5: 404, 9: 410}.get(number % 13, 200)


def edition(plan: Plan, number: int, elapsed: float) -> int:
    """Which edition of an article is served; most have one."""
    return int(elapsed / plan.edits) if number % 4 == 0 else 0


def article(seed: int, site: int, number: int, edition: int, published: dt.datetime) -> bytes:
    """An article with a text of its own; later editions have an update more."""
    chance = random.Random(f"{seed}/{site}/{number}")
    headline = f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} report {site}-{number}"
    paragraphs = [f"{headline}: {' '.join(chance.choices(WORDS, k=45))}." for _ in range(5)]
    paragraphs += [f"Update {edition}: {' '.join(chance.choices(WORDS, k=20))}."] if edition else []
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>"
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{published.isoformat(timespec="seconds")}">'
        f"</head><body><article><h1>{headline}</h1>{body}</article></body></html>"
    ).encode()


def feed(urls: list[str]) -> bytes:
    """A feed that names them."""
    items = "".join(f"<item><title>Report</title><link>{url}</link></item>" for url in urls)
    return f'<rss version="2.0"><channel><title>Site</title>{items}</channel></rss>'.encode()
