"""A design of the years before block editors: caption divs, hentry classes, pictures that load late."""

from __future__ import annotations

from crawler.demo.content import Furniture, labels
from crawler.demo.designs import fragments as f
from crawler.demo.designs.flow import Markup, flow_html
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Edition, Outlet, Picture, Story
from storage.records import BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: "<h3>{}</h3>",
    BlockKind.QUOTE: "<blockquote><p>{}</p></blockquote>",
    BlockKind.LIST_ITEM: "<li>{}</li>",
}
FURNITURE = {
    Furniture.RELATED: '<div class="yarpp-related"><p><b>{related}</b></p><ul>{related_items}</ul></div>',
    Furniture.NEWSLETTER: (
        '<div class="mc4wp-form"><p><strong>{newsletter}</strong></p><p>{newsletter_text}</p>'
        '<input type="email" name="email"> <input type="submit" value="{newsletter_button}"></div>'
    ),
    Furniture.EMBED: ('<div class="cookie-placeholder"><p>{embed}</p><button>{embed_button}</button></div>'),
    Furniture.ADVERTISEMENT: '<div class="adsense"><small>{advertisement}</small></div>',
}
VCARD_LINK = ' class="url fn n"'
# What a browser shows until a script has put the real picture in its place.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def head(_outlet: Outlet, story: Story) -> str:
    """A description and the canonical address; names and dates stand in the page alone."""
    description = [f.meta("name", "description", story.description)] if story.description else []
    return "\n".join([*description, f.head_link("canonical", story.url)])


def main(outlet: Outlet, story: Story) -> str:
    """The article."""
    edition, at_foot = outlet.editions[story.edition], story.manuscript.byline_at_foot
    words = labels(story.language)
    return fill(
        "classic-article",
        number=str(story.number),
        headline=f.text(story.headline),
        standfirst=f.wrapped('<p class="entry-subtitle">{}</p>', story.description),
        published=f.time_element(story.date_published, edition, "entry-date published"),
        updated=_updated(story, edition),
        byline="" if at_foot else f'<span class="byline">{_vcard(story, edition)}</span>',
        lead=_caption_div(story.lead, _image(story.lead)) if story.lead else "",
        body=flow_html(story, edition, MARKUP),
        foot=f.wrapped("<p>{}</p>", story.byline) if at_foot else "",
        category=f.link(edition.section_page(story.section_key), story.section, attributes=f.REL_CATEGORY),
        tags_label=words["tags"],
        tags=f.tag_links(story, edition),
        share_label=words["share"],
        share=f.share_links(),
        comments=f.comment_form(story.language),
    )


def late_figure(picture: Picture) -> str:
    """A picture that a script loads, with the plain one for readers without scripts."""
    late = f'<img class="lazyload" src="{PLACEHOLDER}" data-src="{f.middle(picture)}"'
    late += f' data-srcset="{f.srcset(picture)}"{f.alt(picture)}>'
    return _caption_div(picture, f"{late}<noscript>{_image(picture)}</noscript>")


def _caption_div(picture: Picture, image: str) -> str:
    under = f'<p class="wp-caption-text">{f.caption(picture)}</p>' if f.caption(picture) else ""
    return f'<div style="width: 650px" class="wp-caption aligncenter">{image}{under}</div>'


def _image(picture: Picture) -> str:
    return (
        f'<img class="size-large" width="640" height="360" src="{f.middle(picture)}"{f.alt(picture)}'
        f' srcset="{f.srcset(picture)}" sizes="(max-width: 640px) 100vw, 640px">'
    )


def _updated(story: Story, edition: Edition) -> str:
    if story.date_modified is None:
        return ""
    return f"{labels(story.language)['updated']} {f.time_element(story.date_modified, edition, 'updated')}"


def _vcard(story: Story, edition: Edition) -> str:
    return f'<span class="author vcard">{f.linked_byline(story, edition, VCARD_LINK)}</span>'


MARKUP = Markup(blocks=BLOCKS, whole_list="<ul>{}</ul>", figure=late_figure, furniture=FURNITURE)
