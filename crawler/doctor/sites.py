"""What the visits say, as checks: each source, and this machine's clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from crawler.doctor.finding import Check
from crawler.doctor.spider import Visit

MOST_SECONDS = 30  # that a clock may be wrong; a Date header may be some seconds old
ROBOTS = "robots.txt"


def checks(visits: Sequence[Visit]) -> Iterator[Check]:
    """A check for each source, and one for the clock."""
    if (clock := _clock(visits)) is not None:
        yield clock
    for visit in visits:
        yield _source(visit)


def _clock(visits: Sequence[Visit]) -> Check | None:
    """By the middle one of all servers: one with a wrong clock proves nothing."""
    ahead = [visit.ahead for visit in visits if visit.ahead is not None]
    if not ahead:
        return None
    off = median(ahead)
    word = "ahead" if off > 0 else "behind"
    ok = abs(off) <= MOST_SECONDS
    said = "right to the second or two" if abs(off) < 2 else f"{abs(off):.0f} s {word}"
    return Check(
        name="clock",
        ok=ok,
        detail=f"{said}, by {len(ahead)} server{'s' if len(ahead) > 1 else ''}",
        remedy="set it: timedatectl set-ntp true",
    )


def _source(visit: Visit) -> Check:
    if not visit.error:
        return Check(name=visit.source.slug, ok=True, detail=f"{visit.found}: {visit.url}")
    if ROBOTS in visit.error:
        remedy = "ask the site's operator, or set enabled = false for it in sources.toml"
    elif "404" in visit.error or "410" in visit.error or "names articles" in visit.error:
        remedy = "its address has changed: `newsarchive add URL --slug NEW` finds what the site offers now"
    else:
        remedy = "look at it in a browser; if it is there, it may refuse us: set ARCHIVE_CONTACT"
    return Check(name=visit.source.slug, ok=False, detail=f"{visit.error}: {visit.url}", remedy=remedy)
