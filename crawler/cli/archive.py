"""Asking the archive: search, show, copies."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.instants import AsOf, ByWhom, standing
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.copies import Cluster
from storage.export import to_json
from storage.filters import Filter
from storage.hits import Hit
from storage.records import ArchivedArticle
from storage.search import Order
from storage.standing import By

COUNTED = 1_000  # answers; a common word has hundreds of thousands
ID = re.compile(r"[0-9]{1,18}")  # what a database takes for one

SourceName = Annotated[str | None, typer.Option("--source", help="Only this source.")]
Author = Annotated[
    str | None, typer.Option("--author", help="Only with this name, or part of one, in the byline.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Published on this day or later.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Published on this day or earlier.")
]
Language = Annotated[str | None, typer.Option("--language", help="Only in this language: en, de, pt-BR …")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@with_options
def search(
    options: Options,
    query: Annotated[str, typer.Argument(help='Words; "a phrase"; a OR b; a NOT b; begin*; ( ) group.')],
    source: SourceName = None,
    author: Author = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    as_of: AsOf = None,
    by: ByWhom = By.CAPTURED,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many results.")] = 10,
    offset: Annotated[int, typer.Option("--offset", min=0, max=2**31, help="Skip the first N results.")] = 0,
    unique: Annotated[
        bool,
        typer.Option("--unique", help="Stories, not articles: of copies of a text the best one."),
    ] = False,
    sort: Annotated[
        Order, typer.Option("--sort", help="The best first, or by date: the last published first.")
    ] = Order.RELEVANCE,
    as_json: AsJson = False,
) -> None:
    """Search headlines, standfirsts, bodies, captions, bylines and keywords, best first.

    Case and accents do not count. Chinese, Japanese and Korean words are found
    wherever they stand. Where there are more than 500 answers, the best of the
    newest 500 come first, then those of the next 500.

    Examples:  newsarchive search '"rare earths" NOT mining' --since 2026-01-01
               newsarchive search '予算案 OR 補正*' --language ja
               newsarchive search pier --as-of 2026-03-01T12:00
    """
    where = chosen(source, author, since, until, language)
    with Archive.open(options.database) as archive:
        stood = standing(archive, as_of, by)
        hits = stood.search(query, where, limit=limit, offset=offset, unique=unique, order=sort)
        total = stood.count(where, query=query, unique=unique, most=COUNTED + 1)
    if as_json:
        print(json.dumps([_hit_json(hit) for hit in hits], ensure_ascii=False))
        return
    from crawler.cli import screen

    for hit in hits:
        screen.out.print(screen.hit_text(hit))
    number = str(total) if total <= COUNTED else f"more than {COUNTED}"
    every = f"{number} {'stories' if unique else 'articles'}"
    shown = f"{offset + 1}–{offset + len(hits)} of {every}" if hits else every
    more = " · the whole article: newsarchive show ID" if hits else ""
    screen.out.print(f"[dim]{shown}{more}[/]")


@with_options
def show(
    options: Options,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, or its address.")],
    as_of: AsOf = None,
    by: ByWhom = By.CAPTURED,
    as_json: AsJson = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="The page itself, as its server sent it, on standard output.")
    ] = False,
) -> None:
    """Show one article in full: text, byline, dates, each picture with caption, credit, alt text and file."""
    with Archive.open(options.database, captures=options.captures, pictures=options.pictures) as archive:
        item = found(standing(archive, as_of, by), article, now=archive)
        if raw:
            sys.stdout.buffer.write(_page(archive, item))
            return
        files = _picture_files(archive, item, options.pictures)
    if as_json:
        print(json.dumps(to_json(item), ensure_ascii=False, indent=2))
        return
    from crawler.cli import screen

    screen.out.print(screen.article_panel(item, files))


@with_options
def copies(
    options: Options,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, or its address.")],
    as_json: AsJson = False,
) -> None:
    """Show the articles that are made of one text: wire copy, reprints, the same story at two addresses.

    The first in the table was published first, as far as the archive knows.
    "reused" is the share of an article's words that stand in that first one.
    The origin is the agency that the articles name; where they name none, the
    source that published first, if their dates leave no doubt.
    """
    with Archive.open(options.database) as archive:
        item = found(archive, article)
        cluster = archive.copies(item.id)
    if as_json:
        print(json.dumps(_cluster_json(cluster) if cluster else None, ensure_ascii=False))
        return
    from crawler.cli import screen
    from crawler.cli.copies import copies_table

    alone = f"No other article of the archive shares the text of {item.id}."
    screen.out.print(copies_table(cluster) if cluster else alone)


def chosen(
    source: str | None, author: str | None, since: str | None, until: str | None, language: str | None
) -> Filter:
    """The filter that these flags give; UsageError where one makes no sense."""
    from crawler.scheduling.days import day

    return Filter(
        source=source,
        author=author,
        since=day(since, "--since") if since else None,
        until=day(until, "--until") if until else None,
        language=language,
    )


def found(archive: Archive, wanted: str, *, now: Archive | None = None) -> ArchivedArticle:
    """The article with an id or address; UsageError where there is none.

    `now`: the archive as it is today, where `archive` is an earlier one; it says since when there is one.
    """
    item = _look_up(archive, wanted)
    later = _look_up(now, wanted) if now and item is None else None
    if later:
        since = later.first_seen_at.isoformat(timespec="seconds")
        raise UsageError(f"no article {wanted} at that time: it is in the archive since {since}")
    if item is None:
        stone = (now or archive).tombstone(int(wanted)) if ID.fullmatch(wanted) else None
        if stone:
            raise UsageError(
                f"article {wanted} was taken down on {stone.taken_down_at:%Y-%m-%d}: {stone.reason}"
            )
        raise UsageError(f"no article {wanted} in the archive: `newsarchive search WORDS` finds ids")
    return item


def _look_up(archive: Archive, wanted: str) -> ArchivedArticle | None:
    return archive.get(int(wanted)) if ID.fullmatch(wanted) else archive.article_by_url(wanted)


def _page(archive: Archive, item: ArchivedArticle) -> bytes:
    response = archive.raw(item.id)
    if response is None:
        raise UsageError(
            f"the raw bytes of article {item.id} were not kept: ARCHIVE_CAPTURES was off when it was read"
        )
    return response.content()


def _picture_files(archive: Archive, item: ArchivedArticle, folder: Path) -> dict[str, Path]:
    """Where the pictures of an article are, by the hash of each."""
    hashes = {image.file_sha256 for image in item.article.images if image.file_sha256}
    files = filter(None, map(archive.picture_file, hashes))
    return {file.sha256: folder / file.path for file in files}


def _cluster_json(cluster: Cluster) -> dict[str, Any]:
    members = [
        {
            **asdict(member),
            "date_published": member.date_published.isoformat() if member.date_published else None,
            "first_seen_at": member.first_seen_at.isoformat(),
        }
        for member in cluster.copies
    ]
    return {**asdict(cluster), "copies": members}


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "source": hit.source,
        "canonical_url": hit.canonical_url,
        "headline": hit.headline,
        "authors": list(hit.authors),
        "date_published": hit.date_published.isoformat() if hit.date_published else None,
        "excerpt": hit.excerpt,
        "marks": [list(mark) for mark in hit.marks],
        "score": round(hit.score, 4),
        "copies": hit.copies,
    }
