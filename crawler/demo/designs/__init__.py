"""The four page designs: how a story, or any other page, becomes HTML. Pure."""

from __future__ import annotations

from types import ModuleType

from crawler.demo.answers import Answer
from crawler.demo.designs import block
from crawler.demo.designs.template import FOLDER
from crawler.demo.outlet import Edition, Outlet, Story

DESIGNS: dict[str, ModuleType] = {"block": block, "classic": block, "homemade": block, "portal": block}
STYLES = tuple(DESIGNS)


def article(outlet: Outlet, story: Story) -> str:
    """The page of a story in its design."""
    page: str = DESIGNS[story.design].article(outlet, story)
    return page


def plain(outlet: Outlet, edition: Edition, title: str, main: str) -> str:
    """A page that is no story, `main` being its HTML, in the edition's design."""
    page: str = DESIGNS[edition.text.design].shell(outlet, edition, title, main)
    return page


def style(name: str) -> Answer:
    """A design's style sheet."""
    return Answer(body=(FOLDER / f"{name}.css").read_bytes(), content_type="text/css; charset=utf-8")
