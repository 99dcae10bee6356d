"""trafilatura's view of a story, asked where ours finds next to nothing on a page that says it has one."""

from __future__ import annotations

from copy import deepcopy

from crawler.extraction.document import Document
from crawler.extraction.text import clean
from storage.records import Block, BlockKind

# Its time grows faster than the page; a story that we cannot see is on no page so large, or nested so deep.
MAX_ELEMENTS, MAX_TEXT, MAX_DEPTH = 10_000, 1_000_000, 200
# What it writes before a list item.
BULLET = "- "


def paragraphs(document: Document) -> tuple[Block, ...]:
    """What trafilatura takes for the story's paragraphs; nothing on pages beyond reason."""
    if _is_beyond_reason(document):
        return ()
    from trafilatura import bare_extraction  # a second to load, seldom needed

    # Never with `deduplicate`: it makes a result depend on the pages read before.
    found = bare_extraction(deepcopy(document.tree), include_comments=False, with_metadata=False)
    text = getattr(found, "text", None) or ""
    return tuple(_block(line) for line in map(clean, text.splitlines()) if line)


def _is_beyond_reason(document: Document) -> bool:
    tree = document.tree
    is_large = tree.xpath("count(//*)") > MAX_ELEMENTS or tree.xpath("string-length(/)") > MAX_TEXT
    return is_large or bool(tree.xpath(f"//*[count(ancestor::*) > {MAX_DEPTH}][1]"))


def _block(line: str) -> Block:
    if line.startswith(BULLET):
        return Block(kind=BlockKind.LIST_ITEM, text=line.removeprefix(BULLET))
    return Block(kind=BlockKind.PARAGRAPH, text=line)
