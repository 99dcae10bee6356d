"""The newspaper's texts as they were written: content/*.toml read into manuscripts.

A manuscript knows no address and no date, only how old it is; `press` prints
it for a port and a time. ``content/<outlet>.toml`` describes an outlet and the
pages that are no articles, ``content/<outlet>-<language>.toml`` holds the
stories of one edition, ``content/wire.toml`` the copy that both outlets carry
and ``content/labels.toml`` the words around the stories in each language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from storage.records import Block, BlockKind

FOLDER = Path(__file__).parent / "content"
OUTLETS = ("courier", "tagblatt")

# How a block of the body begins, in the markup of the content files.
MARKS = (
    ("## ", BlockKind.HEADING),
    ("> ", BlockKind.QUOTE),
    ("- ", BlockKind.LIST_ITEM),
)
PICTURE_MARK = "[picture]"


class Furniture(StrEnum):
    """What stands between the paragraphs and is no part of the story."""

    NEWSLETTER = "newsletter"
    RELATED = "related"
    EMBED = "embed"  # a video that waits for consent to cookies
    ADVERTISEMENT = "advertisement"


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureText:
    """A picture before it has an address: what it shows and what stands under it."""

    motif: str
    # A drawing in `pictures`: "harbour", "chart" …
    caption: str | None = None
    credit: str | None = None
    credit_form: str = "(©{})"
    # How the page writes the credit; the braces stand for `credit`.
    alt: str | None = None


FlowText = Block | PictureText | Furniture


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What `advance` changes in a story."""

    headline: str
    paragraph: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manuscript:
    """A story as its author handed it in."""

    slug: str
    number: int
    section: str
    # A key of its edition's sections.
    hours_ago: float
    # Its age when the newspaper opens.
    headline: str
    flow: tuple[FlowText, ...]
    # Body, pictures and furniture in reading order.
    description: str | None = None
    byline: str | None = None
    # The whole line as the page shows it: "By Maren Holt and Tobias Finch".
    authors: tuple[str, ...] = ()
    # The names in it, persons before everything else.
    byline_at_foot: bool = False
    updated_hours_ago: float | None = None
    lead: PictureText | None = None
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    # Slugs in the same edition.
    design: str | None = None
    # Where it differs from the edition's.
    only_day: bool = False
    # The page names the day and no hour.
    free: bool = True
    charset: str = "utf-8"
    # What the page is written in.
    claimed_charset: str | None = None
    # What its header says instead.
    wire: str | None = None
    # The key of the shared copy in wire.toml; a body of its own is that copy, edited.
    shy: bool = False
    # Answers 503 once before it answers.
    torn: bool = False
    # Named by the truncated sitemap alone.
    edit: Edit | None = None
    vanishes: bool = False
    appears: bool = False
    # Published by `advance`.


@dataclass(frozen=True, kw_only=True, slots=True)
class PageText:
    """An address that is no story of its own: another way to one, or no article at all."""

    kind: str
    # A key of `press.EXPECTED`.
    path: str
    title: str = ""
    story: str | None = None
    # The slug of the story that it leads to.
    announced_by: str | None = None
    # "feed", "sitemap" or "section"; None where only a link in an article or the menu leads there.
    edition: int = 0
    # Which edition's dress it wears.


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionText:
    """One language of an outlet."""

    language: str
    title: str
    front: str
    # The path of its front page.
    design: str
    article_path: str
    # Filled with day, slug, section and number.
    section_path: str
    page_query: str
    # Appended to section_path from the second page on; filled with page.
    feed: str
    # "rss", "atom" or "json"
    feed_path: str
    utc_offset_hours: int
    zone_name: str
    sections: Mapping[str, str]
    desks: Sequence[str] = ()
    # Which of its authors are no persons.
    manuscripts: tuple[Manuscript, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletText:
    """A newspaper before it is printed."""

    name: str
    slug: str
    language: str
    robots: str
    editions: tuple[EditionText, ...]
    pages: tuple[PageText, ...]


@cache
def outlets() -> tuple[OutletText, ...]:
    """Both outlets with all their texts."""
    return tuple(_outlet(name) for name in OUTLETS)


@cache
def labels(language: str) -> Mapping[str, Any]:
    """The words around a story ("Related", "Leave a reply", the months …) in one of the four languages."""
    words: Mapping[str, Any] = _table("labels")[language]
    return words


def parse_flow(text: str, pictures: tuple[PictureText, ...] = ()) -> tuple[FlowText, ...]:
    """The markup of a body as blocks; each ``[picture]`` takes the next of `pictures`.

    Raises ValueError where marks and pictures do not match in number.
    """
    chunks = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
    if chunks.count(PICTURE_MARK) != len(pictures):
        raise ValueError(f"{chunks.count(PICTURE_MARK)} picture marks for {len(pictures)} pictures")
    waiting = iter(pictures)
    return tuple(item for chunk in chunks for item in _items(chunk, waiting))


def _items(chunk: str, pictures: Iterator[PictureText]) -> Iterator[FlowText]:
    """What one chunk between blank lines holds; a list gives an item for each of its lines."""
    if chunk == PICTURE_MARK:
        yield next(pictures)
    elif chunk.startswith("["):
        yield Furniture(chunk.strip("[]"))
    elif chunk.startswith("- "):
        yield from (_block(line) for line in chunk.splitlines())
    else:
        yield _block(" ".join(chunk.splitlines()))


def _block(text: str) -> Block:
    for mark, kind in MARKS:
        if text.startswith(mark):
            return Block(kind=kind, text=text.removeprefix(mark))
    return Block(kind=BlockKind.PARAGRAPH, text=text)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _outlet(name: str) -> OutletText:
    table = _table(name)
    editions = tuple(_edition(name, edition) for edition in table.pop("edition"))
    pages = tuple(PageText(**page) for page in table.pop("page", ()))
    return OutletText(**table, editions=editions, pages=pages)


def _edition(outlet: str, table: dict[str, Any]) -> EditionText:
    stories = _table(f"{outlet}-{table['language']}")["story"]
    return EditionText(**table, manuscripts=tuple(_manuscript(story) for story in stories))


def _manuscript(story: dict[str, Any]) -> Manuscript:
    """One ``[[story]]``; a story with `wire` takes its body and pictures from the shared copy."""
    table = (_table("wire")[story["wire"]] if "wire" in story else {}) | story
    pictures = tuple(PictureText(**picture) for picture in table.pop("picture", ()))
    lead, edit = table.pop("lead", None), table.pop("edit", None)
    body = table.pop("body")
    lists = {name: tuple(table.pop(name, ())) for name in ("authors", "keywords", "related")}
    return Manuscript(
        **table | lists,
        flow=parse_flow(body, pictures),
        lead=PictureText(**lead) if lead else None,
        edit=Edit(**edit) if edit else None,
    )
