"""JSON-LD, microdata and RDFa in one shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.document import parse
from crawler.extraction.linked_data import LinkedData, read
from tests.news_page import URL, json_ld, page


def linked(*objects: Any, body: str = "") -> LinkedData:
    texts = [text if isinstance(text, str) else json.dumps(text) for text in objects]
    return read(parse(page(body, json_ld(*texts)), URL))


def test_a_plain_object() -> None:
    data = linked({"@type": "NewsArticle", "headline": "Storm &amp; flood", "author": {"name": "Ann Lee"}})
    (story,) = data.stories
    assert story.texts("headline") == ("Storm & flood",)
    assert story.texts("author") == ("Ann Lee",)
    assert [(o.value, o.origin) for o in data.said("headline")] == [("Storm & flood", "json-ld:headline")]


@pytest.mark.parametrize("prefix", ["", "schema:", "http://schema.org/", "https://schema.org/"])
def test_prefixes_do_not_matter(prefix: str) -> None:
    data = linked({"@type": f"{prefix}NewsArticle", f"{prefix}headline": "Storm"})
    assert data.stories[0].text("headline") == "Storm"


def test_references_in_a_graph_are_followed() -> None:
    data = linked(
        {
            "@graph": [
                {
                    "@type": "Article",
                    "@id": "#a",
                    "headline": "Storm",
                    "author": [{"@id": "#p"}, {"@id": "#q"}],
                },
                {"@type": "Person", "@id": "#p", "name": "Ann Lee"},
                {"@type": "WebPage", "@id": "#w", "datePublished": "2026-01-05"},
            ]
        },
        {"@type": "Person", "@id": "#q", "name": "Bo Ek"},
    )
    assert data.stories[0].texts("author") == ("Ann Lee", "Bo Ek")
    assert [o.origin for o in data.said("datePublished")] == ["json-ld:WebPage.datePublished"]


def test_references_may_go_round_in_a_circle() -> None:
    data = linked(
        [
            {"@type": "NewsArticle", "@id": "#a", "headline": "Storm", "author": {"@id": "#p"}},
            {
                "@type": "Person",
                "@id": "#p",
                "name": "Ann Lee",
                "knows": {"@id": "#p"},
                "worksFor": {"@id": "#a"},
            },
        ]
    )
    assert data.stories[0].nodes("author")[0].nodes("knows")[0].text("name") == "Ann Lee"


def test_the_story_of_this_address_goes_first() -> None:
    data = linked(
        {"@type": "NewsArticle", "headline": "Another story", "url": "https://www.harbourpost.example/other"},
        {"@type": "Article", "headline": "This story", "mainEntityOfPage": {"@id": URL}},
    )
    assert [story.text("headline") for story in data.stories] == ["This story"]


def test_listed_and_related_stories_are_not_the_pages() -> None:
    data = linked(
        {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Another story"}]},
        {"@type": "WebPage", "hasPart": {"@type": "Article", "headline": "A part"}},
    )
    assert data.stories == ()


def test_a_broken_script_does_not_hide_a_whole_one() -> None:
    data = linked('{"@type": "NewsArticle", "headline": ', {"@type": "NewsArticle", "headline": "Storm"})
    assert data.stories[0].text("headline") == "Storm"


def test_an_object_without_a_type_that_has_a_headline() -> None:
    assert linked({"headline": "Storm"}).stories[0].text("headline") == "Storm"


def test_microdata() -> None:
    data = linked(
        body="""<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Storm</h1>
        <i itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ann Lee</b></i>
        <meta itemprop="datePublished" content="2026-01-05T10:00:00Z"><time itemprop="dateModified"
        datetime="2026-01-06">Tuesday</time></div>"""
    )
    (story,) = data.stories
    assert story.origin == "microdata"
    assert story.texts("author") == ("Ann Lee",)
    assert (story.text("datePublished"), story.text("dateModified")) == ("2026-01-05T10:00:00Z", "2026-01-06")


def test_rdfa() -> None:
    data = linked(
        body="""<div vocab="https://schema.org/" typeof="NewsArticle"><h1 property="headline">Storm</h1>
        <span property="author" typeof="Person"><b property="name">Ann Lee</b></span></div>"""
    )
    assert data.stories[0].texts("author") == ("Ann Lee",)


@pytest.mark.parametrize("depth", [200, 900, 20_000])
def test_deep_nesting(depth: int) -> None:
    assert linked('{"a":' * depth + "1" + "}" * depth).stories == ()


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=8)
        | st.sampled_from(["NewsArticle", "#a"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["@type", "@id", "@graph", "author", "headline", "name", "hasPart"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_any_object_is_read(value: Any) -> None:
    data = linked(value)
    for node in data.nodes:
        assert all(isinstance(text, str) for key in node.properties for text in node.texts(key))
    assert len(list(data.said("headline", "author"))) < 1_000
