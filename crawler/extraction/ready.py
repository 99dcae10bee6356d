"""Imported by a process that is to read pages: what the first page would load is there afterwards.

The fork server of the pool imports it once, and each worker begins as its copy.
"""

from __future__ import annotations

from crawler.extraction.reading import extract

SENTENCE = "The harbour master counted the boats again before the evening, and one of them was missing. "
PAGE = f"""<html><head><title>One boat is missing</title></head><body><article><h1>One boat is missing</h1>
<p class="byline">By Ada Holt</p><time datetime="2026-03-02T09:00:00Z">2 March 2026</time>
<p>{SENTENCE * 4}</p><p>{SENTENCE * 4}</p></article></body></html>"""

extract(PAGE.encode(), "http://warm.up.example/boat")
