"""Feeds and sitemaps are XML that nobody checked: read entry by entry, whatever state it is in.

    body -> document(): text from the root element on, ampersands and entities repaired
         -> entries():  <item>, <entry>, <url> … one after another

Well-formed documents stream through lxml. Where one breaks, what is left is cut into entries by their
tags, and each is read by itself: a broken entry costs itself alone, and the half of an entry that a
truncated file ends with is not taken for a whole one.

No entity is expanded and no DTD read: everything before the root element is cut off, and a reference
that is not a character becomes the text that it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from io import BytesIO
from itertools import islice

from lxml import etree

from crawler.extraction.charset import decode

# Where the root element must have begun; junk before it (PHP warnings, white space, a DTD) is usual.
PROLOG_CHARACTERS = 64 * 1024

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(#?\w{1,32});)?", re.DOTALL)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ATTRIBUTE = re.compile(r"""\s[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


class _Misnested(Exception):  # noqa: N818 (caught where entries are read)
    """An entry in an entry: the outer one was never closed."""


def document(body: bytes, roots: Collection[str]) -> str | None:
    """`body` as text from its root element on, or None where none of `roots` (local names) is its root."""
    text = decode(body)
    start = root_start(text, roots)
    return _repaired(text[start:]) if start is not None else None


def root_start(text: str, roots: Collection[str]) -> int | None:
    """Where the root element begins, if it is one of `roots` and no HTML page is around it."""
    found = re.search(rf"<(?:[\w.-]+:)?(?:{'|'.join(roots)})(?=[\s>/])", text[:PROLOG_CHARACTERS])
    if not found or _HTML.search(text, 0, found.start()):
        return None
    return found.start()


def entries(text: str, names: Collection[str]) -> Iterator[etree._Element]:
    """The complete elements called `names` (local names); each is valid until the next is asked for."""
    count = 0
    try:
        for element in _well_formed(text, names):
            yield element
            count += 1
    except (etree.XMLSyntaxError, _Misnested):
        yield from islice(_pieces(text, names), count, None)


def head(text: str, names: Collection[str]) -> etree._Element:
    """The root element with what stands outside the entries."""
    outside, end = [], 0
    for start, stop in _spans(text, names):
        outside.append(text[end:start])
        end = stop
    return _recovered("".join([*outside, text[end:]]))


def local(element: etree._Element) -> str:
    """An element's name without its namespace or prefix."""
    return local_name(element.tag)


def namespace(element: etree._Element) -> str:
    """An element's namespace URI, or ""."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


@lru_cache(maxsize=512)  # a sitemap asks a quarter of a million times for five names
def local_name(tag: object) -> str:
    """``{http://…}loc`` and ``sm:loc`` are both "loc"."""
    return str(tag).rpartition("}")[2].rpartition(":")[2]


def _repaired(text: str) -> str:
    return _REFERENCE.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    """A reference that XML knows, whatever was meant: ``&nbsp;`` a space, ``a&b`` an ampersand."""
    name = match[1]
    if match[0].startswith("<") or name in _XML_ENTITIES:
        return match[0]
    if name and (name.startswith("#") or f"{name};" in html5):
        return escape(unescape(match[0]), quote=True)
    return f"&amp;{match[0][1:]}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(None, _CONTROLS)


def _well_formed(text: str, names: Collection[str]) -> Iterator[etree._Element]:
    """The entries up to the first mistake, which is raised."""
    parent = None
    for _, element in _stream(text, [f"{{*}}{name}" for name in names]):
        if element.getparent() is not parent:
            parent = element.getparent()
            if any(local(around) in names for around in element.iterancestors()):
                raise _Misnested
        yield element
        # What has been read is freed: a large document costs no more memory than a small one.
        while parent is not None and parent[0] is not element:
            del parent[0]


def _pieces(text: str, names: Collection[str]) -> Iterator[etree._Element]:
    """Each entry cut out by its tags and read by itself, under a root with the attributes of the real one."""
    root_tag = text[: text.find(">") + 1]
    opening = f"<root{''.join(_ATTRIBUTE.findall(root_tag))}>"
    for start, stop in _spans(text, names):
        wrapped = f"{opening}{_closed(text[start:stop])}</root>"
        try:
            yield from islice(_parsed(wrapped, recover=False), 1)
        except etree.XMLSyntaxError:
            yield from map(_flattened, islice(_recovered(wrapped), 1))


def _spans(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where each entry stands: to its end tag, or to where the next one begins, or to the end."""
    start = None
    for tag in re.finditer(rf"<(/?)(?:[\w.-]+:)?(?:{'|'.join(names)})(?=[\s>])[^<>]*>?", text):
        if start is not None:
            yield start, tag.end() if tag[1] else tag.start()
        start = None if tag[1] else tag.start()
    if start is not None:
        yield start, len(text)


def _closed(piece: str) -> str:
    """`piece` up to its last whole tag: text that was cut off in the middle is not read."""
    return piece[: piece.rfind(">") + 1]


def _stream(text: str, tags: Collection[str]) -> etree.iterparse[tuple[str, etree._Element]]:
    return etree.iterparse(
        BytesIO(_encoded(text)),
        events=("end",),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )


def _recovered(text: str) -> etree._Element:
    """`text` as far as it can be read; an empty element where it cannot."""
    try:
        root: etree._Element | None = _parsed(text, recover=True)
    except etree.XMLSyntaxError:
        root = None
    return root if root is not None else etree.Element("root")


def _parsed(text: str, *, recover: bool) -> etree._Element:
    parser = etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(_encoded(text), parser)


def _flattened(entry: etree._Element) -> etree._Element:
    """A broken entry with all its elements side by side: the rest nests in a tag that was not closed."""
    for element in list(entry.iterdescendants()):
        entry.append(element)
    return entry
