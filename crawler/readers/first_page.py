"""What the first page of a process costs more than the next, paid before it comes."""

from __future__ import annotations

import datetime as dt

from crawler.extraction.hints import Hints
from crawler.items import Page
from crawler.judging import judge

# A language that nothing names, names, a caption, and a month that is none, for which those of all languages
# are read: what loads tables and models.
PAGE = b"""<html><head><title>Town hall to get a new roof - The Example</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Town hall to get a new roof</h1>
<p class="byline">By Jane Doe and John Roe</p><p class="date">Published 12 Mensis 2026 at 10:30</p>
<figure><img src="/roof.jpg" alt="The roof"><figcaption>March. Photo: Jane Doe</figcaption></figure>
<p>The council has decided that the town hall will get a new roof before the winter comes again.</p>
<h2>What it costs</h2><p>Half a million, which the region pays, said the mayor on Tuesday evening.</p>
</article><footer><a href="/imprint">Imprint</a></footer></body></html>"""
URL = "https://example.org/roof"


def judge_one() -> None:
    """Judge a page, so that all is loaded which that takes."""
    now = dt.datetime.now(dt.UTC)
    judge(Page(url=URL, final_url=URL, status=200, body=PAGE, fetched_at=now), Hints(fetched_at=now))
