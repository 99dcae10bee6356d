"""The tags that the page gives the story: in its metadata, else as the links that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.layout import Layout
from crawler.extraction.marks import naming
from crawler.extraction.surroundings import ancestry
from crawler.extraction.text import any_of, chunks, clean, fold, visible_text

# <meta> names, in order of trust; article:tag has one tag a <meta>.
_META = ("news_keywords", "keywords")
_META_LATER = ("parsely-tags", "sailthru.tags", "cxenseparse:tags", "dc.subject", "og:article:tag")

_BREAK = re.compile(r"\s*[,;、，؛|]\s*(?!\d{3}(?!\d))")
# What systems write between the tags for themselves: "Category: Travel", "comments-enabled", ids.
_MACHINE = re.compile(
    r"^(?:[\w ]{2,20}:\s?\S.*|_\w+|\d{5,}|[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]+(?:-enabled|-disabled)|paywall.*|"
    r"(?:[\w-]{1,60}\.){1,5}[a-z]{2,4}|null|none|undefined|true|false)$",
    re.IGNORECASE,
)
# "topic/floods"
_PATH = re.compile(r"^(?:[a-z_-]{3,20}/){1,3}(?=\S)")
_COUNT = re.compile(r"^\(\d+\)\s")
_LONGEST = 70
_MOST = 60

# Links to a tag's page, and the boxes that hold such links.
_TAG_FOLDERS = any_of(
    """
    tag, topic, thema, themen, tema, sujet, keyword, stichwort, schlagwort(?:er|e)?, argoment[io], etiqueta,
    emne(?:ord)?, amnen?, konu, etiket(?:ler)?, onderwerp(?:en)?, tagi, stitek, label, hashtag, oznaka,
    znacka, stitok, zyma, mot-cle, category, organisation, person
    """
)
_TAG_PAGE = re.compile(rf"/(?:{_TAG_FOLDERS})s?/[^/]", re.IGNORECASE)
_TAG_BOX = naming(
    """
    tags? tag_?list tag_?cloud tag_?box topics? topic_?tags themen thema temas keywords? schlagworte?
    stichworte? labels etiquetas etiketten sujets argomenti emneord emner amnen tagi etiketler hashtags?
    oznake oznaky znacky stitky zymos mots_cles post_tags related_topics
    """
)
_LONGEST_LINK = 60


def keywords(clues: Clues, layout: Layout) -> tuple[str, ...]:
    """Tags in the page's order, each once, without the site's name and marks for machines."""
    outlet = clues.outlet
    sources: tuple[Iterable[Offer[str]], ...] = (
        *(clues.meta.said(name) for name in _META),
        clues.meta.said("article:tag"),
        clues.linked.said("keywords", pages=False),
        *(clues.meta.said(name) for name in _META_LATER),
    )
    for source in sources:
        if tags := _clean(_split(source), outlet):
            return tags
    return _clean(_linked(layout), outlet)


def picked(clues: Clues) -> Found[tuple[str, ...]]:
    """What the source's selector finds: each match a tag, or a single one the list of them."""
    matches = clues.picks.matches("keywords")
    texts = (text for match in matches for text in _texts(match, is_list=len(matches) == 1))
    tags = _clean((text.lstrip("#＃ ") for text in texts), clues.outlet)
    return first([Offer(tags, clues.picks.origin("keywords"))] if tags else [])


def _texts(match: HtmlElement | str, *, is_list: bool) -> list[str]:
    if isinstance(match, str):
        texts = [clean(match)]
    else:
        shown = chunks(match) if is_list else [visible_text(match, limit=2 * _LONGEST)]
        texts = shown if any(shown) else [clean(match.get("content"))]
    return [part for text in texts for part in _BREAK.split(text)] if is_list else texts


def _split(offers: Iterable[Offer[str]]) -> Iterator[str]:
    for offer in offers:
        yield from _BREAK.split(offer.value) if offer.origin != "meta:article:tag" else [offer.value]


def _clean(texts: Iterable[str], outlet: frozenset[str]) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for text in texts:
        tag = _COUNT.sub("", _PATH.sub("", text.strip(" \"'")))
        if 1 < len(tag) <= _LONGEST and not _MACHINE.match(tag) and fold(tag) not in outlet:
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:_MOST]


def _linked(layout: Layout) -> Iterator[str]:
    """The texts of tag links beside the story, and of those in a box of tags."""
    for element in (*layout.head, *layout.after_text):
        text = visible_text(element, limit=2 * _LONGEST_LINK) if element.tag == "a" else ""
        if 0 < len(text) <= _LONGEST_LINK and _is_tag(layout, element):
            yield text.lstrip("#＃ ")


def _is_tag(layout: Layout, link: HtmlElement) -> bool:
    rel = (link.get("rel") or "").lower().split()
    if "category" in rel:  # a section, which WordPress calls a tag as well
        return False
    if "tag" in rel:
        return True
    around = ancestry(link)[1:4]
    if any(node.tag == "p" and node.text and node.text.strip() for node in around):
        return False  # a link in running text
    return _TAG_PAGE.search(link.get("href") or "") is not None or any(
        _TAG_BOX(n) and not layout.holds_story(n) for n in around
    )
