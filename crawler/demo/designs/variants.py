"""Other dresses of a story, and the consent dialogue that hides one: AMP, print view, wall."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.demo.content import Furniture
from crawler.demo.designs import fragments as f
from crawler.demo.designs.flow import Markup, flow_html
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Outlet, Picture, Story
from storage.records import BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: "<h2>{}</h2>",
    BlockKind.QUOTE: "<blockquote><p>{}</p></blockquote>",
    BlockKind.LIST_ITEM: "<li>{}</li>",
}
NO_FURNITURE = dict.fromkeys(Furniture, "")


def amp(outlet: Outlet, story: Story) -> str:
    """The AMP page, which names its canonical address."""
    return fill("amp", canonical=f.text(story.url), **_slots(outlet, story, AMP))


def print_view(outlet: Outlet, story: Story) -> str:
    """The bare text for paper, without a canonical address."""
    return fill("print", **_slots(outlet, story, PAPER))


def consent(*, language: str, title: str, heading: str, text: str, buttons: Iterable[str]) -> str:
    """A dialogue in place of the page."""
    return fill(
        "consent",
        language=language,
        title=f.text(title),
        heading=f.text(heading),
        text=f.text(text),
        buttons="".join(f"<button>{f.text(button)}</button>" for button in buttons),
    )


def _slots(outlet: Outlet, story: Story, markup: Markup) -> dict[str, str]:
    edition = outlet.editions[story.edition]
    return {
        "language": story.language,
        "name": f.text(outlet.name),
        "headline": f.text(story.headline),
        "standfirst": f.wrapped("<p>{}</p>", story.description),
        "byline": f.text(story.byline or ""),
        "date": f.moment(story.date_published, edition),
        "body": flow_html(story, edition, markup),
    }


def _amp_figure(picture: Picture) -> str:
    image = (
        f'<amp-img src="{f.middle(picture)}" width="640" height="360" layout="responsive"{f.alt(picture)}>'
    )
    return f"<figure>{image}</amp-img><figcaption>{f.caption(picture)}</figcaption></figure>"


def _no_figure(_picture: Picture) -> str:
    return ""


AMP = Markup(blocks=BLOCKS, whole_list="<ul>{}</ul>", figure=_amp_figure, furniture=NO_FURNITURE)
PAPER = Markup(blocks=BLOCKS, whole_list="<ul>{}</ul>", figure=_no_figure, furniture=NO_FURNITURE)
