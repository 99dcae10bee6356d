"""The archive's vocabulary: what an article is, field by field.

Crawler and pipelines share these records with the archive; nothing here knows
Scrapy or SQLAlchemy. The comment under each field is its definition, and the
names follow schema.org and IPTC in snake_case. A value that is not known is
``None`` (or an empty tuple), never ``""``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a URL that something announced: exactly one of these."""

    PENDING = "pending"  # announced, not fetched yet
    STORED = "stored"  # a new article
    UPDATED = "updated"  # a known article, with a new version
    UNCHANGED = "unchanged"  # a known article, the same as before
    DUPLICATE = "duplicate"  # another address of an article that is kept
    NOT_ARTICLE = "not_article"  # a section, search, login … page
    TOO_SHORT = "too_short"  # hardly any text
    PAYWALL = "paywall"  # only the free part was there; that part is kept, marked
    CONSENT_WALL = "consent_wall"  # a consent dialogue instead of the page
    ROBOTS = "robots"  # robots.txt forbids it
    EXCLUDED = "excluded"  # our own rules forbid it
    REDIRECTED = "redirected"  # led to another page that is accounted for itself
    GONE = "gone"  # 404, 410 or a page that says so
    HTTP_ERROR = "http_error"  # any other status that is no page
    NETWORK_ERROR = "network_error"  # no answer
    EXTRACT_ERROR = "extract_error"  # the page could not be read
    TOO_LARGE = "too_large"  # over the limit of bytes
    TAKEN_DOWN = "taken_down"  # of an article that was removed on somebody's word: never kept again


class Pictures(StrEnum):
    """Which pictures of an article are kept as files."""

    NONE = "none"
    LEAD = "lead"
    ALL = "all"


class DropReason(StrEnum):
    """Why raw bytes are not kept any longer."""

    TAKEN_DOWN = "taken_down"
    EXPIRED = "expired"  # by a rule on how long they are kept


class FileState(StrEnum):
    """How far the file of a picture is, where one was asked for."""

    WANTED = "wanted"  # not fetched yet
    KEPT = "kept"
    FAILED = "failed"  # not to be had, or no picture; `file_detail` says why


class Genre(StrEnum):
    """What an article is as journalism (IPTC's genre), where its page marks it."""

    NEWS = "news"
    OPINION = "opinion"  # comment, column, editorial, letter
    ANALYSIS = "analysis"
    REVIEW = "review"
    LIVE_BLOG = "live_blog"
    INTERVIEW = "interview"
    VIDEO = "video"
    PODCAST = "podcast"
    GALLERY = "gallery"
    PRESS_RELEASE = "press_release"
    ADVERTORIAL = "advertorial"  # paid for by an advertiser
    OBITUARY = "obituary"


class BlockKind(StrEnum):
    """The kinds of block that make up a body."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    # What is embedded: it has an address, and its text, if any, is not the story's own.
    VIDEO = "video"
    AUDIO = "audio"
    SOCIAL_POST = "social_post"


EMBEDS = frozenset({BlockKind.VIDEO, BlockKind.AUDIO, BlockKind.SOCIAL_POST})


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece of an article's body, in reading order."""

    kind: BlockKind
    text: str
    # Of a social post: its words as the page has them; of a video: "".
    url: str | None = None
    # Of what is embedded: where it lives, absolute.


class Role(StrEnum):
    """What a named person or organisation did for the article."""

    WRITER = "writer"
    CONTRIBUTOR = "contributor"  # additional reporting
    PHOTOGRAPHER = "photographer"
    TRANSLATOR = "translator"
    AGENCY = "agency"  # a news agency, desk or outlet, never a person


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline:
    """One name of an article's byline, as the page orders them."""

    name: str
    role: Role = Role.WRITER


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """One picture of the story; its position is its place in `Article.images`."""

    url: str
    # Absolute; the largest that the page offers.
    caption: str | None = None
    # What the picture shows, without the credit.
    credit_line: str | None = None
    # Who made or supplied it, as the page writes it: "Sankei by Hideyuki Matsui".
    alt_text: str | None = None
    is_lead: bool = False
    # Stands above the body as the article's main picture.
    block_position: int | None = None
    # How many of the article's blocks stand before it; None for one that the page only names in its data.
    file_sha256: str | None = None
    # In hex, of the bytes that are kept of it: `Archive.picture_file`; None where none are.


