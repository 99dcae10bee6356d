"""What makes a text a copy of another one, and what only another article of the same scheme."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.overlap import Overlap
from storage.overlap import compare as compare_texts
from storage.shingles import read

WIRE = (
    "Farmers in the four northern counties have brought in eleven percent less wheat than last year, "
    "but more of it is good enough for bread, the Growers' Union said on Thursday.",
    "The harvest came to 2.1 million tonnes. A dry May had kept the plants short, the union said in "
    "its yearly report, while a cool July gave the grain time to fill.",
    "“We would rather sell less and sell it as bread than more and sell it as feed,” said the "
    "union's president, Aldous Merriweather. Mills are paying 231 crowns a tonne for the best "
    "grades.",
    "Stables and mushroom growers will feel the short stalks. Straw has become a third more "
    "expensive within a month, and two large stud farms have ordered theirs from the south for the "
    "first time.",
)
OWN = (
    "In the market hall of Merrowby nobody talks of anything else. Bakers have put up signs that "
    "promise to keep the price of a loaf until Christmas, and most of their customers do not believe "
    "it.",
    "Our reader Ida Brandt has kept the bills of forty years in a shoe box. She brought them to the "
    "newsroom.",
)
# Two evenings on one exchange.
REPORT = (
    "The main index {moved} {a} percent on {day} to close at {b} points. Shares of {firm} led the list with a"
    " gain of {c} percent. The euro was traded at {d} dollars in the late afternoon. The index comprises the"
    " forty most valuable companies listed on the exchange and is calculated every fifteen seconds during"
    " trading hours. Past performance is no guide to the future, and nothing in this report is a"
    " recommendation to buy or to sell any security. Readers who hold shares should ask somebody who knows"
    " their circumstances before they decide."
)
MONDAY = {"moved": "rose", "a": 1.2, "day": "Monday", "b": 4312, "firm": "Aquila", "c": 3.1, "d": 1.08}
TUESDAY = {"moved": "fell", "a": 0.4, "day": "Tuesday", "b": 4295, "firm": "Helvex", "c": 2.6, "d": 1.11}
NIGHT = (
    "最高気温は{0}度、最低気温は{1}度の見込みです。"
    "降水確率は{2}パーセントで、風が強く吹くところがあるでしょう。"
)
ADVICE = (
    "気象台は、急な天気の変化や落雷に注意するよう呼びかけています。"
    "外出の際は最新の気象情報を確認してください。"
)


def compare(one: str, other: str) -> Overlap:
    return compare_texts(read(one), read(other))


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


COPIES = {
    "the same": WIRE,
    "cut": WIRE[:2],
    "without its lead": WIRE[1:],
    "a paragraph written anew": (*WIRE[:2], OWN[0], WIRE[3]),
    "between standing lines": (
        "Sign up to our morning briefing.",
        *WIRE,
        "Write to the newsdesk at any time.",
    ),
    "a word here and there": tuple(p.replace("said", "announced").replace("a third", "30%") for p in WIRE),
    "a figure brought up to date": tuple(p.replace("2.1 million", "2.2 million") for p in WIRE),
    "names spelled otherwise": tuple(p.replace("Merriweather", "Merriwether") for p in WIRE),
    "other punctuation": tuple(p.replace("“", '"').replace(",", " –") for p in WIRE),
}
OTHERS = {
    "another story": OWN,
    "a quotation from it": (*OWN, WIRE[2][:90], *(OWN[::-1])),
    "nothing": (),
}


@pytest.mark.parametrize("paragraphs", COPIES.values(), ids=COPIES)
def test_copies(paragraphs: tuple[str, ...]) -> None:
    assert compare(text(*WIRE), text(*paragraphs)).is_copy
    assert compare(text(*paragraphs), text(*WIRE)).is_copy


@pytest.mark.parametrize("paragraphs", OTHERS.values(), ids=OTHERS)
def test_no_copies(paragraphs: tuple[str, ...]) -> None:
    assert not compare(text(*WIRE), text(*paragraphs)).is_copy


def test_the_shares_are_of_either_text() -> None:
    overlap = compare(text(*WIRE), text(*WIRE[:2]))
    assert overlap.second == 1
    assert overlap.first == pytest.approx(0.45, abs=0.1)


def test_a_digest_is_no_copy_of_what_it_gathers() -> None:
    brief = " ".join(WIRE[:2])
    digest = text(brief, *(f"{OWN[0]} {n} {OWN[1]} {n}" for n in range(4)))
    assert compare(brief, digest).first == 1
    assert not compare(brief, digest).is_copy


def test_reports_of_one_scheme_are_no_copies() -> None:
    one, other = REPORT.format(**MONDAY), REPORT.format(**TUESDAY)
    assert compare(one, other).first > 0.6  # as much as a copy needs
    assert not compare(one, other).is_copy
    assert compare(one, one).is_copy


def test_few_figures_in_a_long_standing_text_are_enough() -> None:
    rules = " ".join(WIRE) + " ".join(OWN)
    one, other = (f"The numbers of the draw are {n}. {rules}" for n in ("4, 18 and 33", "7, 21 and 40"))
    assert compare(one, other).first > 0.9
    # The standing text has three figures of its own; without the draw's, all that it says agrees.
    assert not compare(one, other).is_copy


def test_schemes_in_scripts_without_spaces() -> None:
    one, other = NIGHT.format(25, 14, 30) + ADVICE, NIGHT.format(19, 8, 70) + ADVICE
    assert compare(one, other).first > 0.6
    assert not compare(one, other).is_copy
    assert compare(one, ADVICE.join([NIGHT.format(25, 14, 30), "以上。"])).is_copy


def test_a_brief_must_agree_nearly_whole() -> None:
    brief, own = WIRE[1].split(), OWN[1].split()
    half_changed = " ".join([*brief[:24], *own[:12]])
    assert compare(" ".join(brief), " ".join(brief)).is_copy
    assert compare(" ".join(brief), half_changed).second == pytest.approx(24 / 36, abs=0.05)
    assert not compare(" ".join(brief), half_changed).is_copy


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_compared_either_way(one: str, other: str) -> None:
    overlap, turned = compare(one, other), compare(other, one)
    assert (overlap.first, overlap.second) == (turned.second, turned.first)
    assert 0 <= overlap.first <= 1


@example("0:0:0:0:0:0:0:\u0300")  # a mark that stands alone is no letter of any word
@given(st.text(min_size=1))
def test_a_text_stands_in_itself(one: str) -> None:
    assert compare(one, one).first in (0, 1)  # 0: shorter than a shingle
