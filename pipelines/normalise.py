"""The last place that may repair: after it, every value is in the archive's own form.

Text is NFC, without control characters and stray white space; a missing value
is ``None`` or absent, never ``""``; URLs are clean; names and keywords stand
once; times are no later than the moment of reading.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin

from storage.records import Article, Block, Byline, Candidate, Image, Moment, Submission
from storage.urls import clean

T = TypeVar("T", bound=Hashable)

# A publisher's clock may run ahead of ours; a date beyond that is an event's, not the article's.
CLOCK_SKEW = dt.timedelta(hours=24)
EARLIEST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)  # before the first newspaper
# Longest values in characters: far above what a newsroom writes, far below what breaks a reader.
MAX_NAME = 200
MAX_LANGUAGE = 35  # BCP 47: the longest that must be supported
MAX_LINE = 2_000
MAX_TEXT = 4_000  # a standfirst, a caption
MAX_BODY = 2_000_000
MAX_URL = 8_000
MAX_BLOCKS = 20_000
MAX_KEYWORDS = 200
MAX_NAMES = 100
MAX_IMAGES = 1_000
MAX_CANDIDATES = 500
MAX_CRUMBS = 20
MAX_CORRECTIONS = 50
# White space may be most of what stands on a page: so much of a value is read for the part that is kept.
SLACK = 10

# C0, C1 and surrogates, which no encoder takes; bidirectional overrides, which make a line read as another;
# and what only says where a line may break, which parts a word from those who look for it.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff"
    "\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


class Normalise:
    """Item pipeline: brings each submission into the archive's form.

    Readers have pages go through here before they hand them back (crawler.judging): those pass by.
    """

    def process_item(self, item: object) -> object:
        return normalise(item) if isinstance(item, Submission) and not item.content_hash else item


def normalise(submission: Submission) -> Submission:
    """`submission` in the archive's form; twice is once."""
    base = submission.final_url
    return replace(
        submission,
        article=_article(submission.article, base, submission.fetched_at + CLOCK_SKEW),
        detail=line(submission.detail),
    )


def _article(article: Article, base: str, latest: dt.datetime) -> Article:
    blocks = dict(_blocks(article.blocks, base))
    return replace(
        article,
        canonical_url=clean(article.canonical_url) or clean(base) or base,
        headline=line(article.headline),
        description=line(article.description, MAX_TEXT),
        byline=line(article.byline),
        bylines=_once(map(_byline, article.bylines), MAX_NAMES),
        date_published=plausible(article.date_published, latest),
        date_modified=plausible(article.date_modified, latest),
        blocks=tuple(blocks.values()),
        images=tuple(i for image in article.images[:MAX_IMAGES] if (i := _image(image, base, blocks))),
        keywords=_once((line(word, MAX_NAME) for word in article.keywords), MAX_KEYWORDS),
        article_section=line(article.article_section, MAX_NAME),
        in_language=line(article.in_language, MAX_LANGUAGE),
        site_name=line(article.site_name, MAX_NAME),
        paywall_selector=line(article.paywall_selector, MAX_NAME),
        breadcrumbs=_once((line(crumb, MAX_NAME) for crumb in article.breadcrumbs), MAX_CRUMBS),
        corrections=_once((line(notice, MAX_TEXT) for notice in article.corrections), MAX_CORRECTIONS),
        amp_url=clean(article.amp_url) if article.amp_url else None,
        license_url=_address(article.license_url, base) if article.license_url else None,
        evidence=_once(map(_candidate, article.evidence), MAX_CANDIDATES),
    )


def text(value: str | None, limit: int = MAX_BODY) -> str | None:
    """NFC without control characters, lines kept, at most `limit` characters; None where nothing is left."""
    if not value or _is_clean(value, limit):  # most are
        return value or None
    read = value.lstrip()[: SLACK * limit]
    if read.isprintable():  # one line, and nothing in it to take out
        composed = read if read.isascii() else unicodedata.normalize("NFC", read)
        return " ".join(composed.split())[:limit].rstrip() or None
    lines = UNPRINTABLE.sub("", unicodedata.normalize("NFC", read)).splitlines()
    # NFC again: what was taken out may have kept a letter from its accent.
    kept = [unicodedata.normalize("NFC", " ".join(one.split())) for one in lines]
    return "\n".join(one for one in kept if one)[:limit].rstrip() or None


def _is_clean(value: str, limit: int) -> bool:
    """Whether `value` is one line in the archive's form, as extraction leaves it."""
    is_line = len(value) <= limit and value.isprintable()  # so its only white space are blanks
    is_set = is_line and "  " not in value and value[0] != " " and value[-1] != " "
    return is_set and (value.isascii() or unicodedata.is_normalized("NFC", value))


def line(value: str | None, limit: int = MAX_LINE) -> str | None:
    """`text` on one line."""
    cleaned = text(value, limit)
    return cleaned.replace("\n", " ") if cleaned else None


def plausible(moment: Moment | None, latest: dt.datetime) -> Moment | None:
    """`moment`, or None where it lies after `latest` or before there were newspapers."""
    if moment is None:
        return None
    value = moment.value
    instant = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time(), dt.UTC)
    if not EARLIEST <= instant <= latest:
        return None
    return replace(moment, raw=line(moment.raw, MAX_NAME) or "", origin=line(moment.origin, MAX_NAME) or "")


def _blocks(blocks: Iterable[Block], base: str) -> Iterator[tuple[int, Block]]:
    """The blocks that say something, each with its place among all."""
    room = MAX_BODY
    for place, block in enumerate(islice(blocks, MAX_BLOCKS)):
        cleaned = text(block.text, room)
        url = _address(block.url, base) if block.url else None
        if cleaned or url:
            is_clean = (cleaned, url) == (block.text, block.url)
            yield place, block if is_clean else replace(block, text=cleaned or "", url=url)
            room -= len(cleaned or "")


def _byline(named: Byline) -> Byline | None:
    name = line(named.name, MAX_NAME)
    return replace(named, name=name) if name else None


def _address(address: str, base: str) -> str | None:
    """`address` as an absolute one of the web, or None where it is none."""
    try:
        url = urljoin(base, UNPRINTABLE.sub("", address[: 2 * MAX_URL]).strip())
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) and len(url) <= MAX_URL else None


def _image(image: Image, base: str, blocks: Collection[int]) -> Image | None:
    url = _address(image.url, base)
    if url is None:
        return None
    before = image.block_position
    return replace(
        image,
        block_position=None if before is None else sum(place < before for place in blocks),
        url=url,
        caption=line(image.caption, MAX_TEXT),
        credit_line=line(image.credit_line),
        alt_text=line(image.alt_text, MAX_TEXT),
    )


def _candidate(candidate: Candidate) -> Candidate | None:
    value = text(candidate.value, MAX_TEXT) or ""
    is_worn_away = candidate.value and not value  # an empty one says that a selector found nothing
    if is_worn_away:
        return None
    origin, path = line(candidate.origin) or "", line(candidate.path)
    if (value, origin, path) == (candidate.value, candidate.origin, candidate.path):
        return candidate
    return replace(candidate, value=value, origin=origin, path=path)


def _once(values: Iterable[T | None], limit: int) -> tuple[T, ...]:
    """What there is, each once, up to `limit`."""
    found: dict[T, None] = {}
    for value in values:
        if value:
            found[value] = None
        if len(found) >= limit:
            break
    return tuple(found)
