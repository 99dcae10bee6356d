"""The rules by which an alarm is raised and cleared. Pure: facts in, findings out.

Each rule says that something is so, that it is not, or that it cannot tell; only
the first two turn anything. What raises an alarm lies further out than what keeps
one, so nothing flutters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from storage.health.looks import Look, Looks
from storage.health.tally import Tally, Watch
from storage.health.usual import (
    Days,
    Share,
    Usual,
    silence_limit,
    upper_tail,
    usual_number,
    usual_share,
)

ARCHIVE = ""  # the subject of what is no single source's


class Rule(StrEnum):
    """What can be wrong, the worst first."""

    DISK_FULL = "disk_full"  # hardly any room is left
    NOT_CRAWLED = "not_crawled"  # no source was looked at for too long
    NOTHING_STORED = "nothing_stored"  # looks are made, and no source brings an article
    GONE = "gone"  # every feed, sitemap and section page of the source says 404 or 410
    UNREACHABLE = "unreachable"  # none of them answered, several looks in a row
    MOVED = "moved"  # its pages are another site's now
    BLOCKED = "blocked"  # consent dialogues and refusals instead of pages
    SILENT = "silent"  # it answers, and has had nothing new for longer than it ever has
    NO_BODY = "no_body"  # more pages than usual have no story
    NO_BYLINE = "no_byline"  # … no byline
    NO_DATE = "no_date"  # … no date
    NO_PICTURE = "no_picture"  # … no lead picture
    PAYWALLED = "paywalled"  # … are behind a paywall
    ERRORS = "errors"  # … bring no answer, or none that can be read


SEVERITY = {rule: place for place, rule in enumerate(Rule)}

# What each share is taken of.
SHARES: Mapping[Rule, Share] = {
    Rule.MOVED: Share(part="elsewhere", whole=("pages",)),
    Rule.BLOCKED: Share(part="blocked", whole=("pages",)),
    Rule.ERRORS: Share(part="errors", whole=("pages",)),
    Rule.NO_BODY: Share(part="no_body", whole=("read", "no_body")),
    Rule.NO_BYLINE: Share(part="no_byline", whole=("read",)),
    Rule.NO_DATE: Share(part="no_date", whole=("read",)),
    Rule.NO_PICTURE: Share(part="no_picture", whole=("read",)),
    Rule.PAYWALLED: Share(part="paywalled", whole=("read",)),
}
WORDS: Mapping[Rule, str] = {
    Rule.MOVED: "are of another site",
    Rule.BLOCKED: "are consent dialogues or refusals",
    Rule.ERRORS: "brought no answer that can be read",
    Rule.NO_BODY: "have no story",
    Rule.NO_BYLINE: "have no byline",
    Rule.NO_DATE: "have no date",
    Rule.NO_PICTURE: "have no lead picture",
    Rule.PAYWALLED: "are behind a paywall",
}
# Why a source brings nothing, where that is its own affair: told of it, and not of the archive as a whole.
OWN_DOING = frozenset({Rule.SILENT, Rule.GONE, Rule.MOVED})
# Wrong even where nothing is usual yet: half of the pages.
WRONG_ANYWHERE = {Rule.BLOCKED: 0.2, Rule.ERRORS: 0.2}
LEAST_PAGES = 5  # that say something together
CHANCE = 1e-5  # of a false alarm, each time that a share is looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How far from its usual a thing must be."""

    share: float = 0.3
    # How much larger than usual a share of pages must be.
    patience: float = 2.0
    # How many times its longest usual silence a source may be silent.
    failed_looks: int = 3
    # Looks without any answer, in a row.
    idle: dt.timedelta = dt.timedelta(hours=24)
    # Without any look at any source.
    nothing_stored: dt.timedelta = dt.timedelta(hours=24)
    # Without an article of any source, where a day usually brings some.
    articles_expected: int = 5
    disk_free: int = 2 * 1024**3
    # Bytes.


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What is known of a source."""

    slug: str
    home_page: str
    looks: Looks = field(default_factory=Looks)
    days: Days = field(default_factory=Days)
    # Its last weeks, without today.
    silences: Sequence[int] = ()
    # The longest of each day of the last half year, in seconds.
    watch: Watch = field(default_factory=Watch)
    last_stored_at: dt.datetime | None = None
    muted: frozenset[str] = frozenset()
    # Rules that a person does not want to hear of for this source.
    raised: Mapping[str, dt.datetime] = field(default_factory=dict)
    # Rules that hold already, and since when: what came after is no longer taken for usual.

    @cached_property
    def usual_shares(self) -> Mapping[Rule, Usual | None]:
        """Which shares of pages are usual for it."""
        return {rule: usual_share(self.days, share) for rule, share in SHARES.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Disk:
    """Where the archive lies."""

    path: str
    free: int
    # Bytes.
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a rule says of a subject: True, it holds; False, it does not; None, nobody can tell."""

    rule: Rule
    subject: str
    holds: bool | None
    detail: str = ""


