"""The list of sources: look at a site and write it down, list, OPML in and out."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from crawler.errors import ArchiveError, ReadError, UsageError
from crawler.sources import Source, distinct_slug, load, opml_export, opml_import, slug_for
from crawler.sources import add as add_to_file
from storage.urls import clean

OPML = (".opml", ".xml")


@with_options
def add(
    options: Options,
    target: Annotated[
        str, typer.Argument(metavar="URL|FILE.opml", help="A site's home page, or an OPML file.")
    ],
    slug: Annotated[
        str | None, typer.Option("--slug", help="The source's short name; made of its address without.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The publisher's name; the site's own word without.")
    ] = None,
) -> None:
    """Look what a site offers and write it into sources.toml, keeping what is there.

    Finds the site's name, language, country and time zone, its feeds, sitemaps
    and section pages.

    Examples:  newsarchive add https://example.org/
               newsarchive add subscriptions.opml
    """
    if target.lower().endswith(OPML) and "://" not in target:
        _add_opml(options, Path(target))
        return
    url = clean(target)
    if url is None:
        raise UsageError(f"not a web address: {target} (write it as https://example.org/)")
    slug = slug or slug_for(url)
    if slug in _listed(options):  # before the site is asked in vain
        raise UsageError(f'{options.sources}: "{slug}" is there already; choose another --slug')
    source = _probed(options, url, slug, name)
    add_to_file(options.sources, source)
    _print_source(source)
    print(f"written to {options.sources}; crawl it with: newsarchive crawl {source.slug}")


@with_options
def sources(
    options: Options,
    opml: Annotated[
        Path | None, typer.Option("--opml", help="Write them as OPML to this file; - is standard output.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """List the sources in sources.toml, or write them as OPML for feed readers."""
    listed = load(options.sources)
    if opml is not None:
        _write_opml(opml, opml_export(listed.values()))
    elif as_json:
        print(json.dumps([_as_json(source) for source in listed.values()], ensure_ascii=False))
    else:
        _print_table(listed, options.sources)


def _add_opml(options: Options, path: Path) -> None:
    try:
        found = opml_import(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except ReadError as error:
        raise UsageError(f"{path}: {error}") from error
    before = _listed(options)
    slugs = set(before)
    known = {source.home_page for source in before.values()}
    new = [source for source in found if source.home_page not in known]
    for source in new:
        slug = distinct_slug(source.slug, slugs)
        add_to_file(options.sources, replace(source, slug=slug))
        slugs.add(slug)
    for source in found:
        if source.home_page in known:
            print(f"{source.name} is listed already: {source.home_page}", file=sys.stderr)
    print(f"{len(new)} of {len(found)} sources written to {options.sources}")


def _listed(options: Options) -> dict[str, Source]:
    return load(options.sources) if options.sources.exists() else {}


def _probed(options: Options, url: str, slug: str, name: str | None) -> Source:
    """The source at `url` as the site itself presents it."""
    from crawler.spiders.crawling import probe
    from crawler.spiders.probe import Finding

    finding = Finding(home_page=url)
    probe(finding, options.overrides)
    if finding.probed is None:
        raise ArchiveError(f"{url} gave no page: {finding.error or 'no answer'}")
    site = finding.probed.site
    return Source(
        slug=slug,
        name=name or site.name or slug_for(url),
        home_page=url,
        language=site.language,
        country=site.country,
        time_zone=site.time_zone,
        endpoints=finding.probed.endpoints,
    )


def _print_source(source: Source) -> None:
    from rich.table import Table

    from crawler.cli import screen

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for key, value in _as_json(source).items():
        if value:
            table.add_row(key, "\n".join(value) if isinstance(value, list) else str(value))
    screen.out.print(table)


def _print_table(listed: dict[str, Source], path: Path) -> None:
    from rich.table import Table

    from crawler.cli import screen

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("source", "name", "language", "country", "time zone", "endpoints", "home page"):
        table.add_column(column, overflow="fold")
    for source in listed.values():
        name = source.slug if source.enabled else f"{source.slug} (off)"
        zone, endpoints = source.time_zone or "", str(len(source.endpoints))
        table.add_row(
            name, source.name, source.language or "", source.country or "", zone, endpoints, source.home_page
        )
    screen.out.print(table)
    print(f"{len(listed)} sources in {path}", file=sys.stderr)


def _as_json(source: Source) -> dict[str, object]:
    found: dict[str, object] = {
        "slug": source.slug,
        "name": source.name,
        "home_page": source.home_page,
        "language": source.language,
        "country": source.country,
        "time_zone": source.time_zone,
    }
    for endpoint in source.endpoints:
        urls = found.setdefault(str(endpoint.kind), [])
        assert isinstance(urls, list)
        urls.append(endpoint.url)
    return found


def _write_opml(path: Path, document: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(document)
        return
    try:
        path.write_bytes(document)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
