"""Names out of bylines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.agencies import is_organisation
from crawler.extraction.names import read_names
from storage.records import Role

W, C, P, T, A = Role.WRITER, Role.CONTRIBUTOR, Role.PHOTOGRAPHER, Role.TRANSLATOR, Role.AGENCY


def names(line: str, *, is_name: bool = False) -> list[tuple[str, Role]]:
    found = read_names(line, frozenset({"harbourpost"}), is_name=is_name)
    return [(byline.name, byline.role) for byline in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ann Lee", [("Ann Lee", W)]),
        ("By Ann Lee and Bo Ek in Oslo", [("Ann Lee", W), ("Bo Ek", W)]),
        ("By ANN LEE, BO EK and CY FOX", [("ANN LEE", W), ("BO EK", W), ("CY FOX", W)]),
        ("Von Ute Kern und Jan Voss", [("Ute Kern", W), ("Jan Voss", W)]),
        ("Ein Gastbeitrag von Ute Kern", [("Ute Kern", W)]),
        ("Ludwig von der Heide", [("Ludwig von der Heide", W)]),
        ("Par Luc Roy et Anne Petit", [("Luc Roy", W), ("Anne Petit", W)]),
        ("Por Eva Gil y Luis Paz Mora", [("Eva Gil", W), ("Luis Paz Mora", W)]),
        ("Por José Ortega y Gasset", [("José Ortega y Gasset", W)]),
        ("João Costa e Silva", [("João Costa e Silva", W)]),
        ("di Marco Berti e Sara Conti", [("Marco Berti", W), ("Sara Conti", W)]),
        ("Av Nils Berg og Kari Dal", [("Nils Berg", W), ("Kari Dal", W)]),
        ("Autor: Jan Nowak", [("Jan Nowak", W)]),
        ("Teksts: Ilze Krūmiņa", [("Ilze Krūmiņa", W)]),
        ("Автор: Ольга Лескова", [("Ольга Лескова", W)]),
        ("文・佐倉美咲", [("佐倉美咲", W)]),
        ("記者 佐倉美咲", [("佐倉美咲", W)]),
        ("김민수 기자", [("김민수", W)]),
        ("순천=김민수 기자", [("김민수", W)]),
        ("بقلم: ليلى حداد", [("ليلى حداد", W)]),
        # Agencies, desks and the outlet are no persons.
        ("Von Ute Kern, dpa", [("Ute Kern", W), ("dpa", A)]),
        ("dpa/AFP", [("dpa", A), ("AFP", A)]),
        ("By Associated Press", [("Associated Press", A)]),
        ("Harbour Post", [("Harbour Post", A)]),
        ("Harbour Post Staff", [("Harbour Post Staff", A)]),
        ("Por Redacción", [("Redacción", A)]),
        ("harbourpost.example", [("harbourpost.example", A)]),
        # Other roles.
        ("By Ann Lee; additional reporting by Bo Ek", [("Ann Lee", W), ("Bo Ek", C)]),
        ("Text: Ann Lee, Fotos: Bo Ek", [("Ann Lee", W), ("Bo Ek", P)]),
        ("Ute Kern; aus dem Englischen von Jan Voss", [("Ute Kern", W), ("Jan Voss", T)]),
        # What stands with a name.
        ("Ann Lee, Senior Political Correspondent", [("Ann Lee", W)]),
        ("Ann Lee\nPolitical Editor\n5 min read", [("Ann Lee", W)]),
        ("Ann Lee (al)", [("Ann Lee", W)]),
        ("Dr. Ann Lee", [("Ann Lee", W)]),
        ("Ann Lee, Jr.", [("Ann Lee", W)]),
        ("By Ann Lee @annlee Published 3:41 pm", [("Ann Lee", W)]),
        ("Ann Lee ann.lee@harbourpost.example", [("Ann Lee", W)]),
        ("Von Ute Kern 12.03.2026, 14:00 Uhr", [("Ute Kern", W)]),
        ("Ann Lee\nBo Ek", [("Ann Lee", W), ("Bo Ek", W)]),
        ("Ann Lee, Ann Lee", [("Ann Lee", W)]),
        # Photo agencies as authors are a mistake of the page's.
        ("Image: Getty Images", []),
        # No names.
        ("Share this article", []),
        ("Read more", []),
        ("https://www.harbourpost.example/authors/ann-lee", []),
        ("November 21", []),
        ("Oslo", []),
        ("", []),
    ],
)  # fmt: skip
def test_names(line: str, expected: list[tuple[str, Role]]) -> None:
    assert names(line) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ann lee", [("ann lee", W)]),
        ("Zoë", [("Zoë", W)]),
        ("मीरा जोशी", [("मीरा जोशी", W)]),
        ("佐倉美咲", [("佐倉美咲", W)]),
    ],
)
def test_where_the_page_says_that_it_is_a_name_more_is_believed(
    name: str, expected: list[tuple[str, Role]]
) -> None:
    assert names(name, is_name=True) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Reuters", True),
        ("reuters", True),
        ("朝港新聞", True),
        ("The Daily Journal", True),
        ("thelocal.example", True),
        ("Ann Lee", False),
        ("Maria Presser", False),
    ],
)
def test_organisations(name: str, *, expected: bool) -> None:
    assert is_organisation(name) is expected


@given(st.text(max_size=300), st.booleans())
def test_names_are_clean_and_each_stands_once(line: str, is_name: bool) -> None:
    found = read_names(line, is_name=is_name)
    assert len({b.name.casefold() for b in found}) == len(found)
    assert all(b.name == b.name.strip() and "@" not in b.name for b in found)


@given(st.lists(st.sampled_from(["Ann Lee", "Bo Ek", "Cy van der Fox"]), min_size=1, max_size=3, unique=True))
def test_persons_come_in_their_order(people: list[str]) -> None:
    for line in (", ".join(people), " and ".join(people), "By " + " & ".join(people), "\n".join(people)):
        assert [name for name, _ in names(line)] == people


@pytest.mark.parametrize(
    "line", ["by " * 50_000, "(" * 100_000, "Ann Lee, " * 20_000, "a@" * 50_000, "A" * 100_000]
)
def test_no_line_takes_long(line: str) -> None:
    names(line)


@pytest.mark.parametrize("bait", [" " * 2_000, "(c) " * 500, " ( ) " * 400])
def test_lines_of_blanks_take_no_time(bait: str) -> None:
    started = time.process_time()
    for _ in range(50):
        read_names(f"{bait}x", is_name=True)
    assert time.process_time() - started < 0.5, (
        "50 of them took 3 s when breaks were looked for in all blanks"
    )
