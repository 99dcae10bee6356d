"""Other dresses of a story, and the consent dialogue that hides one: AMP, print view, wall."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from crawler.demo.designs import fragments as f
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Flow, Outlet, Picture, Story
from storage.records import Block, BlockKind

TAGS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: "<h2>{}</h2>",
    BlockKind.QUOTE: "<blockquote><p>{}</p></blockquote>",
    BlockKind.LIST_ITEM: "<ul><li>{}</li></ul>",
}


def amp(outlet: Outlet, story: Story) -> str:
    """The AMP page, which names its canonical address."""
    return fill(
        "amp",
        language=story.language,
        canonical=escape(story.url),
        **_common(outlet, story),
        body="\n".join(_amp_item(item) for item in story.flow),
    )


def print_view(outlet: Outlet, story: Story) -> str:
    """The bare text for paper, without a canonical address."""
    paragraphs = (TAGS[block.kind].format(escape(block.text)) for block in story.body)
    return fill("print", language=story.language, **_common(outlet, story), body="\n".join(paragraphs))


def consent(*, language: str, title: str, heading: str, text: str, buttons: Iterable[str]) -> str:
    """A dialogue in place of the page."""
    return fill(
        "consent",
        language=language,
        title=escape(title),
        heading=escape(heading),
        text=escape(text),
        buttons="".join(f"<button>{escape(button)}</button>" for button in buttons),
    )


def _common(outlet: Outlet, story: Story) -> dict[str, str]:
    return {
        "name": escape(outlet.name),
        "headline": escape(story.headline),
        "standfirst": f"<p>{escape(story.description)}</p>" if story.description else "",
        "byline": escape(story.byline or ""),
        "date": f.moment(story.date_published, f.edition_of(outlet, story)),
    }


def _amp_item(item: Flow) -> str:
    if isinstance(item, Block):
        return TAGS[item.kind].format(escape(item.text))
    if isinstance(item, Picture):
        image = f'<amp-img src="{f.middle(item)}" width="640" height="360" layout="responsive"{f.alt(item)}></amp-img>'
        return f"<figure>{image}<figcaption>{f.caption(item)}</figcaption></figure>"
    return ""
