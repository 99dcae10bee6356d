"""How far a crawl of one source is: plain counters that a screen can read at any time."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.ledger import Account


@dataclass(kw_only=True)
class Progress:
    """Filled by the spider; read by whoever shows it."""

    source: str
    phase: str = "waiting"
    # "waiting", "looking for articles", "fetching", "done"
    endpoints: int = 0
    # That answered.
    new: int = 0
    # URLs that were never seen before.
    to_fetch: int = 0
    fetched: int = 0
    problems: list[str] = field(default_factory=list)
    # One line each, for the summary.
    reached: bool = False
    # Whether the source's server answered anything.
    account: Account | None = None
    left: int = 0
    reason: str | None = None
    would_fetch: list[str] = field(default_factory=list)
    # Of a dry run.

    def answered(self) -> None:
        """An endpoint gave an answer, changed or not."""
        self.endpoints += 1
        self.reached = True

    def named(self, url: str, announced: int, new: int) -> None:
        """The endpoint at `url` named URLs."""
        self.reached = True
        self.new += new

    def failed(self, url: str, reason: str, *, answered: bool) -> None:
        """The endpoint at `url` gave nothing that can be read."""
        self.reached = self.reached or answered
        self.problems.append(f"{url}: {reason}")

    def warn(self, text: str) -> None:
        """Something that a person should know at the end."""
        self.problems.append(text)

    def read(self) -> None:
        """A URL was fetched, or found not to be had."""
        self.fetched += 1
