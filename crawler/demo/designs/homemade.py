"""A design of a system that somebody wrote at home: no metadata, the site's name as h1, pictures in divs."""

from __future__ import annotations

from crawler.demo.content import Furniture, labels
from crawler.demo.designs import fragments as f
from crawler.demo.designs.flow import Markup, flow_html
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Outlet, Picture, Story
from storage.records import BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: "<h3>{}</h3>",
    BlockKind.QUOTE: "<blockquote>{}</blockquote>",
    BlockKind.LIST_ITEM: "<li>{}</li>",
}
FURNITURE = {
    Furniture.RELATED: '<div class="mehr"><b>{related}</b><ul>{related_items}</ul></div>',
    Furniture.NEWSLETTER: '<div class="kasten"><b>{newsletter}</b><br>{newsletter_text}</div>',
    Furniture.EMBED: '<div class="kasten">{embed}<br><input type="button" value="{embed_button}"></div>',
    Furniture.ADVERTISEMENT: '<div class="kasten">{advertisement}</div>',
}


def head(_outlet: Outlet, _story: Story) -> str:
    """Nothing: this system writes none."""
    return ""


def main(outlet: Outlet, story: Story) -> str:
    """The article."""
    edition = outlet.editions[story.edition]
    words = labels(story.language)
    return fill(
        "homemade-article",
        home=f.link(edition.text.front, words["home"]),
        section=f.link(edition.section_page(story.section_key), story.section),
        headline=f.text(story.headline),
        date=f.moment(story.date_published, edition),
        byline=f.text(story.byline or ""),
        standfirst=f.wrapped('<div class="vorspann">{}</div>', story.description),
        lead=figure(story.lead) if story.lead else "",
        body=flow_html(story, edition, MARKUP),
        print=f.link("#", words["print"]),
        top=f.link("#top", "▲"),
    )


def figure(picture: Picture) -> str:
    """Picture and caption, one below the other."""
    return (
        f'<div class="foto"><img src="{f.middle(picture)}" width="640"{f.alt(picture)}><br>'
        f'<span class="bu">{f.caption(picture)}</span></div>'
    )


MARKUP = Markup(blocks=BLOCKS, whole_list="<ul>{}</ul>", figure=figure, furniture=FURNITURE)
