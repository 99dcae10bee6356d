"""The story's pictures: address, caption, credit, alt text."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.text import clean, visible_text
from storage.records import Image


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures in page order, and the elements that the body leaves out for them."""

    images: tuple[Image, ...] = ()
    elements: tuple[HtmlElement, ...] = ()


def pictures(clues: Clues) -> Pictures:
    """Every picture of the story."""
    images: list[Image] = []
    elements: list[HtmlElement] = []
    for figure in clues.document.tree.iter("figure"):
        image, caption = figure.find(".//img"), figure.find(".//figcaption")
        if image is not None and image.get("src"):
            elements.append(figure)
            images.append(
                Image(
                    url=urljoin(clues.document.base_url, image.get("src")),
                    caption=visible_text(caption) or None if caption is not None else None,
                    alt_text=clean(image.get("alt")) or None,
                    is_lead=not images,
                )
            )
    return Pictures(tuple(images), tuple(elements))
