"""When to look again: at a feed, sitemap or section page, and at an article for its edits.

Pure: no clock, no chance, no network, no database. The caller hands in what the archive knows, the
present instant and a number in [0, 1) that spreads looks out. docs/scheduling.md says how it decides
and what a simulated year made of it.

    looks.py      feeds, sitemaps, section pages: as often as news is expected of them
    profile.py    … at this hour of the day, on a weekday or a weekend
    backoff.py    … and after failures ever more rarely
    rechecks.py   articles: often while they are young, and as late as their source still edits
"""

from crawler.scheduling.rhythm.backoff import BACKOFF, Backoff, Failure
from crawler.scheduling.rhythm.looks import (
    Bounds,
    EndpointLook,
    first_rate,
    is_due,
    learned_rate,
    next_look,
    rest,
)
from crawler.scheduling.rhythm.profile import FLAT, Profile, learned_profile
from crawler.scheduling.rhythm.rechecks import (
    SHARE,
    DueRecheck,
    Lateness,
    allowance,
    next_recheck,
    within_budget,
)

__all__ = [
    "BACKOFF",
    "FLAT",
    "SHARE",
    "Backoff",
    "Bounds",
    "DueRecheck",
    "EndpointLook",
    "Failure",
    "Lateness",
    "Profile",
    "allowance",
    "first_rate",
    "is_due",
    "learned_profile",
    "learned_rate",
    "next_look",
    "next_recheck",
    "rest",
    "within_budget",
]
