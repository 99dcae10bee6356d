"""The best address of a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from crawler.extraction.picture_url import picture_url

BASE = "https://www.harbourpost.example/news/"


def best(html: str) -> str | None:
    element = lxml_html.fromstring(f"<div>{html}</div>").find(".//img")
    assert element is not None
    return picture_url(element, BASE)


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ('<img src="a.jpg">', "news/a.jpg"),
        ('<img src="/s.jpg" data-large-file="/l.jpg">', "l.jpg"),
        ('<img src="/a.jpg?w=100&h=50">', "a.jpg?w=100&h=50"),
        ('<img src="/s.jpg" srcset="/m.jpg 600w, /l.jpg 1200w">', "l.jpg"),
        ('<img src="/s.jpg" srcset="/m.jpg, /l.jpg 2x">', "l.jpg"),
        ('<img srcset="/m.jpg 1x,/l.jpg 2x">', "l.jpg"),
        ('<img srcset="1x,/l.jpg 2x">', "news/1x,/l.jpg"),
        ('<img srcset="/w_600,c_fill/a.jpg 600w, /w_900,c_fill/a.jpg 900w">', "w_900,c_fill/a.jpg"),
        ('<img src="data:image/gif;base64,R0lG" data-src="/a.jpg">', "a.jpg"),
        ('<img src="/img/placeholder.gif" data-original="/a.jpg">', "a.jpg"),
        ('<img src="/blank.png" data-lazy-srcset="/m.jpg 600w, /l.jpg 1200w">', "l.jpg"),
        ('<img src="data:x" data-flickity-lazyload="/a.jpg">', "a.jpg"),
        ('<picture><source srcset="/m.jpg 600w"><source srcset="/l.jpg 900w"><img src="/s.jpg">', "l.jpg"),
    ],
)  # fmt: skip
def test_the_largest(html: str, path: str) -> None:
    assert best(html) == f"https://www.harbourpost.example/{path}"


@pytest.mark.parametrize(
    "html",
    [
        "<img>",
        '<img src="">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="javascript:x">',
        '<img src="http://[">',
    ],
)
def test_no_address(html: str) -> None:
    assert best(html) is None


@given(st.text(alphabet="abc/.,:; 0123456789wxjpg%[]\"'=?&", max_size=120))
def test_nothing_raises(value: str) -> None:
    element = lxml_html.fromstring("<img>")
    for name in ("src", "srcset", "data-src", "data-anything-image"):
        element.set(name, value)
    url = picture_url(element, BASE)
    assert url is None or url.startswith("http")


@pytest.mark.parametrize(
    "value", ["a" * 3_000_000, "a" + " " * 3_000_000 + "b", "/a b 100w," * 100_000, "/blank-" * 300_000]
)
def test_no_attribute_takes_long(value: str) -> None:
    element = lxml_html.fromstring("<img>")
    element.set("src", value)
    element.set("srcset", value)
    picture_url(element, BASE)
