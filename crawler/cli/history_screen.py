"""What a person sees of an article's history: the list of its versions, and a diff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from crawler.cli.screen import moment
from storage.differences import DATES, Difference
from storage.history import RecordedChange, VersionEntry
from storage.records import ArchivedArticle, ChangeKind
from storage.word_diff import Piece, PieceKind, extent

CONTEXT = 160  # characters of what stayed, shown on each side of a change
COLOURS = {
    ChangeKind.SILENT_EDIT: "bold red",
    ChangeKind.REMOVED: "red",
    ChangeKind.PAYWALL_RAISED: "yellow",
    ChangeKind.REDIRECTED: "cyan",
    ChangeKind.MOVED: "cyan",
    ChangeKind.BACK: "green",
    ChangeKind.PAYWALL_LOWERED: "green",
    ChangeKind.CORRECTION: "magenta",
    ChangeKind.REREAD: "dim",
}
STYLES = {PieceKind.SAME: "", PieceKind.REMOVED: "red strike", PieceKind.ADDED: "bold green"}
MARKS = {PieceKind.SAME: ("", ""), PieceKind.REMOVED: ("[-", "-]"), PieceKind.ADDED: ("{+", "+}")}


def history(
    item: ArchivedArticle, versions: Sequence[VersionEntry], changes: Sequence[RecordedChange]
) -> RenderableType:
    """The versions as a table, and below it what happened to the article otherwise."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("version", justify="right")
    for name in ("fetched", "page's own date", "seen so until"):
        table.add_column(name, no_wrap=True)
    table.add_column("words", justify="right")
    table.add_column("what changed", overflow="fold")
    for one in versions:
        table.add_row(
            str(one.number),
            f"{one.fetched_at:%Y-%m-%d %H:%M}",
            _own_date(one),
            _seen(one),
            str(one.word_count),
            _kinds(one.changes) if one.changes else Text("first read" if one.number == 1 else "", "dim"),
        )
    parts: list[RenderableType] = [
        Text(item.article.headline or "(no headline)", "bold"),
        Text(f"{item.source} · {item.id} · times are UTC\n{item.article.canonical_url}\n", "dim"),
        table,
    ]
    told = [one for one in changes if one.detail or one.version is None]
    if told:
        parts += [Text(""), _told(told)]
    return Group(*parts)


def _own_date(one: VersionEntry) -> Text:
    """When it was changed last, says the page; else when it was published."""
    date = moment(one.date_modified or one.date_published)
    return Text(date.removesuffix(" UTC")) if date else Text("–", "dim")


def _seen(one: VersionEntry) -> Text:
    if not one.checks:
        return Text("–", "dim")
    return Text.assemble(("✓ ", "green"), f"{one.last_seen_at:%Y-%m-%d %H:%M}", (f" ×{one.checks}", "dim"))


def _kinds(changes: Iterable[RecordedChange]) -> Text:
    return Text(", ").join(_kind(one) for one in changes)


def _kind(one: RecordedChange) -> Text:
    share = f" {one.share:.0%}" if one.share is not None and one.share >= 0.005 else ""
    return Text(f"{one.kind}{share}", COLOURS.get(one.kind, ""))


def _told(changes: Iterable[RecordedChange]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name in ("when", "version", "kind"):
        table.add_column(name, no_wrap=True)
    table.add_column("detail", overflow="fold")
    for one in changes:
        version = "" if one.version is None else f"v{one.version}"
        when = Text(f"{one.at:%Y-%m-%d %H:%M}", "dim")
        table.add_row(when, Text(version, "dim"), _kind(one), Text(one.detail or ""))
    return table


def diff(
    before: ArchivedArticle, after: ArchivedArticle, found: Sequence[Difference], *, plain: bool
) -> RenderableType:
    """What differs between two versions; `plain`: marked by signs, since there are no colours."""
    title = (
        f"{after.source} · {after.id} · version {before.version} ({before.fetched_at:%Y-%m-%d %H:%M} UTC)"
        f" → {after.version} ({after.fetched_at:%Y-%m-%d %H:%M} UTC)"
    )
    parts: list[RenderableType] = [Text(title, "dim"), Text(after.article.headline or "", "bold")]
    for difference in found:
        changed = extent(difference.pieces)
        count = (
            "" if difference.part in DATES else f" · {changed.removed} words removed, {changed.added} added"
        )
        head = difference.part + count
        shown = _shortened(difference.pieces) if difference.part == "body" else difference.pieces
        parts += [Rule(head, align="left", style="dim"), Padding(_marked(shown, plain=plain), (0, 0, 1, 0))]
    if not found:
        parts.append(Text("the same words"))
    return Group(*parts)


def _marked(pieces: Iterable[Piece], *, plain: bool) -> Text:
    text = Text()
    for piece in pieces:
        begin, end = MARKS[piece.kind] if plain else ("", "")
        words = piece.text.rstrip()
        text.append(begin + words + end, STYLES[piece.kind])
        text.append(piece.text[len(words) :] or (" " if begin else ""))
    return text


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with the long parts that stayed cut down to what stands beside a change."""
    for place, piece in enumerate(pieces):
        if piece.kind is not PieceKind.SAME or len(piece.text) <= 2 * CONTEXT:
            yield piece
            continue
        head = "" if place == 0 else _beginning(piece.text)
        tail = "" if place == len(pieces) - 1 else _end(piece.text)
        yield Piece(piece.kind, f"{head} […] {tail}")


def _beginning(text: str) -> str:
    return re.sub(r"\S*$", "", text[:CONTEXT]) or text[:CONTEXT]


def _end(text: str) -> str:
    return re.sub(r"^\S*", "", text[-CONTEXT:]) or text[-CONTEXT:]
