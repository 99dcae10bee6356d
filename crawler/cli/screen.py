"""What a person sees: tables, an article in full, a crawl as it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from storage.records import ArchivedArticle, Article, Block, BlockKind, Image, Moment, Outcome

if TYPE_CHECKING:
    from crawler.scheduling.progress import Progress as CrawlProgress
    from storage.hits import Hit

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

Files = Mapping[str, Path]  # the pictures that are kept, by their hash
NO_FILES: Files = {}
REFRESH_SECONDS = 0.2
# Good, harmless, worth a look, wrong.
COLOURS = {
    "stored": "green",
    "updated": "green",
    "unchanged": "green",
    "known": "dim",
    "duplicate": "cyan",
    "redirected": "cyan",
    "pending": "yellow",
    "paywall": "yellow",
    "consent_wall": "yellow",
    "http_error": "red",
    "network_error": "red",
    "extract_error": "red",
    "too_large": "red",
}
MEANINGS = {
    "known": "seen before, nothing due",
    Outcome.PENDING: "written down, not fetched yet",
    Outcome.STORED: "a new article",
    Outcome.UPDATED: "a new version of a known article",
    Outcome.UNCHANGED: "a known article, as it was",
    Outcome.DUPLICATE: "another address of a known article",
    Outcome.NOT_ARTICLE: "a section, tag, search … page",
    Outcome.TOO_SHORT: "hardly any text",
    Outcome.PAYWALL: "only the free part was there; it is kept",
    Outcome.CONSENT_WALL: "a consent dialogue instead of the page",
    Outcome.ROBOTS: "forbidden by robots.txt",
    Outcome.EXCLUDED: "forbidden by our own rules",
    Outcome.REDIRECTED: "led to a page that is accounted for itself",
    Outcome.GONE: "404, 410, or a page that says so",
    Outcome.HTTP_ERROR: "another status that is no page",
    Outcome.NETWORK_ERROR: "no answer",
    Outcome.EXTRACT_ERROR: "the page could not be read",
    Outcome.TOO_LARGE: "over the limit of bytes",
}


@contextmanager
def crawling(crawls: Sequence[CrawlProgress], *, show: bool) -> Iterator[None]:
    """Show how far the crawls are, on standard error, until the block ends."""
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("[bold]{task.description}"),
        TextColumn("{task.fields[phase]}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("[dim]{task.fields[news]}"),
        TimeElapsedColumn(),
    )
    if not show:
        yield
        return
    with Progress(*columns, console=err, transient=True) as bars:
        tasks = {id(c): bars.add_task(c.source, total=None, phase=c.phase, news="") for c in crawls}
        stop = Event()

        def follow() -> None:
            while not stop.wait(REFRESH_SECONDS):
                for c in crawls:
                    total = c.to_fetch or None
                    bars.update(
                        tasks[id(c)],
                        total=max(c.to_fetch, c.fetched) if total or c.phase == "done" else None,
                        completed=c.fetched,
                        phase=c.phase,
                        news=f"{c.endpoints} endpoints, {c.new} new URLs",
                    )

        thread = Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def outcome_table(outcomes: Mapping[str, int], title: str) -> Table:
    """What became of the URLs: a row an outcome, with a bar and a word on what it means."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim"
    )
    table.add_column("outcome")
    table.add_column("URLs", justify="right")
    table.add_column("")
    table.add_column("meaning", style="dim")
    most = max(outcomes.values(), default=1)
    for outcome, number in sorted(outcomes.items(), key=lambda pair: -pair[1]):
        colour = COLOURS.get(outcome, "white")
        bar = "█" * max(1, round(20 * number / most))
        table.add_row(Text(outcome, colour), str(number), Text(bar, colour), MEANINGS.get(outcome, ""))
    table.add_section()
    table.add_row("announced", str(sum(outcomes.values())), "", "adds up")
    return table


def article_panel(item: ArchivedArticle, files: Files = NO_FILES) -> RenderableType:
    """An article in full, as it would be read."""
    title = f" {item.source} · {item.id} · version {item.version} "
    return Panel(
        article_text(item.article, files),
        title=title,
        title_align="left",
        border_style="dim",
        padding=(1, 2),
    )


def article_text(article: Article, files: Files = NO_FILES) -> RenderableType:
    """Headline, standfirst, byline, dates, pictures (with the files that are kept of them) and body."""
    parts: list[RenderableType] = [Text(article.headline or "(no headline)", "bold")]
    if article.description:
        parts.append(Text(article.description, "italic"))
    parts += [Text(""), *_facts(article)]
    parts += [_picture(image, files) for image in article.images if image.is_lead]
    parts.append(Rule(style="dim"))
    others = [image for image in article.images if not image.is_lead]
    for place, block in enumerate(article.blocks):
        parts += [_picture(image, files) for image in others if image.block_position == place]
        parts.append(_block(block))
    end = len(article.blocks)
    after = [image for image in others if image.block_position is None or image.block_position >= end]
    if after:
        parts += [Rule(style="dim"), *(_picture(image, files) for image in after)]
    return Group(*parts)


