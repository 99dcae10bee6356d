"""Where the story's text stands."""

from __future__ import annotations

import pytest

from crawler.extraction.story import find
from crawler.extraction.text import visible_text
from tests.news_page import SENTENCES, STORY, clues, page

TEASERS = "".join(f'<div class="card"><a href="/{i}">{SENTENCES[i]}</a></div>' for i in range(4)) * 3


def container(body: str) -> str:
    return find(clues(page(body)).document).container.get("id") or ""


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="text">{STORY}</div>',
        f'<main><nav>{TEASERS}</nav><article><div id="text">{STORY}</div></article></main>',
        f'<div id="text">{STORY}</div><div class="teasers">{TEASERS}</div>',
        f'<div id="text">{STORY}</div><div class="comments">{STORY}{STORY}</div>',
        f'<div id="text" class="paywall">{STORY}</div><p>Subscribe</p>',
        f'<div id="text">{"<br><br>".join(SENTENCES)}</div><ul><li>Home</li></ul>',
        f'<div id="text"><section>{STORY}</section><section>{STORY}</section></div>',
    ],
)
def test_the_container_is_the_smallest_that_holds_most_running_text(body: str) -> None:
    assert container(body) == "text"


def test_an_empty_page_has_a_story_without_text() -> None:
    story = find(clues(page("")).document)
    assert story.texts == ()
    assert story.paragraphs == ()


def test_text_after_line_breaks_has_its_own_place() -> None:
    body = f"<div><h1>Title</h1><i>5 January</i><br>{SENTENCES[0]}<br>{SENTENCES[1]}</div>"
    story = find(clues(page(body)).document)
    assert [story.elements[text.place].tag for text in story.texts] == ["br", "br"]
    assert len(story.paragraphs) == 1


def test_scripts_without_spaces_need_fewer_characters() -> None:
    body = (
        "<div id='text'>"
        + "<p>老朽化した旧桟橋が月曜日に再開した。</p>" * 3
        + "</div><div><p>Home of news</p></div>"
    )
    story = find(clues(page(body, lang="ja")).document)
    assert len(story.texts) == 3


def test_what_stands_beside() -> None:
    body = f"""<div id="all" class="with-comments"><div class="text">{STORY}</div>
    <div class="related"><b id="in">More</b></div><aside><b id="aside">x</b></aside><b id="out">x</b></div>"""
    story = find(clues(page(body)).document)
    by_id = {element.get("id"): element for element in story.elements}
    assert [story.beside.holds(by_id[name]) for name in ("in", "aside", "out")] == [True, True, False]


def test_hidden_elements_are_not_shown() -> None:
    story = find(
        clues(page("<script>x</script><svg><g></g></svg><button><img src='a.jpg'></button>")).document
    )
    assert [element.tag for element in story.elements] == ["body", "button", "img"]
    assert visible_text(story.document.tree) == ""
