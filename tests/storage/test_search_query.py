"""What a person types into search: what it means, what it finds, where it is marked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from storage import search_index
from storage.errors import QueryError
from storage.fts5 import to_fts5
from storage.records import Article, Image
from storage.search_index import INDEX, Matches
from storage.search_query import (
    MAX_DEPTH,
    MAX_LENGTH,
    And,
    Node,
    Or,
    Phrase,
    highlight,
    parse,
    phrases,
)
from storage.words import words
from tests.storage.newsroom import article, paragraphs

Find = Callable[[str], list[int]]


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("harbour", '"harbour"'),
        ("rare earths", '("rare" AND "earths")'),
        ('"rare earths"', '"rare earths"'),
        ("rare-earths", '"rare earths"'),
        ("earth*", '"earth"*'),
        ('"rare ear*"', '"rare ear"*'),
        ("co-op*", '"co op"*'),
        ('"rare ear"*', '"rare ear"*'),
        ("a OR b c", '("a" OR ("b" AND "c"))'),
        ("(a OR b) c", '(("a" OR "b") AND "c")'),
        ("a AND b", '("a" AND "b")'),
        ("a NOT b", '(("a") NOT ("b"))'),
        ("a AND NOT b", '(("a") NOT ("b"))'),
        ("a -b", '(("a") NOT ("b"))'),
        ('a -"b c" -(d OR e)', '(("a") NOT ("b c" OR ("d" OR "e")))'),
        ("not or and", '("not" AND "or" AND "and")'),
        ('"NOT OR"', '"not or"'),
        ("Übergröße", '"ubergrosse"'),
        ("予算", '"予算"'),
        ("予算案", '"予算 算案"'),
        ("予", '"予"*'),
        ("予算*", '"予算"'),
        ("COVID予算", '"covid 予算"'),
        ("COVID予", '"covid 予"*'),
        ("予算COVID", '"予算 算 covid"'),
        ("경제 정책", '("경제" AND "정책")'),
        ("ภาษา", '"ภา าษ ษา"'),
        # What the engine would take for syntax is white space to us.
        ("headline:x", '"headline x"'),
        ("NEAR(a b)", '("near" AND ("a" AND "b"))'),
        ("a ^b + c", '("a" AND "b" AND "c")'),
        ("a { } ' ; --", '"a"'),
        ("AND a", '"a"'),
        ('a"b"c', '("a" AND "b" AND "c")'),
    ],
)
def test_what_it_means(query: str, match: str) -> None:
    assert to_fts5(parse(query)) == match


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("…", "no word"),
        ('""', "no word"),
        ("()", "missing before OR or inside ( )"),
        ("(a", "never closed"),
        ("a)", "closes what no ("),
        ('say "a', "quotation mark is never closed"),
        ("OR a", "missing before OR"),
        ("a OR", "OR has nothing after it"),
        ("a AND", "AND has nothing after it"),
        ("a AND OR b", "AND has nothing after it"),
        ("a NOT NOT b", "NOT has nothing after it"),
        ("NOT a", "NOT needs something"),
        ("-a", "NOT needs something"),
        ("a OR -b", "NOT needs something"),
        ("a " * MAX_LENGTH, "too long"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "deeper than"),
    ],
)
def test_what_it_cannot_mean(query: str, says: str) -> None:
    with pytest.raises(QueryError, match=re.escape(says)):
        parse(query)


def answers(connection: Connection, query: str) -> list[int]:
    """What the index finds, by id."""
    found = select(INDEX.c.rowid).where(Matches(parse(query))).order_by(INDEX.c.rowid)
    return list(connection.scalars(found))


TEXTS = {
    1: "Rare earths are mined in the north, and the earth is moved twice.",
    2: "Earths that are rare: a report on mining.",
    3: "A coal mine closes; München und die Straße.",
    4: "政府の予算案が国会で成立した。",
    5: "補正予算と税制。COVID対策も。",
    6: "정부는 경제정책을 발표했다. 한국은행도.",
    7: "ภาษาไทยเป็นภาษาที่สวยงาม",
    8: "COVID予算の行方、東京都の算数",
    9: "हिन्दी समाचार और कविता",
    10: "𠮷野家の牛丼",
}


@pytest.fixture
def find(connection: Connection) -> Find:
    """Search the texts above on the archive's own index: ids in order."""
    for number, body in TEXTS.items():
        item = article(f"https://courier.example/{number}", headline=None, blocks=paragraphs(body))
        search_index.put(connection, number, item)

    def found(query: str) -> list[int]:
        return answers(connection, query)

    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rare earths", [1, 2]),
        ('"rare earths"', [1]),
        ("earth", [1]),
        ("earth*", [1, 2]),
        ('"are rare"', [2]),
        ("min*", [1, 2, 3]),
        ("min* NOT coal", [1, 2]),
        ("min* -coal -report", [1]),
        ("coal OR report", [2, 3]),
        ("(coal OR report) min*", [2, 3]),
        ("MUNCHEN strasse", [3]),
        ("nothing", []),
        ("予", [4, 5, 8]),
        ("予算", [4, 5, 8]),
        ("予算案", [4]),
        ("政府の予", [4]),
        ("成立した", [4]),
        ("した", [4]),
        ("た", [4]),
        ("算予", []),
        ("算", [4, 5, 8]),
        ("COVID", [5, 8]),
        ("COVID予算", [8]),
        ("COVID予", [8]),
        ("予算 NOT COVID", [4]),
        ('"国会で成立"', [4]),
        ("경제", [6]),
        ("정책", [6]),
        ("경제정책", [6]),
        ("은행", [6]),
        ("은", [6]),
        ("ภาษา", [7]),
        ("ไทย", [7]),
        ("สวยงาม", [7]),
        ("हिन्दी", [9]),
        ("समाचार", [9]),
        ("हिन", []),
        ("हिन*", [9]),
        ("𠮷野", [10]),
        ("𠮷", [10]),
    ],
)
def test_what_it_finds(find: Find, query: str, expected: list[int]) -> None:
    assert find(query) == expected


