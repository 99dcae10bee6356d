"""An article's versions: `newsarchive history` and `newsarchive diff`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.archive import AsJson, found
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.history import RecordedChange, VersionEntry
from storage.records import ArchivedArticle

Wanted = Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, or its address.")]


@with_options
def history(options: Options, article: Wanted, as_json: AsJson = False) -> None:
    """List an article's versions and all that happened to it: edits, removal, paywall, redirects.

    Each change has its kind: headline, description, body (with the share of words
    changed), byline, caption, date_published, correction, silent_edit (words
    changed, the page's date of change did not), paywall_raised, paywall_lowered,
    redirected, moved, removed, taken_down, back,
    reread.

    Examples:  newsarchive history 17
               newsarchive history https://example.org/some/story --json
    """
    with Archive.open(options.database) as archive:
        item = found(archive, article)
        versions, changes = archive.versions(item.id), archive.changes(item.id)
    if as_json:
        print(json.dumps(_as_json(item, versions, changes), ensure_ascii=False, indent=2))
        return
    from crawler.cli import history_screen, screen

    screen.out.print(history_screen.history(item, versions, changes))


@with_options
def diff(
    options: Options,
    article: Wanted,
    versions: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[V1 V2]", help="Two versions; without them, the last one and that before it."
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page of its own; - is standard output."),
    ] = None,
) -> None:
    """Show what was changed between two versions: words removed and added, in their context.

    Headline, standfirst, byline, captions and corrections are compared as well as
    the body. In the terminal removed words are red and struck through, added ones
    green; without colours they stand in [-brackets-] and {+braces+}.

    Examples:  newsarchive diff 17
               newsarchive diff 17 1 3 --html diff.html
    """
    with Archive.open(options.database) as archive:
        item = found(archive, article)
        before, after = _pair(archive, item, versions or [])
    from crawler.cli import history_screen, screen
    from crawler.cli.diff_page import page
    from storage.differences import differences

    changed = differences(before.article, after.article)
    if html is None:
        screen.out.print(history_screen.diff(before, after, changed, plain=not screen.out.is_terminal))
    elif str(html) == "-":
        print(page(before, after, changed))
    else:
        try:
            html.write_text(page(before, after, changed), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {html}: {error.strerror}") from error
        screen.err.print(f"written to {html}")


def _pair(
    archive: Archive, item: ArchivedArticle, numbers: list[int]
) -> tuple[ArchivedArticle, ArchivedArticle]:
    """The two versions to compare; UsageError where there is no such pair."""
    if not numbers and item.version == 1:
        raise UsageError(f"article {item.id} has one version only: nothing was changed")
    if len(numbers) not in (0, 2):
        raise UsageError("give two versions, such as 1 2, or none")
    one, other = numbers or (item.version - 1, item.version)
    before, after = archive.version(item.id, one), archive.version(item.id, other)
    if before is None or after is None:
        missing = one if before is None else other
        raise UsageError(f"article {item.id} has no version {missing}: there are 1 to {item.version}")
    return before, after


def _as_json(
    item: ArchivedArticle, versions: list[VersionEntry], changes: list[RecordedChange]
) -> dict[str, Any]:
    return {
        "id": item.id,
        "source": item.source,
        "canonical_url": item.article.canonical_url,
        "first_seen_at": item.first_seen_at.isoformat(),
        "last_checked_at": item.last_checked_at.isoformat(),
        "removed_at": item.removed_at.isoformat() if item.removed_at else None,
        "versions": [_version_json(one) for one in versions],
        "changes": [_change_json(one) for one in changes],
    }


def _version_json(one: VersionEntry) -> dict[str, Any]:
    return {
        "version": one.number,
        "fetched_at": one.fetched_at.isoformat(),
        "last_seen_at": one.last_seen_at.isoformat(),
        "checks": one.checks,
        "headline": one.headline,
        "date_published": one.date_published.isoformat() if one.date_published else None,
        "date_modified": one.date_modified.isoformat() if one.date_modified else None,
        "word_count": one.word_count,
        "extractor": one.extractor,
        "kinds": [change.kind for change in one.changes],
    }


def _change_json(one: RecordedChange) -> dict[str, Any]:
    return {**asdict(one), "at": one.at.isoformat()}
