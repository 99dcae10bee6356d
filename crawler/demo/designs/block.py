"""A design as today's block editors make it: figures with figcaptions, OpenGraph and article: metadata."""

from __future__ import annotations

from html import escape

from crawler.demo.content import Furniture, labels
from crawler.demo.designs import fragments as f
from crawler.demo.designs.template import fill
from crawler.demo.outlet import Edition, Flow, Outlet, Picture, Story
from storage.records import Block, BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: "<p>{}</p>",
    BlockKind.HEADING: '<h2 class="wp-block-heading">{}</h2>',
    BlockKind.QUOTE: '<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
    BlockKind.LIST_ITEM: '<ul class="wp-block-list"><li>{}</li></ul>',
}


def shell(outlet: Outlet, edition: Edition, title: str, main: str, head: str = "") -> str:
    """The page around `main`."""
    words = labels(edition.language)
    return fill(
        "block",
        language=edition.language,
        title=escape(f"{title} - {edition.text.title}"),
        head=f"{f.feed_links(outlet)}\n{head}",
        name=escape(edition.text.title),
        front=edition.text.front,
        menu=f.menu(outlet, edition),
        main=main,
        cookies=escape(words["cookies"]),
        cookies_button=escape(words["cookies_button"]),
        legal=escape(words["legal"]),
    )


def article(outlet: Outlet, story: Story) -> str:
    """A story's page."""
    edition = f.edition_of(outlet, story)
    words = labels(story.language)
    main = fill(
        "block-article",
        section=f.link(edition.section_page(story.section_key), story.section),
        headline=escape(story.headline),
        standfirst=f'<p class="standfirst">{escape(story.description)}</p>' if story.description else "",
        byline="" if story.manuscript.byline_at_foot else _byline(story, edition),
        dates=_dates(story, edition),
        share=f.share_links(),
        lead=_figure(story.lead, "wp-block-post-featured-image") if story.lead else "",
        body="\n".join(_item(item, story, edition) for item in story.flow),
        foot=f"<p>{escape(story.byline or '')}</p>" if story.manuscript.byline_at_foot else "",
        tags_label=escape(words["tags"]),
        tags=f.tag_items(story, edition),
        comments=f.comment_form(story.language),
    )
    return shell(outlet, edition, story.headline, main, _head(outlet, story))


def _head(outlet: Outlet, story: Story) -> str:
    """OpenGraph and article: metadata, canonical address, AMP variant."""
    metas = [
        ("property", "og:type", "article"),
        ("property", "og:title", story.headline),
        ("property", "og:url", story.url),
        ("property", "og:site_name", outlet.name),
        ("property", "article:published_time", story.published.isoformat()),
        ("property", "article:section", story.section),
    ]
    if story.description:
        metas += [
            ("name", "description", story.description),
            ("property", "og:description", story.description),
        ]
    if story.modified:
        metas.append(("property", "article:modified_time", story.modified.isoformat()))
    if story.lead:
        metas.append(("property", "og:image", story.lead.image.url))
    metas += [("property", "article:tag", keyword) for keyword in story.keywords]
    if story.authors and not story.manuscript.byline_at_foot:
        metas.append(("name", "author", ", ".join(story.authors)))
    links = [
        ("canonical", story.url),
        *(("amphtml", p.url) for p in outlet.pages if _is_amp(p.kind, p.story, story)),
    ]
    return "\n".join(
        [f'<meta {kind}="{name}" content="{escape(value)}">' for kind, name, value in metas]
        + [f'<link rel="{rel}" href="{escape(url)}">' for rel, url in links]
    )


def _is_amp(kind: str, target: str | None, story: Story) -> bool:
    return kind == "amp" and target == story.url


def _byline(story: Story, edition: Edition) -> str:
    return f'<p class="byline">{f.linked_byline(story, edition)}</p>' if story.byline else ""


def _dates(story: Story, edition: Edition) -> str:
    words = labels(story.language)
    times = [
        f'<time datetime="{story.date_published.isoformat()}">{f.moment(story.date_published, edition)}</time>'
    ]
    if story.date_modified:
        shown = f.moment(story.date_modified, edition)
        times.append(f'{words["updated"]} <time datetime="{story.date_modified.isoformat()}">{shown}</time>')
    return " · ".join(times)


def _item(item: Flow, story: Story, edition: Edition) -> str:
    if isinstance(item, Block):
        return BLOCKS[item.kind].format(escape(item.text))
    if isinstance(item, Picture):
        return _figure(item, "wp-block-image size-large")
    return _furniture(item, story, edition)


def _figure(picture: Picture, classes: str) -> str:
    text = f.caption(picture)
    under = f'<figcaption class="wp-element-caption">{text}</figcaption>' if text else ""
    return (
        f'<figure class="{classes}"><img loading="lazy" decoding="async" width="640" height="360"'
        f' src="{f.middle(picture)}"{f.alt(picture)} srcset="{f.srcset(picture)}"'
        f' sizes="(max-width: 640px) 100vw, 640px">{under}</figure>'
    )


def _furniture(item: Furniture, story: Story, edition: Edition) -> str:
    words = labels(story.language)
    if item is Furniture.RELATED:
        return f'<p><strong>{words["related"]}</strong></p>\n<ul class="wp-block-list">{f.related_items(story, edition)}</ul>'
    if item is Furniture.NEWSLETTER:
        return (
            f'<div class="wp-block-group newsletter-signup"><h3>{words["newsletter"]}</h3>'
            f'<p>{words["newsletter_text"]}</p><form action="/newsletter"><input type="email" name="email">'
            f"<button>{words['newsletter_button']}</button></form></div>"
        )
    if item is Furniture.EMBED:
        return (
            f'<div class="wp-block-embed embed-placeholder"><p>{words["embed"]}</p>'
            f"<button>{words['embed_button']}</button></div>"
        )
    return f'<div class="ad-slot"><span>{words["advertisement"]}</span></div>'
