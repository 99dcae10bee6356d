"""A page parsed once: what every field's module reads, and none changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from lxml import html as lxml_html
from lxml.html import HtmlElement


@dataclass(frozen=True)
class Document:
    """One page as a tree. Passes that must remove something work on a copy."""

    url: str
    # Where redirects led; relative links hang on `base_url`.
    tree: HtmlElement
    # The <html> element with scripts and all.

    @cached_property
    def base_url(self) -> str:
        """What relative addresses hang on: <base href>, else the page's own URL."""
        href = self.tree.xpath("string(//base[@href][1]/@href)")
        return urljoin(self.url, str(href).strip()) if href else self.url


def parse(html: bytes, url: str, *, content_type: str | None = None) -> Document:
    """Parse `html`, whatever it is; an empty or unreadable page gives an empty tree."""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml_html.document_fromstring(html or b"<html></html>", parser=parser)
    return Document(url=url, tree=tree)
