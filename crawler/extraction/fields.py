"""Every field of an article but its body, from one page. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction import (
    access,
    byline,
    canonical,
    corrections,
    dates,
    description,
    genre,
    headline,
    keywords,
    page_links,
    pictures,
    site,
)
from crawler.extraction.clues import Clues
from crawler.extraction.layout import Layout
from crawler.extraction.pictures import Pictures
from storage.records import Byline, Candidate, Genre, Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What the passes found; names as in `storage.records.Article`."""

    canonical_url: str
    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    bylines: tuple[Byline, ...] = ()
    date_published: Moment | None = None
    date_modified: Moment | None = None
    keywords: tuple[str, ...] = ()
    article_section: str | None = None
    site_name: str | None = None
    is_accessible_for_free: bool | None = None
    paywall_selector: str | None = None
    genre: Genre | None = None
    breadcrumbs: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    # Those that stand outside the text.
    amp_url: str | None = None
    license_url: str | None = None
    layout: Layout
    pictures: Pictures
    evidence: tuple[Candidate, ...] = ()
    shown_in: tuple[HtmlElement, ...] = ()
    # The elements that show these fields; what of them stands in the story is not body text.
    sure_standfirst: tuple[HtmlElement, ...] = ()
    # Those that the page calls its standfirst, and whose words its metadata has as the description.


def read(clues: Clues) -> Fields:
    """All fields of the page, with the evidence for those that were chosen among several."""
    headed = headline.headline(clues)
    title, layout = headed.title, Layout(clues.story, headed.heading)
    picked = pictures.picked(clues, layout)
    shown_pictures = picked.value or pictures.pictures(clues, layout)
    taken = {node for element in shown_pictures.elements for node in element.iter()}
    titles = [o.value for o in title.offers if o.origin in ("h1", "title") or o is title.taken]
    lines = description.description(clues, layout, titles, taken)
    signed = byline.byline(clues, layout, taken)
    when = dates.dates(clues, layout)
    published, modified = when.published, when.modified
    address = canonical.canonical_url(clues)
    crumbs, tags, picked_section = site.breadcrumbs(clues), keywords.picked(clues), site.picked_section(clues)
    section = picked_section.value or site.article_section(clues, crumbs)
    kind = genre.genre(clues, layout, section, crumbs)
    shown = (title, lines, published, modified)
    return Fields(
        canonical_url=address.value or clues.document.url,
        headline=title.value,
        description=lines.value,
        byline=signed.line.value,
        bylines=signed.names,
        date_published=published.value,
        date_modified=modified.value,
        keywords=tags.value or keywords.keywords(clues, layout),
        article_section=section,
        site_name=site.site_name(clues),
        is_accessible_for_free=access.is_accessible_for_free(clues),
        paywall_selector=access.paywall_selector(clues),
        genre=kind.value,
        breadcrumbs=crumbs,
        corrections=corrections.corrections(clues, layout),
        amp_url=page_links.amp_url(clues),
        license_url=page_links.license_url(clues),
        layout=layout,
        pictures=shown_pictures,
        evidence=(
            *title.candidates("headline"),
            *lines.candidates("description"),
            *signed.line.candidates("byline"),
            *published.candidates("date_published", Moment.isoformat),
            *modified.candidates("date_modified", Moment.isoformat),
            *address.candidates("canonical_url"),
            *kind.candidates("genre"),
            *pictures.candidates(picked, clues),
            *tags.candidates("keywords", "; ".join),
            *picked_section.candidates("article_section"),
        ),
        shown_in=(
            *(element for found in shown for element in found.elements),
            *signed.elements,
            *shown_pictures.elements,
        ),
        sure_standfirst=lines.elements if description.is_sure(lines) else (),
    )
