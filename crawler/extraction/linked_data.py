"""schema.org data in a page: JSON-LD, and microdata and RDFa read into the same shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import broken_json
from crawler.extraction.document import Document
from crawler.extraction.evidence import Offer
from crawler.extraction.text import LONGEST, clean, strip_tags, visible_text, word_set
from storage import urls

# Types that stand for a news story, in lower case, the most telling first.
_ARTICLE_TYPES = (
    "newsarticle",
    "reportagenewsarticle",
    "analysisnewsarticle",
    "opinionnewsarticle",
    "backgroundnewsarticle",
    "reviewnewsarticle",
    "asknewsarticle",
    "askpublicnewsarticle",
    "liveblogposting",
    "satiricalarticle",
    "advertisercontentarticle",
    "article",
    "blogposting",
    "techarticle",
    "scholarlyarticle",
    "report",
    "review",
    "criticreview",
    "mediareview",
    "claimreview",
    "recipe",
    "socialmediaposting",
    "discussionforumposting",
)
_RANK = {name: -place for place, name in enumerate(_ARTICLE_TYPES)}
PAGE_TYPES = word_set("webpage itempage medicalwebpage faqpage qapage")

# What hangs under these is another story, or a part of the page that is not the story.
_ELSEWHERE = word_set(
    "ispartof haspart relatedlink mentions itemlistelement citation isbasedon significantlink comment "
    "liveblogupdate breadcrumb potentialaction subjectof about blogpost blogposts"
)

# Long lists that tell nothing of the story.
_UNTOLD = word_set("potentialaction comment liveblogupdate relatedlink significantlink")

# Long texts that nobody reads from markup: the body's own pass sees them in the tree.
_UNREAD = word_set("articlebody text reviewbody comment")

# More than any real page has.
_MAX_NODES = 5_000
_MAX_VALUES = 500  # of one property
_MOST_SAID = 60  # of these, as many are looked at
_MAX_ADDRESSES = 20
_MAX_STORIES = 5
_MAX_DEPTH = 60
_MAX_SCRIPT = 8_000_000
_MAX_PROPERTIES = 5_000
_MAX_ANCESTORS = 100


@dataclass(eq=False)
class Node:
    """One described thing; finished once `read` returns it."""

    origin: str
    # "json-ld", "microdata" or "rdfa"
    elsewhere: bool = False
    # Describes another story, or a part of the page that is not the story.
    properties: dict[str, list[Any]] = field(default_factory=dict)
    # By name in lower case, without prefix; a value is a text or a Node.

    @cached_property
    def types(self) -> frozenset[str]:
        """Its schema.org types, in lower case."""
        return frozenset(_bare(text) for text in self.texts("@type"))

    @property
    def tells_story(self) -> bool:
        """Whether it describes a story: by its type, or, where it has none, by having a headline."""
        return bool(self.types & _RANK.keys()) or (not self.types and "headline" in self.properties)

    def values(self, key: str) -> tuple[Any, ...]:
        """What `key` holds: things as Nodes, the rest as text."""
        return tuple(self.properties.get(key.lower(), ()))

    def nodes(self, key: str) -> tuple[Node, ...]:
        """The things that `key` holds."""
        return tuple(v for v in self.properties.get(key.lower(), ()) if isinstance(v, Node))

    def texts(self, key: str) -> tuple[str, ...]:
        """What `key` holds as clean texts; a thing counts by its @value or its name."""
        texts = (_as_text(value) for value in self.properties.get(key.lower(), ()))
        return tuple(text for text in texts if text)

    def text(self, key: str) -> str | None:
        """The first of `texts`."""
        return next(iter(self.texts(key)), None)


def _as_text(value: Any) -> str:
    if isinstance(value, Node):
        names = (v for key in ("@value", "name") for v in value.properties.get(key, ()) if isinstance(v, str))
        value = next(names, "")
    return clean(strip_tags(unescape(value[:LONGEST])))[:LONGEST] if value else ""


@dataclass(frozen=True)
class LinkedData:
    """All that a page says of itself in schema.org's words."""

    nodes: tuple[Node, ...] = ()
    url: str = ""

    @cached_property
    def stories(self) -> tuple[Node, ...]:
        """The nodes that describe the page's own story, the fullest first."""
        told = [node for node in self.nodes if not node.elsewhere and node.tells_story]
        if not told:
            return ()
        best = max(told, key=self._standing)
        titles = _titles(best)
        same = (node for node in told if node is not best and _same_story(_titles(node), titles))
        return (best, *islice(same, _MAX_STORIES))

    @cached_property
    def pages(self) -> tuple[Node, ...]:
        """The nodes that describe the page as a page."""
        return self.of_type(*PAGE_TYPES)[:_MAX_STORIES]

    def of_type(self, *types: str) -> tuple[Node, ...]:
        """The nodes of any of `types` (lower case) that belong to this story's page, in page order."""
        return tuple(node for node in self.nodes if not node.elsewhere and node.types & set(types))

    def said(self, *keys: str, pages: bool = True) -> Iterator[Offer[str]]:
        """What the story's nodes (then, with `pages`, the page's) say under each of `keys`, in order."""
        for key in keys:
            for node in self.stories:
                yield from (Offer(text, f"{node.origin}:{key}") for text in node.texts(key)[:_MOST_SAID])
            for node in self.pages if pages else ():
                origin = f"{node.origin}:WebPage.{key}"
                yield from (Offer(text, origin) for text in node.texts(key)[:_MOST_SAID])

    def _standing(self, node: Node) -> tuple[bool, int, int]:
        addresses = [*node.texts("url"), *node.texts("mainEntityOfPage"), *node.texts("@id")]
        addresses += [text for page in node.nodes("mainEntityOfPage") for text in page.texts("@id")]
        here = urls.key(self.url)
        is_here = any(urls.key(address) == here for address in addresses[:_MAX_ADDRESSES])
        rank = max((_RANK[name] for name in node.types & _RANK.keys()), default=-len(_RANK))
        return is_here, rank, len(node.properties)


