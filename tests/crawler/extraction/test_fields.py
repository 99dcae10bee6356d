"""All fields of one page, in the designs that publishers use."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.fields import read
from crawler.extraction.hints import Hints
from storage.records import Byline, Role
from tests.news_page import SENTENCES, STORY, TITLE, clues, json_ld, page

# The page that a newsroom archives most: everything is shown, nothing is said to machines.
TYPICAL = page(
    f"""<header><a href="/"><img src="/logo.png" alt="Post"></a><nav><a href="/a">Home</a></nav></header>
    <article><h1>{TITLE}</h1><p class="lead">The state has promised one million of four.</p>
    <p class="meta">5 January 2026, 10:15 GMT</p>
    <figure><img src="/lead.jpg" alt="A pier in rain"><figcaption>The pier in December (©Agency by Cy Fox)
    </figcaption></figure>
    <p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>
    <figure><img src="/two.jpg" alt="Two ferries"><figcaption>Ferries wait. Photo: Di Poe / Reuters
    </figcaption></figure>
    <p>{SENTENCES[2]}</p><p>{SENTENCES[3]}</p><p>Author: Ann Lee</p></article>
    <div class="related"><a href="/x"><img src="/x.jpg"><h3>Another story altogether</h3></a></div>""",
    f"<title>{TITLE} | Harbour Post</title>",
)


def test_the_typical_page() -> None:
    found = read(clues(TYPICAL))
    assert found.headline == TITLE
    assert found.description == "The state has promised one million of four."
    assert found.byline == "Author: Ann Lee"
    assert found.bylines == (Byline(name="Ann Lee"),)
    assert found.date_published is not None
    assert found.date_published.value == dt.datetime(2026, 1, 5, 10, 15, tzinfo=dt.UTC)
    assert [(i.caption, i.credit_line, i.alt_text, i.is_lead) for i in found.pictures.images] == [
        ("The pier in December", "Agency by Cy Fox", "A pier in rain", True),
        ("Ferries wait.", "Di Poe / Reuters", "Two ferries", False),
    ]


def test_what_is_shown_elsewhere_can_be_cut_from_the_body() -> None:
    shown = {(element.tag, (element.text or "").strip()[:7]) for element in read(clues(TYPICAL)).shown_in}
    assert {("h1", "Old pie"), ("p", "Author:"), ("figure", "")} <= shown


def test_evidence_names_every_field_once_chosen() -> None:
    chosen = [c.field for c in read(clues(TYPICAL)).evidence if c.chosen]
    assert chosen == ["headline", "description", "byline", "date_published", "canonical_url"]


def test_a_portal_that_says_everything_to_machines() -> None:
    data = f"""{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{TITLE}",
        "description": "One million of four.", "author": [{{"@type": "Person", "name": "Ann Lee"}}, "dpa"],
        "datePublished": "2026-01-05T10:15:00Z", "dateModified": "2026-01-05T11:00:00Z",
        "keywords": ["Pier"], "articleSection": "Harbour", "isAccessibleForFree": false,
        "publisher": {{"name": "Harbour Post"}}}}"""
    found = read(clues(page(f"<h1>{TITLE}</h1><div>{STORY}</div>", json_ld(data))))
    assert (found.headline, found.description, found.article_section) == (
        TITLE,
        "One million of four.",
        "Harbour",
    )
    assert found.bylines == (Byline(name="Ann Lee"), Byline(name="dpa", role=Role.AGENCY))
    assert found.date_modified is not None
    assert found.date_modified.isoformat() == "2026-01-05T11:00:00+00:00"
    assert (found.keywords, found.site_name, found.is_accessible_for_free) == (
        ("Pier",),
        "Harbour Post",
        False,
    )


def test_a_page_of_tables_and_line_breaks() -> None:
    text = "<br><br>".join(SENTENCES)
    html = page(
        f"<table><tr><td><h1>{TITLE}</h1><i>5. ledna 2026, Ann Lee</i><br><br>{text}</td></tr></table>",
        lang="",
    )
    found = read(clues(html))
    assert found.headline == TITLE
    assert [b.name for b in found.bylines] == ["Ann Lee"]
    assert found.date_published is not None
    assert found.date_published.value == dt.date(2026, 1, 5)


def test_nothing_is_missing_as_an_empty_text() -> None:
    found = read(clues(page("")))
    assert found.canonical_url
    empty = (found.headline, found.description, found.byline, found.date_published, found.site_name)
    assert all(value is None for value in empty)


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class='lead'>", "<figure>", "</figure>", "<figcaption>", "<img src='/a.jpg'>"),
        *("<h1>", "</h1>", "<time datetime='2026-01-05'>", "<a rel='author'>", "<table><tr><td>", "<br>"),
        *("<script>", "<button>", "<li>", "</div></div>", "<title>", "<span itemprop='author' itemscope>"),
        *("<base href='http://['>", "<link rel=canonical href='//'>", "<meta content='x'>", "</script>"),
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {',
        *("By Ann Lee", "5 May 2026", SENTENCES[0], SENTENCES[1], "Photo: Bo Ek / AP", "\x00\ufffd", "((("),
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=60), st.sampled_from(["https://x.example/a", "", "http://[", "file:///x"]))
def test_no_page_raises(pieces: list[str], url: str) -> None:
    found = read(clues(page("".join(pieces)), url, Hints(fetched_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))))
    texts = (found.headline, found.description, found.byline, found.site_name, found.article_section)
    pictures = (
        text for image in found.pictures.images for text in (image.url, image.caption, image.credit_line)
    )
    for text in (*texts, *pictures, *found.keywords, *(name.name for name in found.bylines)):
        assert text is None or (text and text == text.strip())
        (text or "").encode()
