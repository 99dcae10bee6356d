"""Pages made to hurt an extractor, each by one weakness that parsers, regular expressions or tree walks may have.

A page is made when it is asked for: some are 50 MB long.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

Page = Callable[[], bytes]

PARAGRAPH = (
    "<p>The old pier stays closed to ferries until the spring, the harbour office said on Monday, since storms"
    " have loosened {n} of its planks and nobody knows yet what a new deck would cost the town.</p>"
)
STORY = "<h1>The old pier stays closed until spring</h1>" + "".join(PARAGRAPH.format(n=n) for n in range(8))
TITLE = "<title>The old pier stays closed until spring - The Harbour Post</title>"
# Elements that some pass of ours treats in its own way.
TAGS = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h6",
    "header",
    "i",
    "iframe",
    "img",
    "label",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "q",
    "ruby",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "th",
    "time",
    "title",
    "tr",
    "u",
    "ul",
    "video",
    "wbr",
    "amp-img",
    "lazy-image",
]
# Names that some pass of ours looks for.
NAMES = (
    "byline", "author", "date", "lead", "teaser", "caption", "credit", "tags", "breadcrumb", "headline", "nav",
    "share", "paywall", "cookie", "related",
)  # fmt: skip
# Repeated by the million, each makes some careless pattern try every start or every way to part a run.
BAITS = (
    ".", "!", " .", '."', ". ", "-", " - ", "|", " | ", "|-", ":", ": ", "(", "((", ")", "[", "]", "{", "}", '"', "'", "&",
    "&amp;", "&#", "&#x", ";", ",", ", ", "/", "//", "\\", '\\"', "@", "a@", "a@b.", "a.", "a-", "www.", "http://", "https://a.b/",
    "#", "%", "%2F", "=", "+", "*", "_", "~", "<", "<<", "<a", "<p", "</", "<!", "<!--", "<![CDATA[", "<?", ">", "->", "]]>",
    " ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u200b", "\u00ad", "\u202e", "0", "1", "12", "1.", "1:", "12:", "12:30 ", "2026-",
    "2026-01-", "2026-01-05 ", "1 May ", "May 1, ", "20260105", "20260105T", "1 am ", "T10", "+01:00", "by ", "By ", "von ", "par ",
    "and ", " and", " y ", "Photo ", "Photo: ", "Foto", "\u00a9", "(c) ", "via ", "AP", "AP ", "/AP", "AFP/", "Getty ",
    "\u64ae\u5f71", "\u8a18\u8005", "\uae30\uc790 ", "\u5e74", "2026\u5e74", "a", "A", "aB", "aBc", "a b ", "A b. ", "A. ", "word ",
    "W", "\u00e9", "e\u0301", "\u0301", "\u4e2d", "\uac00", "\u0e01", "\u0915\u093f", "\U0001f600", "\ufdfa", "\u0130", "\ufffd",
    "x 1w,", "a.jpg 1x, ", "a.jpg 1x,", "publishedAt:", '"published":"2026', "404 ", "cookie ", "redaktion", "correspondent",
    "news_", "tag/", "keyword,", "comments ",
)  # fmt: skip


def page(body: str, head: str = "") -> bytes:
    """A whole page around `body`, with a story's title."""
    return f"<!DOCTYPE html><html lang=en><head>{TITLE}{head}</head><body>{body}</body></html>".encode(
        "utf-8", "surrogatepass"
    )


def linked(data: str) -> str:
    """`data` as JSON-LD."""
    return f'<script type="application/ld+json">{data}</script>'


