"""The headline, among all that a page calls its title."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from crawler.extraction.headline import headline
from crawler.extraction.hints import Hints
from tests.news_page import STORY, TITLE, clues, json_ld, page

OTHER = "Pier café owners hope for a decision in spring"
KICKER = "Harbour board: "
SHARED = "https://social.example/s?url=https%3A%2F%2Fwww.harbourpost.example%2Fnews%2F2026%2Fpier.html&text="
LINKED = json_ld(f'{{"@type": "Article", "headline": "{TITLE}"}}')


def said(head: str = "", body: str = "", hints: Hints | None = None) -> str | None:
    return headline(clues(page(body + f"<div>{STORY}</div>", head), hints=hints or Hints())).title.value


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # One title wherever one looks.
        (f"<title>{TITLE} | Harbour Post</title>", f"<h1>{TITLE}</h1>", TITLE),
        # The site's name, however it is put on.
        (f'<title>{TITLE} - News - harbourpost.example</title>', "", TITLE),
        (f'<title>The Harbour Post: {TITLE}</title><meta property="og:title" content="{TITLE}">', "", TITLE),
        (f"<title>{TITLE} | Podhorské listy</title>", f"<h1>{TITLE}</h1>", TITLE),
        # A logo or a section in the <h1>.
        (f'<meta property="og:title" content="{TITLE}">', "<h1>Harbour Post</h1>", TITLE),
        (f'<meta property="og:title" content="{TITLE}">', "<h1>Sport</h1>", TITLE),
        (f"<title>{TITLE}</title>", f"<h1>Sport</h1><h1>{TITLE}</h1>", TITLE),
        # Two places against one.
        (f'<meta property="og:title" content="{TITLE}">{LINKED}', f"<h1>{OTHER}</h1>", TITLE),
        # The readers' headline is a lesser heading, the <h1> a breadcrumb for search engines.
        (f'<title>{OTHER}</title><meta property="og:title" content="{TITLE}">',
         f"<ol><li><h1>{OTHER}</h1></li></ol><h2>{TITLE}</h2>", TITLE),
        # No heading at all.
        (f"<title>{TITLE}</title>", "", TITLE),
        # Nothing.
        ("", "", None),
    ],
)  # fmt: skip
def test_headline(head: str, body: str, expected: str | None) -> None:
    assert said(head, body) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # One place against one: the page's own heading.
        (f'<meta property="og:title" content="{OTHER}">', f"<h1>{TITLE}</h1>", TITLE),
        (f'<title>{OTHER}</title><meta property="og:title" content="{OTHER}">{LINKED}',
         f"<h1>{TITLE}</h1>", TITLE),
        # A kicker, a subtitle or a byline in the <h1> that the title does not have.
        (f"<title>{TITLE} | Harbour Post</title>",
         f"<h1><span>{KICKER}</span><span>{TITLE}</span></h1>", TITLE),
        (f"<title>{TITLE}</title>",
         f"<h1>{TITLE}<small>The board puts the decision off again</small></h1>", TITLE),
        # … and one that it has, too.
        (f"<title>{KICKER}{TITLE}</title>", f"<h1><span>{KICKER}</span>{TITLE}</h1>", KICKER + TITLE),
        # A breadcrumb that differs from the headline by a kicker alone: the wording of the title.
        (f"<title>{TITLE}</title>", f"<ol><li><h1>{TITLE}</h1></li></ol><h2>{KICKER}{TITLE}</h2>", TITLE),
        (f"<title>{KICKER}{TITLE}</title>",
         f"<ol><li><h1>{KICKER}{TITLE}</h1></li></ol><h2>{TITLE}</h2>", KICKER + TITLE),
    ],
)  # fmt: skip
def test_kickers_and_ties(head: str, body: str, expected: str) -> None:
    assert said(head, body) == expected


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        # Another headline of the same story.
        ("Old pier closed until the board has the money", "Old pier closed until the board has the money"),
        # The same with words around it, or without its kicker.
        (f"Worth reading: {KICKER}{TITLE}", KICKER + TITLE),
        (f"{KICKER}{TITLE} (harbourpost.example)", KICKER + TITLE),
        (TITLE, KICKER + TITLE),
        # A greeting; the site's name.
        ("I have just read this and thought of you", KICKER + TITLE),
        ("Harbour Post", KICKER + TITLE),
    ],
)  # fmt: skip
def test_what_the_share_buttons_say(shared: str, expected: str) -> None:
    link = f'<a href="{SHARED}{quote(shared)}">Share</a>'
    head = f'<title>{KICKER}{TITLE}</title><meta property="og:site_name" content="Harbour Post">'
    assert said(head, f"<h1>{KICKER}{TITLE}</h1>{link}") == expected


def test_a_subheading_is_not_the_headline() -> None:
    assert said(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1><h2>{OTHER}</h2>") == TITLE


def test_teasers_headings_below_the_text_do_not_count() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{STORY}</div><div class='teaser'><h1>{OTHER}</h1></div>")
    assert headline(clues(html)).title.value == TITLE


def test_what_was_announced_helps_where_there_is_little() -> None:
    assert said("", "", Hints(title=TITLE)) == TITLE


def test_a_headline_in_text_after_line_breaks() -> None:
    html = page(
        f"<table><tr><td><font>Post</font><h1>{TITLE}</h1>{STORY.replace('<p>', '<br>')}</td></tr></table>"
    )
    assert headline(clues(html)).title.value == TITLE


def test_where_the_headline_stands() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{STORY}</div>", f'<meta property="og:title" content="{TITLE}">')
    found = headline(clues(html))
    assert found.heading is not None
    assert found.heading.tag == "h1"


def test_all_wordings_are_evidence() -> None:
    html = page(
        f"<h1>{TITLE}</h1><div>{STORY}</div>",
        f'<title>{OTHER}</title><meta property="og:title" content="{TITLE}">',
    )
    candidates = headline(clues(html)).title.candidates("headline")
    assert {(c.value, c.origin) for c in candidates} == {
        (TITLE, "h1"),
        (TITLE, "meta:og:title"),
        (OTHER, "title"),
    }
    assert [c.chosen for c in candidates].count(True) == 1


@pytest.mark.parametrize("title", ["\ufffd", "!!!", "x" * 1_000_000, "a | " * 10_000])
def test_odd_titles(title: str) -> None:
    said(f"<title>{title}</title>", f"<h1>{title}</h1>")
