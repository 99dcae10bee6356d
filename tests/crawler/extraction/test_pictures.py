"""Which pictures are the story's."""

from __future__ import annotations

import pytest

from crawler.extraction.pictures import Pictures, pictures
from storage.records import Image
from tests.news_page import SENTENCES, STORY, json_ld, laid_out, story_page

CAPTION = "<figcaption>The pier. Photo: Ann Lee</figcaption>"
FIGURE = f'<figure><img src="/a.jpg" alt="A pier">{CAPTION}</figure>'
SITE = "https://www.harbourpost.example"


def found(above: str = "", below: str = "", head: str = "", text: str = STORY) -> Pictures:
    return pictures(*laid_out(story_page(above, below, head, text=text)))


def between(html: str) -> str:
    return f"<p>{SENTENCES[0]}</p>{html}<p>{SENTENCES[1]}</p><p>{SENTENCES[2]}</p>"


def test_a_lead_picture() -> None:
    assert found(FIGURE).images == (
        Image(
            url=f"{SITE}/a.jpg", caption="The pier.", credit_line="Ann Lee", alt_text="A pier", is_lead=True
        ),
    )


def test_pictures_come_in_their_order() -> None:
    second = FIGURE.replace("a.jpg", "b.jpg")
    images = found(FIGURE, text=between(second)).images
    assert [(image.url[-5:], image.is_lead) for image in images] == [("a.jpg", True), ("b.jpg", False)]


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="image">{FIGURE}</div>',
        '<div class="wp-caption"><img src="/a.jpg"><p class="caption">The pier. Photo: Ann Lee</p></div>',
        '<div class="x1"><img src="/a.jpg"><div>The pier.</div><div>Foto: Ann Lee</div></div>',
        '<table><tr><td><img src="/a.jpg"></td></tr><tr><td>The pier. Foto: Ann Lee</td></tr></table>',
        '<div><a href="/photo/1"><img src="/a.jpg"></a><p class="caption">The pier. Foto: Ann Lee</p></div>',
        f'<div><div><figure><img src="/a.jpg"></figure></div>{CAPTION}</div>',
        f'<button class="viewer">{FIGURE}</button>',
        f'<figure><picture><source><source><img src="/a.jpg"></picture>{CAPTION}</figure>',
        f'<figure><lazy-image data-src="/a.jpg"></lazy-image>{CAPTION}</figure>',
        f'<figure><img src="/a.jpg"><noscript><img src="/a.jpg"></noscript>{CAPTION}</figure>',
        '<aside class="image"><img src="/a.jpg"><p class="caption">The pier. (Photo by Ann Lee)</p></aside>',
        '<div itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img src="/a.jpg">'
        '<span itemprop="caption">The pier.</span> <em>Foto: Ann Lee</em></div>',
    ],
)  # fmt: skip
def test_captions_in_the_text(box: str) -> None:
    (image,) = found(text=between(box)).images
    assert (image.caption, image.credit_line) == ("The pier.", "Ann Lee")


def test_captions_and_credits_are_left_out_of_the_body() -> None:
    elements = found(text=between(FIGURE)).elements
    assert "figure" in {element.tag for element in elements}


def test_what_the_linked_data_says_of_a_picture() -> None:
    data = '{"@type": "ImageObject", "contentUrl": "/a.jpg", "caption": "The pier", "creditText": "Ann Lee"}'
    (image,) = found(
        '<figure><img src="/a.jpg"></figure>', head=json_ld(data.replace("/a.jpg", f"{SITE}/a.jpg"))
    ).images
    assert (image.caption, image.credit_line) == ("The pier", "Ann Lee")


def test_a_credit_in_the_alt_text() -> None:
    (image,) = found('<figure><img src="/a.jpg" alt="A pier © Ann Lee"></figure>').images
    assert (image.alt_text, image.credit_line, image.caption) == ("A pier © Ann Lee", "Ann Lee", None)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('<img class="logo" src="/post.png">', ""),
        ('<div class="author-box"><img src="/lee.jpg"></div>', ""),
        ('<img src="/icons/share.png">', ""),
        ('<img src="/a.jpg" width="16" height="16">', ""),
        ('<img src="/pixel/1x1.gif">', ""),
        ('<a href="/other-story"><img src="/b.jpg"><h3>Another story</h3></a>', ""),
        ('<figure><a href="/b"><img src="/b.jpg"></a><figcaption><a href="/b">Other</a></figure>', ""),
        ('<div class="ads"><img src="/b.jpg"></div>', ""),
        ("", '<div class="related"><figure><img src="/b.jpg"><figcaption>Other</figcaption></figure></div>'),
        ("", '<div class="card"><img src="/b.jpg"></div>'),
        ("<nav><img src='/b.jpg'></nav>", ""),
    ],
)  # fmt: skip
def test_other_pictures_are_left_out(above: str, below: str) -> None:
    assert found(above, below).images == ()


def test_one_picture_at_two_sizes_is_one() -> None:
    assert len(found(f'<img src="/a.jpg?w=100">{FIGURE}').images) == 1


def test_a_flood_of_pictures_is_cut() -> None:
    many = "".join(f'<figure><img src="/{i}.jpg">{CAPTION}</figure>' for i in range(2_000))
    assert 100 < len(found(text=between(many)).images) < 500
