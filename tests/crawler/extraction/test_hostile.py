"""Pages made to hurt: each costs itself alone, and not long."""

from __future__ import annotations

import json
import time

import pytest

from crawler.extraction.fields import read
from tests.news_page import STORY, TITLE, clues, json_ld, page

# Several times what the slowest takes, so that a slow machine passes and quadratic growth does not.
SECONDS = 8.0

FIGURE = '<figure><img src="/{i}.jpg"><figcaption>Picture {i}. Photo: Ann Lee/AP</figcaption></figure>'
PEOPLE = [{"@type": "Person", "name": "Ann Lee"}] * 10
STORIES = [{"@type": "NewsArticle", "headline": f"Story {i}", "author": PEOPLE} for i in range(8_000)]
AUTHORS = "".join(f'<a href="/author/{i}" class="byline">Ann Lee</a>' for i in range(50_000))
HEADLINES = "".join(f"<h1>Headline number {i} of many</h1>" for i in range(20_000))
DATE = '<time class="date" datetime="2026-01-05T10:00Z">5 January 2026</time>'
OTHERS = json.dumps([{"@type": "NewsArticle", "headline": f"Story {i}"} for i in range(4_000)])
LONG_TITLE = json.dumps(
    {"@type": "NewsArticle", "headline": "word " * 800_000, "@id": "/news/2026/pier.html"}
)
MANY_URLS = json.dumps({"@type": "ImageObject", "caption": "Pier. Photo: Ann Lee", "url": ["b"] * 1_000_000})
MANY_DATES = json.dumps({"@type": "NewsArticle", "datePublished": ["2026-01-05"] * 300_000})
MANY_NAMES = json.dumps({"@type": "NewsArticle", "author": [". " * 950] * 500})
LONG = "! " * 900
CROWD = "<i></i>" * 50_000
DEEP_CROWD = f"<noscript>{'<div>' * 1_900}{'<img src=/b.jpg>' * 200_000}{'</div>' * 1_900}</noscript>"
THINGS = "<div itemscope itemprop=name>"
# The first two paragraphs and a crowd of elements stand in one another; the rest of the story does not.
CROWDED = f"{'<span class=byline>' * 400}{STORY}{CROWD}{'</span>' * 400}{STORY * 4}"
FLOODS = {
    "5 MB of linked data": (json_ld(json.dumps(STORIES)), STORY),
    "linked data nested 10,000 deep": (json_ld('{"a":' * 10_000 + "1" + "}" * 10_000), STORY),
    "linked data that breaks off": (json_ld("{" + '"author":{"a":' * 200_000), STORY),
    "10,000 figures": ("", STORY + "".join(FIGURE.format(i=i) for i in range(10_000)) + STORY),
    "10,000 pictures in one element": ("", f"<div>{'<img src=/a.jpg>' * 10_000}</div>{STORY}"),
    "figures in figures": ("", '<figure><img src="a.jpg"><figcaption>x' * 3_000 + STORY),
    "200,000 nested elements": ("", "<div>" * 200_000 + STORY),
    "nested standfirsts": ("", '<div class="lead">word word word ' * 2_000 + STORY),
    "20,000 headlines": ("", STORY + HEADLINES + STORY),
    "50,000 authors": ("", AUTHORS + STORY),
    "50,000 dates": ("", DATE * 50_000 + STORY),
    "a title of 5 MB": (f'<meta property="og:title" content="{"headline - " * 450_000}">', STORY),
    "a paragraph of 10 MB": ("", f"<p>{'word ' * 2_000_000}</p>"),
    "a srcset of 2 MB": ("", f'<figure><img srcset="{"/a b 100w," * 200_000}"></figure>{STORY}'),
    "a caption of brackets": ("", f"<figure><img src=a.jpg><figcaption>{'(' * 300_000}</figure>{STORY}"),
    "scripts full of dates": (f"<script>{'publishedAt:' * 300_000}</script>", STORY),
    "a title of 4 MB beside 4,000 stories": (json_ld(LONG_TITLE, OTHERS), STORY),
    "a picture at 1,000,000 addresses": (json_ld(MANY_URLS), STORY),
    "a story of 300,000 dates": (json_ld(MANY_DATES), STORY),
    "a string that never ends": (json_ld('{"headline":"' + "word " * 1_500_000), STORY),
    "elements in elements around a crowd": ("", CROWDED),
    "microdata around a crowd": ("", f"{THINGS * 450}{CROWD}{'</div>' * 450}{STORY}"),
    "a picture beside a crowd": ("", f"{STORY}<div><img src=/a.jpg>{DEEP_CROWD}</div>{STORY}"),
    "addresses of dots": ("", STORY + f'<figure><img src="{"a." * 9_000} b"></figure>' * 300 + STORY),
    "names of full stops": (json_ld(*[MANY_NAMES] * 4), STORY),
    "1,000 titles": ("".join(f'<meta name="dc.title" content="{i} {LONG}">' for i in range(1_000)), STORY),
    "classes of 3 MB": ("", f'<div class="{"lead byline " * 1_000}">Text</div>' * 300 + STORY),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_floods(name: str) -> None:
    head, body = FLOODS[name]
    html = page(f"<h1>{TITLE}</h1>{body}", f"<title>{TITLE}</title>{head}")
    start = time.process_time()
    found = read(clues(html))
    assert time.process_time() - start < SECONDS
    assert found.headline
    assert len(found.evidence) < 200
