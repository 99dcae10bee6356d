"""Who wrote it: the line as the page shows it, and the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer
from crawler.extraction.layout import Layout
from crawler.extraction.linked_data import Node
from crawler.extraction.marks import naming
from crawler.extraction.moments import Reader, read_moments
from crawler.extraction.names import read_names
from crawler.extraction.surroundings import ancestry
from crawler.extraction.text import any_of, chunks, clean, visible_text, word_list, word_set
from storage.records import Byline, Role

# <meta> names, in order of trust. Facebook's article:author is mostly an address; those are left out.
_META = word_list(
    """
    author byl dc.creator dcterms.creator parsely-author sailthru.author cxenseparse:author article:author
    article:author_name dable:author mediator_author
    """
)
_BYLINE = naming(
    """
    by_?lines? authors? autore?n? autores autor[ai]? autors autorius auteurs? writers? written_by
    reporters? journalists? signature contributors? creator skribent forfatter forfattare kirjoittaja
    redaktor yazar muhabir firma
    article_origins? attribution
    """
)
_NOT_BYLINE = naming(
    """
    comments? bio biography about image img photo picture avatar social follow share related more_from
    teasers? captions? credits? newsletter body
    """
)
_ORGANISATIONS = word_set(
    "organization newsmediaorganization corporation educationalorganization governmentorganization ngo"
)
_AUTHOR_FOLDERS = any_of(
    """
    authors?, autore?n?, autores, autor[ai]?, auteurs?, writers?, by, byline, contributors?, people, person,
    profiles?, staff, reporters?, journalists?, journalistes?, redaktion, redaktor, team, columnists?,
    skribent, yazar, avtor, editor
    """
)
_AUTHOR_PAGE = re.compile(rf"/(?:{_AUTHOR_FOLDERS})s?[/=-][^/?#]", re.IGNORECASE)

# Lines that say whose they are. Only short ones: stories begin with "By" and "Von", too.
_LABELS = any_of(
    """
    (?:written |reported |story |words |text |analysis |opinion |review )?by, von, par, por, di, door, av,
    af, text, tekst, texto, texte, teksts, tekstas, authors?, autor(?:in|es|en|as?|i)?, auteure?, autore,
    autrice,
    redactie, reporter, writer, автор, текст, 記者, 文, 作者, 撰文, 记者, 取材・文, 기자, بقلم
    """
)
_KOREAN = r"[가-힣]{2,4}\s?(?:선임)?기자"
_SIGNED_START = re.compile(rf"(?:{_LABELS}|{_KOREAN})", re.IGNORECASE)
_SIGNED = re.compile(
    rf"(?:{_LABELS})(?:\s*[:：＝|／]?\s+|[:：＝／・])\S|{_KOREAN}(?:\s|$)|記者|记者", re.IGNORECASE
)
_STRAY_BLANK = re.compile(r"\s(?=[,;.])")
_DATE = naming("date time timestamp published updated pub_?date datum fecha")
# How far in elements a line of names may stand from a date or the text, and how much of it must be names.
_NEAR = 4
_ALL = 0.8
_LONGEST_ALONE = 100
_LONGEST = 300
_LONGEST_SIGNED = 140
_LINE_LEVELS = 4
_MOST_LINKS = 20
_MOST_NAMED = 5_000  # characters
_TAGS = word_set(
    "a address b cite dd div em footer h3 h4 h5 header i li p section small span strong td ul dl"
)


RULE = "the shown line that has the names of the most trusted claim"


@dataclass(frozen=True, slots=True)
class Signed:
    """An article's byline, read."""

    line: Found[str]
    # The line as the page writes it; its elements show it.
    names: tuple[Byline, ...] = ()
    elements: tuple[HtmlElement, ...] = ()
    # Every place that shows a byline: at the top, at the foot.


@dataclass(frozen=True, slots=True)
class _Claim:
    """One place that names authors."""

    offer: Offer[str]
    names: tuple[Byline, ...]

    @property
    def people(self) -> frozenset[str]:
        return frozenset(b.name.casefold() for b in self.names if b.role is Role.WRITER)


def byline(clues: Clues, layout: Layout, taken: Set[HtmlElement] = frozenset()) -> Signed:
    """The persons (or the desk, agency or outlet) that the page names as authors, in order.

    `taken` are the elements that show something else.
    """
    found, picked = _byline(clues, layout, taken), _picked(clues)
    if picked is None:
        return found
    line = Found(picked.offer if picked.names else None, (picked.offer,)).before(found.line)
    if not picked.names:
        return replace(found, line=line)
    agreeing = found.elements if set(found.names) & set(picked.names) else ()
    return Signed(line, picked.names, (*picked.offer.elements, *agreeing))