def findings(
    sources: Iterable[SourceFacts],
    disks: Iterable[Disk],
    limits: Limits,
    now: dt.datetime,
    raised: Iterable[str] = (),
) -> Iterator[Finding]:
    """What every rule says; `raised` are the rules that hold already for the archive as a whole."""
    sources = tuple(sources)
    own = [finding for source in sources for finding in of_source(source, limits)]
    yield from own
    yield _disk_full(tuple(disks), limits, is_raised=Rule.DISK_FULL in set(raised))
    yield _not_crawled(sources, limits, now)
    quiet = {finding.subject for finding in own if finding.holds and finding.rule in OWN_DOING}
    quiet |= {source.slug for source in sources if not OWN_DOING.isdisjoint(source.raised)}
    yield _nothing_stored([source for source in sources if source.slug not in quiet], limits, now)


def of_source(source: SourceFacts, limits: Limits) -> Iterator[Finding]:
    """What the rules say of one source; a muted rule never holds."""
    checks: Sequence[Callable[[SourceFacts, Limits], Finding]] = (_silent, _gone, _unreachable)
    for check in checks:
        yield _heard(check(source, limits), source)
    for rule in SHARES:
        yield _heard(_share(rule, source, limits), source)


def _heard(finding: Finding, source: SourceFacts) -> Finding:
    if finding.rule in source.muted:
        return Finding(rule=finding.rule, subject=finding.subject, holds=False, detail="muted")
    return finding


def _silent(source: SourceFacts, limits: Limits) -> Finding:
    def found(holds: bool | None, detail: str = "") -> Finding:
        return Finding(rule=Rule.SILENT, subject=source.slug, holds=holds, detail=detail)

    if not source.watch.silence:
        return found(False, "it brings news again")
    limit = silence_limit(source.silences, limits.patience)
    if limit is None or source.watch.silence <= limit:
        return found(None)  # one that is raised holds until there is news
    longest = dt.timedelta(seconds=max(source.silences))
    return found(
        True,
        f"it answers, and has announced nothing new for {length(source.watch.silence)};"
        f" its longest usual silence is {length(longest)}",
    )


def _gone(source: SourceFacts, limits: Limits) -> Finding:
    def found(holds: bool | None, detail: str = "") -> Finding:
        return Finding(rule=Rule.GONE, subject=source.slug, holds=holds, detail=detail)

    newest = _newest_look(source)
    if newest is None:
        return found(None)
    if newest.looked:
        return found(False, "it answers again")
    if newest.gone == newest.failed:
        return found(True, f"all {newest.failed} of its feeds, sitemaps and section pages say 404 or 410")
    return found(None)


def _unreachable(source: SourceFacts, limits: Limits) -> Finding:
    def found(holds: bool | None, detail: str = "") -> Finding:
        return Finding(rule=Rule.UNREACHABLE, subject=source.slug, holds=holds, detail=detail)

    blind = 0
    for answered, failed in _answers(source.looks):
        if answered:
            break
        blind += failed > 0
    newest = _newest_look(source)
    if newest is None or (newest.blind and newest.gone == newest.failed):
        return found(None)
    if newest.looked:
        return found(False, "it answers again")
    if blind >= limits.failed_looks:
        return found(True, f"none of its feeds, sitemaps and section pages answered, {blind} looks in a row")
    return found(None)


def _newest_look(source: SourceFacts) -> Tally | None:
    """The newest look that asked for news."""
    asked = (place for place, answers in enumerate(_answers(source.looks)) if any(answers))
    place = next(asked, None)
    return None if place is None else source.looks[place].tally


def _answers(looks: Looks) -> Iterator[tuple[int, int]]:
    """How many feeds, sitemaps and section pages answered at each look, and how many did not."""
    return zip(looks.column("answered"), looks.column("failed"), strict=True)


