"""A printed newspaper: stories with their addresses and dates, and every other page.

These records are what the site is served from and, at once, the truth that an
archive of it can be compared with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crawler.demo.content import EditionText, Furniture, Manuscript, OutletText
from storage.records import Block, BlockKind, Image, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture of a story and how the page prints its caption."""

    image: Image
    # The truth, with the largest size on offer as its URL.
    stem: str
    # Path without width and ending: "/media/harbour-12a".
    suffix: str
    # ".jpg" or ".png"
    widths: tuple[int, ...]
    # The sizes on offer, in pixels, ascending.
    credit_form: str

    def path(self, width: int) -> str:
        """Where the picture is served in one of its sizes."""
        return f"{self.stem}-{width}{self.suffix}"


# A first crawl leaves what only general sitemaps name and is older than this.
FRESH = dt.timedelta(days=7)


Flow = Block | Picture | Furniture


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """An article as its page shows it."""

    url: str
    # Absolute and canonical.
    path: str
    # The same from the slash on, with its query.
    slug: str
    number: int
    outlet: str
    # The outlet's slug.
    edition: int
    # The place of its edition in the outlet.
    language: str
    design: str
    section: str
    # Its name as readers see it.
    section_key: str
    headline: str
    description: str | None
    byline: str | None
    # The whole line: "By Maren Holt and Tobias Finch", or "Author: Maren Holt" at the foot.
    authors: tuple[str, ...]
    # As `storage.records.Article.authors` defines them.
    date_published: dt.datetime | dt.date
    # An aware instant, or a bare day where the page names only that.
    date_modified: dt.datetime | dt.date | None
    published: dt.datetime
    # The instant itself, which feeds and sitemaps name also for pages that don't.
    modified: dt.datetime | None
    flow: tuple[Flow, ...]
    # Body, pictures and furniture in reading order.
    lead: Picture | None
    keywords: tuple[str, ...]
    is_accessible_for_free: bool
    expected_outcome: Outcome
    # What a first crawl must record.
    manuscript: Manuscript
    # As it was handed in: the quirks of its page, its picture texts, its shared copy.

    @property
    def wire(self) -> str | None:
        """Stories of both outlets with the same key carry the same text."""
        return self.manuscript.wire

    @property
    def body(self) -> tuple[Block, ...]:
        """Paragraphs, headings, quotes and list items in order, without captions and furniture."""
        return tuple(item for item in self.flow if isinstance(item, Block))

    @property
    def headings(self) -> tuple[str, ...]:
        """The sub-headings alone, in order."""
        return tuple(block.text for block in self.body if block.kind is BlockKind.HEADING)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, the lead first."""
        inside = tuple(item for item in self.flow if isinstance(item, Picture))
        return (self.lead, *inside) if self.lead else inside

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures as the archive must keep them."""
        return tuple(picture.image for picture in self.pictures)

    @property
    def touched(self) -> dt.datetime:
        """When the page last changed."""
        return self.modified or self.published


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherPage:
    """A page that is no story of its own, and what a first crawl must record of its URL."""

    url: str
    path: str
    kind: str
    # A key of `press.EXPECTED`.
    title: str
    expected_outcome: Outcome
    edition: int
    story: str | None = None
    # The canonical URL of the story that an alias leads to.
    announced_by: str | None = None
    # "feed", "sitemap" or "section"; None where nothing that a crawler asks for names it.
    subject: str | None = None
    # The keyword of a tag page, the name of an author page, the key of a section page.


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One language of an outlet, under its own front page."""

    text: EditionText
    zone: dt.timezone
    stories: tuple[Story, ...]
    # Newest first.

    @property
    def language(self) -> str:
        """BCP 47, two letters."""
        return self.text.language

    def section_page(self, section: str, number: int = 1) -> str:
        """The path of a section's list, by default its first page."""
        path = self.text.section_path.format(section=section)
        return path if number == 1 else path + self.text.page_query.format(page=number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """A newspaper at one moment, on one port."""

    name: str
    slug: str
    language: str
    # Of its main edition.
    text: OutletText
    base: str
    # "http://127.0.0.1:PORT"
    now: dt.datetime
    editions: tuple[Edition, ...]
    pages: tuple[OtherPage, ...]

    @property
    def home_page(self) -> str:
        """The address that a reader types."""
        return f"{self.base}/"

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories of all editions."""
        return tuple(story for edition in self.editions for story in edition.stories)
