"""Lines of the log that are made only for who reads them."""

from __future__ import annotations

import logging

import pytest
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.spiders import Spider

from crawler.spiders.log_lines import LogLines

URL = "https://courier.example/pier"


@pytest.mark.parametrize(("level", "is_read"), [(logging.DEBUG, True), (logging.INFO, False)])
def test_lines_for_debugging_are_made_for_who_reads_them(
    level: int, is_read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = logging.NullHandler(level)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    spider, request, response = Spider(name="any"), Request(URL), Response(URL, request=Request(URL))
    known, odd = DropItem("known", log_level="DEBUG"), DropItem("odd", log_level="INFO")
    ours, theirs = (
        [
            lines.crawled(request, response, spider),
            lines.scraped({}, response, spider),
            lines.dropped({}, known, response, spider),
        ]
        for lines in (LogLines(), LogFormatter())
    )
    assert ours == (theirs if is_read else [None] * 3)
    assert LogLines().dropped({}, odd, response, spider) == LogFormatter().dropped({}, odd, response, spider)
