"""Notices in which a newsroom says what it got wrong, and the story without them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.layout import Layout
from crawler.extraction.marks import naming
from crawler.extraction.text import any_of, fold, visible_text
from storage.records import Block, BlockKind

# What such a notice begins with.
_WORDS = any_of(
    r"""
    corrections?, clarifications?, corrigend(?:um|a), errat(?:um|a), correction and clarification,
    korrektur, berichtigung, richtigstellung, korrigering, korrigendum, rettelse, rettelser, rättelse,
    corrección, correcciones, fe de erratas?, fe de errores, rectificación, aclaración, correção, correções,
    rectificatif, rectification, correctif, errata corrige, rettifica, precisazione, rectificatie, correctie,
    oikaisu, sprostowanie, oprava, helyesbítés, düzeltme, исправление, поправка, уточнение, виправлення,
    διόρθωση, 訂正, お詫びと訂正, 訂正とおわび, 更正, 更正启事, 정정, 정정보도, 바로잡습니다, تصحيح, תיקון,
    sửa lỗi, đính chính
    """
)
# … perhaps with a date, and then a colon or dash; or nothing more, as a heading has it.
_NOTICE = re.compile(
    rf"^\W{{0,3}}(?:{_WORDS})(?!\w)(?:[^:：.!?\d]{{0,20}}\d[^:：!?]{{0,25}})?\s*(?:[:：—–-]|$)", re.IGNORECASE
)
_MADE_IN_TEXT = re.compile(
    r"^(?:an|the) (?:earlier|previous|original) version of (?:this|the) (?:article|story|report|headline)"
    r"|^(?:this|the) (?:article|story|report|post) (?:has been|was) (?:corrected|amended)",
    re.IGNORECASE,
)
_NAMES = naming("corrections? clarifications? corrigendum erratum errata correction_note rectificatif")
_LONGEST = 1_500
_SHORTEST = 20
_MOST = 20
_TAGS = ("p", "div", "aside", "section", "li", "span")


def corrections(clues: Clues, layout: Layout) -> tuple[str, ...]:
    """The notices that the page's data has, and those that it shows in a place named for them."""
    said = [
        text
        for offer in clues.linked.said("correction", "correctiontext", pages=False)
        if (text := offer.value)
    ]
    for node in clues.linked.of_type("correctioncomment"):
        said += node.texts("text")
    shown = (visible_text(element, limit=_LONGEST + 1) for element in _named(layout))
    return _once(text for text in (*said, *shown) if _SHORTEST <= len(text) <= _LONGEST)


def part(blocks: tuple[Block, ...], notices: tuple[str, ...]) -> tuple[tuple[bool, ...], tuple[str, ...]]:
    """Whether each block is told text (and no notice), and all notices: `notices` and those in `blocks`."""
    known = {fold(notice) for notice in notices}
    is_notice: list[bool] = []
    for place, block in enumerate(blocks):
        is_headed = bool(is_notice) and is_notice[-1] and len(blocks[place - 1].text) < _SHORTEST
        is_notice.append(is_headed or _is_notice(block, known))
    found = [block.text for block, noticed in zip(blocks, is_notice, strict=True) if noticed]
    if len(found) == len(blocks):  # a page that is nothing but a correction
        return (True,) * len(blocks), notices
    return tuple(not noticed for noticed in is_notice), _once((*notices, *found))


def _is_notice(block: Block, known: set[str]) -> bool:
    if block.kind is BlockKind.QUOTE or len(block.text) > _LONGEST:
        return False
    if block.kind is not BlockKind.HEADING and _MADE_IN_TEXT.search(block.text):
        return True
    if _NOTICE.search(block.text):
        return block.kind is BlockKind.HEADING or len(block.text) >= _SHORTEST
    return bool(known) and len(block.text) >= _SHORTEST and fold(block.text) in known


def _named(layout: Layout) -> list[HtmlElement]:
    """Elements of the story's part of the page that are named for it, the outermost of each."""
    found: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in (*layout.below_headline, *layout.story.container.iter(*_TAGS), *layout.after_text):
        if element.tag in _TAGS and element not in inside and _NAMES(element):
            if layout.holds_story(element):
                continue
            found.append(element)
            inside.update(element.iter())
    return found[:_MOST]


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, each once; a label alone ("Correction") and a part of another one are left out."""
    kept: list[str] = []
    for text in texts:
        letters = fold(text)
        if len(text) >= _SHORTEST and not any(letters in fold(other) for other in kept):
            kept = [other for other in kept if fold(other) not in letters]
            kept.append(text)
    return tuple(kept[:_MOST])
