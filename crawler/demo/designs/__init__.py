"""The four page designs: how a story, or any other page, becomes HTML. Pure.

Each design is a module with ``head(outlet, story)``, the metadata, and
``main(outlet, story)``, what readers see; templates/ has its frame and style.
"""

from __future__ import annotations

from types import ModuleType

from crawler.demo.answers import Answer
from crawler.demo.content import labels
from crawler.demo.designs import block, classic, homemade, portal
from crawler.demo.designs import fragments as f
from crawler.demo.designs.template import FOLDER, fill
from crawler.demo.outlet import Edition, Outlet, Story

DESIGNS: dict[str, ModuleType] = {
    "block": block,
    "classic": classic,
    "homemade": homemade,
    "portal": portal,
}


def article(outlet: Outlet, story: Story) -> str:
    """The page of a story in its design."""
    design, edition = DESIGNS[story.design], outlet.editions[story.edition]
    return _frame(
        story.design,
        outlet,
        edition,
        title=story.headline,
        main=design.main(outlet, story),
        head=design.head(outlet, story),
        charset=story.manuscript.charset,
    )


def plain(outlet: Outlet, edition: Edition, title: str, main: str) -> str:
    """A page that is no story, `main` being its HTML, in the edition's design."""
    return _frame(edition.text.design, outlet, edition, title=title, main=main)


def style(name: str) -> Answer:
    """A design's style sheet."""
    return Answer(body=(FOLDER / f"{name}.css").read_bytes(), content_type="text/css; charset=utf-8")


def _frame(
    design: str,
    outlet: Outlet,
    edition: Edition,
    *,
    title: str,
    main: str,
    head: str = "",
    charset: str = "utf-8",
) -> str:
    """What all pages of a design share, around `main`."""
    words = labels(edition.language)
    return fill(
        design,
        language=edition.language,
        charset=charset,
        title=f.text(f"{title} - {edition.text.title}"),
        head=head,
        feeds=f.feed_links(outlet),
        name=f.text(edition.text.title),
        front=edition.text.front,
        menu=f.menu(outlet, edition),
        main=main,
        cookies=words["cookies"],
        cookies_button=words["cookies_button"],
        legal=words["legal"],
    )
