"""What stands above the text, and what below."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from tests.news_page import STORY, TITLE, laid_out, page, story_page


def names(elements: Sequence[HtmlElement]) -> list[str]:
    return [name for element in elements if (name := element.get("id"))]


def test_the_zones_of_a_page() -> None:
    body = f"""<header><b id="logo">Post</b><nav><b id="menu">Home</b></nav></header>
    <main><b id="kicker">Harbour</b><h1>{TITLE}</h1><p id="lead">The money is missing.</p>
    <div id="text">{STORY}</div><p id="signed">Ann Lee</p>
    <div class="related"><b id="more">More</b></div></main>"""
    _, layout = laid_out(page(body))
    assert names(layout.above_headline) == ["logo", "kicker"]
    assert names(layout.below_headline) == ["lead", "text"]
    assert names(layout.foot) == ["signed"]
    assert "more" in names(layout.after_text)


def test_the_standfirst_is_above_the_second_paragraph_at_most() -> None:
    _, layout = laid_out(story_page())
    paragraphs = [element for element in layout.below_headline if element.tag == "p"]
    assert len(paragraphs) == 2


def test_half_of_the_paragraphs_are_the_story() -> None:
    read, layout = laid_out(story_page(above="<p id='lead'>A few words.</p>"))
    by_id = {element.get("id"): element for element in read.story.elements}
    assert layout.holds_story(read.story.container)
    assert not layout.holds_story(by_id["lead"])


def test_pictures_above_and_in_the_text_but_not_in_the_footer() -> None:
    body = f"""<img id="hero" src="h.jpg"><h1>{TITLE}</h1><div>{STORY}<lazy-image id="lazy" data-src="l.jpg">
    </lazy-image>{STORY}</div><footer><img id="logo" src="f.png"></footer>"""
    _, layout = laid_out(page(body))
    assert names(layout.story_images) == ["hero", "lazy"]


def test_a_page_without_headline_or_text() -> None:
    _, layout = laid_out(page("<p>Hello</p>"))
    assert layout.texts == ()
    assert layout.foot == () or layout.head
