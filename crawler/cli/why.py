"""`newsarchive why URL`: everything that the archive knows of one address."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crawler.cli.exit_codes import FAILED
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.urls import clean, same_site


@with_options
def why(
    options: Options,
    url: Annotated[str, typer.Argument(metavar="URL", help="An address, in any spelling.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Tell the whole life of an address: who announced it, each attempt to fetch it, and what came of it.

    An attempt is told with its crawl, its answer (or why there was none), what that was taken for,
    and where its raw bytes are; then what happened to the article, version by version. Of an address
    that nothing ever announced it tells which sources could have it, what their rules say of it, and
    the most similar addresses that are known.

    Exit code 0: the address is known. 1: nothing ever announced it.
    """
    address = clean(url)
    if address is None:
        raise UsageError(f"{url}: no web address")
    with Archive.open(options.database) as archive:
        life = archive.life(address)
        near = archive.near(address) if life is None else []
        home_pages = {s.slug: s.home_page for s in archive.sources()}
    from crawler.cli import why_screen

    if life is not None and as_json:
        _as_json(True, asdict(life))
    elif life is not None:
        why_screen.show_life(life)
    else:
        rules = _rules(options, address, home_pages)
        if as_json:
            _as_json(False, {"url": address, "rules": rules, "near": near})
        else:
            why_screen.show_unknown(address, rules, near)
        raise typer.Exit(FAILED)


def _rules(options: Options, address: str, home_pages: dict[str, str]) -> dict[str, str]:
    """What the rules of each source that the address may belong to say of it."""
    from crawler.items import EndpointKind
    from crawler.scheduling.announcing import Rules
    from crawler.scheduling.policy import Appetite
    from crawler.scheduling.targets import listed

    said = {
        slug: "in the archive, not in sources.toml: no rules"
        for slug, home_page in home_pages.items()
        if same_site(home_page, address)
    }
    for source in listed(options.sources).values():
        if same_site(source.home_page, address):
            rules = Rules(
                home_page=source.home_page,
                appetite=Appetite(),
                include=source.include,
                exclude=source.exclude,
            )
            reason = rules.excluded(address, EndpointKind.FEED, source.home_page)
            said[source.slug] = f"would refuse it: {reason}" if reason else "would take it, were it announced"
    return said


def _as_json(known: bool, told: dict[str, Any]) -> None:
    print(json.dumps({"known": known, **_plain(told)}, ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
