"""TEI P5: one TEI document an article, in one teiCorpus or as files of a folder.

https://tei-c.org/release/doc/tei-p5-doc/en/html/
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from importlib.metadata import version as installed_version
from itertools import groupby
from typing import IO, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from storage.export import destination
from storage.export.file_names import place
from storage.export.request import Request
from storage.records import EMBEDS, ArchivedArticle, Article, Block, BlockKind, Image, Moment, Role

NAMESPACE = "http://www.tei-c.org/ns/1.0"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What XML 1.0 has no character for.
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def write(records: Iterator[ArchivedArticle], request: Request) -> int:
    """Write a teiCorpus where the output's name ends in .xml, else a folder; returns how many articles."""
    assert request.output
    if request.output.suffix == ".xml":
        with destination.new_file(request.output) as part, destination.text_file(part, "") as out:
            return _write_corpus(records, out)
    number = 0
    with destination.new_folder(request.output) as folder:
        for number, item in enumerate(records, 1):
            path = folder / place(number, item, ".xml", every=request.versions == "all")
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{DECLARATION}{document(item)}\n", encoding="utf-8", newline="\n")
    return number


def _write_corpus(records: Iterator[ArchivedArticle], out: IO[str]) -> int:
    header = Element("teiHeader")
    description = SubElement(header, "fileDesc")
    _add(SubElement(description, "titleStmt"), "title", "Articles of a news archive")
    _add(SubElement(description, "publicationStmt"), "p", _producer())
    _add(SubElement(description, "sourceDesc"), "p", "Web pages, each described in the header of its text.")
    out.write(f'{DECLARATION}<teiCorpus xmlns="{NAMESPACE}">\n{_text(header)}\n')
    first = next(records, None)
    number = 0
    if first is None:  # a corpus holds one text at least
        out.write("<TEI><teiHeader><fileDesc><titleStmt><title>No article</title></titleStmt>")
        out.write(
            "<publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>"
        )
        out.write("<text><body><p/></body></text></TEI>\n")
    else:
        out.write(f"{document(first, in_corpus=True)}\n")
        for number, item in enumerate(records, 1):  # noqa: B007 - the count is the result
            out.write(f"{document(item, in_corpus=True)}\n")
        number += 1
    out.write("</teiCorpus>\n")
    return number


def document(item: ArchivedArticle, *, in_corpus: bool = False) -> str:
    """One article as a TEI element."""
    root = Element("TEI", {} if in_corpus else {"xmlns": NAMESPACE})
    language = item.article.in_language
    if language and LANGUAGE.fullmatch(language):
        root.set("xml:lang", language)
    root.append(_header(item))
    body = SubElement(SubElement(root, "text"), "body")
    for element in _body(item.article):
        body.append(element)
    return _text(root)


def _header(item: ArchivedArticle) -> Element:
    page = item.article
    header = Element("teiHeader")
    described = SubElement(header, "fileDesc")
    title = SubElement(described, "titleStmt")
    _add(title, "title", page.headline or page.canonical_url)
    _name_authors(title, page)
    publication = SubElement(described, "publicationStmt")
    _add(publication, "publisher", _producer())
    _add(publication, "idno", f"{item.source}/{item.id}/{item.version}", type="newsarchive")
    _add(SubElement(publication, "availability"), "p", page.license_url or "Rights are the publisher's.")
    _add_source(described, item)
    profile = SubElement(header, "profileDesc")
    if page.in_language and LANGUAGE.fullmatch(page.in_language):
        _add(SubElement(profile, "langUsage"), "language", page.in_language, ident=page.in_language)
    _add_keywords(profile, page)
    if not len(profile):
        header.remove(profile)
    return header


def _name_authors(parent: Element, page: Article) -> None:
    for named in page.bylines:
        if named.role is Role.WRITER:
            _add(parent, "author", named.name)
    for named in page.bylines:
        if named.role is not Role.WRITER:
            statement = SubElement(parent, "respStmt")
            _add(statement, "resp", named.role)
            _add(statement, "name", named.name)