def _titles(node: Node) -> frozenset[str]:
    return frozenset(text for key in ("headline", "name") for text in node.texts(key))


def _same_story(titles: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two nodes have a title in common, or one has none."""
    return not titles or not others or bool(titles & others)


def read(document: Document) -> LinkedData:
    """The page's linked data; whatever is broken in it is read as far as it goes."""
    nodes = _json_ld(document)
    nodes += _markup(document, "microdata", scope="itemscope", kind="itemtype", prop="itemprop")
    nodes += _markup(document, "rdfa", scope="typeof", kind="typeof", prop="property")
    return LinkedData(tuple(nodes), document.url)


# JSON-LD ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reference:
    """{"@id": …}: stands for the node of that name, or for what little it says itself."""

    name: str
    fallback: Node


@dataclass
class _Builder:
    """Makes nodes of JSON objects, and in the end puts each node where it is only named."""

    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def add(self, item: dict[str, Any], *, elsewhere: bool = False, depth: int = 0) -> Node | _Reference:
        """The node of `item`, or a reference where it is hardly more than a name."""
        name = item.get("@id")
        name = name if isinstance(name, str) else None
        only_named = name is not None and item.keys() <= {"@id", "@type"}
        node = Node("json-ld", elsewhere) if only_named else self._placed(name, elsewhere)
        for raw_key, value in item.items():
            key = _bare(raw_key)
            if key in _UNTOLD:
                continue
            values = node.properties.setdefault(key, [])
            found = self._values(value, elsewhere or key in _ELSEWHERE, depth)
            values.extend(islice(found, max(0, _MAX_VALUES - len(values))))
        return _Reference(name, node) if only_named and name else node

    def _placed(self, name: str | None, elsewhere: bool) -> Node:
        """The node that already has that @id, or a new one."""
        node = self.by_id.get(name) if name else None
        if node is None:
            node = Node("json-ld", elsewhere)
            self.nodes.append(node)
            if name:
                self.by_id[name] = node
        node.elsewhere = node.elsewhere and elsewhere
        return node

    def _values(self, value: Any, elsewhere: bool, depth: int) -> Iterator[Any]:
        if depth > _MAX_DEPTH or len(self.nodes) > _MAX_NODES:
            return
        if isinstance(value, list):
            for part in value:
                yield from self._values(part, elsewhere, depth + 1)
        elif isinstance(value, dict):
            yield self.add(value, elsewhere=elsewhere, depth=depth + 1)
        elif value is not None:
            yield str(value).lower() if isinstance(value, bool) else str(value)

    def finish(self) -> list[Node]:
        """The nodes, with each reference followed."""
        for node in self.nodes:
            for values in node.properties.values():
                values[:] = [
                    self.by_id.get(v.name, v.fallback) if isinstance(v, _Reference) else v for v in values
                ]
        return self.nodes


def _json_ld(document: Document) -> list[Node]:
    builder = _Builder()
    for script in document.tagged("script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind or "json+ld" in kind:
            for value in broken_json.values((script.text or "")[:_MAX_SCRIPT]):
                for item in _objects(value):
                    builder.add(item)
    return builder.finish()


def _objects(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The top-level objects: a list's, and an @graph's."""
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, list):
        return [item for part in value[:_MAX_NODES] for item in _objects(part, depth + 1)]
    if not isinstance(value, dict):
        return []
    graph = value.get("@graph")
    return _objects(graph, depth + 1) if isinstance(graph, list | dict) else [value]


# Microdata and RDFa -------------------------------------------------------------------------------


def _markup(document: Document, origin: str, *, scope: str, kind: str, prop: str) -> list[Node]:
    nodes = {
        element: Node(origin, properties={"@type": (element.get(kind) or "").split()})
        for element in islice(_having(document, scope), _MAX_NODES)
    }
    for element in islice(_having(document, prop), _MAX_PROPERTIES) if nodes else ():
        owner = next((a for a in islice(element.iterancestors(), _MAX_ANCESTORS) if a in nodes), None)
        if owner is not None:
            for key in (element.get(prop) or "").split():
                _set(nodes[owner], _bare(key), element, nodes.get(element))
    return list(nodes.values())


@cache
def _holders(attribute: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*/@{attribute}")


def _having(document: Document, attribute: str) -> Iterator[HtmlElement]:
    """The elements with `attribute`, in reading order."""
    values: Any = _holders(attribute)(document.tree)
    return (value.getparent() for value in values)


def _set(owner: Node, key: str, element: HtmlElement, thing: Node | None) -> None:
    if thing is not None:
        thing.elsewhere = thing.elsewhere or key in _ELSEWHERE
        owner.properties.setdefault(key, []).append(thing)
    elif key not in _UNREAD:
        owner.properties.setdefault(key, []).append(_markup_text(element))


def _markup_text(element: HtmlElement) -> str:
    for attribute in ("content", "datetime", "href", "src"):
        value = element.get(attribute)
        if value is not None and (attribute == "content" or element.tag in ("time", "a", "link", "img")):
            return str(value)
    return visible_text(element)


@lru_cache(maxsize=2048)
def _bare(name: str) -> str:
    """A type or property without schema.org's prefix, in lower case."""
    name = name.lower()
    head, _, tail = name.rpartition("schema.org/")
    return tail if head or name.startswith("schema.org/") else name.removeprefix("schema:")
