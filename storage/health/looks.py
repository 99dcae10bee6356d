"""Looks at a source. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from storage.health.tally import Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look at a source."""

    at: dt.datetime
    tally: Tally
    other_site: str | None = None


class KeptLook(NamedTuple):
    """A look as the database has it."""

    at: str
    tally: str
    # JSON.
    other_site: str


class Looks(Sequence[Look]):
    """The newest looks at a source, the newest first.

    Most rules add up single counts of them: these are read without an object of each look, of which an
    archive has thirty for each of a thousand sources.
    """

    __slots__ = ("_columns", "_kept", "_nothing", "_tallies")

    def __init__(self, kept: Sequence[KeptLook] = ()) -> None:
        self._kept = kept
        # One text is read in half the time of thirty.
        self._tallies = json.loads(f"[{','.join(look.tally for look in kept)}]")
        self._columns: dict[str, list[int]] = {}
        self._nothing = (0,) * len(kept)

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, place: int) -> Look: ...
    @overload
    def __getitem__(self, place: slice) -> Looks: ...
    def __getitem__(self, place: int | slice) -> Look | Looks:
        if isinstance(place, slice):
            return Looks(self._kept[place])
        look = self._kept[place]
        return Look(
            at=_instant(look.at),
            tally=Tally.of_json(self._tallies[place]),
            other_site=look.other_site or None,
        )

    def count_after(self, instant: dt.datetime) -> int:
        """How many were later than an instant."""
        naive = instant.astimezone(dt.UTC).replace(tzinfo=None)
        times = (dt.datetime.fromisoformat(look.at) for look in self._kept)
        return sum(at > (instant if at.tzinfo else naive) for at in times)

    def column(self, count: str) -> Sequence[int]:
        """One count of each look."""
        if not self._columns:
            self._sort_out()
        return self._columns.get(count, self._nothing)

    def _sort_out(self) -> None:
        """Put each tally's counts into their columns: most looks met little, and a tally has no zeros."""
        for place, tally in enumerate(self._tallies):
            for count, number in tally.items():
                if count not in self._columns:
                    self._columns[count] = list(self._nothing)
                self._columns[count][place] = number


def _instant(text: str) -> dt.datetime:
    """An instant as a database writes it, SQLite without its offset."""
    at = dt.datetime.fromisoformat(text)
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
