"""Which text of a page is the story: a table of what stays, what goes, and in which form."""

from __future__ import annotations

import pytest

from crawler.extraction import body, embedded
from crawler.extraction.blocks import MAX_PIECES
from crawler.extraction.clues import Clues
from crawler.extraction.document import parse

A = "The harbour board said on Monday that the old pier would stay closed until summer."
B = "Its chair, Ada Holm, told the town council that the repairs had not been paid for."
C = "Fishermen who land their catch there were told by letter, most of them in February."
D = "A smaller landing stage further north takes some of the boats, but not the ferry."
E = "The council meets again in two weeks to vote on the money and on a new lease."
STORY = [A, B, C, D, E]
URL = "https://news.example.org/2026/pier"


def p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def found(html: str, *, head: str = "") -> list[str]:
    """The body as lines: "# " before headings, "> " before quotes, "- " before list items."""
    page = f"<html><head><title>Pier stays closed</title>{head}</head><body>{html}</body></html>"
    marks = {"heading": "# ", "quote": "> ", "list_item": "- ", "paragraph": ""}
    blocks = body.find(Clues(parse(page.encode(), URL))).blocks
    return [marks[block.kind] + block.text for block in blocks]


def around(*parts: str) -> str:
    """A story with `parts` in its middle."""
    return f"<h1>Pier stays closed</h1><article>{p(A, B, C)}{''.join(parts)}{p(D, E)}</article>"


KEPT = {
    "a heading": ("<h2>Who pays</h2>", ["# Who pays"]),
    "a paragraph beside a picture that has its caption": (
        "<div><p>The lamps were lit at noon, by mistake.</p>"
        '<figure><img src="a.jpg"><figcaption>The lamps at noon</figcaption></figure></div>',
        ["The lamps were lit at noon, by mistake."],
    ),
    "a heading in a box of its own": ("<div><h3>Who pays</h3></div>", ["# Who pays"]),
    "a bold line above a paragraph": ("<p><strong>Who pays</strong></p>", ["# Who pays"]),
    "a bold question in an interview": ("<p><b>Who pays, Ms Holm?</b></p>", ["Who pays, Ms Holm?"]),
    "a list": (
        "<ul><li>the planks, changed in 2015</li><li>the lamps</li></ul>",
        ["- the planks, changed in 2015", "- the lamps"],
    ),
    "a quote": (
        "<blockquote><p>We count every plank, and then again.</p></blockquote>",
        ["> We count every plank, and then again."],
    ),
    "a paragraph with links": (
        '<p>The <a href="/plan">plan of 2019</a> named <a href="/x">three firms</a>, of which two '
        "are left.</p>",
        ["The plan of 2019 named three firms, of which two are left."],
    ),
    "a sentence that is one link": (
        '<p><a href="/plan">The plan of 2019 was never carried out.</a></p>',
        ["The plan of 2019 was never carried out."],
    ),
    "a link within the page": (
        '<p><a href="#notes">See the notes below for all of the figures</a></p>',
        ["See the notes below for all of the figures"],
    ),
    "a fact box": (
        "<div class='infobox'><h3>The pier</h3><p>It was built in 1911, from larch, and is 212 "
        "metres long.</p></div>",
        ["# The pier", "It was built in 1911, from larch, and is 212 metres long."],
    ),
    "text parted by line breaks": (
        "<p>A first part that is long enough to see.<br><br>A second part that is long enough to see.</p>",
        ["A first part that is long enough to see.", "A second part that is long enough to see."],
    ),
    "a single line break": (
        "<p>Words before the break,<br>and words after.</p>",
        ["Words before the break, and words after."],
    ),
    "soft hyphens and odd blanks": (
        "<p>A har\u00adbour\u00a0with \u200ba  long history.</p>",
        ["A harbour with a long history."],
    ),
}

