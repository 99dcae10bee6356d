"""What of an article is searched, and in which form the index takes it. Pure: readers make it."""

from __future__ import annotations

from storage.records import Article
from storage.words import index_text


def terms(article: Article) -> dict[str, str]:
    """What the index takes of `article`, by column."""
    return {name: index_text(value) for name, value in searched_texts(article).items()}


def searched_texts(article: Article) -> dict[str, str]:
    """What of `article` can be found, by column of the index."""
    pictures = [part for i in article.images for part in (i.caption, i.credit_line, i.alt_text) if part]
    return {
        "headline": article.headline or "",
        "description": article.description or "",
        "body": article.body,
        "captions": "\n".join(pictures),
        "bylines": "\n".join([*(named.name for named in article.bylines), article.byline or ""]),
        "keywords": "\n".join(article.keywords),
    }
