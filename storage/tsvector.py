"""The search index on PostgreSQL: the words of a version as text, and a tsvector that finds them.

A tsvector alone would not answer as FTS5 does: it holds a megabyte at most, of each word 256 places, and none
beyond the 16,383rd. So it says which versions may be an answer, through its GIN index, and ranks them; where
that is not enough – words in order, or an article of more words than it can hold – the text decides.

Both are written here, since PostgreSQL's own parser cuts words otherwise, and by the server's language.
A line of `terms` is a column of the index, a space before and after each word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.search_query import And, Node, Or, Phrase, phrase_terms

# `is_whole`: the tsvector has all that the text has.
TABLE = """
CREATE TABLE article_search (
    rowid bigint CONSTRAINT pk_article_search PRIMARY KEY,
    terms text COLLATE "C" NOT NULL,
    vector tsvector NOT NULL,
    is_whole boolean NOT NULL
)"""
INDEXES = (
    "CREATE INDEX ix_article_search_vector ON article_search USING gin (vector)",
    "CREATE INDEX ix_article_search_is_whole ON article_search (rowid) WHERE NOT is_whole",
)
INSERT = text(
    "INSERT INTO article_search (rowid, terms, vector, is_whole)"
    " VALUES (:id, :terms, CAST(:vector AS tsvector), :is_whole)"
)
TERMS = text("SELECT rowid, terms FROM article_search WHERE rowid IN :ids").bindparams(
    bindparam("ids", expanding=True)
)

LONGEST = 500  # characters of a word that the tsvector keeps: it takes 2,046 bytes
ROOM = 1_000_000  # bytes of a tsvector; it takes 1,048,575
LAST_PLACE = 16_383
PLACES = 16  # of a word in a column: the ranking asks for no more
LETTERS = "ABCD"  # of the weights, the heaviest first


def row(version_id: int, found: Mapping[str, str], columns: Mapping[str, float]) -> dict[str, object]:
    """The row of a version that has these terms, by column."""
    vector, is_whole = to_tsvector(found, columns)
    return {
        "id": version_id,
        "terms": "\n".join(f" {found[name]} " for name in columns),
        "vector": vector,
        "is_whole": is_whole,
    }


def to_tsvector(found: Mapping[str, str], columns: Mapping[str, float]) -> tuple[str, bool]:
    """A tsvector as PostgreSQL reads one, and whether it has every term."""
    letters = _letters(columns)
    places: dict[str, list[str]] = defaultdict(list)
    place = 0
    for name, weight in columns.items():
        kept: dict[str, int] = defaultdict(int)
        for term in found[name].split():
            place += 1
            short = term[:LONGEST]
            if kept[short] < PLACES:
                kept[short] += 1
                places[short].append(f"{min(place, LAST_PLACE)}{letters[weight]}")
    room = ROOM
    written: list[str] = []
    for term, of_term in places.items():
        room -= len(term.encode()) + 2 * len(of_term) + 8
        if room < 0:
            return " ".join(written), False
        written.append(f"'{term}':{','.join(of_term)}")
    return " ".join(written), True


def _letters(columns: Mapping[str, float]) -> dict[float, str]:
    heaviest_first = sorted(set(columns.values()), reverse=True)
    return dict(zip(heaviest_first, LETTERS, strict=True))


def indexed(
    connection: Connection, ids: Sequence[int], columns: Mapping[str, float]
) -> dict[int, dict[str, str]]:
    """What is indexed under each of these ids, by column."""
    rows = connection.execute(TERMS, {"ids": ids})
    return {
        found.rowid: {name: line[1:-1] for name, line in zip(columns, found.terms.split("\n"), strict=False)}
        for found in rows
    }


def matches(node: Node) -> ColumnElement[bool]:
    """The condition that a row is an answer."""
    query, is_exact = to_tsquery(node)
    may_be = literal_column("article_search.vector").bool_op("@@")(_tsquery(query))
    exactly = _stands(node)
    is_partial: ColumnElement[bool] = not_(literal_column("article_search.is_whole", Boolean()))
    if is_exact:
        return or_(may_be, and_(is_partial, exactly))
    return and_(or_(may_be, is_partial), exactly)


def rank(node: Node, columns: Mapping[str, float]) -> ColumnElement[float]:
    """The less, the better; a longer article has to say a word more often."""
    heaviest = max(columns.values())
    weights = ", ".join(str(weight / heaviest) for weight in sorted(set(columns.values())))
    ranked = func.ts_rank(
        literal_column(f"'{{{weights}}}'::real[]"),
        literal_column("article_search.vector"),
        _tsquery(to_tsquery(node)[0]),
        1,
    )
    return literal(0.0) - ranked


def _tsquery(query: str) -> ColumnElement[Any]:
    return cast(query, TSQUERY)


def to_tsquery(node: Node) -> tuple[str, bool]:
    """A tsquery that finds all answers to `node`, and whether it finds nothing else."""
    match node:
        case Phrase():
            return _phrase(node)
        case Or():
            choices = [to_tsquery(choice) for choice in node.choices]
            return _joined(" | ", [query for query, _ in choices]), all(exact for _, exact in choices)
        case And():
            wanted = [to_tsquery(part) for part in node.wanted]
            # What finds too much must not be taken away.
            unwanted = [query for query, exact in map(to_tsquery, node.unwanted) if exact]
            is_exact = all(exact for _, exact in wanted) and len(unwanted) == len(node.unwanted)
            parts = [query for query, _ in wanted] + [f"!{query}" for query in unwanted]
            return _joined(" & ", parts), is_exact


def _phrase(phrase: Phrase) -> tuple[str, bool]:
    terms, prefix = phrase_terms(phrase)
    quoted = [f"'{term[:LONGEST]}'" for term in terms]
    if prefix:
        quoted[-1] += ":*"
    is_exact = len(terms) == 1 and len(terms[0]) < LONGEST
    return _joined(" & ", list(dict.fromkeys(quoted))), is_exact


def _joined(operator: str, parts: Sequence[str]) -> str:
    return "(" + operator.join(parts) + ")"


def _stands(node: Node) -> ColumnElement[bool]:
    """Whether the text itself is an answer."""
    match node:
        case Phrase():
            terms, prefix = phrase_terms(node)
            run = f" {' '.join(terms)}" + ("" if prefix else " ")
            return func.strpos(literal_column("article_search.terms"), run) > 0
        case Or():
            return or_(false(), *map(_stands, node.choices))
        case And():
            return and_(*map(_stands, node.wanted), *(not_(_stands(part)) for part in node.unwanted))