def told(**more: object) -> str:
    """A story's linked data."""
    return json.dumps(
        {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The old pier", **more}
    )


def _baits() -> dict[str, Page]:
    """Each bait where running text stands, and in every place that a field is read from."""
    return {f"bait {bait!r}": (lambda bait=bait: _baited(bait, 300_000)) for bait in BAITS}  # type: ignore[misc]


def _dense() -> dict[str, Page]:
    """Each bait in hundreds of short pieces, as captions, addresses, names, dates and <meta>."""
    return {f"many a bait {bait!r}": (lambda bait=bait: _many(bait)) for bait in BAITS}  # type: ignore[misc]


def _many(bait: str) -> bytes:
    def piece(length: int) -> str:
        return bait * (length // len(bait))

    def shown(length: int) -> str:
        return piece(length).replace("<", "&lt;").replace('"', "&quot;")

    people = [piece(1_900) + "x"] * 500
    head = linked(json.dumps([json.loads(told(author=people, datePublished=people[:50]))] * 4))
    names = ("author", "keywords", "og:title", "article:published_time", "description", "og:site_name")
    head += "".join(
        f'<meta name="{name}" content="{n} {shown(1_500)}x">' for name in names for n in range(300)
    )
    picture = f'<figure><img src="{shown(18_000)} x" data-src="/{{n}}.jpg"><figcaption><p>{shown(1_100)}</p><p>{shown(60)}x</p></figcaption></figure>'
    line = f'<div class="byline">{shown(280)}</div><time>{shown(150)}x</time>'
    return page(
        f"<h1>{shown(300)}x</h1>{line * 200}{''.join(picture.format(n=n) for n in range(300))}{STORY}{line * 60}",
        head,
    )


def _baited(bait: str, length: int) -> bytes:
    run = bait * (length // len(bait))
    short = bait * (15_000 // len(bait))
    quoted = json.dumps(short + "x")
    shown = short.replace("<", "&lt;")
    head = (
        linked(f'{{"@type":"NewsArticle","headline":{quoted},"author":{quoted},"datePublished":{quoted},'
               f'"description":{quoted},"keywords":{quoted},"publisher":{quoted},"articleBody":{json.dumps(run + "x")}}}')
        + f"<script>var data = {json.dumps(run)} + 'x'</script>"
        + "".join(
            f'<meta property="{name}" content="{shown.replace(chr(34), "&quot;")}x">'
            for name in ("og:title", "og:description", "author", "keywords", "article:published_time", "og:site_name")
        )
    )  # fmt: skip
    lines = "".join(
        f'<div class="{name}">{part}x</div><span class="{name}">{part}</span>'
        for name in NAMES
        for part in (shown[:100], shown[:1_000], shown)
    )
    picture = f'<figure><img src="/a.jpg" srcset="{shown.replace(chr(34), "")}x" alt="{shown[:3000].replace(chr(34), "")}"><figcaption>'
    pictures = "".join(f"{picture}{shown[:size]}x</figcaption></figure>" for size in (100, 1_100, 5_000))
    return page(
        f"<h1>{shown[:400]}x</h1>{lines}<time>{shown[:500]}x</time>{pictures}<p>{run}x</p><p>x{run}</p>{STORY}<p>{run}",
        head,
    )


def _nested() -> dict[str, Page]:
    """Every tag in itself, beyond any stack; closed and not."""
    found: dict[str, Page] = {}
    for tag in TAGS:
        found[f"nested <{tag}>"] = lambda tag=tag: page(f"<{tag}>word. " * 60_000 + STORY)  # type: ignore[misc]
        found[f"flood of <{tag}>"] = lambda tag=tag: page(STORY + f"<{tag}></{tag}>" * 120_000 + STORY)  # type: ignore[misc]
    for tag in ("div", "span", "a"):
        for name in NAMES:
            found[f"<{tag} class={name}> in itself, around 100,000 elements"] = (
                lambda tag=tag, name=name: page(_wrapped(tag, name))  # type: ignore[misc]
            )
    return found


def _wrapped(tag: str, name: str, crowd: str = "<i></i>" * 50_000) -> str:
    """A story whose first two paragraphs stand in nested elements with a crowd of others; so does its foot."""
    opening, closing = f'<{tag} class="{name}" href="/author/x">', f"</{tag}>"
    start = PARAGRAPH.format(n=100) + PARAGRAPH.format(n=200)
    head = f"<h1>The old pier stays closed until spring</h1>{opening * 400}{start}{crowd}{closing * 400}"
    return f"{head}{STORY}{PARAGRAPH.format(n=300)}{opening * 110}{crowd}{closing * 110}"


def _crowded() -> dict[str, Page]:
    """Other crowds than empty elements in the places that every field looks at."""
    crowds = {
        "7 MB of blanks": " " * 7_000_000,
        "7 MB of Chinese": "\u6e2f\u53e3" * 1_160_000,
        "7 MB of blanks in 20,000 elements": (" " * 340 + "<i></i>") * 20_000,
        "60,000 pictures": "<img src=/a.jpg>" * 60_000,
        "60,000 dates": "<time datetime=2026-01-05>5 May 2026</time>" * 60_000,
        "60,000 links to authors": "<a rel=author href=/author/x></a>" * 60_000,
    }
    return {
        f"<{tag} class={name}> in itself, around {crowd}": (
            lambda tag=tag, name=name, crowd=crowd: page(_wrapped(tag, name, crowds[crowd]))  # type: ignore[misc]
        )
        for tag, name in (("span", "byline"), ("div", "lead"), ("section", "date"), ("figure", "caption"))
        for crowd in crowds
    }


def _structures() -> dict[str, Page]:
    """Trees that make a walk go over the same ground again and again."""
    figure = '<figure><img src="/{n}.jpg"><figcaption>Picture {n}. Photo: Ann Lee/AP</figcaption></figure>'
    card = (
        "<div><h3><a href=/s{n}>A story of the day in the town {n}</a></h3><p>What happened there.</p></div>"
    )
    deep = "<noscript>" + "<div>" * 1_900 + "<img src=/b.jpg>" * 200_000 + "</div>" * 1_900 + "</noscript>"
    return {
        "200,000 nested tags": lambda: page("<div>" * 200_000 + STORY),
        "10,000 figures": lambda: page(STORY + "".join(figure.format(n=n) for n in range(10_000)) + STORY),
        "10,000 figures above the story": lambda: page("".join(figure.format(n=n) for n in range(10_000)) + STORY),
        "300 figures with 100 elements each": lambda: page(
            STORY + "".join(f"<div>{figure.format(n=n)}{'<i></i>' * 300}</div>" for n in range(300)) + STORY
        ),
        "a picture beside 200,000 in a deep <noscript>": lambda: page(f"<div><img src=/a.jpg>{deep}</div>{STORY}"),
        "300 pictures in 300 elements in each other": lambda: page(
            STORY + '<div><img src=/a.jpg>' * 300 + "<i></i>" * 50_000 + "</div>" * 300 + STORY
        ),
        "100,000 links": lambda: page("".join(f"<a href=/{n}>Story {n}</a> " for n in range(100_000)) + STORY),
        "100,000 links to authors": lambda: page(STORY + '<a href="/author/x" rel=author>Ann Lee</a>' * 100_000),
        "100,000 tiny paragraphs": lambda: page("<p>a</p>" * 100_000),
        "100,000 paragraphs": lambda: page("".join(f"<p>The pier stays closed, part {n} of it, they said.</p>" for n in range(100_000))),
        "100,000 cards": lambda: page("".join(card.format(n=n) for n in range(40_000))),
        "100,000 headings": lambda: page("".join(f"<h2>Heading {n}</h2>" for n in range(100_000)) + STORY),
        "a table of 200,000 cells": lambda: page("<table>" + ("<tr>" + "<td>12.5</td>" * 200) * 1_000 + "</table>" + STORY),
        "tables in tables": lambda: page("<table><tr><td>" * 40_000 + STORY),
        "tags closed that were never opened": lambda: page("</div></p></span></table>" * 100_000 + STORY),
        "formatting never closed": lambda: page("<p><b><i><u><a href=x>word" * 30_000 + STORY),
        "misnested formatting": lambda: page("<b><p>one<i></b>two</p></i>" * 40_000 + STORY),
        "many bodies": lambda: page("<html><body class=x>" * 60_000 + STORY),
        "many titles": lambda: page("<title>The old pier stays closed</title>" * 60_000 + STORY),
        "quotations of the story": lambda: page(STORY + "<blockquote>The old pier stays closed to ferries</blockquote>" * 60_000),
        "50,000 dates": lambda: page('<time class=date datetime="2026-01-05T10:00Z">5 January 2026</time>' * 50_000 + STORY),
        "line breaks": lambda: page("text<br> <i> </i><br>" * 80_000 + STORY),
        "blank inline elements, then breaks": lambda: page("<p>" + "<i> </i>" * 100_000 + "<br>" * 100_000 + STORY),
        "60,000 <source> in a <picture>": lambda: page("<picture>" + "<source srcset='/a.jpg 1w'>" * 60_000 + "<img src=/a.jpg></picture>" + STORY),
        "20,000 <meta>": lambda: page(STORY, '<meta name="author" content="Ann Lee">' * 20_000),
        "20,000 different <meta>": lambda: page(STORY, "".join(f'<meta name="author" content="Ann Lee {n}">' for n in range(20_000))),
        "20,000 <link rel=canonical>": lambda: page(STORY, "".join(f'<link rel=canonical href="/{n}">' for n in range(20_000))),
        "20,000 <base>": lambda: page(STORY, "".join(f'<base href="/{n}/">' for n in range(20_000))),
    }  # fmt: skip


def _floods() -> dict[str, Page]:
    """Single things that are too long."""
    megabytes = "The pier stays closed. " * 220_000  # 5 MB
    return {
        "50 MB of text": lambda: page("<p>" + "The pier stays closed to all. " * 1_700_000),
        "50 MB of text in 100,000 paragraphs": lambda: page(("<p>" + "The pier stays closed to all. " * 17) * 100_000),
        "50 MB of text in one word": lambda: page("<p>" + "w" * 50_000_000),
        "8 MB of emoji": lambda: page("<p>" + "\U0001f600" * 2_000_000 + STORY),
        "8 MB of ligatures that unfold to 18 letters": lambda: page("<p>" + "\ufdfa" * 2_700_000 + STORY),
        "8 MB of combining marks": lambda: page("<p>e" + "\u0301\u0323" * 1_900_000 + STORY),
        "8 MB of marks in reversed order": lambda: page("<p>" + "\u0315\u0300\u05ae\u0300" * 900_000 + STORY),
        "8 MB of Korean letters": lambda: page("<p>" + "\u1112\u1161\u11ab" * 880_000 + STORY),
        "a headline of 5 MB": lambda: page(f"<h1>{megabytes}</h1>{STORY}", f"<title>{megabytes}</title>"),
        "a title of 5 MB in the linked data": lambda: page(STORY, linked(told(headline=megabytes))),
        "a byline of 5 MB": lambda: page(f'<h1>Pier</h1><div class=byline>By {"Ann Lee, " * 500_000}</div>{STORY}'),
        "500,000 authors in the linked data": lambda: page(STORY, linked(told(author=[f"Ann Lee {n}" for n in range(400_000)]))),
        "an attribute of 8 MB": lambda: page(f'<div class="{"lead byline " * 650_000}">{STORY}</div>'),
        "an address of 8 MB": lambda: page(f'{STORY}<img src="/{"a/" * 3_900_000}b.jpg">', f'<link rel=canonical href="/{"a" * 100_000}">'),
        "100,000 attributes in one tag": lambda: page("<div " + " ".join(f"a{n}=x" for n in range(100_000)) + f">{STORY}</div>"),
        "900 attributes in each of 900 tags": lambda: page(("<div " + " ".join(f"a{n}" for n in range(900)) + "></div>") * 900 + STORY),
        "150 attributes in each of 12,000 tags": lambda: page(("<div " + " ".join(f"a{n}" for n in range(150)) + "></div>") * 12_000 + STORY),
        "2,000 attributes in each of 1,000 tags": lambda: page(("<div " + " ".join(f"{n:x}" for n in range(2_000)) + "></div>") * 1_000 + STORY),
        "a srcset of 4 MB": lambda: page(f'{STORY}<figure><img srcset="{"/a b 100w," * 400_000}"></figure>{STORY}'),
        "1,000 srcsets": lambda: page(STORY + f'<figure><img srcset="{"/a.jpg 100w, " * 500}"></figure>' * 1_000 + STORY),
        "a comment of 8 MB": lambda: page(f"<!--{'-' * 7_900_000}-->{STORY}"),
        "a comment that never ends": lambda: page("<!--" + STORY * 4_000),
        "a script of 8 MB": lambda: page(f"<script>{'a=1;' * 1_950_000}</script>{STORY}"),
        "a script of quotes": lambda: page(f"<script>{chr(34) * 7_900_000}</script>"),
        "a script of short strings": lambda: page("<script>" + '"<p>ab"x' * 900_000 + "</script>"),
        "a script of long strings": lambda: page("<script>" + ('"<p>a<p>b' + "x" * 300 + '",') * 24_000 + "</script>"),
        "a script of stories": lambda: page("<script>" + json.dumps([STORY] * 4_000).replace("</", "<\\/") + "</script>"),
        "a script of scripts of stories": lambda: page("<script>" + json.dumps(json.dumps({"a": json.dumps({"b": STORY * 2_000})})).replace("</", "<\\/") + "</script>"),
        "300,000 entities": lambda: page("<p>" + "&amp;&#x41;&nosuch;&CounterClockwiseContourIntegral;" * 150_000 + STORY),
        "entities of entities": lambda: b"<!DOCTYPE html [" + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12)) + b"]>" + page(STORY + "&l11;" * 1_000),
        "style sheets of 8 MB": lambda: page(f"<style>{'a{b:c}' * 1_300_000}</style>{STORY}"),
        "a textarea that never ends": lambda: page(STORY + "<textarea>" + STORY * 4_000),
        "a <plaintext>": lambda: page("<plaintext>" + STORY * 4_000),
    }  # fmt: skip


def _linked_data() -> dict[str, Page]:
    """JSON-LD, microdata and RDFa beyond reason."""
    person = {"@type": "Person", "name": "Ann Lee"}
    ring = json.dumps({"@graph": [{"@id": f"#{n}", "@type": "NewsArticle", "headline": "The old pier", "author": {"@id": f"#{(n + 1) % 3_000}"}, "mainEntityOfPage": {"@id": f"#{n}"}} for n in range(3_000)]})  # fmt: skip
    return {
        "10,000 blocks": lambda: page(STORY, linked(told(author=person)) * 10_000),
        "10,000 blocks that break off": lambda: page(STORY, linked('{"@type":"NewsArticle","author":[{') * 10_000),
        "100,000 stories": lambda: page(STORY, linked(json.dumps([json.loads(told(author=person))] * 60_000))),
        "nested 1,000,000 deep": lambda: page(STORY, linked('{"a":' * 1_000_000)),
        "nested 900 deep": lambda: page(STORY, linked('{"author":' * 900 + "{}" + "}" * 900)),
        "lists nested 1,000,000 deep": lambda: page(STORY, linked("[" * 1_000_000)),
        "lists nested 900 deep": lambda: page(STORY, linked("[" * 900 + "]" * 900)),
        "a ring of references": lambda: page(STORY, linked(ring)),
        "a thing that is its own author": lambda: page(STORY, linked('{"@id":"#a","@type":"NewsArticle","headline":"Pier","author":{"@id":"#a"},"publisher":{"@id":"#a"},"isPartOf":{"@id":"#a"}}')),
        "a graph of graphs": lambda: page(STORY, linked('{"@graph":[' * 900 + "{}" + "]}" * 900)),
        "wide at each of 60 levels": lambda: page(STORY, linked(_wide(4, 7))),
        "a string that never ends": lambda: page(STORY, linked('{"@type":"NewsArticle","headline":"' + "a" * 7_900_000)),
        "a string of escapes that never ends": lambda: page(STORY, linked('{"@type":"NewsArticle","headline":"' + '\\"' * 3_900_000)),
        "a broken object of properties": lambda: page(STORY, linked('{"x:' + '"headline":"a",' * 500_000)),
        "a broken object of open lists": lambda: page(STORY, linked('{"x:' + '"author":[' * 700_000)),
        "trailing commas": lambda: page(STORY, linked("[" + "," * 7_900_000 + "]")),
        "commas and blanks": lambda: page(STORY, linked("[1" + ("," + " " * 199) * 39_000 + "]x")),
        "brackets alone": lambda: page(STORY, linked("[]" * 3_900_000)),
        "numbers of 1,000,000 digits": lambda: page(STORY, linked('{"@type":"NewsArticle","headline":"Pier","wordCount":' + "9" * 1_000_000 + "}")),
        "a word count of 5,000 digits": lambda: page("<p>The pier stays closed to all ferries until the spring, they said.</p>", linked(told(wordCount="9" * 5_000))),
        "lone surrogates": lambda: page(STORY, linked('{"@type":"NewsArticle","headline":"\\ud800 pier \\udfff","author":"\\ud83d Ann","keywords":["\\udc00"],"articleBody":"' + "\\ud800" * 10_000 + '"}')),
        "nulls and wrong types": lambda: page(STORY, linked('{"@type":["NewsArticle",null,1,{}],"headline":{"@value":null},"author":[[[null]],{"name":{}},1e999,-0],"datePublished":[{}],"@id":[],"image":{"a":[]},"publisher":false,"keywords":{"@list":[1]}}')),
        "a title of 4 MB beside 4,000 stories": lambda: page(STORY, linked(told(headline="word " * 800_000)) + linked(json.dumps([{"@type": "NewsArticle", "headline": f"Story {n}"} for n in range(60_000)]))),
        "every property a list of 50,000": lambda: page(STORY, linked(told(**{key: ["2026-01-05 Ann Lee"] * 50_000 for key in ("url", "author", "datePublished", "dateModified", "keywords", "articleSection", "description")}))),
        "60,000 pages with dates": lambda: page(STORY, linked(json.dumps([{"@type": "WebPage", "datePublished": "2026-01-05"}] * 60_000))),
        "a picture at 1,500,000 addresses": lambda: page(STORY, linked(json.dumps({"@type": "ImageObject", "caption": "Pier. Photo: Ann Lee/AP", "url": ["a"] * 1_500_000}))),
        "60,000 pictures": lambda: page(STORY, linked(json.dumps([{"@type": "ImageObject", "caption": "Pier. Photo: Ann Lee/AP", "url": f"/{n}.jpg"} for n in range(60_000)]))),
        "60,000 breadcrumbs": lambda: page(STORY, linked(json.dumps([{"@type": "BreadcrumbList", "itemListElement": [{"name": "World"}]}] * 60_000))),
        "60,000 sites": lambda: page(STORY, linked(json.dumps([{"@type": "WebSite", "name": f"The Post {n}"} for n in range(60_000)]))),
        "an article body of 8 MB": lambda: page("<p>Hi.</p>", linked(told(articleBody="The pier stays closed. " * 340_000))),
        "an article body of 8 MB of HTML": lambda: page("<p>Hi.</p>", linked(told(articleBody=STORY * 4_000))),
        "an article body of nested tags": lambda: page("<p>Hi.</p>", linked(told(articleBody="<div>" * 200_000 + "text"))),
        "an article body of a million lines": lambda: page("<p>Hi.</p>", linked(told(articleBody="a\n" * 1_000_000))),
        "60,000 things in microdata": lambda: page('<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author headline datePublished">Ann</span></div>' * 60_000 + STORY),
        "microdata in microdata": lambda: page('<div itemscope itemprop="author" itemtype="https://schema.org/Person">' * 50_000 + STORY),
        "microdata around 100,000 elements": lambda: page('<div itemscope itemtype="https://schema.org/NewsArticle">' + '<div itemprop="name headline">' * 450 + "<i></i>" * 100_000 + "</div>" * 450 + STORY),
        "RDFa in RDFa": lambda: page('<div typeof="schema:NewsArticle" property="schema:author">' * 50_000 + STORY),
        # Little text and a story in the data: the way to trafilatura.
        "a second opinion on 9,000 nested elements": lambda: page("<div>" * 9_000 + "x", linked(told())),
        "a second opinion on 9,000 nested <span>": lambda: page("<p>" + "<span>" * 9_000 + "x", linked(told())),
        "a second opinion on 9,000 links": lambda: page("<a href=/x>a b</a>" * 9_000, linked(told())),
        "a second opinion on 9,000 list items": lambda: page("<ul>" + "<li>a" * 9_000, linked(told())),
        "a second opinion on 9,000 cells": lambda: page("<table><tr>" + "<td>a" * 9_000, linked(told())),
        "a second opinion on nested tables": lambda: page("<table><tr><td>" * 2_400 + "x", linked(told())),
        "a second opinion on nested lists": lambda: page("<ul><li>" * 4_500 + "x", linked(told())),
        "a second opinion on 9,000 tiny paragraphs": lambda: page("<p>a" * 9_000, linked(told())),
        "a second opinion on 9,000 breaks": lambda: page("<div>" + "a<br>" * 9_000, linked(told())),
        "a second opinion on 8 MB in a <footer>": lambda: page("<footer>" + "The pier stays closed. " * 330_000 + "</footer>", linked(told())),
        "a second opinion on 8 MB of blanks": lambda: page("<p>" + " \u00a0" * 2_600_000 + "x", linked(told())),
        "a second opinion on 8 MB in one word": lambda: page("<pre>" + "w" * 7_900_000, linked(told())),
        "a second opinion on 8 MB of full stops": lambda: page("<nav>" + ". " * 3_900_000, linked(told())),
    }  # fmt: skip


def _wide(breadth: int, depth: int) -> str:
    """An object with `breadth` objects in it, `depth` levels down."""
    return (
        "{}"
        if depth == 0
        else "{" + ",".join(f'"k{n}":{_wide(breadth, depth - 1)}' for n in range(breadth)) + "}"
    )


def _encodings() -> dict[str, Page]:
    """Bytes that are no page, or not in the encoding that they say."""
    whole = page(STORY)
    text = whole.decode()
    noise = random.Random(1)
    declared = b'<meta charset="%s">'
    found: dict[str, Page] = {
        "nothing": lambda: b"",
        "one byte": lambda: b"<",
        "8 MB of NUL": lambda: b"\0" * 8_000_000,
        "a NUL after each byte": lambda: whole.replace(b"", b"\0"),
        "8 MB of noise": lambda: noise.randbytes(8_000_000),
        "gzip unread": lambda: gzip.compress(whole * 5_000, 1)[:8_000_000],
        "a picture": lambda: b"\x89PNG\r\n\x1a\n" + noise.randbytes(2_000_000),
        "a PDF": lambda: b"%PDF-1.7\n" + noise.randbytes(2_000_000),
        "8 MB of broken UTF-8": lambda: b"\xc3" * 8_000_000,
        "8 MB of UTF-8 cut short": lambda: b"\xf0\x9f\x98" * 2_600_000,
        "surrogates in UTF-8": lambda: page("\ud800\udfff" * 300_000 + STORY),
        "all encodings at once": lambda: b"".join(text.encode(name, "replace") for name in ("utf-8", "utf-16", "utf-32", "cp1252", "shift_jis", "gb18030", "euc_kr", "utf-7")) * 20,
        "escape sequences": lambda: b'<meta charset="iso-2022-jp">' + b"\x1b$B" * 2_600_000,
        "controls": lambda: page("".join(map(chr, range(1, 160))) * 20_000 + STORY),
    }  # fmt: skip
    for name in (
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "utf-7",
        "utf-8-sig",
        "cp037",
    ):
        found[f"{name} undeclared"] = lambda name=name: text.encode(name)  # type: ignore[misc]
    for name in ("utf-16", "utf-32", "utf-7", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "big5", "gb18030", "euc-kr",
                 "shift_jis", "koi8-r", "punycode", "idna", "base64", "rot13", "unicode_escape", "nosuch", "x" * 40):  # fmt: skip
        found[f"said to be {name}"] = (
            lambda name=name: declared % name.encode() + whole + noise.randbytes(300_000)  # type: ignore[misc]
        )
    return found


PAGES: dict[str, Page] = {
    **_structures(),
    **_floods(),
    **_linked_data(),
    **_encodings(),
    **_nested(),
    **_crowded(),
    **_baits(),
    **_dense(),
}
