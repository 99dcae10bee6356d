"""What is embedded put among the story's blocks, and each picture's place there."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.embeds import Embed
from crawler.extraction.layout import Layout
from crawler.extraction.pictures import Pictures
from storage.records import Block, Image


def weave(
    story: Body, told: Iterable[bool], embeds: Iterable[Embed], pictures: Pictures, layout: Layout
) -> tuple[tuple[Block, ...], tuple[Image, ...]]:
    """The blocks that are `told`, with the embeds between them, and the pictures with their `block_position`.

    A story that the page's data tells has no places on the page: what is embedded follows it.
    """
    embeds = tuple(embeds)
    inside = {node for embed in embeds if embed.block.text for node in embed.element.iter()}
    kept = [
        (block, holder)
        for block, holder, is_told in zip(story.blocks, _holders(story), told, strict=True)
        if is_told and holder not in inside
    ]
    places = _rising(_place(holder, layout) for _, holder in kept)
    strands = [(place, 0, n, block) for n, (place, (block, _)) in enumerate(zip(places, kept, strict=True))]
    strands += [(_place(e.element, layout), 1, n, e.block) for n, e in enumerate(embeds)]
    strands.sort(key=lambda strand: strand[:3])
    at = [place for place, *_ in strands]
    images = tuple(
        dataclasses.replace(image, block_position=_position(element, at, story, layout))
        for image, element in zip(pictures.images, pictures.shown_by, strict=True)
    )
    return tuple(block for *_, block in strands), images


def _holders(story: Body) -> tuple[HtmlElement | None, ...]:
    return story.holders or (None,) * len(story.blocks)


def _place(element: HtmlElement | None, layout: Layout) -> int:
    return -1 if element is None else layout.place(element)


def _rising(places: Iterable[int]) -> list[int]:
    """`places`, none before the one ahead: text that goes on in an outer element has that one's place."""
    return list(accumulate(places, max))


def _position(element: HtmlElement, at: list[int], story: Body, layout: Layout) -> int | None:
    """How many blocks stand before `element`."""
    if story.blocks and not story.holders:
        return 0 if layout.is_above_text(element) else None
    return bisect_right(at, _place(element, layout))
