"""The story's pictures, in order, each with what is written with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

from crawler.extraction.captions import CAPTION, Words, words_of
from crawler.extraction.clues import Clues
from crawler.extraction.credits import credit_line, part_credit
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.layout import IMAGE_TAGS, Layout
from crawler.extraction.linked_data import Node
from crawler.extraction.marks import naming
from crawler.extraction.overrides import outermost
from crawler.extraction.picture_url import picture_url
from crawler.extraction.surroundings import ancestry
from crawler.extraction.text import any_of, clean, visible_text, word_set
from storage.records import Candidate, Image

# Pictures that are no part of a story.
_NOT_STORY = naming(
    r"""
    avatars? logos? icons? authors? autor\w* profile portrait_author bylines? emoji badge ads? advert\w*
    sponsor\w* tracking pixel share social thumb_?nav comments? app_?store
    """
)
_NOT_STORY_NAMES = any_of(
    """
    logos?, icons?, avatars?, sprites?, pixel, tracking, beacon, badge, emoji, gravatar, placeholder,
    spacer, button, facebook, twitter, whatsapp, author, autoren, staff
    """
)
_NOT_STORY_URL = re.compile(
    rf"(?:^|[/_.-])(?:{_NOT_STORY_NAMES})(?=[/_.-]|\d|$)|\.svg(?:$|\?)|scorecardresearch|doubleclick",
    re.IGNORECASE,
)
# Smaller pictures, in pixels, are ornaments unless they have a caption.
_SMALLEST = 120
_CREDIT_KEYS = ("creditText", "copyrightHolder", "author", "creator", "copyrightNotice")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#!])", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
# An element so named holds a picture with its words, and nothing else.
_BOX = naming(
    "figure pictures? images? imgs? photos? fotos? bild media wp_caption captions? thumbnail hero visual "
    "slides?"
)
_PARAGRAPH_TAGS = word_set("p li td blockquote button a")
_WHOLE_TAGS = word_set("article main body section")
_NOT_CAPTION_TAGS = ("a", "h1", "h2", "h3", "h4", "time", "form", "ul", "iframe")
# How far up an element that holds picture and caption together may be.
_UNIT_LEVELS = 5
_UNIT_TEXT = 900
# Words beside a picture that nothing names its caption: shorter ones are labels of buttons.
_SENTENCE = 25
# More than any story has.
_MOST_PICTURES = 300
_MOST_REPEATED = 50


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures in page order, and the elements that the body leaves out for them."""

    images: tuple[Image, ...] = ()
    shown_by: tuple[HtmlElement, ...] = ()
    # The element of each.
    elements: tuple[HtmlElement, ...] = ()


def pictures(clues: Clues, layout: Layout) -> Pictures:
    """Every picture of the story with caption, credit and alt text; logos, teasers and ads are none."""
    described, outlet = _described(clues), clues.outlet
    found: dict[str, Image] = {}
    shown_by: dict[str, HtmlElement] = {}
    elements: list[HtmlElement] = []
    for img, unit, words in _units(layout, clues, outlet):
        url = picture_url(img, clues.document.base_url)
        if url is None or not _is_story_picture(layout, img, unit, url, words):
            continue
        key = _key(url)
        known = found.get(key)
        if known is not None and known.caption and words.caption and known.caption != words.caption:
            key = f"{key} {words.caption}"
        elif known is not None and (known.caption or not words.caption):
            continue
        lead = known.is_lead if known else not found and layout.is_above_text(img)
        found[key] = _image(img, url, words, _words(described.get(_key(url))), is_lead=lead)
        shown_by[key] = img
        elements.extend((unit,) if unit is not None and unit.tag == "figure" else (img, *words.elements))
    return Pictures(tuple(found.values()), tuple(shown_by.values()), tuple(elements))


def picked(clues: Clues, layout: Layout) -> Found[Pictures]:
    """The pictures that the source's selector finds, whatever they look like; each address once."""
    described, outlet = _described(clues), clues.outlet
    found: dict[str, tuple[Image, HtmlElement]] = {}
    elements: list[HtmlElement] = []
    for box in outermost(clues.picks.elements("images")):
        for img, words in _pictures_in(box, clues, layout, outlet):
            url = picture_url(img, clues.document.base_url)
            if url is not None and _key(url) not in found:
                lead = not found and layout.is_above_text(img)
                image = _image(img, url, words, _words(described.get(_key(url))), is_lead=lead)
                found[_key(url)] = image, img
                elements.extend((img, *words.elements))
    images, shown_by = zip(*found.values(), strict=True) if found else ((), ())
    offer = Offer(Pictures(images, shown_by, tuple(elements)), clues.picks.origin("images"))
    return first([offer] if found else [])


