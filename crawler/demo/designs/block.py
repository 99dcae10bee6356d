"""A design as today's block editors make it: figures with figcaptions, OpenGraph and article: metadata."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.demo.content import Furniture, labels
from crawler.demo.designs import fragments as f
from crawler.demo.designs.flow import Markup, flow_html
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Edition, Outlet, Picture, Story
from storage.records import BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: '<h2 class="wp-block-heading">{}</h2>',
    BlockKind.QUOTE: '<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
    BlockKind.LIST_ITEM: "<li>{}</li>",
}
LIST = '<ul class="wp-block-list">{}</ul>'
FURNITURE = {
    Furniture.RELATED: ('<p><strong>{related}</strong></p>\n<ul class="wp-block-list">{related_items}</ul>'),
    Furniture.NEWSLETTER: (
        '<div class="wp-block-group newsletter-signup"><h3>{newsletter}</h3><p>{newsletter_text}</p>'
        '<form action="/newsletter"><input type="email" name="email">'
        "<button>{newsletter_button}</button></form></div>"
    ),
    Furniture.EMBED: (
        '<div class="wp-block-embed embed-placeholder"><p>{embed}</p><button>{embed_button}</button></div>'
    ),
    Furniture.ADVERTISEMENT: '<div class="ad-slot"><span>{advertisement}</span></div>',
}


def head(outlet: Outlet, story: Story) -> str:
    """OpenGraph and article: metadata, the canonical address, the AMP page."""
    lines = [f.meta(kind, name, value) for kind, name, value in _metas(outlet, story)]
    lines.append(f.head_link("canonical", story.url))
    lines += [f.head_link("amphtml", p.url) for p in outlet.pages if p.kind == "amp" and p.story == story.url]
    return "\n".join(lines)


def main(outlet: Outlet, story: Story) -> str:
    """The article."""
    edition, at_foot = outlet.editions[story.edition], story.manuscript.byline_at_foot
    words = labels(story.language)
    return fill(
        "block-article",
        section=f.link(edition.section_page(story.section_key), story.section),
        headline=f.text(story.headline),
        standfirst=f.wrapped('<p class="standfirst">{}</p>', story.description),
        byline="" if at_foot else f'<p class="byline">{f.linked_byline(story, edition)}</p>',
        dates=_dates(story, edition),
        share=f.share_links(),
        lead=figure(story.lead, "wp-block-post-featured-image") if story.lead else "",
        body=flow_html(story, edition, MARKUP),
        foot=f.wrapped("<p>{}</p>", story.byline) if at_foot else "",
        tags_label=words["tags"],
        tags=f.tag_items(story, edition),
        comments=f.comment_form(story.language),
    )


def figure(picture: Picture, classes: str = "wp-block-image size-large") -> str:
    """Picture and caption."""
    under = f'<figcaption class="wp-element-caption">{f.caption(picture)}</figcaption>'
    return (
        f'<figure class="{classes}"><img loading="lazy" decoding="async" width="640" height="360"'
        f' src="{f.middle(picture)}"{f.alt(picture)} srcset="{f.srcset(picture)}"'
        f' sizes="(max-width: 640px) 100vw, 640px">{under if f.caption(picture) else ""}</figure>'
    )


def _metas(outlet: Outlet, story: Story) -> Iterator[tuple[str, str, str]]:
    yield "property", "og:type", "article"
    yield "property", "og:title", story.headline
    yield "property", "og:url", story.url
    yield "property", "og:site_name", outlet.name
    yield "property", "article:published_time", story.date_published.isoformat()
    yield "property", "article:section", story.section
    if story.date_modified:
        yield "property", "article:modified_time", story.date_modified.isoformat()
    if story.description:
        yield "name", "description", story.description
        yield "property", "og:description", story.description
    if story.lead:
        yield "property", "og:image", story.lead.image.url
    if not story.manuscript.byline_at_foot:
        yield "name", "author", ", ".join(story.authors)
    yield from (("property", "article:tag", keyword) for keyword in story.keywords)


def _dates(story: Story, edition: Edition) -> str:
    published = f.time_element(story.date_published, edition)
    if story.date_modified is None:
        return published
    updated = labels(story.language)["updated"]
    return f"{published} · {updated} {f.time_element(story.date_modified, edition)}"


MARKUP = Markup(blocks=BLOCKS, whole_list=LIST, figure=figure, furniture=FURNITURE)