def _facts(article: Article) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    roles = ", ".join(f"{named.name} ({named.role})" for named in article.bylines)
    facts = {
        "byline": article.byline,
        "by": roles,
        "published": moment(article.date_published),
        "modified": moment(article.date_modified),
        "genre": article.genre,
        "section": " › ".join(article.breadcrumbs) or article.article_section,
        "keywords": ", ".join(article.keywords),
        "language": article.in_language,
        "site": article.site_name,
        "free to read": {True: "yes", False: "no", None: None}[article.is_accessible_for_free],
        "licence": article.license_url,
        "corrected": " · ".join(article.corrections),
        "address": article.canonical_url,
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, Text(value))
    yield table


def _picture(image: Image, files: Files) -> RenderableType:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(style="dim")
    lines.add_column(overflow="fold")
    for name, value in (
        ("lead picture" if image.is_lead else "picture", image.url),
        ("caption", image.caption),
        ("credit", image.credit_line),
        ("alt text", image.alt_text),
        ("file", str(files.get(image.file_sha256 or "", ""))),
    ):
        if value:
            lines.add_row(name, Text(value))
    return Padding(lines, (1, 0, 0, 2))


def _block(block: Block) -> RenderableType:
    match block.kind:
        case BlockKind.HEADING:
            return Padding(Text(block.text, "bold"), (1, 0, 0, 0))
        case BlockKind.QUOTE:
            return Padding(Text(f"“{block.text}”", "italic"), (1, 4, 0, 4))
        case BlockKind.LIST_ITEM:
            return Padding(Text(f"• {block.text}"), (0, 0, 0, 2))
        case BlockKind.VIDEO | BlockKind.AUDIO | BlockKind.SOCIAL_POST:
            name = block.kind.replace("_", " ")
            return Padding(
                Text.assemble((f"{name}  ", "dim"), block.url or "", "\n", block.text), (1, 0, 0, 2)
            )
        case _:
            return Padding(Text(block.text), (1, 0, 0, 0))


def hit_text(hit: Hit) -> RenderableType:
    """One search result: headline, where and when, and the words in their place."""
    head = Text.assemble((f"{hit.id:>6}  ", "dim"), (hit.headline or hit.canonical_url, "bold"))
    when = moment(hit.date_published)
    copies = f"+{hit.copies} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies else None
    facts = " · ".join(part for part in (hit.source, when, ", ".join(hit.authors), copies) if part)
    excerpt = Text(hit.excerpt)
    for start, end in hit.marks:
        excerpt.stylize("bold yellow", start, end)
    return Group(head, Padding(Group(Text(facts, "dim"), excerpt), (0, 0, 1, 8)))


def outcome_line(outcomes: Mapping[str, int]) -> Text:
    """The outcomes in one line, the most frequent first."""
    ordered = sorted(outcomes.items(), key=lambda pair: -pair[1])
    parts = [Text.assemble((f"{number} ", COLOURS.get(name, "")), name) for name, number in ordered]
    return Text(", ").join(parts)


def moment(value: Moment | None) -> str | None:
    """A date as a person reads it: with hour and zone, or as the day that it is."""
    if value is None:
        return None
    if isinstance(value.value, dt.datetime):
        return value.value.strftime("%Y-%m-%d %H:%M %Z").replace("UTC+00:00", "UTC")
    return value.value.isoformat()


def ago(instant: dt.datetime | None) -> str:
    """How long ago `instant` was, in one unit."""
    if instant is None:
        return "never"
    seconds = (dt.datetime.now(dt.UTC) - instant).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"


class PerSecond(ProgressColumn):
    """How many things a second."""

    def render(self, task: Task) -> Text:
        """The speed of late."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "", "dim")


@contextmanager
def following(title: str, ask: Callable[[], tuple[int, int]], *, unit: str = "") -> Iterator[None]:
    """Show how far something is, as `ask` (done, total) says, on a terminal and until the block ends."""
    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=24),
        *(
            (DownloadColumn(), TransferSpeedColumn())
            if unit == "bytes"
            else (MofNCompleteColumn(), PerSecond())
        ),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        task = bars.add_task(title, total=None)
        stop = Event()

        def follow() -> None:
            while not stop.wait(REFRESH_SECONDS):
                done, total = ask()
                bars.update(task, completed=done, total=total or None)

        thread = Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def bars() -> Progress:
    """A bar for work of known steps, on a terminal alone."""
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


def counted(counts: Mapping[str, int], what: str, meanings: Mapping[str, str]) -> Table:
    """How many there are of each kind, and what that kind means."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column(what, justify="right")
    table.add_column("meaning", style="dim")
    for name, number in sorted(counts.items(), key=lambda pair: -pair[1]):
        table.add_row(name.replace("_", " "), str(number), meanings.get(name, ""))
    return table


def print_some(name: str, lines: Sequence[str], most: int, style: str) -> None:
    """Print the first `most` of `lines`, and how many more there are."""
    for line in lines[:most]:
        out.print(Text(f"! {name}: {line}", style), soft_wrap=True)
    if len(lines) > most:
        out.print(Text(f"! {name}: … and {len(lines) - most} more (--json names them all)", style))
