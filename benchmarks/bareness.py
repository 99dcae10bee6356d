"""Strip from a page all that it says of itself to machines, since many real sites say nothing."""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

# Attributes of microdata and RDFa.
HINTS = [
    "itemscope",
    "itemtype",
    "itemprop",
    "itemid",
    "itemref",
    "vocab",
    "typeof",
    "property",
    "resource",
    "about",
    "prefix",
    "datatype",
    "inlist",
]
# What a page needs to be read at all.
KEPT_META = ("charset", "http-equiv")


def strip(html: bytes) -> bytes:
    """`html` (UTF-8) without JSON-LD, <meta>, microdata and RDFa."""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml_html.document_fromstring(html, parser=parser)
    for script in tree.xpath("//script[contains(translate(@type, 'DJLNOS', 'djlnos'), 'ld+json')]"):
        script.drop_tree()
    for meta in tree.xpath("//meta"):
        if not any(meta.get(name) for name in KEPT_META):
            meta.drop_tree()
    etree.strip_attributes(tree, *HINTS)
    return lxml_html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
