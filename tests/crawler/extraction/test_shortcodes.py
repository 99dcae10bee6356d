"""Captions that WordPress did not render."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.extraction.shortcodes import rendered
from tests.news_page import SENTENCES, URL, story_page

IMG = '<img src="/pier.jpg" alt="The pier">'


@pytest.mark.parametrize(
    "code",
    [
        f'[caption id="a1" width="300"]{IMG} The pier in spring. Photo: Ada Holm[/caption]',
        f'[caption id="a1"]<a href="/large.jpg">{IMG}</a>\nThe pier in spring. Photo: Ada Holm[/caption]',
    ],
)
def test_a_caption_is_a_caption(code: str) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:2]) + f"<p>{code}</p>"
    article = extract(story_page(text=text + "".join(f"<p>{s}</p>" for s in SENTENCES[2:])), URL)
    assert [(i.caption, i.credit_line) for i in article.images] == [("The pier in spring.", "Ada Holm")]
    assert article.body == "\n\n".join(SENTENCES)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "no code",
        "[caption]no picture[/caption]",
        "[/caption]",
        f"[caption]{IMG} never closed",
        "[caption[/caption]",
    ],
)
def test_what_is_no_such_code_stays(html: str) -> None:
    assert rendered(html.encode()) == html.encode()


@given(st.lists(st.sampled_from(["[caption", "]", IMG, "[/caption]", "x", "<a href=y>"]), max_size=30))
def test_nothing_else_is_lost(pieces: list[str]) -> None:
    html = "".join(pieces).encode()
    assert rendered(html).count(b"<img") == html.count(b"<img")
    assert rendered(html).count(b"x") == html.count(b"x")