def _pictures_in(
    box: HtmlElement, clues: Clues, layout: Layout, outlet: frozenset[str]
) -> Iterator[tuple[HtmlElement, Words]]:
    """The images in one of the source's picture elements; a single one has all of its words."""
    every = list(islice(box.iter(*IMAGE_TAGS), _MOST_PICTURES))
    imgs = [img for img in every if next(img.iterancestors("noscript"), None) is None] or every[:1]
    for img in imgs:
        is_all = len(imgs) == 1 and img is not box
        unit, words = (box, words_of(box, outlet)) if is_all else _unit(img, layout, outlet)
        yield img, _own_words(unit, words, clues)


def _own_words(unit: HtmlElement | None, words: Words, clues: Clues) -> Words:
    """`words`, with what the source's selectors for captions and credits find in `unit` in their place."""
    if unit is None:
        return words
    inside = set(unit.iter())
    captions = [e for e in clues.picks.elements("caption") if e in inside]
    credited = [e for e in clues.picks.elements("credit_line") if e in inside]
    caption, credit = part_credit(" ".join(visible_text(e, set(credited)) for e in captions))
    own = next((line for e in credited if (line := credit_line(visible_text(e)))), None)
    return Words(
        caption or words.caption,
        own or credit or words.credit,
        (*words.elements, *captions, *credited),
    )


def candidates(found: Found[Pictures], clues: Clues) -> Iterator[Candidate]:
    """The evidence for pictures that the source's selectors found."""
    yield from found.candidates("images", lambda pictures: " ".join(i.url for i in pictures.images))
    if found.value is None:
        return
    for name in ("caption", "credit_line"):
        texts = (getattr(image, name) for image in found.value.images)
        said = "\n".join(map(visible_text, clues.picks.elements(name)))
        text = next((text for text in texts if text and text in said), None)
        if text:
            yield from first([Offer(text, clues.picks.origin(name))]).candidates(name)


def _image(img: HtmlElement, url: str, words: Words, described: Words, *, is_lead: bool) -> Image:
    alt = clean(img.get("alt"))
    spare = (part_credit(text)[1] for text in (alt, clean(img.get("title"))))
    return Image(
        url=url,
        caption=words.caption or clean(img.get("data-caption")) or described.caption,
        credit_line=words.credit
        or credit_line(img.get("data-credit") or "")
        or described.credit
        or next((credit for credit in spare if credit), None),
        alt_text=alt or None,
        is_lead=is_lead,
    )


# Which pictures ------------------------------------------------------------------------------------


def _units(
    layout: Layout, clues: Clues, outlet: frozenset[str]
) -> Iterator[tuple[HtmlElement, HtmlElement | None, Words]]:
    """Each image of the story's part of the page, the element that holds it and its words, and these.

    One that its names call no part of the story, or that is a link to another page, is left out.
    """
    done: set[HtmlElement] = set()
    for img in layout.story_images[:_MOST_PICTURES]:
        figure = _figure(img)
        if figure is not None and figure in done:
            continue
        if figure is not None:
            done.add(figure)
        if any(_NOT_STORY(node) for node in _around(img)):
            continue
        unit, words = _unit(img, layout, outlet)
        if not _is_teaser(img, unit, words, clues):
            yield img, unit, words


def _figure(img: HtmlElement) -> HtmlElement | None:
    return next((node for node in ancestry(img) if node.tag == "figure"), None)


def _unit(img: HtmlElement, layout: Layout, outlet: frozenset[str]) -> tuple[HtmlElement | None, Words]:
    """The element that holds an image and its words, and these: the <figure> around it, else what is near."""
    figure = _figure(img)
    words = words_of(figure, outlet) if figure is not None else Words()
    if words.caption or words.credit:
        return figure, words
    box, words = _box(img if figure is None else figure, layout, outlet)
    return (figure if box is None else box), words


def _box(element: HtmlElement, layout: Layout, outlet: frozenset[str]) -> tuple[HtmlElement | None, Words]:
    """What has a picture's words: the smallest element around it that holds any, or the next one."""
    around = [node for node in ancestry(element) if node.tag not in ("source", "picture")]
    for inner, node in pairwise(around[: _UNIT_LEVELS + 1]):
        is_whole = layout.holds_story(node) or _has_several_images(node)
        text = "" if is_whole else visible_text(node, limit=_UNIT_TEXT + 1)
        if text and len(text) <= _UNIT_TEXT and _is_about_picture(node):
            words = words_of(node, outlet)
            if words.credit or len(words.caption or "") >= (1 if _is_named_box(node) else _SENTENCE):
                return node, words
        neighbour = inner.getnext()
        if neighbour is not None and _is_caption_beside(neighbour, outlet):
            return neighbour, words_of(neighbour, outlet)
        if is_whole or len(text) > _UNIT_TEXT:
            break
    return None, Words()