def _picked(clues: Clues) -> _Claim | None:
    """All that the source's selector finds, as one line."""
    matches = clues.picks.matches("byline")
    texts = [text for match in matches if (text := _lines(match))]
    if not texts:
        return None
    written = "\n".join(texts)
    names = read_names(written, clues.outlet) or read_names(written, clues.outlet, is_name=True)
    line = _STRAY_BLANK.sub("", ", ".join(clean(text) for text in texts))[:_LONGEST].strip()
    return _Claim(Offer(line, clues.picks.origin("byline"), clues.picks.elements("byline")), names)


def _lines(match: HtmlElement | str) -> str:
    if isinstance(match, str):
        return clean(match)
    return "\n".join(chunks(match)) or clean(match.get("content"))


def _byline(clues: Clues, layout: Layout, taken: Set[HtmlElement]) -> Signed:
    outlet = clues.outlet
    shown = list(_shown(layout, outlet, taken))
    meta = _claims(clues.meta.said(*_META), outlet)
    claims = [claim for claim in (*_linked(clues, outlet), *shown, *meta) if claim.names]
    if not any(claim.people for claim in claims):
        above, *others = _standing_alone(layout, outlet, taken)
        others = [] if claims else others  # weaker than any word of the page's
        claims += [claim for claim in (above, *others) if claim is not None][:1]
    chosen = _choose(claims)
    if chosen is None:
        return Signed(Found())
    seen = next((claim for claim in claims if claim.offer.elements and _agree(claim, chosen)), chosen)
    line = Found(seen.offer, tuple(claim.offer for claim in claims), RULE)
    return Signed(line, chosen.names, tuple(e for c in claims if _agree(c, chosen) for e in c.offer.elements))


def _agree(one: _Claim, other: _Claim) -> bool:
    return bool(one.people & other.people) or one.names == other.names


def _choose(claims: list[_Claim]) -> _Claim | None:
    """The first that names a person; one that names the same and more, where there is; else the first."""
    first = next((claim for claim in claims if claim.people), None)
    if first is None:
        return next(iter(claims), None)
    return next((c for c in claims if c.offer.elements and c.people > first.people), first)


def _claims(offers: Iterable[Offer[str]], outlet: frozenset[str]) -> Iterator[_Claim]:
    for offer in offers:
        yield _Claim(offer, read_names(offer.value, outlet, is_name=True))


# Linked data --------------------------------------------------------------------------------------


def _linked(clues: Clues, outlet: frozenset[str]) -> Iterator[_Claim]:
    """What each node of the story says, all its authors together."""
    for key in ("author", "creator"):
        for node in clues.linked.stories:
            named = _to_read(node.values(key))
            names = tuple(dict.fromkeys(b for value in named for b in _of_value(value, outlet)))
            if names:
                line = ", ".join(b.name for b in names)
                yield _Claim(Offer(line, f"{node.origin}:{key}"), names)


def _to_read(values: Iterable[Node | str]) -> Iterator[Node | str]:
    """The first of `values`, as many as may sign one story."""
    left = _MOST_NAMED
    for value in values:
        if left <= 0:
            return
        left -= len(value) if isinstance(value, str) else sum(map(len, value.texts("name")))
        yield value


def _of_value(value: Node | str, outlet: frozenset[str]) -> tuple[Byline, ...]:
    if isinstance(value, str):
        return read_names(value, outlet, is_name=True)
    names = tuple(b for text in value.texts("name") for b in read_names(text, outlet, is_name=True))
    if value.types & _ORGANISATIONS:
        return tuple(Byline(name=text, role=Role.AGENCY) for text in value.texts("name"))
    return names


# What the page shows ------------------------------------------------------------------------------


def _shown(layout: Layout, outlet: frozenset[str], taken: Set[HtmlElement]) -> Iterator[_Claim]:
    head = [e for e in (*layout.below_headline, *reversed(layout.above_headline)) if e not in taken]
    foot = [e for e in layout.foot if e not in taken]
    for origin, zone, ways in (
        ("", head, (_author_links, _named, _signed, _signed_after_break)),
        ("foot ", foot, (_signed, _named, _signed_after_break)),
    ):
        for way in ways:
            for name, elements, line in way(layout, zone):
                names = read_names(line, outlet, is_name=way is _author_links)
                if names:
                    raw = line if way is _signed_after_break else _raw(elements)
                    yield _Claim(Offer(raw, origin + name, elements), names)


_Lines = Iterator[tuple[str, tuple[HtmlElement, ...], str]]


def _author_links(layout: Layout, zone: list[HtmlElement]) -> _Lines:
    """Links to authors' pages; all of those together, as they stand side by side."""
    links = tuple(e for e in zone if e.tag == "a" and _is_author_link(e) and visible_text(e))[:_MOST_LINKS]
    if links:
        yield "author link", _line_around(links), "\n".join(text for link in links for text in chunks(link))


