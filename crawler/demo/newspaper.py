"""Two fictional newspapers on two ports of 127.0.0.1, and the truth about each of their pages."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from dataclasses import dataclass
from functools import partial
from types import TracebackType

from crawler.demo.announcements import announced
from crawler.demo.answers import Answer
from crawler.demo.content import outlets
from crawler.demo.outlet import OtherPage, Outlet, Story
from crawler.demo.press import print_outlet
from crawler.demo.server import Request, RequestLog, SiteServer
from crawler.demo.site import Site, without_tracking


@dataclass(frozen=True, kw_only=True, slots=True)
class Advance:
    """What `Newspaper.advance` has changed."""

    edited: tuple[Story, ...]
    # As they are now; the URL stays.
    removed: tuple[Story, ...]
    # As they were; their URLs now answer 410.
    published: tuple[Story, ...]


class Newspaper:
    """Both outlets, printed for `now` (aware; default: the current time) and served until `close`.

    Port 0 takes a free one; OSError where a port is taken. All properties
    give the newspaper as it stands, before or after `advance`.
    """

    def __init__(self, now: dt.datetime | None = None, ports: tuple[int, int] = (0, 0)) -> None:
        self._now = now or dt.datetime.now(dt.UTC)
        self._log = RequestLog()
        self._lock = threading.Lock()
        self._visits: Counter[tuple[str, str]] = Counter()
        self._servers: list[SiteServer] = []
        try:
            for text, port in zip(outlets(), ports, strict=True):
                self._servers.append(SiteServer(port, text.slug, self._log))
        except OSError:
            self.close()
            raise
        self._print(advanced=False)
        for server in self._servers:
            server.start()

    def __enter__(self) -> Newspaper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def outlets(self) -> tuple[Outlet, Outlet]:
        """The two newspapers."""
        with self._lock:
            one, two = self._outlets
        return one, two

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every article of both."""
        return tuple(story for outlet in self.outlets for story in outlet.stories)

    @property
    def pages(self) -> tuple[OtherPage, ...]:
        """Every page that is no article of its own: lists, walls, errors, aliases."""
        return tuple(page for outlet in self.outlets for page in outlet.pages)

    @property
    def requests(self) -> list[Request]:
        """What has been asked so far, in order: a copy."""
        return self._log.all()

    def announced(self) -> frozenset[str]:
        """Every address that feeds, sitemaps and section pages name, without tracking parameters."""
        one, two = self.outlets
        return announced(one) | announced(two)

    def advance(self) -> Advance:
        """Later the same day: one story edited, one removed, two published. A second call changes nothing."""
        before = self.stories
        self._print(advanced=True)
        after = self.stories
        known, kept = {story.url: story for story in before}, {story.url for story in after}
        return Advance(
            edited=tuple(s for s in after if s.url in known and s.headline != known[s.url].headline),
            removed=tuple(s for s in before if s.url not in kept),
            published=tuple(s for s in after if s.url not in known),
        )

    def close(self) -> None:
        """Stop serving and free the ports."""
        for server in self._servers:
            server.close()

    def _print(self, *, advanced: bool) -> None:
        printed = tuple(
            print_outlet(text, server.base, self._now, advanced=advanced)
            for text, server in zip(outlets(), self._servers, strict=True)
        )
        sites = [Site(outlet) for outlet in printed]
        with self._lock:
            self._outlets = printed
        for server, site in zip(self._servers, sites, strict=True):
            server.answer = partial(self._answer, server.slug, site)

    def _answer(self, slug: str, site: Site, target: str) -> Answer:
        place = (slug, without_tracking(target))
        with self._lock:
            visits = self._visits[place]
            self._visits[place] += 1
        return site.answer(target, visits)
