"""What another reading changes: by source and field, counted, with examples. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.records import EMBEDS, Article, Moment

SHOWN = 160  # characters of a value in an example
BEFORE = 40  # … of them before the first difference


class Turn(StrEnum):
    """What became of a field."""

    SAME = "same"
    CHANGED = "changed"
    GAINED = "gained"  # it had no value before
    LOST = "lost"  # it has none now


def _moment(moment: Moment | None) -> str:
    return moment.isoformat() if moment else ""


def _utc(moment: Moment | None) -> object:
    return moment.value if moment else None


def _joined(texts: Any) -> str:
    return " · ".join(text for text in texts if text)


# Each field: what is compared, and how it is shown to a person.
FIELDS: Mapping[str, Callable[[Article], Any]] = {
    "canonical_url": lambda a: a.canonical_url,
    "headline": lambda a: a.headline,
    "description": lambda a: a.description,
    "byline": lambda a: a.byline,
    "bylines": lambda a: _joined(f"{b.name} ({b.role})" for b in a.bylines),
    "date_published": lambda a: _utc(a.date_published),
    "date_modified": lambda a: _utc(a.date_modified),
    "body": lambda a: "\n\n".join(f"{b.kind}: {b.text}" for b in a.blocks if b.kind not in EMBEDS),
    "embeds": lambda a: _joined(f"{b.kind} {b.url} {b.text}" for b in a.blocks if b.kind in EMBEDS),
    "images": lambda a: _joined(f"{i.url}{' (lead)' if i.is_lead else ''}" for i in a.images),
    "places of images": lambda a: _joined(str(i.block_position) for i in a.images),
    "captions": lambda a: _joined(i.caption for i in a.images),
    "credit_lines": lambda a: _joined(i.credit_line for i in a.images),
    "alt_texts": lambda a: _joined(i.alt_text for i in a.images),
    "keywords": lambda a: _joined(a.keywords),
    "article_section": lambda a: a.article_section,
    "in_language": lambda a: a.in_language,
    "site_name": lambda a: a.site_name,
    "is_accessible_for_free": lambda a: a.is_accessible_for_free,
    "paywall_selector": lambda a: a.paywall_selector,
    "genre": lambda a: a.genre,
    "breadcrumbs": lambda a: _joined(a.breadcrumbs),
    "corrections": lambda a: _joined(a.corrections),
    "amp_url": lambda a: a.amp_url,
    "license_url": lambda a: a.license_url,
}
DATES: Mapping[str, Callable[[Article], Moment | None]] = {
    "date_published": lambda a: a.date_published,
    "date_modified": lambda a: a.date_modified,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One value before and after."""

    article_id: int
    url: str
    before: str
    after: str


@dataclass(kw_only=True)
class FieldChanges:
    """What became of one field of one source's articles."""

    turns: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)


class Comparison:
    """Counts as they come; memory grows with sources and fields, not with articles."""

    def __init__(self, examples: int) -> None:
        self.most = examples
        self.sources: defaultdict[str, defaultdict[str, FieldChanges]] = defaultdict(
            lambda: defaultdict(FieldChanges)
        )

    def add(self, source: str, article_id: int, before: Article, after: Article) -> None:
        """Count what differs between two readings of a page."""
        for name, value in FIELDS.items():
            changes = self.sources[source][name]
            turn = turned(value(before), value(after))
            changes.turns[turn] += 1
            if turn is not Turn.SAME and len(changes.examples) < self.most:
                old, new = _excerpts(_text(name, before), _text(name, after))
                changes.examples.append(
                    Example(article_id=article_id, url=before.canonical_url, before=old, after=new)
                )


def turned(before: object, after: object) -> Turn:
    """What became of a value; missing ones are None or empty."""
    if before == after or (before in (None, "") and after in (None, "")):
        return Turn.SAME
    if before in (None, ""):
        return Turn.GAINED
    return Turn.LOST if after in (None, "") else Turn.CHANGED


def _text(name: str, item: Article) -> str:
    if name in DATES:
        return _moment(DATES[name](item))
    value = FIELDS[name](item)
    return "" if value is None else str(value)


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Both values from a little before their first difference on, cut to what a line takes."""
    start = max(0, _first_difference(before, after) - BEFORE)
    return _cut(before, start), _cut(after, start)


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, start: int) -> str:
    shown = text[start : start + SHOWN]
    return f"{'…' if start else ''}{shown}{'…' if start + SHOWN < len(text) else ''}"
