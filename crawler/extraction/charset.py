"""Bytes of a page to text, whatever the page says of its charset.

Order of belief: byte order mark, then UTF-8 where the bytes prove it, then the HTTP
header, then the page's own <meta>, then UTF-8 with a few broken bytes, then a guess.
UTF-8 goes before what is declared, because other encodings' bytes hardly ever happen to be
valid UTF-8, while pages often lie.
"""

from __future__ import annotations

import codecs
import re
from itertools import groupby

from charset_normalizer import from_bytes

from crawler.extraction.text import word_set

# What browsers read where a page names the left-hand encoding (WHATWG Encoding Standard):
# the larger code pages that real pages mean.
MEANT_BY = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    # A <meta> that could be read as ASCII cannot stand in a UTF-16 or UTF-32 page.
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-32": "utf-8",
}
# Names in use on the web that Python does not know.
WEB_NAMES = {"x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "x-gbk": "gb18030"}

# Encodings that the web knows, as Python names them. All else that Python can decode ("punycode",
# "hex", "utf-7") is no page's charset.
WEB_ENCODINGS = word_set(
    "utf-8 gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949 cp866 koi8-r koi8-u mac-roman mac-cyrillic cp874 "
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5 "
    "iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16"
)

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD_BYTES = 4096  # browsers look for the <meta> in the first 1024; real pages put it later
SAMPLE_BYTES = 64 * 1024  # enough to guess from
PIECE = 2048  # bytes that are told to be ASCII or not at a glance
# Broken bytes in an otherwise good page (a cut-off teaser, one pasted character), as a share of its
# bytes that are not ASCII.
MAX_BROKEN_SHARE = 0.02

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_NOT_ASCII = bytes(range(128))


def decode(html: bytes, content_type: str | None = None) -> str:
    """`html` as text; what no encoding can read becomes U+FFFD. Never raises."""
    return as_utf_8(html, content_type).decode("utf-8")


def as_utf_8(html: bytes, content_type: str | None = None) -> bytes:
    """`html` in UTF-8, valid throughout; most pages come back as they are."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if html.startswith(mark):
            return html[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace")
    declared = [name for name in (from_header(content_type), from_markup(html)) if name]
    escaping = [name for name in declared if name.startswith("iso2022")]  # ASCII bytes, yet not ASCII text
    for encoding in (*escaping, "utf-8", *declared):
        try:
            if encoding == "utf-8":
                _prove_utf_8(html)
                return html
            return html.decode(encoding).encode("utf-8", "replace")
        except UnicodeError:
            continue
    return _decode_broken(html, declared).encode("utf-8", "replace")


def _prove_utf_8(html: bytes) -> None:
    """UnicodeError where `html` is not valid: of a page that is mostly ASCII, only the rest is decoded."""
    pieces = (html[start : start + PIECE] for start in range(0, len(html), PIECE))
    for is_ascii, run in groupby(pieces, bytes.isascii):
        if not is_ascii:  # what stands between ASCII begins and ends with whole characters
            b"".join(run).decode("utf-8")


def from_header(content_type: str | None) -> str | None:
    """The encoding that an HTTP Content-Type names, by Python's name."""
    found = _CHARSET.search((content_type or "").encode("ascii", "ignore"))
    return _known(found[1]) if found else None


def from_markup(html: bytes) -> str | None:
    """The encoding that the page names in its XML declaration or <meta>, by Python's name."""
    head = html[:HEAD_BYTES]
    found = _XML_ENCODING.search(head) or _CHARSET.search(head)
    return _known(found[1]) if found else None


def _known(name: bytes) -> str | None:
    label = name.decode("ascii").lower()
    try:
        found = codecs.lookup(WEB_NAMES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    meant = MEANT_BY.get(found, found)
    return meant if meant in WEB_ENCODINGS else None


def _decode_broken(html: bytes, declared: list[str]) -> str:
    """`html` as text when nothing reads all of it: mostly good UTF-8, what is declared, or a guess."""
    best = html.decode("utf-8", "replace")
    if _few_broken(best, html):
        return best
    for encoding in declared:
        text = html.decode(encoding, "replace")
        if _few_broken(text, html):
            return text
    guess = from_bytes(html[:SAMPLE_BYTES].translate(None, b"\0")).best()
    return html.decode(guess.encoding, "replace") if guess else html.decode("cp1252", "replace")


def _few_broken(text: str, html: bytes) -> bool:
    foreign = len(html.translate(None, _NOT_ASCII))
    return text.count("\ufffd") <= MAX_BROKEN_SHARE * foreign
