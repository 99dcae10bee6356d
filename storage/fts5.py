"""The search index on SQLite: an FTS5 table, and queries in FTS5's own language.

The text is folded and CJK is cut into bigrams before it comes here (storage.words), so the tokenizer only
has to part words at spaces: "ascii" takes all else for letters, where "unicode61" knows none that are newer
than Unicode 6.1 and parts the words of Hindi at their vowel signs.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Insert, TextClause, column, table, text
from sqlalchemy import insert as insert_into

from storage.search_query import And, Facets, Node, Or, Phrase, phrase_terms

TABLE = """
CREATE VIRTUAL TABLE article_search USING fts5(
    headline, description, body, captions, bylines, keywords, facets,
    tokenize = "ascii"
)"""


def insert(columns: Iterable[str]) -> Insert:
    """A row with the terms of each column."""
    return insert_into(table("article_search", column("rowid"), *map(column, columns)))


def matches(node: Node) -> TextClause:
    """The condition that a row is an answer."""
    return text("article_search MATCH :match").bindparams(**parameters(node))


def parameters(node: Node) -> dict[str, str | None]:
    """What `matches` compares with, by name."""
    return {"match": to_fts5(node)}


def to_fts5(node: Node) -> str:
    """`node` in FTS5's own language; each term is quoted, so nothing in it is an operator."""
    match node:
        case Phrase():
            terms, prefix = phrase_terms(node)
            return '"' + " ".join(terms) + '"' + ("*" if prefix else "")
        case Or():
            return "(" + " OR ".join(map(to_fts5, node.choices)) + ")"
        case Facets():
            return 'facets : ("' + '" OR "'.join(node.any_of) + '")'
        case And():
            wanted = "(" + " AND ".join(map(to_fts5, node.wanted)) + ")"
            if not node.unwanted:
                return wanted
            return f"({wanted} NOT ({' OR '.join(map(to_fts5, node.unwanted))}))"
