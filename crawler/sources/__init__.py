"""The publishers that are crawled, as sources.toml and OPML describe them."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.sources.override import Override
from crawler.sources.source import Source, distinct_slug, slug_for
from crawler.sources.toml import add, load

__all__ = ["Override", "Source", "add", "distinct_slug", "load", "opml_export", "opml_import", "slug_for"]


def opml_import(body: bytes) -> tuple[Source, ...]:
    """The sources in an OPML document; ReadError where it is none."""
    from crawler.sources import opml  # lxml is not needed to read sources.toml

    return opml.read(body)


def opml_export(sources: Iterable[Source]) -> bytes:
    """`sources` as an OPML 2.0 document, from which `opml_import` reads the same again."""
    from crawler.sources import opml

    return opml.write(sources)
