"""Words as search compares them, in many scripts."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.words import (
    COUNTED,
    TOKEN,
    WESTERN,
    count_words,
    fold,
    index_terms,
    index_text,
    is_unspaced,
    spaced_words,
    words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HARBOUR", "harbour"),
        ("Café", "CAFE\u0301"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Ærø", "aeroe".replace("oe", "o")),
        ("İstanbul", "istanbul"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ёлка", "ЕЛКА"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ﬁre", "fire"),
        ("ｶﾞｽ", "ガス"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("كِتابٌ", "كتاب"),
        ("أحمد", "احمد"),
        ("جمـــيل", "جميل"),
        ("שָׁלוֹם", "שלום"),
        ("Bundes\u00adregierung", "Bundesregierung"),
    ],
)
def test_what_readers_take_for_the_same_word(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    # Marks that make another word: Hindi vowel signs, Japanese voicing.
    [("की", "का"), ("हिन्दी", "हनद"), ("かき", "がき"), ("ハス", "バス")],
)
def test_what_they_do_not(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" -- … !? ", []),
        ("Rare-earth mines", ["rare", "earth", "mines"]),
        ("snake_case 3.14 4,000", ["snake", "case", "3", "14", "4", "000"]),
        ("COVID予算案", ["covid", "予算案"]),
        ("予算、補正", ["予算", "補正"]),
        ("ジョン・スミス", ["ジョン", "スミス"]),
        ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
        ("தமிழ் செய்தி", ["தமிழ்", "செய்தி"]),
        ("한국어 뉴스", ["한국어", "뉴스"]),
        ("a\x00b\ud800c", ["a", "b", "c"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [*words(text)] == expected


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("budget", ["budget"]),
        ("算", ["算"]),
        ("予算案", ["予算", "算案", "案"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("ไทย", ["ไท", "ทย", "ย"]),
    ],
)
def test_index_terms(word: str, terms: list[str]) -> None:
    assert index_terms(word) == terms
    assert index_text(word) == " ".join(terms)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("Two words", 2),
        ("It doesn't count l'État or the vice-president twice.", 8),
        ("1,000 boats", 3),
        ("予算案が成立", 6),
        ("COVID予算", 3),
        ("हिन्दी समाचार", 2),
    ],
)
def test_count_words(text: str, number: int) -> None:
    assert count_words(text) == number


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = words(text)
    assert tuple(term for word in once for term in words(word)) == once


@given(st.text())
def test_terms_hold_nothing_that_the_index_would_part(text: str) -> None:
    for term in index_text(text).split(" "):
        assert term == "".join(term.split())
        assert words(term) == ((term,) if term else ())


@given(st.text(), st.text())
def test_words_of_two_texts_are_the_words_of_each(one: str, other: str) -> None:
    """What is found in a caption alone is found in all captions together."""
    assert words(f"{one}\n{other}") == words(one) + words(other)


def test_every_letter_there_is_can_be_found() -> None:
    letters = [chr(c) for c in range(sys.maxunicode + 1) if chr(c).isalpha()]
    lost = [c for c in letters if fold(c) and not words(c)]
    # Left over are points of Arabic that stand alone, set as a letter of their own.
    assert {unicodedata.name(c).split()[0] for c in lost} == {"ARABIC"}
    assert all("FORM" in unicodedata.name(c) for c in lost)
    assert all(is_unspaced(c) for c in "予か한ไ")


WESTERN_TEXT = st.text(st.sampled_from(bytes(range(256)).decode(WESTERN, "ignore") + "aB3'’- "))


@given(WESTERN_TEXT)
def test_the_words_of_western_texts_are_told_byte_by_byte(text: str) -> None:
    assert spaced_words(text) == TOKEN.findall(text)
    assert count_words(text) == len(COUNTED.findall(text))


@given(WESTERN_TEXT)
@example(bytes(range(256)).decode(WESTERN, "ignore"))
@example("".join(c for c in bytes(range(256)).decode(WESTERN, "ignore") if c not in "µ¼½¾"))
def test_western_texts_are_folded_byte_by_byte_as_others_are(text: str) -> None:
    assert fold(text) + "ж" == fold(f"{text}ж")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("l'État, vice-president, don’t", 3),
        ("a-a-a-a-a b-b'b", 2),
        ("a--a -a- 'a' a'-a", 6),
        ("snake_case", 2),
        ("½ m² – 3…", 3),
    ],
)
def test_what_is_joined_counts_once(text: str, count: int) -> None:
    assert count_words(text) == count == len(COUNTED.findall(text))


def test_other_scripts_are_told_by_the_patterns() -> None:
    assert spaced_words("Łódź") is None
    assert words("Łódź, Москва, 予算案") == ("lodz", "москва", "予算案")
    assert count_words("Łódź, Москва-река") == 2


MIXED = st.lists(
    st.sampled_from(["pier", "L’été", "Straße", "予算案", "ходит_", "क्षि", "e\u0301", *" \n-“_7"])
)


@given(MIXED.map("".join) | st.text())
def test_words_are_cut_alike_in_any_company(text: str) -> None:
    assert words(text) == tuple(TOKEN.findall(fold(text)))
    terms = [term for word in words(text) for term in index_terms(word)]
    assert index_text(text) == " ".join(terms)


def test_what_cannot_be_seen_parts_no_word() -> None:
    assert fold("a\u00adb\u2060c\u200bd\u200de\ufefff") == "abcdef"
