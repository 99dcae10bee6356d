"""What makes two articles the same text, and a text the same version. Pure.

Both hashes start with the version of their recipe, so that a better recipe
never takes an old hash for its own. Parts that are missing are left out, so
that a new part changes no hash of an article that lacks it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.records import Article, Moment, Submission
from storage.words import words

RECIPE = "1"
# A shorter text may be a formula ("Watch live from 5 pm"): then the headline must be the same, too.
TELLING_WORDS = 50


def fingerprinted(submission: Submission) -> Submission:
    """`submission` with all its fingerprints."""
    from storage.shingles import sketch  # numpy, 0.1 s to import: a crawl asks its first page before

    article = submission.article
    body = body_words(article)
    return replace(
        submission,
        text_hash=text_hash(article, body),
        content_hash=content_hash(article),
        sketch=sketch(body),
    )


def body_words(article: Article) -> Sequence[str]:
    """The words by which copies of a text are known.

    A text that stands behind a paywall has none: teasers resemble each other.
    """
    if article.is_accessible_for_free is False:
        return ()
    return words(article.body)


def text_hash(article: Article, body: Sequence[str] | None = None) -> str | None:
    """The same for two articles with the same words, however they are set; None without a text.

    `body`: the article's words, where they are there already.
    """
    body = body_words(article) if body is None else body
    if not body:
        return None
    headline = words(article.headline or "") if sum(map(len, body)) < 5 * TELLING_WORDS else ()
    return _hash([*headline, "", *body])


def content_hash(article: Article) -> str:
    """The same for two readings of an article between which nobody edited it.

    Made of what a newsroom writes; section, keywords and the like may change
    around it, and picture addresses do at every resize.
    """
    parts = {
        "headline": article.headline,
        "description": article.description,
        "byline": "; ".join(f"{named.name} ({named.role})" for named in article.bylines) or article.byline,
        "date_published": _moment(article.date_published),
        "body": "\n".join(f"{block.kind}: {block.url or block.text}" for block in article.blocks),
        "pictures": "\n".join(
            f"{image.caption or ''} ({image.credit_line or ''})"
            for image in article.images
            if image.caption or image.credit_line
        ),
        "corrections": "\n".join(article.corrections),
    }
    return _hash(f"{name}={value}" for name, value in parts.items() if value)


def _moment(moment: Moment | None) -> str | None:
    """The day, or the instant in UTC: the same page may write it in another zone next time."""
    if moment is None:
        return None
    if isinstance(moment.value, dt.datetime):
        return moment.value.astimezone(dt.UTC).isoformat()
    return moment.isoformat()


def _hash(parts: Iterable[str]) -> str:
    whole = "\x1f".join(parts).encode(errors="surrogatepass")
    return f"{RECIPE}:{hashlib.blake2b(whole, digest_size=24).hexdigest()}"
