"""The page's own word for its language, checked against the text."""

from __future__ import annotations

import pytest

from crawler.extraction.clues import Clues
from crawler.extraction.document import parse
from crawler.extraction.hints import Hints
from crawler.extraction.language import in_language, normal

TEXTS = {
    "en": "The harbour board said on Monday that the old pier would stay closed until the repairs are "
    "paid for. Its chair spoke of a difficult spring and of fishermen who land their catch further north.",
    "de": "Der alte Anleger bleibt geschlossen, bis die Reparatur bezahlt ist, teilte die Hafenverwaltung "
    "am Montag mit. Die Vorsitzende sprach von einem schwierigen Frühjahr und von Fischern, die weiter "
    "nördlich anlanden.",
    "nb": "Den gamle bryggen blir stengt til reparasjonen er betalt, sier havnestyret. Styrelederen snakket "
    "om en vanskelig vår og om fiskere som må levere fangsten sin lenger nord denne våren.",
    "ja": "老朽化した旧桟橋は補修費が支払われるまで閉鎖が続くと、港湾局が月曜日に発表した。"
    "局長は厳しい春になると述べ、漁業者は北側の小さな船着き場を使うよう求められている。"
    "町議会は二週間後に予算を採決する。",
    "pt": "O velho cais continua fechado até que os reparos sejam pagos, informou a administração do porto "
    "na segunda-feira. A presidente falou de uma primavera difícil para os pescadores da região.",
}


def language(html_lang: str, text: str, head: str = "", **hints: str) -> str | None:
    html = f'<html lang="{html_lang}"><head>{head}</head><body></body></html>'
    return in_language(Clues(parse(html.encode(), "https://x.example/"), Hints(**hints)), text).value


@pytest.mark.parametrize(
    ("html_lang", "text", "expected"),
    [
        ("en", "en", "en"),
        ("en-US", "en", "en"),
        ("en_GB", "en", "en"),
        ("de-AT", "de", "de"),
        ("pt-br", "pt", "pt-BR"),
        ("pt", "pt", "pt"),
        ("nb-NO", "nb", "nb"),  # the detector says "no"
        ("da", "nb", "da"),  # … and takes the two for one another
        ("ja-JP", "ja", "ja"),
        ("jp", "ja", "ja"),
        ("en", "de", "de"),  # a template's word
        ("en-US", "ja", "ja"),
        ("", "de", "de"),
        ("x-default", "en", "en"),
        ("kl", "nb", "kl"),  # a language that the detector does not know
    ],
)
def test_the_page_and_the_text_together(html_lang: str, text: str, expected: str) -> None:
    assert language(html_lang, TEXTS[text]) == expected


def test_a_word_that_fits_goes_before_one_that_does_not() -> None:
    assert language("en", TEXTS["pt"], '<meta property="og:locale" content="pt_BR">') == "pt-BR"


def test_without_text_the_pages_word_goes() -> None:
    assert language("sv-SE", "") == "sv"
    assert language("", "", '<meta http-equiv="content-language" content="fi">') == "fi"


def test_a_few_words_do_not_outweigh_the_page() -> None:
    assert language("fi", TEXTS["en"][:80]) == "fi"


def test_the_source_helps_where_the_page_says_nothing() -> None:
    assert language("", "", language="cs") == "cs"
    assert language("", "") is None


def test_every_word_is_evidence() -> None:
    html = '<html lang="en"><head><meta property="og:locale" content="de_DE"></head></html>'
    found = in_language(Clues(parse(html.encode(), "https://x.example/")), TEXTS["de"])
    kept = {
        (candidate.value, candidate.origin, candidate.chosen) for candidate in found.candidates("in_language")
    }
    assert kept == {("en", "html[lang]", False), ("de", "meta:og:locale", True), ("de", "text", False)}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("EN", "en"),
        (" de-CH ", "de"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("zh_CN", "zh-CN"),
        ("pt_BR.utf8", "pt-BR"),
        ("in", "id"),
        ("english", None),
        ("", None),
        ("12", None),
    ],
)
def test_short_tags(tag: str, expected: str | None) -> None:
    assert normal(tag) == expected
