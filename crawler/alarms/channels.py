"""How a turn is told: what every channel has, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from storage.health.alarms import Notice, TurnKind

SECONDS = 10  # for one telling: a receiver that hangs costs no more
# What may be done about each, for people.
REMEDIES = {
    "disk_full": "make room, or move the folder of raw bytes (ARCHIVE_CAPTURES_FOLDER)",
    "not_crawled": "is the scheduler running?",
    "nothing_stored": "`newsarchive doctor` looks for what is wrong here",
    "gone": "look at the site; `newsarchive add` finds what it offers now, `enabled = false` rests it",
    "unreachable": "`newsarchive doctor` asks it once",
    "moved": "look at the site; if it has moved for good, change home_page in sources.toml",
    "blocked": "look at the site in a browser; fetch more slowly, or write to its operator",
    "silent": "look at the site: if it has news, its feeds are stale (`newsarchive add` finds others)",
    "errors": "`newsarchive why URL` tells what happened to a page",
}
LAYOUT = "look at a page with `newsarchive explain ID`; selectors in sources.toml help"


class DeliveryError(Exception):
    """A channel could not tell what it was to tell; the text says why."""


class Channel(Protocol):
    """Somebody who is told of alarms."""

    name: str

    def tell(self, notices: Sequence[Notice]) -> None:
        """Tell these in order, all or none; DeliveryError where it could not be done."""


def remedy(rule: str) -> str:
    """What a person can do about an alarm."""
    return REMEDIES.get(rule, LAYOUT)


def as_json(notice: Notice) -> dict[str, Any]:
    """A notice for a machine. `id` is the same at each new try."""
    turn = notice.turn
    told: dict[str, Any] = {
        "id": f"{turn.id}-{turn.kind}",
        "alarm": turn.id,
        "turn": str(turn.kind),
        "rule": str(turn.rule),
        "source": turn.source,
        "at": turn.at.isoformat(),
        "raised_at": turn.raised_at.isoformat(),
        "detail": turn.detail,
    }
    if turn.kind is TurnKind.RAISED:
        told["remedy"] = remedy(turn.rule)
    return told