def _line_around(links: tuple[HtmlElement, ...]) -> tuple[HtmlElement, ...]:
    """The line that the links stand in, where it is no more than a line: "By Jane Doe and John Roe"."""
    for node in ancestry(links[0])[1:_LINE_LEVELS]:
        is_line = 0 < len(visible_text(node, limit=_LONGEST)) <= _LONGEST_SIGNED
        if is_line and set(links) <= set(node.iter("a")):
            return (node,)
    return links


def _is_author_link(element: HtmlElement) -> bool:
    if "author" in f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split():
        return True
    return _AUTHOR_PAGE.search(element.get("href") or "") is not None


def _named(layout: Layout, zone: list[HtmlElement]) -> _Lines:
    """Elements that are named a byline, outermost first."""
    inside: set[HtmlElement] = set()
    for element in zone:
        if element.tag not in _TAGS or not _BYLINE(element) or _NOT_BYLINE(element):
            continue
        if element in inside or layout.holds_story(element):
            continue
        pieces = chunks(element)
        if 0 < sum(map(len, pieces)) <= _LONGEST:
            inside.update(element.iter())
            yield "byline", (element,), "\n".join(pieces)


def _signed(layout: Layout, zone: list[HtmlElement]) -> _Lines:
    """Short lines that begin with "By", "Von", "文" …"""
    for element in zone:
        if element.tag not in _TAGS or not _SIGNED_START.match(visible_text(element, limit=1)):
            continue
        text = "" if layout.holds_story(element) else visible_text(element, limit=_LONGEST)
        if 0 < len(text) <= _LONGEST_SIGNED and _SIGNED.match(text):
            yield "signed line", (element,), "\n".join(chunks(element))
            return


def _signed_after_break(layout: Layout, zone: list[HtmlElement]) -> _Lines:
    """Such a line below another in one element: a date, <br>, "Text: Jane Doe"."""
    broken_up = {br.getparent() for br in layout.story.document.tagged("br")}
    for element in (element for element in zone if element in broken_up):
        for broken in element.iterchildren("br"):
            line = clean(broken.tail)
            if len(line) <= _LONGEST_SIGNED and _SIGNED.match(line):
                yield "signed line", (element,), line
                return


def _standing_alone(
    layout: Layout, outlet: frozenset[str], taken: Set[HtmlElement]
) -> tuple[_Claim | None, ...]:
    """Unlabelled lines that are names and nothing else: right above the text, beside a date, right below."""
    order, container = layout.story.order, layout.story.container
    head = [e for e in layout.below_headline if e not in taken]
    first_text = next(iter(layout.texts), len(order))
    above = [e for e in head if 0 < first_text - order[e] <= _NEAR]
    dates = [order[e] for e in head if e.tag == "time" or _DATE(e)]
    beside = [e for e in head if order[e] < first_text and any(abs(d - order[e]) <= _NEAR for d in dates)]
    below = [e for e in layout.foot[:_NEAR] if e not in taken and container in e.iterancestors()]
    zones = {"line above text": above, "line beside date": beside, "line below text": below}
    return tuple(_line_of_names(zone, origin, outlet) for origin, zone in zones.items())


def _line_of_names(zone: list[HtmlElement], origin: str, outlet: frozenset[str]) -> _Claim | None:
    """The first line of `zone` that holds names, and besides at most a date."""
    for element in zone:
        is_in_sentence = bool((element.tail or "").strip())
        if element.tag not in _TAGS or is_in_sentence or _is_linked(element):
            continue
        text = visible_text(element, limit=_LONGEST)
        if len(text) > _LONGEST_ALONE or " " not in text:
            continue
        names = read_names(text, outlet)
        people = [b.name for b in names if b.role is Role.WRITER]
        if people and sum(map(len, people)) >= _ALL * len(_without_dates(text)):
            return _Claim(Offer(text, origin, (element,)), names)
    return None


def _is_linked(element: HtmlElement) -> bool:
    """Whether it is a link, in one, or around one: a tag, a teaser."""
    return any(node.tag == "a" for node in ancestry(element)[:3]) or element.find(".//a") is not None


def _without_dates(text: str) -> str:
    for reading in reversed(read_moments(text, Reader())):
        text = text[: reading.start] + text[reading.end :]
    return text.strip(" ,|·•–—-")


def _raw(elements: tuple[HtmlElement, ...]) -> str:
    """What `elements` say as one line; markup that parts words on the screen parts them here."""
    lines = (" ".join(chunks(element)) for element in elements)
    return _STRAY_BLANK.sub("", ", ".join(lines))[:_LONGEST].strip()
