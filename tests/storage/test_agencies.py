"""The agency that a text says it is from."""

from __future__ import annotations

import pytest

from storage.agencies import known, named


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("Reuters Staff", "Reuters"),
        ("agence france-presse", "AFP"),
        ("The Associated Press", "AP"),
        ("共同通信", "Kyodo"),
        ("CTK", "ČTK"),
        ("Ada Holm", None),
        ("Redaktion", None),
        ("", None),
    ],
)
def test_known(name: str, agency: str | None) -> None:
    assert known(name) == agency


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        ("MERROWBY (Norwind) - Farmers in the north", "Norwind"),
        ("LONDON, March 3 (Reuters) - The bank", "Reuters"),
        ("Berlin (dpa/lnw) – Der Minister", "dpa"),
        ("PARIS (AFP) — Le président", "AFP"),
        ("WASHINGTON (AP/Reuters) — The", "AP, Reuters"),
        ("【ワシントン共同】大統領は", "Kyodo"),
        ("[東京 3日 ロイター] - 日銀は", "Reuters"),
        ("(서울=연합뉴스) 기자 =", "Yonhap"),
        ("新华社北京3月2日电 国务院", "Xinhua"),
        ("Olaf Beispiel (SPD) - der Minister", None),
        ("A man (42) - his name is not known", None),
        ("The bank (Reuters named it first) said - ", None),
        ("【独自】大統領は", None),
        ("", None),
    ],
)
def test_datelines(head: str, agency: str | None) -> None:
    assert named([], head, "The end.") == agency


@pytest.mark.parametrize(
    ("tail", "agency"),
    [
        ("it ended.\n\n(AFP)", "AFP"),
        ("it ended.\n\nSource: Reuters", "Reuters"),
        ("it ended.\n\ndpa/AFP", "AFP, dpa"),
        ("it ended, said Reuters", None),
        ("it ended.\n\nAda Holm", None),
    ],
)
def test_last_lines(tail: str, agency: str | None) -> None:
    assert named([], "It began.", tail) == agency


def test_bylines() -> None:
    assert named(["News desk", "AFP"], "", "") == "AFP"
    assert named(["dpa/AFP"], "", "") == "AFP, dpa"
    assert named(["The Courier"], "", "") is None