# The media types of pictures that are kept, and how the names of their files end.
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFile:
    """A picture as bytes, kept once however many addresses it has."""

    sha256: str
    # Of the bytes, in hex; the file is named by it.
    media_type: str
    # What the bytes are, whatever server and address call them: a key of SUFFIXES.
    width: int
    height: int
    # In pixels.
    size: int
    # In bytes.
    fetched_at: dt.datetime
    # Aware UTC; the first time.

    @property
    def path(self) -> str:
        """Where it is below the folder of pictures: "ab/ab3f….jpg"."""
        return f"{self.sha256[:2]}/{self.sha256}.{SUFFIXES[self.media_type]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A point in time as precisely as the page gives it: an instant or a day."""

    value: dt.datetime | dt.date
    # An aware datetime (the page's own offset), or a bare date when only the day is known.
    raw: str
    # The text that it was read from.
    origin: str
    # Where that text stood: "json-ld:datePublished", "meta:article:published_time", "time[datetime]" …

    def __post_init__(self) -> None:
        if isinstance(self.value, dt.datetime) and self.value.tzinfo is None:
            raise ValueError(f"a Moment with an hour needs a time zone: {self.value!r}")

    @property
    def is_day(self) -> bool:
        """Whether only the day is known."""
        return not isinstance(self.value, dt.datetime)

    def isoformat(self) -> str:
        """ISO 8601 with offset, or YYYY-MM-DD where only the day is known."""
        return self.value.isoformat()


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One value that a page offered for a field, kept as evidence."""

    field: str
    # The field's name in Article: "headline", "byline", "date_published", "canonical_url" …
    value: str
    # "" where a source's own selector, named by the origin, found nothing.
    origin: str
    # Where it stood, as in Moment.origin; "override:…" where a source's own selector found it.
    path: str | None = None
    # The element that shows it, by those that it stands in: "main > article.story > h1".
    chosen: bool = False
    rule: str | None = None
    # Why it was chosen, in a few words.


def authors_of(bylines: Iterable[Byline]) -> tuple[str, ...]:
    """The persons in a byline; where it names none, the desk or agency."""
    named = list(bylines)
    people = tuple(b.name for b in named if b.role in (Role.WRITER, Role.CONTRIBUTOR))
    return people or tuple(b.name for b in named if b.role is Role.AGENCY)


def body_of(blocks: Iterable[Block]) -> str:
    """Paragraphs, headings, quotes and list items, parted by blank lines; not what is embedded."""
    return "\n\n".join(block.text for block in blocks if block.kind not in EMBEDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article as one page gave it at one time."""

    url: str
    # The address that was asked for.
    canonical_url: str
    # The address that the article lives at: rel=canonical where it can be trusted, else where redirects led.
    headline: str | None = None
    description: str | None = None
    # The standfirst: the lines between headline and body that sum the story up.
    byline: str | None = None
    # The line as the page writes it: "By Jane Doe and John Roe in Oslo".
    bylines: tuple[Byline, ...] = ()
    # The names in it, in order.
    date_published: Moment | None = None
    date_modified: Moment | None = None
    blocks: tuple[Block, ...] = ()
    # The body: no headline, standfirst, captions or furniture.
    images: tuple[Image, ...] = ()
    keywords: tuple[str, ...] = ()
    article_section: str | None = None
    in_language: str | None = None
    # BCP 47, as short as it can be: "en", "pt-BR".
    site_name: str | None = None
    is_accessible_for_free: bool | None = None
    # False behind a paywall, None where the page does not say.
    paywall_selector: str | None = None
    # The part that only subscribers see, as a CSS selector (schema.org hasPart), where the page marks it.
    genre: Genre | None = None
    # None where nothing marks it.
    breadcrumbs: tuple[str, ...] = ()
    # From the outermost in, without the home page and the story itself.
    corrections: tuple[str, ...] = ()
    # Notices in which the newsroom says what it got wrong.
    amp_url: str | None = None
    license_url: str | None = None
    evidence: tuple[Candidate, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons in the byline; where it names none, the desk or agency."""
        return authors_of(self.bylines)

    @property
    def body(self) -> str:
        """Paragraphs, headings, quotes and list items, parted by blank lines; not what is embedded."""
        return body_of(self.blocks)

    @property
    def headings(self) -> tuple[str, ...]:
        """The sub-headings alone, in order."""
        return tuple(block.text for block in self.blocks if block.kind is BlockKind.HEADING)


class CaptureKind(StrEnum):
    """What a stored response is of."""

    PAGE = "page"
    ENDPOINT = "endpoint"  # a feed, sitemap or section page


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """A response as it came over the wire, and where it is kept."""

    url: str
    # WARC-Target-URI.
    kind: CaptureKind
    warc_file: str
    # Below the folder of captures.
    warc_offset: int
    warc_length: int
    # In bytes: the response record's own gzip member.
    sha256: str
    # Of the body as it came, content encodings and all; in hex.
    http_status: int
    fetched_at: dt.datetime
    # Aware UTC.
    reservations: tuple[str, ...] = field(default=(), compare=False)
    # What its publisher reserves: "noarchive", "tdm-reservation". Written with its row, not read with it.


class ChangeKind(StrEnum):
    """What happened to an article between two looks at it."""

    HEADLINE = "headline"
    DESCRIPTION = "description"  # the standfirst
    BODY = "body"
    BYLINE = "byline"
    CAPTION = "caption"  # of any picture, or its credit; pictures added and taken away
    DATE_PUBLISHED = "date_published"
    CORRECTION = "correction"  # a notice was added, or taken away
    SILENT_EDIT = "silent_edit"  # the text changed, and the page's date of change did not
    PAYWALL_RAISED = "paywall_raised"
    PAYWALL_LOWERED = "paywall_lowered"
    REDIRECTED = "redirected"  # its address leads to another page now
    MOVED = "moved"  # its address leads to another one, where its text is; that is its address now
    REMOVED = "removed"  # 410, 404 twice, or a page that says so
    TAKEN_DOWN = "taken_down"  # removed from the archive on somebody's word, with all its versions
    BACK = "back"  # there again after it was removed or led elsewhere
    REREAD = "reread"  # read by another extractor: what differs may be the reader's, so it is called no edit


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """What is left of an article that was taken down."""

    article_id: int
    source: str
    canonical_url: str
    reason: str
    taken_down_at: dt.datetime
    versions: int
    # How many there were.
    content_hashes: tuple[str, ...]
    # Of each version.


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What one attempt to fetch a URL brought."""

    at: dt.datetime
    # Aware UTC: when the answer came, or it was given up.
    outcome: Outcome
    http_status: int | None = None
    # None: no answer.
    detail: str | None = None
    # One line for people.
    capture: Capture | None = None
    # The stored answer.


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """An article handed in to the archive, and the ledger's entry that it answers."""

    article: Article
    source_id: int
    url_id: int
    run_id: int
    fetched_at: dt.datetime
    # Aware UTC.
    final_url: str
    # Where redirects led.
    http_status: int
    outcome: Outcome = Outcome.STORED
    # STORED, or PAYWALL when only the free part was there.
    detail: str | None = None
    # One line for people, as in the ledger.
    next_fetch_at: dt.datetime | None = None
    # When to look again: the crawler's policy, kept by the ledger.
    next_check_at: dt.datetime | None = None
    # When to look for edits of the article; refined once it is known whether this look found one.
    text_hash: str | None = None
    # pipelines.fingerprint: of the body; the same in copies under other addresses.
    sketch: tuple[int, ...] = ()
    # pipelines.fingerprint: of the body; has values in common with those of near-copies.
    content_hash: str = ""
    # pipelines.fingerprint: of all that makes a version a new one.
    search_terms: Mapping[str, str] | None = None
    # storage.search_terms.terms of the article, where they were made beforehand.
    extractor: str | None = None
    # Which code and settings read the page: crawler.extraction.identity.
    capture: Capture | None = None
    # The stored response; None where raw bytes are not kept.
    pictures: Pictures = Pictures.NONE
    # Which of its pictures are to be kept as files.
    tries: tuple[Attempt, ...] = ()
    # That failed in the same crawl, before the one that brought it.


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedArticle:
    """An article as the archive has it."""

    id: int
    source: str
    # The source's slug.
    version: int
    # 1, 2, 3 …: how often it was found changed, plus one.
    first_seen_at: dt.datetime
    fetched_at: dt.datetime
    # When this version was read.
    last_checked_at: dt.datetime
    removed_at: dt.datetime | None
    # When the page was first found gone.
    word_count: int
    article: Article


def article_to_json(article: Article) -> dict[str, Any]:
    """`article` as the JSON object that commands and exports write (keys: README, data dictionary)."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "headline": article.headline,
        "description": article.description,
        "byline": article.byline,
        "authors": list(article.authors),
        "date_published": article.date_published.isoformat() if article.date_published else None,
        "date_modified": article.date_modified.isoformat() if article.date_modified else None,
        "body": article.body,
        "headings": list(article.headings),
        "images": [
            {
                "url": image.url,
                "caption": image.caption,
                "credit_line": image.credit_line,
                "alt_text": image.alt_text,
                "file_sha256": image.file_sha256,
            }
            for image in article.images
        ],
        "keywords": list(article.keywords),
        "article_section": article.article_section,
        "in_language": article.in_language,
        "site_name": article.site_name,
        "is_accessible_for_free": article.is_accessible_for_free,
        "genre": article.genre,
        "breadcrumbs": list(article.breadcrumbs),
        "corrections": list(article.corrections),
        "embeds": [
            {"kind": block.kind, "url": block.url, "text": block.text}
            for block in article.blocks
            if block.kind in EMBEDS
        ],
        "amp_url": article.amp_url,
        "license_url": article.license_url,
    }
