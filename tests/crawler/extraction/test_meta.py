"""<meta> and <link>."""

from __future__ import annotations

from crawler.extraction.document import parse
from crawler.extraction.meta import Meta, read
from tests.news_page import URL, page


def meta(head: str, body: str = "") -> Meta:
    return read(parse(page(body, head), URL))


def test_names_in_any_attribute_and_case() -> None:
    found = meta(
        '<meta property="OG:Title" content="Storm"><meta name="Author" content="Ann Lee">'
        '<meta itemprop="datePublished" content="2026-01-05">'
    )
    assert found.text("og:title") == "Storm"
    assert found.text("author") == "Ann Lee"
    assert found.text("missing", "datepublished") == "2026-01-05"


def test_contents_keep_their_order_and_stand_once() -> None:
    found = meta("".join(f'<meta property="article:tag" content="{tag}">' for tag in ("b", "a", "b")))
    assert [(o.value, o.origin) for o in found.said("article:tag")] == [
        ("b", "meta:article:tag"),
        ("a", "meta:article:tag"),
    ]


def test_markup_and_entities_in_a_content() -> None:
    assert meta('<meta name="description" content="A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;">').text(
        "description"
    ) == ("A & B bold")


def test_tags_that_spilt_into_the_body() -> None:
    assert meta("", '<meta property="og:title" content="Storm">').text("og:title") == "Storm"


def test_links_by_each_of_their_relations() -> None:
    found = meta('<link rel="canonical alternate" href=" /story ">')
    assert found.links["canonical"] == found.links["alternate"] == ("/story",)