SIGNS = st.sampled_from(["AND", "OR", "NOT", "-", "(", ")", '"', "*", "NEAR", "^", ":", "'"])
TYPED = st.text() | st.builds(
    str.join,
    st.sampled_from(["", " "]),
    st.lists(SIGNS | st.sampled_from(["rare", "earths", "予算", "予"]) | st.text(max_size=3)),
)


@settings(
    max_examples=2_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=TYPED)
@example(query="\x00")
@example(query="\ud800 a")
@example(query=" OR ".join(["a"] * 199))
@example(query=" ".join("ab"[i % 2] for i in range(500)))
@example(query="(a " * MAX_DEPTH + ")" * MAX_DEPTH)
@example(query="a " + "-b " * 300)
@example(query='"' + "a " * 490 + '"')
def test_any_text_is_an_answer_or_a_query_error(find: Find, query: str) -> None:
    try:
        assert find(query) is not None
    except QueryError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - either is right


WORD = st.sampled_from(["rare", "earths", "earth", "are", "mining", "coal", "covid"]) | st.sampled_from(
    ["予算", "算", "の予算", "国会で", "경제", "은"]
)
PHRASE = st.lists(WORD, min_size=1, max_size=2).map(lambda parts: Phrase(tuple(parts)))
TREE = st.recursive(
    PHRASE,
    lambda node: (
        st.lists(node, min_size=2, max_size=3).map(lambda nodes: Or(tuple(nodes)))
        | st.builds(
            lambda wanted, unwanted: And(tuple(wanted), tuple(unwanted)),
            st.lists(node, min_size=1, max_size=3),
            st.lists(node, max_size=2),
        )
    ),
    max_leaves=6,
)


def typed(node: Node) -> str:
    """`node` as a person would type it."""
    match node:
        case Phrase():
            return f'"{" ".join(node.words)}"'
        case Or():
            return "(" + " OR ".join(map(typed, node.choices)) + ")"
        case And():
            parts = [*map(typed, node.wanted), *(f"NOT {typed(n)}" for n in node.unwanted)]
            return "(" + " ".join(parts) + ")"


def holds(node: Node, body: str) -> bool:
    """Whether `body` is an answer, found out by reading it."""
    match node:
        case Phrase():
            return _reads(node, body)
        case Or():
            return any(holds(n, body) for n in node.choices)
        case And():
            return all(holds(n, body) for n in node.wanted) and not any(holds(n, body) for n in node.unwanted)


def _reads(phrase: Phrase, body: str) -> bool:
    """Whether the phrase's words follow each other; those of signs may be the end or beginning of a run."""
    there = words(body)
    size = len(phrase.words)
    return any(
        all(
            _stands(wanted, word, is_first=n == 0, is_last=n == size - 1)
            for n, (word, wanted) in enumerate(zip(there[i : i + size], phrase.words, strict=True))
        )
        for i in range(len(there) - size + 1)
    )


def _stands(wanted: str, word: str, *, is_first: bool, is_last: bool) -> bool:
    if wanted.isascii():
        return word == wanted
    if is_first and is_last:
        return wanted in word
    return word.endswith(wanted) if is_first else word.startswith(wanted) if is_last else word == wanted


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREE)
def test_it_finds_what_a_reader_would(find: Find, tree: Node) -> None:
    assert find(typed(tree)) == [number for number, body in TEXTS.items() if holds(tree, body)]


