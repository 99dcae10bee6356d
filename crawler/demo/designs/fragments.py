"""Pieces of HTML that several designs share. Whatever comes from a story is escaped here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape

from crawler.demo.content import labels
from crawler.demo.other_pages import author_page, tag_page
from crawler.demo.outlet import Edition, Outlet, Picture, Story

FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
REL_TAG = ' rel="tag"'
REL_AUTHOR = ' rel="author"'
REL_NEXT = ' rel="next"'
REL_CATEGORY = ' rel="category tag"'
SHARES = ("Facebook", "WhatsApp", "LinkedIn", "Email")
TEASER_LENGTH = 140  # characters of the first paragraph where there is no standfirst


def text(value: str) -> str:
    """Text for between tags."""
    return escape(value, quote=False)


def wrapped(template: str, value: str | None) -> str:
    """`value` in place of the template's braces; "" where there is none."""
    return template.format(text(value)) if value else ""


def link(path: str, label: str, *, attributes: str = "") -> str:
    """An ``<a>``; `attributes` begin with a space."""
    return f'<a href="{escape(path)}"{attributes}>{text(label)}</a>'


def meta(kind: str, name: str, content: str) -> str:
    """A ``<meta>`` whose `kind` is "name" or "property"."""
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def head_link(rel: str, url: str) -> str:
    """A ``<link>``."""
    return f'<link rel="{rel}" href="{escape(url)}">'


def menu(outlet: Outlet, edition: Edition) -> str:
    """Links to the front pages, the sections, search, videos and the login, as list items."""
    words = labels(edition.language)
    fronts = [(e.text.front, words["home"] if e is edition else e.text.title) for e in outlet.editions]
    sections = [(edition.section_page(key), name) for key, name in edition.text.sections.items()]
    tools = [("/search", words["search"]), ("/videos", words["videos"]), ("/login", words["login"])]
    return "\n".join(f"<li>{link(path, name)}</li>" for path, name in (*fronts, *sections, *tools))


def feed_links(outlet: Outlet) -> str:
    """What a browser's feed button would find."""
    return "\n".join(
        f'<link rel="alternate" type="{FEED_TYPES[edition.text.feed]}"'
        f' title="{escape(edition.text.title)}" href="{edition.text.feed_path}">'
        for edition in outlet.editions
    )


def srcset(picture: Picture) -> str:
    """All sizes with their widths."""
    return ", ".join(f"{picture.path(width)} {width}w" for width in picture.widths)


def middle(picture: Picture) -> str:
    """The size that stands in ``src``: never the largest where there are three."""
    return picture.path(min(picture.widths[-1], 640))


def caption(picture: Picture) -> str:
    """Caption and credit in one line, as most pages print them; "" where there is neither."""
    return " ".join(part for part in (text(picture.image.caption or ""), credit(picture)) if part)


def credit(picture: Picture) -> str:
    """The credit in the picture's own form: "(©Norwind by Jan Berg)"."""
    line = picture.image.credit_line
    return text(picture.credit_form.format(line)) if line else ""


def alt(picture: Picture) -> str:
    """The ``alt`` attribute with its leading space, empty where the picture has no text."""
    return f' alt="{escape(picture.image.alt_text or "")}"'


def moment(value: dt.datetime | dt.date, edition: Edition) -> str:
    """A date, or date and time, as readers of the edition see it."""
    words = labels(edition.language)
    parts = {"d": value.day, "month": words["months"][value.month - 1], "y": value.year}
    if isinstance(value, dt.datetime):
        parts |= {"hour": value.hour, "minute": value.minute, "zone": edition.text.zone_name}
        return str(words["time"].format(**parts))
    return str(words["date"].format(**parts))


def time_element(value: dt.datetime | dt.date, edition: Edition, classes: str = "") -> str:
    """A ``<time>`` with the moment for machines and for readers."""
    attribute = f' class="{classes}"' if classes else ""
    return f'<time{attribute} datetime="{value.isoformat()}">{moment(value, edition)}</time>'


def linked_byline(story: Story, edition: Edition, attributes: str = "") -> str:
    """The byline with each author linked to the page about them."""
    line = text(story.byline or "")
    for author in story.authors:
        anchor = link(author_page(edition, author), author, attributes=attributes + REL_AUTHOR)
        line = line.replace(text(author), anchor)
    return line


def tag_links(story: Story, edition: Edition) -> str:
    """The keywords as links with commas in between."""
    return ", ".join(link(tag_page(edition, word), word, attributes=REL_TAG) for word in story.keywords)


def tag_items(story: Story, edition: Edition) -> str:
    """The keywords as linked list items."""
    links = (link(tag_page(edition, word), word, attributes=REL_TAG) for word in story.keywords)
    return "".join(f"<li>{anchor}</li>" for anchor in links)


def related_items(story: Story, edition: Edition) -> str:
    """The related stories as linked list items."""
    by_slug = {other.slug: other for other in edition.stories}
    related = (by_slug[slug] for slug in story.manuscript.related if slug in by_slug)
    return "".join(f"<li>{link(other.path, other.headline)}</li>" for other in related)


def comment_form(language: str) -> str:
    """The form below the story."""
    words = labels(language)
    fields = "".join(
        f'<p><label>{name} * <input name="f{index}"></label></p>'
        for index, name in enumerate(words["comment_fields"])
    )
    return (
        f'<h3>{words["comments"]}</h3><form method="post" action="/comment">'
        f"<p>{words['comment_note']}</p>{fields}<button>{words['comment_button']}</button></form>"
    )


def share_links() -> str:
    """The share bar's list items; they lead nowhere."""
    return "".join(f'<li><a href="#share" class="{name.lower()}">{name}</a></li>' for name in SHARES)


def teasers(stories: Iterable[Story]) -> str:
    """A list of stories as a section page shows it."""
    return "\n".join(
        f'<div class="teaser">{_thumbnail(story)}<h3>{link(story.path, story.headline)}</h3>'
        f"<p>{text(_teaser(story))}</p></div>"
        for story in stories
    )


def _teaser(story: Story) -> str:
    """The standfirst, or the first words; Japanese is cut where it comes."""
    start = story.body[0].text[:TEASER_LENGTH]
    return story.description or f"{start.rpartition(' ')[0] or start}…"


def _thumbnail(story: Story) -> str:
    if not story.pictures:
        return ""
    first = story.pictures[0]
    image = f'<img src="{first.path(first.widths[0])}"{alt(first)}>'
    return f'<a href="{escape(story.path)}">{image}</a>'