DROPPED = {
    "a figure": '<figure><img src="a.jpg"><figcaption>The pier in March. Photo: J. Roe</figcaption></figure>',
    "a caption in a div": (
        '<div><img src="a.jpg"><div>The pier in March, seen from the north. Photo: J. Roe</div></div>'
    ),
    "a caption named so": '<p class="wp-caption-text">The pier in March, seen from the north.</p>',
    "a list of related stories": (
        '<h3>Related</h3><ul><li><a href="/1">Ferry late again</a></li><li><a href="/2">Storm</a></li></ul>'
    ),
    "a related box": (
        '<div class="related-box"><p>The ferry was late again on Sunday, for the fourth time.</p></div>'
    ),
    "a list of links with other words": (
        '<ul><li><p><a href="/1">The ferry is late again on Sunday and the whole town waits for it</a></p>'
        "<p>On the island, in spring.</p></li></ul>"
    ),
    "the headline once more": "<h1>Pier stays closed</h1>",
    "a caption that is a sentence": '<div><img src="a.jpg"><p>The pier lay quiet in March.</p></div>',
    "a box of which only the title is left": (
        '<div><h3>The pier above</h3><div class="player"><p>Play the film from the pier.</p></div></div>'
    ),
    "a read-also line": (
        '<p>Lesen Sie auch: <a href="/1">Die Fähre kam am Sonntag schon wieder zu spät</a></p>'
    ),
    "a read-also label above a link": (
        '<p>Les også</p><p><a href="/1">Fergen var sent ute igjen på søndag</a></p>'
    ),
    "a Japanese list of links": (
        '<p>関連記事</p><ul><li><a href="/1">連絡船がまた遅れる</a></li><li><a href="/2">嵐の記録</a>'
        "</li></ul>"
    ),
    "a card with a linked title": (
        '<div><div><h4><a href="/1">Ferry late again on Sunday</a></h4>'
        "<p>For the fourth time this year passengers waited for an hour.</p></div></div>"
    ),
    "an advertisement's mark": "<div>Advertisement</div>",
    "a newsletter box": (
        '<div class="newsletter"><h3>Every morning</h3><p>Our letter from the harbour, free of '
        "charge.</p></div>"
    ),
    "a plea with a button, in words that nothing names": (
        '<div class="group has-background"><h4>Did you like this?</h4><p>We live on what our readers give '
        'us, every month.</p><a href="/give">I want to give</a></div>'
    ),
    "a remark in brackets that leads elsewhere": '<p><em>(Read this in <a href="/ja">Japanese</a>.)</em></p>',
    "share buttons": '<ul class="share"><li>Mail</li><li>Print this page</li></ul>',
    "a tag list": (
        '<p>Tags: <a href="/tag/pier">pier</a>, <a href="/tag/town">town</a>, <a href="/tag/sea">sea</a></p>'
    ),
    "a form": "<form><label>Your mail</label><p>We write to you once a week, no more.</p></form>",
    "a date": "<p>02.03.2026, 09:14</p>",
    "a copyright line": "<p>© 2026 Harbour Press. All rights reserved.</p>",
    "an embedded post": (
        '<blockquote class="twitter-tweet"><p>The pier is closed, says the board.</p>— Board</blockquote>'
    ),
    "a pull quote": f"<blockquote>{B[13:60]}</blockquote>",
    "a script": "<script>var story = 'The pier is closed, and so is the ferry.';</script>",
    "a line of signs": "<p>* * *</p>",
}

