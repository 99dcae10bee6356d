"""How far a crawl of one source is: plain counters that a screen can read at any time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.ledger import Account


@dataclass(kw_only=True)
class Progress:
    """Filled by the spider; read by whoever shows it."""

    source: str
    phase: str = "waiting"
    # "waiting", "looking for articles", "fetching", "fetching pictures", "done"
    endpoints: int = 0
    # That answered.
    new: int = 0
    # URLs that were never seen before.
    to_fetch: int = 0
    fetched: int = 0
    problems: list[str] = field(default_factory=list)
    # One line each, for the summary.
    heard: bool = False
    # The source's server answered something.
    unheard: bool = False
    # A request got no answer.
    broken: str | None = None
    # Why the crawl could not go on, where that was not the site's doing.
    account: Account | None = None
    left: int = 0
    pictures: int = 0
    # Kept as files.
    reason: str | None = None
    would_fetch: list[str] = field(default_factory=list)
    # Of a dry run.

    @property
    def reached(self) -> bool:
        """Whether the source's server answered anything, if it was asked at all."""
        return self.heard or not self.unheard

    def asked(self, *, answered: bool) -> None:
        """A request came to its end."""
        self.heard = self.heard or answered
        self.unheard = self.unheard or not answered

    def answered(self) -> None:
        """An endpoint gave an answer, changed or not."""
        self.endpoints += 1
        self.asked(answered=True)

    def named(self, new: int) -> None:
        """An endpoint named URLs, of which `new` were never seen before."""
        self.new += new

    def failed(self, url: str, reason: str, *, answered: bool) -> None:
        """The endpoint at `url` gave nothing that can be read."""
        self.asked(answered=answered)
        self.problems.append(f"{url}: {reason}")

    def stop(self, reason: str) -> None:
        """The crawl cannot go on."""
        if self.broken is None:
            self.broken = reason
            self.problems.append(reason)

    def warn(self, text: str) -> None:
        """Something that a person should know at the end."""
        self.problems.append(text)

    def read(self) -> None:
        """A URL was fetched, or found not to be had."""
        self.fetched += 1
