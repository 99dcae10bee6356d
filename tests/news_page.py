"""Small news pages for tests: a headline, what stands around it, and a story of a few paragraphs."""

from __future__ import annotations

from crawler.extraction.clues import Clues
from crawler.extraction.document import parse
from crawler.extraction.headline import headline
from crawler.extraction.hints import NOTHING, Hints
from crawler.extraction.layout import Layout

URL = "https://www.harbourpost.example/news/2026/pier.html"
TITLE = "Old pier stays closed until the money is found"
SENTENCES = (
    "The harbour board met on Monday evening and put the decision off for another four weeks.",
    "Ferries will go on using the northern landing stage, which has room for only two of them.",
    "An engineer told the meeting that most of the planks under the café would not last a storm.",
    "Shopkeepers near the pier say that they have lost a third of their customers since autumn.",
)
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def page(body: str, head: str = "", *, lang: str = "en") -> bytes:
    """A page of nothing but what is given."""
    html = f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return html.encode()


def story_page(
    above: str = "", below: str = "", head: str = "", *, lang: str = "en", text: str = STORY
) -> bytes:
    """A page with a headline, then `above`, the paragraphs in an element of their own, and `below`."""
    body = f'<main><h1>{TITLE}</h1>{above}<div class="text">{text}</div>{below}</main>'
    return page(body, f"<title>{TITLE}</title>{head}", lang=lang)


def clues(html: bytes, url: str = URL, hints: Hints = NOTHING) -> Clues:
    """What the fields are read from."""
    return Clues(parse(html, url), hints)


def laid_out(html: bytes, url: str = URL, hints: Hints = NOTHING) -> tuple[Clues, Layout]:
    """The clues of a page, and its layout around its headline."""
    read = clues(html, url, hints)
    return read, Layout(read.story, headline(read).heading)


def json_ld(*objects: str) -> str:
    """<script> elements, each with one JSON text."""
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in objects)