def _share(rule: Rule, source: SourceFacts, limits: Limits) -> Finding:
    def found(holds: bool | None, detail: str = "") -> Finding:
        return Finding(rule=rule, subject=source.slug, holds=holds, detail=detail)

    windows = _windows(source.looks, SHARES[rule])
    first = next(windows, None)
    if first is None:
        return found(None)
    high, usually = _usually(rule, source)
    if high is None:
        return found(None)
    newest, of = first
    if newest / of < high + limits.share / 3:
        return found(False, f"{newest} of {of} pages {WORDS[rule]}; {usually}")
    for part, whole in (first, *windows):
        is_far = part / whole >= min(high + limits.share, 0.95)
        if is_far and upper_tail(part, whole, min(max(high, 0.02), 0.98)) < CHANCE:
            site = _other_site(source.looks) if rule is Rule.MOVED else ""
            return found(True, f"{part} of {whole} pages {WORDS[rule]}{site}; {usually}")
    return found(None)


def _usually(rule: Rule, source: SourceFacts) -> tuple[float | None, str]:
    raised = source.raised.get(rule)
    if raised is None:
        usual = source.usual_shares[rule]
    else:
        usual = usual_share(source.days.before(raised.date()), SHARES[rule])
    if usual is None:
        return WRONG_ANYWHERE.get(rule), "too little is known of what is usual"
    return usual.high, f"usually {usual.median:.0%}"


def _windows(looks: Looks, share: Share) -> Iterator[tuple[int, int]]:
    """Part and whole of the newest look, of the two newest, … as soon as they are enough to say something."""
    parts, wholes = share.columns(looks.column)
    if sum(wholes) < LEAST_PAGES:
        return
    part = whole = 0
    for met, of in zip(parts, wholes, strict=True):
        if not of:
            continue
        part += met
        whole += of
        if whole >= LEAST_PAGES:
            yield part, whole


def _other_site(looks: Sequence[Look]) -> str:
    other = next((look.other_site for look in looks if look.other_site), None)
    return f" ({other})" if other else ""


def _disk_full(disks: Sequence[Disk], limits: Limits, *, is_raised: bool) -> Finding:
    # Once it is raised, a little more room is not enough.
    least = limits.disk_free * 1.2 if is_raised else limits.disk_free
    full = [disk for disk in disks if disk.free < least]
    detail = "; ".join(f"{size(disk.free)} left at {disk.path}" for disk in full)
    return Finding(rule=Rule.DISK_FULL, subject=ARCHIVE, holds=bool(full), detail=detail or "there is room")


def _not_crawled(sources: Sequence[SourceFacts], limits: Limits, now: dt.datetime) -> Finding:
    looks = [source.looks[0].at for source in sources if source.looks]
    newest = max(looks, default=None)
    if newest is None:
        return Finding(rule=Rule.NOT_CRAWLED, subject=ARCHIVE, holds=None)
    since = now - newest
    told = f"no source was looked at for {length(since)}"
    is_idle = since > limits.idle
    return Finding(
        rule=Rule.NOT_CRAWLED, subject=ARCHIVE, holds=is_idle, detail=told if is_idle else "crawls are made"
    )


def _nothing_stored(sources: Sequence[SourceFacts], limits: Limits, now: dt.datetime) -> Finding:
    def found(holds: bool | None, detail: str = "") -> Finding:
        return Finding(rule=Rule.NOTHING_STORED, subject=ARCHIVE, holds=holds, detail=detail)

    newest = max((s.last_stored_at for s in sources if s.last_stored_at), default=None)
    if newest is None:
        return found(None)
    if now - newest <= limits.nothing_stored:
        return found(False, "articles are stored again")
    watched = [source.looks for source in sources if source.looks]
    looks = sum(of_one.count_after(newest) for of_one in watched)
    expected = expected_articles(sources, now.date())
    # After a pause of ours every source gets its chance first.
    if looks >= 2 * len(watched) and expected >= limits.articles_expected:
        told = f"no source brought an article for {length(now - newest)}"
        return found(True, f"{told}; a day like this usually brings {expected:.0f}")
    return found(None)


def expected_articles(sources: Iterable[SourceFacts], day: dt.date) -> float:
    """How many articles all sources together bring, at the least, on a usual day like `day`."""
    usuals = (usual_number(source.days, day, "stored") for source in sources)
    return sum(usual.low for usual in usuals if usual)


def length(span: dt.timedelta) -> str:
    """A span of time as a person says it."""
    hours = span.total_seconds() / 3600
    if hours < 2:
        return f"{span.total_seconds() / 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"


def size(number: float) -> str:
    """A number of bytes as a person says it."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"