def _has_several_images(element: HtmlElement) -> bool:
    """Whether it holds more than one picture; what <noscript> repeats does not count."""
    images = list(islice(element.iter(*IMAGE_TAGS), _MOST_REPEATED))
    if len(images) < 2:
        return False
    shown = (img for img in images if all(node.tag != "noscript" for node in ancestry(img)))
    return sum(1 for _ in islice(shown, 2)) > 1


def _is_caption_beside(element: HtmlElement, outlet: frozenset[str]) -> bool:
    """Whether the element after a picture is its caption: named so, or lines with a credit."""
    if not 0 < len(visible_text(element, limit=_UNIT_TEXT + 1)) <= _UNIT_TEXT:
        return False
    if next(element.iter(*IMAGE_TAGS), None) is not None:
        return False
    if element.tag == "figcaption" or CAPTION(element):
        return True
    return _is_plain(element) and words_of(element, outlet).credit is not None


def _is_about_picture(node: HtmlElement) -> bool:
    """Whether the words around a picture are its caption: named so, or plain lines."""
    return _is_named_box(node) or (node.tag not in _PARAGRAPH_TAGS and _is_plain(node))


def _is_named_box(node: HtmlElement) -> bool:
    return _BOX(node) or _has_caption(node)


def _has_caption(unit: HtmlElement) -> bool:
    return any(element.tag == "figcaption" or CAPTION(element) for element in unit.iter("*"))


def _is_plain(element: HtmlElement) -> bool:
    """Whether it has no links and headings, as captions mostly have none."""
    return next(element.iterdescendants(*_NOT_CAPTION_TAGS), None) is None


def _is_teaser(img: HtmlElement, unit: HtmlElement | None, words: Words, clues: Clues) -> bool:
    """Whether the picture is a link to another page, words and all."""
    link = next((node for node in ancestry(img) if node.tag == "a" and node.get("href")), None)
    if link is None or _PICTURE_FILE.search(link.get("href") or ""):
        return False
    href = (link.get("href") or "").strip()
    if href.startswith(("#", "javascript:")) or href == clues.document.url:
        return False
    if unit is None or link in unit.iterancestors() or _is_linked_text(unit):
        return True
    # A link around the picture alone leads to a larger one, where there is a true caption beside it.
    return not ((unit.tag == "figure" and words.caption) or _has_caption(unit))


def _is_linked_text(unit: HtmlElement) -> bool:
    """Whether most of what is written with a picture is a link."""
    whole = len(visible_text(unit, limit=_UNIT_TEXT))
    linked = sum(len(visible_text(link, limit=_UNIT_TEXT)) for link in islice(unit.iter("a"), 5))
    return whole > 0 and linked >= whole / 2


def _is_story_picture(
    layout: Layout, img: HtmlElement, unit: HtmlElement | None, url: str, words: Words
) -> bool:
    if words.caption and words.credit:
        return True
    if layout.is_beside(img) or (unit is None and any(node.tag == "button" for node in _around(img))):
        return False
    if words.caption:
        return True
    is_small = any(0 < _pixels(img.get(side)) < _SMALLEST for side in ("width", "height"))
    return not is_small and not _NOT_STORY_URL.search(url)


def _around(img: HtmlElement) -> list[HtmlElement]:
    """The picture's element and what it stands in, near by."""
    return [node for node in ancestry(img)[:_UNIT_LEVELS] if node.tag not in _WHOLE_TAGS]


def _pixels(text: str | None) -> int:
    number = _NUMBER.match(text or "")
    return int(number[1]) if number else 0


def _key(url: str) -> str:
    """What all sizes of one picture share, where the address has its name in the path."""
    path, _, query = url.partition("?")
    return path if not query or _PICTURE_FILE.search(path) else url


# Linked data ---------------------------------------------------------------------------------------


def _described(clues: Clues) -> dict[str, Node]:
    """The pictures that the linked data describes, by address."""
    found: dict[str, Node] = {}
    for node in clues.linked.of_type("imageobject"):
        for key in ("contentUrl", "url", "@id"):
            for address in node.texts(key):
                found.setdefault(_key(address), node)
    return found


def _words(node: Node | None) -> Words:
    """What the linked data says of a picture."""
    if node is None:
        return Words()
    caption, credit = part_credit(node.text("caption") or "")
    said = (node.text(key) for key in _CREDIT_KEYS)
    return Words(caption or None, credit or credit_line(next((text for text in said if text), "")) or None)