AFTER = {
    "comments": (
        '<section id="comments"><p>I have fished there for forty years and never paid a thing.</p></section>'
    ),
    "an author line": "<p>Author: Jane Roe</p>",
    "an author's box": (
        '<div class="author-bio"><p>Jane Roe has written about harbours since 2009 and lives by the '
        "sea.</p></div>"
    ),
    "a heading over nothing": "<h3>More from the harbour</h3>",
    "a heading over links": (
        '<h3>More</h3><p><a href="/1">The ferry is late again</a></p><p><a href="/2">Storm</a></p>'
    ),
    "a comment form": (
        "<h3>Leave a reply</h3><form><textarea></textarea><p>Your address will not be published.</p></form>"
    ),
    "a repeated paragraph": f"<p>{A}</p>",
    "a footer": (
        "<footer><p>Harbour Press, 1 Quay Street. Printed on paper from the island's own woods.</p></footer>"
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_the_storys_own_text_stays(name: str) -> None:
    html, lines = KEPT[name]
    assert found(around(html)) == [A, B, C, *lines, D, E]


@pytest.mark.parametrize("name", DROPPED)
def test_furniture_in_the_story_goes(name: str) -> None:
    assert found(around(DROPPED[name])) == STORY


@pytest.mark.parametrize("name", AFTER)
def test_furniture_below_the_story_goes(name: str) -> None:
    assert found(f"<h1>Pier stays closed</h1><article>{p(*STORY)}{AFTER[name]}</article>") == STORY


def test_a_heading_over_other_stories_goes_and_the_next_one_stays() -> None:
    other = '<h3>More</h3><div class="related"><p><a href="/1">The ferry is late again</a></p></div>'
    assert found(around(other, "<h3>Who pays</h3>")) == [A, B, C, "# Who pays", D, E]


def test_the_first_entry_of_a_live_blog_keeps_its_heading() -> None:
    entries = "".join(
        f"<article><h3>Entry {n}</h3><div>{p(text)}</div></article>" for n, text in enumerate(STORY)
    )
    lines = [line for n, text in enumerate(STORY) for line in (f"# Entry {n}", text)]
    assert found(f"<h1>Pier stays closed</h1><div>{entries}</div>") == lines


def test_a_brief_with_a_link_below_it_is_no_plea() -> None:
    html = f'<div><h2>Pier stays closed until the summer</h2>{p(A, B)}<a href="/news">All news</a></div>'
    assert found(html) == [A, B]


def test_what_other_fields_show_is_left_out() -> None:
    clues = Clues(parse(around("<p>Words that stand for a caption of the picture.</p>").encode(), URL))
    shown = [element for element in clues.document.tree.iter("p") if "caption" in (element.text or "")]
    assert [block.text for block in body.find(clues, shown_elsewhere=shown).blocks] == STORY


def test_labels_above_the_first_sentence_go() -> None:
    labels = "<p>By Jane Roe</p><p>Harbour desk</p><p>Updated 2 March</p>"
    assert found(f"<h1>Pier stays closed</h1><article>{labels}{p(*STORY)}</article>") == STORY


def test_a_placeholder_that_comes_again_and_again_goes() -> None:
    prompt = "<div><p>External content was blocked. Change your settings to see what stands here.</p></div>"
    html = f"<article>{p(A)}{prompt}{p(B)}{prompt}{p(C)}{prompt}{p(D, E)}</article>"
    assert found(html) == STORY


LAYOUTS = {
    "an article element": f"<article>{p(*STORY)}</article>",
    "divs without a name": f"<div><div><div>{p(*STORY)}</div></div></div>",
    "a layout table": f"<table><tr><td>Menu</td><td>{p(*STORY)}</td></tr></table>",
    "a form around the page": f"<form>{p(*STORY)}</form>",
    "a menu that is never closed": f"<nav><a href='/'>Home</a><div>{p(*STORY)}</div>",
    "a template that a script shows": f"<template id='story'>{p(*STORY)}</template>",
    "text for readers without scripts": f"<noscript><div>{p(*STORY)}</div></noscript>",
    "line breaks": f"<div>{'<br><br>'.join(STORY)}</div>",
    "a class that names furniture": f"<div class='sidebar-layout comments-open'>{p(*STORY)}</div>",
    "paragraphs that name furniture": "<div>"
    + "".join(f"<p class='paywall ad-free share'>{t}</p>" for t in STORY)
    + "</div>",
    "sections": "<article>" + "".join(f"<section><div>{p(t)}</div></section>" for t in STORY) + "</article>",
    "divs as paragraphs": "<article>" + "".join(f"<div>{t}</div>" for t in STORY) + "</article>",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story_is_found_in_any_layout(name: str) -> None:
    menu = "<ul>" + "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(20)) + "</ul>"
    cards = "".join(
        f'<div><h3><a href="/{n}">Another story {n} today</a></h3><p>{A} {n}</p></div>' for n in range(9)
    )
    assert found(f"{menu}<h1>Pier stays closed</h1>{LAYOUTS[name]}<div>{cards}</div>") == STORY


def test_a_lead_outside_the_container_belongs_to_the_story() -> None:
    lead = [
        f"{text} The paper has seen the letters, and the answers to them, and the bill." for text in STORY
    ]
    rest = [f"{text} It was the same on the {n}th day of the month." for n in range(4, 14) for text in STORY]
    html = f"<main><div><div>{p(*lead)}</div><div>{p(*rest)}</div></div></main>"
    assert found(html) == [*lead, *rest]


def test_one_long_paragraph_outside_the_container_is_a_lead_but_no_end() -> None:
    long = " ".join(f"{text} So it says in letter {n}." for n, text in enumerate(STORY * 2))
    rest = [f"{text} It was the same on the {n}th day of the month." for n in range(4, 9) for text in STORY]
    lead, inner = f"<div>{p(long)}</div>", f"<div>{p(*rest)}</div>"
    assert found(f"<main><div>{lead}{inner}</div></main>") == [long, *rest]
    assert found(f"<main><div>{inner}{lead}</div></main>") == rest


def test_scattered_notes_do_not_hide_a_short_story() -> None:
    notes = "".join(f"<div><div><p>Note {n}: {B}</p></div></div>" for n in range(6))
    assert found(f"<div><div>{p(*STORY)}</div></div>{notes}") == STORY


def test_a_lead_that_is_named_a_teaser_is_known_by_its_paragraphs() -> None:
    dressed = [f'<p class="c-text">{text}</p>' for text in STORY]
    html = f"<article><div class='teaser'>{dressed[0]}</div>{''.join(dressed[1:])}</article>"
    assert found(html) == STORY
    assert found(html.replace("c-text", "c-other", 1)) == STORY[1:]


def test_a_plea_for_scripts_is_no_story() -> None:
    assert found(f"<noscript><p>{A} Please switch scripts on to read on.</p></noscript><div></div>") == []


def test_text_above_the_headline_is_not_the_story() -> None:
    layer = p(*(f"{text} To go on, choose what may be stored." for text in STORY))
    html = f"<div>{layer}</div><div><h1>Pier stays closed</h1>{p(*STORY)}{p('The ferry waits.')}</div>"
    assert found(html)[0] == A


def test_words_in_a_name_are_taken_apart() -> None:
    assert (
        found(around("<div class='artRelatedBox'><p>The ferry was late again on Sunday evening.</p></div>"))
        == STORY
    )
    assert (
        found(around("<div class='has-related md:share'><p>The ferry was late on Sunday evening.</p></div>"))
        != STORY
    )


ARTICLE_DATA = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier"%s}</script>'


def test_the_data_goes_on_where_the_page_breaks_off() -> None:
    data = ARTICLE_DATA % f', "articleBody": "{A}\\n{B}\\n{C}\\n\\n{D}\\n{E}"'
    assert found(f"<h1>Pier</h1>{p(A)}", head=data) == STORY


def test_the_data_of_another_story_is_not_taken() -> None:
    data = ARTICLE_DATA % f', "articleBody": "{C}\\n{D}\\n{E}\\n{C}\\n{D}\\n{E}"'
    assert found(f"<h1>Pier</h1>{p(A, B)}", head=data) == [A, B]


def test_a_story_that_a_script_would_draw() -> None:
    story = "".join(f"\\u003cp\\u003e{text}\\u003c/p\\u003e" for text in STORY)
    inner = f'{{\\"id\\":1,\\"html\\":\\"{story}\\"}}'.replace("\\u", "\\\\u")
    assert found(f'<div id="app"></div><script>data = {{"html":"{story}"}}</script>') == STORY
    assert found(f'<div id="app"></div><script>push([1,"{inner}"])</script>') == STORY


def test_a_list_of_stories_hides_none() -> None:
    story = "".join(f"\\u003cp\\u003e{text}\\u003c/p\\u003e" for text in STORY)
    cards = "".join(f'<h3><a href="/{n}">Another story {n} today</a></h3>' for n in range(20))
    assert found(f'{cards}<script>data = {{"html":"{story}"}}</script>') == []


def test_a_story_in_short_lines_gets_a_second_opinion() -> None:
    lines = [
        "Who keeps the pier?",
        "Ada does.",
        "And who pays?",
        "The town.",
        "Since when?",
        "Since the storm.",
    ]
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in lines)
    assert found(f"<h1>Pier stays closed</h1><table>{rows}</table>", head=ARTICLE_DATA % "")[-6:] == lines
    assert found(f"<h1>Pier stays closed</h1><table>{rows}</table>") == []


def test_a_told_story_of_endless_lines_is_cut() -> None:
    story = embedded.as_paragraphs("a line\r\nanother\rand one more\n" + "x\n" * 100_000)
    assert [block.text for block in story[:3]] == ["a line", "another", "and one more"]
    assert len(story) == MAX_PIECES
