"""Captions and credits, parted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.credits import credit_line, is_credit, part_credit


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        # In brackets.
        ("The pier at night (©Agency by Ann Lee)", "The pier at night", "Agency by Ann Lee"),
        ("The pier at night. (AP Photo/Ann Lee)", "The pier at night.", "AP Photo/Ann Lee"),
        ("The pier at night (Foto: dpa)", "The pier at night", "dpa"),
        ("The pier at night [Photo by Ann Lee]", "The pier at night", "Ann Lee"),
        ("The pier at night. (Ann Lee/Quayside)", "The pier at night.", "Ann Lee/Quayside"),
        ("Il molo (ansa)", "Il molo", "ansa"),
        ("桟橋（撮影・佐倉美咲）", "桟橋", "佐倉美咲"),
        ("再開した桟橋＝2日、東京（共同）", "再開した桟橋＝2日、東京", "共同"),
        # After a label.
        ("The pier at night. Photo: Ann Lee / Reuters", "The pier at night.", "Ann Lee / Reuters"),
        ("Der Pier. Foto: Ute Kern/dpa", "Der Pier.", "Ute Kern/dpa"),
        ("Der Pier 2024. Archivfoto: Kern", "Der Pier 2024.", "Kern"),
        ("Le quai. Crédit photo : Luc Roy", "Le quai.", "Luc Roy"),
        ("El muelle. Fotografía: Eva Gil", "El muelle.", "Eva Gil"),
        ("Molo nocą. Fot. Jan Nowak", "Molo nocą.", "Jan Nowak"),
        ("Причал. Фото: Илья Ветров", "Причал.", "Илья Ветров"),
        ("Пристанът. Снимка: Петър Вълчев", "Пристанът.", "Петър Вълчев"),
        ("घाट फोटो: रवि नेगी", "घाट", "रवि नेगी"),
        ("Molas naktį. Onos Kairytės nuotr.", "Molas naktį.", "Onos Kairytės"),
        ("A móló éjjel. Nagy Béla felvétele", "A móló éjjel.", "Nagy Béla"),
        ("The pier. Courtesy of the harbour board", "The pier.", "the harbour board"),
        ("The pier. Photo by Ann Lee on Unsplash", "The pier.", "Ann Lee on Unsplash"),
        ("The pier Credit: Ann Lee", "The pier", "Ann Lee"),
        ("再開した桟橋＝撮影・中村亮", "再開した桟橋", "中村亮"),
        # After a sign.
        ("Der Pier © Ute Kern", "Der Pier", "Ute Kern"),
        ("Der Pier bei Nacht ⓒ AFP", "Der Pier bei Nacht", "AFP"),
        # After a break, where a supplier is named.
        ("The pier at night | AP", "The pier at night", "AP"),
        ("The pier at night. Getty Images/iStock", "The pier at night.", "Getty Images/iStock"),
        ("The pier at night – REUTERS/Ann Lee", "The pier at night", "REUTERS/Ann Lee"),
        ("Der Pier.Ute Kern/imago", "Der Pier.", "Ute Kern/imago"),
        ("重新开放的老码头 / 陈立", "重新开放的老码头", "陈立"),
        ("부두가 다시 열렸다. 연합뉴스", "부두가 다시 열렸다.", "연합뉴스"),
        ("부두가 다시 열렸다. 김민수 기자", "부두가 다시 열렸다.", "김민수 기자"),
        ("再開した桟橋＝2日、港町、佐倉美咲撮影", "再開した桟橋＝2日、港町", "佐倉美咲撮影"),
        # Nothing but a credit.
        ("Getty Images", "", "Getty Images"),
        ("Foto: Ute Kern", "", "Ute Kern"),
        ("© dpa", "", "dpa"),
        ("REUTERS/Ann Lee", "", "REUTERS/Ann Lee"),
        ("(Image: Getty Images/Quayside RF)", "", "Getty Images/Quayside RF"),
        ("- Copyright AP Photo", "", "AP Photo"),
        # Nothing but a caption.
        ("The pier at night", "The pier at night", ""),
        ("The pier on Tuesday (2024).", "The pier on Tuesday (2024).", ""),
        ("Tom (l.) and Jerry (r.)", "Tom (l.) and Jerry (r.)", ""),
        ("The Getty Museum is shown at night", "The Getty Museum is shown at night", ""),
        ("A sign points to the source: a spring", "A sign points to the source: a spring", ""),
        ("The photo shows a bridge", "The photo shows a bridge", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_part_credit(text: str, caption: str, credit: str) -> None:
    assert part_credit(text) == (caption, credit)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("(©Agency by Ann Lee)", "Agency by Ann Lee"),
        ("Photo: Ann Lee / Reuters", "Ann Lee / Reuters"),
        ("Photo by Ann Lee", "Ann Lee"),
        ("／撮影：佐倉美咲", "佐倉美咲"),
        ("/ Ann Lee", "Ann Lee"),
        ("Ann Lee (Quayside)", "Ann Lee (Quayside)"),
        ("Copyright", ""),
        ("", ""),
    ],
)
def test_credit_line(text: str, line: str) -> None:
    assert credit_line(text) == line


def test_is_credit() -> None:
    assert is_credit("Foto: Ute Kern")
    assert not is_credit("Der Pier. Foto: Ute Kern")
    assert not is_credit("Der Pier")


@given(st.text(max_size=200))
def test_nothing_is_made_up(text: str) -> None:
    caption, credit = part_credit(text)
    assert len(caption) + len(credit) <= len(text) + 1
    assert caption == caption.strip()
    assert credit == credit.strip()


@given(
    st.sampled_from(["The pier at night.", "Der alte Pier", "古い桟橋"]),
    st.sampled_from(["Foto: {}", "(Photo: {})", "© {}", "Photo: {} / Reuters", "[Foto: {}]"]),
    st.sampled_from(["Ann Lee", "Ute Kern/dpa", "佐倉美咲"]),
)
def test_captions_keep_what_the_picture_shows(caption: str, form: str, name: str) -> None:
    shown, credit = part_credit(f"{caption} {form.format(name)}")
    assert shown == caption
    assert credit.startswith(name)


@pytest.mark.parametrize(
    "text", ["(" * 200_000, "foto " * 50_000, "a | " * 50_000, ". AP " * 50_000, "A" * 500_000]
)
def test_no_text_takes_long(text: str) -> None:
    part_credit(text)
