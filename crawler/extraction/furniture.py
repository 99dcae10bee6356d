"""What on a page is not the story, as its markup tells: words and tags, and how far to believe them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import lru_cache

from crawler.extraction.blocks import Box, Cut, Piece, around
from crawler.extraction.text import word_set


class Doubt(IntEnum):
    """How surely an element's name says that it is not the story."""

    NONE = 0
    SOME = 1  # unless elements so named hold much of the page's text
    FIRM = 2  # unless it holds nearly all of the text


FIRM_TAGS = word_set("nav footer form menu")
SOME_TAGS = word_set("aside header figcaption figure table address")
TAGS = dict.fromkeys(SOME_TAGS, Doubt.SOME) | dict.fromkeys(FIRM_TAGS, Doubt.FIRM)
SOME_ROLES = word_set("banner complementary contentinfo dialog menu menubar navigation search")

TEXT_TAGS = word_set("h1 h2 h3 h4 h5 h6 p")

FIRM_WORDS = word_set(
    "breadcrumb breadcrumbs comentarii comentarios comment commentaires comments commenti consent cookie "
    "cookies disqus footer hozzaszolasok komentar komentare komentari komentarze kommentare kommentarer "
    "kommentek livefyre menu nav navbar navigation outbrain reacties taboola yorumlar"
)
# Advertising, prompts and forms; other stories; what is embedded; words for screen readers alone.
SOME_WORDS = word_set(
    "ad ads advert advertisement advertising audio banner bsky button carousel cta donate donation "
    "embed facebook follow gallery instagram login modal mostread newsletter newsletters offer offers "
    "offscreen overlay pager pagination placeholder player poll popular popup promo promos promotion "
    "promotions quiz rating readmore recirc recirculation recommendation recommendations recommended "
    "recommends register related screenreader share sharedaddy sharethis sharing sidebar signup slider "
    "slideshow social socials sponsor sponsored sr subscribe subscription teaser teasers tiktok tooltip "
    "trending tweet twitter video visually widget youtube"
)
# What a story is labelled with. On a heading such words name its look.
LABEL_WORDS = word_set(
    "auteur author authors autor autoren bio bookmark byline caption contact copyright credit credits "
    "date dateline disclaimer duration infotext keywords kicker label mediainfo meta print source tag "
    "taglist tags time timestamp toc toolbar topic topics"
)

_ALL_WORDS = SOME_WORDS | LABEL_WORDS

# A class that says how something looks, what it is next to or what state it is in: "has-sidebar",
# "no-comments", "md:grid". What follows "--" is a variant.
_NO_NAME = re.compile(r"^(?:has|with|without|no|not|is|js|u|data)[-_]|[:\[\]/]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

# Elements of one name that hold more of the page's text than this are no furniture.
SOME_SHARE = 0.4
FIRM_SHARE = 0.7
# So much of the prose stands in paragraphs of one class, if that class marks the story.
DRESSED_SHARE = 0.6
_MAX_NAME = 400
_REMEMBERED = 16_384


def furniture(page: Cut, others: Collection[Box] = frozenset()) -> set[Box]:
    """The boxes that are furniture or stand in some; the text in `others` counts for nothing."""
    pieces = [piece for piece in page.pieces if piece.box not in others]
    grades = _grades(page, sum(piece.prose for piece in pieces))
    shares = _shares(page, pieces, grades)
    dressed = _dressed_as_the_story(pieces)
    found: set[Box] = set()
    for box in page.boxes:
        grade = grades[box]
        if (
            box.parent in found
            or grade is Doubt.FIRM
            or (grade is Doubt.SOME and box not in dressed and shares.get(_name(box), 0.0) < SOME_SHARE)
        ):
            found.add(box)
    return found


def _dressed_as_the_story(pieces: Collection[Piece]) -> set[Box]:
    """The boxes whose paragraphs all have the class of most paragraphs: a "teaser" may be the lead."""
    prose: dict[str, float] = {}
    for piece in pieces:
        prose[_class(piece)] = prose.get(_class(piece), 0.0) + piece.prose
    story, most = max(prose.items(), key=lambda item: item[1], default=("", 0.0))
    if not story or most < DRESSED_SHARE * sum(prose.values()):
        return set()
    told = [piece for piece in pieces if piece.prose]
    return around(p.box for p in told if _class(p) == story) - around(
        p.box for p in told if _class(p) != story
    )


def _class(piece: Piece) -> str:
    return piece.box.element.get("class", "") if piece.box.tag == "p" else ""


def _grades(page: Cut, everything: float) -> dict[Box, Doubt]:
    """How far each box is in doubt; none is that holds nearly everything, such as the root."""
    limit = FIRM_SHARE * everything
    grades = {box: _grade(box) for box in page.boxes}
    grades[page.boxes[0]] = Doubt.NONE
    for box, grade in grades.items():
        if grade is Doubt.FIRM and box.prose > limit:
            grades[box] = Doubt.NONE
    return grades


def _shares(page: Cut, pieces: Iterable[Piece], grades: dict[Box, Doubt]) -> dict[str, float]:
    """For each name in some doubt, the share of the prose outside firm furniture that so named boxes hold.

    A site may call each paragraph of its stories "paywall" or "social": together they are the story.
    """
    above: dict[Box, frozenset[str] | None] = {}
    for box in page.boxes:
        names = above[box.parent] if box.parent is not None else frozenset()
        if grades[box] is Doubt.FIRM:
            names = None
        elif grades[box] is Doubt.SOME and names is not None:
            names |= {_name(box)}
        above[box] = names
    prose: dict[str, float] = {}
    total = 0.0
    for piece in pieces:
        names = above[piece.box]
        if names is not None:
            total += piece.prose
            for name in names:
                prose[name] = prose.get(name, 0.0) + piece.prose
    return {name: amount / total for name, amount in prose.items()} if total else {}


def _name(box: Box) -> str:
    return box.element.get("class") or box.element.get("id") or f"<{box.tag}>"


def _grade(box: Box) -> Doubt:
    """How far `box`'s markup says that it is not the story."""
    get = box.element.get
    named = get("class") or ""
    if box.tag not in TEXT_TAGS:  # headings and paragraphs have ids for links to them, made of their text
        named = f"{named} {get('id') or ''}"
    by_role = Doubt.SOME if get("role") in SOME_ROLES else Doubt.NONE
    return max(TAGS.get(box.tag, Doubt.NONE), by_role, _doubt(named[:_MAX_NAME], box.level > 0))


@lru_cache(maxsize=_REMEMBERED)
def _doubt(name: str, is_heading: bool) -> Doubt:
    """What a name makes one think; the pages of a site have the same names."""
    words = {word.lower() for token in name.split() for word in _words(token)}
    some = SOME_WORDS if is_heading else _ALL_WORDS
    firm = not FIRM_WORDS.isdisjoint(words)
    return Doubt.FIRM if firm else Doubt.NONE if some.isdisjoint(words) else Doubt.SOME


def _words(token: str) -> list[str]:
    token = token.partition("--")[0]
    return [] if _NO_NAME.search(token) else _WORD.findall(token)
