"""What a person types into search, read into a tree. Pure.

    rare earths            both words, anywhere in the article
    "rare earths"          the words in this order
    mining OR quarry       either
    mining NOT coal        without (also: mining -coal)
    earth*                 words that begin so
    (a OR b) c             parentheses group

OR binds weaker than the AND between words that stand side by side. Any other
sign is white space, as it is in the index, so the engine never sees it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from storage.errors import QueryError
from storage.words import TOKEN as WORD
from storage.words import fold, index_terms, is_unspaced, words

MAX_LENGTH = 1_000  # characters
MAX_DEPTH = 20  # parentheses
SHORT = 24  # characters of a word that may be met again soon
EXCERPT = 240  # characters around the first word found
STRETCH = 64  # characters, and the rest of a word, that are looked through at once
SEARCHED = 200_000  # characters in which an excerpt is looked for


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in order; with `prefix`, the last one is a word's beginning."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of `wanted`, none of `unwanted`."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one."""

    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What no text says: at least one of these facets (`storage.facets`). Only the archive asks for them."""

    any_of: tuple[str, ...]


Node = Phrase | And | Or | Facets

TOKEN = re.compile(
    r'\s*(?:(?P<quoted>-?"[^"]*"\*?)|(?P<open>-?\()|(?P<close>\))|(?P<word>[^\s()"]+)|(?P<stray>"))'
)


def parse(query: str) -> Node:
    """Read `query`; QueryError says in one line what has no meaning in it."""
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query is too long: {len(query)} characters, at most {MAX_LENGTH}")
    return _Parser(query).read()


def phrases(node: Node) -> Iterator[Phrase]:
    """The phrases that an answer may hold, for highlighting: not those under NOT."""
    match node:
        case Phrase():
            yield node
        case Or():
            for choice in node.choices:
                yield from phrases(choice)
        case And():
            for part in node.wanted:
                yield from phrases(part)


def phrase_terms(phrase: Phrase) -> tuple[list[str], bool]:
    """The terms of the index that stand in a row where the phrase does, and whether the last is a beginning.

    A word of an unspaced script is a run of pairs. At the phrase's end its lone
    last character is left out, since the run may go on in the text; unless it
    is all there is: then it is the beginning of a pair.
    """
    *first, last = phrase.words
    terms = [term for word in first for term in index_terms(word)]
    ending = index_terms(last)
    if not is_unspaced(last):
        return terms + ending, phrase.prefix
    return terms + (ending[:-1] or ending), len(last) == 1


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str) -> None:
        self.tokens = [(str(m.lastgroup), m[m.lastgroup or 0]) for m in TOKEN.finditer(query)]
        self.place = 0
        self.depth = 0
        if any(kind == "stray" for kind, _ in self.tokens):
            raise QueryError(f"a quotation mark is never closed: {query!r}")

    def read(self) -> Node:
        if not self.tokens:
            raise QueryError("the query is empty: give at least one word")
        node = self.any_of()
        if self.place < len(self.tokens):
            raise QueryError("a ) closes what no ( opened")
        if node is None:
            raise QueryError("the query has no word to look for")
        return node

    def any_of(self) -> Node | None:
        choices = [self.all_of()]
        while self._take_operator("OR"):
            choices.append(self.all_of(after="OR"))
        found = tuple(choice for choice in choices if choice is not None)
        return Or(found) if len(found) > 1 else found[0] if found else None

    def all_of(self, after: str | None = None) -> Node | None:
        """Terms side by side, or joined by AND and NOT."""
        wanted: list[Node] = []
        unwanted: list[Node] = []
        seen = 0
        while (kind := self._kind()) is not None and kind != "close" and not self._is("OR"):
            operator = self._operator()
            unwelcome = operator == "NOT" or self._text().startswith("-")
            node = self.term(operator)
            seen += 1
            if node is not None:
                (unwanted if unwelcome else wanted).append(node)
        if not seen:
            raise QueryError(
                f"{after} has nothing after it" if after else "a word is missing before OR or inside ( )"
            )
        if unwanted and not wanted:
            raise QueryError("NOT needs something to take away from: put a word before it")
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        return And(tuple(wanted), tuple(unwanted)) if wanted else None

    def term(self, after: str | None) -> Node | None:
        """A word, a phrase or a group; None where it holds no letter or digit."""
        kind = self._kind()
        if kind is None or kind == "close" or self._operator(peek=True):
            raise QueryError(f"{after} has nothing after it")
        text = self._next().removeprefix("-")
        if kind == "open":
            return self.group()
        found = words(text)
        # "co-op*" is two words in the index: the prefix belongs to the last.
        return Phrase(found, text.rstrip('"').endswith("*")) if found else None

    def group(self) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"parentheses go deeper than {MAX_DEPTH}")
        node = self.any_of()
        if self._kind() != "close":
            raise QueryError("a ( is never closed")
        self._next()
        self.depth -= 1
        return node

    def _kind(self) -> str | None:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else None

    def _text(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def _next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def _is(self, operator: str) -> bool:
        return self._kind() == "word" and self._text() == operator

    def _take_operator(self, operator: str) -> bool:
        if self._is(operator):
            self.place += 1
            return True
        return False

    def _operator(self, *, peek: bool = False) -> str | None:
        """The AND or NOT that stands here (AND NOT counts as NOT), taken unless only peeked at."""
        if peek:
            return self._text() if self._is("AND") or self._is("NOT") or self._is("OR") else None
        found = None
        if self._take_operator("AND"):
            found = "AND"
        if self._take_operator("NOT"):
            found = "NOT"
        return found


_Pattern = tuple[list[str], bool]  # as `phrase_terms` gives it


class _Place(NamedTuple):
    """A term of the index and where it stands in a text."""

    term: str
    start: int
    end: int


def highlight(text: str, wanted: list[Phrase], *, width: int = EXCERPT) -> tuple[str, list[tuple[int, int]]]:
    """The part of `text` around the first place where a phrase stands, and all such places in that part.

    Returns the excerpt (about `width` characters) and (start, end) offsets in
    it, in order and apart from each other.
    """
    searched, patterns = text[:SEARCHED], [phrase_terms(phrase) for phrase in wanted]
    near = _near_first(searched, patterns)
    first = next(_matches(_places(searched, near), patterns), (0, 0))
    start = _excerpt_start(text, first[0], width)
    end = min(len(text), max(start + width, first[1]))
    head, tail = "… " if start else "", " …" if end < len(text) else ""
    shift = len(head) - start
    excerpt = head + text[start:end].replace("\n", " ") + tail
    shown = takewhile(lambda place: place.start < end, _places(searched, near))
    marks = _merged((a, b) for a, b in _matches(shown, patterns) if b <= end)
    return excerpt, [(a + shift, b + shift) for a, b in marks]


def _excerpt_start(text: str, first: int, width: int) -> int:
    """A little before `first`, at the beginning of a word."""
    start = max(0, first - width // 4)
    return (text.find(" ", start, first) + 1 or start) if start else 0


def _merged(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What overlaps or touches is one place."""
    begin = end = 0
    for a, b in places:
        if a > end:
            if end:
                yield begin, end
            begin = a
        end = max(end, b)
    if end:
        yield begin, end


