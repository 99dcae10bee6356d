"""The search index on PostgreSQL: the words of a version as text, and a tsvector that finds them.

A tsvector alone would not answer as FTS5 does: it holds a megabyte at most, of each word 256 places, and none
beyond the 16,383rd. So it has no places at all and says which versions may be an answer, through its GIN
index; where that is not enough – words in order, or an article of more words than it can hold – the text
decides.

Both are written here, since PostgreSQL's own parser cuts words otherwise, and by the server's language.
A line of `terms` is a column of the index, a space before and after each word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Connection,
    String,
    TextClause,
    bindparam,
    column,
    insert,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from storage.search_query import And, Facets, Node, Or, Phrase, phrase_terms

# `is_whole`: the tsvector has all that the text has. Texts and vectors are put aside, or who looks for ids
# would read them all.
TABLE = """
CREATE TABLE article_search (
    rowid bigint CONSTRAINT pk_article_search PRIMARY KEY,
    terms text COLLATE "C" NOT NULL,
    facets text COLLATE "C" NOT NULL DEFAULT '',
    vector tsvector NOT NULL,
    is_whole boolean NOT NULL
) WITH (toast_tuple_target = 128)"""
INDEXES = (
    "CREATE INDEX ix_article_search_vector ON article_search USING gin (vector)",
    "CREATE INDEX ix_article_search_is_whole ON article_search (rowid) WHERE NOT is_whole",
)
INSERT = insert(
    table(
        "article_search",
        column("rowid", BigInteger),
        column("terms", String),
        column("facets", String),
        column("vector", TSVECTOR),
        column("is_whole", Boolean),
    )
)
# As an array: of some hundred parameters the driver takes longer to tell than the server to answer.
TERMS = text("SELECT rowid, terms, facets FROM article_search WHERE rowid = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)

LONGEST = 500  # characters of a word that the tsvector keeps: it takes 2,046 bytes
ROOM = 1_000_000  # bytes of a tsvector; it takes 1,048,575


def row(version_id: int, found: Mapping[str, str], columns: Iterable[str]) -> dict[str, object]:
    """The row of a version that has these terms, by column."""
    vector, is_whole = to_tsvector([found["facets"], *(found[name] for name in columns)])
    return {
        "rowid": version_id,
        "terms": "\n".join(f" {found[name]} " for name in columns),
        "facets": found["facets"],
        "vector": vector,
        "is_whole": is_whole,
    }


def to_tsvector(texts: Iterable[str]) -> tuple[str, bool]:
    """A tsvector as PostgreSQL reads one, and whether it has every term; those that come first it has."""
    terms = list(dict.fromkeys(term[:LONGEST] for text in texts for term in text.split()))
    size = sum(map(len, terms)) * 4 + len(terms) * 8  # at most
    if size <= ROOM:
        return _vector(terms), True
    room, kept = ROOM, 0
    for term in terms:
        room -= len(term.encode()) + 8
        if room < 0:
            break
        kept += 1
    return _vector(terms[:kept]), kept == len(terms)


def _vector(terms: Sequence[str]) -> str:
    return "'" + "' '".join(terms) + "'" if terms else ""


def indexed(connection: Connection, ids: Sequence[int], columns: Iterable[str]) -> dict[int, dict[str, str]]:
    """What is indexed under each of these ids, by column."""
    names = list(columns)
    found = {}
    for own_id, terms, facets in connection.execute(TERMS, {"ids": list(ids)}):
        lines = (line[1:-1] for line in terms.split("\n"))
        found[own_id] = {**dict(zip(names, lines, strict=False)), "facets": facets}
    return found


def matches(node: Node) -> TextClause:
    """The condition that a row is an answer."""
    condition, values = _condition(node)
    return text(condition).bindparams(*values)


def parameters(node: Node) -> dict[str, str | None]:
    """What `matches` compares with, by name: another query of the same shape has the same names."""
    return {one.key: one.value for one in _condition(node)[1]}


def _condition(node: Node) -> tuple[str, list[BindParameter[str]]]:
    query, is_exact = to_tsquery(node)
    values: list[BindParameter[str]] = []
    may_be, exactly = _has(query, values), _stands(node, values)
    # The indexes answer the first part; so the second is asked of each row, and no vector is unpacked.
    second = f"(article_search.is_whole OR {exactly})" if is_exact else exactly
    return f"({may_be} OR NOT article_search.is_whole) AND {second}", values


def _has(query: str, values: list[BindParameter[str]]) -> str:
    """As a literal: a plan that was made for rare words would not do for common ones."""
    return f"article_search.vector @@ CAST({_given(query, values, literal_execute=True)} AS tsquery)"


def _given(value: str, values: list[BindParameter[str]], *, literal_execute: bool = False) -> str:
    """A parameter that has a value, which joins those that were given."""
    name = f"index_{len(values)}"
    values.append(bindparam(name, value, String(), literal_execute=literal_execute))
    return f":{name}"


def to_tsquery(node: Node) -> tuple[str, bool]:
    """A tsquery that finds all answers to `node`, and whether it finds nothing else."""
    match node:
        case Phrase():
            return _phrase(node)
        case Or():
            choices = [to_tsquery(choice) for choice in node.choices]
            return _joined(" | ", [query for query, _ in choices]), all(exact for _, exact in choices)
        case Facets():
            return _joined(" | ", [f"'{facet}'" for facet in node.any_of]), True
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


def _stands(node: Node, values: list[BindParameter[str]]) -> str:
    """Whether the text itself is an answer."""
    match node:
        case Phrase():
            terms, prefix = phrase_terms(node)
            run = f" {' '.join(terms)}" + ("" if prefix else " ")
            return f"strpos(article_search.terms, {_given(run, values)}) > 0"
        case Or():
            return _joined(" OR ", [_stands(choice, values) for choice in node.choices])
        case Facets():
            # Every row's vector has its facets, and that of a whole row has been asked for them.
            return f"(article_search.is_whole OR {_has(to_tsquery(node)[0], values)})"
        case And():
            wanted = [_stands(part, values) for part in node.wanted]
            return _joined(" AND ", wanted + [f"NOT {_stands(part, values)}" for part in node.unwanted])
