"""The words beside one picture, in the markup that publishers put them in."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from crawler.extraction.captions import words_of

IMG = '<img src="a.jpg">'


@pytest.mark.parametrize(
    "inside",
    [
        "<figcaption>The pier. Photo: Ann Lee</figcaption>",
        '<figcaption>The pier. <span class="credit">Ann Lee</span></figcaption>',
        '<figcaption><b class="caption">The pier.</b><i class="copyright">© Ann Lee</i></figcaption>',
        "<figcaption><p>The pier.</p><p>Ann Lee</p></figcaption>",
        "<figcaption>The pier. <small>Ann Lee</small></figcaption>",
        "<figcaption>The pier.</figcaption><footer>Ann Lee</footer>",
        "<figcaption>The pier. <cite>Foto: Ann Lee</cite></figcaption>",
        "<p>The pier. <span>Foto: Ann Lee</span></p>",
        '<div class="bildunterschrift">The pier.</div><div class="bildnachweis">Ann Lee</div>',
        '<figcaption><button>Open</button><b>1/5 </b>The pier. <i class="author">Ann Lee</i></figcaption>',
        '<figcaption class="sr-only">The pier. <cite>Foto: Ann Lee</cite></figcaption>',
        '<figcaption><i class="visually-hidden">Image caption, </i>The pier. <b class="credit">Ann Lee</b>',
    ],
)
def test_caption_and_credit(inside: str) -> None:
    words = words_of(lxml_html.fromstring(f"<figure>{IMG}{inside}</figure>"))
    assert (words.caption, words.credit) == ("The pier.", "Ann Lee")


@pytest.mark.parametrize(
    ("inside", "caption", "credit"),
    [
        ("", None, None),
        ("<figcaption></figcaption>", None, None),
        ("<figcaption>The pier at night</figcaption>", "The pier at night", None),
        ("<figcaption>A scene from <em>Titanic</em></figcaption>", "A scene from Titanic", None),
        ("<figcaption>Getty Images</figcaption>", None, "Getty Images"),
        ('<figcaption class="credit">Ann Lee</figcaption>', "Ann Lee", None),
        ('<span class="photographer">Ann Lee</span>', None, "Ann Lee"),
        ("<figcaption>" + "word " * 1_000 + "</figcaption>", None, None),
    ],
)
def test_one_without_the_other(inside: str, caption: str | None, credit: str | None) -> None:
    words = words_of(lxml_html.fromstring(f"<figure>{IMG}{inside}</figure>"))
    assert (words.caption, words.credit) == (caption, credit)


def test_the_outlets_name_alone_is_a_credit() -> None:
    caption = "<figcaption>The pier. <span>The Harbour Post</span></figcaption>"
    figure = lxml_html.fromstring(f"<figure>{IMG}{caption}</figure>")
    assert words_of(figure, frozenset({"theharbourpost"})).credit == "The Harbour Post"


def test_a_credit_that_stands_twice_is_read_once() -> None:
    twice = '<small class="credit">© Ann Lee</small>'
    words = words_of(
        lxml_html.fromstring(f"<figure>{IMG}{twice}<figcaption>The pier.{twice}</figcaption></figure>")
    )
    assert (words.caption, words.credit) == ("The pier.", "Ann Lee")
