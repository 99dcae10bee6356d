"""The body of a story as HTML: one walk through it, four kinds of markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby

from crawler.demo.content import Furniture, labels
from crawler.demo.designs.fragments import related_items
from crawler.demo.outlet import Edition, Flow, Picture, Story
from storage.records import Block, BlockKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Markup:
    """How a design writes each piece of a story."""

    blocks: Mapping[BlockKind, str]
    # Braces stand for the text.
    whole_list: str
    # Braces stand for the list's items.
    figure: Callable[[Picture], str]
    furniture: Mapping[Furniture, str]
    # Filled with `content.labels` and related_items.


def flow_html(story: Story, edition: Edition, markup: Markup) -> str:
    """Blocks, pictures and furniture in reading order."""
    return "\n".join(_pieces(story, edition, markup))


def _pieces(story: Story, edition: Edition, markup: Markup) -> Iterator[str]:
    for is_list, items in groupby(story.flow, key=_is_list_item):
        pieces = (_piece(item, story, edition, markup) for item in items)
        if is_list:
            yield markup.whole_list.format("".join(pieces))
        else:
            yield from pieces


def _piece(item: Flow, story: Story, edition: Edition, markup: Markup) -> str:
    if isinstance(item, Block):
        return markup.blocks[item.kind].format(escape(item.text, quote=False))
    if isinstance(item, Picture):
        return markup.figure(item)
    words = labels(story.language)
    return markup.furniture[item].format(**words, related_items=related_items(story, edition))


def _is_list_item(item: Flow) -> bool:
    return isinstance(item, Block) and item.kind is BlockKind.LIST_ITEM
