"""Correction notices: found in data, in boxes and in the text, and parted from the story."""

from __future__ import annotations

import pytest

from crawler.extraction import extract
from tests.news_page import SENTENCES, STORY, URL, json_ld, story_page

NOTICE = "An earlier version of this article misspelt the name of the engineer, Ada Holm."


LENGTH = "Correction: the pier is 90 metres long, not 190."
DATED = "Correction, 3 March 2026: the pier is 90 metres long, not 190, as it said here on Monday."
GERMAN = "Korrektur: Der Steg ist 90 Meter lang, nicht 190."
JAPANESE = "訂正：桟橋の長さは１９０メートルではなく、９０メートルでした。"


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        *((f"{STORY}<p>{notice}</p>", [notice]) for notice in (LENGTH, DATED, GERMAN, JAPANESE, NOTICE)),
        (f"<p>{DATED}</p>{STORY}", [DATED]),
        (f"{STORY}<h3>Correction</h3><p>The pier is 90 metres long.</p>", ["The pier is 90 metres long."]),
    ],
)
def test_in_the_text(text: str, notices: list[str]) -> None:
    article = extract(story_page(text=text), URL)
    assert list(article.corrections) == notices
    assert article.body == "\n\n".join(SENTENCES)


@pytest.mark.parametrize(
    "text",
    [
        "Corrections officers met on the pier: they were not amused at all.",
        "Correctional facilities – and there are three on the island – are full.",
        "The board made a correction: the pier is 90 metres long.",
    ],
)
def test_what_only_speaks_of_corrections(text: str) -> None:
    article = extract(story_page(text=f"{STORY}<p>{text}</p>"), URL)
    assert article.corrections == ()
    assert article.blocks[-1].text == text


def test_in_a_box_of_its_own() -> None:
    box = '<div class="article-correction"><p>The pier is 90 metres long, not 190.</p></div>'
    assert extract(story_page(below=box), URL).corrections == ("The pier is 90 metres long, not 190.",)


def test_in_the_data_and_in_the_text_is_one() -> None:
    data = json_ld(f'{{"@type": "NewsArticle", "headline": "x", "correction": "{NOTICE}"}}')
    article = extract(story_page(head=data, text=f"{STORY}<p>{NOTICE}</p>"), URL)
    assert article.corrections == (NOTICE,)
    assert article.body == "\n\n".join(SENTENCES)


def test_as_a_thing_of_its_own() -> None:
    data = json_ld(
        '{"@type": "NewsArticle", "headline": "x", "correction": {"@type": "CorrectionComment", "text": '
        '"The pier is 90 metres long."}}'
    )
    assert extract(story_page(head=data), URL).corrections == ("The pier is 90 metres long.",)


def test_a_page_that_is_a_correction_keeps_its_text() -> None:
    text = (
        "<p>Correction: in our story on the pier we gave its length as 190 metres, which is 100 too many.</p>"
    )
    assert extract(story_page(text=text), URL).body.startswith("Correction: in our story")
