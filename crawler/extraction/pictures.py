"""The story's pictures, in order, each with what is written with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.captions import CAPTION, Words, words_of
from crawler.extraction.clues import Clues
from crawler.extraction.credits import credit_line, part_credit
from crawler.extraction.layout import Layout
from crawler.extraction.linked_data import Node
from crawler.extraction.marks import marks, naming
from crawler.extraction.picture_url import all_urls, picture_url
from crawler.extraction.surroundings import ancestry
from crawler.extraction.text import clean, visible_text, word_set
from storage.records import Image

# Pictures that are no part of a story.
_NOT_STORY = naming(
    r"""
    avatars? logos? icons? authors? autor\w* profile portrait_author bylines? emoji badge ads? advert\w* sponsor\w* tracking
    pixel share social teasers? related recommend\w* promo\w* newsletter thumb_?nav comments? app_?store
    """
)
_NOT_STORY_URL = re.compile(
    r"(?:^|[/_.-])(?:logos?|icons?|avatars?|sprites?|pixel|tracking|beacon|badge|emoji|gravatar|placeholder|spacer|button|"
    r"facebook|twitter|whatsapp|author|autoren|staff)(?=[/_.-]|\d|$)|\.svg(?:$|\?)|^data:|scorecardresearch|doubleclick",
    re.IGNORECASE,
)
# Smaller pictures, in pixels, are ornaments unless they have a caption.
_SMALLEST = 120
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#!])", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
# An element so named holds a picture with its words, and nothing else.
_BOX = naming(
    "figure pictures? images? imgs? photos? fotos? bild media wp_caption captions? thumbnail hero visual slides?"
)
_PARAGRAPH_TAGS = word_set("p li td blockquote")
# How far up an element that holds picture and caption together may be.
_UNIT_LEVELS = 5
_UNIT_TEXT = 900


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures in page order, and the elements that the body leaves out for them."""

    images: tuple[Image, ...] = ()
    elements: tuple[HtmlElement, ...] = ()


def pictures(clues: Clues, layout: Layout) -> Pictures:
    """Every picture of the story with caption, credit and alt text; logos, teasers and ads are none."""
    described = _described(clues)
    images: list[Image] = []
    elements: list[HtmlElement] = []
    seen: set[str] = set()
    for img, unit in _units(layout, clues):
        url = picture_url(img, clues.document.base_url)
        words = words_of(unit) if unit is not None else Words()
        if url is None or not _is_story_picture(img, url, words):
            continue
        keys = {_key(address) for address in all_urls(img, clues.document.base_url)}
        if keys & seen:
            continue
        seen |= keys
        lead = not images and layout.is_above_text(img)
        images.append(_image(img, url, words, described.get(_key(url), Words()), is_lead=lead))
        elements.extend((unit,) if unit is not None and unit.tag == "figure" else (img, *words.elements))
    return Pictures(tuple(images), tuple(elements))


def _image(img: HtmlElement, url: str, words: Words, described: Words, *, is_lead: bool) -> Image:
    alt = clean(img.get("alt"))
    in_alt = next(
        (credit for text in (alt, clean(img.get("title"))) if (credit := part_credit(text)[1])), None
    )
    return Image(
        url=url,
        caption=words.caption or clean(img.get("data-caption")) or described.caption,
        credit_line=words.credit or credit_line(img.get("data-credit") or "") or described.credit or in_alt,
        alt_text=alt or None,
        is_lead=is_lead,
    )


# Which pictures ------------------------------------------------------------------------------------


def _units(layout: Layout, clues: Clues) -> Iterator[tuple[HtmlElement, HtmlElement | None]]:
    """Each <img> of the story's part of the page, with the element that holds it and its words."""
    done: set[HtmlElement] = set()
    for img in layout.story_images:
        figure = next((node for node in ancestry(img) if node.tag == "figure"), None)
        if figure is not None and figure in done:
            continue
        if _is_teaser(img, figure, clues):
            continue
        unit = figure if figure is not None else _box(img, layout)
        if figure is not None:
            done.add(figure)
        yield img, unit


def _box(img: HtmlElement, layout: Layout) -> HtmlElement | None:
    """The element around `img` that holds a caption or is named a picture, and holds no other picture."""
    found = None
    for node in ancestry(img)[1 : 1 + _UNIT_LEVELS]:
        if layout.holds_story(node) or node.tag in _PARAGRAPH_TAGS or sum(1 for _ in node.iter("img")) > 1:
            break
        text = visible_text(node)
        if len(text) > _UNIT_TEXT:
            break
        if text and (
            _BOX.search(marks(node)) or any(CAPTION.search(marks(e)) for e in node.iterdescendants())
        ):
            found = node
            break
    return found


def _is_teaser(img: HtmlElement, figure: HtmlElement | None, clues: Clues) -> bool:
    """Whether the picture is a link to another page, caption and all."""
    link = next((node for node in ancestry(img) if node.tag == "a" and node.get("href")), None)
    if link is None or _PICTURE_FILE.search(link.get("href") or ""):
        return False
    href = (link.get("href") or "").strip()
    if href.startswith(("#", "javascript:")) or href == clues.document.url:
        return False
    return figure is None or figure in link.iterdescendants("figure")


def _is_story_picture(img: HtmlElement, url: str, words: Words) -> bool:
    if any(_NOT_STORY.search(marks(node)) for node in ancestry(img)[:4]):
        return False
    if words.caption:
        return True
    if _NOT_STORY_URL.search(url):
        return False
    return not any(0 < _pixels(img.get(side)) < _SMALLEST for side in ("width", "height"))


def _pixels(text: str | None) -> int:
    number = _NUMBER.match(text or "")
    return int(number[1]) if number else 0


def _key(url: str) -> str:
    """What all sizes of one picture share, where the address has its name in the path."""
    path, _, query = url.partition("?")
    return path if not query or _PICTURE_FILE.search(path) else url


# Linked data ---------------------------------------------------------------------------------------


def _described(clues: Clues) -> dict[str, Words]:
    """What the linked data says of pictures, by address."""
    found: dict[str, Words] = {}
    for node in clues.linked.of_type("imageobject"):
        for key in ("contentUrl", "url", "@id"):
            for address in node.texts(key):
                found.setdefault(_key(address), _words(node))
    return found


def _words(node: Node) -> Words:
    caption, credit = part_credit(node.text("caption") or "")
    said = (
        node.text(key) for key in ("creditText", "copyrightHolder", "author", "creator", "copyrightNotice")
    )
    return Words(caption or None, credit or credit_line(next((text for text in said if text), "")) or None)
