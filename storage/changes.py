"""What a newsroom changed between two readings of an article, each change by its kind. Pure.

Only like is compared with like. When another extractor read the later page, what
differs may be the extractor's and not the newsroom's, and nothing on either side
tells which: that is one change of kind "reread", and no edit. (Reading the stored
page of the earlier version again with the present extractor makes them alike.)
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from storage.records import Article, Block, ChangeKind, Moment
from storage.words import words

QUOTED = 300  # characters of each side in a detail


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that changed."""

    kind: ChangeKind
    share: float | None = None
    # Of the body's words, for changes of the body: 0 to 1.
    detail: str | None = None
    # One line for people.


def compare(
    before: Article,
    after: Article,
    *,
    same_reader: bool = True,
    paywall: Change | None = None,
    last_seen: dt.datetime | None = None,
) -> tuple[Change, ...]:
    """What differs of all that makes a version; empty where nobody edited anything.

    `paywall`: the change of access that was seen with it; `last_seen`: when the
    text before was last read.
    """
    found = [change for compared in COMPARED if (change := compared(before, after)) is not None]
    if not found:
        return (paywall,) if paywall else ()
    if not same_reader:
        found = [_reread(found)]
    elif paywall is None and _is_silent(before, after, found, last_seen):
        found.append(Change(kind=ChangeKind.SILENT_EDIT, detail=_silence(after)))
    return (*found, paywall) if paywall else tuple(found)


def access(before: bool | None, after: bool | None) -> Change | None:
    """A paywall that was raised or lowered; what a page says nothing of counts as free."""
    if (before is False) == (after is False):
        return None
    return Change(kind=ChangeKind.PAYWALL_RAISED if after is False else ChangeKind.PAYWALL_LOWERED)


def _headline(before: Article, after: Article) -> Change | None:
    return _line(ChangeKind.HEADLINE, before.headline, after.headline)


def _description(before: Article, after: Article) -> Change | None:
    return _line(ChangeKind.DESCRIPTION, before.description, after.description)


def _byline(before: Article, after: Article) -> Change | None:
    return _line(ChangeKind.BYLINE, _names(before), _names(after))


def _names(article: Article) -> str | None:
    """The names with their roles, where any were found; else the line as it is written."""
    return ", ".join(f"{named.name} ({named.role})" for named in article.bylines) or article.byline


def _date_published(before: Article, after: Article) -> Change | None:
    if _same_moment(before.date_published, after.date_published):
        return None
    return _line(ChangeKind.DATE_PUBLISHED, _iso(before.date_published), _iso(after.date_published))


def _body(before: Article, after: Article) -> Change | None:
    if [_told(block) for block in before.blocks] == [_told(block) for block in after.blocks]:
        return None
    from storage.word_diff import extent, pieces  # most crawls meet no edit

    changed = extent(pieces(before.body, after.body))
    words_changed = f"{changed.removed} words removed, {changed.added} added"
    other = "set otherwise, or other embeds"
    has_words = changed.removed or changed.added
    return Change(
        kind=ChangeKind.BODY, share=round(changed.share, 4), detail=words_changed if has_words else other
    )


def _told(block: Block) -> tuple[str, str]:
    """What makes a block another one: of what is embedded its address alone."""
    return block.kind, block.url or block.text


def _caption(before: Article, after: Article) -> Change | None:
    old, new = list(_captions(before)), list(_captions(after))
    if old == new:
        return None
    removed, added = (
        list((Counter(old) - Counter(new)).elements()),
        list((Counter(new) - Counter(old)).elements()),
    )
    if len(removed) <= 1 and len(added) <= 1 and (removed or added):
        return _line(ChangeKind.CAPTION, "".join(removed), "".join(added))
    counted = f"{len(removed)} removed, {len(added)} added" if removed or added else "in another order"
    return Change(kind=ChangeKind.CAPTION, detail=counted)


def _captions(article: Article) -> Iterator[str]:
    for image in article.images:
        if image.caption or image.credit_line:
            yield f"{image.caption or ''} ({image.credit_line})" if image.credit_line else image.caption or ""


def _correction(before: Article, after: Article) -> Change | None:
    if before.corrections == after.corrections:
        return None
    added, taken = _notices_only_in(after, before), _notices_only_in(before, after)
    told = [*added, *(f"taken away: {notice}" for notice in taken)] or ["in another order"]
    return Change(kind=ChangeKind.CORRECTION, detail=_short(" · ".join(told)))


def _notices_only_in(one: Article, other: Article) -> list[str]:
    return [notice for notice in one.corrections if notice not in other.corrections]


# All that pipelines.fingerprint.content_hash is made of, or what changed would be no change.
COMPARED: tuple[Callable[[Article, Article], Change | None], ...] = (
    _headline,
    _description,
    _byline,
    _date_published,
    _body,
    _caption,
    _correction,
)
TOLD_IN_WORDS = (ChangeKind.HEADLINE, ChangeKind.DESCRIPTION, ChangeKind.BODY)


def _reread(found: list[Change]) -> Change:
    share = next((change.share for change in found if change.kind is ChangeKind.BODY), None)
    fields = ", ".join(change.kind for change in found)
    detail = f"read by another extractor, which may be why these differ: {fields}"
    return Change(kind=ChangeKind.REREAD, share=share, detail=detail)


def _is_silent(before: Article, after: Article, found: list[Change], last_seen: dt.datetime | None) -> bool:
    """Whether words changed, and neither the page's date of change nor a correction says so."""
    kinds = {change.kind for change in found}
    if _notices_only_in(after, before) or not kinds.intersection(TOLD_IN_WORDS):
        return False
    if _told_words(before) == _told_words(after):
        return False
    dated = after.date_modified
    if dated is None:
        return True
    if not _same_moment(before.date_modified, dated):
        return False
    # A bare day says nothing of an edit later on the same day.
    return not dated.is_day or (last_seen is not None and last_seen.date() > _day(dated))


def _told_words(article: Article) -> list[tuple[str, ...]]:
    return [words(text) for text in (article.headline or "", article.description or "", article.body)]


def _silence(after: Article) -> str:
    if after.date_modified is None:
        return "the page gives no date of change"
    return f"the page's date of change is still {after.date_modified.isoformat()}"


def _same_moment(one: Moment | None, other: Moment | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.is_day == other.is_day and one.value == other.value


def _day(moment: Moment) -> dt.date:
    return moment.value.date() if isinstance(moment.value, dt.datetime) else moment.value


def _iso(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(kind: ChangeKind, before: str | None, after: str | None) -> Change | None:
    """What a short text was and is; None where it stayed."""
    if (before or "") == (after or ""):
        return None
    return Change(kind=kind, detail=f"{_quoted(before)} → {_quoted(after)}")


def _quoted(text: str | None) -> str:
    return f"“{_short(text)}”" if text else "nothing"


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
