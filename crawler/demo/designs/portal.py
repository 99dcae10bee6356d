"""A publisher's portal: everything once more as linked data, with the authors as references in a graph."""

from __future__ import annotations

import json
from typing import Any

from crawler.demo.content import Furniture, labels
from crawler.demo.designs import fragments as f
from crawler.demo.designs.flow import Markup, flow_html
from crawler.demo.designs.template import fill
from crawler.demo.other_pages import author_page
from crawler.demo.outlet import Edition, Outlet, Picture, Story
from storage.records import BlockKind

BLOCKS = {
    BlockKind.PARAGRAPH: '<p class="article__text">{}</p>',
    BlockKind.HEADING: '<h2 class="article__subheading">{}</h2>',
    BlockKind.QUOTE: '<blockquote class="article__quote"><p>{}</p></blockquote>',
    BlockKind.LIST_ITEM: "<li>{}</li>",
}
FURNITURE = {
    Furniture.RELATED: (
        '<aside class="related-box"><p class="related-box__title">{related}</p>'
        "<ul>{related_items}</ul></aside>"
    ),
    Furniture.NEWSLETTER: (
        '<div class="newsletter-box"><p class="newsletter-box__title">{newsletter}</p>'
        "<p>{newsletter_text}</p><button>{newsletter_button}</button></div>"
    ),
    Furniture.EMBED: '<div class="embed-consent"><p>{embed}</p><button>{embed_button}</button></div>',
    Furniture.ADVERTISEMENT: '<div class="ad" data-label="{advertisement}"></div>',
}
PAYWALL = (
    '<div class="article__paid"></div><div class="paywall"><h2>{paywall}</h2><p>{paywall_text}</p>'
    "<button>{paywall_button}</button></div>"
)
MOST_READ = 5  # headlines beside the article


def head(outlet: Outlet, story: Story) -> str:
    """The linked data, a description and the canonical address."""
    data = json.dumps(linked_data(outlet, story), ensure_ascii=False, indent=1).replace("</", "<\\/")
    description = [f.meta("name", "description", story.description)] if story.description else []
    script = f'<script type="application/ld+json">\n{data}\n</script>'
    return "\n".join([*description, f.head_link("canonical", story.url), script])


def main(outlet: Outlet, story: Story) -> str:
    """The article, and what others read."""
    edition, at_foot = outlet.editions[story.edition], story.manuscript.byline_at_foot
    words, byline = labels(story.language), f.linked_byline(story, edition)
    others = [other for other in edition.stories if other is not story and other.section == story.section]
    return fill(
        "portal-article",
        section=f.link(edition.section_page(story.section_key), story.section),
        headline=f.text(story.headline),
        standfirst=f.wrapped('<p class="article__intro">{}</p>', story.description),
        byline="" if at_foot else f'<div class="article__author">{byline}</div>',
        dates=_dates(story, edition),
        share=f.share_links(),
        lead=figure(story.lead) if story.lead else "",
        body=flow_html(story, edition, MARKUP),
        paywall="" if story.is_accessible_for_free else PAYWALL.format(**words),
        foot=f.wrapped('<p class="article__text">{}</p>', story.byline) if at_foot else "",
        tags_label=words["tags"],
        tags=f.tag_items(story, edition),
        most_read_label=words["most_read"],
        most_read="".join(f"<li>{f.link(o.path, o.headline)}</li>" for o in others[:MOST_READ]),
    )


def figure(picture: Picture) -> str:
    """Picture, caption and credit, each with an element of its own."""
    caption = f.wrapped('<span class="caption__text">{}</span>', picture.image.caption)
    credit = f'<span class="caption__credit">{f.credit(picture)}</span>' if f.credit(picture) else ""
    return (
        '<figure class="article__figure"><picture>'
        f'<source media="(min-width: 700px)" srcset="{f.srcset(picture)}">'
        f'<img src="{f.middle(picture)}"{f.alt(picture)} loading="lazy"></picture>'
        f"<figcaption>{caption} {credit}</figcaption></figure>"
    )


def linked_data(outlet: Outlet, story: Story) -> dict[str, Any]:
    """schema.org: publisher, page, persons, pictures and the article, which refers to them by ``@id``."""
    edition = outlet.editions[story.edition]
    publisher = {"@type": "NewsMediaOrganization", "@id": f"{outlet.base}/#publisher", "name": outlet.name}
    page = {"@type": "WebPage", "@id": story.url, "url": story.url, "name": story.headline}
    people = [_author(outlet, edition, author) for author in story.authors]
    pictures = [_picture(picture) for picture in story.pictures]
    article = _article(outlet, story) | {
        "publisher": _reference(publisher),
        "mainEntityOfPage": _reference(page),
        "author": [_reference(person) for person in people],
        "image": [_reference(picture) for picture in pictures],
    }
    breadcrumbs = _breadcrumbs(outlet, edition, story)
    return {
        "@context": "https://schema.org",
        "@graph": [publisher, page, breadcrumbs, *people, *pictures, article],
    }


def _article(outlet: Outlet, story: Story) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": f"{story.url}#article",
        "headline": story.headline,
        "datePublished": story.date_published.isoformat(),
        "articleSection": story.section,
        "keywords": list(story.keywords),
        "inLanguage": story.language,
        "isAccessibleForFree": story.is_accessible_for_free,
    }
    if story.description:
        data["description"] = story.description
    if story.date_modified:
        data["dateModified"] = story.date_modified.isoformat()
    if not story.is_accessible_for_free:
        data["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".article__paid",
        }
    return data


def _author(outlet: Outlet, edition: Edition, name: str) -> dict[str, str]:
    kind = "Organization" if name in edition.text.desks else "Person"
    path = author_page(edition, name)
    return {"@type": kind, "@id": f"{outlet.base}{path}#author", "name": name, "url": outlet.base + path}


def _picture(picture: Picture) -> dict[str, str]:
    image = picture.image
    data = {"@type": "ImageObject", "@id": f"{image.url}#image", "url": image.url}
    if image.caption:
        data["caption"] = image.caption
    if image.credit_line:
        data["creditText"] = image.credit_line
    return data


def _breadcrumbs(outlet: Outlet, edition: Edition, story: Story) -> dict[str, Any]:
    crumbs = [(outlet.name, edition.text.front), (story.section, edition.section_page(story.section_key))]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": outlet.base + path}
            for place, (name, path) in enumerate(crumbs, 1)
        ],
    }


def _reference(thing: dict[str, Any]) -> dict[str, str]:
    return {"@id": thing["@id"]}


def _dates(story: Story, edition: Edition) -> str:
    published = f.moment(story.date_published, edition)
    if story.date_modified is None:
        return published
    return f"{published} · {labels(story.language)['updated']} {f.moment(story.date_modified, edition)}"


MARKUP = Markup(blocks=BLOCKS, whole_list="<ul>{}</ul>", figure=figure, furniture=FURNITURE)
