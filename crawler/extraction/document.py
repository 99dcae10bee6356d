"""A page parsed once: what every field's module reads, and none changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler.extraction.charset import as_utf_8
from crawler.extraction.shortcodes import rendered
from crawler.extraction.text import clean

# A news page is below 3 MB and 30,000 tags; what goes on after this is a flood, and is left unread.
MAX_BYTES = 8 * 1024 * 1024
MAX_TAGS = 250_000
# No text between two tags is longer, in characters; a page below so many bytes is not looked through for one.
MAX_TEXT, LARGE = 200_000, 500_000
# libxml2's time for a tag grows with the square of its attributes: on all of a page's tags together, this is
# a tenth of a second. Shorter tags have no room for many.
LONG_TAG, MANY_ATTRIBUTES, MAX_SQUARES = 500, 100, 10_000_000

# lxml.html asks Python code for each element's class, for the sake of forms; one class will do.
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)

EMPTY = b"<html><body></body></html>"

# No text has these: the C0 controls but tab, line feed, form feed and return. NUL would end the page, and
# the vertical tab stands for a line break in `crawler.extraction.blocks`; where one of these two is, all go.
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r")) + b"\x7f"
# What libxml2 reads and lxml does not write.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """One page as a tree. Passes that must remove something work on a copy."""

    url: str
    # Where redirects led; relative links hang on `base_url`.
    tree: HtmlElement
    # The <html> element with scripts and all, without comments.

    @cached_property
    def elements(self) -> tuple[HtmlElement, ...]:
        """Every element in reading order.

        Held as long as the page is: lxml makes an element anew each time that it is asked for one which
        nobody holds.
        """
        return tuple(self.tree.iter("*"))

    def tagged(self, tag: str) -> Sequence[HtmlElement]:
        """The elements with `tag`, in reading order."""
        found = self._by_tag.get(tag)
        if found is None:
            found = self._by_tag[tag] = self.tagged_any({tag})
        return found

    def tagged_any(self, tags: Set[str]) -> Sequence[HtmlElement]:
        """The elements with any of `tags`, in reading order.

        lxml tells tags apart at a tenth of what it costs to ask each element for its own.
        """
        return tuple(self.tree.iter(*tags))

    @cached_property
    def _by_tag(self) -> dict[str, Sequence[HtmlElement]]:
        """What was `tagged` so far."""
        return {}

    @cached_property
    def title(self) -> str:
        """What its <title> says; "" where it has none."""
        return next((clean(element.text) for element in self.tagged("title")), "")

    @cached_property
    def base_url(self) -> str:
        """What relative addresses hang on: <base href>, else the page's own URL."""
        href = next((href for base in self.tagged("base") if (href := base.get("href")) is not None), "")
        try:
            return urljoin(self.url, href.strip()) if href else self.url
        except ValueError:  # "http://[" is no address
            return self.url


def parse(html: bytes, url: str, *, content_type: str | None = None) -> Document:
    """Parse `html`, whatever it is; an empty or unreadable page gives an empty tree."""
    text = as_utf_8(html[:MAX_BYTES], content_type)
    if b"\0" in text or b"\v" in text:
        text = text.translate(None, _CONTROLS)
    tree = _tree(_tamed(rendered(text)))
    if len(text) > LARGE:
        _cut_texts(tree.iter("*"))
    return Document(url=url, tree=tree)


def _tamed(html: bytes) -> bytes:
    """`html` without what would cost a parser too much: floods of tags, and of attributes in them."""
    long = list(long_tags(html))
    rest = len(html) - sum(map(len, long))  # bytes, so no more tags
    is_flood = rest >= MAX_TAGS and html.count(b"<") >= MAX_TAGS
    if not is_flood and not _are_crowded(long):
        return html
    tags = html.split(b"<", MAX_TAGS)[:MAX_TAGS]
    return b"<".join(_without_crowds(tags))


def long_tags(html: bytes) -> Iterator[bytes]:
    """What stands between one "<" and the next, if it is longer than LONG_TAG: scripts, for the most part.

    Looks back from as far as a shorter one could reach, and so passes over many of these at once.
    """
    start = 0
    while start < len(html):
        end = html.rfind(b"<", start, start + LONG_TAG + 1)
        if end < 0:
            end = html.find(b"<", start + LONG_TAG + 1)
            end = len(html) if end < 0 else end
            if end - start > LONG_TAG:
                yield html[start:end]
        start = end + 1


def _are_crowded(tags: Iterable[bytes]) -> bool:
    """Whether all attributes of `tags` together take a parser too long."""
    return sum(len(_crowd(tag)) ** 2 for tag in tags) > MAX_SQUARES


def _without_crowds(tags: list[bytes]) -> list[bytes]:
    """`tags`; where too many have too many attributes, these without any."""
    if not _are_crowded(tag for tag in tags if len(tag) > LONG_TAG):
        return tags
    return [_crowd(tag)[0] + b">" if len(tag) > LONG_TAG and _crowd(tag) else tag for tag in tags]


def _crowd(tag: bytes) -> list[bytes]:
    """The names of a long tag (from behind its "<" to the next one) and its attributes, if these are many."""
    if not tag[:1].isalpha():
        return []
    end = tag.find(b">")
    if 0 <= end <= LONG_TAG:
        return []
    attributes = tag[: end if end >= 0 else None]
    if len(attributes.split(None, MANY_ATTRIBUTES)) <= MANY_ATTRIBUTES:  # quoted blanks only add to them
        return []
    names = _QUOTED.sub(b"", attributes).split()
    return names if len(names) > MANY_ATTRIBUTES else []


def _tree(html: bytes) -> HtmlElement:
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return lxml_html.document_fromstring(html, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):  # nothing in it that is an element
        return lxml_html.document_fromstring(EMPTY, parser=parser)


def _cut_texts(elements: Iterable[HtmlElement]) -> None:
    """Leave of each endless text a beginning: every look at an element's text copies all of it."""
    for element in elements:
        # Scripts may be long: they hold a page's data.
        if element.tag != "script" and len(text := element.text or "") > MAX_TEXT:
            element.text = _beginning(text)
        if len(tail := element.tail or "") > MAX_TEXT:
            element.tail = _beginning(tail)


def _beginning(text: str) -> str:
    return _NO_XML.sub(" ", text[:MAX_TEXT])