@pytest.mark.parametrize(
    ("query", "body", "marked"),
    [
        ("rare", "Rare earths are rare.", ["Rare", "rare"]),
        ('"rare earths"', "Rare earths, rare EARTHS; earths", ["Rare earths", "rare EARTHS"]),
        ('rare "rare earths"', "Rare earths", ["Rare earths"]),
        ('"rare earths" rare', "Rare earths", ["Rare earths"]),
        ("earth*", "Earth and earthwork", ["Earth", "earthwork"]),
        ("rare NOT coal", "rare coal", ["rare"]),
        ("(coal OR rare) mine", "a coal mine", [["coal", "mine"][0], "mine"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("cafe", "Cafe\u0301 Noir", ["Cafe\u0301"]),
        ("rare-earths", "rare\nearths", ["rare earths"]),
        ("予算", "政府の予算案と予算", ["予算", "予算"]),
        ("算", "予算案", ["算"]),
        ("COVID予算", "政府のCOVID予算案", ["COVID予算"]),
        ("ガス", "ｶﾞｽ会社", ["ｶﾞｽ"]),
        ("हिन्दी", "एक हिन्दी समाचार", ["हिन्दी"]),
        ("nothing", "of the kind", []),
    ],
)
def test_marks(query: str, body: str, marked: list[str]) -> None:
    excerpt, marks = highlight(body, list(phrases(parse(query))))
    assert [excerpt[start:end] for start, end in marks] == marked
    assert excerpt == body.replace("\n", " ")


def test_an_excerpt_begins_a_little_before_the_first_mark() -> None:
    body = "before " * 100 + "the harbour " + "after " * 100
    excerpt, [(start, end)] = highlight(body, [Phrase(("harbour",))], width=100)
    assert excerpt[start:end] == "harbour"
    assert excerpt.startswith("… before ")
    assert excerpt.endswith(" …")
    assert 15 < start < 40
    assert len(excerpt) <= 100 + len("…  …")


def test_without_a_mark_an_excerpt_is_the_beginning() -> None:
    assert highlight("a " * 200, [Phrase(("b",))], width=10) == ("a a a a a  …", [])
    assert highlight("", [Phrase(("b",))]) == ("", [])


def test_a_phrase_longer_than_the_excerpt_is_marked_whole() -> None:
    excerpt, marks = highlight("x " * 50 + "予算" * 100, [Phrase(("予算" * 100,))], width=40)
    assert [excerpt[a:b] for a, b in marks] == ["予算" * 100]


@given(body=st.text(), tree=TREE, width=st.integers(1, 300))
def test_marks_are_in_order_apart_and_inside(body: str, tree: Node, width: int) -> None:
    body = body + " rare earths 予算 " + body
    excerpt, marks = highlight(body, list(phrases(tree)), width=width)
    places = [place for mark in marks for place in mark]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    shown = len(excerpt.removesuffix(" …"))
    assert all(0 <= start < end <= shown for start, end in marks)


@pytest.mark.parametrize("before", range(50, 80))
def test_a_word_is_found_wherever_it_stands(before: int) -> None:
    """Texts are looked through piece by piece."""
    excerpt, [(start, end)] = highlight("x" * before + " harbour and harbours", [Phrase(("harbour",))])
    assert excerpt[start:end] == "harbour"


def test_a_mark_that_the_excerpt_cuts_off_is_none() -> None:
    excerpt, marks = highlight("pier " + "x " * 10 + "pier", [Phrase(("pier",))], width=27)
    assert excerpt == "pier " + "x " * 10 + "pi …"
    assert marks == [(0, 4)]


def test_captions_bylines_and_keywords_are_indexed(connection: Connection) -> None:
    item = Article(
        url="u",
        canonical_url="u",
        headline="Pier",
        byline="By A. Holm in Bergen",
        images=(Image(url="i", caption="A gull", credit_line="Photo: Wire", alt_text="A bird"),),
        keywords=("ports",),
    )
    search_index.put(connection, 7, item)
    search_index.put(connection, 7, item)  # again, as after a change
    for word in ("pier", "holm", "bergen", "gull", "wire", "bird", "ports"):
        assert answers(connection, word) == [7], word


# What a tsvector alone could not hold: more words than a megabyte, places beyond its last, giants.
LONG = " ".join(f"word{n} the" for n in range(120_000))
GIANT = "a" * 3_000
SHORT = paragraphs("word7 and surge")


def test_a_very_long_article_is_found_by_all_its_words(connection: Connection) -> None:
    blocks = paragraphs(f"{LONG} storm surge {GIANT}", "予算案" * 10_000 + "国会")
    search_index.put(connection, 1, article("https://courier.example/1", blocks=blocks))
    search_index.put(connection, 2, article("https://courier.example/2", blocks=SHORT))
    found = {
        "word7": [1, 2],
        "word119999": [1],
        '"word119999 the storm surge"': [1],
        '"surge storm"': [],
        "surge NOT storm": [2],
        "surge -word119998": [2],
        "surge -word120000": [1, 2],
        "word11999*": [1],
        "(nothing OR word60000) surge": [1],
        "案国会": [1],
        "国会予": [],
        GIANT[:999]: [],
        f"{GIANT[:900]}*": [1],
        f"surge -{GIANT[:900]}*": [2],
    }
    assert {query: answers(connection, query) for query in found} == found