def _add_source(described: Element, item: ArchivedArticle) -> None:
    """Where the text is from: the page as published, and when it was read."""
    page = item.article
    bibl = SubElement(SubElement(described, "sourceDesc"), "bibl")
    _add(bibl, "title", page.headline or page.canonical_url, level="a")
    for name in page.authors:
        _add(bibl, "author", name)
    _add(bibl, "publisher", page.site_name or item.source)
    _add_date(bibl, page.date_published, "published")
    _add_date(bibl, page.date_modified, "modified")
    _add(bibl, "date", _iso(item.fetched_at), type="captured", when=_iso(item.fetched_at))
    _add(bibl, "ptr", None, target=_reference(page.canonical_url))


def _add_date(parent: Element, moment: Moment | None, kind: str) -> None:
    if moment:
        _add(parent, "date", moment.raw or moment.isoformat(), type=kind, when=_iso(moment.value))


def _add_keywords(profile: Element, page: Article) -> None:
    groups: dict[str, list[str]] = {
        "section": [page.article_section] if page.article_section else [],
        "genre": [page.genre] if page.genre else [],
        "keywords": list(page.keywords),
    }
    if any(groups.values()):
        classified = SubElement(profile, "textClass")
        for kind, terms in groups.items():
            if terms:
                keywords = SubElement(classified, "keywords", {"n": kind})
                for term in terms:
                    _add(keywords, "term", str(term))


def _body(page: Article) -> Iterator[Element]:
    """Headline and standfirst, then sections that begin with a heading, pictures in their places."""
    yield _element("head", page.headline or page.canonical_url)
    opening = Element("div")
    if page.description:
        _add(opening, "p", page.description, rend="standfirst")
    section = opening
    placed = _pictures_by_place(page)
    for kind, run in groupby(enumerate(page.blocks), key=lambda pair: pair[1].kind):
        if kind is BlockKind.LIST_ITEM:
            section.extend(_list(run, placed))
            continue
        for position, block in run:
            section.extend(_figure(image) for image in placed.pop(position, ()))
            if kind is BlockKind.HEADING and len(section):
                yield section
                section = Element("div")
            section.append(_block(block))
    section.extend(_figure(image) for images in placed.values() for image in images)
    if len(section) == 0 or (len(section) == 1 and section[0].tag == "head"):
        _add(section, "p", None)
    yield section


def _pictures_by_place(page: Article) -> dict[int, list[Image]]:
    """The pictures by the number of the block that they stand before; lead ones first of all."""
    placed: dict[int, list[Image]] = {}
    end = len(page.blocks)
    for image in page.images:
        place = end if image.block_position is None else min(image.block_position, end)
        placed.setdefault(0 if image.is_lead else place, []).append(image)
    return placed


def _list(run: Iterator[tuple[int, Block]], placed: dict[int, list[Image]]) -> list[Element]:
    """Items that follow each other as one list, and after it the pictures among them."""
    items = Element("list")
    pictures: list[Element] = []
    for position, block in run:
        pictures += [_figure(image) for image in placed.pop(position, ())]
        _add(items, "item", block.text)
    return [items, *pictures]


def _block(block: Block) -> Element:
    match block.kind:
        case BlockKind.HEADING:
            return _element("head", block.text)
        case BlockKind.QUOTE:
            quoted = Element("quote")
            _add(quoted, "p", block.text)
            return quoted
    if block.kind in EMBEDS:
        embed = _element("p", None, rend=block.kind)
        _add(embed, "ref", block.text or block.url, target=_reference(block.url or ""))
        return embed
    return _element("p", block.text)


def _figure(image: Image) -> Element:
    figure = Element("figure")
    if image.caption:
        _add(figure, "head", image.caption)
    _add(figure, "graphic", None, url=_reference(image.url))
    if image.credit_line:
        _add(figure, "p", image.credit_line, rend="credit")
    if image.alt_text:
        _add(figure, "figDesc", image.alt_text)
    return figure


def _reference(address: str) -> str:
    """An address without white space, which TEI's pointers may not have."""
    return re.sub(r"\s", "%20", address) or "#"


def _iso(value: dt.date) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    return value.isoformat()


def _producer() -> str:
    return f"newsarchive {installed_version('newsarchive')}"


def _add(parent: Element, name: str, text: str | None, **attributes: str) -> None:
    parent.append(_element(name, text, **attributes))


def _element(name: str, text: str | None, **attributes: str) -> Element:
    element = Element(name, {key: UNFIT.sub("\ufffd", str(value)) for key, value in attributes.items()})
    element.text = None if text is None else UNFIT.sub("\ufffd", text)
    return element


def _text(element: Any) -> str:
    indent(element)
    return tostring(element, encoding="unicode")
