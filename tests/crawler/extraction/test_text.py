"""Text as a reader sees it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler.extraction.document import parse
from crawler.extraction.text import (
    LINE_TAGS,
    UNSEEN_TAGS,
    chunks,
    clean,
    fold,
    fold_accents,
    strip_tags,
    visible_text,
    whole_words,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  two\n\t words ", "two words"),
        ("cafe\u0301", "café"),
        ("soft\u00adhyphen and\u200b zero width", "softhyphen and zero width"),
        ("no\u00a0break", "no break"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\x00\x07bell", "bell"),
        (None, ""),
    ],
)
def test_clean(raw: str | None, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text())
def test_clean_twice_is_clean_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()
    once.encode()


@given(st.text(), st.text())
def test_fold_ignores_case_and_punctuation(one: str, other: str) -> None:
    assert fold(f"{one} – {other}!") == fold(f"{one}{other}")
    assert fold(fold(one)) == fold(one)


@given(st.text(st.characters(max_codepoint=127)))
def test_fold_is_the_same_for_plain_text_beside_other_letters(text: str) -> None:
    assert fold(f"{text}é") == f"{fold(text)}é"


def test_fold_accents_is_for_addresses() -> None:
    assert fold_accents("Podhorské Listy / Łódź / Straße") == "podhorskelistylodzstrasse"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<div>one<p>two</p>three</div>", "one two three"),
        ("<p>un<b>brok</b>en</p>", "unbroken"),
        ("<p>line<br>break</p>", "line break"),
        ("<p>seen<script>not()</script><style>p{}</style> and seen</p>", "seen and seen"),
        ("<p>text<button>Share</button></p>", "text"),
        ("<p>a<svg><title>icon</title></svg>b</p>", "ab"),
    ],
)
def test_visible_text(html: str, shown: str) -> None:
    assert visible_text(lxml_html.fromstring(html)) == shown


def test_visible_text_passes_over_what_is_no_element() -> None:
    assert (
        visible_text(lxml_html.fromstring("<p>one<!-- not --> and<?php not ?> two<!-- --></p>"))
        == "one and two"
    )


def written(tag: str, inner: list[str]) -> str:
    return f"<{tag}>{''.join(inner)}</{tag}>"


def told(element: HtmlElement) -> str:
    """What `visible_text` is to find, by recursion."""
    line = "\n" if element.tag in LINE_TAGS else ""
    if element.tag in UNSEEN_TAGS:
        return line
    inner = "".join(told(child) + (child.tail or "") for child in element)
    return f"{line}{element.text or ''}{inner}{line}"


@given(
    st.recursive(
        st.text("ab \n", max_size=3),
        lambda inner: st.builds(
            written, st.sampled_from(["div", "section", "span", "b", "button"]), st.lists(inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_visible_text_goes_by_the_tree(html: str) -> None:
    element = lxml_html.fromstring(f"<div>{html}</div>x")
    assert visible_text(element) == clean(told(element))


def test_visible_text_leaves_out_what_it_is_told_to() -> None:
    element = lxml_html.fromstring("<p>caption <i>credit</i> end</p>")
    assert visible_text(element, {element[0]}) == "caption end"


def test_visible_text_stops_at_its_limit() -> None:
    element = lxml_html.fromstring("<div>" + "<p>word</p>" * 1000 + "</div>")
    assert 100 <= len(visible_text(element, limit=100).replace(" ", "")) <= 110


def test_visible_text_stops_in_a_crowd_of_blanks() -> None:
    seen = lxml_html.fromstring(f"<p>a{'<i></i>' * 100}b</p>")
    unseen = lxml_html.fromstring(f"<p>a{'<i></i>' * 5_000}b</p>")
    blank = lxml_html.fromstring(f"<p>a{(' ' * 5_000 + '<i></i>') * 100}b</p>")
    assert [visible_text(element) for element in (seen, unseen, blank)] == ["ab", "a", "a"]


def test_chunks_are_cut_where_the_markup_cuts() -> None:
    element = lxml_html.fromstring("<p>By <a>Ann Lee</a><span>Reporter</span></p>")
    assert chunks(element) == ["By", "Ann Lee", "Reporter"]


def test_deep_nesting_is_no_recursion() -> None:
    html = "<div>" * 2_000 + "deep" + "</div>" * 2_000
    assert visible_text(parse(html.encode(), "https://x.example/").tree) == "deep"


def test_strip_tags() -> None:
    assert strip_tags("a <b>bold</b> claim").split() == ["a", "bold", "claim"]
    assert strip_tags("3 < 5 and 7 > 2") == "3 < 5 and 7 > 2"


@pytest.mark.parametrize("sign", [*"\x00\x1c\x1f\x7f\u00ad\u200b\u202e\ufeff\ud800"])
@pytest.mark.parametrize("text", ["plain{}text", "two\n{} lines", "Zoe\u0308{}\t", "港{}\u0301", "e{}\u0301"])
def test_what_cannot_be_seen_is_taken_out_beside_any_letters(sign: str, text: str) -> None:
    assert clean(text.format(sign)) == clean(text.format(""))


@given(st.text("ab 港e\u0301\n\t\u00a0\u00ad"))
def test_clean_goes_by_one_rule(text: str) -> None:
    seen = text.replace("\u00ad", "")
    assert clean(text) == " ".join(unicodedata.normalize("NFC", seen).split())


def test_whole_words_are_found_whatever_they_begin_with() -> None:
    words = ["share", "stories", "sh?y", "e?mail", "été", "es", "log in", "[xy]z", "st(?:op|ay)s", "7up"]
    pattern = whole_words(", ".join(words))
    plain = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    for text in ("Share", "SY", "mail", "Été", "es", "we log in", "a xz", "stops", "stay", "7UP", "shares"):
        found, expected = pattern.search(text), plain.search(text)
        assert (found and found.span()) == (expected and expected.span()), text
