"""The extractors that ours is measured beside, each as its documentation has it, for all that it gives.

A reader takes a page's bytes and address and answers in the scorer's terms; what an extractor does not
give is left out. All but trafilatura come with `pip install -e '.[bench]'`. None may ask the network: a page
is all that a reader gets.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

from crawler.extraction.blocks import cut
from crawler.extraction.charset import decode
from crawler.extraction.document import parse

Record = dict[str, Any]
Reader = Callable[[bytes, str], Record]


def trafilatura() -> Reader:
    """trafilatura, with its metadata."""
    from trafilatura import bare_extraction

    def read(html: bytes, url: str) -> Record:
        found = bare_extraction(html, url=url, with_metadata=True)
        if found is None:
            return {}
        return {
            "title": found.title,
            "authors": (found.author or "").split("; "),
            "published": found.date,
            "body": found.text,
            "headings": ["".join(head.itertext()) for head in found.body.iter("head")],
            "images": _pictures(found.image),
            "tags": found.tags,
            "description": found.description,
        }

    return read


def newspaper4k() -> Reader:
    """newspaper4k, without the keywords that it makes up itself: those are no tags of the page's."""
    from newspaper import Article

    def read(html: bytes, url: str) -> Record:
        article = Article(url, fetch_images=False)
        article.download(input_html=decode(html))
        article.parse()
        heads = () if article.top_node is None else article.top_node.iter("h2", "h3", "h4")
        return {
            "title": article.title,
            "authors": article.authors,
            "published": _iso(article.publish_date),
            "body": article.text,
            "headings": [head.text_content() for head in heads],
            "images": _pictures(article.top_image),
            "tags": list(filter(None, article.meta_keywords)) or sorted(article.tags or ()),
            "description": article.meta_description,
        }

    return read


def news_please() -> Reader:
    """news-please on a page that is there already."""
    from newsplease import NewsPlease

    def read(html: bytes, url: str) -> Record:
        article = NewsPlease.from_html(decode(html), url=url, fetch_images=False)
        return {
            "title": article.title,
            "authors": article.authors,
            "published": _iso(article.date_publish),
            "body": _spaced(article.maintext),
            "images": _pictures(article.image_url),
            "description": article.description,
        }

    return read


def goose3() -> Reader:
    """goose3."""
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})

    def read(html: bytes, url: str) -> Record:
        article = goose.extract(raw_html=decode(html))
        keywords = (article.meta_keywords or "").split(",")
        return {
            "title": article.title,
            "authors": article.authors,
            "published": article.publish_date,
            "body": article.cleaned_text,
            "tags": [tag.strip() for tag in keywords if tag.strip()] or article.tags,
            "images": _pictures((article.opengraph or {}).get("image")),
            "description": article.meta_description,
        }

    return read


def readability() -> Reader:
    """readability-lxml: a title, and the story in HTML."""
    from readability import Document

    def read(html: bytes, url: str) -> Record:
        document = Document(decode(html), url=url)
        return {"title": document.short_title(), **_in_html(document.summary(), url)}

    return read


def resiliparse() -> Reader:
    """Resiliparse: the main content, here with its light markup."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: bytes, url: str) -> Record:
        tree = HTMLTree.parse(decode(html))
        story = extract_plain_text(
            tree, preserve_formatting="minimal_html", main_content=True, alt_texts=False, comments=False
        )
        return {"title": tree.title, **_in_html(story, url)}

    return read


# By the names that they have on PyPI.
PEERS: dict[str, Callable[[], Reader]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "goose3": goose3,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def installed(names: Iterable[str] = PEERS) -> dict[str, Reader]:
    """The readers among `names` that can be had here; says of each other one how to get it."""
    readers = {}
    for name in names:
        try:
            readers[name] = PEERS[name]()
        except ImportError as error:
            print(f"{name} is left out ({error}): pip install -e '.[bench]'", file=sys.stderr)
    return readers


def keep_to_the_page() -> None:
    """From here on this process reaches no network, and other people's loggers are quiet."""
    logging.disable(logging.CRITICAL)
    sys.addaudithook(_refuse)


def _refuse(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError("a reader asked for the network")


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _pictures(url: str | None) -> list[Record]:
    return [{"url": url}] if url else []


def _spaced(text: str | None) -> str:
    """`text` with a blank line between its lines, as the scorer has paragraphs."""
    return "\n\n".join((text or "").splitlines())


def _in_html(story: str, url: str) -> Record:
    """The paragraphs and headings of a story in HTML."""
    pieces = cut(parse(story.encode("utf-8", "replace"), url)).pieces
    return {
        "body": "\n\n".join(piece.text for piece in pieces),
        "headings": [piece.text for piece in pieces if piece.box.level > 1],
    }
