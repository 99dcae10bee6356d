"""What Datasette is told of the archive: what each view is, its facets, which tables are inner ones."""

from __future__ import annotations

from typing import Any

from storage.models import metadata as tables

DESCRIPTIONS = {
    "articles": "One row an article, as it stands now.",
    "captions": "One row a picture: caption, credit, alt text, and the file that is kept of it.",
    "bylines": "One row a name in a byline, with its role.",
    "embeds": "One row an embedded video, audio or social post.",
    "corrections": "One row a notice in which a newsroom says what it got wrong.",
    "copies": "One row an article that shares its text with others.",
    "versions": "One row a version of an article.",
    "changes": "One row a change: an edit, a removal, a paywall.",
    "events": "One row an event: what to follow the archive by.",
    "coverage": "What became of the URLs, by source and day.",
    "discovery": "Which way found the URLs, by source and day.",
    "looks": "What a source's crawls met on a day.",
    "alarms": "One row an alarm, and when it was cleared.",
    "attempts": "One row an attempt to fetch a URL, and what it brought.",
    "ledger": "One row an announced URL, and what became of it.",
}
FACETS: dict[str, list[Any]] = {
    "articles": ["source", "in_language", "article_section", "genre", {"date": "date_published"}],
    "captions": ["source", "is_lead", {"date": "date_published"}],
    "bylines": ["source", "role", {"date": "date_published"}],
    "embeds": ["source", "kind"],
    "corrections": ["source"],
    "copies": ["source", "likely_origin"],
    "versions": ["source", "is_current"],
    "changes": ["source", "kind"],
    "events": ["source", "kind"],
    "coverage": ["source", "outcome"],
    "discovery": ["source", "method"],
    "looks": ["source"],
    "alarms": ["source", "rule"],
    "attempts": ["source", "outcome", "http_status"],
    "ledger": ["source", "outcome"],
}
COLUMNS = {
    "source": "the source's short name",
    "canonical_url": "the address that the article lives at",
    "headline": "as the page shows it",
    "description": "the standfirst: the lines between headline and body that sum the story up",
    "byline": "the line as the page writes it",
    "authors": 'the writers\' names (where there is none, the desk or agency), parted by "; "',
    "date_published": "an instant or a day",
    "date_modified": "an instant or a day",
    "body": "paragraphs, headings, quotes and list items, parted by blank lines;"
    " no headline, captions or furniture",
    "word_count": "of the body; in scripts without spaces, characters",
    "article_section": "the newsroom's section",
    "keywords": 'its tags, parted by "; "',
    "in_language": "BCP 47",
    "caption": "what the picture shows, without the credit",
    "credit_line": "who made or supplied it, as the page writes it",
    "removed_at": "when its page was found gone for good",
}
SEARCH = """SELECT articles.id, articles.source, articles.headline, articles.date_published,
    articles.canonical_url
FROM article_search
JOIN version ON version.id = article_search.rowid
JOIN article ON article.current_version_id = version.id
JOIN articles ON articles.id = article.id
WHERE article_search MATCH :words
ORDER BY article_search.rank LIMIT 100"""
INNER = (
    "alembic_version",
    "sqlite_sequence",
    *(f"article_search{part}" for part in ("_data", "_idx", "_docsize", "_config", "_content")),
)


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for an archive that it calls `database`."""
    shown: dict[str, Any] = {name: _view(name) for name in DESCRIPTIONS}
    hidden = {name: {"hidden": True} for name in (*tables.tables, *INNER)}
    search = {
        "sql": SEARCH,
        "title": "Search articles",
        "description": "Words of headline, standfirst, body, captions, bylines and keywords, in lower case "
        "and without accents.",
    }
    return {
        "title": "News archive",
        "description": "Read the views; they stay as they are while tables change. Instants are UTC.",
        "databases": {database: {"tables": {**hidden, **shown}, "queries": {"search": search}}},
    }


def _view(name: str) -> dict[str, Any]:
    return {
        "title": name.capitalize(),
        "description": DESCRIPTIONS[name],
        "facets": FACETS[name],
        "columns": COLUMNS,
    }
