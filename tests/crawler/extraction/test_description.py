"""The standfirst, as the page shows it or as its metadata has it."""

from __future__ import annotations

import pytest

from crawler.extraction.description import description, is_sure
from crawler.extraction.evidence import Found
from tests.news_page import SENTENCES, STORY, TITLE, laid_out, story_page

LEAD = "The board needs four million for the repairs, and the state has promised one."


def found(above: str = "", head: str = "", text: str = STORY) -> Found[str]:
    clues, layout = laid_out(story_page(above, head=head, text=text))
    return description(clues, layout, [TITLE], frozenset())


@pytest.mark.parametrize(
    "above",
    [
        f'<p class="article-lead">{LEAD}</p>',
        f'<p class="StandFirst">{LEAD}</p>',
        f'<h2 class="entry-subtitle">{LEAD}</h2>',
        f'<div class="teaser"><p>{LEAD}</p></div>',
        f'<p class="chapo">{LEAD}</p>',
        f'<div class="vorspann">{LEAD}</div>',
        f'<p class="ingress">{LEAD}</p>',
        f"<header><p>{LEAD}</p></header>",
        f"<h2>{LEAD}</h2>",
        f'<p class="byline">By Ann Lee</p><p class="sc-x1">{LEAD}</p>',
        f'<figure><figcaption>{SENTENCES[3]}</figcaption></figure><p class="summary">{LEAD}</p>',
    ],
)
def test_it_is_shown(above: str) -> None:
    standfirst = found(above, '<meta name="description" content="Something else, for search engines only.">')
    assert standfirst.value == LEAD
    assert standfirst.elements


def test_in_bold_at_the_beginning_of_the_text() -> None:
    assert found(text=f"<p><strong>{LEAD}</strong></p>{STORY}").value == LEAD


def test_in_several_lines_of_one_kind() -> None:
    above = f'<h3 class="sub-title">{LEAD}</h3><h3 class="sub-title">{SENTENCES[3]}</h3>'
    assert found(above).value == f"{LEAD} {SENTENCES[3]}"
    assert len(found(above).elements) == 2


def test_the_metadatas_words_without_any_telling_name() -> None:
    above = f'<span class="x7">{LEAD[:40]}</span><p class="x8">{LEAD}</p>'
    assert found(above, f'<meta property="og:description" content="{LEAD}">').value == LEAD


@pytest.mark.parametrize(
    "above",
    [
        "",
        '<p class="date">Published on Monday, 5 January 2026 at 10:15 o’clock in the morning</p>',
        f"<h2>{TITLE}, board says</h2>",
        f'<p class="caption">{SENTENCES[3]}</p>',
    ],
)
def test_not_shown_then_it_is_the_metadatas(above: str) -> None:
    head = f'<meta property="og:description" content="{LEAD}">'
    assert found(above, head).value == LEAD
    assert found(above, head).taken is not None
    assert not found(above, head).elements


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (f"{SENTENCES[0][:60]} …", None),
        (f"{SENTENCES[0][:60]} [...]", None),
        (f"{SENTENCES[0][:60]}", SENTENCES[0][:60]),
        (f"{LEAD[:59]} …", f"{LEAD[:59]} …"),
    ],
)
def test_the_storys_first_words_cut_off_are_no_standfirst(meta: str, expected: str | None) -> None:
    assert found(head=f'<meta name="description" content="{meta}">').value == expected


def test_one_that_page_and_metadata_agree_on_is_sure() -> None:
    head = f'<meta name="description" content="{LEAD}">'
    assert is_sure(found(f'<p class="uvod">{LEAD}</p>', head))
    assert not is_sure(found(f'<p class="uvod">{LEAD}</p>'))
    assert not is_sure(found("", head))


def test_a_name_that_every_paragraph_has_names_no_standfirst() -> None:
    text = "".join(f'<p class="lead">{sentence}</p>' for sentence in SENTENCES)
    assert found(text=text).value is None


def test_a_page_without_any() -> None:
    assert found().value is None
