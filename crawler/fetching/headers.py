"""The headers of a message, line by line, as Scrapy keeps them."""

from __future__ import annotations

from collections.abc import Iterator


def pairs(headers: dict[bytes, list[bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Name and value of each line.

    The names lie there in their usual form: Scrapy's own `items` brings each into it again, to look it up.
    """
    return ((name, value) for name, values in dict.items(headers) for value in values)
