"""Pieces of HTML that several designs share. Whatever comes from a story is escaped here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape

from crawler.demo.content import labels
from crawler.demo.other_pages import author_page, tag_page
from crawler.demo.outlet import Edition, Outlet, Picture, Story

REL_TAG, REL_AUTHOR, REL_NEXT = ' rel="tag"', ' rel="author"', ' rel="next"'
FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def edition_of(outlet: Outlet, story: Story) -> Edition:
    """The edition that a story stands in."""
    return outlet.editions[story.edition]


def menu(outlet: Outlet, edition: Edition) -> str:
    """Links to the front pages, the sections, search, videos and the login, as list items."""
    words = labels(edition.language)
    fronts = [(e.text.front, words["home"] if e is edition else e.language.upper()) for e in outlet.editions]
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


def link(path: str, text: str, *, attributes: str = "") -> str:
    """An ``<a>``; `attributes` begin with a space."""
    return f'<a href="{escape(path)}"{attributes}>{escape(text)}</a>'


def srcset(picture: Picture) -> str:
    """All sizes with their widths."""
    return ", ".join(f"{picture.path(width)} {width}w" for width in picture.widths)


def middle(picture: Picture) -> str:
    """The size that stands in ``src``: never the largest where there are several."""
    return picture.path(min(picture.widths[-1], 640))


def caption(picture: Picture) -> str:
    """Caption and credit in one line, as most pages print them; "" where there is neither."""
    return " ".join(part for part in (escape(picture.image.caption or ""), credit(picture)) if part)


def credit(picture: Picture) -> str:
    """The credit in the picture's own form: "(©Norwind by Jan Berg)"."""
    line = picture.image.credit_line
    return escape(picture.credit_form.format(line)) if line else ""


def alt(picture: Picture) -> str:
    """The ``alt`` attribute with its leading space, empty where the picture has no text."""
    return f' alt="{escape(picture.image.alt_text or "")}"'


def moment(value: dt.datetime | dt.date, edition: Edition) -> str:
    """A date, or date and time, as readers of the edition see it."""
    words = labels(edition.language)
    parts = {"d": value.day, "month": words["months"][value.month - 1], "y": value.year}
    if not isinstance(value, dt.datetime):
        return str(words["date"].format(**parts))
    return str(
        words["time"].format(hour=value.hour, minute=value.minute, zone=edition.text.zone_name, **parts)
    )


def linked_byline(story: Story, edition: Edition) -> str:
    """The byline with each author linked to the page about them."""
    line = escape(story.byline or "")
    for author in story.authors:
        anchor = link(author_page(edition, author), author, attributes=REL_AUTHOR)
        line = line.replace(escape(author), anchor)
    return line


def tag_items(story: Story, edition: Edition) -> str:
    """The keywords as linked list items."""
    return "".join(
        f"<li>{link(tag_page(edition, word), word, attributes=REL_TAG)}</li>" for word in story.keywords
    )


def related_items(story: Story, edition: Edition) -> str:
    """The related stories as linked list items."""
    by_slug = {other.slug: other for other in edition.stories}
    related = (by_slug[slug] for slug in story.manuscript.related if slug in by_slug)
    return "".join(f"<li>{link(other.path, other.headline)}</li>" for other in related)


def comment_form(language: str) -> str:
    """The form below the story."""
    words = labels(language)
    fields = "".join(
        f'<p><label>{escape(name)} * <input name="f{index}"></label></p>'
        for index, name in enumerate(words["comment_fields"])
    )
    return (
        f'<h3>{escape(words["comments"])}</h3><form method="post" action="/comment">'
        f"<p>{escape(words['comment_note'])}</p>{fields}<button>{escape(words['comment_button'])}</button></form>"
    )


def share_links() -> str:
    """The share bar's list items; they lead nowhere."""
    names = ("Facebook", "X", "WhatsApp", "LinkedIn", "Email")
    return "".join(f'<li><a href="#share" class="{name.lower()}">{name}</a></li>' for name in names)


def teasers(stories: Iterable[Story]) -> str:
    """A list of stories as a section page shows it."""
    return "\n".join(
        f'<div class="teaser">{_thumbnail(story)}<h3>{link(story.path, story.headline)}</h3>'
        f"<p>{escape(story.description or story.body[0].text[:140] + '…')}</p></div>"
        for story in stories
    )


def _thumbnail(story: Story) -> str:
    if story.lead is None:
        return ""
    return f'<a href="{escape(story.path)}"><img src="{story.lead.path(story.lead.widths[0])}"{alt(story.lead)}></a>'
