"""What a reader sees of a piece of HTML, as one clean line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

from lxml import etree
from lxml.html import HtmlElement


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, parted by white space: how this package writes its lists of words."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """As `word_set`, where the order tells."""
    return tuple(text.split())


def any_of(text: str) -> str:
    """The alternatives of a pattern, from a list parted by commas: ``"photos?, foto"`` -> ``"photos?|foto"``.

    Commas inside an alternative (``{1,3}``) are out of its reach.
    """
    return "|".join(_pieces_of(text))


def _pieces_of(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def whole_words(text: str) -> re.Pattern[str]:
    """A pattern for any of the words and phrases in a list parted by commas, in any case.

    Those that begin alike stand together, so that a word is compared with some of them, not with all.
    """
    ends: dict[str, list[str]] = {}
    for word in _pieces_of(text):
        initial = word[:1] if word[:2].isalpha() else ""
        ends.setdefault(initial, []).append(word.removeprefix(initial))
    words = "|".join(f"{initial}(?:{'|'.join(found)})" for initial, found in ends.items())
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


# Text inside these is not shown.
UNSEEN_TAGS = word_set("script style noscript template svg button select textarea iframe")

# … and these are not shown at all: a button may hold a picture.
HIDDEN_TAGS = UNSEEN_TAGS - {"button"}

# What a walk passes over: these, and the texts of what is no element.
_UNREAD = UNSEEN_TAGS | {etree.Comment, etree.ProcessingInstruction, etree.Entity}

# Elements that stand on a line of their own: their text never runs into a neighbour's.
LINE_TAGS = word_set(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p picture section table tbody td th tr ul"
)

# No field is longer than this, in characters: what goes on is not read.
LONGEST = 20_000
# … and none stands in more elements: the parser nests 2,048 at most.
_MOST_ELEMENTS = 2_500
_MOST_CHARACTERS = 10 * LONGEST  # blanks and all

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_NOT_IN_ASCII = dict.fromkeys(place for place in range(128) if not chr(place).isalnum())
# Control characters, soft hyphens, zero-width spaces, direction marks, byte-order marks and lone surrogates.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]"
)
# Letters that Unicode does not take apart.
_UNACCENTED = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th"}
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")


def clean(text: str | None) -> str:
    """`text` in NFC on one line, without what cannot be seen; ``""`` where nothing is left."""
    if not text:
        return ""
    text = text.strip()
    is_clean = text.isprintable()  # all that is unwanted is not, nor is any white space but a blank
    if not is_clean:
        text = text.replace("\n", " ").replace("\t", " ")
        if not text.isprintable():
            text = _UNWANTED.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if is_clean and "  " not in text else " ".join(text.split())


def fold(text: str | None) -> str:
    """`text` for comparing: letters and digits alone, compatibility forms and case undone."""
    if text and text.isascii():
        return text.lower().translate(_NOT_IN_ASCII)
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text or "").casefold())


def fold_accents(text: str | None) -> str:
    """As `fold`, with accents undone as well: for comparing with addresses."""
    plain = unicodedata.normalize("NFKD", (text or "").casefold().translate(_UNACCENTED))
    return _NOT_ALPHANUMERIC.sub("", "".join(ch for ch in plain if not unicodedata.combining(ch)))


def strip_tags(text: str) -> str:
    """`text` without the markup that metadata values carry by mistake."""
    return _TAG.sub(" ", text) if "<" in text else text


def visible_text(element: HtmlElement, without: Set[HtmlElement] = frozenset(), limit: int = LONGEST) -> str:
    """The text that `element` shows, cleaned; its tail is not part of it, nor what stands in `without`.

    Not much more than `limit` characters are read, nor a crowd of elements without any.
    """
    if element.tag in UNSEEN_TAGS:
        return ""
    text = element.text or ""
    is_enough = len(text) >= limit and element not in without and len(text.strip()) >= limit
    if is_enough or len(element) == 0:
        return clean(text[:LONGEST])
    return clean("".join(_pieces(element, without, limit)))


def chunks(element: HtmlElement) -> list[str]:
    """The text of `element` in the pieces that its markup cuts it into, each cleaned, none empty."""
    return [text for piece in _pieces(element, frozenset(), LONGEST) if (text := clean(piece))]


def _pieces(element: HtmlElement, without: Set[HtmlElement], limit: int) -> list[str]:
    """Text in reading order. Not recursive: pages nest deeper than Python's stack.

    A step from element to element costs a third of what one of lxml's walks does, and short texts are many.
    """
    pieces: list[str] = []
    left = _MOST_CHARACTERS
    node, is_left = element, False
    for _ in range(2 * _MOST_ELEMENTS):
        tag = node.tag
        if tag in LINE_TAGS:
            pieces.append("\n")
        if is_left:
            if node is element:
                break
            text = node.tail
            neighbour = node.getnext()
            node, is_left = (node.getparent(), True) if neighbour is None else (neighbour, False)
        elif tag in _UNREAD or node in without:
            text, is_left = None, True
        else:
            text = node.text
            node, is_left = (node[0], False) if len(node) else (node, True)
        if text:
            pieces.append(text[:LONGEST])
            limit -= len(text.strip())
            left -= len(text)
            if limit <= 0 or left <= 0:
                break
    return pieces
