"""A fictional newspaper on loopback: what `newsarchive demo` and the tests crawl.

content/*.toml -> `content` (manuscripts) -> `press` (stories with addresses and dates)
-> `site` (a table of answers: `designs`, `lists`, `oddities`, `feeds`, `sitemaps`, `pictures`)
-> `server` (HTTP, a log) -> `newspaper` (both outlets, and the truth about them)
"""

from crawler.demo.newspaper import Advance, Newspaper
from crawler.demo.outlet import Edition, OtherPage, Outlet, Picture, Story
from crawler.demo.server import Request

__all__ = ["Advance", "Edition", "Newspaper", "OtherPage", "Outlet", "Picture", "Request", "Story"]
