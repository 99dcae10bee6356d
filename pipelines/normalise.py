"""The last place that may repair: after it, every value is in the archive's own form.

Text is NFC, without control characters and stray white space; a missing value
is ``None`` or absent, never ``""``; URLs are clean; names and keywords stand
once; times are no later than the moment of reading.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urljoin

from storage.records import Article, Block, Image, Moment, Submission
from storage.urls import clean

T = TypeVar("T", bound=Hashable)

# A publisher's clock may run ahead of ours; a date beyond that is an event's, not the article's.
CLOCK_SKEW = dt.timedelta(hours=24)
EARLIEST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)  # before the first newspaper
# Longest values in characters: far above what a newsroom writes, far below what breaks a reader.
MAX_LINE = 2_000
MAX_BODY = 2_000_000
MAX_KEYWORDS = 200
MAX_NAMES = 100
MAX_IMAGES = 1_000
MAX_URL = 8_000

WHITE_SPACE = re.compile(r"[\s\u200b\u2060\ufeff]+")
# C0, C1 and surrogates that no encoder takes; bidirectional overrides can make a line read as another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


class Normalise:
    """Item pipeline: brings each submission into the archive's form."""

    def process_item(self, item: object) -> object:
        return normalise(item) if isinstance(item, Submission) else item


def normalise(submission: Submission) -> Submission:
    """`submission` in the archive's form; twice is once."""
    article = submission.article
    latest = submission.fetched_at + CLOCK_SKEW
    base = submission.final_url
    return replace(
        submission,
        article=replace(
            article,
            canonical_url=clean(article.canonical_url) or clean(base) or base,
            headline=line(article.headline),
            description=line(article.description, MAX_LINE * 2),
            byline=line(article.byline),
            bylines=_named(article),
            date_published=plausible(article.date_published, latest),
            date_modified=plausible(article.date_modified, latest),
            blocks=_blocks(article.blocks),
            images=tuple(i for image in article.images[:MAX_IMAGES] if (i := _image(image, base))),
            keywords=_once(line(word, 200) for word in article.keywords)[:MAX_KEYWORDS],
            article_section=line(article.article_section, 200),
            in_language=line(article.in_language, 35),
            site_name=line(article.site_name, 200),
        ),
    )


def text(value: str | None) -> str | None:
    """NFC without control characters, lines kept; None where nothing is left."""
    if not value:
        return None
    lines = UNPRINTABLE.sub("", unicodedata.normalize("NFC", value)).splitlines()
    # NFC again: what was taken out may have kept a letter from its accent.
    kept = [unicodedata.normalize("NFC", WHITE_SPACE.sub(" ", one).strip()) for one in lines]
    return "\n".join(one for one in kept if one) or None


def line(value: str | None, limit: int = MAX_LINE) -> str | None:
    """`text` on one line and no longer than `limit` characters."""
    cleaned = text(value)
    return cleaned.replace("\n", " ")[:limit].rstrip() or None if cleaned else None


def plausible(moment: Moment | None, latest: dt.datetime) -> Moment | None:
    """`moment`, or None where it lies after `latest` or before there were newspapers."""
    if moment is None:
        return None
    value = moment.value
    instant = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time(), dt.UTC)
    return moment if EARLIEST <= instant <= latest else None


def _blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    kept: list[Block] = []
    room = MAX_BODY
    for block in blocks:
        cleaned = text(block.text)
        if cleaned and room > 0:
            kept.append(replace(block, text=cleaned[:room]))
            room -= len(cleaned)
    return tuple(kept)


def _named(article: Article) -> tuple[object, ...]:
    named = (replace(one, name=name) for one in article.bylines if (name := line(one.name, 200)))
    return _once(named)[:MAX_NAMES]


def _image(image: Image, base: str) -> Image | None:
    try:
        url = urljoin(base, image.url.strip())
    except ValueError:
        return None
    if not url.lower().startswith(("http://", "https://")) or len(url) > MAX_URL:
        return None
    return replace(
        image,
        url=UNPRINTABLE.sub("", url),
        caption=line(image.caption, MAX_LINE * 2),
        credit_line=line(image.credit_line),
        alt_text=line(image.alt_text, MAX_LINE * 2),
    )


def _once(values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
