"""What a person wants crawled: a source's name, a URL of any kind, a file of URLs."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.discovery import is_home_page
from crawler.errors import UsageError
from crawler.scheduling.days import day
from crawler.scheduling.policy import Appetite
from crawler.settings import is_on
from crawler.sources import Source, distinct_slug, load, slug_for
from storage.urls import clean, key, same_site

if TYPE_CHECKING:
    from storage.reports import SourceStatus

# The spider's own arguments: `scrapy crawl news -a NAME=VALUE`.
ARGUMENTS = ("source", "url", "since", "all", "again")
# Addresses that are fetched first to see whether they are a feed or a sitemap.
ENDPOINT_SHAPE = re.compile(
    r"(?:\.(?:xml|rss|atom|rdf|json)(?:\.gz)?|\.gz)$|(?:^|[/._-])(?:rss|feeds?|atom|rdf|sitemaps?)(?:$|[/._-])",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What one spider is to do."""

    source: Source
    urls: tuple[str, ...] = ()
    # Named one by one: feeds, sitemaps, section pages, articles.
    whole: bool = False
    # Whether the source's own endpoints are asked …
    due_only: bool = False
    # … and only those whose time has come: the scheduler's crawls.


def tasks(names: Sequence[str], sources: Mapping[str, Source]) -> list[Task]:
    """One task for each source that the targets belong to; UsageError names the target that is none."""
    gathered: dict[str, Task] = {}
    known = dict(sources)
    for name in _unfolded(names):
        task = _task(name, known)
        known.setdefault(task.source.slug, task.source)
        before = gathered.get(task.source.slug)
        gathered[task.source.slug] = _joined(before, task) if before else task
    return list(gathered.values())


def task_from_arguments(arguments: Mapping[str, str], sources_path: str) -> Task:
    """The task of `scrapy crawl news -a source=NAME` or `-a url=URL` (several: parted by spaces)."""
    names = [*arguments.get("source", "").split(), *arguments.get("url", "").split()]
    if not names:
        raise UsageError("nothing to crawl: give -a source=NAME or -a url=URL")
    found = tasks(names, listed(Path(sources_path)))
    if len(found) > 1:
        raise UsageError("one spider crawls one source: run `newsarchive crawl` for several")
    return found[0]


def remembered(statuses: Iterable[SourceStatus]) -> dict[str, Source]:
    """The sources that an archive knows from earlier crawls, by slug."""
    return {
        s.slug: Source(
            slug=s.slug,
            name=s.name,
            home_page=s.home_page,
            language=s.language,
            country=s.country,
            time_zone=s.time_zone,
        )
        for s in statuses
    }


def named(name: str, sources: Mapping[str, Source]) -> Source:
    """The source of that name; UsageError where there is none."""
    if name not in sources:
        raise UsageError(_unknown(name, sources))
    return sources[name]


def listed(path: Path) -> dict[str, Source]:
    """The sources of sources.toml by slug; none where there is no such file, since a URL needs none."""
    return load(path) if path.exists() else {}


def appetite_from_arguments(arguments: Mapping[str, str], *, sitemap_days: int) -> Appetite:
    """The appetite of `-a since=2026-01-01 -a all=1 -a again=7`."""
    return appetite(
        take_all=is_on(arguments.get("all", "")),
        since=arguments.get("since"),
        sitemap_days=sitemap_days,
        again_days=_days(arguments.get("again")),
    )


def _days(again: str | None) -> int | None:
    if again is not None and not again.isdecimal():
        raise UsageError(f"again={again}: write a number of days")
    return int(again) if again else None


def appetite(
    *, take_all: bool, since: str | None, sitemap_days: int, again_days: int | None = None
) -> Appetite:
    """Which announced URLs to take; UsageError where `since` is no day."""
    return Appetite(
        take_all=take_all,
        since=dt.datetime.combine(day(since, "since"), dt.time(), dt.UTC) if since else None,
        sitemap_days=sitemap_days,
        again_days=again_days,
    )


def looks_like_endpoint(url: str) -> bool:
    """Whether an address has the look of a feed or sitemap."""
    return bool(ENDPOINT_SHAPE.search(urlsplit(url).path))


def source_of_url(url: str, sources: Iterable[Source]) -> Source | None:
    """The source that a URL belongs to: one whose home page it is, else one of its host, else of its site."""
    known = list(sources)
    relations: tuple[Callable[[str], bool], ...] = (
        lambda home_page: key(home_page) == key(url),
        lambda home_page: _host(home_page) == _host(url),
        lambda home_page: same_site(home_page, url),
    )
    return next((source for near in relations for source in known if near(source.home_page)), None)


def new_source(url: str, home_page: str, taken: Iterable[str]) -> Source:
    """A source made of nothing but an address."""
    return Source(slug=distinct_slug(slug_for(url), taken), name=urlsplit(url).netloc, home_page=home_page)


def _host(url: str) -> str:
    return key(urljoin(url, "/"))


def _unfolded(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        if name.startswith("@"):
            yield from _lines(Path(name[1:]))
        else:
            yield name


def _lines(path: Path) -> list[str]:
    """The URLs in a file, one a line; empty lines and those that begin with # do not count."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read {path}: {reason}") from error
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise UsageError(f"{path} names no URL")
    return found


def _task(name: str, sources: Mapping[str, Source]) -> Task:
    source = sources.get(name)
    if source is not None:
        return Task(source=source, whole=True)
    url = clean(name) if "://" in name else None
    if url is None:
        raise UsageError(_unknown(name, sources))
    source = source_of_url(url, sources.values())
    if source is not None and key(source.home_page) == key(url):
        return Task(source=source, whole=True)
    if is_home_page(url):  # another host of a known site, or another edition, is a source of its own
        return Task(source=new_source(url, url, sources), whole=True)
    return Task(source=source or new_source(url, urljoin(url, "/"), sources), urls=(url,))


def _joined(one: Task, other: Task) -> Task:
    return replace(one, urls=tuple(dict.fromkeys((*one.urls, *other.urls))), whole=one.whole or other.whole)


def _unknown(name: str, sources: Mapping[str, Source]) -> str:
    if "://" in name or "." in name:
        hint = f"; did you mean https://{name} ?" if "://" not in name else ""
        return f"not a web address: {name}{hint}"
    near = difflib.get_close_matches(name, sources, n=1)
    hint = f"; did you mean {near[0]}?" if near else ": add it with `newsarchive add URL`, or give a URL"
    return f"no source named {name!r}{hint}"