def _near_first(text: str, patterns: Sequence[_Pattern]) -> int:
    """A place not long before the first pattern's first word; the text's end where none is there.

    To look for a word is a hundred times as quick as to cut a text into words.
    """
    firsts = [terms[0] for terms, _ in patterns]
    start = 0
    while start < len(text):
        end = text.find(" ", start + STRETCH) + 1 or len(text)
        stretch = fold(text[start:end])
        if any(first in stretch for first in firsts):
            return start
        start = end
    return len(text)


def _matches(places: Iterator[_Place], patterns: Sequence[_Pattern]) -> Iterator[tuple[int, int]]:
    """Where the phrases stand, found as the index finds them."""
    longest = max((len(terms) for terms, _ in patterns), default=0)
    ahead = deque(islice(places, longest))
    while ahead:
        place = ahead[0]
        for terms, prefix in patterns:
            if place.term != terms[0] and not (prefix and len(terms) == 1):
                continue
            run = list(islice(ahead, len(terms)))
            if _is_run([at.term for at in run], terms, prefix):
                # The beginning of a pair is its first character; that of a word stands for the word.
                last = run[-1]
                is_half = prefix and is_unspaced(last.term)
                yield place.start, last.start + 1 if is_half else last.end
        ahead.popleft()
        ahead.extend(islice(places, 1))


def _is_run(found: list[str], wanted: list[str], prefix: bool) -> bool:
    if not prefix:
        return found == wanted
    return len(found) == len(wanted) and found[:-1] == wanted[:-1] and found[-1].startswith(wanted[-1])


def _places(text: str, start: int) -> Iterator[_Place]:
    """The terms that the index has of `text` from `start` on, each with its place in it."""
    for match in WORD.finditer(text, start):
        begin, end = match.span()
        for term, offset in (_terms_of if end - begin <= SHORT else _terms_in)(match[0]):
            if offset is None:
                yield _Place(term, begin, end)
            else:
                yield _Place(term, begin + offset, begin + offset + len(term))


def _terms_in(written: str) -> tuple[tuple[str, int | None], ...]:
    """The terms of one word as it is written, each with its place; None: it stands for the whole word."""
    return tuple(
        (term, offset if is_unspaced(word) and len(word) == len(written) else None)
        for word in words(written)
        for offset, term in enumerate(index_terms(word))
    )


_terms_of = lru_cache(maxsize=16_384)(_terms_in)  # most words of a text are common ones
