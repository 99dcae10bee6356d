"""What a look at a source met, counted. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from storage.records import Outcome
from storage.urls import same_site, site

# What is or may be an article: where such a URL is new, its outlet is not silent.
NEWS = frozenset(
    {
        Outcome.PENDING,
        Outcome.STORED,
        Outcome.PAYWALL,
        Outcome.CONSENT_WALL,
        Outcome.HTTP_ERROR,
        Outcome.NETWORK_ERROR,
        Outcome.EXTRACT_ERROR,
        Outcome.TOO_LARGE,
    }
)
# What is decided without asking for the page.
UNASKED = frozenset({Outcome.PENDING, Outcome.EXCLUDED, Outcome.ROBOTS, Outcome.TAKEN_DOWN})
READ = frozenset({Outcome.STORED, Outcome.UPDATED, Outcome.PAYWALL})
WITHOUT_BODY = frozenset({Outcome.TOO_SHORT, Outcome.NOT_ARTICLE})
ERRORS = frozenset({Outcome.HTTP_ERROR, Outcome.NETWORK_ERROR, Outcome.EXTRACT_ERROR, Outcome.TOO_LARGE})
# By which a server says that it does not want to be asked: login, payment, forbidden, too often, the law.
REFUSING = frozenset({401, 402, 403, 407, 429, 451})


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts of one look, or of all looks of a day."""

    answered: int = 0
    # Feeds, sitemaps and section pages that answered with something that can be read.
    failed: int = 0
    # … that did not.
    gone: int = 0
    # … of the failed, those that say 404 or 410.
    announced: int = 0
    # URLs that were never seen before.
    news: int = 0
    # … of these, what is or may be an article.
    pages: int = 0
    # Pages that were asked for, with what became of them.
    stored: int = 0
    # New articles.
    read: int = 0
    # Pages that an article or a new version of one was read from: the four below are of these.
    no_byline: int = 0
    no_date: int = 0
    no_picture: int = 0
    paywalled: int = 0
    no_body: int = 0
    # Pages that answered and had no story: beside `read`.
    blocked: int = 0
    # Consent dialogues, and servers that refuse.
    errors: int = 0
    # No answer, a broken one, or one that cannot be read.
    elsewhere: int = 0
    # Pages of another site than the source's, or that led there.

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in COUNTS})

    @property
    def looked(self) -> bool:
        """Whether the source was asked for news, and said something."""
        return self.answered > 0

    @property
    def blind(self) -> bool:
        """Whether it was asked for news, and nothing answered."""
        return self.failed > 0 and not self.answered

    @classmethod
    def of_json(cls, kept: dict[str, Any] | None) -> Self:
        """What `as_json` gave."""
        return cls(**{name: number for name, number in (kept or {}).items() if name in COUNTS})

    def as_json(self) -> dict[str, int]:
        """What is not zero."""
        return {name: number for name in COUNTS if (number := getattr(self, name))}


COUNTS = tuple(field.name for field in fields(Tally))


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFacts:
    """A page that was decided: what a tally counts of it."""

    url: str
    outcome: Outcome
    http_status: int | None = None
    led_to: str | None = None
    # Another site.
    has_byline: bool = False
    has_date: bool = False
    has_picture: bool = False


def tally_pages(pages: Iterable[PageFacts], home_page: str) -> tuple[Tally, str | None]:
    """The counts of pages, and the other site that most of those elsewhere are of."""
    counts: Counter[str] = Counter()
    sites: Counter[str] = Counter()
    for page in pages:
        if page.outcome in UNASKED:
            continue
        counts.update(_counts_of(page))
        address = page.led_to or page.url
        if not same_site(address, home_page):
            counts["elsewhere"] += 1
            sites[site(address)] += 1
    return Tally(**counts), sites.most_common(1)[0][0] if sites else None


def _counts_of(page: PageFacts) -> Iterable[str]:
    yield "pages"
    if page.outcome in READ:
        yield "read"
        yield from (name for name, has in _fields(page) if not has)
    if page.outcome is Outcome.STORED:
        yield "stored"
    if page.outcome is Outcome.PAYWALL:
        yield "paywalled"
    if page.outcome in WITHOUT_BODY:
        yield "no_body"
    if page.outcome is Outcome.CONSENT_WALL or page.http_status in REFUSING:
        yield "blocked"
    elif page.outcome in ERRORS:
        yield "errors"


def _fields(page: PageFacts) -> Iterable[tuple[str, bool]]:
    return (
        ("no_byline", page.has_byline),
        ("no_date", page.has_date),
        ("no_picture", page.has_picture),
    )


# While nobody looks, at most so much is taken for silence: one look a day is a regular look.
UNWATCHED = dt.timedelta(hours=26)


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """How long a source has brought nothing new while it was watched."""

    last_look_at: dt.datetime | None = None
    # That was answered.
    last_news_at: dt.datetime | None = None
    silence: dt.timedelta = dt.timedelta(0)

    def after(self, at: dt.datetime, news: int) -> tuple[Watch, dt.timedelta | None]:
        """The watch after an answered look, and the silence that ended with it.

        Failed looks do not count: who is blind hears nothing. None: the first look, which ends none.
        """
        if self.last_look_at is None:
            return Watch(last_look_at=at, last_news_at=at if news else None), None
        watched = self.silence + min(max(at - self.last_look_at, dt.timedelta(0)), UNWATCHED)
        if not news:
            return Watch(last_look_at=at, last_news_at=self.last_news_at, silence=watched), None
        ended = watched if self.last_news_at is not None else None
        return Watch(last_look_at=at, last_news_at=at), ended
